"""Negotiating an agreement: proposing a text, revising it, giving it up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Authority
from recognition_service.frameworks.tables import Tables
from recognition_service.mutual_recognition.addressees import require_addressee
from recognition_service.mutual_recognition.agreement import (
    AgreementAct,
    AgreementState,
    lock_agreement,
    note_act,
    parties_of,
    require_act,
)
from recognition_service.mutual_recognition.agreement_content import (
    Party,
    agreement_digest,
    require_content,
)
from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.models import (
    AgreementRevision,
    NegotiatedAgreement,
)
from recognition_service.mutual_recognition.sides import VersionCheck, any_version
from recognition_service.storage.ids import new_id


def propose_agreement(
    session: Session,
    caller: Caller,
    *,
    to: str,
    content: Mapping[str, Any],
    tables: Tables,
    now: datetime,
) -> NegotiatedAgreement:
    """Lay a first text before another authority.

    The caller owns the transaction.

    Args:
        session: A writing session.
        caller: Who proposes.
        to: The authority that is to be the other party.
        content: The text, as `agreement_content` describes it.
        tables: The proposer's tables in force.
        now: The instant.

    Raises:
        MutualRequestInvalidError: A member does not fit.
    """
    own = get_authority(session, caller.authority_id)
    other = require_addressee(session, own, to, installation=None, now=now)
    if own.jurisdiction == other.jurisdiction:
        raise misfit(
            "/to/authority",
            "same_jurisdiction",
            f"Both speak for {own.jurisdiction}; an agreement is between two.",
        )
    parties = [_party(own), _party(other)]
    require_content(content, parties, tables)
    agreement_id = new_id(now)
    rows = [
        NegotiatedAgreement(
            authority_id=party.authority,
            id=agreement_id,
            parties=[each.as_value() for each in parties],
            state=AgreementState.NEGOTIATED,
            signatures={},
            proposed_at=now,
            version=0,
        )
        for party in parties
    ]
    _lay_down(session, rows, content, revision=1, by=own.id, now=now)
    note_act(session, rows, "proposed", by=own.id, actor=caller.actor, now=now)
    return rows[0]


def revise_agreement(
    session: Session,
    caller: Caller,
    agreement_id: UUID,
    content: Mapping[str, Any],
    *,
    tables: Tables,
    check: VersionCheck = any_version,
    now: datetime,
) -> NegotiatedAgreement:
    """Lay another text on the table; what was signed before is signed no more.

    The caller owns the transaction.

    Raises:
        AgreementNotFoundError: The authority is party to no such agreement.
        AgreementStateError: It is not negotiated any more.
        MutualRequestInvalidError: A member does not fit.
    """
    rows = lock_agreement(session, caller.authority_id, agreement_id)
    own = rows[0]
    require_act(own, AgreementAct.REVISE)
    check(own.version)
    require_content(content, parties_of(own), tables)
    _lay_down(
        session,
        rows,
        content,
        revision=own.revision + 1,
        by=caller.authority_id,
        now=now,
    )
    note_act(
        session, rows, "revised", by=caller.authority_id, actor=caller.actor, now=now
    )
    return own


def abandon_agreement(
    session: Session,
    caller: Caller,
    agreement_id: UUID,
    *,
    check: VersionCheck = any_version,
    now: datetime,
) -> NegotiatedAgreement:
    """End the negotiation without a result. The caller owns the transaction.

    Raises:
        AgreementNotFoundError: The authority is party to no such agreement.
        AgreementStateError: It is not negotiated any more.
    """
    rows = lock_agreement(session, caller.authority_id, agreement_id)
    require_act(rows[0], AgreementAct.ABANDON)
    check(rows[0].version)
    for row in rows:
        row.state = AgreementState.ABANDONED
    note_act(
        session, rows, "abandoned", by=caller.authority_id, actor=caller.actor, now=now
    )
    return rows[0]


def _party(authority: Authority) -> Party:
    return Party(authority.id, authority.name, authority.jurisdiction)


def _lay_down(
    session: Session,
    rows: list[NegotiatedAgreement],
    content: Mapping[str, Any],
    *,
    revision: int,
    by: str,
    now: datetime,
) -> None:
    """Make a text the one on the table, for all parties."""
    digest = agreement_digest(rows[0].id, revision, parties_of(rows[0]), content)
    for row in rows:
        row.revision, row.digest = revision, digest
        row.content, row.signatures = dict(content), {}
    session.add_all(rows)
    session.flush()
    session.add_all(
        AgreementRevision(
            authority_id=row.authority_id,
            agreement_id=row.id,
            revision=revision,
            by=by,
            at=now,
            digest=digest,
            content=dict(content),
        )
        for row in rows
    )
