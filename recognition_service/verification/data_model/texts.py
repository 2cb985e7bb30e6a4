"""Names and descriptions, in one language or several.

Source: Verifiable Credentials Data Model v2.0 sections 4.6 and 11.1; BCP 47
(RFC 5646 section 2.1).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.verification.data_model.faults import Fault, malformed

_MEMBERS = ("name", "description")
_KEYS = frozenset({"@value", "@language", "@direction"})
_DIRECTIONS = frozenset({"ltr", "rtl"})
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def text_faults(document: Mapping[str, Any], pointer: str = "") -> Iterator[Fault]:
    """Yield what is wrong with the name and the description of an object."""
    for member in _MEMBERS:
        if member in document:
            yield from _faults(document[member], f"{pointer}/{member}")


def _faults(value: Any, pointer: str) -> Iterator[Fault]:
    if isinstance(value, str):
        return
    if isinstance(value, list) and value:
        for position, item in enumerate(value):
            if not _is_language_value(item):
                yield malformed("not_a_text", f"{pointer}/{position}")
    elif not _is_language_value(value):
        yield malformed("not_a_text", pointer)


def _is_language_value(value: Any) -> bool:
    if not isinstance(value, Mapping) or not value.keys() <= _KEYS:
        return False
    language = value.get("@language", "und")
    return (
        isinstance(value.get("@value"), str)
        and isinstance(language, str)
        and _LANGUAGE.fullmatch(language) is not None
        and value.get("@direction", "ltr") in _DIRECTIONS
    )
