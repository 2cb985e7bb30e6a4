"""Which statements of an edition are precedents."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.editions.models import EditionRow, TableRow
from recognition_service.editions.own_rows import STATEMENTS
from recognition_service.frameworks.instruments import Binding
from recognition_service.storage.base import PLATFORM


def precedents_of(session: Session, base: str, overlay: str | None) -> frozenset[str]:
    """Return the ids of the statements of an edition that are precedents.

    An overlay replaces or withdraws those of its base. An edition that is not stored
    here has none.
    """
    found = set(_precedents(session, base, is_base=True))
    if overlay is not None:
        replaced = _precedents(session, overlay, is_base=False)
        found = {row for row in found if row not in replaced}
        found |= {row for row, is_precedent in replaced.items() if is_precedent}
    return frozenset(found)


def _precedents(session: Session, digest: str, *, is_base: bool) -> dict[str, bool]:
    """Return which rows of an edition are precedents; of a base only those."""
    binding = TableRow.content["binding"].as_string()
    query = (
        select(EditionRow.row_id, binding)
        .outerjoin(TableRow, TableRow.digest == EditionRow.row_digest)
        .where(EditionRow.edition_digest == digest, EditionRow.table_name == STATEMENTS)
    )
    if is_base:
        query = query.where(
            EditionRow.authority_id == PLATFORM, binding == Binding.PRECEDENT.value
        )
    else:
        query = query.where(EditionRow.authority_id != PLATFORM)
    return {row: found == Binding.PRECEDENT for row, found in session.execute(query)}
