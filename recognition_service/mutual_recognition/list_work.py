"""Carrying out what was ordered for rows of a list, some rows in each transaction.

Each row is released in the transaction in which it was dealt with. What stands in the
way of one row is kept there and stops no other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.drafts import NewAttestation, covering_mandate
from recognition_service.attestations.grounds import refuse_groundless
from recognition_service.attestations.issue import Intent
from recognition_service.attestations.issuer import Issuer, find_issuer
from recognition_service.attestations.reserve import reserve_many
from recognition_service.authorities.access import Caller, find_caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.errors import RecognitionError
from recognition_service.mutual_recognition.as_proposed import decision_as_proposed
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.conversation import Event, allowed_events
from recognition_service.mutual_recognition.errors import (
    DecisionChangedError,
    problem_of,
)
from recognition_service.mutual_recognition.list_acts import ActKind
from recognition_service.mutual_recognition.lists import (
    Destination,
    ListTerms,
    proposal_for,
)
from recognition_service.mutual_recognition.models import (
    ListAct,
    MutualItem,
    MutualRequest,
)
from recognition_service.mutual_recognition.sides import place_of
from recognition_service.recognition.decide import prepare_decision, sign_decision
from recognition_service.recognition.errors import RequestInvalidError
from recognition_service.recognition.lifecycle import UNPREPARED
from recognition_service.recognition.read import CaseStanding, case_states
from recognition_service.regimes.lifecycle import CaseState

CHUNK = 100


@dataclass(frozen=True, slots=True)
class Part:
    """What came of some rows.

    Attributes:
        intents: What is to be signed now, by the signatory who acted.
        last: Position of the last row; None: no row is left.
    """

    intents: Mapping[str, Sequence[Intent]]
    last: int | None


@dataclass(frozen=True, slots=True)
class _Desk:
    """What all rows of a part have in common."""

    session: Session
    row: MutualRequest
    terms: ListTerms
    service: Service
    states: Mapping[UUID, CaseStanding]
    callers: Mapping[str, Caller]
    now: datetime


def carry_out(
    session: Session,
    authority_id: str,
    request_id: UUID,
    *,
    service: Service,
    after: int = 0,
    now: datetime,
) -> Part:
    """Carry out what is ordered for the next rows of a list.

    The caller owns the transaction and finishes the intents afterwards. A list that is
    not to be answered any more releases its rows.

    Args:
        session: A writing session.
        authority_id: Who answers the list.
        request_id: The list.
        service: Edition of this authority, and the prefix of what is issued.
        after: Position up to which the caller has had them carried out.
        now: The instant.

    Raises:
        NoActiveKeyError: The authority has no key to sign attestations with.
    """
    row = session.get(MutualRequest, (authority_id, request_id), with_for_update=True)
    items = _ordered(session, authority_id, request_id, after)
    if row is None or not items:
        return Part({}, last=None)
    last = items[-1].position
    if Event.ANSWERED not in allowed_events(place_of(row)):
        for item in items:
            item.act_id = None
        return Part({}, last)
    acts = _acts_of(session, authority_id, items)
    cases = [item.case_id for item in items if item.case_id is not None]
    actors = {act.actor for act in acts.values()}
    desk = _Desk(
        session,
        row,
        ListTerms(**(row.terms or {})),
        service,
        case_states(session, authority_id, cases),
        {actor: find_caller(session, authority_id, actor) for actor in actors},
        now,
    )
    return Part(_carry_out_each(desk, items, acts), last)


def _carry_out_each(
    desk: _Desk, items: Sequence[MutualItem], acts: Mapping[UUID, ListAct]
) -> dict[str, Sequence[Intent]]:
    """Prepare or sign row by row; return what is to be signed, by signatory."""
    issuer = _issuer_for(desk, acts.values())
    wanted: dict[str, list[NewAttestation]] = {}
    for item in items:
        act = acts[UUID(str(item.act_id))]
        try:
            with desk.session.begin_nested():
                if issuer is not None and act.kind == ActKind.SIGN:
                    new = _sign(desk, item, act, issuer)
                    if new is not None:
                        wanted.setdefault(act.actor, []).append(new)
                else:
                    _prepare(desk, item, act)
        except RecognitionError as error:
            item.problem = problem_of(error)
        else:
            item.problem = None
        item.act_id = None
    return {
        actor: _reserve(desk, issuer, actor, new)
        for actor, new in wanted.items()
        if issuer is not None
    }


def _ordered(
    session: Session, authority_id: str, request_id: UUID, after: int
) -> Sequence[MutualItem]:
    return session.scalars(
        select(MutualItem)
        .where(
            MutualItem.authority_id == authority_id,
            MutualItem.request_id == request_id,
            MutualItem.act_id.is_not(None),
            MutualItem.position > after,
        )
        .order_by(MutualItem.position)
        .limit(CHUNK)
        .execution_options(populate_existing=True)
    ).all()


def _acts_of(
    session: Session, authority_id: str, items: Sequence[MutualItem]
) -> dict[UUID, ListAct]:
    acts = session.scalars(
        select(ListAct).where(
            ListAct.authority_id == authority_id,
            ListAct.id.in_({item.act_id for item in items}),
        )
    )
    return {act.id: act for act in acts}


def _issuer_for(desk: _Desk, acts: Collection[ListAct]) -> Issuer | None:
    """Return who issues, if anything is to be signed."""
    if not any(act.kind == ActKind.SIGN for act in acts):
        return None
    return find_issuer(
        desk.session,
        desk.row.authority_id,
        public_url=desk.service.public_url,
        now=desk.now,
    )


def _prepare(desk: _Desk, item: MutualItem, act: ListAct) -> None:
    """Write the decision about one row, unless it is not open any more."""
    case_id = UUID(str(item.case_id))
    if act.only_open and desk.states[case_id].status not in UNPREPARED:
        return
    content = act.decision
    if content is None:
        content = decision_as_proposed(
            item.proposal, _proposed_now(desk, item), desk.terms.decision_kind
        )
    prepare_decision(
        desk.session,
        desk.callers[act.actor],
        case_id,
        content,
        edition=desk.service.edition,
        now=desk.now,
    )


def _sign(
    desk: _Desk, item: MutualItem, act: ListAct, issuer: Issuer
) -> NewAttestation | None:
    """Sign the decision about one row that the signatory has seen.

    What no mandate covers is not signed, nor what rests on nothing that holds now.
    """
    case_id = UUID(str(item.case_id))
    state = desk.states[case_id]
    if state.status == CaseState.DECIDED:
        return None  # Somebody has signed it alone meanwhile.
    if state.prepared_at is not None and state.prepared_at > act.ordered_at:
        raise DecisionChangedError("Read it, then sign it.")
    _, signed = sign_decision(
        desk.session,
        desk.callers[act.actor],
        case_id,
        edition=desk.service.edition,
        now=desk.now,
    )
    if signed.attestation is not None:
        covering_mandate(issuer, signed.attestation)
        wanted = [signed.attestation]
        groundless = refuse_groundless(desk.session, issuer, wanted, desk.now)
        for refusal in groundless.values():
            raise refusal
    return signed.attestation


def _reserve(
    desk: _Desk, issuer: Issuer, actor: str, wanted: Sequence[NewAttestation]
) -> list[Intent]:
    """Reserve the attestations over what was signed, all or none of it."""
    reservation = reserve_many(desk.session, issuer, wanted, actor=actor, now=desk.now)
    for refusal in reservation.refused.values():
        raise refusal
    return reservation.intents


def _proposed_now(desk: _Desk, item: MutualItem) -> Mapping[str, Any] | None:
    authority = get_authority(desk.session, desk.row.authority_id)
    to = Destination(authority, desk.service.edition, legal_day(authority, desk.now))
    try:
        return proposal_for(item.content["held"], desk.terms, to)
    except RequestInvalidError:
        return None
