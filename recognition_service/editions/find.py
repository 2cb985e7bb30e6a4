"""Finding editions again and turning them into values."""

import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from recognition_service.credentials.errors import NotCanonicalizableError
from recognition_service.editions.digests import edition_digest, row_digest
from recognition_service.editions.errors import (
    EditionNotFoundError,
    NoEditionError,
    RegimeNotInEditionError,
)
from recognition_service.editions.models import (
    CurrentEdition,
    Edition,
    EditionRow,
    TableRow,
)
from recognition_service.editions.package import REGIMES, Description
from recognition_service.editions.stored_rows import merged_rows, own_rows, stored_rows
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.parse import parse_table
from recognition_service.frameworks.tables import Tables
from recognition_service.regimes.regime import Regime, read_regime
from recognition_service.storage.base import PLATFORM


@dataclass(frozen=True, slots=True)
class EditionInForce:
    """Which edition answers an authority: the base and its own overlay, if any."""

    base: str
    overlay: str | None


@dataclass(frozen=True, slots=True)
class CompiledEdition:
    """An edition as the knowledge rooms use it."""

    snapshot: Snapshot
    regimes: Mapping[str, Regime]

    def regime(self, regime_id: str) -> Regime:
        """Return a regime.

        Raises:
            RegimeNotInEditionError: The edition does not have it, or no longer.
        """
        try:
            return self.regimes[regime_id]
        except KeyError:
            raise RegimeNotInEditionError(
                f"The edition in force has no regime {regime_id}; no decision can be "
                "taken under it. Load an edition that has it."
            ) from None


@dataclass(frozen=True, slots=True)
class EditionSummary:
    """What is told about an edition in lists."""

    digest: str
    label: str
    dated: date
    title: str
    changes: tuple[str, ...]


def edition_in_force(
    session: Session, authority_id: str | None = None
) -> EditionInForce:
    """Return which edition answers now.

    Raises:
        NoEditionError: Nothing has been loaded yet.
    """
    base = session.get(CurrentEdition, PLATFORM)
    if base is None:
        raise NoEditionError("No edition is loaded; run `recognition tables load`.")
    own = session.get(CurrentEdition, authority_id) if authority_id else None
    return EditionInForce(base.edition_digest, own.edition_digest if own else None)


def compile_edition(session: Session, wanted: EditionInForce) -> CompiledEdition:
    """Read an edition, with its overlay merged in, and compile it.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    dated = _edition(session, PLATFORM, wanted.base).dated
    tables, regimes = {}, {}
    with closing(merged_rows(session, wanted.base, wanted.overlay)) as found:
        for name, rows in found:
            if name == REGIMES:
                regimes = {row["id"]: read_regime(row) for row in rows}
            else:
                tables[name] = parse_table(name, rows)
    snapshot = Snapshot.build(Tables(**tables), wanted.base, dated, wanted.overlay)
    return CompiledEdition(snapshot, regimes)


def altered_rows(session: Session, digest: str, owner: str = PLATFORM) -> list[str]:
    """Return what in a stored edition no longer has the digest it had.

    Empty if the edition is whole. A row is named "table/id"; "edition" stands for
    the list of rows or the description.

    Args:
        session: Any session.
        digest: The edition.
        owner: Whose edition it is: an authority has overlays.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    edition = _edition(session, owner, digest)
    rows: dict[str, dict[str, str | None]] = {}
    altered = []
    listed = session.execute(
        select(
            EditionRow.table_name,
            EditionRow.row_id,
            EditionRow.row_digest,
            TableRow.table_name,
            TableRow.row_id,
            cast(TableRow.content, Text),
        )
        .outerjoin(TableRow, TableRow.digest == EditionRow.row_digest)
        .where(EditionRow.authority_id == owner, EditionRow.edition_digest == digest)
    )
    for table, row_id, found, *place, content in listed:
        rows.setdefault(table, {})[row_id] = found
        if found is None:  # An overlay withdraws the row.
            continue
        if place != [table, row_id] or _digest_of_text(table, content) != found:
            altered.append(f"{table}/{row_id}")
    description = Description(
        edition.label, edition.dated, edition.title, tuple(edition.changes)
    )
    if edition_digest(description, rows, edition.base_digest) != digest:
        altered.append("edition")
    return altered


def edition_document(session: Session, digest: str) -> dict[str, Any]:
    """Return a stored edition whole: description, rows and signature.

    An overlay has only the rows that its authority replaced or added, and the ids of
    those that it withdrew.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    owner = PLATFORM
    if session.get(Edition, (PLATFORM, digest)) is None:
        owner = owner_of_overlay(session, digest)
    edition = _edition(session, owner, digest)
    withdrawn = session.execute(
        select(EditionRow.table_name, EditionRow.row_id)
        .where(
            EditionRow.authority_id == owner,
            EditionRow.edition_digest == digest,
            EditionRow.row_digest.is_(None),
        )
        .order_by(EditionRow.table_name, EditionRow.row_id)
    )
    return {
        "digest": edition.digest,
        "owner": owner,
        "base": edition.base_digest,
        "id": edition.label,
        "date": edition.dated.isoformat(),
        "title": edition.title,
        "changes": edition.changes,
        "tables": {
            table: list(rows.values())
            for table, rows in sorted(contents_of(session, owner, digest).items())
        },
        "withdrawn": [f"{table}/{row_id}" for table, row_id in withdrawn],
        "signature": edition.signature,
    }


def owner_of_overlay(session: Session, digest: str) -> str:
    """Return the authority whose own rows an overlay holds.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    owner = session.scalars(
        select(Edition.authority_id)
        .where(Edition.digest == digest, Edition.authority_id != PLATFORM)
        .order_by(Edition.authority_id)
    ).first()
    if owner is None:
        raise EditionNotFoundError(f"No edition {digest} is stored here.")
    return owner


def signature_of(session: Session, owner: str, digest: str) -> str | None:
    """Return the signature of a stored edition, or None before it was signed.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    return _edition(session, owner, digest).signature


def list_editions(session: Session) -> list[EditionSummary]:
    """Return all base editions, newest first."""
    return [
        EditionSummary(row.digest, row.label, row.dated, row.title, tuple(row.changes))
        for row in session.scalars(
            select(Edition)
            .where(Edition.authority_id == PLATFORM)
            .order_by(Edition.loaded_at.desc(), Edition.digest)
        )
    ]


def _digest_of_text(table: str, content: str) -> str | None:
    """Return the digest of a stored row; None: it is no row at all any more."""
    try:
        return row_digest(table, json.loads(content))
    except (TypeError, ValueError, NotCanonicalizableError):
        return None


def _edition(session: Session, owner: str, digest: str) -> Edition:
    edition = session.get(Edition, (owner, digest))
    if edition is None:
        raise EditionNotFoundError(f"No edition {digest} is stored here.")
    return edition


def contents_of(
    session: Session, owner: str, digest: str
) -> dict[str, dict[str, dict[str, Any]]]:
    """Read the rows of an edition by table and id, in the order of ids.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    _edition(session, owner, digest)
    return {
        table: {row["id"]: row for row in rows}
        for table, rows in stored_rows(session, owner, digest)
    }


def merge_overlay(
    session: Session, contents: dict[str, dict[str, dict[str, Any]]], overlay: str
) -> None:
    """Replace, add and withdraw rows as an authority's overlay says.

    Raises:
        EditionNotFoundError: It is not stored here.
    """
    for table, own in own_rows(session, overlay).items():
        for row_id, content in own.items():
            if content is None:
                contents.get(table, {}).pop(row_id, None)
            else:
                contents.setdefault(table, {})[row_id] = content
