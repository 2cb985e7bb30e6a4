"""`recognition credentials`: make, show in part and check credentials in files.

Everything happens on this machine: no installation is opened, nothing is fetched.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import orjson

from recognition_service.cli import credential_files as files
from recognition_service.cli.options import instant, json_option
from recognition_service.cli.output import plain, say, say_json
from recognition_service.clock import system_clock
from recognition_service.credentials import (
    claim_paths,
    key_binding,
    sd_jwt,
    sd_jwt_vc,
    vc_jwt,
)
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.sd_jwt_vc import DecodedSDJWTVC
from recognition_service.credentials.signature_report import (
    Expected,
    FindKey,
    SignatureReport,
    signature_report,
)
from recognition_service.signing.jwk_signer import jwk_signer

FAULTS = {
    "malformed": "This is not a credential that can be read ({reason}).",
    "key_unknown": "It names no key, or another one than those given.",
    "alg_not_of_key": "It names an algorithm that is not the key's.",
    "signature_invalid": "The signature is not of this key, or something was changed.",
    "malformed_dates": "One of its dates is malformed.",
    "not_yet_valid": "It is not valid yet.",
    "expired": "It is no longer valid.",
    "proof_missing": "The holder's proof is missing.",
    "proof_malformed": "The holder's proof is malformed.",
    "holder_key_missing": "It is bound to no key of a holder.",
    "wrong_type": "The holder's proof is a token of another type.",
    "wrong_audience": "The holder's proof was made for another receiver.",
    "wrong_nonce": "The holder's proof was made for another request.",
    "other_disclosures": "The holder's proof was made for other disclosures.",
    "too_old": "The holder's proof is too old.",
    "issued_in_future": "The holder's proof lies in the future.",
    "not_in_force": "The holder's proof is not in force.",
}
_NEEDED = ("@context", "type", "issuer", "credentialSubject")
_FORMATS = (vc_jwt.TYP, sd_jwt_vc.TYP)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)
_output = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write here instead of to stdout.",
)
_now = click.option("--now", type=instant, envvar="RECOGNITION_NOW", hidden=True)
_aud = click.option("--aud", help="Whom the holder's proof is for.")
_nonce = click.option("--nonce", help="What the receiver asked to be repeated in it.")
_disclose = click.option(
    "--disclose",
    "paths",
    multiple=True,
    metavar="PATHS",
    help="Claims such as family_name or recognition.source.*; with commas or repeated.",
)


@click.group()
def credentials() -> None:
    """Issue, present and verify credentials in files, with keys in files."""


@credentials.command()
@click.argument("payload", type=_file)
@click.option("--key", type=_file, required=True, help="The issuer's private JWK.")
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    required=True,
    help="vc+jwt: a W3C credential; dc+sd-jwt: claims for wallets.",
)
@_disclose
@click.option("--holder-key", type=_file, help="The holder's public JWK.")
@_output
@json_option
def issue(
    payload: Path,
    *,
    key: Path,
    form: str,
    paths: tuple[str, ...],
    holder_key: Path | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Sign the claims in PAYLOAD as they are; nothing is added but the holder's key.

    With --disclose the holder can show these claims one by one. A path that ends in
    * makes each member disclosable, not the object itself.
    """
    claims = files.read_object(payload)
    jwk = files.read_private_jwk(key)
    if form == vc_jwt.TYP:
        if paths or holder_key:
            raise click.UsageError(
                "--disclose and --holder-key belong to --format dc+sd-jwt."
            )
        token = _issue_vc_jwt(claims, jwk)
    else:
        token = _issue_sd_jwt(claims, jwk, _split(paths), holder_key)
    _hand_over(token, output, form, as_json=as_json)


@credentials.command()
@click.argument("file", type=_file)
@_disclose
@click.option("--key", type=_file, help="The holder's private JWK, for a proof.")
@_aud
@_nonce
@_output
@json_option
@_now
def present(
    file: Path,
    *,
    paths: tuple[str, ...],
    key: Path | None,
    aud: str | None,
    nonce: str | None,
    output: Path | None,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Show the credential in FILE with the disclosures that are chosen, and no others.

    A claim comes with what it lies in and all within it. With --key, --aud and
    --nonce the holder proves to one receiver that the credential is theirs.
    """
    if len({key is None, aud is None, nonce is None}) > 1:
        raise click.UsageError("--key, --aud and --nonce belong together.")
    whole = _read_for_holder(file)
    wanted = [
        place
        for text in _split(paths)
        for place in claim_paths.choose(whole.places, text)
    ]
    chosen = sd_jwt.select(whole.presentation, whole.places, wanted)
    shown = chosen.without_proof().decode("ascii")
    if key is not None and aud is not None and nonce is not None:
        signer = jwk_signer(files.read_private_jwk(key))
        bound_to = key_binding.holder_key(whole.payload)
        if bound_to is None or dict(bound_to.jwk) != dict(signer.public_jwk):
            raise click.UsageError(
                f"{key} is not the key that the credential is bound to."
            )
        shown = key_binding.bind(
            chosen, signer, aud=aud, nonce=nonce, now=now or system_clock()
        )
    _hand_over(shown, output, sd_jwt_vc.TYP, as_json=as_json)


@credentials.command()
@click.argument("file", type=_file)
@click.option("--key", type=_file, help="The issuer's public JWK.")
@click.option(
    "--issuer-metadata",
    "metadata",
    type=_file,
    help="The issuer's metadata or key set; the key is found by its name.",
)
@_aud
@_nonce
@json_option
@_now
@click.pass_context
def verify(
    context: click.Context,
    file: Path,
    *,
    key: Path | None,
    metadata: Path | None,
    aud: str | None,
    nonce: str | None,
    now: datetime | None,
    as_json: bool,
) -> None:
    """Check form, signature and dates of the credential in FILE against one key.

    With --aud and --nonce the holder's proof is required too. Nobody is asked whether
    the issuer is trusted or the credential revoked: `recognition verify` does that.

    Exit code: 0 nothing is wrong; 1 something is; 2 the command was called wrongly.
    """
    if (aud is None) != (nonce is None):
        raise click.UsageError("--aud and --nonce belong together.")
    report = signature_report(
        files.read_bytes(file),
        _key_finder(key, metadata),
        now=now or system_clock(),
        expected=Expected(aud, nonce)
        if aud is not None and nonce is not None
        else None,
    )
    if as_json:
        say_json(_as_value(report))
    else:
        _print(report)
    context.exit(1 if report.fault else 0)


def _key_finder(key: Path | None, metadata: Path | None) -> FindKey:
    if key is not None and metadata is None:
        public = files.read_public_key(key)
        return lambda _header, _issuer: public
    if metadata is not None and key is None:
        return files.keys_of_issuer(metadata)
    raise click.UsageError("Give either --key or --issuer-metadata.")


def _split(paths: tuple[str, ...]) -> list[str]:
    return [path.strip() for text in paths for path in text.split(",") if path.strip()]


def _issue_vc_jwt(claims: dict[str, Any], jwk: dict[str, Any]) -> str:
    missing = [name for name in _NEEDED if name not in claims]
    if missing:
        raise click.UsageError(
            f"PAYLOAD is no W3C credential: {', '.join(missing)} missing."
        )
    issuer = claims["issuer"]
    issuer_id = issuer.get("id") if isinstance(issuer, dict) else issuer
    signer = jwk_signer(jwk)
    if "#" not in signer.kid and isinstance(issuer_id, str):
        signer = jwk_signer(jwk, f"{issuer_id}#{signer.kid}")
    return vc_jwt.encode_payload(orjson.dumps(claims), signer)


def _issue_sd_jwt(
    claims: dict[str, Any],
    jwk: dict[str, Any],
    paths: list[str],
    holder_key: Path | None,
) -> str:
    if holder_key is not None:
        claims["cnf"] = {"jwk": dict(files.read_public_key(holder_key).jwk)}
    disclosable = [place for text in paths for place in claim_paths.find(claims, text)]
    return sd_jwt_vc.encode(sd_jwt_vc.secure(claims, disclosable), jwk_signer(jwk))


def _read_for_holder(file: Path) -> DecodedSDJWTVC:
    try:
        decoded = sd_jwt_vc.decode(files.read_bytes(file))
    except MalformedTokenError as error:
        raise MalformedTokenError(
            error.reason,
            f"{file} is not a credential with disclosures (dc+sd-jwt): {error.reason}.",
        ) from error
    if decoded.kb is not None:
        raise click.UsageError(
            f"{file} was already presented to somebody; take the credential as issued."
        )
    return decoded


def _hand_over(text: str, output: Path | None, form: str, *, as_json: bool) -> None:
    if as_json and output is None:
        say_json({"format": form, "credential": text})
        return
    files.write_text(text, output)
    if as_json:
        say_json({"format": form, "file": str(output)})


def _as_value(report: SignatureReport) -> dict[str, Any]:
    return {
        "verified": report.fault is None,
        "format": report.format,
        "fault": report.fault,
        "detail": _sentence(report),
        "issuer": report.issuer,
        "holder": report.holder,
        "disclosed": [".".join(map(str, path)) for path in report.disclosed],
        "claims": dict(report.claims),
    }


def _sentence(report: SignatureReport) -> str | None:
    if report.fault is None:
        return None
    return FAULTS[report.fault].format(reason=report.reason)


def _print(report: SignatureReport) -> None:
    if report.fault is not None:
        say(f"NOT VERIFIED: {_sentence(report)}")
        return
    say(f"VERIFIED: {report.format}, signed by the key of {plain(report.issuer)}.")
    if report.holder == "proven":
        say("The sender holds the key that it is bound to.")
    if report.disclosed:
        names = (plain(".".join(map(str, path))) for path in report.disclosed)
        say(f"Disclosed: {', '.join(names)}")
    say("Trust and revocation were not looked at.")
