"""What a decision must contain before anybody may sign it.

Source: Lisbon Recognition Convention, articles III.5 and VI.3 (reasons); BQFG
sections 7 and 10 (differences, measures, remedy); Directive 2005/36/EC, articles 4f and
14(6) (levels, activities, title).
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from recognition_service.frameworks.months import add_months
from recognition_service.regimes.errors import ContentsMissingError
from recognition_service.regimes.regime import Regime

LANGUAGE = "language"
"""What a difference concerns that is one of language."""
LICENCE_LANGUAGE = "licence_language"
"""Code of the condition that the licence will ask for a language."""
_ABOUT_LANGUAGE = frozenset({"licence", "language_proof"})


def require_contents(
    regime: Regime, decision: Mapping[str, Any], *, decided_on: date
) -> None:
    """Refuse a decision that lacks what the regime demands for its outcome.

    Args:
        regime: The regime that the case comes under.
        decision: The decision's members, as in a request body.
        decided_on: The legal day of the decision; of preparing it, until it is signed.

    Raises:
        ContentsMissingError: Naming each missing or impossible member.
    """
    outcome = decision["outcome"]
    errors = []
    if outcome not in regime.outcomes:
        errors.append(
            _error(
                "/outcome",
                "outcome_not_in_regime",
                f"{regime.id} knows {', '.join(sorted(regime.outcomes))}.",
            )
        )
    if decision["decision_kind"] not in regime.decision_kinds:
        errors.append(
            _error(
                "/decision_kind",
                "decision_kind_not_in_regime",
                f"{regime.id} has no such decision.",
            )
        )
    for content in regime.mandatory_contents.get(outcome, ()):
        pointer, is_there = _CONTENTS[content]
        if not is_there(decision):
            errors.append(
                _error(
                    pointer,
                    "mandatory_content",
                    f"A decision with outcome {outcome} must state this.",
                )
            )
    errors.extend(_incomplete_differences(decision))
    errors.extend(_too_long(regime, decision, decided_on))
    errors.extend(_because_of_language(regime, decision))
    if errors:
        raise ContentsMissingError(tuple(errors))


def _incomplete_differences(decision: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Each difference needs why it is essential and why experience leaves it open."""
    return [
        _error(
            f"/differences/{index}/{member}",
            "mandatory_content",
            "Each difference must say this.",
        )
        for index, difference in enumerate(decision.get("differences") or ())
        for member in ("subject", "why_essential", "why_not_covered")
        if not difference.get(member)
    ]


def _too_long(
    regime: Regime, decision: Mapping[str, Any], decided_on: date
) -> list[Mapping[str, Any]]:
    """A kind of decision that ages must end, and no later than the regime lets it."""
    months = regime.longest_validity_months.get(decision["decision_kind"])
    if months is None or decision["outcome"] == "refused":
        return []
    until, last = decision.get("valid_until"), add_months(decided_on, months)
    if until is None:
        return [
            _error(
                "/valid_until",
                "mandatory_content",
                f"A decision of this kind must end, by {last} at the latest.",
            )
        ]
    if date.fromisoformat(until) > last:
        return [
            _error(
                "/valid_until",
                "valid_too_long",
                f"A decision of this kind ends by {last} at the latest.",
            )
        ]
    return []


def _because_of_language(
    regime: Regime, decision: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """A language may be a condition of the licence where recognition comes first.

    Where the text was not confirmed, nothing is refused by it.
    """
    language = regime.provisions.language
    if (
        not (language.is_after_recognition and language.is_confirmed)
        or decision["decision_kind"] in _ABOUT_LANGUAGE
    ):
        return []
    named = [
        f"/differences/{index}/concerns"
        for index, difference in enumerate(decision.get("differences") or ())
        if difference.get("concerns") == LANGUAGE
    ] + [
        f"/conditions/{index}/code"
        for index, condition in enumerate(decision.get("conditions") or ())
        if condition.get("language") and condition["code"] != LICENCE_LANGUAGE
    ]
    return [
        _error(
            pointer,
            "language_after_recognition",
            f"{language.article}: recognition comes first. A language can be a "
            f"condition of the licence ({LICENCE_LANGUAGE}).",
        )
        for pointer in named
    ]


def _error(pointer: str, code: str, detail: str) -> Mapping[str, Any]:
    return {"pointer": pointer, "code": code, "detail": detail}


def _has(member: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda decision: bool(decision.get(member))


_CONTENTS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], bool]]] = {
    "reasons": ("/text", _has("text")),
    "legal_basis": ("/legal_basis", _has("legal_basis")),
    "reference": ("/reference", _has("reference")),
    "elements": ("/elements", _has("elements")),
    "differences": ("/differences", _has("differences")),
    "measures": ("/measures", _has("measures")),
    "conditions": ("/conditions", _has("conditions")),
    "remedy": ("/remedy", _has("remedy")),
    "later_possibilities": ("/later_possibilities", _has("later_possibilities")),
    "level_held": ("/level_held", _has("level_held")),
    "level_required": ("/level_required", _has("level_required")),
    "existing_qualifications": (
        "/existing_qualifications",
        _has("existing_qualifications"),
    ),
    "activities": ("/activities", _has("activities")),
    "title_to_use": ("/title_to_use", _has("title_to_use")),
    "valid_until": ("/valid_until", _has("valid_until")),
}

CONTENT_CODES = frozenset(_CONTENTS)
OUTCOMES = frozenset(
    {
        "alternative",
        "automatic",
        "conditional",
        "full",
        "partial",
        "partial_access",
        "refused",
    }
)
"""What a decision can come to, by an officer or by a rule."""
