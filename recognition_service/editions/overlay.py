"""An authority's own rows, published over the shared base.

An overlay is small: it lists the rows that an authority replaces, adds or withdraws.
Each publication is a whole edition of its own and stays for ever, so that what was
decided under it can be replayed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.editions.digests import edition_digest, row_digest
from recognition_service.editions.errors import NoEditionError, TablesFailedError
from recognition_service.editions.find import (
    contents_of,
    edition_in_force,
    merge_overlay,
)
from recognition_service.editions.models import (
    CurrentEdition,
    Edition,
    EditionRow,
    TableRow,
)
from recognition_service.editions.package import REGIMES, Description
from recognition_service.frameworks.checks import check_tables
from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding
from recognition_service.frameworks.schema import TableSchema
from recognition_service.storage import audit
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.upsert import insert_for, insert_rows
from recognition_service.wording import text

_CHUNK = 500

Contents = dict[str, dict[str, dict[str, Any]]]
"""Rows by table and id, as columns and texts."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that an authority adds or replaces, or withdraws.

    Attributes:
        content: Column to text, empty cells left out; None: the row is withdrawn.
    """

    table: str
    id: str
    content: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What an authority publishes.

    Attributes:
        title: What this edition of its own rows is called.
        told: What changed, in sentences.
    """

    changes: Sequence[RowChange]
    title: str
    told: Sequence[str]


def publish_overlay(
    session: Session,
    authority_id: str,
    new: Publication,
    *,
    schema: Mapping[str, TableSchema],
    actor: str,
    now: datetime,
) -> str:
    """Publish rows of an authority's own, with those it has published before.

    The caller owns the transaction, which locks the authority's current edition. From
    its end on the authority's questions are answered with these rows.

    Returns:
        The digest of the new overlay.

    Raises:
        TablesFailedError: A row breaks a rule of the tables; nothing is published.
        NoEditionError: No base edition is loaded.
    """
    base = session.get(CurrentEdition, PLATFORM)
    if base is None:
        raise NoEditionError("No edition is loaded; run `recognition tables load`.")
    own = session.get(CurrentEdition, authority_id, with_for_update=True)
    contents = current_contents(session, authority_id)
    require_whole(contents, new.changes, schema)
    rows = {} if own is None else _digests(session, authority_id, own.edition_digest)
    for change in new.changes:
        rows[change.table, change.id] = (
            None if change.content is None else row_digest(change.table, change.content)
        )
    _store_contents(session, new.changes)
    digest = _store(session, authority_id, new, rows, base=base.edition_digest, now=now)
    if own is None:
        session.add(
            CurrentEdition(authority_id=authority_id, edition_digest=digest, since=now)
        )
    else:
        own.edition_digest, own.since = digest, now
    session.flush()
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="edition.published",
        subject=f"edition/{digest}",
        content={"base": base.edition_digest, "rows": len(new.changes)},
        now=now,
    )
    return digest


def current_contents(session: Session, authority_id: str) -> Contents:
    """Return the rows that answer an authority now, by table and id.

    Raises:
        NoEditionError: No base edition is loaded.
    """
    in_force = edition_in_force(session, authority_id)
    contents = contents_of(session, PLATFORM, in_force.base)
    if in_force.overlay is not None:
        merge_overlay(session, contents, in_force.overlay)
    contents.pop(REGIMES, None)
    return contents


def apply_changes(contents: Contents, changes: Iterable[RowChange]) -> None:
    """Replace, add and withdraw rows as changes say."""
    for change in changes:
        rows = contents.setdefault(change.table, {})
        if change.content is None:
            rows.pop(change.id, None)
        else:
            rows[change.id] = {**change.content}


def require_whole(
    contents: Contents,
    changes: Sequence[RowChange],
    schema: Mapping[str, TableSchema],
) -> None:
    """Apply changes, and refuse them if the tables break a rule because of them.

    Raises:
        TablesFailedError: A rule is broken; `errors` names change and column.
    """
    for line, change in enumerate(changes, start=1):
        if change.table not in schema:
            fault = {
                "pointer": f"/changes/{line - 1}/table",
                "code": "missing_table",
                "detail": "There is no such table.",
            }
            raise TablesFailedError("There is no such table.", (fault,))
    apply_changes(contents, changes)
    lines = {
        (change.table, change.id): line for line, change in enumerate(changes, start=1)
    }
    findings = [
        finding
        for finding in check_tables(schema, _files(schema, contents, lines))
        if finding.line > 0 or finding.params.get("other_line")
    ]
    if findings:
        raise TablesFailedError(
            f"{len(findings)} rules are broken.", tuple(map(_fault, findings))
        )


def _files(
    schema: Mapping[str, TableSchema],
    contents: Mapping[str, Mapping[str, Mapping[str, Any]]],
    lines: Mapping[tuple[str, str], int],
) -> dict[str, TableFile]:
    """Return the tables as files; only what is changed now stands on a line."""
    return {
        name: TableFile(
            name,
            tuple(table.fields),
            tuple(
                RawRow(lines.get((name, row_id), 0), cells)
                for row_id, cells in contents.get(name, {}).items()
            ),
        )
        for name, table in schema.items()
    }


def _fault(finding: Finding) -> dict[str, Any]:
    line = finding.line or finding.params["other_line"]
    column = f"/content/{finding.column}" if finding.column else ""
    return {
        "pointer": f"/changes/{int(str(line)) - 1}{column}",
        "code": finding.rule,
        "detail": text(f"tables.{finding.rule}", finding.params),
    }


def _digests(
    session: Session, authority_id: str, digest: str
) -> dict[tuple[str, str], str | None]:
    rows = session.execute(
        select(EditionRow.table_name, EditionRow.row_id, EditionRow.row_digest).where(
            EditionRow.authority_id == authority_id,
            EditionRow.edition_digest == digest,
        )
    )
    return {(table, row_id): found for table, row_id, found in rows}


def _store_contents(session: Session, changes: Sequence[RowChange]) -> None:
    values = [
        {
            "digest": row_digest(change.table, change.content),
            "table_name": change.table,
            "row_id": change.id,
            "content": dict(change.content),
        }
        for change in changes
        if change.content is not None
    ]
    statement = insert_for(session, TableRow).on_conflict_do_nothing()
    for start in range(0, len(values), _CHUNK):
        session.execute(statement, values[start : start + _CHUNK])


def _store(
    session: Session,
    authority_id: str,
    new: Publication,
    rows: Mapping[tuple[str, str], str | None],
    *,
    base: str,
    now: datetime,
) -> str:
    """Store the edition with its list of rows, and return its digest."""
    day = legal_day(read_authority(session, authority_id), now)
    earlier = session.scalar(
        select(func.count())
        .select_from(Edition)
        .where(Edition.authority_id == authority_id)
    )
    label = f"{day.isoformat()}/{(earlier or 0) + 1}"
    description = Description(label, day, new.title, tuple(new.told))
    by_table: dict[str, dict[str, str | None]] = {}
    for (table, row_id), found in rows.items():
        by_table.setdefault(table, {})[row_id] = found
    digest = edition_digest(description, by_table, base)
    session.add(
        Edition(
            authority_id=authority_id,
            digest=digest,
            base_digest=base,
            label=label,
            dated=day,
            title=new.title,
            changes=list(new.told),
            loaded_at=now,
        )
    )
    session.flush()
    insert_rows(
        session,
        EditionRow,
        [
            {
                "authority_id": authority_id,
                "edition_digest": digest,
                "table_name": table,
                "row_id": row_id,
                "row_digest": found,
            }
            for (table, row_id), found in rows.items()
        ],
    )
    return digest
