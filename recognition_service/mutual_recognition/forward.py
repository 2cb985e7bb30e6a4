"""Forwarding a request to the body that can answer it, even after accepting it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import home_name
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Authority
from recognition_service.mutual_recognition.addressees import (
    require_addressee,
    side_of,
)
from recognition_service.mutual_recognition.attachments import (
    copy_attachments,
    forget_attachments,
)
from recognition_service.mutual_recognition.conversation import (
    SEES_CONTENT,
    Event,
    Kind,
    Side,
)
from recognition_service.mutual_recognition.errors import misfit
from recognition_service.mutual_recognition.joining import joining
from recognition_service.mutual_recognition.lists import (
    Destination,
    add_items,
    forget_items,
    is_in_work,
    proposed_here,
    redirect_items,
)
from recognition_service.mutual_recognition.models import MutualEvent, MutualRequest
from recognition_service.mutual_recognition.sides import (
    Sides,
    VersionCheck,
    any_version,
    open_sides,
    set_all,
    write_down,
)
from recognition_service.mutual_recognition.subjects import (
    random_reference,
    subject_reference,
)
from recognition_service.recognition.case_file import EditionAtHand, get_request

_MOST_INSTALLATIONS = 2


def forward(
    session: Session,
    caller: Caller,
    request_id: UUID,
    to: str,
    *,
    installation: str | None = None,
    free_text: Mapping[str, str] | None = None,
    peer_edition: EditionAtHand | None = None,
    check: VersionCheck = any_version,
    now: datetime,
) -> MutualRequest:
    """Hand a request on to another body, which has not accepted anything yet.

    The caller owns the transaction. Who forwards keeps that it happened, and forgets
    what was asked about whom. A list needs `peer_edition`, the tables in force for whom
    it goes to. A date that was agreed with it is not agreed any more.

    Raises:
        MutualRequestNotFoundError: The authority takes part in no such request.
        EventNotAllowedError: It is answered or over, or this side cannot forward it.
        MutualRequestInvalidError: There is no such body, it had the request before, it
            asked itself, or cases were opened for a list.
    """
    sides = open_sides(session, caller, request_id, Event.FORWARDED, check=check)
    here = get_authority(session, caller.authority_id)
    addressee = require_addressee(session, here, to, installation=installation, now=now)
    _require_no_loop(sides, addressee)
    _require_near(sides, addressee)
    if is_in_work(session, sides.own):
        raise misfit("/to/authority", "list_in_work", "Its cases were opened here.")
    former = sides.own
    former.side = Side.FORMER
    _turn_to(session, sides, addressee)
    joined = joining(sides.asker, addressee.id, side_of(addressee), now)
    session.add(joined)
    session.flush()
    if joined.side in SEES_CONTENT:
        copy_attachments(session, sides.asker, [joined])
        if peer_edition is not None and sides.asker.terms is not None:
            there = Destination(addressee, peer_edition, legal_day(addressee, now))
            items = redirect_items(session, sides.asker, there)
            add_items(session, joined, proposed_here(items, addressee))
    write_down(
        session,
        [*sides.rows, joined],
        Event.FORWARDED,
        caller=caller,
        now=now,
        details={"to": addressee.id},
        content={"free_text": free_text},
    )
    forget_content(session, former)
    return former


def _turn_to(session: Session, sides: Sides, addressee: Authority) -> None:
    """Let everybody know whom the request is for now; nothing is promised any more."""
    set_all(
        sides.rows,
        answerer=addressee.id,
        passed=[*sides.own.passed, sides.own.authority_id],
        proposed_answer_by=sides.asker.asked_answer_by,
        proposed_by=Side.ASKER,
        agreed_answer_by=None,
        accepted_at=None,
    )
    sides.asker.subject_ref = _reference(session, sides.asker)


def _require_no_loop(sides: Sides, addressee: Authority) -> None:
    had_it = {sides.asker.authority_id, *sides.own.passed}
    if sides.coordinator is not None:
        had_it.add(sides.coordinator.authority_id)
    if addressee.id in had_it:
        raise misfit(
            "/to/authority", "forward_loop", f"{addressee.id} has had this request."
        )


def _require_near(sides: Sides, addressee: Authority) -> None:
    """Refuse a third installation: the two that know the request share one history.

    Raises:
        MutualRequestInvalidError: The request would be in three.
    """
    told = () if sides.coordinator is None else (sides.coordinator.authority_id,)
    names = (sides.asker.authority_id, sides.own.authority_id, addressee.id, *told)
    if len({home_name(name).peer for name in names}) > _MOST_INSTALLATIONS:
        raise misfit(
            "/to/installation",
            "third_installation",
            f"{addressee.id} lives in a third installation; who asked can ask there.",
        )


def _reference(session: Session, asker: MutualRequest) -> str | None:
    """Return the name of the person between the asker and whom it asks now."""
    if asker.kind == Kind.RECOGNITION_LIST:
        return None  # Every row names its person.
    if asker.case_id is None:
        return random_reference()
    request = get_request(
        session, asker.authority_id, asker.case_id, despite_block=True
    )
    return subject_reference(
        session, asker.authority_id, request.applicant_id, asker.answerer
    )


def forget_content(session: Session, former: MutualRequest) -> None:
    """Let a body forget what was asked about whom. The caller owns the transaction."""
    forget_asked(former)
    forget_sent(session, former)


def forget_asked(former: MutualRequest) -> None:
    """Let the row of a body say nothing of what was asked about whom."""
    former.questions = []
    former.free_text = former.about = former.subject_ref = None


def forget_sent(session: Session, former: MutualRequest) -> None:
    """Let a body forget documents, rows of a list and what messages have said.

    The caller owns the transaction.
    """
    forget_attachments(session, former)
    forget_items(session, former)
    session.flush()
    session.execute(
        update(MutualEvent)
        .where(
            MutualEvent.authority_id == former.authority_id,
            MutualEvent.request_id == former.id,
        )
        .values(content=None)
    )
