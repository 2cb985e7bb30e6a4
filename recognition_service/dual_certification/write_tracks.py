"""Writing the rows of new tracks, and telling the authorities that take part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.dual_certification.enrolment import (
    NewParticipant,
    NewTrack,
    is_example,
)
from recognition_service.dual_certification.lifecycle import AwardStatus, TrackStatus
from recognition_service.dual_certification.models import (
    CurriculumRow,
    Track,
    TrackAward,
    TrackBackground,
    TrackEvent,
    TrackParticipant,
    TrackParticipation,
)
from recognition_service.recognition.figures import age_band
from recognition_service.recognition.vocabulary import Sex
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_for, insert_rows

_OPENED = "opened"
_SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A checked track with the id that it gets."""

    id: UUID
    new: NewTrack
    curriculum: str
    enrolled_on: date


def write_tracks(
    session: Session, caller: Caller, enrolments: Sequence[Enrolment], now: datetime
) -> list[UUID | None]:
    """Write all rows of checked tracks, many of them in a handful of statements.

    The caller owns the transaction.

    Returns:
        The id of each track; None where the participant has one already, of which
        nothing was written.
    """
    keeper = caller.authority_id
    curricula = {each.curriculum: each.new.curriculum for each in enrolments}
    session.execute(
        insert_for(session, CurriculumRow)
        .values(
            [
                {"authority_id": keeper, "digest": name, "content": content}
                for name, content in curricula.items()
            ]
        )
        .on_conflict_do_nothing()
    )
    opened = _insert_tracks(session, caller, enrolments, now)
    written = [each for each in enrolments if each.id in opened]
    _insert_people(session, keeper, written)
    _insert_parts(session, keeper, written, now)
    _tell(session, caller, written, now)
    return [each.id if each.id in opened else None for each in enrolments]


def _insert_tracks(
    session: Session, caller: Caller, enrolments: Sequence[Enrolment], now: datetime
) -> set[UUID]:
    """Insert the tracks whose participant has none; two at once cannot both be."""
    opened: set[UUID] = set()
    for each in enrolments:
        statement = (
            insert_for(session, Track)
            .values(
                authority_id=caller.authority_id,
                id=each.id,
                curriculum=each.curriculum,
                programme=each.new.programme or "",
                is_example=is_example(each.new.programme),
                participant_ref=each.new.participant_ref,
                origin=each.new.origin,
                course=each.new.course,
                status=TrackStatus.RUNNING,
                enrolled_on=each.enrolled_on,
                consent=dict(each.new.consent),
                interruptions=[],
                opened_at=now,
                opened_by=caller.actor,
                version=1,
            )
            .on_conflict_do_nothing(
                index_elements=["authority_id", "programme", "participant_ref"]
            )
            .returning(Track.id)
        )
        opened.update(session.scalars(statement))
    return opened


def _insert_people(
    session: Session, keeper: str, enrolments: Sequence[Enrolment]
) -> None:
    people = [(each, each.new.participant or NewParticipant()) for each in enrolments]
    insert_rows(
        session,
        TrackParticipant,
        [
            {
                "authority_id": keeper,
                "id": each.id,
                "family_name": person.family_name,
                "given_name": person.given_name,
                "other_names": [dict(name) for name in person.other_names],
                "birth_date": person.birth_date,
                "experience": [],
            }
            for each, person in people
        ],
    )
    insert_rows(
        session,
        TrackBackground,
        [
            {
                "authority_id": keeper,
                "id": each.id,
                "sex": person.sex or Sex.NOT_STATED,
                "age_band": age_band(person.birth_date, each.enrolled_on),
            }
            for each, person in people
        ],
    )


def _insert_parts(
    session: Session, keeper: str, enrolments: Sequence[Enrolment], now: datetime
) -> None:
    """Insert who takes part in each track, and the awards that are open."""
    insert_rows(
        session,
        TrackParticipation,
        [
            {"authority_id": authority, "id": each.id, "keeper_id": keeper}
            for each in enrolments
            for authority in sorted({keeper, *_bodies_here(each)})
        ],
    )
    insert_rows(
        session,
        TrackAward,
        [
            {
                "authority_id": target["authority"],
                "id": new_id(now),
                "keeper_id": keeper,
                "track_id": each.id,
                "position": position,
                "target": target["key"],
                "status": AwardStatus.OPEN,
            }
            for each in enrolments
            for position, target in enumerate(each.new.curriculum["targets"])
        ],
    )


def _tell(
    session: Session, caller: Caller, enrolments: Sequence[Enrolment], now: datetime
) -> None:
    """Write the opening into each history, and into the audit of each authority."""
    keeper = caller.authority_id
    insert_rows(
        session,
        TrackEvent,
        [
            {
                "authority_id": keeper,
                "id": new_id(now),
                "track_id": each.id,
                "at": now,
                "by_authority": keeper,
                "actor": caller.actor,
                "event": _OPENED,
                "content": {},
            }
            for each in enrolments
        ],
    )
    changes: dict[str, list[audit.Change]] = {}
    for each in enrolments:
        subject = f"dual_certification/{each.id}"
        content = {"programme": each.new.programme, "curriculum": each.curriculum}
        for authority in sorted({keeper, *_bodies_here(each)}):
            is_own = authority == keeper
            change = audit.Change(
                f"dual_certification.{_OPENED if is_own else 'joined'}",
                subject,
                content if is_own else {"keeper": keeper},
            )
            changes.setdefault(authority, []).append(change)
    for authority, own in changes.items():
        actor = caller.actor if authority == keeper else _SERVICE
        audit.append_many(session, authority, own, actor=actor, now=now)


def _bodies_here(enrolment: Enrolment) -> set[str]:
    """Return the bodies of this installation; others are asked for their award only."""
    bodies = {target["authority"] for target in enrolment.new.curriculum["targets"]}
    return {body for body in bodies if not is_elsewhere(body)}
