"""What would come out differently under other tables; nothing is changed by looking.

Of each attestation that stands, and of each open case, the same question is asked
again. What an officer decided stays decided; here it is told that the tables would
inform otherwise now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import LargeBinary, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from recognition_service.attestations.joint_record import is_joint
from recognition_service.attestations.models import Attestation, Status
from recognition_service.attestations.packing import unpack
from recognition_service.editions.find import CompiledEdition
from recognition_service.recognition.errors import RequestInvalidError
from recognition_service.recognition.lifecycle import OPEN
from recognition_service.recognition.models import (
    HeldQualification,
    RecognitionRequest,
)
from recognition_service.recognition.proposal import proposed_answer

_STANDING = (Status.VALID, Status.SUSPENDED)
_OPEN = tuple(OPEN)
_COMPARED = ("result", "no_answer", "decides", "outcome", "instrument")
_UNKNOWN = {"result": "unknown_code"}


class Looked(StrEnum):
    """At what was looked."""

    ATTESTATION = "attestation"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Affected:
    """What would come out differently.

    Attributes:
        number: For people; None where there is none.
        decided_by: "rule" or "officer"; None for an open case.
        before: What the tables answered, in short.
        after: What they would answer.
    """

    kind: Looked
    id: UUID
    number: str | None
    decided_by: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report.

    Attributes:
        examined: How many were looked at.
        last: Id of the last one; None: there are no more.
    """

    affected: Sequence[Affected]
    examined: int
    last: UUID | None


def count_examined(session: Session, authority_id: str) -> dict[str, int]:
    """Return how many attestations and cases there are to look at."""
    attestations = select(func.count()).where(
        Attestation.authority_id == authority_id, *_standing()
    )
    cases = select(func.count()).where(
        RecognitionRequest.authority_id == authority_id,
        RecognitionRequest.status.in_(_OPEN),
    )
    return {
        Looked.ATTESTATION.value: session.scalar(attestations) or 0,
        Looked.CASE.value: session.scalar(cases) or 0,
    }


def affected_attestations(
    session: Session,
    authority_id: str,
    edition: CompiledEdition,
    *,
    after: UUID | None,
    limit: int,
) -> Part:
    """Look at the attestations of an authority that stand, in the order of their ids.

    Args:
        session: A reading session.
        authority_id: Whose attestations.
        edition: The tables that would be in force.
        after: Id of the last one that was looked at.
        limit: At how many to look.
    """
    query = select(
        Attestation.id,
        Attestation.number,
        type_coerce(Attestation.record, LargeBinary),
    ).where(Attestation.authority_id == authority_id, *_standing())
    if after is not None:
        query = query.where(Attestation.id > after)
    rows = session.execute(query.order_by(Attestation.id).limit(limit)).all()
    found = []
    for row_id, number, packed in rows:
        record = orjson.loads(unpack(packed))
        inputs, recorded = record["inputs"], record["findings"].get("equivalence")
        if is_joint(inputs):
            continue
        new = _asked_again(inputs, edition)
        before = essence(recorded)
        if before != new:
            decided = inputs["decided_by"]
            kind = Looked.ATTESTATION
            found.append(Affected(kind, row_id, number, decided, before, new))
    return _part(found, rows, limit)


def affected_cases(
    session: Session,
    authority_id: str,
    edition: CompiledEdition,
    *,
    today: date,
    after: UUID | None,
    limit: int,
) -> Part:
    """Look at the open cases of an authority, in the order of their ids.

    Args:
        session: A reading session.
        authority_id: Whose cases.
        edition: The tables that would be in force.
        today: The day for which the tables are asked.
        after: Id of the last one that was looked at.
        limit: At how many to look.
    """
    request, held = RecognitionRequest, HeldQualification
    of_request = and_(
        held.authority_id == request.authority_id,
        held.request_id == request.id,
        held.position == 0,
    )
    query = (
        select(
            request.id,
            request.number,
            request.purpose,
            request.destination,
            request.profession,
            request.equivalence,
            held.content,
        )
        .join(held, of_request)
        .where(request.authority_id == authority_id, request.status.in_(_OPEN))
    )
    if after is not None:
        query = query.where(request.id > after)
    rows = session.execute(query.order_by(request.id).limit(limit)).all()
    found = []
    for row in rows:
        inputs = {
            "held": row.content,
            "destination": {
                "jurisdiction": row.destination,
                "profession": row.profession,
            },
            "decided_on": today.isoformat(),
            "purpose": row.purpose,
        }
        new, before = _asked_again(inputs, edition), essence(row.equivalence)
        if before != new:
            found.append(Affected(Looked.CASE, row.id, row.number, None, before, new))
    return _part(found, rows, limit)


def essence(answer: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return in short what tables answered; reasons and rows are left out."""
    if answer is None:
        return {"result": None}
    short = {name: answer.get(name) for name in _COMPARED}
    short["levels"] = sorted(
        f"{level['framework']} {level['code']} ({level['relation']})"
        for level in answer.get("levels") or ()
    )
    short["counterparts"] = list(_counterparts(answer.get("object")))
    return short


def _standing() -> tuple[Any, ...]:
    return Attestation.status.in_(_STANDING), Attestation.issued_at.is_not(None)


def _asked_again(inputs: Mapping[str, Any], edition: CompiledEdition) -> dict[str, Any]:
    try:
        return essence(proposed_answer(inputs, edition))
    except RequestInvalidError:
        return _UNKNOWN


def _counterparts(compared: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield what the answer compares with, as people read it."""
    if compared is None:
        return
    for each in compared.get("qualifications") or ():
        yield each["title"]
    yield from compared.get("titles") or ()
    if compared.get("levels"):
        yield f"{compared.get('framework')} {', '.join(compared['levels'])}"


def _part(found: list[Affected], rows: Sequence[Any], limit: int) -> Part:
    is_last = len(rows) < limit
    return Part(found, len(rows), None if is_last else rows[-1].id)
