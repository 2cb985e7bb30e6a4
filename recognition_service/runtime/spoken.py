"""Sentences put beside codes, for every door that answers people.

Knowledge rooms answer with codes and parameters; here each code gets its sentence
in the language of the answer.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from recognition_service.frameworks.conditions import (
    FACTS,
    Operator,
    Quantity,
    parse_rules,
    write_value,
)
from recognition_service.mutual_recognition.question_sets import question_set
from recognition_service.verification.document import as_document
from recognition_service.verification.report import Report
from recognition_service.wording import (
    ORIGINAL_LANGUAGE,
    catalogue,
    fill,
    has_places,
    text,
)

# How the keys of each family of sentences begin, in the order of preference.
KEPT = ("kept.",)
REASON = ("reason.",)
CONDITION = ("condition.",)
VERDICT = ("verification.",)
CHECK = ("verification.",)
ALLOWED = ("allows.",)
NOT_ALLOWED = ("does_not_allow.",)
JOINT_PART = ("joint_part.",)
PROBLEM = ("problem.",)

_COUNTS = "counts"
_OPEN = "unknown"
_Family = tuple[str, ...]


def sentence(
    family: _Family, code: str, params: Mapping[str, Any], language: str
) -> str | None:
    """Return the sentence for a code, or None if nobody has written one."""
    fixed = _fixed(family, code, language)
    if fixed is not None:
        return fixed
    name = _name(family, code)
    if name is None:
        return None
    if "facts" in params:
        named = [fact_name(fact, language) for fact in params["facts"]]
        params = {**params, "facts": named}
    return text(name, params, language)


def fact_name(fact: str, language: str) -> str:
    """Return what a fact about an award is called within a sentence."""
    name = text(f"fact.{fact}", {}, language)
    return name[0].lower() + name[1:] if fact in FACTS else fact


@lru_cache(maxsize=2048)
def _fixed(family: _Family, code: str, language: str) -> str | None:
    """Return the sentence for a code if there is one and parameters change nothing."""
    name = _name(family, code)
    if name is None or has_places(name, language):
        return None
    return text(name, {}, language)


@lru_cache(maxsize=2048)
def _name(family: _Family, code: str) -> str | None:
    """Return under which name a sentence for a code is written."""
    known = catalogue(ORIGINAL_LANGUAGE)
    return next((prefix + code for prefix in family if prefix + code in known), None)


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


def short_path_text(path: Mapping[str, Any], language: str, *, is_open: bool) -> str:
    """Return why nothing has to be examined; in an open case, what follows from it."""
    why = text(f"short_path.{path['basis']}", {}, language)
    told = text("short_path.told", {"why": why}, language)
    return text("short_path.open", {"told": told}, language) if is_open else told


def with_condition_texts(
    items: list[dict[str, Any]], language: str
) -> list[dict[str, Any]]:
    """Return conditions of an answer, each with a `text` beside its id.

    The text of a rule says what is asked, and what has to be known where that is
    open.
    """
    spoken = [
        {**item, "text": rule_text(item["rule"], item["met"], language)}
        if "rule" in item
        else item
        for item in items
    ]
    return with_texts(CONDITION, spoken, language, "id")


@lru_cache(maxsize=1024)
def rule_text(rule: str, met: str, language: str) -> str:
    """Return a condition in words; one that is open with what has to be known."""
    (condition,) = parse_rules(rule)
    of = condition.value.of if isinstance(condition.value, Quantity) else ""
    values = write_value(condition.kind, condition.value).replace(",", ", ")
    fact = text(f"fact.{condition.fact}", {}, language)
    is_single = condition.operator is Operator.IN and "," not in values
    name = "is" if is_single else condition.operator.name.lower()
    asked = text(f"condition_rule.{name}", {"fact": fact, "value": values}, language)
    if met != _OPEN:
        return asked
    needed = text(f"fact_needed.{condition.fact}", {"of": of}, language)
    return text("condition_rule.open", {"rule": asked, "needed": needed}, language)


def verification_document(report: Report, language: str) -> dict[str, Any]:
    """Return a report as JSON, with sentences beside its codes."""
    found = as_document(report, language=language)
    code = found["code"]
    about: Mapping[str, Any] | None = None
    for check in found["checks"]:
        reason = check["code"]
        if reason is not None:
            check["detail"] = sentence(CHECK, reason, check["params"], language)
            if reason == code and about is None:
                about = check["params"]
    if found["joint"] is not None:
        for part in found["joint"]["parts"]:
            told = part["code"] or _COUNTS
            part["text"] = sentence(JOINT_PART, told, part["params"], language)
    recognition = found["recognition"]
    if recognition is not None:
        for name, family in (("allows", ALLOWED), ("does_not_allow", NOT_ALLOWED)):
            recognition[name] = with_texts(family, recognition[name], language)
    # The verdict rests on the first check of its code.
    summary = sentence(VERDICT, code, about or {}, language) or code.replace("_", " ")
    return {"verdict": found["verdict"], "code": code, "summary": summary, **found}


def with_question_texts(
    set_id: str | None, asked: list[dict[str, Any]], language: str
) -> list[dict[str, Any]]:
    """Return questions that were asked, each with its `text` beside it."""
    if set_id is None:
        return asked
    questions = question_set(set_id).questions
    return [
        {
            **item,
            "text": fill(_in(questions[item["id"]].text, language), item["params"]),
        }
        for item in asked
    ]


def _in(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts[ORIGINAL_LANGUAGE]
