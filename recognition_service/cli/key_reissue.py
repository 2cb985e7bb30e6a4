"""`recognition keys reissue`: fresh copies after a key was compromised."""

from pathlib import Path

import click

from recognition_service.attestations.affected import keys_affected
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
@json_option
def reissue(
    authority_id: str, kid: str, data_dir: Path | None, *, as_json: bool
) -> None:
    """Issue anew, with the key in use, what another key has signed.

    Every valid attestation whose newest copy rests on that key gets a fresh copy.
    Holders collect it as they did the first one. Running it again goes on.
    """
    with installation(data_dir) as runtime:
        thumbprint = thumbprint_of(runtime, authority_id, kid)
        with runtime.database.reading() as session:
            affected = keys_affected(session, authority_id, thumbprint)
        count = 0
        for count in runtime.issue_fresh_copies(authority_id, thumbprint):
            tell(f"{count} of {affected} attestations have fresh copies ...")
        runtime.save_inputs()
        name = name_of(runtime, authority_id, thumbprint)
    if as_json:
        say_json({"kid": name, "affected": affected, "reissued": count})
        return
    say(f"{count} attestations have fresh copies, signed with the key in use.")
    if affected > count:
        tell(f"{affected - count} are not valid any more and keep their old copies.")
