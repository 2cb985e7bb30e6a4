"""Earlier decisions about the same title, and whether a decision follows them.

They inform whoever decides next, and name no person.

Source: Lisbon Recognition Convention, article III.1 (the same criteria for all).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from recognition_service.equivalence.compensation import (
    DifferenceSource,
    KnownDifference,
)
from recognition_service.equivalence.precedents import Subject, precedent_statements
from recognition_service.equivalence.snapshot import Snapshot, title_key
from recognition_service.frameworks.instruments import ComparabilityStatement
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.models import (
    LONGEST_TITLE_KEY,
    MAIN,
    CaseEvent,
    Decision,
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.regimes.events import CaseEventKind

BY_PRECEDENT = "by_precedent"
"""Member of the details of the event `decided`: it is there if it is true."""

_MOST_LOOKED_AT = 50
"""How many earlier decisions are looked through for differences."""


@dataclass(frozen=True, slots=True)
class AlikePage:
    """Which earlier decisions are wanted, the latest first.

    Attributes:
        after: Day and id of the last one of the page before, or None.
        but: A case that does not count, such as the one that is being assessed.
    """

    limit: int
    after: tuple[date, UUID] | None = None
    but: UUID | None = None


def key_of_title(title: str) -> str:
    """Return a title without habits of spelling, as far as an index takes it."""
    return title_key(title)[:LONGEST_TITLE_KEY]


def subject_of(file: CaseFile) -> Subject:
    """Return what a case is about: the first held qualification at its destination."""
    request, held = file.request, file.held[0]
    return Subject(
        origin=held.origin,
        destination=request.destination,
        title=held.title,
        qualification=held.qualification,
        profession=request.profession,
    )


def decided_alike(
    session: Session, authority_id: str, subject: Subject, page: AlikePage
) -> list[dict[str, Any]]:
    """Return earlier signed decisions about a title as documents, the latest first.

    Of each case the decision counts that was signed last.
    """
    query = _earlier(
        authority_id,
        subject,
        page.but,
        Decision.id,
        Decision.decided_on,
        Decision.outcome,
        Decision.decided_by,
        Decision.decision_digest,
        Decision.content,
        RecognitionRequest.id.label("request_id"),
        RecognitionRequest.number,
    )
    order = (Decision.decided_on, Decision.id)
    if page.after is not None:
        day, last = page.after
        query = query.where(tuple_(*order) < tuple_(literal(day), literal(last)))
    rows = session.execute(
        query.order_by(*(column.desc() for column in order)).limit(page.limit)
    )
    return [
        {
            "id": str(row.id),
            "decided_on": row.decided_on.isoformat(),
            "outcome": row.outcome,
            "decided_by": row.decided_by,
            "decision_digest": row.decision_digest,
            "differences": _subjects(row.content),
            "request": {"id": str(row.request_id), "number": row.number},
        }
        for row in rows
    ]


def differences_alike(
    session: Session, authority_id: str, subject: Subject, *, but: UUID
) -> list[KnownDifference]:
    """Return the differences that the latest decisions about a title name.

    Of each case the decision counts that was signed last; `but` is no such case.
    """
    query = _earlier(
        authority_id, subject, but, Decision.content, Decision.decision_digest
    )
    latest = query.order_by(Decision.decided_on.desc(), Decision.id.desc())
    return [
        KnownDifference(
            subject=each["subject"],
            source=DifferenceSource.DECISION,
            reference=row.decision_digest,
            why_essential=each.get("why_essential"),
        )
        for row in session.execute(latest.limit(_MOST_LOOKED_AT))
        for each in (row.content or {}).get("differences") or ()
        if each.get("subject")
    ]


def count_alike(
    session: Session, authority_id: str, subject: Subject, *, but: UUID | None = None
) -> dict[str, int]:
    """Return how many earlier signed decisions about a title had each outcome."""
    outcome = Decision.outcome
    query = _earlier(authority_id, subject, but, outcome, func.count().label("number"))
    rows = session.execute(query.group_by(outcome).order_by(outcome))
    return {row.outcome: row.number for row in rows}


def statement_document(row: ComparabilityStatement) -> dict[str, Any]:
    """Return a statement that is a precedent as a JSON value."""
    return {
        "id": row.id,
        "title": row.title,
        "qualification": row.qualification,
        "destination": row.destination,
        "outcome": row.outcome.value,
        "purpose": row.purpose.value,
        "objects": list(row.objects),
        "framework": row.destination_framework,
        "levels": list(row.destination_levels),
        "conditions": row.conditions,
        "as_of": row.as_of,
        "source": row.source,
        "evidence": row.evidence.value,
        "note": row.note,
    }


def follows_precedent(
    session: Session, file: CaseFile, decision: Decision, snapshot: Snapshot
) -> bool:
    """Tell whether a decision has the outcome of a precedent about the same title.

    A precedent is a statement of the tables, or an earlier decision of the authority.
    `decision` has its outcome and its day, and may be signed a moment ago.
    """
    subject, request = subject_of(file), file.request
    if decision.decided_on is not None and any(
        row.outcome.value == decision.outcome
        for row in precedent_statements(snapshot, subject, on=decision.decided_on)
    ):
        return True
    query = _earlier(request.authority_id, subject, request.id, Decision.id)
    found = session.execute(query.where(Decision.outcome == decision.outcome).limit(1))
    return found.first() is not None


def was_by_precedent(event: CaseEvent) -> bool:
    """Tell of an event whether it is a decision that follows a precedent."""
    return event.event == CaseEventKind.DECIDED and bool(
        (event.details or {}).get(BY_PRECEDENT)
    )


def _earlier(
    authority_id: str, subject: Subject, but: UUID | None, *columns: Any
) -> Select[Any]:
    """Select of each case about a title the decision that was signed last."""
    request, held = RecognitionRequest, HeldQualification
    later = aliased(Decision)
    superseded = (
        select(later.id)
        .where(
            later.authority_id == authority_id,
            later.request_id == Decision.request_id,
            later.role == MAIN,
            later.number > Decision.number,
            later.signed_at.is_not(None),
        )
        .exists()
    )
    query = (
        select(*columns)
        .select_from(held)
        .join(
            request,
            and_(
                request.authority_id == held.authority_id,
                request.id == held.request_id,
            ),
        )
        .join(
            Decision,
            and_(
                Decision.authority_id == held.authority_id,
                Decision.request_id == held.request_id,
            ),
        )
        .where(
            held.authority_id == authority_id,
            held.position == 0,
            held.origin == subject.origin,
            or_(*_named(subject)),
            request.destination == subject.destination,
            request.profession == subject.profession,
            Decision.role == MAIN,
            Decision.signed_at.is_not(None),
            ~superseded,
        )
    )
    return query if but is None else query.where(request.id != but)


def _named(subject: Subject) -> list[ColumnElement[bool]]:
    held = HeldQualification
    named = []
    if subject.title is not None:
        named.append(held.title_key == key_of_title(subject.title))
    if subject.qualification is not None:
        named.append(held.qualification == subject.qualification)
    return named


def _subjects(content: Mapping[str, Any] | None) -> list[str]:
    differences = (content or {}).get("differences") or ()
    return [each["subject"] for each in differences if each.get("subject")]
