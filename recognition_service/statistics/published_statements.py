"""Published comparisons between two places, counted by who published them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from recognition_service.equivalence.relations import weakest_evidence
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import ComparabilityStatement, Purpose
from recognition_service.frameworks.packed_rows import rows_with
from recognition_service.frameworks.rows import Evidence


@dataclass(frozen=True, slots=True)
class Published:
    """Statements of one issuer about the origin in the destination.

    Attributes:
        count: How many of them there are.
        sources: Ids of their sources, each once.
        evidence: Of the one that is known least.
    """

    issuer: str
    binding: str
    purpose: str
    count: int
    sources: tuple[str, ...]
    evidence: Evidence


def statements_between(
    snapshot: Snapshot,
    origin: str,
    destination: str,
    *,
    purposes: Collection[Purpose],
    profession: str | None,
    on: date,
) -> Iterator[ComparabilityStatement]:
    """Yield the statements for one of the purposes that are not over."""
    lineage = snapshot.places.lineage
    destinations = set(lineage(destination))
    origins = set(lineage(origin))
    rows = snapshot.tables.comparability_statements
    for row in rows_with(rows, "origin", origins):
        if (
            row.destination in destinations
            and row.purpose in purposes
            and row.profession in {None, profession}
            and (row.valid_to is None or row.valid_to >= on)
        ):
            yield row


def by_issuer(statements: Iterable[ComparabilityStatement]) -> tuple[Published, ...]:
    """Return statements by issuer, force and purpose, the most first."""
    groups: dict[tuple[str, str, str], list[ComparabilityStatement]] = {}
    for row in statements:
        key = (row.issuer, row.binding.value, row.purpose.value)
        groups.setdefault(key, []).append(row)
    found = [
        Published(
            *key,
            len(rows),
            tuple(dict.fromkeys(row.source for row in rows)),
            weakest_evidence(row.evidence for row in rows),
        )
        for key, rows in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: -each.count))
