"""Answering a request: all questions, each by a value that its kind allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.issue import Intent
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.mutual_recognition.attachments import NewAttachment, attach
from recognition_service.mutual_recognition.case_effects import Service, apply_answer
from recognition_service.mutual_recognition.conversation import Event, Kind
from recognition_service.mutual_recognition.list_results import settle_list
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.question_sets import (
    question_set,
    require_answers,
)
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    any_version,
    note_answered,
    open_sides,
    set_all,
    write_down,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """An answer as it comes in.

    Attributes:
        questions: Each {id, answer}; the answer a word, a date or one line of text.
        free_text: By language, or None.
        results: What became of the rows of a list in another installation; None:
            the cases are here.
        answered_at: When it was answered in another installation; None: now.
    """

    questions: Sequence[Mapping[str, str]]
    free_text: Mapping[str, str] | None = None
    attachments: Sequence[NewAttachment] = ()
    results: Sequence[Mapping[str, Any]] | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered.

    Attributes:
        row: As who answered keeps it.
        asker: Who asked.
        intents: What is to be signed now, for the asker.
    """

    row: MutualRequest
    asker: str
    intents: Sequence[Intent]


def answer(
    session: Session,
    caller: Caller,
    request_id: UUID,
    new: NewAnswer,
    *,
    service: Service,
    check: VersionCheck = any_version,
    now: datetime,
) -> Answered:
    """Answer all that is not answered yet; a list by what was decided about its rows.

    The caller owns the transaction and finishes the intents afterwards. Earlier answers
    may be corrected where more was asked; they stay in the history.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It cannot be answered now, or by this side.
        MutualRequestInvalidError: Answers are missing or do not fit.
        AttachmentChangedError: An attachment was sent before as something else.
    """
    sides = open_sides(session, caller, request_id, Event.ANSWERED, check=check)
    set_all(sides.with_content, questions=_answered(sides.own, new))
    if sides.own.kind == Kind.RECOGNITION_LIST:
        settle_list(session, sides, new.results)
    # Nobody answers before the question came, whatever another clock says.
    at = max(new.answered_at or now, sides.answerer.sent_at)
    today = legal_day(get_authority(session, caller.authority_id), at)
    note_answered(sides.rows, today=today, now=at)
    attach(
        session, sides.with_content, new.attachments, by=caller.authority_id, now=now
    )
    write_down(
        session,
        sides.rows,
        Event.ANSWERED,
        caller=caller,
        now=now,
        content=_content(new),
    )
    intents = apply_answer(session, sides.asker, service, answered_on=today, now=now)
    return Answered(sides.own, sides.asker.authority_id, intents)


def _answered(row: MutualRequest, new: NewAnswer) -> list[dict[str, Any]]:
    """Return the questions with their answers, none of which is missing."""
    asked: list[dict[str, Any]] = row.questions
    require_answers(
        question_set(row.question_set) if row.question_set else None,
        new.questions,
        asked=[item["id"] for item in asked],
        unanswered=[item["id"] for item in asked if item["answer"] is None],
        pointer="/questions",
    )
    given = {item["id"]: item["answer"] for item in new.questions}
    return [{**item, "answer": given.get(item["id"], item["answer"])} for item in asked]


def _content(new: NewAnswer) -> dict[str, Any]:
    return {
        "answers": {item["id"]: item["answer"] for item in new.questions},
        "free_text": dict(new.free_text) if new.free_text else None,
    }
