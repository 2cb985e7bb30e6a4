"""What is missing for each award of a training path, and the shortest way to all.

A curriculum is compiled once; then each question about it is a handful of sums over
the bits of the achieved units.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from recognition_service.equivalence.compiled_standard import (
    CompiledStandard,
    OpenRequirement,
)
from recognition_service.equivalence.covering import Column, smallest_cover
from recognition_service.equivalence.standards import Curriculum, Result, ResultKind

MOST_REMEMBERED = 20_000


class RestState(StrEnum):
    """Whether there is a way to the awards that are open."""

    DONE = "done"
    OPEN = "open"
    IMPOSSIBLE = "impossible"


class Rest(NamedTuple):
    """The least work that completes all awards that are open.

    Attributes:
        units: Ids in the order of the path; empty unless the state is open.
        is_exact: Whether it is known that no better way exists; False where there
            were too many possibilities to look at all of them.
    """

    state: RestState
    units: tuple[str, ...] = ()
    is_exact: bool = True


class Missing(NamedTuple):
    """What is missing on a path."""

    by_target: Mapping[str, tuple[OpenRequirement, ...]]
    rest: Rest


class _Cover(NamedTuple):
    """Bits of the cheapest units that meet what is left of some awards."""

    units: int
    is_exact: bool
    is_impossible: bool = False


_Question = tuple[int, tuple[int, ...], tuple[str, ...]]
"""Bits of the units that are taken, how far each sum falls short, and the awards."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A curriculum, compiled for questions about those who are on it.

    Attributes:
        bits: The bit of each unit by its id, in the order of the path.
        standards: Compiled, by the key of the target.
        covers: Cheapest ways to meet what is left, as worked out before.
    """

    curriculum: Curriculum
    bits: Mapping[str, int]
    standards: Mapping[str, CompiledStandard]
    covers: dict[_Question, _Cover] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def build(cls, curriculum: Curriculum) -> "Plan":
        """Compile a curriculum that breaks no rule of `standard_faults`."""
        units = tuple((1 << place, unit) for place, unit in enumerate(curriculum.units))
        return cls(
            curriculum,
            {unit.id: bit for bit, unit in units},
            {
                target.key: CompiledStandard.build(
                    target.requirements,
                    (
                        (bit, unit)
                        for bit, unit in units
                        if any(each.target == target.key for each in unit.counts_for)
                    ),
                )
                for target in curriculum.targets
            },
        )

    def marks(self, results: Mapping[str, Result]) -> tuple[int, int]:
        """Return the bits of the achieved units, and of those by prior learning."""
        achieved = prior = 0
        for unit, result in results.items():
            bit = self.bits[unit]
            achieved |= bit
            if result.kind is ResultKind.PRIOR_LEARNING:
                prior |= bit
        return achieved, prior


def missing(
    plan: Plan,
    results: Mapping[str, Result],
    *,
    targets: Collection[str] | None = None,
) -> Missing:
    """Return what is missing for each award, and the shortest rest.

    The rest holds the units whose achievement completes the awards with the least
    work; of ways with the same workload the one with the fewest units, then the one
    that comes first on the path. Its units are taken as assessed, not as prior
    learning.

    Args:
        plan: The path.
        results: By the id of the unit.
        targets: The awards that the rest has to complete; None: all of them.
    """
    achieved, prior = plan.marks(results)
    shorts = {
        key: standard.shorts(achieved, prior)
        for key, standard in plan.standards.items()
    }
    found = {
        key: standard.open(achieved, shorts[key])
        for key, standard in plan.standards.items()
    }
    wanted = [key for key in found if targets is None or key in targets]
    if not any(found[key] for key in wanted):
        return Missing(found, Rest(RestState.DONE))
    return Missing(found, _rest(plan, (achieved, prior), shorts, wanted))


def open_requirements(
    plan: Plan, results: Mapping[str, Result]
) -> dict[str, tuple[OpenRequirement, ...]]:
    """Return the requirements that are not met yet, by the key of the award."""
    achieved, prior = plan.marks(results)
    return {
        key: standard.open(achieved, standard.shorts(achieved, prior))
        for key, standard in plan.standards.items()
    }


def _rest(
    plan: Plan,
    marks: tuple[int, int],
    shorts: Mapping[str, list[int]],
    wanted: Sequence[str],
) -> Rest:
    """Return the units demanded by name with the cheapest that meet what is left."""
    (achieved, prior), forced = marks, 0
    for key in wanted:
        forced |= plan.standards[key].must & ~achieved
    taken, left = achieved | forced, []
    for key in wanted:
        for each, short in zip(plan.standards[key].sums, shorts[key], strict=True):
            is_nearer = short > 0 and each.mask & forced
            left.append(max(0, each.short(taken, prior) if is_nearer else short))
    question = (taken, tuple(left), tuple(wanted))
    cover = plan.covers.get(question)
    if cover is None:
        if len(plan.covers) >= MOST_REMEMBERED:
            plan.covers.clear()
        cover = plan.covers[question] = _cover(plan, question)
    if cover.is_impossible:
        return Rest(RestState.IMPOSSIBLE)
    chosen = forced | cover.units
    units = tuple([unit for unit, bit in plan.bits.items() if bit & chosen])
    return Rest(RestState.OPEN, units, cover.is_exact)


def _cover(plan: Plan, question: _Question) -> _Cover:
    """Return the cheapest units beyond those taken that meet what is left."""
    taken, left, wanted = question
    standards = [plan.standards[key] for key in wanted]
    sums = [each for standard in standards for each in standard.sums]
    outcomes = {
        mask
        for standard in standards
        for mask, _ in standard.outcomes
        if not mask & taken
    }
    needs = [short for short in left if short] + [1] * len(outcomes)
    gives = [
        *(dict(each.amounts) for each, short in zip(sums, left, strict=True) if short),
        *(dict.fromkeys(_bits(mask), 1) for mask in sorted(outcomes)),
    ]
    columns, bits = [], []
    for unit in plan.curriculum.units:
        bit = plan.bits[unit.id]
        column = tuple([each.get(bit, 0) for each in gives])
        if not bit & taken and any(column):
            columns.append(Column(unit.workload, column))
            bits.append(bit)
    cover = smallest_cover(needs, columns)
    if cover is None:
        return _Cover(0, is_exact=True, is_impossible=True)
    return _Cover(sum(bits[place] for place in cover.chosen), cover.is_exact)


def _bits(mask: int) -> Iterator[int]:
    """Yield each bit of a mask."""
    while mask:
        yield mask & -mask
        mask &= mask - 1
