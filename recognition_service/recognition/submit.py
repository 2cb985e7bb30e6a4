"""Submitting a request, and adding evidence to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.bases import within_base
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.equivalence.errors import nearest
from recognition_service.equivalence.facts import faults_of
from recognition_service.frameworks.conditions import FACTS
from recognition_service.recognition.alike import key_of_title
from recognition_service.recognition.case_events import happen, note_event
from recognition_service.recognition.case_file import (
    Author,
    CaseFile,
    EditionAtHand,
    open_file,
)
from recognition_service.recognition.case_limits import rules_of
from recognition_service.recognition.competence import require_competence
from recognition_service.recognition.decide import SignedDecision, decide_by_rule
from recognition_service.recognition.ending import end_with_case
from recognition_service.recognition.errors import (
    RequestInvalidError,
)
from recognition_service.recognition.letters import acknowledge, confirm_withdrawal
from recognition_service.recognition.lifecycle import before_the_decision
from recognition_service.recognition.models import (
    Applicant,
    ApplicantBackground,
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.recognition.route import route
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.regime import Procedure
from recognition_service.storage.ids import new_id
from recognition_service.storage.numbering import next_number

_OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplicant:
    """The person who asks, as the request names them.

    Attributes:
        other_names: Each {kind, name}; kind "on_evidence" is the name as printed.
        beneficiary_basis: Why the person may rely on an instrument; never asked as
            nationality and hidden from assessors.
    """

    family_name: str
    given_name: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    sex: str | None = None
    other_names: tuple[Mapping[str, Any], ...] = ()
    email: str | None = None
    beneficiary_basis: str = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A request as it comes in.

    Attributes:
        held: One or more held qualifications as JSON values, dates as text. The
            first is the one to be recognised.
        regime: Id of the regime that is asked for, such as the one of the European
            Professional Card; None: the one that applies.
    """

    decision_kind: str
    purpose: str
    jurisdiction: str
    applicant: NewApplicant
    held: tuple[Mapping[str, Any], ...]
    profession: str | None = None
    language: str = "en"
    stage: str = "in_destination"
    external_reference: str | None = None
    regime: str | None = None


def submit(
    session: Session,
    caller: Caller,
    new: NewRequest,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> tuple[RecognitionRequest, SignedDecision | None]:
    """Take a request in, route it, and let a rule decide where one may.

    The caller owns the transaction. With a decision by rule the attestation is
    still to be issued; without one the applicant is told that the request came in.

    Raises:
        NotCompetentError: The authority does not decide for this destination.
        RequestInvalidError: A code is in no row of the edition.
        BaseNotValidError: What is held is attested by nothing that is valid.
    """
    _require_competence(session, caller, new, edition, now)
    based = [within_base(session, item, now=now) for item in new.held]
    held = [
        complete_held(item, caller, edition, pointer=f"/held_qualifications/{position}")
        for position, item in enumerate(based)
    ]
    applicant = _add_applicant(session, caller.authority_id, new.applicant, now)
    request = _new_row(caller, new, applicant, edition, now=now)
    session.add(request)
    session.flush()
    rows = _add_held(session, request, held, now)
    authority = get_authority(session, caller.authority_id)
    file = CaseFile(authority, request, applicant, rows, ())
    proposal = route(session, file, edition, now=now)
    if not (
        proposal.is_decided_by_rule and proposal.regime.procedure is Procedure.NONE
    ):
        request.number = next_number(session, caller.authority_id, "REC", now.year)
    note_event(session, request, "submitted", actor=caller.actor, now=now)
    if proposal.is_decided_by_rule:
        return request, decide_by_rule(session, file, edition, now=now)
    if not proposal.regime.timing.limits:
        # Where time limits run an officer acknowledges, and says how long it takes.
        acknowledge(session, request, actor=caller.actor, now=now)
    return request, None


def add_evidence(
    session: Session,
    caller: Author,
    request_id: UUID,
    *,
    position: int,
    authenticity: Mapping[str, Any] | None,
    institution_status: Mapping[str, Any] | None,
    training_started_on: date | None,
    facts: Mapping[str, Any] | None,
    edition: EditionAtHand,
    now: datetime,
) -> tuple[RecognitionRequest, SignedDecision | None]:
    """Record what was established about a held qualification, and look again.

    The caller owns the transaction. A prepared decision is thereby put back to be
    written anew. Where the evidence lets a rule decide, it does.

    Raises:
        RequestNotFoundError: The authority has no such request.
        TransitionNotAllowedError: It is decided or withdrawn.
        RequestInvalidError: It has no held qualification at this position, or a
            known fact is not written as it should be.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    file.request.status = before_the_decision(
        rules_of(session, file.request), file.request.status
    )
    if not 0 <= position < len(file.held):
        raise RequestInvalidError(
            "There is no such held qualification.",
            ({"pointer": "/held_qualification", "code": "out_of_range"},),
        )
    row = file.held[position]
    content = dict(row.content)
    if authenticity is not None:
        content["authenticity"] = _vouched(authenticity, caller)
    if institution_status is not None:
        content["institution_status"] = _vouched(institution_status, caller)
    if training_started_on is not None:
        content["training_started_on"] = training_started_on.isoformat()
    if facts is not None:
        _require_facts(facts, "/facts")
        content["facts"] = {**(content["facts"] or {}), **facts}
        established = dict.fromkeys(facts, caller.actor)
        content["facts_established"] = {
            **(content.get("facts_established") or {}),
            **established,
        }
    row.content = content
    proposal = route(session, file, edition, now=now)
    note_event(session, file.request, "evidence_added", actor=caller.actor, now=now)
    signed = None
    if proposal.is_decided_by_rule:
        signed = decide_by_rule(session, file, edition, now=now)
    return file.request, signed


def withdraw(
    session: Session, caller: Caller, request_id: UUID, *, now: datetime
) -> RecognitionRequest:
    """End a request because the applicant no longer pursues it.

    The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        TransitionNotAllowedError: It is decided or withdrawn already.
    """
    file = open_file(session, caller.authority_id, request_id, to_change=True)
    happen(session, file.request, CaseEventKind.WITHDRAWN, actor=caller.actor, now=now)
    end_with_case(session, file, now=now)
    confirm_withdrawal(session, file.request, actor=caller.actor, now=now)
    return file.request


def _require_competence(
    session: Session,
    caller: Caller,
    new: NewRequest,
    edition: EditionAtHand,
    now: datetime,
) -> None:
    require_competence(
        session,
        caller,
        new.jurisdiction,
        new.profession,
        edition.compiled.snapshot,
        now=now,
    )


def complete_held(
    held: Mapping[str, Any], caller: Author, edition: EditionAtHand, *, pointer: str
) -> dict[str, Any]:
    """Fill in what follows from a named type, and who vouches for what.

    `pointer` says where the held qualification stands in the caller's body.

    Raises:
        RequestInvalidError: The named type is in no row of the edition, or a known
            fact is not written as it should be.
    """
    content: dict[str, Any] = {
        "qualification": None,
        "title": None,
        "title_language": None,
        "framework": None,
        "level": None,
        "awarded_on": None,
        "training_started_on": None,
        "awarding_body": None,
        "institution_status": None,
        "prior_recognitions": [],
        "facts": {},
        **held,
    }
    by_id = content["qualification"]
    if by_id is not None:
        row = edition.compiled.snapshot.tables.qualifications.get(by_id)
        if row is None:
            raise _unknown_qualification(by_id, edition, pointer)
        content["title"] = content["title"] or row.title
        content["title_language"] = content["title_language"] or row.language
        content["framework"] = content["framework"] or row.framework
        content["level"] = content["level"] or row.level
    _require_facts(content["facts"] or {}, f"{pointer}/facts")
    authenticity = {"grade": "self_declared", **(content.get("authenticity") or {})}
    content["authenticity"] = _vouched(authenticity, caller)
    if content["institution_status"] is not None:
        content["institution_status"] = _vouched(content["institution_status"], caller)
    return content


def _require_facts(facts: Mapping[str, Any], pointer: str) -> None:
    """Refuse known facts that cannot be read; a case may hold others besides."""
    faults = tuple(
        {"pointer": f"{pointer}/{name}", "code": code, "detail": detail}
        for name, code, detail in faults_of(facts)
        if name in FACTS
    )
    if faults:
        raise RequestInvalidError("Facts are not written as they should be.", faults)


def _vouched(finding: Mapping[str, Any], caller: Author) -> dict[str, Any]:
    """Name the caller as who established something, unless somebody is named."""
    return {**finding, "established_by": finding.get("established_by") or caller.actor}


def _unknown_qualification(
    unknown: str, edition: EditionAtHand, pointer: str
) -> RequestInvalidError:
    known = edition.compiled.snapshot.tables.qualifications
    return RequestInvalidError(
        f"There is no qualification {unknown}.",
        (
            {
                "pointer": f"{pointer}/qualification",
                "code": "unknown_code",
                "detail": "Search it at /api/v1/qualifications?query=…",
                "nearest": list(nearest(unknown, known)),
            },
        ),
    )


def _new_row(
    caller: Caller,
    new: NewRequest,
    applicant: Applicant,
    edition: EditionAtHand,
    *,
    now: datetime,
) -> RecognitionRequest:
    return RecognitionRequest(
        authority_id=caller.authority_id,
        id=new_id(now),
        applicant_id=applicant.id,
        status=CaseState.SUBMITTED,
        procedure=Procedure.CASE,
        language=new.language,
        stage=new.stage,
        decision_kind=new.decision_kind,
        purpose=new.purpose,
        destination=new.jurisdiction,
        profession=new.profession,
        external_reference=new.external_reference,
        wanted_regime=new.regime,
        regime=_OPEN,
        routing_reasons=[],
        edition=edition.as_value(),
        submitted_at=now,
        submitted_by=caller.actor,
        version=0,
    )


def _add_applicant(
    session: Session, authority_id: str, new: NewApplicant, now: datetime
) -> Applicant:
    applicant = Applicant(
        authority_id=authority_id,
        id=new_id(now),
        family_name=new.family_name,
        given_name=new.given_name,
        other_names=[dict(name) for name in new.other_names],
        birth_date=new.birth_date,
        birth_place=new.birth_place,
        email=new.email,
        created_at=now,
    )
    session.add(applicant)
    session.flush()
    session.add(
        ApplicantBackground(
            authority_id=authority_id,
            id=applicant.id,
            sex=new.sex,
            beneficiary_basis=new.beneficiary_basis,
        )
    )
    return applicant


def _add_held(
    session: Session,
    request: RecognitionRequest,
    held: list[dict[str, Any]],
    now: datetime,
) -> tuple[HeldQualification, ...]:
    rows = tuple(
        HeldQualification(
            authority_id=request.authority_id,
            id=new_id(now),
            request_id=request.id,
            position=position,
            title=content["title"],
            title_key=key_of_title(content["title"]),
            origin=content["origin"],
            qualification=content["qualification"],
            content=content,
        )
        for position, content in enumerate(held)
    )
    session.add_all(rows)
    return rows
