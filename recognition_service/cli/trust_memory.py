"""Signed trust lists that a person of this machine relies on, from run to run.

Whoever packs a file can pack a trust list with it, and an older list with an older
status. So the keys that must sign a list are pinned once, and the list that was
accepted last is remembered; both lie outside of what is checked. One file for each
issuer of lists, replaced as a whole.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.output import tell
from recognition_service.config import state_dir
from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import (
    MalformedJSONError,
    UnusableKeyError,
)
from recognition_service.verification.trust_list import (
    MAX_TOKEN_BYTES,
    AcceptedList,
    Refusal,
    TrustAnchors,
    accept,
    anchors_value,
    claimed_issuer,
    read_anchors,
    reopen,
)

_DIRECTORY = "trust-lists"
_FORMAT = "recognition-trust-memory/1"
_LARGEST_ANCHOR = 1 << 20


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is remembered about one issuer of lists.

    Attributes:
        held: The list that was accepted last.
    """

    anchors: TrustAnchors
    held: AcceptedList


def read_tokens(file: Path) -> tuple[str, ...]:
    """Return the tokens of a list's file: one a line, one for each signature.

    Raises:
        FileUnusableError: There are none, or the file is too large.
    """
    with file.open("rb") as opened:
        content = opened.read(MAX_TOKEN_BYTES + 1)
    try:
        tokens = tuple(content.decode("ascii").split())
    except UnicodeDecodeError:
        tokens = ()
    if not tokens or len(content) > MAX_TOKEN_BYTES:
        raise FileUnusableError(f"{file} holds no signed list.")
    return tokens


def read_anchor_file(file: Path) -> TrustAnchors:
    """Return the anchors of a file: a JWK, or a JWK set with a `threshold`.

    Raises:
        FileUnusableError: It holds no public keys.
    """
    with file.open("rb") as opened:
        content = opened.read(_LARGEST_ANCHOR + 1)
    try:
        return read_anchors(strict_json.parse(content, max_bytes=_LARGEST_ANCHOR))
    except (MalformedJSONError, UnusableKeyError) as error:
        raise FileUnusableError(
            f"{file} is no public key and no set of them: {error.reason}."
        ) from error


def recall(issuer: str) -> Pinned | None:
    """Return what is remembered about an issuer of lists, None if nothing is.

    Raises:
        FileUnusableError: What was remembered is damaged.
    """
    return _read(_place(issuer), issuer)


def recall_all() -> Iterator[Pinned]:
    """Return all that is remembered.

    Raises:
        FileUnusableError: Something is damaged.
    """
    for file in sorted((state_dir() / _DIRECTORY).glob("*.json")):
        found = _read(file, None)
        if found is not None:
            yield found


def pin(tokens: Sequence[str], anchors: TrustAnchors, now: datetime) -> AcceptedList:
    """Pin keys for the issuer of a list, and remember the list.

    Raises:
        FileUnusableError: The list is not believed with these keys; nothing changes.
    """
    pinned = recall(claimed_issuer(tokens[0]) or "")
    held = None if pinned is None else pinned.held
    found = accept(tokens, anchors, held, now=now)
    if isinstance(found, Refusal):
        raise FileUnusableError(f"The trust list is not believed: {found}.")
    if not _remember(Pinned(anchors, found)):
        raise FileUnusableError(f"{state_dir()} cannot be written.")
    return found


def offered(
    tokens: Sequence[str], anchors: TrustAnchors | None, now: datetime
) -> AcceptedList | None:
    """Return the list to rely on when one is offered: this one, or the last good one.

    Without pinned keys, `anchors` are pinned by this. None: nothing can be relied on.

    Raises:
        FileUnusableError: What was remembered is damaged.
    """
    pinned = recall(claimed_issuer(tokens[0]) or "")
    if pinned is not None and anchors is not None and not _same(pinned, anchors):
        tell(
            "warning: other keys are pinned for this trust list; "
            "`recognition trust accept` changes them."
        )
        return None
    believed = pinned.anchors if pinned is not None else anchors
    if believed is None:
        tell(
            "warning: no key is pinned for this trust list; give --trust-anchor, or "
            "use `recognition trust accept` once."
        )
        return None
    held = None if pinned is None else pinned.held
    found = accept(tokens, believed, held, now=now)
    if isinstance(found, Refusal):
        tell(f"warning: the trust list is not believed: {found}.")
        if held is not None:
            tell(f"warning: version {held.snapshot.version} is relied on instead.")
        return held
    if not _remember(Pinned(believed, found)):
        tell("warning: an older trust list would not be noticed: nothing is kept.")
    return found


def _same(pinned: Pinned, anchors: TrustAnchors) -> bool:
    return (pinned.anchors.thumbprints(), pinned.anchors.threshold) == (
        anchors.thumbprints(),
        anchors.threshold,
    )


def _place(issuer: str) -> Path:
    name = hashlib.sha256(issuer.encode()).hexdigest()[:32]
    return state_dir() / _DIRECTORY / f"{name}.json"


def _remember(pinned: Pinned) -> bool:
    """Replace what is known about the issuer; tell whether that was possible."""
    path = _place(pinned.held.issuer)
    value = {
        "format": _FORMAT,
        "issuer": pinned.held.issuer,
        "version": pinned.held.snapshot.version,
        "digest": pinned.held.digest,
        "anchors": anchors_value(pinned.anchors),
        "tokens": list(pinned.held.tokens),
    }
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary.write_text(json.dumps(value, indent=1), encoding="utf-8")
        temporary.replace(path)
    except OSError:
        return False
    return True


def _read(file: Path, issuer: str | None) -> Pinned | None:
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _damaged(file) from error
    try:
        value = strict_json.parse_object(content, max_bytes=2 * MAX_TOKEN_BYTES)
        anchors = read_anchors(value["anchors"])
        held = _held(value, anchors)
    except (MalformedJSONError, UnusableKeyError, KeyError) as error:
        raise _damaged(file) from error
    if held is None or issuer not in {None, held.issuer}:
        raise _damaged(file)
    return Pinned(anchors, held)


def _held(value: dict[str, Any], anchors: TrustAnchors) -> AcceptedList | None:
    """Return the remembered list if it is what was written, else None."""
    tokens = value["tokens"]
    if not isinstance(tokens, list) or not all(isinstance(t, str) for t in tokens):
        return None
    found = reopen(tokens, anchors)
    is_whole = (
        isinstance(found, AcceptedList)
        and value["format"] == _FORMAT
        and (value["version"], value["digest"])
        == (found.snapshot.version, found.digest)
    )
    return found if is_whole and isinstance(found, AcceptedList) else None


def _damaged(file: Path) -> FileUnusableError:
    return FileUnusableError(
        f"{file} is damaged. Without it an older trust list is not noticed: get the "
        "newest list and its keys from the operator, remove the file, and run "
        "`recognition trust accept`."
    )
