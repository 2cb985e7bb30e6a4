"""Tokens whose claims can be shown one by one: SD-JWT, read and presented.

Nothing is verified here: `split` takes the text apart, `resolve` puts disclosed
claims back where their digests stand. Whoever calls verifies the signature.

Source: RFC 9901 sections 4 and 7.1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from recognition_service.credentials import disclosures
from recognition_service.credentials.claim_paths import Path, covers
from recognition_service.credentials.disclosures import (
    DIGESTS,
    ELEMENT,
    HASH_CLAIM,
    HASH_NAME,
    RESERVED_NAMES,
)
from recognition_service.credentials.errors import (
    MalformedInputError,
    MalformedTokenError,
)

MAX_BYTES = 131_072
MAX_DISCLOSURES = 256
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class SDJWT:
    """The parts of a presented text. Nothing is verified yet.

    Attributes:
        issuer_jwt: The token that the issuer signed.
        disclosures: In the order in which they came.
        kb_jwt: The holder's proof, None without one.
    """

    issuer_jwt: bytes
    disclosures: tuple[bytes, ...]
    kb_jwt: bytes | None = None

    def without_proof(self) -> bytes:
        """Return the text up to the last tilde, over which `sd_hash` is taken."""
        return b"~".join((self.issuer_jwt, *self.disclosures, b""))


@dataclass(frozen=True, slots=True)
class ResolvedClaims:
    """What a token says, as far as it was disclosed.

    Attributes:
        claims: The processed payload.
        places: Where each disclosed claim stands, and its disclosure. Elements of
            arrays are counted as issued, undisclosed ones included.
    """

    claims: dict[str, Any]
    places: Mapping[Path, bytes]


def split(text: bytes) -> SDJWT:
    """Take an SD-JWT apart, with or without the holder's proof at its end.

    Raises:
        MalformedTokenError: "too_large", "too_many_disclosures", "malformed_token"
            without a tilde, "malformed_disclosure" for an empty one.
    """
    if len(text) > MAX_BYTES:
        raise MalformedTokenError("too_large")
    if text.count(b"~") > MAX_DISCLOSURES + 1:
        raise MalformedTokenError("too_many_disclosures")
    issuer_jwt, *parts = text.split(b"~")
    if not parts or not issuer_jwt:
        raise MalformedTokenError("malformed_token")
    *texts, proof = parts
    if b"" in texts:
        raise MalformedTokenError("malformed_disclosure")
    return SDJWT(issuer_jwt, tuple(texts), proof or None)


def resolve(payload: Mapping[str, Any], texts: Iterable[bytes]) -> ResolvedClaims:
    """Put disclosed claims back in their places; the payload stays as it is.

    Raises:
        MalformedTokenError: With a `reason`: "sd_alg_not_supported",
            "duplicate_disclosure", "malformed_disclosure", "malformed_digests",
            "duplicate_digest", "claim_name_not_allowed", "claim_overwritten",
            "too_deep", or "unreferenced_disclosure".

    Source: RFC 9901 section 7.1, steps 3 to 5.
    """
    if payload.get(HASH_CLAIM, HASH_NAME) != HASH_NAME:
        raise MalformedTokenError("sd_alg_not_supported")
    resolution = _Resolution(texts)
    claims = resolution.object(payload, (), 1)
    if resolution.waiting:
        raise MalformedTokenError("unreferenced_disclosure")
    return ResolvedClaims(claims, resolution.places)


def select(token: SDJWT, places: Mapping[Path, bytes], wanted: Iterable[Path]) -> SDJWT:
    """Return the token with some of its disclosures only, without a proof.

    Choosing a claim chooses what it lies in, else it had no place, and all within.

    Raises:
        MalformedInputError: "unknown_path": nothing that can be disclosed is there.

    Source: RFC 9901 section 7.2.
    """
    chosen = set()
    for path in wanted:
        found = {
            text
            for place, text in places.items()
            if covers(path, place) or covers(place, path)
        }
        if not found:
            raise MalformedInputError(
                "unknown_path",
                f"There is nothing to disclose at {'.'.join(map(str, path))}.",
            )
        chosen |= found
    kept = tuple(text for text in token.disclosures if text in chosen)
    return SDJWT(token.issuer_jwt, kept)


class _Resolution:
    """One resolving: which disclosures still wait, which digests were seen."""

    __slots__ = ("places", "seen", "waiting")

    def __init__(self, texts: Iterable[bytes]) -> None:
        self.waiting: dict[str, bytes] = {}
        self.seen: set[str] = set()
        self.places: dict[Path, bytes] = {}
        for text in texts:
            digest = disclosures.digest_of(text)
            if digest in self.waiting:
                raise MalformedTokenError("duplicate_disclosure")
            self.waiting[digest] = text

    def object(self, value: Mapping[str, Any], path: Path, depth: int) -> Any:
        """Return an object with its disclosed members put back."""
        if depth > MAX_DEPTH:
            raise MalformedTokenError("too_deep")
        claims: dict[str, Any] = {}
        for name, member in value.items():
            if name in RESERVED_NAMES:
                _check_reserved(name, depth)
            elif type(member) in _CONTAINERS:
                claims[name] = self._inner(member, (*path, name), depth)
            else:
                claims[name] = member
        if DIGESTS in value:
            self._members(value[DIGESTS], claims, path, depth)
        return claims

    def _members(
        self, digests: Any, claims: dict[str, Any], path: Path, depth: int
    ) -> None:
        if type(digests) is not list:
            raise MalformedTokenError("malformed_digests")
        for digest in digests:
            text = self._text_of(digest)
            if text is None:
                continue
            name, member = disclosures.read(text)
            if name is None:
                raise MalformedTokenError("malformed_disclosure")
            if name in RESERVED_NAMES:
                raise MalformedTokenError("claim_name_not_allowed")
            if name in claims:
                raise MalformedTokenError("claim_overwritten")
            place = (*path, name)
            self.places[place] = text
            if type(member) in _CONTAINERS:
                member = self._inner(member, place, depth)
            claims[name] = member

    def _inner(self, value: Any, path: Path, depth: int) -> Any:
        if type(value) is dict:
            return self.object(value, path, depth + 1)
        if type(value) is list:
            return self._array(value, path, depth + 1)
        return value

    def _array(self, value: list[Any], path: Path, depth: int) -> list[Any]:
        if depth > MAX_DEPTH:
            raise MalformedTokenError("too_deep")
        elements = []
        for index, element in enumerate(value):
            if type(element) is not dict or ELEMENT not in element:
                elements.append(self._inner(element, (*path, index), depth))
                continue
            if len(element) != 1:
                raise MalformedTokenError("malformed_digests")
            text = self._text_of(element[ELEMENT])
            if text is None:
                continue
            disclosure = disclosures.read(text)
            if disclosure.name is not None:
                raise MalformedTokenError("malformed_disclosure")
            place = (*path, index)
            self.places[place] = text
            elements.append(self._inner(disclosure.value, place, depth))
        return elements

    def _text_of(self, digest: Any) -> bytes | None:
        """Return the disclosure of a digest, None for a decoy or an undisclosed one."""
        if type(digest) is not str:
            raise MalformedTokenError("malformed_digests")
        if digest in self.seen:
            raise MalformedTokenError("duplicate_digest")
        self.seen.add(digest)
        return self.waiting.pop(digest, None)


_CONTAINERS = (dict, list)


def _check_reserved(name: str, depth: int) -> None:
    """Refuse names that may only carry digests (RFC 9901 section 4.1).

    Raises:
        MalformedTokenError: `...` as a member, or `_sd_alg` below the top.
    """
    if name == ELEMENT or (name == HASH_CLAIM and depth > 1):
        raise MalformedTokenError("claim_name_not_allowed")
