"""Messages about joint awards from bodies in other installations, and their tracks.

A body that has signed has made its award; one that refuses has not. Where the track of
the award is kept here, its file says so from then on.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.attestations.joint_elsewhere import (
    PROPOSED,
    REFUSED,
    RELEASED,
    SIGNED,
    WITHDRAWN,
    Farewell,
)
from recognition_service.attestations.joint_follow import (
    Told,
    open_proposed,
    take_farewell,
    take_release,
    take_signature,
)
from recognition_service.attestations.joint_parts import get_part
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.clock import parse_day
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    How,
    TrackStatus,
)
from recognition_service.dual_certification.models import Track, TrackAward
from recognition_service.dual_certification.proposal_wire import read_record
from recognition_service.dual_certification.track_file import note_event
from recognition_service.exchange.receive import Envelope
from recognition_service.exchange.wire import Body

BODIES = {
    PROPOSED: "record digest expires_on",
    SIGNED: "digest attestation token",
    RELEASED: "digest",
    WITHDRAWN: "digest reason text",
}
"""Members of the body of each message."""
JOINT_TYPES = frozenset(BODIES)
_LONGEST_TEXT = 2_000
_LONGEST_CODE = 60
_LONGEST_TOKEN = 100_000


def take_joint(session: Session, envelope: Envelope, *, now: datetime) -> Sequence[str]:
    """Do what a message about a joint award tells. The caller owns the transaction.

    Returns:
        Our bodies whose lists are to be published.

    Raises:
        RecognitionError: As the functions of `joint_follow`.
        BodyUnfitError: The message does not fit.
    """
    message = envelope.message
    match message.type:
        case kind if kind == PROPOSED:
            _take_proposal(session, envelope, now)
            return []
        case kind if kind == SIGNED:
            return _take_signature(session, envelope, now)
        case kind if kind == RELEASED:
            digest = Body(dict(message.body), BODIES[RELEASED]).text("digest")
            take_release(session, envelope, digest, now=now)
            return []
        case _:
            return _take_farewell(session, envelope, now)


def _take_proposal(session: Session, envelope: Envelope, now: datetime) -> None:
    message = envelope.message
    body = Body(dict(message.body), BODIES[PROPOSED])
    open_proposed(
        session,
        envelope,
        read_record(body, message.conversation),
        expires_on=body.day("expires_on"),
        now=now,
    )


def _take_signature(
    session: Session, envelope: Envelope, now: datetime
) -> Sequence[str]:
    message, sender = envelope.message, envelope.sender
    body = Body(dict(message.body), BODIES[SIGNED])
    told = Told(
        body.text("digest"),
        body.id("attestation"),
        body.text("token", longest=_LONGEST_TOKEN),
    )
    ours = take_signature(session, envelope, told, now=now)
    for track, award in _awards_of(session, envelope):
        if award.status == AwardStatus.AWARDED:
            continue
        inputs = get_part(session, sender, message.conversation).record["inputs"]
        (made,) = (each for each in inputs["awards"] if each["target"] == award.target)
        award.how, award.reason = How.EARNED, None
        award.awarded_on = parse_day(made["awarded_on"])
        _decide(session, track, award, AwardStatus.AWARDED, now=now)
    return ours


def _take_farewell(
    session: Session, envelope: Envelope, now: datetime
) -> Sequence[str]:
    message = envelope.message
    body = Body(dict(message.body), BODIES[WITHDRAWN])
    farewell = Farewell(
        body.text("reason", longest=_LONGEST_CODE),
        body.optional("text", lambda name: body.text(name, longest=_LONGEST_TEXT)),
    )
    digest = body.text("digest")
    ours = take_farewell(session, envelope, digest, farewell, now=now)
    if farewell.reason == REFUSED and ours:
        for track, award in _awards_of(session, envelope):
            if award.status in {AwardStatus.OPEN, AwardStatus.REFUSED}:
                award.reason = farewell.text
                _decide(session, track, award, AwardStatus.REFUSED, now=now)
    return ours


def _awards_of(session: Session, envelope: Envelope) -> list[tuple[Track, TrackAward]]:
    """Return the track over which an award was opened here, with the sender's award."""
    rows = session.execute(
        select(Track, TrackAward)
        .join(
            TrackAward,
            (TrackAward.keeper_id == Track.authority_id)
            & (TrackAward.track_id == Track.id),
        )
        .where(
            Track.joint_group == envelope.message.conversation,
            TrackAward.authority_id == envelope.sender,
        )
        .with_for_update()
    )
    return [(row[0], row[1]) for row in rows]


def _decide(
    session: Session,
    track: Track,
    award: TrackAward,
    status: AwardStatus,
    *,
    now: datetime,
) -> None:
    """Write down what a body elsewhere has decided about its award."""
    body = award.authority_id
    award.status = status
    award.decided_on = legal_day(get_authority(session, body), now)
    award.decided_at, award.decided_by = now, f"authority:{body}"
    note_event(
        session,
        track,
        f"award_{award.status}",
        by=body,
        actor=award.decided_by,
        now=now,
        content={"target": award.target, "how": award.how},
    )
    states = session.scalars(
        select(TrackAward.status).where(
            TrackAward.keeper_id == track.authority_id, TrackAward.track_id == track.id
        )
    )
    if AwardStatus.OPEN not in set(states):
        track.status = TrackStatus.COMPLETED
