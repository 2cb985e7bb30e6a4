"""What a published statement asks for, and what else it says about itself."""

from collections.abc import Iterator, Sequence

from recognition_service.equivalence.answer import (
    ConditionResult,
    Elements,
    Met,
    Reason,
)
from recognition_service.equivalence.conditions import evaluate
from recognition_service.equivalence.inquiry import OPEN, Inquiry
from recognition_service.frameworks.instruments import (
    ComparabilityStatement,
    ElementResult,
    Outcome,
    RulesCover,
)

Results = tuple[ConditionResult, ...]
_WORDS = ConditionResult("stated_condition", Met.UNKNOWN, "assessment_of_condition")
_AWARD_DATE = ConditionResult("awarded_on_known", Met.UNKNOWN, "awarded_on")


def results_of(inquiry: Inquiry, row: ComparabilityStatement) -> Results:
    """Return which conditions of a statement are met, as far as that is known.

    The words stand among them as one condition that somebody must assess, unless
    rules and award dates say the same in full.
    """
    snapshot = inquiry.snapshot
    conditions = () if row.rules is None else snapshot.conditions[row.rules]
    met = evaluate(conditions, inquiry.question.facts, snapshot.places)
    results = [
        ConditionResult(
            condition.fact,
            found,
            condition.fact if found is Met.UNKNOWN else None,
            str(condition),
        )
        for condition, found in zip(conditions, met, strict=True)
    ]
    if row.rules_cover is RulesCover.ALL:
        is_bounded = row.awarded_from is not None or row.awarded_to is not None
        if is_bounded and inquiry.awarded is None:
            results.append(_AWARD_DATE)
    elif row.conditions or row.outcome is Outcome.CONDITIONAL:
        results.append(_WORDS)
    return tuple(results)


def is_failed(results: Results) -> bool:
    """Return whether a condition is not met, so that the statement does not answer."""
    return any(each.met is Met.NO for each in results)


def open_conditions(row: ComparabilityStatement, results: Results) -> Iterator[Reason]:
    """Yield why the conditions of a statement keep it from deciding."""
    named = {"statement": row.id}
    unknown = [each for each in results if each.met is Met.UNKNOWN]
    if _WORDS in unknown:
        text = row.conditions or OPEN
        yield Reason("condition_needs_assessment", {**named, "condition": text})
    missing = dict.fromkeys(each.missing_fact for each in unknown if each.rule)
    facts = tuple(fact for fact in missing if fact)
    if facts:
        yield Reason("condition_fact_missing", {**named, "facts": facts})


def failed_conditions(
    rows: Sequence[tuple[ComparabilityStatement, Results]],
) -> Iterator[Reason]:
    """Yield for each statement that does not answer which conditions are not met."""
    for row, results in rows:
        rules = tuple(each.rule or OPEN for each in results if each.met is Met.NO)
        yield Reason("condition_not_met", {"statement": row.id, "conditions": rules})


def elements_of(row: ComparabilityStatement) -> Elements | None:
    """Return how the elements compare, `None` where the issuer states none."""
    stated = (
        row.element_level,
        row.element_workload,
        row.element_quality,
        row.element_profile,
        row.element_outcomes,
    )
    if not any(stated):
        return None
    return Elements(*(each or ElementResult.NOT_ASSESSED for each in stated))


def remarks(row: ComparabilityStatement, results: Results) -> Iterator[Reason]:
    """Yield what the issuer says beside the outcome: why, and where to object."""
    named = {"statement": row.id}
    if results and all(each.met is Met.YES for each in results):
        yield Reason("conditions_met", named)
    if row.elements_reason:
        yield Reason("elements_explained", {**named, "reason": row.elements_reason})
    if row.appeal:
        yield Reason("appeal_route", {**named, "appeal": row.appeal})
