"""Checks that every row says how it is known and on what it rests."""

from collections.abc import Iterator, Mapping
from functools import partial

from recognition_service.frameworks.files import RawRow, TableFile, rows_of
from recognition_service.frameworks.findings import Finding, found
from recognition_service.frameworks.instruments import Binding, ObjectKind, Outcome
from recognition_service.frameworks.rows import Evidence
from recognition_service.frameworks.rules import RowRule
from recognition_service.frameworks.schema import TableSchema

_GRADES = tuple(grade.value for grade in Evidence)

# Kinds that name what they compare with, and those that may give a level instead.
_KINDS_WITH_OBJECTS = frozenset(
    {ObjectKind.REFERENCE_QUALIFICATION, ObjectKind.ONE_OF, ObjectKind.YEARS_OF}
)
_KINDS_WITH_LEVELS = frozenset({ObjectKind.AT_LEAST, ObjectKind.LISTED_LEVEL})
_OUTCOMES_WITH_OBJECT = frozenset({Outcome.FULL, Outcome.PARTIAL})


def evidence_rules(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[tuple[str, RowRule]]:
    """Yield what finds rows without evidence or source, and effects without ground."""
    sources = {row.cell("id") for row in rows_of(files, "sources")}
    for name, table in schema.items():
        asked = sources if "source" in table.fields else None
        yield name, partial(_check_ground, name, asked)
    with_parties = {
        row.cell("agreement") for row in rows_of(files, "agreement_parties")
    }
    yield "agreements", lambda row: _check_agreement(row, with_parties)
    yield "comparability_statements", _check_statement


def _check_ground(
    name: str, sources: set[str] | None, row: RawRow
) -> Iterator[Finding]:
    """Check evidence, and the source if the table has the column."""
    if row.cell("evidence") not in _GRADES:
        yield found(
            name,
            row,
            "evidence",
            "unknown_evidence",
            value=row.cell("evidence"),
            allowed=_GRADES,
        )
    if sources is None:
        return
    source = row.cell("source")
    if not source:
        yield found(name, row, "source", "source_missing")
    elif source not in sources:
        yield found(name, row, "source", "source_unknown", value=source)


def _check_agreement(row: RawRow, with_parties: set[str]) -> Iterator[Finding]:
    """Find an agreement that would decide although text or parties are unread."""
    established = row.cell("parties_established") == "yes"
    if established and row.cell("id") not in with_parties:
        yield found("agreements", row, "parties_established", "parties_absent")
    if not row.cell("decides"):
        return
    if not established:
        yield found("agreements", row, "decides", "decides_without_parties")
    if row.cell("evidence") != Evidence.SOURCE_READ:
        yield found(
            "agreements",
            row,
            "decides",
            "decides_unread",
            evidence=row.cell("evidence"),
        )


def _check_statement(row: RawRow) -> Iterator[Finding]:
    """Find a statement that says what comes out, but not against what.

    Source: EAR manual: a comparison is with a qualification, never only a level.
    """
    table, kind, outcome = (
        "comparability_statements",
        row.cell("object_kind"),
        row.cell("outcome"),
    )
    objects = row.cell("objects")
    levels = row.cell("destination_levels") or row.cell("eqf_levels")
    if row.cell("qualification") and row.cell("subject_framework"):
        yield found(table, row, "subject_framework", "subject_twice")
    if row.cell("subject_framework") and not row.cell("subject_levels"):
        yield found(table, row, "subject_levels", "subject_without_level")
    if row.cell("binding") == Binding.LEGAL and not row.cell("legal_basis"):
        yield found(table, row, "legal_basis", "legal_without_basis")
    if kind in _KINDS_WITH_OBJECTS and not objects:
        yield found(table, row, "objects", "object_missing", kind=kind)
    elif kind in _KINDS_WITH_LEVELS and not (objects or levels):
        yield found(table, row, "destination_levels", "object_missing", kind=kind)
    elif kind == ObjectKind.ONE_OF and ";" not in objects:
        yield found(table, row, "objects", "one_of_one")
    elif kind == ObjectKind.NONE and outcome in _OUTCOMES_WITH_OBJECT:
        yield found(table, row, "object_kind", "outcome_without_object", value=outcome)
