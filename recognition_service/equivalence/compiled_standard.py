"""Requirements of an award, compiled to sums over the bits of units."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from recognition_service.equivalence.standards import (
    Requirements,
    Unit,
    as_count,
    lies_in,
)


class RequirementKind(StrEnum):
    """What kind of requirement is open."""

    CREDITS = "credits"
    HOURS = "hours"
    UNITS = "units"
    GROUP = "group"
    PLACE = "place"
    LEARNING_OUTCOMES = "learning_outcomes"


class OpenRequirement(NamedTuple):
    """A requirement that is not met yet.

    Attributes:
        needed: How much is still needed, in hundredths; of single units and learning
            outcomes their number.
        counted_in: What that is an amount of.
        name: The group or the place; None for the others.
        open: The single units or learning outcomes that are missing.
    """

    kind: RequirementKind
    needed: int
    counted_in: RequirementKind
    name: str | None = None
    open: tuple[str, ...] = ()


class _Sum(NamedTuple):
    """A requirement that amounts of units add up to.

    Attributes:
        mask: Bits of the units that count.
        amounts: Bit and amount of each of them.
        total: All amounts together.
        most_prior: Up to how much of prior learning counts; None: all of it.
    """

    kind: RequirementKind
    counted_in: RequirementKind
    name: str | None
    need: int
    mask: int
    amounts: tuple[tuple[int, int], ...]
    total: int
    most_prior: int | None = None

    def short(self, achieved: int, prior: int) -> int:
        """Return how much is still needed; zero or less if nothing is."""
        known = achieved & self.mask
        if not known:
            return self.need
        if self.most_prior is None or not known & prior:
            if known == self.mask:
                return self.need - self.total
            return self.need - sum(
                [amount for bit, amount in self.amounts if known & bit]
            )
        before = assessed = 0
        for bit, amount in self.amounts:
            if known & bit:
                if prior & bit:
                    before += amount
                else:
                    assessed += amount
        return self.need - assessed - min(before, self.most_prior)


@dataclass(frozen=True, slots=True)
class CompiledStandard:
    """What one award demands, by bits of units.

    Attributes:
        named: Bit and id of each unit that is demanded by name.
        outcomes: Bits of the units that cover a learning outcome, and the outcome.
        must: Bits of all units that are demanded by name.
    """

    sums: tuple[_Sum, ...]
    named: tuple[tuple[int, str], ...]
    outcomes: tuple[tuple[int, str], ...]
    must: int

    @classmethod
    def build(
        cls, asked: Requirements, units: Iterable[tuple[int, Unit]]
    ) -> "CompiledStandard":
        """Compile requirements over the units that count, each with its bit."""
        counting = tuple(units)
        named = tuple(
            (bit, unit.id) for bit, unit in counting if unit.id in asked.units
        )
        return cls(
            tuple(_sums(asked, counting)),
            named,
            tuple(
                (
                    sum(
                        bit for bit, unit in counting if name in unit.learning_outcomes
                    ),
                    name,
                )
                for name in asked.learning_outcomes
            ),
            sum(bit for bit, _ in named),
        )

    def shorts(self, achieved: int, prior: int) -> list[int]:
        """Return how much each sum falls short; zero or less where it does not."""
        return [each.short(achieved, prior) for each in self.sums]

    def open(self, achieved: int, shorts: Iterable[int]) -> tuple[OpenRequirement, ...]:
        """Return the requirements that are not met by the achieved units."""
        found = [
            OpenRequirement(each.kind, short, each.counted_in, each.name)
            for each, short in zip(self.sums, shorts, strict=True)
            if short > 0
        ]
        for kind, wanted in (
            (RequirementKind.UNITS, self.named),
            (RequirementKind.LEARNING_OUTCOMES, self.outcomes),
        ):
            absent = tuple([name for mask, name in wanted if not achieved & mask])
            if absent:
                needed = as_count(len(absent))
                found.append(OpenRequirement(kind, needed, kind, None, absent))
        return tuple(found)


def _sums(asked: Requirements, units: tuple[tuple[int, Unit], ...]) -> Iterable[_Sum]:
    credit, hours = RequirementKind.CREDITS, RequirementKind.HOURS
    by_credits = [(bit, unit.credits or 0) for bit, unit in units]
    if asked.credits is not None:
        most = asked.most_prior_learning_credits
        yield _sum(credit, credit, None, asked.credits, by_credits, most)
    if asked.hours is not None:
        by_hours = [(bit, unit.hours or 0) for bit, unit in units]
        yield _sum(hours, hours, None, asked.hours, by_hours)
    for group in asked.groups:
        kind = RequirementKind.GROUP
        inside = [(bit, unit) for bit, unit in units if unit.id in group.units]
        if group.credits is not None:
            amounts = [(bit, unit.credits or 0) for bit, unit in inside]
            yield _sum(kind, credit, group.name, group.credits, amounts)
        if group.count is not None:
            counted, need = as_count(1), as_count(group.count)
            amounts = [(bit, counted) for bit, _ in inside]
            yield _sum(kind, RequirementKind.UNITS, group.name, need, amounts)
    for at in asked.places:
        amounts = [
            (bit, unit.credits or 0)
            for bit, unit in units
            if lies_in(unit.place, at.place)
        ]
        yield _sum(RequirementKind.PLACE, credit, at.place, at.credits, amounts, 0)


def _sum(  # noqa: PLR0917  # A row of a table, in the order of its columns.
    kind: RequirementKind,
    counted_in: RequirementKind,
    name: str | None,
    need: int,
    amounts: Iterable[tuple[int, int]],
    most_prior: int | None = None,
) -> _Sum:
    counting = tuple((bit, amount) for bit, amount in amounts if amount)
    mask, total = sum(bit for bit, _ in counting), sum(amount for _, amount in counting)
    return _Sum(kind, counted_in, name, need, mask, counting, total, most_prior)
