"""Related resources and the digests that pin them.

Source: Verifiable Credentials Data Model v2.0 sections 5.3 and B.3.1; Subresource
Integrity section 3.5; Verifiable Credential Data Integrity 1.0 section 2.6.
"""

import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from recognition_service.credentials import multibase
from recognition_service.credentials.errors import MalformedInputError
from recognition_service.verification.data_model.contexts import BASE_CONTEXT
from recognition_service.verification.data_model.faults import (
    Fault,
    ProblemType,
    items_of,
    malformed,
)
from recognition_service.verification.data_model.identifiers import id_faults

Resources = Callable[[str], bytes | None]
"""Returns the octets of a resource that is held here, by its URL."""

_SRI = re.compile(r"(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+={0,2})(?:\?[!-~]*)?")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:\s*;.*)?")
_MULTIHASHES = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
_BARE = {32: "sha256", 48: "sha384", 64: "sha512"}
_STANDARD = str.maketrans("-_", "+/")
_DIGESTS = ("digestSRI", "digestMultibase")
# What the base context was from July 2024 until the Recommendation of 2025. Issuers
# pinned it in good faith; it differs in the terms of status sizes and messages only.
_EARLIER_EDITIONS = {
    BASE_CONTEXT: {
        "sha256": "24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9",
        "sha384": "35239c36999d2155312091af194a1edb61634d6ad789a5e5b19f2aeb"
        "dd762dd9d1dcaada40eda7ef921c6b8c0ae107a0",
        "sha512": "cb1336dfa8670d80d03344b3b0cc25faf4d45201823c35f39bb1afe5a9f911f6"
        "15ff4ec80ec5f2f89e33d14e96bec8be78e38df35b918c9cd5f3b3449bd6c88f",
    }
}


def related_resource_faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with the form of `relatedResource`."""
    if "relatedResource" not in document:
        return
    if document["relatedResource"] == []:
        yield malformed("no_object", "/relatedResource")
    seen: set[str] = set()
    for pointer, item in items_of(document, "relatedResource"):
        if not isinstance(item, Mapping):
            yield malformed("not_an_object", pointer)
            continue
        yield from id_faults(item, pointer, is_required=True)
        if isinstance(item.get("id"), str):
            if item["id"] in seen:
                yield malformed("id_repeated", f"{pointer}/id")
            seen.add(item["id"])
        if not any(member in item for member in _DIGESTS):
            yield malformed("digest_missing", pointer)
        if "mediaType" in item and not _is_media_type(item["mediaType"]):
            yield malformed("not_a_media_type", f"{pointer}/mediaType")
        yield from digest_form_faults(item, pointer)


def digest_form_faults(item: Mapping[str, Any], pointer: str) -> Iterator[Fault]:
    """Yield a fault for each digest of an object that cannot be read."""
    for member in _DIGESTS:
        if member in item and _expected(member, item[member]) is None:
            yield malformed("not_a_digest", f"{pointer}/{member}")


def digest_faults(document: Mapping[str, Any], resources: Resources) -> Iterator[Fault]:
    """Yield a fault for each resource that is held here and has another digest."""
    for member in ("relatedResource", "credentialSchema"):
        if member not in document:
            continue
        for pointer, item in items_of(document, member):
            if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
                continue
            content = resources(item["id"])
            if content is not None:
                yield from _mismatches(item, content, pointer)


def _mismatches(item: Mapping[str, Any], content: bytes, at: str) -> Iterator[Fault]:
    for member in _DIGESTS:
        expected = _expected(member, item[member]) if member in item else None
        for algorithm, digest in expected or ():
            known = {hashlib.new(algorithm, content).hexdigest()}
            known.add(_EARLIER_EDITIONS.get(item["id"], {}).get(algorithm, ""))
            if digest.hex() not in known:
                yield Fault(
                    ProblemType.CRYPTOGRAPHIC_SECURITY_ERROR,
                    "digest_of_other_content",
                    f"{at}/{member}",
                )


def _expected(member: str, value: Any) -> list[tuple[str, bytes]] | None:
    """Return algorithms and digests; None if one cannot be read."""
    listed = value if isinstance(value, list) else [value]
    if not listed or not all(isinstance(item, str) for item in listed):
        return None
    if member == "digestSRI":
        read, texts = _sri, [text for item in listed for text in item.split()]
    else:
        read, texts = _multibase, listed
    found = [read(text) for text in texts]
    known = [each for each in found if each is not None]
    return known if found and len(known) == len(found) else None


def _sri(text: str) -> tuple[str, bytes] | None:
    found = _SRI.fullmatch(text)
    if found is None:
        return None
    algorithm, encoded = found[1], found[2].rstrip("=").translate(_STANDARD)
    try:
        digest = binascii.a2b_base64(encoded + "=" * (-len(encoded) % 4))
    except binascii.Error:
        return None
    is_whole = len(digest) == hashlib.new(algorithm).digest_size
    return (algorithm, digest) if is_whole else None


def _multibase(text: str) -> tuple[str, bytes] | None:
    """Read a multihash, or a bare digest, which is common though not quite right."""
    try:
        content = multibase.decode(text)
    except MalformedInputError:
        return None
    algorithm = _MULTIHASHES.get(content[:2])
    if algorithm is not None and len(content) - 2 == content[1]:
        return algorithm, content[2:]
    algorithm = _BARE.get(len(content))
    return (algorithm, content) if algorithm is not None else None


def _is_media_type(value: object) -> bool:
    return isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) is not None
