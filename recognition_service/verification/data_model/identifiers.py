"""Identifiers and types.

Source: Verifiable Credentials Data Model v2.0 sections 4.4 and 4.5.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.verification.data_model.faults import Fault, malformed

# What the generic syntax of URLs allows, and characters beyond ASCII, which
# browsers would encode.
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+")
_WITH_HOST = re.compile(r"(?:https?|wss?|ftp):", re.IGNORECASE)
_HOST = re.compile(r"[A-Za-z]+://[^/?#]*[^/?#:@][^/?#]*(?:[/?#].*)?")
_TERM = re.compile(r"[^\s:@\x00-\x1f\x7f][^\s:\x00-\x1f\x7f]*")


def is_url(value: object) -> bool:
    """Tell whether a value is an absolute URL of any scheme."""
    if not isinstance(value, str) or _URL.fullmatch(value) is None:
        return False
    return not _WITH_HOST.match(value) or _HOST.fullmatch(value) is not None


def id_faults(
    document: Mapping[str, Any], pointer: str = "", *, is_required: bool = False
) -> Iterator[Fault]:
    """Yield a fault if the `id` is not one URL, or is missing though required."""
    if "id" not in document:
        if is_required:
            yield malformed("id_missing", f"{pointer}/id")
    elif not is_url(document["id"]):
        yield malformed("not_a_url", f"{pointer}/id")


def url_or_object_faults(value: Any, pointer: str) -> Iterator[Fault]:
    """Yield a fault if a value is neither a URL nor an object with one as `id`."""
    if isinstance(value, Mapping):
        yield from id_faults(value, pointer, is_required=True)
    elif not is_url(value):
        yield malformed("not_a_url", pointer)


def identifier_of(value: Any) -> str | None:
    """Return a URL, or the `id` of an object; None if it is neither."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else None


def types_of(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the types of an object; what is no text is left out."""
    found = document.get("type", ())
    listed = found if isinstance(found, list) else [found]
    return tuple(item for item in listed if isinstance(item, str))


def type_faults(
    document: Mapping[str, Any], pointer: str = "", *, required: str | None = None
) -> Iterator[Fault]:
    """Yield what is wrong with the types of an object, which must have one.

    Whether a term has a meaning is for `json_ld.check_terms` to say.
    """
    if "type" not in document:
        yield malformed("type_missing", f"{pointer}/type")
        return
    found = document["type"]
    listed = found if isinstance(found, list) else [found]
    if not listed:
        yield malformed("type_missing", f"{pointer}/type")
    elif not all(_is_type(item) for item in listed):
        yield malformed("not_a_type", f"{pointer}/type")
    elif required is not None and required not in listed:
        yield malformed("required_type_missing", f"{pointer}/type")


def _is_type(value: object) -> bool:
    return isinstance(value, str) and (
        _TERM.fullmatch(value) is not None or is_url(value)
    )
