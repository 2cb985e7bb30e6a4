"""Verification inputs from files: a signed trust list and status lists.

A status list that is handed over in a file cannot be fetched anew, so its `ttl` counts
from now; it is good until the `exp` that its issuer has signed.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from recognition_service.cli import trust_memory
from recognition_service.cli.output import tell
from recognition_service.credentials import (
    bitstring_status_list,
    jws,
    token_status_list,
)
from recognition_service.credentials.errors import (
    MalformedInputError,
    MalformedStatusListError,
)
from recognition_service.errors import RecognitionError
from recognition_service.verification.trust import StatusInput, VerificationInputs


def listed_inputs(
    trust_list: Path,
    trust_anchor: Path | None,
    statuses: Iterable[Path],
    now: datetime,
) -> VerificationInputs:
    """Return what files say, as far as it may be relied on.

    What may not leads to a warning, and later to an answer that confirms nothing.
    """
    try:
        accepted = trust_memory.offered(
            trust_memory.read_tokens(trust_list),
            None
            if trust_anchor is None
            else trust_memory.read_anchor_file(trust_anchor),
            now,
        )
    except RecognitionError as error:
        tell(f"warning: {error}")
        accepted = None
    return VerificationInputs(
        None if accepted is None else accepted.snapshot,
        {status.uri: status for status in _statuses(statuses, now)},
    )


def _statuses(paths: Iterable[Path], now: datetime) -> Iterator[StatusInput]:
    """Return the lists of files, of one address the newest last."""
    found = []
    for path in paths:
        for file in sorted(path.glob("*.jwt")) if path.is_dir() else [path]:
            token = _text(file)
            try:
                uri, made_at = _address(token)
            except MalformedInputError:
                tell(f"warning: {file} is no status list.")
                continue
            found.append((made_at, StatusInput(uri, token, now)))
    return (status for _, status in sorted(found, key=lambda pair: pair[0]))


def _address(token: str) -> tuple[str, float]:
    """Return the address for which a list was made, and when, in seconds since 1970.

    Raises:
        MalformedInputError: It is no list of a form that we know.
    """
    if jws.peek_header(token).get("typ") == token_status_list.TYP:
        opened = token_status_list.decode(token)
        return opened.uri, opened.issued_at
    _, said = bitstring_status_list.decode(token)
    if said.uri is None:
        raise MalformedStatusListError("claims")
    return said.uri, said.valid_from.timestamp() if said.valid_from else 0


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        content = opened.read(token_status_list.MAX_TOKEN_BYTES + 1)
    return content.decode("ascii", errors="replace").strip()
