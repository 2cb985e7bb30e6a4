"""Confirming a row of the tables by reading its source oneself.

A confirmation raises the grade of evidence of a row for the authority that made it,
and for nobody else. It is a draft like any other: a second person approves it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from recognition_service.editions.errors import DraftInvalidError
from recognition_service.editions.overlay import RowChange
from recognition_service.frameworks.rows import Evidence

_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSource:
    """The document in which somebody read what a row says.

    Attributes:
        read_on: The day of reading.
    """

    title: str
    read_on: date
    url: str | None = None
    publisher: str | None = None
    year: int | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A row that was found to say what its source says.

    Attributes:
        covers: Columns of a type of qualification that were read; empty: all.
    """

    table: str
    id: str
    source: ReadSource
    covers: Sequence[str] = ()


def confirming_changes(
    confirmations: Sequence[Confirmation],
    contents: Mapping[str, Mapping[str, Mapping[str, Any]]],
    *,
    authority_id: str,
) -> list[RowChange]:
    """Return the changes that confirmations make: a source each, and the row.

    Args:
        confirmations: What was read.
        contents: The rows that answer the authority now, by table and id.
        authority_id: Whose confirmations they are.

    Raises:
        DraftInvalidError: There is no such row, it is known as well already, or it
            carries no evidence.
    """
    faults = []
    changes: dict[tuple[str, str], RowChange] = {}
    for number, each in enumerate(confirmations):
        row = contents.get(each.table, {}).get(each.id, {})
        problem = _problem(row)
        if problem is not None:
            code, detail = problem
            place = f"/confirmations/{number}/id"
            faults.append({"pointer": place, "code": code, "detail": detail})
            continue
        source = _source(each.source, authority_id)
        if source.id not in contents.get("sources", {}):
            changes["sources", source.id] = source
        changes[each.table, each.id] = RowChange(
            each.table, each.id, _confirmed(each, row, source.id)
        )
    if faults:
        raise DraftInvalidError("A row cannot be confirmed.", tuple(faults))
    return list(changes.values())


def _problem(row: Mapping[str, Any]) -> tuple[str, str] | None:
    if not row:
        return "unknown_row", "There is no such row."
    if "source" not in row or "evidence" not in row:
        return "not_confirmable", "Such rows are not taken from a source."
    if row["evidence"] == Evidence.SOURCE_READ and not row.get("evidence_covers"):
        return "confirmed_already", "It was read in its source already."
    return None


def _confirmed(
    confirmation: Confirmation, row: Mapping[str, Any], source: str
) -> dict[str, Any]:
    """Return the row as it is known now."""
    read = confirmation.source
    words = f"Confirmed on {read.read_on.isoformat()}; before: {row['evidence']}, "
    told = [row.get("note"), f"{words}source {row['source']}"]
    confirmed = {
        **row,
        "evidence": Evidence.SOURCE_READ.value,
        "source": source,
        "revision": str(int(row.get("revision", 1)) + 1),
        "note": "; ".join(filter(None, told)),
    }
    confirmed.pop("evidence_covers", None)
    if confirmation.covers:
        confirmed["evidence_covers"] = ";".join(confirmation.covers)
    return confirmed


def _source(read: ReadSource, authority_id: str) -> RowChange:
    """Return the source as a row; the same document is the same row."""
    name = "\n".join(map(str, (read.title, read.url, read.read_on)))
    short = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
    source_id = f"{authority_id}:source-{short}"
    content = {
        "id": source_id,
        "title": read.title,
        "publisher": read.publisher,
        "year": None if read.year is None else str(read.year),
        "url": read.url,
        "licence": read.licence,
        "read_on": read.read_on.isoformat(),
        "evidence": Evidence.SOURCE_READ.value,
    }
    kept = {column: cell for column, cell in content.items() if cell}
    return RowChange("sources", source_id, kept)
