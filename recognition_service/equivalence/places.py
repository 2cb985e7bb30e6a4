"""Jurisdictions and what they are part of."""

from collections.abc import Mapping
from dataclasses import dataclass

from recognition_service.frameworks.rows import Framework, Jurisdiction


@dataclass(frozen=True, slots=True)
class Places:
    """Who is part of whom, and whose frameworks apply where.

    Attributes:
        lineages: A jurisdiction and all it is part of, the nearest first.
        parts: All parts of a jurisdiction.
        frameworks: The frameworks that a destination uses: its own; where it has
            none those of the state it is part of, else those of its parts.
    """

    lineages: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[str, ...]]
    frameworks: Mapping[str, tuple[Framework, ...]]

    def lineage(self, jurisdiction: str | None) -> tuple[str, ...]:
        """Return the jurisdiction and all it is part of, the nearest first."""
        return self.lineages.get(jurisdiction, ()) if jurisdiction else ()

    def related(self, jurisdiction: str) -> frozenset[str]:
        """Return the jurisdiction, all it is part of, and all its parts."""
        return frozenset(
            (*self.lineage(jurisdiction), *self.parts.get(jurisdiction, ()))
        )

    def are_related(self, one: str | None, other: str) -> bool:
        """Return whether one jurisdiction is, or is part of, the other."""
        return one in self.lineage(other) or other in self.lineage(one)


def survey(
    jurisdictions: Mapping[str, Jurisdiction], frameworks: Mapping[str, Framework]
) -> Places:
    """Work out lineages, parts and the frameworks of every jurisdiction."""
    lineages = {code: _lineage(code, jurisdictions) for code in jurisdictions}
    parts: dict[str, list[str]] = {}
    for code, line in lineages.items():
        for whole in line[1:]:
            parts.setdefault(whole, []).append(code)
    owned: dict[str, list[Framework]] = {}
    for framework in frameworks.values():
        if framework.jurisdiction is not None:
            owned.setdefault(framework.jurisdiction, []).append(framework)
    used: dict[str, tuple[Framework, ...]] = {}
    for code, line in lineages.items():
        nearest = next((owned[place] for place in line if place in owned), None)
        if nearest is None:
            below = parts.get(code, ())
            nearest = [row for part in below for row in owned.get(part, ())]
        used[code] = tuple(sorted(nearest, key=lambda row: row.id))
    return Places(
        lineages, {code: tuple(sorted(below)) for code, below in parts.items()}, used
    )


def _lineage(code: str, jurisdictions: Mapping[str, Jurisdiction]) -> tuple[str, ...]:
    line = [code]
    while True:
        row = jurisdictions.get(line[-1])
        whole = row.part_of if row else None
        if whole is None or whole in line:
            return tuple(line)
        line.append(whole)
