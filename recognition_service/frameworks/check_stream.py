"""Checks rows as they come, a few thousand at a time, against tables at hand.

What one row says of itself and of the other tables is found here. What two rows of the
same table say of each other is found only when all of it is there (`checks`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from recognition_service.frameworks.check_conditions import check_conditions
from recognition_service.frameworks.check_evidence import check_evidence
from recognition_service.frameworks.check_references import check_references
from recognition_service.frameworks.check_shape import RowShapes
from recognition_service.frameworks.check_validity import check_validity
from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding
from recognition_service.frameworks.schema import TableSchema

_CHUNK = 4000
_PLACES = "jurisdictions"


def check_rows(
    table: TableSchema,
    rows: Iterable[RawRow | Finding],
    files: Mapping[str, TableFile],
) -> Iterator[RawRow | Finding]:
    """Yield all rows again, each few thousand after what is to be mended in them.

    Args:
        table: The table of the rows.
        rows: From `csv_stream.read_rows`; findings among them are passed on.
        files: The other tables, to which the rows may refer. References within the
            same table are left to `checks.check_tables`.
    """
    header = tuple(table.fields)
    shapes = RowShapes(table, header)
    elsewhere = replace(
        table,
        foreign_keys=tuple(
            key for key in table.foreign_keys if key.table != table.name
        ),
    )
    others = {name: file for name, file in files.items() if name != table.name}
    entries = iter(rows)
    while chunk := list(islice(entries, _CHUNK)):
        findings = [entry for entry in chunk if isinstance(entry, Finding)]
        here = tuple(entry for entry in chunk if isinstance(entry, RawRow))
        for row in here:
            findings += shapes.check(row)
        file = TableFile(table.name, header, here)
        beside = {**others, table.name: file}
        schema = {table.name: elsewhere}
        findings += check_references(schema, beside)
        findings += (
            finding
            for finding in check_evidence(schema, beside)
            if finding.file == table.path
        )
        findings += check_validity({table.name: file})
        findings += check_conditions({_PLACES: beside[_PLACES], table.name: file})
        yield from sorted(findings, key=lambda each: (each.line, each.column or ""))
        yield from here
