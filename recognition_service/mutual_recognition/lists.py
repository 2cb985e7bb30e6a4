"""Lists of qualifications that a body asks another one to recognise.

The rows hold for one destination: what the tables propose there is computed when the
list arrives, and anew when it goes on to somebody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.models import Authority
from recognition_service.mutual_recognition.errors import misfits
from recognition_service.mutual_recognition.models import MutualItem, MutualRequest
from recognition_service.mutual_recognition.subjects import random_reference
from recognition_service.recognition.case_file import EditionAtHand, OtherBody
from recognition_service.recognition.errors import RequestInvalidError
from recognition_service.recognition.proposal import proposed_answer
from recognition_service.recognition.submit import complete_held
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_rows

_HELD = "/held_qualifications/0"
_MOST_FAULTS = 100
_VOUCHED = ("authenticity", "institution_status")

_CONTENTS = Prepared(
    lambda _: (
        select(MutualItem.position, MutualItem.content)
        .where(
            MutualItem.authority_id == bindparam("authority_id"),
            MutualItem.request_id == bindparam("request_id"),
        )
        .order_by(MutualItem.position)
    )
)
_PROPOSE_ANEW = Prepared(
    lambda _: (
        update(MutualItem)
        .where(
            MutualItem.authority_id == bindparam("_authority"),
            MutualItem.request_id == bindparam("_request"),
            MutualItem.position == bindparam("_position"),
        )
        .values(proposal=bindparam("_proposal"))
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTerms:
    """What is asked for every row of a list."""

    decision_kind: str
    purpose: str
    profession: str | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """One row of a list as it comes in, JSON values with dates as text."""

    applicant: Mapping[str, Any]
    held: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Destination:
    """For whom proposals are computed.

    Attributes:
        on: The legal date there.
    """

    authority: Authority
    edition: EditionAtHand
    on: date


@dataclass(frozen=True, slots=True)
class PreparedItem:
    """A row that fits the tables of the destination."""

    content: Mapping[str, Any]
    proposal: Mapping[str, Any] | None


def prepare_items(
    items: Sequence[NewItem], terms: ListTerms, asker: str, to: Destination
) -> list[PreparedItem]:
    """Return the rows with what the tables of the destination propose for each.

    Who sends a list vouches for what it says about the awards in it; nobody else is
    named there.

    Raises:
        MutualRequestInvalidError: Rows do not fit the tables; each is named.
    """
    prepared, faults = [], []
    author = OtherBody(to.authority.id, asker)
    for place, item in enumerate(items):
        pointer, row = f"/items/{place}/held_qualification", place + 1
        try:
            held = complete_held(
                _without_others(item.held), author, to.edition, pointer=pointer
            )
            proposal = proposal_for(held, terms, to)
        except RequestInvalidError as error:
            faults += [_moved(each, pointer, row) for each in error.errors]
            continue
        content = {
            "subject_ref": random_reference(),
            "applicant": dict(item.applicant),
            "held": held,
        }
        prepared.append(PreparedItem(content, proposal))
    if faults:
        raise misfits(faults[:_MOST_FAULTS])
    return prepared


def proposed_here(
    items: Sequence[PreparedItem], to: Authority
) -> Sequence[PreparedItem]:
    """Leave out proposals where those who are asked make them by tables of their own.

    A body of another installation has the list proposed by the tables there.
    """
    if not is_elsewhere(to.id):
        return items
    return [PreparedItem(item.content, None) for item in items]


def add_items(
    session: Session, row: MutualRequest, items: Sequence[PreparedItem]
) -> None:
    """Give a body the rows of a list. The caller owns the transaction."""
    insert_rows(
        session,
        MutualItem,
        [
            {
                "authority_id": row.authority_id,
                "request_id": row.id,
                "position": position,
                "title": item.content["held"]["title"],
                "origin": item.content["held"]["origin"],
                "content": item.content,
                "proposal": item.proposal,
            }
            for position, item in enumerate(items, start=1)
        ],
    )


def redirect_items(
    session: Session, asker: MutualRequest, to: Destination
) -> list[PreparedItem]:
    """Compute the proposals of a list anew for another destination.

    The caller owns the transaction and gives the new body its rows. A row that does not
    fit the tables there has no proposal.
    """
    terms = ListTerms(**(asker.terms or {}))
    prepared, changes = [], []
    for position, content in _CONTENTS.all(
        session, authority_id=asker.authority_id, request_id=asker.id
    ):
        try:
            proposal = proposal_for(content["held"], terms, to)
        except RequestInvalidError:
            proposal = None
        prepared.append(PreparedItem(content, proposal))
        changes.append(
            {
                "_authority": asker.authority_id,
                "_request": asker.id,
                "_position": position,
                "_proposal": proposal,
            }
        )
    _PROPOSE_ANEW.run_many(session, changes)
    return prepared


def proposal_for(
    held: Mapping[str, Any], terms: ListTerms, to: Destination
) -> Mapping[str, Any] | None:
    """Return what the tables of the destination say about a held qualification.

    Raises:
        RequestInvalidError: It does not fit the tables.
    """
    inputs = {
        "held": held,
        "decision_kind": terms.decision_kind,
        "purpose": terms.purpose,
        "destination": {
            "jurisdiction": to.authority.jurisdiction,
            "profession": terms.profession,
        },
        "decided_on": to.on.isoformat(),
    }
    return proposed_answer(inputs, to.edition.compiled)


def forget_items(session: Session, row: MutualRequest) -> None:
    """Let a body forget the rows of a list. The caller owns the transaction."""
    session.execute(
        delete(MutualItem).where(
            MutualItem.authority_id == row.authority_id,
            MutualItem.request_id == row.id,
        )
    )


def items_of(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    after: int = 0,
    limit: int | None = None,
) -> list[MutualItem]:
    """Return rows of a list as a body keeps them, in their order."""
    return list(
        session.scalars(
            select(MutualItem)
            .where(
                MutualItem.authority_id == authority_id,
                MutualItem.request_id == request_id,
                MutualItem.position > after,
            )
            .order_by(MutualItem.position)
            .limit(limit)
        )
    )


def count_items(session: Session, row: MutualRequest) -> int:
    """Return how many rows a list has."""
    return (
        session.scalar(
            select(func.count())
            .select_from(MutualItem)
            .where(
                MutualItem.authority_id == row.authority_id,
                MutualItem.request_id == row.id,
            )
        )
        or 0
    )


def is_in_work(session: Session, row: MutualRequest) -> bool:
    """Tell whether a body has opened cases for a list."""
    opened = session.scalars(
        select(MutualItem.position)
        .where(
            MutualItem.authority_id == row.authority_id,
            MutualItem.request_id == row.id,
            MutualItem.case_id.is_not(None),
        )
        .limit(1)
    )
    return opened.first() is not None


def _without_others(held: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out whom the sender names as who established something."""
    found = dict(held)
    for name in _VOUCHED:
        if found.get(name):
            found[name] = {
                key: value
                for key, value in found[name].items()
                if key != "established_by"
            }
    return found


def _moved(fault: Mapping[str, Any], pointer: str, row: int) -> dict[str, Any]:
    """Return a fault of a request for recognition as one of a row."""
    at = str(fault["pointer"])
    if at.startswith(_HELD):
        at = pointer + at.removeprefix(_HELD)
    elif at.startswith("/destination"):
        at = "/recognition" + at.removeprefix("/destination")
    return {**fault, "pointer": at, "row": row}
