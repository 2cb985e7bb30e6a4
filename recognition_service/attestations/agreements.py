"""What attestations say of an agreement, and whether it still carries new ones.

A decision names in its legal basis, as the tables do, an agreement that two bodies
signed: "agr-" and its id. When a party has left it, nothing new is attested under it;
what was attested before stays as it is.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.drafts import NewAttestation
from recognition_service.attestations.errors import AgreementNotInForceError
from recognition_service.attestations.issuer import Issuer
from recognition_service.attestations.legal_basis import agreements_in
from recognition_service.editions.models import CurrentEdition, EditionRow, TableRow

_TABLE, _IN_FORCE = "agreements", "in_force"


def refuse_ended(
    session: Session, issuer: Issuer, wanted: Sequence[NewAttestation], now: datetime
) -> dict[int, AgreementNotInForceError]:
    """Refuse, by position, what rests on an agreement that does not bind the issuer.

    The caller owns the transaction; no party leaves an agreement before its end.
    """
    named = {
        position: found
        for position, new in enumerate(wanted)
        if (found := agreements_in(_legal_basis(issuer, new)))
    }
    if not named:
        return {}
    binding = _binding(
        session, issuer, {name for each in named.values() for name in each}, now
    )
    return {
        position: AgreementNotInForceError(
            f"{name} is no agreement of this authority that is in force."
        )
        for position, names in named.items()
        for name in names
        if name not in binding
    }


def _legal_basis(issuer: Issuer, new: NewAttestation) -> Sequence[str]:
    _, findings = new.decision(issuer.url)
    basis: Sequence[str] = findings["legal"]["basis"]
    return basis


def _binding(
    session: Session, issuer: Issuer, names: Iterable[str], now: datetime
) -> set[str]:
    """Return which of the agreements are in force in the authority's own tables."""
    own = session.scalar(
        select(CurrentEdition.edition_digest)
        .where(CurrentEdition.authority_id == issuer.authority_id)
        .with_for_update(read=True)
    )
    rows = session.scalars(
        select(TableRow.content)
        .join(EditionRow, EditionRow.row_digest == TableRow.digest)
        .where(
            EditionRow.authority_id == issuer.authority_id,
            EditionRow.edition_digest == own,
            EditionRow.table_name == _TABLE,
            EditionRow.row_id.in_(names),
        )
    )
    today = now.astimezone(ZoneInfo(issuer.time_zone)).date().isoformat()
    return {
        row["id"]
        for row in rows
        if row["status"] == _IN_FORCE and row["in_force_from"] <= today
    }
