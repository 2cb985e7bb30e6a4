"""Single steps from one level to another, each resting on one published row."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from recognition_service.equivalence.epochs import Day
from recognition_service.equivalence.groups import members_with
from recognition_service.equivalence.relations import turned_round
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.rows import (
    Basis,
    Direction,
    Endorsement,
    FrameworkKind,
    LevelAlignment,
    Relation,
)

_COMPARISONS = {Basis.BILATERAL_REPORT, Basis.PILOT_COMPARISON}
_UNUSABLE = {Endorsement.NOT_ENDORSED, Endorsement.WITHDRAWN}


@dataclass(frozen=True, slots=True)
class Leg:
    """A published alignment, walked in one direction.

    Attributes:
        framework: Where the leg leads.
        code: The level there, `None` when the row says there is no counterpart.
        relation: As seen from where the leg starts.
        is_turned: Walked from B to A.
    """

    framework: str
    code: str | None
    relation: Relation
    row: LevelAlignment
    is_turned: bool

    @property
    def is_usable(self) -> bool:
        """Whether the document stands, so that levels may be told from it."""
        return self.row.endorsement not in _UNUSABLE

    @property
    def is_refused(self) -> bool:
        """Whether those who were asked to endorse the document did not."""
        return self.row.endorsement is Endorsement.NOT_ENDORSED

    @property
    def is_comparison(self) -> bool:
        """Whether two systems were compared, without a referencing to a hub."""
        return self.row.basis in _COMPARISONS

    def is_timely(self, day: Day | None) -> bool:
        """Return whether the row held on a day; any row does when it is unknown."""
        return day is None or day.is_within(self.row.valid_from, self.row.valid_to)

    def is_inverse(self, snapshot: Snapshot) -> bool:
        """Return whether a one-way table between two systems is walked backwards.

        Referencing to a hub is read both ways; a comparison of two systems only
        the way it was published, anything else is derived.
        """
        frameworks = snapshot.tables.frameworks
        return (
            self.is_turned
            and self.row.direction is Direction.A_TO_B
            and all(
                frameworks[code].kind is not FrameworkKind.HUB
                for code in (self.row.framework_a, self.row.framework_b)
            )
        )


def legs_between(
    snapshot: Snapshot, framework: str, code: str, others: Container[str]
) -> Iterator[Leg]:
    """Yield every leg from a level to some frameworks, except those of statistics.

    A statistical mapping indexes programmes and says nothing about levels.
    """
    place = (framework, code)
    for row in members_with(snapshot.from_a, place, "framework_b", others):
        if row.basis is not Basis.STATISTICAL_MAPPING:
            yield Leg(row.framework_b, row.level_b, row.relation, row, is_turned=False)
    for row in members_with(snapshot.from_b, place, "framework_a", others):
        if row.basis is not Basis.STATISTICAL_MAPPING:
            relation = turned_round(row.relation)
            yield Leg(row.framework_a, row.level_a, relation, row, is_turned=True)
