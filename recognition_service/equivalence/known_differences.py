"""Substantial differences that published statements tell of a type of qualification.

Source: EAR manual, chapter 2 (the five elements of a qualification).
"""

from collections.abc import Iterator
from datetime import date

from recognition_service.equivalence.compensation import (
    DifferenceSource,
    KnownDifference,
)
from recognition_service.equivalence.precedents import Subject
from recognition_service.equivalence.snapshot import Snapshot, title_key
from recognition_service.frameworks.instruments import (
    ComparabilityStatement,
    ElementResult,
)


def stated_differences(
    snapshot: Snapshot, subject: Subject, *, on: date
) -> tuple[KnownDifference, ...]:
    """Return the elements in which statements find a substantial difference.

    Each is named by its element, such as "profile", and by the words of the statement.
    Statements for a whole state count in its parts too.

    Args:
        snapshot: The edition that is asked.
        subject: What is compared.
        on: The day on which the statements have to stand.
    """
    places = snapshot.places.lineage(subject.destination)
    key = None if subject.title is None else title_key(subject.title)
    return tuple(
        difference
        for _, row in sorted(snapshot.tables.comparability_statements.items())
        if row.origin == subject.origin
        and row.destination in places
        and row.profession in {None, subject.profession}
        and (row.valid_to is None or row.valid_to >= on)
        and (
            (
                row.qualification is not None
                and row.qualification == subject.qualification
            )
            or (key is not None and title_key(row.title) == key)
        )
        for difference in _of(row)
    )


def _of(row: ComparabilityStatement) -> Iterator[KnownDifference]:
    elements = {
        "level": row.element_level,
        "workload": row.element_workload,
        "quality": row.element_quality,
        "profile": row.element_profile,
        "learning_outcomes": row.element_outcomes,
    }
    reason = row.elements_reason
    for element, result in elements.items():
        if result is ElementResult.SUBSTANTIAL_DIFFERENCE:
            yield KnownDifference(
                subject=element,
                source=DifferenceSource.STATEMENT,
                reference=row.id,
                why_essential=reason,
                also_named=(f"{row.id}:{element}", *((reason,) if reason else ())),
            )
