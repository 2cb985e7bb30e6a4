"""A request's file: finding it, and the inputs of its decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import ENGINE, new_nonce
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority
from recognition_service.editions.find import CompiledEdition, EditionInForce
from recognition_service.recognition.errors import (
    CaseBlockedError,
    RequestNotFoundError,
)
from recognition_service.recognition.models import (
    MAIN,
    PROVISIONAL,
    REVOCATION,
    Applicant,
    Decision,
    HeldQualification,
    RecognitionRequest,
)


class Author(Protocol):
    """Who writes into a file of an authority: its own people, or another body."""

    @property
    def authority_id(self) -> str:
        """Whose file it is."""

    @property
    def actor(self) -> str:
        """Who writes, as file and audit name it."""


@dataclass(frozen=True, slots=True)
class OtherBody:
    """A body whose answer goes into the file of the authority that asked it.

    Attributes:
        authority_id: Whose file it is.
        body: Who answered.
    """

    authority_id: str
    body: str

    @property
    def actor(self) -> str:
        """The body, as file and audit name it."""
        return f"authority:{self.body}"


@dataclass(frozen=True, slots=True)
class EditionAtHand:
    """The edition in force for an authority, by name and compiled."""

    in_force: EditionInForce
    compiled: CompiledEdition

    def as_value(self) -> dict[str, str | None]:
        """Return base and overlay as they stand in records."""
        return {"base": self.in_force.base, "overlay": self.in_force.overlay}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A request with all that belongs to it.

    Attributes:
        decisions: On the request itself, oldest first.
        provisional: The decision until then, the latest if there were several.
        revocation: The decision that takes a decision back, likewise.
    """

    authority: Authority
    request: RecognitionRequest
    applicant: Applicant
    held: tuple[HeldQualification, ...]
    decisions: tuple[Decision, ...]
    provisional: Decision | None = None
    revocation: Decision | None = None

    @property
    def decision(self) -> Decision | None:
        """The latest decision, prepared or signed."""
        return self.decisions[-1] if self.decisions else None

    @property
    def signed(self) -> Decision | None:
        """The latest decision that was signed: the one that holds."""
        signed = [each for each in self.decisions if each.signed_at is not None]
        return signed[-1] if signed else None


def open_file(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    to_change: bool = False,
    despite_block: bool = False,
) -> CaseFile:
    """Return an authority's request with all that belongs to it.

    Args:
        session: A writing session if `to_change`.
        authority_id: The authority that asks.
        request_id: The request.
        to_change: Whether to lock the request until the end of the transaction.
        despite_block: Whether what is blocked may be seen: by an auditor, by the
            person whose case it is, or for an act that the law demands of it and that
            shows nobody anything.

    Raises:
        RequestNotFoundError: The authority has no such request.
        CaseBlockedError: It is blocked.
    """
    request = get_request(
        session,
        authority_id,
        request_id,
        to_change=to_change,
        despite_block=despite_block,
    )
    held = session.scalars(
        select(HeldQualification)
        .where(
            HeldQualification.authority_id == authority_id,
            HeldQualification.request_id == request_id,
        )
        .order_by(HeldQualification.position)
    )
    decisions = session.scalars(
        select(Decision)
        .where(Decision.authority_id == authority_id, Decision.request_id == request_id)
        .order_by(Decision.number)
    ).all()
    provisional = [each for each in decisions if each.role == PROVISIONAL]
    revocations = [each for each in decisions if each.role == REVOCATION]
    return CaseFile(
        get_authority(session, authority_id),
        request,
        session.get_one(Applicant, (authority_id, request.applicant_id)),
        tuple(held),
        tuple(each for each in decisions if each.role == MAIN),
        provisional[-1] if provisional else None,
        revocations[-1] if revocations else None,
    )


def get_request(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    to_change: bool = False,
    despite_block: bool = False,
) -> RecognitionRequest:
    """Return an authority's request alone; locked if it is to be changed.

    Raises:
        RequestNotFoundError: The authority has no such request.
        CaseBlockedError: It is blocked; see `open_file`.
    """
    request = session.get(
        RecognitionRequest, (authority_id, request_id), with_for_update=to_change
    )
    if request is None:
        raise RequestNotFoundError(f"There is no recognition request {request_id}.")
    if request.blocked_at is not None and not despite_block:
        raise CaseBlockedError("The case is closed and blocked; auditors read it.")
    return request


def list_requests(
    session: Session,
    authority_id: str,
    *,
    after: UUID | None,
    limit: int,
    status: str | None = None,
    is_re_examined: bool = False,
) -> list[RecognitionRequest]:
    """Return an authority's requests, oldest first, after a given one.

    With `is_re_examined` only those that were examined though nothing had to be.
    """
    statement = select(RecognitionRequest).where(
        RecognitionRequest.authority_id == authority_id
    )
    if status is not None:
        statement = statement.where(RecognitionRequest.status == status)
    if is_re_examined:
        statement = statement.where(RecognitionRequest.re_examined_at.is_not(None))
    if after is not None:
        statement = statement.where(RecognitionRequest.id > after)
    return list(session.scalars(statement.order_by(RecognitionRequest.id).limit(limit)))


def list_due(
    session: Session,
    authority_id: str,
    *,
    before: date,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[RecognitionRequest]:
    """Return an authority's requests that are due before a day, the earliest first.

    What is decided, held or without a time limit is not among them.

    Args:
        session: A reading session.
        authority_id: Whose requests.
        before: The day; with tomorrow's, what ends today is listed too.
        after: Due date and id of the last one of the page before, or None.
        limit: How many at most.
    """
    statement = select(RecognitionRequest).where(
        RecognitionRequest.authority_id == authority_id,
        RecognitionRequest.due_on < before,
    )
    if after is not None:
        due_on, last = after
        statement = statement.where(
            tuple_(RecognitionRequest.due_on, RecognitionRequest.id)
            > tuple_(literal(due_on), literal(last))
        )
    order = (RecognitionRequest.due_on, RecognitionRequest.id)
    return list(session.scalars(statement.order_by(*order).limit(limit)))


def inputs_of(
    file: CaseFile,
    edition: EditionAtHand,
    *,
    decided_by: str,
    content: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the inputs of a decision on this request, with a fresh nonce."""
    request, applicant = file.request, file.applicant
    return {
        "nonce": new_nonce(),
        "engine": ENGINE,
        "edition": edition.as_value(),
        "authority": request.authority_id,
        "regime": request.regime,
        "decided_by": decided_by,
        "decided_on": legal_day(file.authority, now).isoformat(),
        "decision_kind": request.decision_kind,
        "purpose": request.purpose,
        "destination": {
            "jurisdiction": request.destination,
            "profession": request.profession,
        },
        "holder": {
            "family_name": applicant.family_name,
            "given_name": applicant.given_name,
            "birth_date": _iso(applicant.birth_date),
            "name_on_evidence": _name_on_evidence(applicant),
        },
        "held": file.held[0].content,
        "decision": dict(content) if content is not None else None,
    }


def _name_on_evidence(applicant: Applicant) -> str | None:
    for name in applicant.other_names:
        if name.get("kind") == "on_evidence":
            return str(name["name"])
    return None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
