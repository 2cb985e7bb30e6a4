"""Digests: of a row, and of an edition by the digests of its rows.

The digest of an edition covers its description and, for each table, the digest of
each row by id; one altered letter anywhere gives another edition.

Source: RFC 8785 (canonical form of JSON).
"""

from collections.abc import Mapping
from typing import Any

from recognition_service.credentials.canonical import digest
from recognition_service.editions.package import Description

RowDigests = Mapping[str, Mapping[str, str | None]]


def row_digest(table: str, content: Mapping[str, Any]) -> str:
    """Return the digest of one row in its canonical form."""
    return digest({"table": table, "row": dict(content)})


def row_digests(
    rows: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> dict[str, dict[str, str]]:
    """Return the digests of rows, by table and id like the rows."""
    return {
        table: {row_id: row_digest(table, row) for row_id, row in contents.items()}
        for table, contents in rows.items()
    }


def edition_digest(
    description: Description, rows: RowDigests, base: str | None = None
) -> str:
    """Return the digest of an edition.

    Args:
        description: Label, date, title and changes.
        rows: By table and row id the digest of the row, None for a withdrawn one.
            A table without rows counts for nothing.
        base: For an overlay, the digest of its base.
    """
    return digest(
        {
            "id": description.label,
            "date": description.dated.isoformat(),
            "title": description.title,
            "changes": list(description.changes),
            "base": base,
            "rows": {table: dict(found) for table, found in rows.items() if found},
        }
    )
