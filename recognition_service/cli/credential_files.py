"""Files that the commands on credentials read and write: tokens, claims, keys."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recognition_service.cli.errors import FileUnusableError
from recognition_service.cli.output import say, tell
from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import (
    MalformedJSONError,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.signature_report import FindKey

LARGEST_FILE = 10 << 20
_READABLE_BY_OTHERS = 0o077


def read_bytes(file: Path) -> bytes:
    """Return the content; of a file that is too large only as much as shows it.

    Raises:
        FileUnusableError: It cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1).strip()
    except OSError as error:
        raise FileUnusableError(f"{file} cannot be read: {error.strerror}.") from error


def read_object(file: Path) -> dict[str, Any]:
    """Return the JSON object in a file.

    Raises:
        FileUnusableError: It holds none, or one that two readers could understand
            differently.
    """
    try:
        return strict_json.parse_object(read_bytes(file))
    except MalformedJSONError as error:
        raise FileUnusableError(
            f"{file} is not a JSON object as we read it: {error.reason}."
        ) from error


def read_private_jwk(file: Path) -> dict[str, Any]:
    """Return the private JWK in a file, with a word if others can read it.

    Raises:
        FileUnusableError: It holds no JWK with a private half.
    """
    jwk = read_object(file)
    if "d" not in jwk:
        raise FileUnusableError(
            f"{file} holds no private key: a private JWK has a member d."
        )
    if file.stat().st_mode & _READABLE_BY_OTHERS:
        tell(f"warning: others can read the private key; run: chmod 600 {file}")
    return jwk


def read_public_key(file: Path) -> PublicKey:
    """Return the public key in a file; of a private one its public half.

    Raises:
        FileUnusableError: It holds no JWK of a kind that we know.
    """
    jwk = read_object(file)
    if jwk.pop("d", None) is not None:
        tell(f"note: {file} holds a private key; only its public half is used.")
    try:
        return public_key(jwk)
    except UnusableKeyError as error:
        raise FileUnusableError(
            f"{file} is no key that can be used here ({error.reason}): "
            "a JWK with P-256 or Ed25519 is needed."
        ) from error


def keys_of_issuer(file: Path) -> FindKey:
    """Return how to find a key in issuer metadata, or in a plain key set.

    Raises:
        FileUnusableError: It holds neither, or only the address of its keys.
    """
    document = read_object(file)
    if "jwks_uri" in document and "jwks" not in document:
        raise FileUnusableError(
            f"{file} only says where the keys are: {document['jwks_uri']}. Nothing "
            "is fetched; save that document and give it instead."
        )
    key_set = document.get("jwks", document)
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    if not isinstance(keys, list):
        raise FileUnusableError(
            f"{file} is neither issuer metadata (issuer, jwks) nor a key set (keys)."
        )
    of = document.get("issuer")

    def find(header: Mapping[str, Any], issuer: str | None) -> PublicKey | None:
        if of is not None and of != issuer:
            return None
        return _named(keys, header.get("kid"))

    return find


def write_text(text: str, file: Path | None) -> None:
    """Write a line to a file, or to stdout.

    Raises:
        FileUnusableError: It cannot be written.
    """
    if file is None:
        say(text)
        return
    try:
        file.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise FileUnusableError(
            f"{file} cannot be written: {error.strerror}."
        ) from error
    tell(f"written to {file}")


def _named(keys: list[Any], kid: Any) -> PublicKey | None:
    """Return the key of a name; without one the only key there is."""
    name = kid.rpartition("#")[2] if isinstance(kid, str) else None
    found = [
        jwk
        for jwk in keys
        if isinstance(jwk, dict)
        and (len(keys) == 1 if name is None else jwk.get("kid") in (kid, name))
    ]
    if len(found) != 1:
        return None
    try:
        return public_key({member: found[0][member] for member in found[0]})
    except UnusableKeyError:
        return None
