"""Sentences put beside codes, in the language of the answer."""

from collections.abc import Mapping
from typing import Any

from recognition_service.wording import ORIGINAL_LANGUAGE, catalogue, text

# How the keys of each family of sentences begin, in the order of preference.
REASON = ("reason.",)
CONDITION = ("condition.",)
VERDICT = ("verification.",)
CHECK = ("verification.",)
ALLOWED = ("allows.",)
NOT_ALLOWED = ("does_not_allow.",)
PROBLEM = ("problem.",)

_Family = tuple[str, ...]


def sentence(
    family: _Family, code: str, params: Mapping[str, Any], language: str
) -> str | None:
    """Return the sentence for a code, or None if nobody has written one."""
    known = catalogue(ORIGINAL_LANGUAGE)
    for prefix in family:
        if prefix + code in known:
            return text(prefix + code, params, language)
    return None


def with_texts(
    family: _Family, items: list[dict[str, Any]], language: str, key: str = "code"
) -> list[dict[str, Any]]:
    """Return coded items, each with a `text` beside its code.

    A code without a sentence is spelled out, so that nothing is hidden.
    """
    return [
        {
            **item,
            "text": item.get("text")
            or sentence(family, item[key], item.get("params") or item, language)
            or item[key].replace("_", " "),
        }
        for item in items
    ]
