"""One regime of a stored edition, without compiling the edition."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.editions.errors import EditionNotFoundError
from recognition_service.editions.models import EditionRow, TableRow
from recognition_service.editions.package import REGIMES
from recognition_service.regimes.regime import Regime, read_regime
from recognition_service.storage.base import PLATFORM

_MOST_KEPT = 1_000
# Named by the digest of its edition a regime never changes: it is read once.
_READ: dict[tuple[str, str], Regime] = {}


def regime_of(session: Session, base: str, regime_id: str) -> Regime:
    """Return a regime as a base edition has it.

    Args:
        session: Any session.
        base: Digest of the edition.
        regime_id: Such as "neutral".

    Raises:
        EditionNotFoundError: The edition is not stored here or has no such regime.
    """
    found = _READ.get((base, regime_id))
    if found is None:
        content = session.scalar(
            select(TableRow.content)
            .join(EditionRow, EditionRow.row_digest == TableRow.digest)
            .where(
                EditionRow.authority_id == PLATFORM,
                EditionRow.edition_digest == base,
                EditionRow.table_name == REGIMES,
                EditionRow.row_id == regime_id,
            )
        )
        if content is None:
            raise EditionNotFoundError(f"Edition {base} has no regime {regime_id}.")
        if len(_READ) >= _MOST_KEPT:
            _READ.clear()
        found = _READ[base, regime_id] = read_regime(content)
    return found
