"""An agreement as its parties keep it: found, locked, and told.

Each party has a row of its own. What one does is written into the rows of all, in the
transaction of whoever does it, so that they never differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import home_name, is_elsewhere
from recognition_service.authorities.peers import get_peer, wire_name
from recognition_service.clock import format_instant
from recognition_service.mutual_recognition.agreement_content import (
    Party,
    agreement_digest,
)
from recognition_service.mutual_recognition.agreement_rows import instrument_of
from recognition_service.mutual_recognition.errors import (
    AgreementNotFoundError,
    AgreementStateError,
)
from recognition_service.mutual_recognition.models import (
    AgreementRevision,
    NegotiatedAgreement,
)
from recognition_service.mutual_recognition.proposals import lock_proposal
from recognition_service.storage import audit


class AgreementState(StrEnum):
    """Where an agreement stands."""

    NEGOTIATED = "negotiated"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"


class AgreementAct(StrEnum):
    """What a party can do with an agreement."""

    REVISE = "revise"
    SIGN = "sign"
    ABANDON = "abandon"
    WITHDRAW = "withdraw"


def allowed_acts(row: NegotiatedAgreement) -> tuple[AgreementAct, ...]:
    """Return what the party whose row this is can do now."""
    match AgreementState(row.state):
        case AgreementState.NEGOTIATED:
            has_signed = row.authority_id in row.signatures
            sign = () if has_signed else (AgreementAct.SIGN,)
            return (AgreementAct.REVISE, *sign, AgreementAct.ABANDON)
        case AgreementState.SIGNED:
            return (AgreementAct.WITHDRAW,)
        case AgreementState.WITHDRAWN | AgreementState.ABANDONED:
            return ()


def require_act(row: NegotiatedAgreement, act: AgreementAct) -> None:
    """Refuse what a party cannot do now.

    Raises:
        AgreementStateError: It cannot; the error says what it can.
    """
    allowed = allowed_acts(row)
    if act not in allowed:
        raise AgreementStateError(row.state, act, allowed)


def get_agreement(
    session: Session, authority_id: str, agreement_id: UUID
) -> NegotiatedAgreement:
    """Return an agreement as a party keeps it.

    Raises:
        AgreementNotFoundError: The authority is party to no such agreement.
    """
    row = session.get(NegotiatedAgreement, (authority_id, agreement_id))
    if row is None:
        raise AgreementNotFoundError(f"There is no agreement {agreement_id}.")
    return row


def lock_agreement(
    session: Session, authority_id: str, agreement_id: UUID
) -> list[NegotiatedAgreement]:
    """Return the rows of all parties, the asking one first, locked.

    They are locked in the order of their authorities, and after the request by which
    the agreement was proposed, so that two acts never wait for one another.

    Raises:
        AgreementNotFoundError: The authority is party to no such agreement.
    """
    get_agreement(session, authority_id, agreement_id)
    lock_proposal(session, authority_id, agreement_id)
    rows = session.scalars(
        select(NegotiatedAgreement)
        .where(NegotiatedAgreement.id == agreement_id)
        .order_by(NegotiatedAgreement.authority_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return sorted(rows, key=lambda row: row.authority_id != authority_id)


def published_agreement(
    session: Session, agreement_id: UUID
) -> NegotiatedAgreement | None:
    """Return an agreement that was signed by all, or None."""
    return session.scalars(
        select(NegotiatedAgreement)
        .where(
            NegotiatedAgreement.id == agreement_id,
            NegotiatedAgreement.state.in_(
                (AgreementState.SIGNED, AgreementState.WITHDRAWN)
            ),
        )
        .order_by(NegotiatedAgreement.authority_id)
    ).first()


def list_agreements(
    session: Session,
    authority_id: str,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[NegotiatedAgreement]:
    """Return the agreements that an authority is party to, newest first."""
    query = select(NegotiatedAgreement).where(
        NegotiatedAgreement.authority_id == authority_id
    )
    if state is not None:
        query = query.where(NegotiatedAgreement.state == state)
    if after is not None:
        query = query.where(NegotiatedAgreement.id < after)
    return list(
        session.scalars(query.order_by(NegotiatedAgreement.id.desc()).limit(limit))
    )


def parties_of(row: NegotiatedAgreement) -> list[Party]:
    """Return the parties in the order of proposing."""
    return [Party(**party) for party in row.parties]


def digest_of(
    session: Session,
    agreement_id: UUID,
    revision: int,
    parties: Sequence[Party],
    content: Mapping[str, Any],
) -> str:
    """Return the digest that the parties sign.

    Parties of one installation are named by their ids; where one lives elsewhere, all
    are named by their issuer URLs, which are the same for both.
    """
    if any(is_elsewhere(party.authority) for party in parties):
        parties = [
            Party(wire_name(session, party.authority), party.name, party.jurisdiction)
            for party in parties
        ]
    return agreement_digest(agreement_id, revision, parties, content)


def leading_url(session: Session, row: NegotiatedAgreement, public_url: str) -> str:
    """Return the URL of the installation that leads the agreement: the proposer's."""
    proposer = parties_of(row)[0].authority
    if not is_elsewhere(proposer):
        return public_url
    return get_peer(session, home_name(proposer).peer).url


def signed_on(row: NegotiatedAgreement) -> date:
    """Return the day of the last signature, in UTC."""
    return max(
        date.fromisoformat(each["signed_at"][:10]) for each in row.signatures.values()
    )


def note_act(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    action: str,
    *,
    by: str,
    actor: str,
    now: datetime,
) -> None:
    """Write an act down in the audits of all parties, and count the version up.

    The caller owns the transaction. Who acted is named in the audit of its own
    authority only; the others learn which authority it was.
    """
    for row in rows:
        row.version += 1
        if is_elsewhere(row.authority_id):
            continue
        audit.append(
            session,
            row.authority_id,
            actor=actor if row.authority_id == by else f"authority:{by}",
            action=f"agreement.{action}",
            subject=f"agreement/{row.id}",
            content={"revision": row.revision, "digest": row.digest},
            now=now,
        )


def agreement_url(public_url: str, agreement_id: UUID) -> str:
    """Return where a signed agreement is published."""
    return f"{public_url}/agreements/{agreement_id}"


def as_document(
    session: Session, row: NegotiatedAgreement, *, public_url: str
) -> dict[str, Any]:
    """Return an agreement whole, as its parties see it, and everybody once signed."""
    return {
        **summary(session, row, public_url=public_url),
        "content": row.content,
        "revisions": list(_revisions(session, row)),
    }


def summary(
    session: Session, row: NegotiatedAgreement, *, public_url: str
) -> dict[str, Any]:
    """Return what lists show of an agreement."""
    return {
        "id": str(row.id),
        "url": agreement_url(leading_url(session, row, public_url), row.id),
        "instrument": instrument_of(row.id),
        "name": row.content["name"],
        "state": row.state,
        "parties": [_party(session, row, party) for party in parties_of(row)],
        "revision": row.revision,
        "digest": row.digest,
        "titles": len(row.content["titles"]),
        "binding": row.content["binding"],
        "in_force_from": _iso(row.in_force_from),
        "withdrawn_by": row.withdrawn_by,
        "ended_on": _iso(row.ended_on),
    }


def _party(session: Session, row: NegotiatedAgreement, party: Party) -> dict[str, Any]:
    signed: Mapping[str, Any] = row.signatures.get(party.authority, {})
    return {
        **party.as_value(),
        "issuer": wire_name(session, party.authority),
        "signed_at": signed.get("signed_at"),
        "signature": signed.get("token"),
    }


def _revisions(session: Session, row: NegotiatedAgreement) -> Iterator[dict[str, Any]]:
    found = session.scalars(
        select(AgreementRevision)
        .where(
            AgreementRevision.authority_id == row.authority_id,
            AgreementRevision.agreement_id == row.id,
        )
        .order_by(AgreementRevision.revision)
    )
    for each in found:
        yield {
            "revision": each.revision,
            "by": each.by,
            "at": format_instant(each.at),
            "digest": each.digest,
            "titles": len(each.content["titles"]),
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
