"""The skill level of ISCO-08 that the awards of a track stand for."""

from collections.abc import Iterable, Mapping
from typing import Any

from recognition_service.frameworks.occupations import (
    skill_of_education,
    skill_of_european_level,
)
from recognition_service.frameworks.rows import Relation
from recognition_service.frameworks.tables import Tables

_EQF = "EQF"


class AwardedSkills:
    """The skill levels of qualifications, each worked out once.

    The level of education that the tables state for a qualification comes first, as
    the classification of occupations itself speaks of it; then the European level to
    which its level was referenced as equal.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[str | None, int | None] = {}

    def of(self, curriculum: Mapping[str, Any], targets: Iterable[str]) -> int | None:
        """Return the highest skill level of some awards; None: not established.

        Args:
            curriculum: Of the track.
            targets: Keys of the awards that were made.
        """
        made = set(targets)
        found = [
            self._of_qualification(target["qualification"])
            for target in curriculum["targets"]
            if target["key"] in made
        ]
        return max((each for each in found if each is not None), default=None)

    def _of_qualification(self, named: str | None) -> int | None:
        if named not in self._known:
            self._known[named] = self._look_up(named)
        return self._known[named]

    def _look_up(self, named: str | None) -> int | None:
        row = self._tables.qualifications.get(named or "")
        if row is None:
            return None
        stated = skill_of_education(row.isced_level)
        if stated is not None or row.level is None:
            return stated
        return skill_of_european_level(
            each.level_b
            for each in self._tables.level_alignments.values()
            if (each.framework_a, each.level_a) == (row.framework, row.level)
            and each.framework_b == _EQF
            and each.relation is Relation.EQUAL
            and each.level_b is not None
        )
