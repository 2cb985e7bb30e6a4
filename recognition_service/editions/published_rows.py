"""What authorities of this installation have published themselves about two places.

Only the rows of their own that are in force are looked at, not the shared ones.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from recognition_service.editions.models import CurrentEdition, EditionRow, TableRow
from recognition_service.editions.own_rows import OF_AGREEMENTS, STATEMENTS
from recognition_service.storage.base import PLATFORM

_AGREEMENTS, _PARTIES = "agreements", "agreement_parties"


@dataclass(frozen=True, slots=True)
class SignedAgreement:
    """An agreement that bodies signed here, as the rows of one of them have it.

    Attributes:
        id: Without the prefix of its rows, as `/agreements/{id}` names it.
        status: "in_force" or "ended".
        in_force_from: As the row writes it.
    """

    id: str
    name: str
    status: str
    in_force_from: str


@dataclass(frozen=True, slots=True)
class PublishedRows:
    """What one authority has published about an origin in a destination.

    Attributes:
        edition: Digest of its own rows.
        statements: How many, by binding.
    """

    authority_id: str
    edition: str
    statements: tuple[tuple[str, int], ...]
    agreements: tuple[SignedAgreement, ...]


def own_editions(session: Session) -> dict[str, str]:
    """Return the digest of the own rows in force, by authority."""
    rows = session.execute(
        select(CurrentEdition.authority_id, CurrentEdition.edition_digest)
        .where(CurrentEdition.authority_id != PLATFORM)
        .order_by(CurrentEdition.authority_id)
    )
    return {row.authority_id: row.edition_digest for row in rows}


def published_rows(
    session: Session,
    authority_id: str,
    edition: str,
    origins: Collection[str],
    destinations: Collection[str],
) -> PublishedRows:
    """Return what an authority has published about an origin in a destination.

    Args:
        session: A reading session.
        authority_id: Who published.
        edition: Digest of its own rows.
        origins: The jurisdiction that awarded, and what it is part of.
        destinations: The jurisdiction that is asked, likewise.
    """
    own = (
        EditionRow.authority_id == authority_id,
        EditionRow.edition_digest == edition,
    )
    binding = TableRow.content["binding"].as_string()
    counted = session.execute(
        select(binding, func.count())
        .join(EditionRow, EditionRow.row_digest == TableRow.digest)
        .where(
            *own,
            EditionRow.table_name == STATEMENTS,
            _cell("origin").in_(origins),
            _cell("destination").in_(destinations),
        )
        .group_by(binding)
        .order_by(binding)
    )
    statements = tuple((name, number) for name, number in counted)
    agreements = _agreements(session, own, (origins, destinations))
    return PublishedRows(authority_id, edition, statements, agreements)


def _agreements(
    session: Session,
    own: tuple[ColumnElement[bool], ...],
    sides: tuple[Collection[str], Collection[str]],
) -> tuple[SignedAgreement, ...]:
    """Return the signed agreements of which both sides are parties."""
    rows = session.execute(
        select(EditionRow.table_name, TableRow.content)
        .join(TableRow, EditionRow.row_digest == TableRow.digest)
        .where(
            *own,
            EditionRow.table_name.in_((_AGREEMENTS, _PARTIES)),
            EditionRow.row_id.startswith(OF_AGREEMENTS),
        )
        .order_by(EditionRow.row_id)
    )
    parties: dict[str, set[str]] = {}
    found = []
    for table, content in rows:
        if table == _AGREEMENTS:
            found.append(content)
        else:
            named = parties.setdefault(content["agreement"], set())
            named.add(content["jurisdiction"])
    return tuple(
        SignedAgreement(
            row["id"].removeprefix(OF_AGREEMENTS),
            row["name"],
            row["status"],
            row["in_force_from"],
        )
        for row in found
        if all(parties.get(row["id"], set()).intersection(side) for side in sides)
    )


def _cell(name: str) -> ColumnElement[str]:
    cell: ColumnElement[str] = TableRow.content[name].as_string()
    return cell
