"""Deciding about many rows of a list at once: what is ordered, and for which rows.

An officer writes a decision for many rows, another person signs what was written. The
rows that it is ordered for name the act; `list_work` carries it out in parts, so that
whoever dies meanwhile leaves a list that goes on where it stopped.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from recognition_service.attestations.issuer import find_issuer
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import PrincipalKind
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.conversation import Event, Kind
from recognition_service.mutual_recognition.errors import fault, misfit, misfits
from recognition_service.mutual_recognition.models import (
    ListAct,
    MutualItem,
    MutualRequest,
)
from recognition_service.mutual_recognition.sides import (
    VersionCheck,
    any_version,
    open_sides,
)
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.recognition.errors import (
    SameSignatoryError,
    SystemCannotSignError,
)
from recognition_service.recognition.lifecycle import OPEN, UNPREPARED
from recognition_service.recognition.read import CaseStanding, case_states
from recognition_service.regimes.contents import require_contents
from recognition_service.regimes.errors import ContentsMissingError
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.storage import audit, outbox
from recognition_service.storage.ids import new_id
from recognition_service.storage.prepared import Prepared, among

LIST_WORK = "mutual.list_work"
"""Kind of the outbox message that asks for what was ordered."""
_MOST_FAULTS = 100
_ROWS = Prepared(
    lambda _: (
        select(MutualItem.position, MutualItem.case_id, MutualItem.act_id)
        .where(
            MutualItem.authority_id == bindparam("authority_id"),
            MutualItem.request_id == bindparam("request_id"),
        )
        .order_by(MutualItem.position)
    )
)
_ORDER = Prepared(
    lambda dialect: (
        update(MutualItem)
        .where(
            MutualItem.authority_id == bindparam("_authority"),
            MutualItem.request_id == bindparam("_request"),
            among(MutualItem.position, "_positions", dialect),
        )
        .values(act_id=bindparam("_act"))
    )
)


class ActKind(StrEnum):
    """What can be ordered for many rows."""

    DECIDE = "decide"
    SIGN = "sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDecision:
    """What an officer decides about many rows.

    Attributes:
        decision: As for one case, JSON values; None: as the tables propose for each.
        rows: Which rows, counted from 1; None: all for which no decision is written.
        exceptions: Rows that are left alone.
    """

    decision: Mapping[str, Any] | None
    rows: Sequence[int] | None = None
    exceptions: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a list; `state` is None as long as it is no case."""

    position: int
    state: CaseStanding | None
    is_ordered: bool

    def is_in(self, states: Collection[str]) -> bool:
        return self.state is not None and self.state.status in states


def decide_list(
    session: Session,
    caller: Caller,
    request_id: UUID,
    new: ListDecision,
    *,
    edition: EditionAtHand,
    check: VersionCheck = any_version,
    now: datetime,
) -> int:
    """Order a decision for many rows, to be signed by somebody else.

    The caller owns the transaction. Rows for which something is ordered already are
    left to it.

    Returns:
        For how many rows it was ordered.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: The list is not to be answered, or not by this side.
        MutualRequestInvalidError: There are no such rows, or some are no open cases.
        ContentsMissingError: The decision fits none of the regimes of the cases.
    """
    own = _open_list(session, caller, request_id, check)
    rows = _rows_of(session, own)
    _require_rows(rows, new.exceptions, "/except")
    wanted = list(_wanted(rows, new))
    if new.decision is not None:
        today = legal_day(get_authority(session, own.authority_id), now)
        _require_fitting(wanted, new.decision, edition, today)
    act = ListAct(
        authority_id=own.authority_id,
        id=new_id(now),
        request_id=own.id,
        kind=ActKind.DECIDE,
        decision=None if new.decision is None else dict(new.decision),
        only_open=new.rows is None,
        actor=caller.actor,
        ordered_at=now,
    )
    return _order(session, own, act, wanted)


def sign_list(
    session: Session,
    caller: Caller,
    request_id: UUID,
    *,
    service: Service,
    check: VersionCheck = any_version,
    now: datetime,
) -> int:
    """Order the signature under all decisions that are written, by a second person.

    The caller owns the transaction.

    Returns:
        For how many rows it was ordered.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: The list is not to be answered, or not by this side.
        SystemCannotSignError: The caller is no person.
        SameSignatoryError: The caller wrote all of them.
        NoActiveKeyError: The authority has no key to sign attestations with.
    """
    own = _open_list(session, caller, request_id, check)
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("A decision is signed by a person.")
    rows = _rows_of(session, own)
    wanted = [row for row in rows if row.is_in({CaseState.DECISION_PREPARED})]
    if wanted and all(_is_own(row.state, caller, service.edition) for row in wanted):
        raise SameSignatoryError("Who prepared the decisions cannot sign them.")
    find_issuer(session, own.authority_id, public_url=service.public_url, now=now)
    act = ListAct(
        authority_id=own.authority_id,
        id=new_id(now),
        request_id=own.id,
        kind=ActKind.SIGN,
        only_open=False,
        actor=caller.actor,
        ordered_at=now,
    )
    return _order(session, own, act, wanted)


def count_ordered(session: Session, authority_id: str, request_id: UUID) -> int:
    """Return for how many rows something is ordered that was not carried out yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(MutualItem)
            .where(
                MutualItem.authority_id == authority_id,
                MutualItem.request_id == request_id,
                MutualItem.act_id.is_not(None),
            )
        )
        or 0
    )


def _open_list(
    session: Session, caller: Caller, request_id: UUID, check: VersionCheck
) -> MutualRequest:
    """Return the list as who answers it keeps it, locked."""
    sides = open_sides(session, caller, request_id, Event.ANSWERED, check=check)
    if sides.own.kind != Kind.RECOGNITION_LIST:
        raise misfit("", "no_list", f"{sides.own.kind} has no rows.")
    return sides.own


def _rows_of(session: Session, own: MutualRequest) -> list[_Row]:
    found = _ROWS.all(session, authority_id=own.authority_id, request_id=own.id)
    cases = [case_id for _, case_id, _ in found if case_id is not None]
    states = case_states(session, own.authority_id, cases)
    return [
        _Row(position, states.get(case_id), act_id is not None)
        for position, case_id, act_id in found
    ]


def _require_rows(rows: Sequence[_Row], named: Sequence[int], pointer: str) -> None:
    """Refuse numbers of rows that the list does not have.

    Raises:
        MutualRequestInvalidError: There are no such rows; each is named.
    """
    faults = [
        fault(f"{pointer}/{place}", "out_of_range", f"The list has no row {number}.")
        for place, number in enumerate(named)
        if number > len(rows)
    ]
    if faults:
        raise misfits(faults[:_MOST_FAULTS])


def _wanted(rows: Sequence[_Row], new: ListDecision) -> Iterator[_Row]:
    """Yield the rows that a decision is for.

    Raises:
        MutualRequestInvalidError: A row that was named is no open case.
    """
    exceptions = frozenset(new.exceptions)
    if new.rows is None:
        for row in rows:
            if row.is_in(UNPREPARED) and row.position not in exceptions:
                yield row
        return
    _require_rows(rows, new.rows, "/rows")
    faults = [
        fault(f"/rows/{place}", "not_open", f"Row {number} is no open case.")
        for place, number in enumerate(new.rows)
        if number not in exceptions and not rows[number - 1].is_in(OPEN)
    ]
    if faults:
        raise misfits(faults[:_MOST_FAULTS])
    for number in sorted(set(new.rows) - exceptions):
        yield rows[number - 1]


def _require_fitting(
    rows: Sequence[_Row],
    decision: Mapping[str, Any],
    edition: EditionAtHand,
    today: date,
) -> None:
    """Refuse a decision that fits no regime of the rows; one that fits some is tried.

    Raises:
        ContentsMissingError: Naming each missing or impossible member.
        RegimeNotInEditionError: The edition in force has dropped a regime of the rows.
    """
    refused: ContentsMissingError | None = None
    for regime in sorted({row.state.regime for row in rows if row.state is not None}):
        try:
            require_contents(
                edition.compiled.regime(regime), decision, decided_on=today
            )
        except ContentsMissingError as error:
            refused = error
        else:
            return
    if refused is not None:
        raise refused


def _is_own(state: CaseStanding | None, caller: Caller, edition: EditionAtHand) -> bool:
    return (
        state is not None
        and state.prepared_by == caller.actor
        and edition.compiled.regime(state.regime).four_eyes
    )


def _order(
    session: Session,
    own: MutualRequest,
    act: ListAct,
    rows: Sequence[_Row],
) -> int:
    """Let rows name an act, and have it carried out."""
    positions = [row.position for row in rows if not row.is_ordered]
    if not positions:
        return 0
    session.add(act)
    own.version += 1
    _ORDER.run(
        session,
        _authority=own.authority_id,
        _request=own.id,
        _positions=positions,
        _act=act.id,
    )
    audit.append(
        session,
        own.authority_id,
        actor=act.actor,
        action=f"mutual_request.list_{act.kind}",
        subject=f"mutual_request/{own.id}",
        content={"act": str(act.id), "rows": len(positions)},
        now=act.ordered_at,
    )
    outbox.put(
        session,
        own.authority_id,
        kind=LIST_WORK,
        content={"request": str(own.id)},
        now=act.ordered_at,
    )
    return len(positions)
