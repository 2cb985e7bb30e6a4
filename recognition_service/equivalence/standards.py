"""What several awards demand of one training path, and what its units are worth.

Each award has a standard of its own, set by its own body. A unit of the path may
count for several awards; then each of their standards needs a rule that lets it.

Source: ECTS Users' Guide 2015, sections 2 and 4.5 (credits, workload, recognition
of units); CEDEFOP, European guidelines for validating non-formal and informal
learning (prior learning towards an award).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from recognition_service.equivalence.amounts import ONE

HOURS_PER_CREDIT = 25
"""The least workload that a credit stands for.

Source: ECTS Users' Guide 2015, section 2: one credit corresponds to 25 to 30 hours.
"""


class ResultKind(StrEnum):
    """How a unit was achieved."""

    ASSESSED = "assessed"
    PRIOR_LEARNING = "prior_learning"


@dataclass(frozen=True, slots=True)
class Group:
    """Units of which some have to be chosen.

    Attributes:
        name: What the standard calls the group.
        credits: Least sum of credits out of it, in hundredths; None: not counted.
        count: Least number of units out of it; None: not counted.
    """

    name: str
    units: tuple[str, ...]
    credits: int | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class CreditsAtPlace:
    """Credits that have to be achieved at a place, such as in the awarding state.

    Attributes:
        place: Code of a jurisdiction; its parts lie in it ("BE-FL" in "BE").
        credits: In hundredths. Prior learning does not count: it was not there.
    """

    place: str
    credits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What an award demands; only units that count for it are looked at.

    Attributes:
        credits: Least sum, in hundredths.
        hours: Least sum of the hours of units that state them, in hundredths.
        units: Ids of units without which there is no award.
        most_prior_learning_credits: Up to how many credits of prior learning count
            towards `credits`, in hundredths; None: all of them.
        learning_outcomes: Each has to be covered by an achieved unit.
    """

    credits: int | None = None
    hours: int | None = None
    units: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    places: tuple[CreditsAtPlace, ...] = ()
    most_prior_learning_credits: int | None = None
    learning_outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """An award that a training path leads to.

    Attributes:
        key: Short name within the path, such as "A".
        qualification: Id of a type of qualification of one framework.
        authority: The body that awards it.
        depends_on: Key of the award without which this one cannot be had; None: it
            stands by itself.
        basis: What lets this body award on this path, such as "programme".
    """

    key: str
    qualification: str
    authority: str
    requirements: Requirements
    depends_on: str | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class CountsFor:
    """That a unit counts for an award.

    Attributes:
        rule: Place in the award's standard that lets it count.
    """

    target: str
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit of learning.

    Attributes:
        credits: In hundredths; None: the unit states hours only.
        hours: Workload in hundredths of hours; None: it states credits only.
        provider: Who teaches it.
        place: Code of the jurisdiction where it is taught.
        phase: Part of the path that it belongs to, counted from 1.
        covers_differences: Substantial differences that it makes up for.
    """

    id: str
    title: str
    provider: str | None
    place: str | None = None
    credits: int | None = None
    hours: int | None = None
    phase: int | None = None
    counts_for: tuple[CountsFor, ...] = ()
    learning_outcomes: tuple[str, ...] = ()
    covers_differences: tuple[str, ...] = ()

    @property
    def workload(self) -> int:
        """The workload in hundredths of hours, from credits if hours are not told."""
        if self.hours is not None:
            return self.hours
        return (self.credits or 0) * HOURS_PER_CREDIT


@dataclass(frozen=True, slots=True)
class Result:
    """That a unit was achieved.

    Attributes:
        assessor: Who found so.
        evidence: Digest of the document that shows it, "sha256-…".
    """

    achieved_on: date
    assessor: str
    evidence: str
    kind: ResultKind = ResultKind.ASSESSED


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A training path: its awards and its units, each in the order of the path."""

    targets: tuple[Target, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """A standard that a curriculum is held against without leading to it.

    Attributes:
        code: Short name, such as the code of a jurisdiction.
        differences: Substantial differences that are known to be looked for there.
        counting: Ids of the units that a rule lets count; None: no rule is known,
            and every unit is looked at as if it counted.
    """

    code: str
    qualification: str | None
    requirements: Requirements
    differences: tuple[str, ...] = ()
    counting: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class StandardFault:
    """What is wrong in a curriculum.

    Attributes:
        pointer: The member that is wrong (RFC 6901), within the curriculum.
        code: Permanent name of the rule that it breaks.
        params: Values for the sentence about it.
    """

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def lies_in(place: str | None, wider: str) -> bool:
    """Return whether a place is another one or a part of it."""
    return place is not None and (place == wider or place.startswith(f"{wider}-"))


def as_count(number: int) -> int:
    """Return a number of things in hundredths, as all needs are kept."""
    return number * ONE
