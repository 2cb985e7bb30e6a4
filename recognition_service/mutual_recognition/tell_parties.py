"""Telling parties in other installations how an agreement stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.peers import wire_name
from recognition_service.clock import format_instant
from recognition_service.exchange.post import post
from recognition_service.mutual_recognition.models import (
    AgreementRevision,
    NegotiatedAgreement,
)

AGREEMENT_STATE = "agreement.state"


def tell_parties(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    caller: Caller,
    *,
    now: datetime,
) -> None:
    """Put messages in the post for the parties that live elsewhere.

    The caller owns the transaction. Who proposed speaks; where it lives elsewhere
    itself, it leads, and nothing is told from here.
    """
    proposer = rows[0].parties[0]["authority"]
    away = [row for row in rows if is_elsewhere(row.authority_id)]
    if not away or is_elsewhere(proposer):
        return
    session.flush()
    for row in away:
        post(
            session,
            proposer,
            row.authority_id,
            row.id,
            type=AGREEMENT_STATE,
            body=_state(session, row, caller.message),
            actor=caller.actor,
            now=now,
        )


def _state(
    session: Session, row: NegotiatedAgreement, cause: str | None
) -> dict[str, Any]:
    text = session.get_one(AgreementRevision, (row.authority_id, row.id, row.revision))
    return {
        "cause": cause,
        "state": row.state,
        "parties": [
            {**party, "authority": wire_name(session, party["authority"])}
            for party in row.parties
        ],
        "revision": row.revision,
        "revised_by": wire_name(session, text.by),
        "revised_at": format_instant(text.at),
        "proposed_at": format_instant(row.proposed_at),
        "content": row.content,
        "digest": row.digest,
        "signatures": {
            wire_name(session, name): signature
            for name, signature in row.signatures.items()
        },
        "in_force_from": row.in_force_from.isoformat() if row.in_force_from else None,
        "withdrawn_by": wire_name(session, row.withdrawn_by)
        if row.withdrawn_by
        else None,
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
    }
