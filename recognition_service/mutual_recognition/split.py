"""Splitting a request: some of its questions become a request of their own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.mutual_recognition.attachments import copy_attachments
from recognition_service.mutual_recognition.case_holds import hold_case
from recognition_service.mutual_recognition.conversation import Event, Side
from recognition_service.mutual_recognition.errors import fault, misfit, misfits
from recognition_service.mutual_recognition.joining import joining
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    actor_for,
    any_version,
    open_sides,
    set_all,
    write_down,
)
from recognition_service.storage.ids import new_id


def split(
    session: Session,
    caller: Caller,
    request_id: UUID,
    questions: Sequence[str],
    *,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Make some questions a request of their own, which can be forwarded then.

    The caller owns the transaction. The new one waits to be accepted; the clock of the
    asker's case is held by both.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It is answered or over, or this side cannot split it.
        MutualRequestInvalidError: A question was not asked, or none would be left.
    """
    sides = open_sides(session, caller, request_id, Event.SPLIT, check=check)
    _require_part(sides.own, questions)
    part_id = new_id(now)
    parts = [_part(row, part_id, questions, now) for row in sides.with_content]
    session.add_all(parts)
    session.flush()
    copy_attachments(session, sides.asker, parts)
    left = [item for item in sides.own.questions if item["id"] not in questions]
    set_all(sides.with_content, questions=left)
    write_down(
        session,
        sides.rows,
        Event.SPLIT,
        caller=caller,
        now=now,
        details={"child": str(part_id)},
        content={"questions": list(questions)},
    )
    write_down(session, parts, Event.SENT, caller=caller, now=now)
    hold_case(session, parts[0], actor=actor_for(parts[0], caller), now=now)
    return sides.own


def _require_part(own: MutualRequest, questions: Sequence[str]) -> None:
    """Refuse what was not asked, and what would leave nothing to answer."""
    asked = {item["id"] for item in own.questions}
    unknown = [
        fault(f"/questions/{place}", "not_asked", "This was not asked.")
        for place, asked_for in enumerate(questions)
        if asked_for not in asked
    ]
    if unknown:
        raise misfits(unknown)
    if not questions or asked <= set(questions):
        raise misfit(
            "/questions", "not_a_part", "Name some of the questions, not all of them."
        )


def _part(
    row: MutualRequest, part_id: UUID, questions: Sequence[str], now: datetime
) -> MutualRequest:
    """Return the row of a request that asks some of the questions of another one."""
    part = joining(row, row.authority_id, Side(row.side), now)
    part.id, part.parent = part_id, row.id
    part.case_id, part.held_position = row.case_id, row.held_position
    part.questions = [item for item in row.questions if item["id"] in questions]
    part.proposed_answer_by, part.proposed_by = row.asked_answer_by, Side.ASKER
    part.agreed_answer_by = part.accepted_at = part.coordinator = None
    part.revision, part.sequence = 1, 0
    return part
