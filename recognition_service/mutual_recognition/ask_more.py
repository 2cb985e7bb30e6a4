"""Asking for more after an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.mutual_recognition.ask import as_asked, require_coming_day
from recognition_service.mutual_recognition.attachments import NewAttachment, attach
from recognition_service.mutual_recognition.case_holds import hold_case
from recognition_service.mutual_recognition.conversation import Event, Side
from recognition_service.mutual_recognition.errors import fault, misfit, misfits
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.question_sets import (
    question_set,
    require_asked,
)
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    any_version,
    open_sides,
    set_all,
    write_down,
)
from recognition_service.regimes.holds import HoldRule


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherQuestions:
    """What else is asked.

    Attributes:
        questions: Each {id, params}, of the same set and not asked yet.
        free_text: By language, or None; one of both must be there.
        answer_by: Until when an answer is wished now, or None.
    """

    questions: Sequence[Mapping[str, Any]] = ()
    free_text: Mapping[str, str] | None = None
    attachments: Sequence[NewAttachment] = ()
    answer_by: date | None = None


def ask_more(
    session: Session,
    caller: Caller,
    request_id: UUID,
    new: FurtherQuestions,
    *,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Ask further questions of the same set, or for an explanation.

    The caller owns the transaction. Who has answered owes an answer again.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It is not answered, or this side did not ask.
        MutualRequestInvalidError: A question does not fit, or nothing is asked.
        AttachmentChangedError: An attachment was sent before as something else.
    """
    event = Event.MORE_INFO_REQUESTED
    sides = open_sides(session, caller, request_id, event, check=check)
    authority = get_authority(session, caller.authority_id)
    require_coming_day(authority, new.answer_by, now, pointer="/proposed_answer_by")
    questions = [*sides.own.questions, *_further(sides.own, new)]
    set_all(sides.with_content, questions=questions)
    set_all(
        sides.rows,
        revision=sides.own.revision + 1,
        asked_answer_by=new.answer_by,
        proposed_answer_by=new.answer_by,
        proposed_by=Side.ASKER,
        agreed_answer_by=None,
    )
    attach(
        session, sides.with_content, new.attachments, by=caller.authority_id, now=now
    )
    write_down(
        session,
        sides.rows,
        event,
        caller=caller,
        now=now,
        details={"answer_by": new.answer_by.isoformat() if new.answer_by else None},
        content={
            "questions": [item["id"] for item in new.questions],
            "free_text": dict(new.free_text) if new.free_text else None,
        },
    )
    if sides.own.holds_clock == HoldRule.UNTIL_ANSWER:
        hold_case(session, sides.own, actor=caller.actor, now=now)
    return sides.own


def _further(own: MutualRequest, new: FurtherQuestions) -> list[dict[str, Any]]:
    if not new.questions and not new.free_text:
        raise misfit("/questions", "required", "Ask something, or write a text.")
    if own.question_set is None:
        if new.questions:
            raise misfit("/questions", "no_questions", "A list asks for decisions.")
        return []
    require_asked(question_set(own.question_set), new.questions, pointer="/questions")
    known = {item["id"] for item in own.questions}
    repeated = [
        fault(f"/questions/{place}/id", "asked_before", "It was asked before.")
        for place, item in enumerate(new.questions)
        if item["id"] in known
    ]
    if repeated:
        raise misfits(repeated)
    return as_asked(new.questions)
