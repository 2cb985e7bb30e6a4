"""Tokens whose claims can be shown one by one: SD-JWT, read and presented.

Nothing is verified here: `split` takes the text apart, `resolve` puts disclosed
claims back where their digests stand. Whoever calls verifies the signature.

Source: RFC 9901 sections 4 and 7.1.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from recognition_service.credentials import disclosures
from recognition_service.credentials.claim_paths import Path, covers
from recognition_service.credentials.disclosures import (
    DIGESTS,
    ELEMENT,
    HASH_CLAIM,
    HASH_NAME,
    MEMBER,
    RESERVED_NAMES,
)
from recognition_service.credentials.errors import (
    MalformedInputError,
    MalformedTokenError,
)

MAX_BYTES = 131_072
MAX_DISCLOSURES = 256
MAX_DEPTH = 32


class SDJWT(NamedTuple):
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


class ResolvedClaims(NamedTuple):
    """What a token says, as far as it was disclosed.

    Attributes:
        claims: The processed payload. What holds no digests is that of the payload
            itself, not a copy.
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
    issuer_jwt, *texts = text.split(b"~", MAX_DISCLOSURES + 2)
    if len(texts) > MAX_DISCLOSURES + 1:
        raise MalformedTokenError("too_many_disclosures")
    if not texts or not issuer_jwt:
        raise MalformedTokenError("malformed_token")
    proof = texts.pop()
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
    resolution = _Resolution(list(texts))
    claims = resolution.object(dict(payload), (), 1)
    resolution.check()
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
    """One resolving: which disclosures still wait, which digests were met.

    `waiting` holds of each disclosure the text and what it was taken apart into, by
    its digest.
    """

    __slots__ = ("digests", "places", "waiting")

    def __init__(self, texts: list[bytes]) -> None:
        parts = disclosures.parts_of(texts)
        digests = disclosures.digests_of(texts)
        self.waiting = dict(zip(digests, zip(texts, parts, strict=True), strict=True))
        if len(self.waiting) != len(texts):
            raise MalformedTokenError("duplicate_disclosure")
        self.digests: list[str] = []
        self.places: dict[Path, bytes] = {}

    def check(self) -> None:
        """Check that each digest was met once, and each disclosure at its digest."""
        if len(set(self.digests)) != len(self.digests):
            raise MalformedTokenError("duplicate_digest")
        if self.waiting:
            raise MalformedTokenError("unreferenced_disclosure")

    def object(self, value: dict[str, Any], path: Path, depth: int) -> dict[str, Any]:
        """Return an object with its disclosed members put back.

        It is the same one if nothing within it changes; it stays as it is anyway.
        """
        if depth > MAX_DEPTH:
            raise MalformedTokenError("too_deep")
        claims = value
        if DIGESTS in value or ELEMENT in value or HASH_CLAIM in value:
            claims = _without_reserved(value, depth)
        for name, member in claims.items():
            if type(member) is dict:
                resolved: Any = self.object(member, (*path, name), depth + 1)
            elif type(member) is list:
                resolved = self._array(member, (*path, name), depth + 1)
            else:
                continue
            if resolved is not member:
                # What is looped over keeps its names, or stays behind unchanged.
                claims = dict(claims) if claims is value else claims
                claims[name] = resolved
        if DIGESTS in value:
            self._members(value[DIGESTS], claims, path, depth)
        return claims

    def _members(
        self, digests: Any, claims: dict[str, Any], path: Path, depth: int
    ) -> None:
        if type(digests) is not list:
            raise MalformedTokenError("malformed_digests")
        self.digests += digests
        for digest in digests:
            if type(digest) is not str:
                raise MalformedTokenError("malformed_digests")
            if digest not in self.waiting:
                continue
            text, parts = self.waiting.pop(digest)
            if len(parts) != MEMBER:
                raise MalformedTokenError("malformed_disclosure")
            _, name, member = parts
            if name in RESERVED_NAMES:
                raise MalformedTokenError("claim_name_not_allowed")
            if name in claims:
                raise MalformedTokenError("claim_overwritten")
            place = (*path, name)
            self.places[place] = text
            if type(member) in _CONTAINERS:
                member = self._container(member, place, depth + 1)
            claims[name] = member

    def _container(self, value: Any, path: Path, depth: int) -> Any:
        if type(value) is dict:
            return self.object(value, path, depth)
        return self._array(value, path, depth)

    def _array(self, value: list[Any], path: Path, depth: int) -> list[Any]:
        if depth > MAX_DEPTH:
            raise MalformedTokenError("too_deep")
        if _CONTAINERS.isdisjoint(map(type, value)):
            return value
        elements = []
        for index, given in enumerate(value):
            element, place = given, (*path, index)
            if type(given) is dict and ELEMENT in given:
                digest = given[ELEMENT]
                if len(given) != 1 or type(digest) is not str:
                    raise MalformedTokenError("malformed_digests")
                self.digests.append(digest)
                if digest not in self.waiting:
                    continue
                text, parts = self.waiting.pop(digest)
                if len(parts) == MEMBER:
                    raise MalformedTokenError("malformed_disclosure")
                self.places[place], element = text, parts[-1]
            if type(element) in _CONTAINERS:
                element = self._container(element, place, depth + 1)
            elements.append(element)
        return elements


_CONTAINERS = frozenset({dict, list})


def _without_reserved(value: dict[str, Any], depth: int) -> dict[str, Any]:
    """Return an object without names that only carry digests (RFC 9901 section 4.1).

    Raises:
        MalformedTokenError: `...` as a member, or `_sd_alg` below the top.
    """
    if ELEMENT in value or (HASH_CLAIM in value and depth > 1):
        raise MalformedTokenError("claim_name_not_allowed")
    claims = dict(value)
    claims.pop(DIGESTS, None)
    claims.pop(HASH_CLAIM, None)
    return claims
