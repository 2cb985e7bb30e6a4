"""What a curriculum may not say: each rule with the member that breaks it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recognition_service.equivalence.amounts import write_amount
from recognition_service.equivalence.compiled_standard import (
    CompiledStandard,
    RequirementKind,
)
from recognition_service.equivalence.standards import (
    Curriculum,
    Requirements,
    StandardFault,
    Target,
    Unit,
    as_count,
)

NEGATIVE = "negative_amount"
UNREACHABLE = {
    RequirementKind.CREDITS: "credits_do_not_sum",
    RequirementKind.HOURS: "hours_do_not_sum",
    RequirementKind.GROUP: "group_cannot_be_met",
    RequirementKind.PLACE: "place_cannot_be_met",
}


def curriculum_faults(curriculum: Curriculum) -> Iterator[StandardFault]:
    """Yield every rule that a curriculum breaks.

    Source: ECTS Users' Guide 2015, section 4.5 (a component counts towards an award
    once, by a decision of the body that makes the award).
    """
    yield from _target_faults(curriculum)
    yield from _unit_faults(curriculum)
    for number, target in enumerate(curriculum.targets):
        counting = counting_for(curriculum, target.key)
        yield from requirement_faults(
            target.requirements,
            f"/targets/{number}/requirements",
            curriculum.units,
            counting,
        )
        yield from _unreachable(target, number, counting)


def counting_for(curriculum: Curriculum, key: str) -> tuple[Unit, ...]:
    """Return the units that count for an award."""
    return tuple(
        unit
        for unit in curriculum.units
        if any(each.target == key for each in unit.counts_for)
    )


def requirement_faults(
    asked: Requirements,
    pointer: str,
    units: Sequence[Unit],
    counting: Sequence[Unit],
) -> Iterator[StandardFault]:
    """Yield what is wrong in the requirements of one standard.

    Args:
        asked: The requirements.
        pointer: Where they stand.
        units: All units of the path.
        counting: Those that count for the award.
    """
    amounts = dict(_amounts(asked))
    yield from _negative(pointer, amounts)
    if not (asked.units or asked.learning_outcomes) and not any(
        amount > 0
        for place, amount in amounts.items()
        if place != "most_prior_learning_credits"
    ):
        yield StandardFault(pointer, "no_requirements")
    if asked.most_prior_learning_credits is not None and asked.credits is None:
        place = f"{pointer}/most_prior_learning_credits"
        yield StandardFault(place, "limit_without_credits")
    known = {unit.id for unit in units}
    counted = {unit.id for unit in counting}
    names = Counter(group.name for group in asked.groups)
    named = [(f"{pointer}/units", asked.units)]
    for number, group in enumerate(asked.groups):
        place = f"{pointer}/groups/{number}"
        named.append((f"{place}/units", group.units))
        if names[group.name] > 1:
            yield StandardFault(f"{place}/name", "duplicate_group")
        if group.credits is None and group.count is None:
            yield StandardFault(place, "group_without_amount")
    for place, ids in named:
        for number, unit_id in enumerate(ids):
            at, params = f"{place}/{number}", {"unit": unit_id}
            if unit_id not in known:
                yield StandardFault(at, "unknown_unit", params)
            elif unit_id not in counted:
                yield StandardFault(at, "unit_does_not_count", params)


def _target_faults(curriculum: Curriculum) -> Iterator[StandardFault]:
    keys = [target.key for target in curriculum.targets]
    seen: set[str] = set()
    for number, target in enumerate(curriculum.targets):
        place = f"/targets/{number}"
        if target.key in seen:
            named = {"target": target.key}
            yield StandardFault(f"{place}/key", "duplicate_target", named)
        seen.add(target.key)
        if target.depends_on is None:
            continue
        named = {"target": target.depends_on}
        if target.depends_on not in keys:
            yield StandardFault(f"{place}/depends_on", "unknown_target", named)
        elif _comes_back(curriculum.targets, target):
            yield StandardFault(f"{place}/depends_on", "cyclic_dependency", named)


def _comes_back(targets: Sequence[Target], start: Target) -> bool:
    """Return whether an award depends, by whatever steps, on itself."""
    base_of = {target.key: target.depends_on for target in targets}
    base, steps = start.depends_on, 0
    while base is not None and base != start.key and steps < len(targets):
        base, steps = base_of.get(base), steps + 1
    return base == start.key


def _unit_faults(curriculum: Curriculum) -> Iterator[StandardFault]:
    keys = {target.key for target in curriculum.targets}
    seen: set[str] = set()
    for number, unit in enumerate(curriculum.units):
        place = f"/units/{number}"
        if unit.id in seen:
            yield StandardFault(f"{place}/id", "duplicate_unit", {"unit": unit.id})
        seen.add(unit.id)
        if not (unit.provider or "").strip():
            yield StandardFault(f"{place}/provider", "provider_missing")
        amounts = {
            name: amount
            for name, amount in (("credits", unit.credits), ("hours", unit.hours))
            if amount is not None
        }
        yield from _negative(place, amounts)
        if not amounts:
            yield StandardFault(f"{place}/credits", "workload_missing")
        yield from _counting_faults(unit, f"{place}/counts_for", keys)


def _counting_faults(
    unit: Unit, pointer: str, keys: set[str]
) -> Iterator[StandardFault]:
    targets = {each.target for each in unit.counts_for}
    seen: set[str] = set()
    for number, counts in enumerate(unit.counts_for):
        place, named = f"{pointer}/{number}", {"target": counts.target}
        if counts.target not in keys:
            yield StandardFault(f"{place}/target", "unknown_target", named)
        if counts.target in seen:
            yield StandardFault(f"{place}/target", "counted_twice", named)
        seen.add(counts.target)
        if len(targets) > 1 and not (counts.rule or "").strip():
            yield StandardFault(f"{place}/rule", "rule_missing", named)


def _unreachable(
    target: Target, number: int, counting: Sequence[Unit]
) -> Iterator[StandardFault]:
    """Yield the requirements that all counting units together do not meet."""
    pointer, asked = f"/targets/{number}/requirements", target.requirements
    bits = [(1 << place, unit) for place, unit in enumerate(counting)]
    compiled = CompiledStandard.build(asked, bits)
    everything = (1 << len(bits)) - 1
    for each in compiled.open(everything, compiled.shorts(everything, prior=0)):
        params = {"name": each.name, "needed": write_amount(each.needed)}
        match each.kind:
            case RequirementKind.UNITS:
                continue  # Told by name above.
            case RequirementKind.LEARNING_OUTCOMES:
                for outcome in each.open:
                    place = asked.learning_outcomes.index(outcome)
                    yield StandardFault(
                        f"{pointer}/learning_outcomes/{place}",
                        "outcome_not_covered",
                        {"name": outcome},
                    )
            case _:
                yield StandardFault(
                    f"{pointer}/{_place_of(asked, each.kind, each.name)}",
                    UNREACHABLE[each.kind],
                    params,
                )


def _place_of(asked: Requirements, kind: RequirementKind, name: str | None) -> str:
    match kind:
        case RequirementKind.GROUP:
            names = [group.name for group in asked.groups]
            return f"groups/{names.index(name or '')}"
        case RequirementKind.PLACE:
            places = [at.place for at in asked.places]
            return f"places/{places.index(name or '')}/credits"
        case _:
            return kind.value


def _amounts(asked: Requirements) -> Iterator[tuple[str, int]]:
    """Yield all amounts of requirements with the place where they stand."""
    for name in ("credits", "hours", "most_prior_learning_credits"):
        amount = getattr(asked, name)
        if amount is not None:
            yield name, amount
    for number, group in enumerate(asked.groups):
        if group.credits is not None:
            yield f"groups/{number}/credits", group.credits
        if group.count is not None:
            yield f"groups/{number}/count", as_count(group.count)
    for number, at in enumerate(asked.places):
        yield f"places/{number}/credits", at.credits


def _negative(pointer: str, amounts: Mapping[str, int]) -> Iterator[StandardFault]:
    for place, amount in amounts.items():
        if amount < 0:
            params: dict[str, Any] = {"amount": write_amount(amount)}
            yield StandardFault(f"{pointer}/{place}", NEGATIVE, params)
