"""Who read a case, for the person whose case it is.

A look at the whole case is written down once an hour and person; a sensitive paper each
time. The person learns which role of which authority read, never who it was.

Source: Regulation (EU) 2016/679, articles 5(2) and 15(1)(c).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller, actor_of, all_principals
from recognition_service.authorities.models import PrincipalKind
from recognition_service.clock import format_instant
from recognition_service.recognition.paper_models import CaseLook
from recognition_service.recognition.read_paper import readings_of
from recognition_service.storage.upsert import insert_for

_HOUR = 3600


def must_note_look(
    session: Session, reader: Caller, request_id: UUID, *, now: datetime
) -> bool:
    """Tell whether a look of this hour is to be written down; asks one key only."""
    if reader.kind is not PrincipalKind.PERSON:
        return False
    key = (reader.authority_id, request_id, reader.actor, _hour(now))
    return session.get(CaseLook, key) is None


def note_look(
    session: Session, reader: Caller, request_id: UUID, *, now: datetime
) -> None:
    """Write down that somebody read a case; the caller owns the transaction.

    Two who come at once write one row.
    """
    session.execute(
        insert_for(session, CaseLook)
        .values(
            authority_id=reader.authority_id,
            request_id=request_id,
            reader=reader.actor,
            hour=_hour(now),
            roles=" ".join(sorted(reader.roles)),
            at=now,
        )
        .on_conflict_do_nothing()
    )


def readings_for_person(
    session: Session, authority_id: str, request_id: UUID
) -> list[dict[str, Any]]:
    """Return who read the case and its sensitive papers, oldest first, by role."""
    looks = session.scalars(
        select(CaseLook).where(
            CaseLook.authority_id == authority_id, CaseLook.request_id == request_id
        )
    )
    found = [
        {
            "at": format_instant(look.at),
            "authority": authority_id,
            "roles": look.roles.split(),
            "paper": None,
            "purpose": None,
        }
        for look in looks
    ]
    papers = readings_of(session, authority_id, request_id)
    roles = _roles(session, authority_id) if papers else {}
    found += [
        {
            "at": format_instant(reading.at),
            "authority": authority_id,
            "roles": roles.get(reading.reader, []),
            "paper": str(reading.paper_id) if reading.paper_id else None,
            "purpose": reading.purpose,
        }
        for reading in papers
    ]
    return sorted(found, key=lambda each: str(each["at"]))


def _roles(session: Session, authority_id: str) -> dict[str, list[str]]:
    return {
        actor_of(principal): sorted(principal.roles)
        for principal in all_principals(session, authority_id)
    }


def _hour(now: datetime) -> int:
    return int(now.timestamp()) // _HOUR
