"""What may be told of an agreement that another installation leads, after what was.

Who proposed tells how an agreement stands. It cannot undo what was, let a body here
have done what it did not, or leave open since when something holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.clock import parse_day
from recognition_service.exchange.errors import BodyUnfitError
from recognition_service.mutual_recognition.act_kinds import ActKind
from recognition_service.mutual_recognition.agreement import (
    AgreementState,
    parties_of,
)
from recognition_service.mutual_recognition.models import NegotiatedAgreement
from recognition_service.mutual_recognition.told_acts import (
    AGREEMENT,
    find_act,
    note_effect,
)

_FOLLOWING: Mapping[AgreementState | None, frozenset[AgreementState]] = {
    None: frozenset({AgreementState.NEGOTIATED}),
    AgreementState.NEGOTIATED: frozenset(
        {AgreementState.NEGOTIATED, AgreementState.SIGNED, AgreementState.ABANDONED}
    ),
    AgreementState.SIGNED: frozenset({AgreementState.WITHDRAWN}),
    AgreementState.WITHDRAWN: frozenset(),
    AgreementState.ABANDONED: frozenset(),
}
_BINDING = frozenset({AgreementState.SIGNED, AgreementState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreement stood before a message came.

    Attributes:
        state: None: nothing was known of it.
        revision: 0: nothing was known of it.
    """

    state: AgreementState | None
    revision: int
    parties: Sequence[Mapping[str, Any]]
    signatures: Mapping[str, Any]
    in_force_from: date | None


def standing_of(row: NegotiatedAgreement) -> Standing:
    """Return how an agreement stands; a new row stands nowhere yet."""
    if row.state is None:
        return Standing(None, 0, (), {}, None)
    return Standing(
        AgreementState(row.state),
        row.revision,
        list(row.parties),
        dict(row.signatures),
        row.in_force_from,
    )


def require_following(before: Standing, row: NegotiatedAgreement) -> None:
    """Refuse what cannot follow on how an agreement stood.

    Raises:
        BodyUnfitError: It would undo or change what was.
    """
    state = AgreementState(row.state)
    if state not in _FOLLOWING[before.state]:
        raise BodyUnfitError(f"/state: {state} does not follow here.")
    if row.revision < max(before.revision, 1):
        raise BodyUnfitError("/revision: a later text lies on the table.")
    if before.state is not None and row.parties != before.parties:
        raise BodyUnfitError("/parties: they were others before.")
    if before.state is AgreementState.SIGNED and (
        (row.revision, row.signatures, row.in_force_from)
        != (before.revision, before.signatures, before.in_force_from)
    ):
        raise BodyUnfitError("/state: something else was signed.")


def require_whole(row: NegotiatedAgreement) -> None:
    """Refuse a state whose members do not go together.

    Raises:
        BodyUnfitError: A title is of no party, or dates are missing or too many.
    """
    state, parties = AgreementState(row.state), parties_of(row)
    places = [party.jurisdiction for party in parties]
    for number, title in enumerate(row.content["titles"]):
        between = title["origin"], title["destination"]
        if sorted(between) != sorted(places) or between[0] == between[1]:
            raise BodyUnfitError(
                f"/content/titles/{number} is not between the parties."
            )
    first = parse_day(row.content["in_force_from"])
    if (row.in_force_from is not None) != (state in _BINDING):
        raise BodyUnfitError("/in_force_from goes with a signed agreement.")
    if row.in_force_from and first and row.in_force_from < first:
        raise BodyUnfitError("/in_force_from lies before the day in the text.")
    is_left = state is AgreementState.WITHDRAWN
    if (row.ended_on is not None) != is_left:
        raise BodyUnfitError("/ended_on goes with an agreement that was left.")
    leaving = {party.authority for party in parties} if is_left else {None}
    if row.withdrawn_by not in leaving:
        raise BodyUnfitError("/withdrawn_by is the party that left, or null.")


def require_own_acts(
    session: Session,
    before: Standing,
    row: NegotiatedAgreement,
    *,
    revised_by: str,
    cause: str | None,
    told: str,
) -> None:
    """Refuse what the party here is told to have done, unless it has asked for it.

    The caller owns the transaction. What an act has led to is kept.

    Args:
        session: A writing session.
        before: How the agreement stood.
        row: How the party here would keep it now.
        revised_by: Who has laid down the text on the table.
        cause: The message by which the party here asked for this, or None.
        told: Name of the message that tells it.

    Raises:
        BodyUnfitError: It has not asked for this.
        MessageRefusedError: Its act has led to something before.
    """
    done = _done(before, row, revised_by)
    act = find_act(session, row.authority_id, cause)
    if act is None:
        if cause is not None or done is not None:
            raise BodyUnfitError("/cause: nobody here has asked that this happens.")
        return
    if act.conversation != row.id:
        raise BodyUnfitError("/cause: something else was asked for.")
    note_effect(session, act, AGREEMENT, told)
    asked_for = ActKind(act.body["act"])
    if asked_for is ActKind.ABANDON_AGREEMENT and row.state == AgreementState.ABANDONED:
        done = asked_for
    if done is not asked_for:
        raise BodyUnfitError(f"/cause: {asked_for} was asked for.")


def _done(
    before: Standing, row: NegotiatedAgreement, revised_by: str
) -> ActKind | None:
    """Return what the party here would have done, as far as a state shows it."""
    own = row.authority_id
    if row.withdrawn_by == own:
        return ActKind.WITHDRAW_FROM_AGREEMENT
    if row.revision > before.revision and revised_by == own:
        return ActKind.REVISE_AGREEMENT
    if own in row.signatures and row.signatures[own] != before.signatures.get(own):
        return ActKind.SIGN_AGREEMENT
    return None
