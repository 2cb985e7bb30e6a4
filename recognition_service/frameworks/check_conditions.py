"""Checks what statements say of conditions, elements and the reasons of an outcome."""

from collections.abc import Iterable, Iterator, Mapping

from recognition_service.frameworks.conditions import (
    FACTS,
    Condition,
    FactKind,
    UnreadableConditionError,
    parse_rules,
)
from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.instruments import (
    ElementResult,
    Outcome,
    RulesCover,
)
from recognition_service.frameworks.rules import RowRule

_TABLE = "comparability_statements"
_ELEMENTS = frozenset(
    {
        "element_level",
        "element_workload",
        "element_quality",
        "element_profile",
        "element_outcomes",
    }
)
_DIFFERENCES = frozenset(
    {ElementResult.DIFFERENCE, ElementResult.SUBSTANTIAL_DIFFERENCE}
)
# What can stand as the reason of an outcome; a part also says of what it is one.
_REASONS = ("conditions", "elements_reason", "note")
_REASONED: Mapping[str, tuple[str, ...]] = {
    Outcome.REFUSED: _REASONS,
    Outcome.CONDITIONAL: _REASONS,
    Outcome.PARTIAL: (*_REASONS, "objects"),
}


def condition_rules(files: Mapping[str, TableFile]) -> Iterator[tuple[str, RowRule]]:
    """Yield what finds rules that no machine can evaluate, and outcomes without reason.

    Source: Lisbon Recognition Convention, articles III.5 and VI.1 (a difference must
    be shown, a refusal gives its reasons).
    """
    places = {row.cell("id") for row in rows_of(files, "jurisdictions")}
    yield _TABLE, lambda row: _check_rules(row, places)
    yield _TABLE, _check_cover
    yield _TABLE, _check_reasons


def _check_rules(row: RawRow, places: set[str]) -> Iterable[Finding]:
    text = row.cell("rules")
    return _check_conditions(row, text, places) if text else ()


def _check_conditions(row: RawRow, text: str, places: set[str]) -> Iterator[Finding]:
    try:
        conditions = parse_rules(text)
    except UnreadableConditionError as error:
        if error.fact is None:
            yield found(
                _TABLE, row, "rules", "condition_unreadable", condition=error.condition
            )
        else:
            yield found(
                _TABLE,
                row,
                "rules",
                "condition_unknown_fact",
                fact=error.fact,
                known=tuple(FACTS),
            )
        return
    for place in _places(conditions):
        if place not in places:
            yield found(
                _TABLE,
                row,
                "rules",
                "unknown_reference",
                value=place,
                table="jurisdictions",
            )


def _places(conditions: tuple[Condition, ...]) -> Iterator[str]:
    for condition in conditions:
        if condition.kind is FactKind.PLACE and isinstance(condition.value, tuple):
            yield from condition.value


def _check_cover(row: RawRow) -> Iterator[Finding]:
    rules, cover = row.cell("rules"), row.cell("rules_cover")
    if (rules or cover) and not row.cell("conditions"):
        column = "rules" if rules else "rules_cover"
        yield found(_TABLE, row, column, "rules_without_words")
    elif rules and not cover:
        yield found(_TABLE, row, "rules_cover", "rules_without_cover")
    elif cover and not rules:
        dates = row.cell("awarded_from") or row.cell("awarded_to")
        if cover != RulesCover.ALL or not dates:
            yield found(_TABLE, row, "rules_cover", "cover_without_rules")


def _check_reasons(row: RawRow) -> Iterator[Finding]:
    outcome = row.cell("outcome")
    reasons = _REASONED.get(outcome)
    if reasons and not any(map(row.cell, reasons)):
        yield found(_TABLE, row, "outcome", "outcome_without_reason", value=outcome)
    if _ELEMENTS.isdisjoint(row.cells) or row.cell("elements_reason"):
        return
    if any(row.cell(column) in _DIFFERENCES for column in _ELEMENTS):
        yield found(_TABLE, row, "elements_reason", "difference_without_reason")
