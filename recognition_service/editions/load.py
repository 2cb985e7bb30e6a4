"""Loading a checked package as an edition that stays for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from recognition_service.editions.check import check_package
from recognition_service.editions.digests import edition_digest, row_digests
from recognition_service.editions.errors import (
    OlderEditionError,
    TablesFailedError,
)
from recognition_service.editions.models import (
    CurrentEdition,
    Edition,
    EditionRow,
    TableRow,
)
from recognition_service.editions.package import REGIMES, Package
from recognition_service.editions.search import index_titles
from recognition_service.storage import audit
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.upsert import insert_for

RowsByTable = Mapping[str, Mapping[str, Mapping[str, Any]]]
_CHUNK = 500


def load_base_edition(
    session: Session,
    package: Package,
    *,
    goes_back: bool = False,
    actor: str,
    now: datetime,
) -> str:
    """Store a package as the base edition in force and return its digest.

    The caller owns the transaction. An edition that is stored already is only made
    the current one. Older editions stay.

    Args:
        session: A writing session.
        package: The tables.
        goes_back: Whether an edition of an earlier day may take the place of the one
            in force.
        actor: Who loads it.
        now: The instant.

    Raises:
        TablesFailedError: The package breaks a rule; nothing is stored.
        OlderEditionError: It is older than the one in force; nothing is stored.
    """
    _require_newer(session, package, goes_back=goes_back)
    findings = check_package(package)
    if findings:
        first = findings[0]
        raise TablesFailedError(
            f"{len(findings)} rules are broken, the first in "
            f"{first.file}, line {first.line}: {first.rule}."
        )
    rows = canonical_rows(package)
    digests = row_digests(rows)
    digest = edition_digest(package.description, digests)
    if session.get(Edition, (PLATFORM, digest)) is None:
        _store_rows(session, rows, digests)
        _store_edition(session, package, digest, digests, now)
        _note(session, digest, "edition.loaded", actor, now)
    _make_current(session, digest, actor, now)
    index_titles(session, rows["qualifications"])
    return digest


def package_digest(package: Package) -> str:
    """Return the digest of the edition that a package would be."""
    return edition_digest(package.description, row_digests(canonical_rows(package)))


def _require_newer(session: Session, package: Package, *, goes_back: bool) -> None:
    """Refuse to go back to an older edition silently."""
    current = session.get(CurrentEdition, PLATFORM)
    if current is None or goes_back:
        return
    in_force = session.get_one(Edition, (PLATFORM, current.edition_digest))
    if package.description.dated < in_force.dated:
        raise OlderEditionError(
            f"The edition in force is of {in_force.dated}, this one of "
            f"{package.description.dated}."
        )


def canonical_rows(package: Package) -> dict[str, dict[str, Mapping[str, Any]]]:
    """Return the rows of a package by table and id, empty cells left out."""
    rows: dict[str, dict[str, Mapping[str, Any]]] = {
        name: {row.cells["id"]: row.cells for row in file.rows}
        for name, file in package.files.items()
    }
    rows[REGIMES] = {tree["id"]: tree for tree in package.regimes.values()}
    return rows


def _store_rows(
    session: Session, rows: RowsByTable, digests: Mapping[str, Mapping[str, str]]
) -> None:
    values = [
        {
            "digest": digests[table][row_id],
            "table_name": table,
            "row_id": row_id,
            "content": dict(content),
        }
        for table, contents in rows.items()
        for row_id, content in contents.items()
    ]
    statement = insert_for(session, TableRow).on_conflict_do_nothing()
    for start in range(0, len(values), _CHUNK):
        session.execute(statement, values[start : start + _CHUNK])


def _store_edition(
    session: Session,
    package: Package,
    digest: str,
    digests: Mapping[str, Mapping[str, str]],
    now: datetime,
) -> None:
    description = package.description
    session.add(
        Edition(
            authority_id=PLATFORM,
            digest=digest,
            label=description.label,
            dated=description.dated,
            title=description.title,
            changes=list(description.changes),
            loaded_at=now,
        )
    )
    session.flush()
    session.execute(
        insert(EditionRow),
        [
            {
                "authority_id": PLATFORM,
                "edition_digest": digest,
                "table_name": table,
                "row_id": row_id,
                "row_digest": found,
            }
            for table, by_id in digests.items()
            for row_id, found in by_id.items()
        ],
    )


def _make_current(session: Session, digest: str, actor: str, now: datetime) -> None:
    current = session.get(CurrentEdition, PLATFORM)
    if current is None:
        session.add(
            CurrentEdition(authority_id=PLATFORM, edition_digest=digest, since=now)
        )
    elif current.edition_digest != digest:
        current.edition_digest, current.since = digest, now
    else:
        return
    _note(session, digest, "edition.made_current", actor, now)


def _note(
    session: Session, digest: str, action: str, actor: str, now: datetime
) -> None:
    audit.append(
        session,
        PLATFORM,
        actor=actor,
        action=action,
        subject=f"edition/{digest}",
        content={},
        now=now,
    )
