"""`recognition keys request` and `certify`: X.509 for verifiers that insist on it."""

from pathlib import Path

import click

from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.key_names import kid_option, name_of, thumbprint_of
from recognition_service.cli.opening import installation
from recognition_service.cli.options import (
    authority_option,
    data_dir_option,
    json_option,
)
from recognition_service.cli.output import say, say_json, tell


@click.command()
@authority_option
@kid_option
@data_dir_option
def request(authority_id: str, kid: str, data_dir: Path | None) -> None:
    """Print a request for a certificate (PKCS #10), to send to an authority."""
    with installation(data_dir) as runtime:
        thumbprint = thumbprint_of(runtime, authority_id, kid)
        say(runtime.request_certificate(authority_id, thumbprint).rstrip())


@click.command()
@authority_option
@kid_option
@click.option(
    "--chain",
    "chain_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="PEM file: the key's certificate first, each signed by the next.",
)
@click.option(
    "--local-ca",
    "is_local",
    is_flag=True,
    help="Certify it by an authority of this installation; for demonstrations.",
)
@data_dir_option
@json_option
def certify(
    *,
    authority_id: str,
    kid: str,
    chain_file: Path | None,
    is_local: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Attach X.509 certificates to a key; new tokens and published keys carry them.

    The chain is checked first: it must be for this key and name this issuer.
    """
    if (chain_file is None) is not is_local:
        raise click.UsageError("Give one of --chain FILE and --local-ca.")
    pem = None if chain_file is None else _read(chain_file)
    with installation(data_dir) as runtime:
        thumbprint = thumbprint_of(runtime, authority_id, kid)
        chain = (
            runtime.certify_locally(authority_id, thumbprint)
            if pem is None
            else runtime.import_certificates(authority_id, thumbprint, pem)
        )
        name = name_of(runtime, authority_id, thumbprint)
    if as_json:
        say_json({"authority": authority_id, "kid": name, "certificates": chain})
        return
    count = len(chain)
    say(f"{name} has {count} certificate{'' if count == 1 else 's'}.")
    if is_local:
        tell("Nobody outside trusts this authority: it is for demonstrations.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnusableError(f"{file} cannot be read: {error.strerror}.") from error
