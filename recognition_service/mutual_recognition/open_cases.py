"""An accepted list becomes cases of who accepted it, one for each row."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.issue import Intent
from recognition_service.attestations.reserve import reserve
from recognition_service.authorities.access import Caller, find_caller
from recognition_service.authorities.found import get_authority
from recognition_service.clock import parse_day
from recognition_service.errors import RecognitionError
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.case_holds import reference_of
from recognition_service.mutual_recognition.conversation import FINAL, Side
from recognition_service.mutual_recognition.errors import problem_of
from recognition_service.mutual_recognition.models import MutualItem, MutualRequest
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit

OPEN_CASES = "mutual.open_cases"
"""Kind of the outbox message that asks for it."""
CHUNK = 25


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of some rows.

    Attributes:
        intents: What is to be signed now.
        last: Position of the last row; None: no row is left.
    """

    intents: list[Intent]
    last: int | None


def open_cases(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    actor: str,
    service: Service,
    after: int = 0,
    now: datetime,
) -> Opened:
    """Open cases for the next rows of a list that was accepted.

    The caller owns the transaction. Where a rule decides, it does, and the attestation
    is reserved. A row that cannot become a case keeps why and stops no other.

    Args:
        session: A writing session.
        authority_id: Who accepted.
        request_id: The list.
        actor: Its officer who accepted, in whose name the cases are opened.
        service: Edition of this authority, and the prefix of what is issued.
        after: Position up to which the caller has had them opened.
        now: The instant.
    """
    row = session.get(MutualRequest, (authority_id, request_id), with_for_update=True)
    if row is None or row.side != Side.ANSWERER or row.status in FINAL:
        return Opened([], last=None)
    waiting = session.scalars(
        select(MutualItem)
        .where(
            MutualItem.authority_id == authority_id,
            MutualItem.request_id == request_id,
            MutualItem.case_id.is_(None),
            MutualItem.problem.is_(None),
            MutualItem.position > after,
        )
        .order_by(MutualItem.position)
        .limit(CHUNK)
    ).all()
    caller = find_caller(session, authority_id, actor)
    intents: list[Intent] = []
    for item in waiting:
        intents += _open(session, caller, row, item, service, now=now)
    return Opened(intents, last=waiting[-1].position if waiting else None)


def _open(
    session: Session,
    caller: Caller,
    row: MutualRequest,
    item: MutualItem,
    service: Service,
    *,
    now: datetime,
) -> list[Intent]:
    new = _request(session, row, item)
    try:
        with session.begin_nested():
            request, signed = submit(
                session, caller, new, edition=service.edition, now=now
            )
            intents: list[Intent] = []
            if signed is not None and signed.attestation is not None:
                intents = reserve(
                    session,
                    row.authority_id,
                    signed.attestation,
                    public_url=service.public_url,
                    actor=caller.actor,
                    now=now,
                ).intents
    except RecognitionError as error:
        item.problem = problem_of(error)
        return []
    item.case_id = request.id
    return intents


def _request(session: Session, row: MutualRequest, item: MutualItem) -> NewRequest:
    terms = row.terms or {}
    person = {
        name: value
        for name, value in item.content["applicant"].items()
        if value is not None
    }
    person["birth_date"] = parse_day(person.get("birth_date"))
    person["other_names"] = tuple(person.get("other_names", ()))
    authority = get_authority(session, row.authority_id)
    return NewRequest(
        decision_kind=terms["decision_kind"],
        purpose=terms["purpose"],
        profession=terms["profession"],
        jurisdiction=authority.jurisdiction,
        language=authority.language,
        applicant=NewApplicant(**person),
        held=(item.content["held"],),
        external_reference=f"{reference_of(row)}/items/{item.position}",
    )
