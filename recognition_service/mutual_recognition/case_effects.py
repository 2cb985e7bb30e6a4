"""What a request to another body does to the case that it serves.

The case is the asker's own. It is changed through `recognition` only, and nothing that
stands in the way there ever keeps an answer from arriving.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.issue import Intent
from recognition_service.attestations.reserve import reserve
from recognition_service.errors import RecognitionError
from recognition_service.mutual_recognition.award_verdict import (
    AwardVerdict,
    award_verdict,
    was_accredited,
)
from recognition_service.mutual_recognition.case_holds import (
    reference_of,
    release_case,
)
from recognition_service.mutual_recognition.conversation import Kind, State
from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
    OtherBody,
    get_request,
    open_file,
)
from recognition_service.recognition.errors import RequestNotFoundError
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.submit import add_evidence
from recognition_service.recognition.vocabulary import Grade, Known
from recognition_service.regimes.holds import HoldRule

_ANSWERED = frozenset({State.ANSWERED, State.CLOSED})


@dataclass(frozen=True, slots=True)
class Service:
    """What the effect on a case needs of the service.

    Attributes:
        edition: The edition in force for the authority whose case it is.
        public_url: Prefix of all that is issued.
    """

    edition: EditionAtHand
    public_url: str


def open_case(
    session: Session, authority_id: str, case_id: UUID | None, position: int
) -> CaseFile | None:
    """Return the case that a request serves, locked; None without one.

    Raises:
        MutualRequestInvalidError: The authority has no such case, or no such held
            qualification in it.
    """
    if case_id is None:
        return None
    try:
        file = open_file(session, authority_id, case_id, to_change=True)
    except RequestNotFoundError as error:
        raise misfit("/case", "unknown_case", str(error)) from error
    if not 0 <= position < len(file.held):
        raise misfit(
            "/held_qualification", "out_of_range", "The case has no such qualification."
        )
    return file


def apply_answer(
    session: Session,
    row: MutualRequest,
    service: Service,
    *,
    answered_on: date,
    now: datetime,
) -> list[Intent]:
    """Bring an answer into the case of who asked.

    The caller owns the transaction. A confirmed award is evidence: where nothing else
    was missing, the rule decides, and the attestation is reserved.

    Args:
        session: A writing session.
        row: The request as its asker keeps it.
        service: See `Service`.
        answered_on: Day of the answer.
        now: The instant.

    Returns:
        What is to be signed now, for the asker.

    See `recognition.proposal` for what a rule needs to decide about a person.
    """
    author = OtherBody(row.authority_id, row.answerer)
    if row.holds_clock == HoldRule.UNTIL_ANSWER:
        release_case(session, row, actor=author.actor, now=now)
    if row.case_id is None or row.kind != Kind.AWARD_VERIFICATION:
        return []
    answers = _answers_of_family(session, row)
    verdict = award_verdict(answers)
    request = get_request(
        session, row.authority_id, row.case_id, to_change=True, despite_block=True
    )
    note_event(
        session,
        request,
        f"award_{verdict}",
        actor=author.actor,
        now=now,
        details={"reference": reference_of(row)},
    )
    if verdict is not AwardVerdict.CONFIRMED or request.status not in OPEN:
        return []
    evidence = _evidence(session, row, answers, author, answered_on)
    return _add(session, row, service, author, evidence, now=now)


def _answers_of_family(session: Session, row: MutualRequest) -> dict[str, str | None]:
    """Return all answers, those to questions that were split off included."""
    family = session.scalars(
        select(MutualRequest)
        .where(
            MutualRequest.authority_id == row.authority_id,
            MutualRequest.family == row.family,
        )
        .order_by(MutualRequest.id)
    )
    return {
        asked["id"]: asked["answer"]
        for member in family
        if member.status in _ANSWERED
        for asked in member.questions
    }


def _evidence(
    session: Session,
    row: MutualRequest,
    answers: Mapping[str, str | None],
    author: OtherBody,
    answered_on: date,
) -> dict[str, Mapping[str, Any] | None]:
    """Return what the answers prove, as the file of the case takes it."""
    file = open_file(session, row.authority_id, UUID(str(row.case_id)))
    known = file.held[row.held_position].content.get("authenticity") or {}
    proof = {
        "established_by": author.actor,
        "established_on": answered_on.isoformat(),
    }
    accredited = was_accredited(answers)
    status = (Known.YES if accredited else Known.NO).value
    return {
        "authenticity": None
        if known.get("grade") == Grade.ISSUER_SIGNED
        else {"grade": Grade.CONFIRMED_BY_ISSUER.value, **proof},
        "institution_status": None
        if accredited is None
        else {
            "recognised": status,
            "quality_assured": status,
            "source": reference_of(row),
            **proof,
        },
    }


def _add(
    session: Session,
    row: MutualRequest,
    service: Service,
    author: OtherBody,
    evidence: Mapping[str, Mapping[str, Any] | None],
    *,
    now: datetime,
) -> list[Intent]:
    """Add evidence, and reserve the attestation if a rule decides thereby.

    What the asker lacks (a mandate, a key) leaves the case as it was; the officer finds
    the answer in the file.
    """
    try:
        with session.begin_nested():
            _, signed = add_evidence(
                session,
                author,
                UUID(str(row.case_id)),
                position=row.held_position,
                authenticity=evidence["authenticity"],
                institution_status=evidence["institution_status"],
                training_started_on=None,
                facts=None,
                edition=service.edition,
                now=now,
            )
            if signed is None or signed.attestation is None:
                return []
            return reserve(
                session,
                row.authority_id,
                signed.attestation,
                public_url=service.public_url,
                actor=author.actor,
                now=now,
            ).intents
    except RecognitionError:
        return []
