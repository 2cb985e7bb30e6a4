"""What became of the rows of a list: live where the cases are, copied when answered."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.lists import items_of
from recognition_service.mutual_recognition.models import MutualItem
from recognition_service.mutual_recognition.sides import Sides
from recognition_service.recognition.lifecycle import RequestStatus
from recognition_service.recognition.read import case_results

_NAMED = 20
_REFUSED = "refused"
Result = dict[str, Any]


def results_of(
    session: Session, authority_id: str, items: Sequence[MutualItem]
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


def settle_list(session: Session, sides: Sides) -> None:
    """Copy what became of every row to both sides, as the answer to the list.

    The caller owns the transaction. Accepting a list means deciding all of it.

    Raises:
        MutualRequestInvalidError: Rows are not decided yet; the first are named.
    """
    answerer, asker = sides.answerer, sides.asker
    items = items_of(session, answerer.authority_id, answerer.id)
    results = results_of(session, answerer.authority_id, items)
    open_ones = [
        str(item.position)
        for item in items
        if item.problem is None and not _is_settled(results[item.position])
    ]
    if open_ones:
        raise misfit(
            "/items",
            "undecided",
            f"Rows not decided yet: {', '.join(open_ones[:_NAMED])}.",
        )
    problems = {item.position: item.problem for item in items}
    for item in (*items, *items_of(session, asker.authority_id, asker.id)):
        item.result = results[item.position]
        item.problem = problems[item.position]


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
        "problem": item.problem,
    }


def _is_settled(result: Result | None) -> bool:
    """Tell whether nothing more will become of a row."""
    if result is None:
        return False
    if result["status"] == RequestStatus.WITHDRAWN:
        return True
    decision = result["decision"]
    if result["status"] != RequestStatus.DECIDED or decision is None:
        return False
    return decision["outcome"] == _REFUSED or result["attestation"] is not None
