"""Correcting what is written of a person: they ask, an officer answers by a step.

What was decided and signed stays as it was; a wrong decision is reopened.

Source: Regulation (EU) 2016/679, articles 12(3), 12(4) and 16.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.recognition.case_events import events_of, note_event
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.errors import (
    RectificationInvalidError,
    StepInvalidError,
)
from recognition_service.recognition.models import CaseEvent
from recognition_service.recognition.step_kinds import RectificationResult
from recognition_service.regimes.events import CaseEventKind as Event

_LONGEST_NAME = 200


class Correctable(StrEnum):
    """What a person may ask to have corrected; `other` is done by hand."""

    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    BIRTH_PLACE = "birth_place"
    EMAIL = "email"
    OTHER = "other"


def ask_rectification(
    session: Session,
    file: CaseFile,
    *,
    member: Correctable,
    value: str,
    now: datetime,
) -> None:
    """Note that the person asks for a correction. The caller owns the transaction.

    Args:
        session: A writing session.
        file: The case, locked.
        member: What is wrong.
        value: What is right; for `other` what is wrong and what is right.
        now: The instant.

    Raises:
        RectificationInvalidError: The value does not fit the member.
    """
    _require_fitting(member, value)
    note_event(
        session,
        file.request,
        Event.RECTIFICATION_ASKED,
        actor="holder",
        now=now,
        details={"member": member},
        text=value,
        legal_basis="Regulation (EU) 2016/679, article 16",
    )


def answer_rectification(
    session: Session, file: CaseFile, members: Mapping[str, Any]
) -> None:
    """Correct what the person asked for, if that is the answer.

    The caller owns the transaction and writes the answer down.

    Raises:
        StepInvalidError: No such question is open.
    """
    request = file.request
    events = events_of(session, request.authority_id, request.id)
    asked = {
        str(each["id"]): each
        for each in rectifications_of(events)
        if each["result"] is None
    }.get(members["rectification"])
    if asked is None:
        raise StepInvalidError(
            [("rectification", "not_asked", "No open request has this id.")]
        )
    if members["result"] != RectificationResult.CORRECTED:
        return
    match Correctable(asked["member"]):
        case Correctable.OTHER:
            pass
        case Correctable.BIRTH_DATE:
            file.applicant.birth_date = date.fromisoformat(asked["value"])
        case member:
            setattr(file.applicant, member.value, asked["value"])


def rectifications_of(events: Iterable[CaseEvent]) -> list[dict[str, Any]]:
    """Return what a person asked to have corrected, and the answers, oldest first."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        details = event.details or {}
        if event.event == Event.RECTIFICATION_ASKED:
            found[str(event.id)] = {
                "id": str(event.id),
                "member": details["member"],
                "value": event.text,
                "result": None,
                "answer": None,
            }
        elif event.event == Event.RECTIFICATION_ANSWERED:
            asked = found[details["rectification"]]
            asked["result"], asked["answer"] = details["result"], event.text
    return list(found.values())


def _require_fitting(member: Correctable, value: str) -> None:
    if member is Correctable.BIRTH_DATE:
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise RectificationInvalidError(
                [("value", "not_a_date", "A date such as 1994-05-17 is expected.")]
            ) from error
    elif member is not Correctable.OTHER and (
        len(value) > _LONGEST_NAME or "\n" in value
    ):
        raise RectificationInvalidError(
            [("value", "too_long", f"One line of {_LONGEST_NAME} characters at most.")]
        )
