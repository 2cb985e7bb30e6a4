"""Finding tracks by what their keepers call the participants."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.dual_certification.models import Track, TrackParticipation


def tracks_named(
    session: Session, authority_id: str, programme: str, names: Iterable[str]
) -> dict[str, list[UUID]]:
    """Return the tracks of a programme in which an authority takes part, by name.

    Two keepers may call two participants alike; then there are several.
    """
    rows = session.execute(
        select(Track.participant_ref, Track.id)
        .join(
            TrackParticipation,
            (TrackParticipation.keeper_id == Track.authority_id)
            & (TrackParticipation.id == Track.id),
        )
        .where(
            TrackParticipation.authority_id == authority_id,
            Track.programme == programme,
            Track.participant_ref.in_(sorted(set(names))),
        )
        .order_by(Track.id)
    )
    found: dict[str, list[UUID]] = {}
    for name, track_id in rows:
        found.setdefault(name, []).append(track_id)
    return found
