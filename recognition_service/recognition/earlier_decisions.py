"""What the authority decided before about a title, for use within the authority.

One statement finds it for every request that comes in: decisions about persons of the
same birth date come first, so that none of them is missed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from recognition_service.equivalence.precedents import Subject
from recognition_service.recognition.alike import key_of_title
from recognition_service.recognition.models import (
    MAIN,
    Applicant,
    Decision,
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.storage.prepared import Prepared

_MOST = 50


class EarlierDecision(NamedTuple):
    """A signed decision about a title, the last one of its case.

    Attributes:
        held: What the case says of the held qualification.
    """

    decision_id: UUID
    outcome: str
    decided_on: date
    decision_digest: str
    held: Mapping[str, Any]
    family_name: str
    given_name: str | None
    birth_date: date | None

    def as_value(self) -> dict[str, str | None]:
        """Return which decision it is, without the person."""
        return {
            "id": str(self.decision_id),
            "decided_on": self.decided_on.isoformat(),
            "decision_digest": self.decision_digest,
        }


def earlier_decisions(
    session: Session,
    request: RecognitionRequest,
    subject: Subject,
    born_on: date | None,
) -> list[EarlierDecision]:
    """Return earlier decisions for the kind and purpose of a request.

    Those about persons of a birth date come first, then the latest first. Of each case
    the decision counts that was signed last; blocked cases are left alone.

    Args:
        session: A session.
        request: What is asked for; its own decisions do not count.
        subject: What it is about, with a title.
        born_on: The birth date.
    """
    rows = _EARLIER.all(
        session,
        authority_id=request.authority_id,
        but=request.id,
        origin=subject.origin,
        title_key=key_of_title(subject.title or ""),
        qualification=subject.qualification,
        destination=subject.destination,
        profession=subject.profession,
        decision_kind=request.decision_kind,
        purpose=request.purpose,
        born_on=born_on,
    )
    return [EarlierDecision(*row) for row in rows]


def _statement() -> Select[Any]:
    request, held = RecognitionRequest, HeldQualification
    of_request = [
        and_(each.authority_id == request.authority_id, each.request_id == request.id)
        for each in (held, Decision)
    ]
    of_applicant = and_(
        Applicant.authority_id == request.authority_id,
        Applicant.id == request.applicant_id,
    )
    born_alike = Applicant.birth_date == bindparam("born_on")
    return (
        select(
            Decision.id,
            Decision.outcome,
            Decision.decided_on,
            Decision.decision_digest,
            held.content,
            Applicant.family_name,
            Applicant.given_name,
            Applicant.birth_date,
        )
        .select_from(request)
        .join(held, of_request[0])
        .join(Decision, of_request[1])
        .join(Applicant, of_applicant)
        .where(*_alike(), *_signed_last())
        .order_by(
            case((born_alike, 0), else_=1),
            Decision.decided_on.desc(),
            Decision.id.desc(),
        )
        .limit(_MOST)
    )


def _alike() -> tuple[ColumnElement[bool], ...]:
    """Return what a case must have in common with the one that is asked about."""
    request, held = RecognitionRequest, HeldQualification
    return (
        held.authority_id == bindparam("authority_id"),
        held.position == 0,
        held.origin == bindparam("origin"),
        or_(
            held.title_key == bindparam("title_key"),
            held.qualification == bindparam("qualification"),
        ),
        request.id != bindparam("but"),
        request.destination == bindparam("destination"),
        request.profession.is_not_distinct_from(bindparam("profession")),
        request.decision_kind == bindparam("decision_kind"),
        request.purpose == bindparam("purpose"),
        request.blocked_at.is_(None),
    )


def _signed_last() -> tuple[ColumnElement[bool], ...]:
    """Return that a decision is the last one of its case that was signed."""
    later = aliased(Decision)
    superseded = (
        select(literal(1))
        .where(
            later.authority_id == Decision.authority_id,
            later.request_id == Decision.request_id,
            later.role == MAIN,
            later.number > Decision.number,
            later.signed_at.is_not(None),
        )
        .exists()
    )
    return (Decision.role == MAIN, Decision.signed_at.is_not(None), ~superseded)


_EARLIER = Prepared(lambda _: _statement())
