"""Sentences put beside codes, for every door that answers people.

Knowledge rooms answer with codes and parameters; here each code gets its sentence
in the language of the answer.
"""

from collections.abc import Mapping
from typing import Any

from recognition_service.verification.document import as_document
from recognition_service.verification.report import Report
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


def verification_document(report: Report, language: str) -> dict[str, Any]:
    """Return a report as JSON, with sentences beside its codes."""
    found = as_document(report, language=language)
    code = found["code"]
    document = {
        "verdict": found["verdict"],
        "code": code,
        "summary": _summary(found["checks"], code, language),
        **found,
    }
    for check in document["checks"]:
        if check["code"] is not None:
            params = check["params"]
            check["detail"] = sentence(CHECK, check["code"], params, language)
    recognition = document["recognition"]
    if recognition is not None:
        for name, family in (("allows", ALLOWED), ("does_not_allow", NOT_ALLOWED)):
            recognition[name] = with_texts(family, recognition[name], language)
    return document


def _summary(checks: list[dict[str, Any]], code: str, language: str) -> str:
    """Return the sentence for the code on which the verdict rests."""
    params: Mapping[str, Any] = next(
        (check["params"] for check in checks if check["code"] == code), {}
    )
    return sentence(VERDICT, code, params, language) or code.replace("_", " ")
