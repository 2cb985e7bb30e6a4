"""The programmes of one edition: each with its parts, and found by what is asked.

Programmes inform about ways that people take; no comparison and no decision rests on
them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from recognition_service.equivalence.places import Places
from recognition_service.frameworks.programmes import (
    Element,
    ElementValue,
    Programme,
    ProgrammeBody,
    ProgrammeCost,
    ProgrammeFigure,
    ProgrammeLimit,
    ProgrammeParty,
    ProgrammePhase,
    Side,
)
from recognition_service.frameworks.tables import Tables
from recognition_service.frameworks.titles import words


class _Part(Protocol):
    """A row of one of the tables beside the programmes."""

    @property
    def id(self) -> str: ...

    @property
    def programme(self) -> str: ...


_Row = TypeVar("_Row", bound=_Part)
_COLUMNS: Mapping[Element, Callable[[Programme], str | None]] = {
    Element.STATE_COOPERATION: lambda row: row.el1_state_cooperation,
    Element.MULTI_STAKEHOLDER: lambda row: row.el2_multi_stakeholder,
    Element.TRAINING: lambda row: row.el3_training,
    Element.SKILLS_RECOGNITION: lambda row: row.el4_skills_recognition,
    Element.MOBILITY: lambda row: row.el5_mobility,
}


@dataclass(frozen=True, slots=True)
class Described:
    """A programme with all that stands in the tables beside it, in their order.

    Attributes:
        components: Ids of the programmes of which this one is the parent.
        words: By which it is found, in plain ASCII.
    """

    row: Programme
    parties: tuple[ProgrammeParty, ...]
    bodies: tuple[ProgrammeBody, ...]
    figures: tuple[ProgrammeFigure, ...]
    limits: tuple[ProgrammeLimit, ...]
    costs: tuple[ProgrammeCost, ...]
    phases: tuple[ProgrammePhase, ...]
    components: tuple[str, ...]
    words: frozenset[str]

    def on(self, side: Side) -> tuple[ProgrammeParty, ...]:
        """Return the parties on one side."""
        return tuple(party for party in self.parties if party.side is side)

    def element(self, element: Element) -> ElementValue:
        """Return whether the source says that the programme has an element."""
        return ElementValue(_COLUMNS[element](self.row) or ElementValue.UNKNOWN)

    @property
    def dual_certification(self) -> ElementValue:
        """Whether the source says that it ends with certificates of both sides."""
        return ElementValue(self.row.dual_certification or ElementValue.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; `None` and "" are no condition.

    Attributes:
        origin: A jurisdiction; its parts, and the state it is a part of, count too.
        destination: The same, on the other side.
        element: An element of which the source says `value`.
        kind: Kind of programme.
        query: Beginnings of words of names, sectors, groups and bodies.
    """

    origin: str | None = None
    destination: str | None = None
    element: Element | None = None
    value: ElementValue = ElementValue.YES
    kind: str | None = None
    query: str = ""


def describe(tables: Tables) -> dict[str, Described]:
    """Return all programmes with their parts, by id and in the order of ids."""
    parties = _by_programme(tables.programme_parties)
    bodies = _by_programme(tables.programme_bodies)
    figures = _by_programme(tables.programme_figures)
    limits = _by_programme(tables.programme_limits)
    costs = _by_programme(tables.programme_costs)
    phases = _by_programme(tables.programme_phases)
    components: dict[str, list[str]] = {}
    for code, row in sorted(tables.programmes.items()):
        if row.parent_id is not None:
            components.setdefault(row.parent_id, []).append(code)
    return {
        code: Described(
            row,
            parties.get(code) or tuple(_listed(row)),
            bodies.get(code, ()),
            figures.get(code, ()),
            limits.get(code, ()),
            costs.get(code, ()),
            phases.get(code, ()),
            tuple(components.get(code, ())),
            _words(row, bodies.get(code, ())),
        )
        for code, row in sorted(tables.programmes.items())
    }


def find_programmes(
    programmes: Mapping[str, Described], places: Places, wanted: Wanted
) -> list[Described]:
    """Return the programmes that fit, in the order of ids."""
    asked = words(wanted.query)
    return [
        found
        for found in programmes.values()
        if _takes_part(found, places, Side.ORIGIN, wanted.origin)
        and _takes_part(found, places, Side.DESTINATION, wanted.destination)
        and (wanted.element is None or found.element(wanted.element) is wanted.value)
        and wanted.kind in {None, found.row.kind}
        and all(any(word.startswith(ask) for word in found.words) for ask in asked)
    ]


def _takes_part(
    found: Described, places: Places, side: Side, jurisdiction: str | None
) -> bool:
    return jurisdiction is None or any(
        party.jurisdiction is not None
        and places.are_related(party.jurisdiction, jurisdiction)
        for party in found.on(side)
    )


def _listed(row: Programme) -> Iterator[ProgrammeParty]:
    """Return the parties that the programme itself lists.

    Editions before that of 30 November 2026, and rows of authorities that list no
    more than that, have no table beside the programmes.
    """
    for side, codes in (
        (Side.ORIGIN, row.origin_countries),
        (Side.DESTINATION, row.destination_countries),
    ):
        for code in codes:
            yield ProgrammeParty(
                id=f"{row.id}:{side}:{code}",
                programme=row.id,
                side=side,
                jurisdiction=code,
                evidence=row.evidence,
                source=row.source,
            )


def _words(row: Programme, bodies: Iterable[ProgrammeBody]) -> frozenset[str]:
    texts = (
        row.id,
        row.name_en,
        row.name_paper_fr,
        row.sectors_paper,
        row.target_group,
        *(body.name for body in bodies),
    )
    return frozenset(words(" ".join(filter(None, texts))))


def _by_programme(rows: Mapping[str, _Row]) -> dict[str, tuple[_Row, ...]]:
    """Return the rows of a table by programme, in the order of their ids."""
    groups: dict[str, list[_Row]] = {}
    for row in sorted(rows.values(), key=_place):
        groups.setdefault(row.programme, []).append(row)
    return {code: tuple(group) for code, group in groups.items()}


def _place(row: _Part) -> list[tuple[int, str]]:
    """Return the parts of an id, such that its numbers are counted: 2 before 10."""
    return [
        (int(part), "") if part.isdecimal() else (0, part) for part in row.id.split(":")
    ]
