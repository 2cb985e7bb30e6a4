"""What became of the rows of a list: live where the cases are, copied when answered."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.lists import count_items
from recognition_service.mutual_recognition.models import MutualItem, MutualRequest
from recognition_service.mutual_recognition.sides import Sides
from recognition_service.recognition.read import case_results
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.storage.prepared import Prepared

_NAMED = 20
_AT_ONCE = 500
_REFUSED = "refused"
Result = dict[str, Any]
_ROWS = Prepared(
    lambda _: (
        select(
            MutualItem.position,
            MutualItem.case_id,
            MutualItem.problem,
            MutualItem.result,
        )
        .where(
            MutualItem.authority_id == bindparam("authority_id"),
            MutualItem.request_id == bindparam("request_id"),
            MutualItem.position > bindparam("after"),
        )
        .order_by(MutualItem.position)
        .limit(_AT_ONCE)
    )
)
_SETTLE = Prepared(
    lambda _: (
        update(MutualItem)
        .where(
            MutualItem.authority_id == bindparam("_authority"),
            MutualItem.request_id == bindparam("_request"),
            MutualItem.position == bindparam("_position"),
        )
        .values(result=bindparam("_result"), problem=bindparam("_problem"))
    )
)


class _Item(NamedTuple):
    """The columns of a row that tell what became of it."""

    position: int
    case_id: UUID | None
    problem: dict[str, Any] | None
    result: Result | None


def results_of(
    session: Session, authority_id: str, items: Sequence["MutualItem | _Item"]
) -> dict[int, Result | None]:
    """Return what became of rows, by their positions; None: nothing is known yet."""
    ids = [item.case_id for item in items if item.case_id is not None]
    found = case_results(session, authority_id, ids) if ids else {}
    return {
        item.position: item.result
        if item.case_id is None
        else found.get(item.case_id, item.result)
        for item in items
    }


def settle_list(
    session: Session, sides: Sides, told: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Copy what became of every row to both sides, as the answer to the list.

    The caller owns the transaction. Accepting a list means deciding all of it.

    Args:
        session: A writing session.
        sides: Of the list.
        told: What another installation tells of the rows, each {position, result,
            problem}; None: their cases are here.

    Raises:
        MutualRequestInvalidError: Rows are not decided yet, or told of wrongly; the
            first are named.
    """
    answerer = sides.answerer
    settled = (
        list(_outcomes(session, answerer.authority_id, answerer.id))
        if told is None
        else _told(session, answerer, told)
    )
    open_ones = [
        str(each["_position"])
        for each in settled
        if each["_problem"] is None and not _is_settled(each["_result"])
    ]
    if open_ones:
        raise misfit(
            "/items",
            "undecided",
            f"Rows not decided yet: {', '.join(open_ones[:_NAMED])}.",
        )
    for row in (answerer, sides.asker):
        named = {"_authority": row.authority_id, "_request": row.id}
        _SETTLE.run_many(session, [{**each, **named} for each in settled])


def outcomes_of(
    session: Session, authority_id: str, request_id: UUID
) -> list[dict[str, Any]]:
    """Return what became of each row, as another installation is told."""
    return [
        {name.removeprefix("_"): value for name, value in outcome.items()}
        for outcome in _outcomes(session, authority_id, request_id)
    ]


def _told(
    session: Session, answerer: MutualRequest, told: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return what another installation tells of the rows, one for each."""
    positions = [each["position"] for each in told]
    if positions != list(range(1, count_items(session, answerer) + 1)):
        raise misfit("/items", "other_rows", "The answer is not about all rows.")
    return [{f"_{name}": value for name, value in each.items()} for each in told]


def _outcomes(
    session: Session, authority_id: str, request_id: UUID
) -> Iterator[dict[str, Any]]:
    """Yield what became of each row; a problem counts where there is no case."""
    after = 0
    while rows := _ROWS.all(
        session, authority_id=authority_id, request_id=request_id, after=after
    ):
        items = [_Item(*row) for row in rows]
        results = results_of(session, authority_id, items)
        for item in items:
            yield {
                "_position": item.position,
                "_result": results[item.position],
                "_problem": item.problem if item.case_id is None else None,
            }
        after = items[-1].position


def item_document(item: MutualItem, result: Result | None) -> dict[str, Any]:
    """Return a row as callers get it, codes without texts."""
    known = result or {"status": None, "decision": None, "attestation": None}
    return {
        "row": item.position,
        "title": item.title,
        "origin": item.origin,
        "subject_ref": item.content["subject_ref"],
        "applicant": item.content["applicant"],
        "held_qualification": item.content["held"],
        "proposal": item.proposal,
        "case": str(item.case_id) if item.case_id else None,
        **known,
        "problem": None if _is_over(known) else item.problem,
    }


def _is_over(result: Result) -> bool:
    return result["status"] in {CaseState.DECIDED, CaseState.WITHDRAWN}


def _is_settled(result: Result | None) -> bool:
    """Tell whether nothing more will become of a row."""
    if result is None:
        return False
    if result["status"] == CaseState.WITHDRAWN:
        return True
    decision = result["decision"]
    if result["status"] != CaseState.DECIDED or decision is None:
        return False
    return decision["outcome"] == _REFUSED or result["attestation"] is not None
