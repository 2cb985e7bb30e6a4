"""Whether what is known of an award meets the conditions of a statement.

A condition that rests on a fact which is not known, or is known on another scale, in
another unit or less exactly than needed, is neither met nor failed.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from operator import eq, ge, gt, le, lt

from recognition_service.equivalence.answer import Met
from recognition_service.equivalence.facts import known_value
from recognition_service.equivalence.places import Places
from recognition_service.frameworks.conditions import (
    Condition,
    FactKind,
    Operator,
    Quantity,
    Value,
)

_COMPARE: Mapping[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.AT_LEAST: ge,
    Operator.AT_MOST: le,
    Operator.ABOVE: gt,
    Operator.BELOW: lt,
    Operator.EQUAL: eq,
}
_YES, _NO, _UNKNOWN = Met.YES, Met.NO, Met.UNKNOWN
_OPPOSITE = {Met.YES: Met.NO, Met.NO: Met.YES, Met.UNKNOWN: Met.UNKNOWN}


def evaluate(
    conditions: tuple[Condition, ...], facts: Mapping[str, object], places: Places
) -> tuple[Met, ...]:
    """Return for each condition, in order, whether the facts meet it."""
    known: dict[str, Value | None] = {}
    results = []
    for condition in conditions:
        fact, wanted = condition.fact, condition.value
        if fact not in known:
            known[fact] = known_value(facts, fact)
        held = known[fact]
        if isinstance(held, Quantity) and isinstance(wanted, Quantity):
            if held.of != wanted.of:
                results.append(_UNKNOWN)
            elif _COMPARE[condition.operator](held.number, wanted.number):
                results.append(_YES)
            else:
                results.append(_NO)
        elif isinstance(held, tuple) and isinstance(wanted, tuple):
            results.append(_chosen(condition, held, wanted, places))
        else:
            results.append(_UNKNOWN)
    return tuple(results)


def _chosen(
    condition: Condition, held: tuple[str, ...], wanted: tuple[str, ...], places: Places
) -> Met:
    if condition.operator is Operator.INCLUDE:
        return _truth(is_so=set(wanted) <= set(held))
    found = _among(condition.kind, held[0], wanted, places)
    return _OPPOSITE[found] if condition.operator is Operator.NOT_IN else found


def _among(kind: FactKind, held: str, wanted: tuple[str, ...], places: Places) -> Met:
    """Tell whether what is held is one of the values, or a part of one of them.

    What is held may also be the whole of which a value is a part: then it is not
    known exactly enough.
    """
    match kind:
        case FactKind.FIELD:
            inner = any(held.startswith(each) for each in wanted)
            outer = any(each.startswith(held) for each in wanted)
        case FactKind.PLACE:
            line = places.lineage(held)
            inner = any(each in line for each in wanted)
            outer = not line or any(held in places.lineage(each) for each in wanted)
        case _:
            inner, outer = held in wanted, False
    return Met.UNKNOWN if outer and not inner else _truth(is_so=inner)


def _truth(*, is_so: bool) -> Met:
    return _YES if is_so else _NO
