"""How far a list is, in numbers, for who answers it."""

from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from recognition_service.mutual_recognition.models import MutualItem, MutualRequest
from recognition_service.recognition.read import (
    case_states,
    count_attested,
    count_cases,
)
from recognition_service.regimes.lifecycle import UNDECIDED, CaseState

_NAMED = 100


def progress_of(session: Session, row: MutualRequest) -> dict[str, Any]:
    """Return how many rows stand where.

    Each row is open, prepared, decided, withdrawn or failed; attested ones are among
    the decided. A row has failed that could become no case, or that is not decided
    because the last act could not be carried out for it; the first of them are named.
    `ordered` counts the rows for which something is still to be carried out.
    """
    mine = (
        MutualItem.authority_id == row.authority_id,
        MutualItem.request_id == row.id,
    )
    total, with_case, ordered, without = session.execute(
        select(
            func.count(),
            func.count(MutualItem.case_id),
            func.count(MutualItem.act_id),
            func.count(MutualItem.problem).filter(MutualItem.case_id.is_(None)),
        ).where(*mine)
    ).one()
    cases = select(MutualItem.case_id).where(*mine, MutualItem.case_id.is_not(None))
    states = count_cases(session, row.authority_id, cases)
    hindered = count_cases(
        session, row.authority_id, cases.where(MutualItem.problem.is_not(None))
    )
    stuck = {status: hindered.get(status, 0) for status in UNDECIDED}
    failed = without + sum(stuck.values())
    in_work = {status: states.get(status, 0) - stuck[status] for status in UNDECIDED}
    prepared = in_work.pop(CaseState.DECISION_PREPARED)
    return {
        "total": total,
        "open": total - with_case - without + sum(in_work.values()),
        "prepared": prepared,
        "decided": states.get(CaseState.DECIDED, 0),
        "attested": count_attested(session, row.authority_id, cases),
        "withdrawn": states.get(CaseState.WITHDRAWN, 0),
        "failed": failed,
        "ordered": ordered,
        "problems": _problems(session, row) if failed else [],
    }


def _problems(session: Session, row: MutualRequest) -> list[dict[str, Any]]:
    """Name the first rows that have failed."""
    found = session.execute(
        select(MutualItem.position, MutualItem.problem, MutualItem.case_id)
        .where(
            MutualItem.authority_id == row.authority_id,
            MutualItem.request_id == row.id,
            MutualItem.problem.is_not(None),
        )
        .order_by(MutualItem.position)
    ).all()
    cases = [case_id for _, _, case_id in found if case_id is not None]
    states = case_states(session, row.authority_id, cases)
    failed = (
        {"row": position, "code": problem["code"]}
        for position, problem, case_id in found
        if problem is not None
        and (case_id is None or states[case_id].status in UNDECIDED)
    )
    return list(islice(failed, _NAMED))
