"""Statements that tell how the same title was decided about before.

A precedent informs whoever decides next and never decides by itself.

Source: Lisbon Recognition Convention, article III.1 (the same criteria for all).
"""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from recognition_service.equivalence.snapshot import Snapshot, title_key
from recognition_service.frameworks.instruments import Binding, ComparabilityStatement
from recognition_service.frameworks.packed_rows import rows_with


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a decision is about, without the person.

    Attributes:
        title: As it is printed, and
        qualification: the id of its type; one of both may be None.
        profession: None: the decision is about none.
    """

    origin: str
    destination: str
    title: str | None = None
    qualification: str | None = None
    profession: str | None = None


def precedent_statements(
    snapshot: Snapshot, subject: Subject, *, on: date
) -> tuple[ComparabilityStatement, ...]:
    """Return the precedents about a title that stand on a day, in the order of ids.

    One for a whole state counts in its parts too.
    """
    places = snapshot.places.lineage(subject.destination)
    key = None if subject.title is None else title_key(subject.title)
    statements = snapshot.tables.comparability_statements
    precedents = rows_with(statements, "binding", {Binding.PRECEDENT})
    return tuple(
        row
        for row in sorted(precedents, key=attrgetter("id"))
        if row.origin == subject.origin
        and row.destination in places
        and row.profession == subject.profession
        and (
            title_key(row.title) == key
            or (
                row.qualification is not None
                and row.qualification == subject.qualification
            )
        )
        and (row.valid_to is None or row.valid_to >= on)
    )
