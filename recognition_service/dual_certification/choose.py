"""What a participant chooses: where to go on, and what to consent to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.dual_certification.lifecycle import Course
from recognition_service.dual_certification.models import Track
from recognition_service.dual_certification.record_follow_ups import (
    erase_follow_ups,
)
from recognition_service.dual_certification.track_file import (
    note_own_event,
    open_own_file,
)


def choose_course(
    session: Session, caller: Caller, track_id: UUID, course: Course, *, now: datetime
) -> Track:
    """Record whether a participant goes on at home or away.

    The caller owns the transaction.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
    """
    file = open_own_file(session, caller, track_id)
    file.track.course = course
    note_own_event(
        session,
        caller,
        file.track,
        "course_chosen",
        content={"course": course},
        now=now,
    )
    return file.track


def give_consent(
    session: Session,
    caller: Caller,
    track_id: UUID,
    consent: Mapping[str, Any],
    *,
    now: datetime,
) -> Track:
    """Record what the participant consents to from now on, or no longer.

    The caller owns the transaction. With the consent to a follow-up goes all that was
    answered before.

    Raises:
        TrackNotFoundError: The authority takes part in no such track.
        NotKeeperError: Another body keeps the track.
    """
    file = open_own_file(session, caller, track_id)
    file.track.consent = dict(consent)
    if not consent.get("follow_up") and (
        erased := erase_follow_ups(session, file.track)
    ):
        note_own_event(
            session,
            caller,
            file.track,
            "follow_up_erased",
            content={"answers": erased},
            now=now,
        )
    note_own_event(
        session, caller, file.track, "consent_given", content=consent, now=now
    )
    return file.track
