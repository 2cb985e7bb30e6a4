"""Negotiating an agreement: proposing a text, revising it, giving it up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.models import Authority, Role
from recognition_service.frameworks.tables import Tables
from recognition_service.mutual_recognition.agreement import (
    AgreementAct,
    AgreementState,
    digest_of,
    lock_agreement,
    note_act,
    parties_of,
    require_act,
)
from recognition_service.mutual_recognition.agreement_content import (
    Party,
    require_content,
)
from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.models import (
    AgreementRevision,
    NegotiatedAgreement,
)
from recognition_service.mutual_recognition.proposals import (
    ABANDONED,
    REVISED,
    tell_act,
)
from recognition_service.mutual_recognition.sides import VersionCheck, any_version
from recognition_service.mutual_recognition.tell_parties import tell_parties


def lay_first_text(
    session: Session,
    caller: Caller,
    agreement_id: UUID,
    parties: Sequence[Authority],
    content: Mapping[str, Any],
    *,
    tables: Tables,
    pointer: str,
    now: datetime,
) -> NegotiatedAgreement:
    """Begin to negotiate an agreement with a first text.

    The caller owns the transaction.

    Args:
        session: A writing session.
        caller: Who proposes.
        agreement_id: The id of the request by which it is proposed.
        parties: Who proposes, and the other one.
        content: The text, as `agreement_content` describes it.
        tables: The proposer's tables in force.
        pointer: Where the text stands in what was sent.
        now: The instant.

    Raises:
        RoleMissingError: The caller is no officer.
        MutualRequestInvalidError: A member does not fit.
    """
    caller.require(Role.OFFICER)
    own, other = parties
    if own.jurisdiction == other.jurisdiction:
        raise misfit(
            "/to/authority",
            "same_jurisdiction",
            f"Both speak for {own.jurisdiction}; an agreement is between two.",
        )
    bound = [_party(own), _party(other)]
    require_content(content, bound, tables, pointer=pointer)
    rows = [
        NegotiatedAgreement(
            authority_id=party.authority,
            id=agreement_id,
            parties=[each.as_value() for each in bound],
            state=AgreementState.NEGOTIATED,
            signatures={},
            proposed_at=now,
            version=0,
        )
        for party in bound
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
        session, rows, REVISED, by=caller.authority_id, actor=caller.actor, now=now
    )
    tell_act(session, own, REVISED, caller, now=now)
    tell_parties(session, rows, caller, now=now)
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
    _abandon(session, caller, rows, now)
    tell_act(session, rows[0], ABANDONED, caller, now=now)
    tell_parties(session, rows, caller, now=now)
    return rows[0]


def end_negotiation(
    session: Session, caller: Caller, agreement_id: UUID, *, now: datetime
) -> None:
    """Abandon an agreement whose proposal was withdrawn or declined.

    The caller owns the transaction, and has written down what became of the request.

    Raises:
        RoleMissingError: The caller is no officer.
    """
    caller.require(Role.OFFICER)
    rows = lock_agreement(session, caller.authority_id, agreement_id)
    _abandon(session, caller, rows, now)
    tell_parties(session, rows, caller, now=now)


def _abandon(
    session: Session,
    caller: Caller,
    rows: Sequence[NegotiatedAgreement],
    now: datetime,
) -> None:
    for row in rows:
        row.state = AgreementState.ABANDONED
    note_act(
        session, rows, ABANDONED, by=caller.authority_id, actor=caller.actor, now=now
    )


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
    digest = digest_of(session, rows[0].id, revision, parties_of(rows[0]), content)
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
