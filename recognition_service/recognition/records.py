"""Decisions of bodies with a case system of their own, taken over as records.

The same is asked of them as of decisions made here: mandatory contents of the regime,
a mandate on the day of the decision, and two people, of whom the second signs by
asking for the attestation.

A record is a JSON value with `external_reference`, `decided_on`, `decided_by`,
`regime` (or None), `decision_kind`, `purpose`, `destination`, `holder`,
`held_qualification`, `decision` and `supersedes`, checked by the door that read it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from recognition_service.attestations.decision_record import (
    ENGINE,
    DecisionRecord,
    new_nonce,
)
from recognition_service.attestations.drafts import (
    COMMON_COPIES,
    NewAttestation,
    NewCopy,
)
from recognition_service.attestations.errors import RefusalNotAttestedError
from recognition_service.attestations.findings import OFFICER, findings_of
from recognition_service.authorities.access import Caller, principals_with
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.equivalence.compare import compare
from recognition_service.errors import RecognitionError
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.recognition.errors import (
    RecordInvalidError,
    SameSignatoryError,
    SystemCannotSignError,
)
from recognition_service.recognition.stated_terms import with_stated_terms
from recognition_service.recognition.submit import complete_held
from recognition_service.regimes.routing import NEUTRAL

_DECISIONS = UUID("7f3d0c0a-6d53-5f5e-9d0e-3d7a6f0d5b11")
"""Namespace of the ids that decisions get from the references of their bodies."""
_REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking over records needs to know, read once.

    Attributes:
        today: The legal date in the authority's zone.
        officers: Who may have prepared a decision, as the audit names them.
    """

    caller: Caller
    edition: EditionAtHand
    today: date
    officers: frozenset[str]


def open_desk(
    session: Session, caller: Caller, *, edition: EditionAtHand, now: datetime
) -> Desk:
    """Return what taking over records of the caller's authority needs.

    Raises:
        SystemCannotSignError: The caller is no person.
        RoleMissingError: The caller is no signatory.
    """
    caller.require(Role.SIGNATORY)
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("A decision is signed by a person.")
    return Desk(
        caller,
        edition,
        legal_day(read_authority(session, caller.authority_id), now),
        principals_with(session, caller.authority_id, Role.OFFICER),
    )


def take_over_many(
    desk: Desk, asked: Iterable[tuple[Mapping[str, Any], Sequence[NewCopy]]]
) -> list[NewAttestation | RecognitionError]:
    """Return what is to be attested for each record, or why it cannot be.

    Beside each record stand the copies that are wanted.
    """
    taken: list[NewAttestation | RecognitionError] = []
    for record, copies in asked:
        try:
            taken.append(take_over(desk, record, copies))
        except RecognitionError as error:
            taken.append(error)
    return taken


def take_over(
    desk: Desk, record: Mapping[str, Any], copies: Sequence[NewCopy] = COMMON_COPIES
) -> NewAttestation:
    """Return what is to be attested over a decision that was made elsewhere.

    The reference of the body names the decision: the same record is attested once.

    Raises:
        RecordInvalidError: A member does not fit the authority or the tables.
        SameSignatoryError: Who prepared the decision asks for the attestation.
        ConditionInvalidError: As `stated_terms.with_stated_terms`.
        ExperienceInvalidError: The same.
        ContentsMissingError: Mandatory contents are missing.
        RefusalNotAttestedError: The decision is a refusal.
    """
    _check_people_and_day(desk, record)
    if record["decision"]["outcome"] == _REFUSED:
        raise RefusalNotAttestedError("Nothing is attested over a refusal.")
    inputs = _inputs(desk, record)
    findings = findings_of(inputs, desk.edition.compiled, ask=compare, in_parts=True)
    superseded = record.get("supersedes")
    return NewAttestation(
        decision_id=decision_id(desk.caller.authority_id, record["external_reference"]),
        request_id=None,
        record=DecisionRecord(inputs, findings),
        supersedes=None if superseded is None else UUID(superseded),
        copies=tuple(copies),
        prepared_by=record["decided_by"],
    )


def decision_id(authority_id: str, external_reference: str) -> UUID:
    """Return the id of a decision that a body knows by a reference of its own."""
    return uuid5(_DECISIONS, f"{authority_id}\n{external_reference}")


def _check_people_and_day(desk: Desk, record: Mapping[str, Any]) -> None:
    prepared_by = record["decided_by"]
    if prepared_by not in desk.officers:
        raise _invalid(
            "/decided_by",
            "not_an_officer",
            "Name an officer of the authority, as person:<id>.",
        )
    regime = desk.edition.compiled.regimes.get(_regime(record))
    if regime is None:
        raise _invalid("/regime", "unknown_regime", "There is no such regime.")
    if regime.four_eyes and prepared_by == desk.caller.actor:
        raise SameSignatoryError("Who prepared the decision cannot sign it.")
    decided_on = date.fromisoformat(record["decided_on"])
    if decided_on > desk.today:
        raise _invalid(
            "/decided_on", "date_in_future", f"{decided_on} lies in the future."
        )
    if not regime.is_in_force(decided_on):
        raise _invalid(
            "/regime", "not_in_force", f"It was not in force on {decided_on}."
        )


def _inputs(desk: Desk, record: Mapping[str, Any]) -> dict[str, Any]:
    destination, holder = record["destination"], record["holder"]
    return {
        "nonce": new_nonce(),
        "engine": ENGINE,
        "edition": desk.edition.as_value(),
        "authority": desk.caller.authority_id,
        "regime": _regime(record),
        "decided_by": OFFICER,
        "decided_on": record["decided_on"],
        "decision_kind": record["decision_kind"],
        "purpose": record["purpose"],
        "destination": {
            "jurisdiction": destination["jurisdiction"],
            "profession": destination.get("profession"),
        },
        "holder": {
            "family_name": holder["family_name"],
            "given_name": holder.get("given_name"),
            "birth_date": holder.get("birth_date"),
            "name_on_evidence": holder.get("name_on_evidence"),
        },
        "held": complete_held(
            record["held_qualification"],
            desk.caller,
            desk.edition,
            pointer="/held_qualification",
        ),
        "decision": with_stated_terms(
            {**record["decision"], "decision_kind": record["decision_kind"]}
        ),
    }


def _regime(record: Mapping[str, Any]) -> str:
    return record.get("regime") or NEUTRAL


def _invalid(pointer: str, code: str, detail: str) -> RecordInvalidError:
    return RecordInvalidError(
        "The record does not fit.",
        ({"pointer": pointer, "code": code, "detail": detail},),
    )
