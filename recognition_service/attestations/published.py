"""Reading what was published: status lists as they are served, and as they were."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from recognition_service.attestations.models import (
    ListForm,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.places import bitstring_uri, status_uri
from recognition_service.verification.trust import StatusInput

_BITSTRINGS = (ListForm.REVOCATION, ListForm.SUSPENSION)


@dataclass(frozen=True, slots=True)
class Served:
    """Which publication of a list answers a question.

    Attributes:
        sequence: Number of the publication, from 1.
        expires_at: Must not be relied on from then.
        is_current: It is the newest one; a later question may get another.
    """

    sequence: int
    expires_at: datetime
    is_current: bool


def published_lists(session: Session) -> list[tuple[StatusList, str]]:
    """Return all lists that have been published, with their newest status tokens."""
    rows = session.execute(
        select(StatusList, StatusPublication.token)
        .join(StatusPublication, _is_newest())
        .where(StatusPublication.form == ListForm.TSL)
    )
    return [(row, token) for row, token in rows]


def list_versions(
    session: Session,
) -> tuple[tuple[str, int, int, datetime | None], ...]:
    """Return which version of each list is served, without the lists."""
    rows = session.execute(
        select(
            StatusList.authority_id,
            StatusList.number,
            StatusList.publications,
            StatusList.published_at,
        ).order_by(StatusList.authority_id, StatusList.number)
    )
    return tuple((row[0], row[1], row[2], row[3]) for row in rows)


def published_numbers(session: Session, authority_id: str) -> list[int]:
    """Return the numbers of an authority's published lists."""
    return list(
        session.scalars(
            select(StatusList.number)
            .where(StatusList.authority_id == authority_id, StatusList.publications > 0)
            .order_by(StatusList.number)
        )
    )


def served_now(session: Session, authority_id: str, number: int) -> Served | None:
    """Return the publication of a list that is served, None without one."""
    found = session.execute(
        select(StatusPublication.sequence, StatusPublication.expires_at)
        .join(StatusList, _is_newest())
        .where(
            StatusList.authority_id == authority_id,
            StatusList.number == number,
            StatusPublication.form == ListForm.TSL,
        )
    ).first()
    return Served(*found, is_current=True) if found is not None else None


def served_at(
    session: Session, authority_id: str, number: int, at: datetime
) -> Served | None:
    """Return the publication of a list that was served at an instant.

    None when the list was not published then, or had gone stale.
    """
    found = session.execute(
        select(
            StatusPublication.sequence,
            StatusPublication.expires_at,
            StatusList.publications,
        )
        .join(
            StatusList,
            and_(
                StatusPublication.authority_id == StatusList.authority_id,
                StatusPublication.number == StatusList.number,
            ),
        )
        .where(
            StatusPublication.authority_id == authority_id,
            StatusPublication.number == number,
            StatusPublication.form == ListForm.TSL,
            StatusPublication.issued_at <= at,
        )
        .order_by(StatusPublication.issued_at.desc(), StatusPublication.sequence.desc())
        .limit(1)
    ).first()
    if found is None or found.expires_at < at:
        return None
    is_current = found.sequence == found.publications
    return Served(found.sequence, found.expires_at, is_current)


def token_of(
    session: Session, authority_id: str, number: int, form: ListForm, sequence: int
) -> str | None:
    """Return one signed form of a publication, None where it had no such form."""
    return session.scalar(
        select(StatusPublication.token).where(
            StatusPublication.authority_id == authority_id,
            StatusPublication.number == number,
            StatusPublication.form == form,
            StatusPublication.sequence == sequence,
        )
    )


def status_inputs(
    session: Session, *, public_url: str, now: datetime
) -> dict[str, StatusInput]:
    """Return all published lists as a verification takes them, by address.

    A list that is still published is as fresh as its reading; one whose publication
    is paused is as old as its last publication.
    """
    found = {}
    rows = session.execute(
        select(StatusList, StatusPublication.form, StatusPublication.token).join(
            StatusPublication, _is_newest()
        )
    )
    for row, form, token in rows:
        uri = _uri(public_url, row.authority_id, row.number, form)
        fetched_at = now if row.paused_at is None else row.published_at or now
        found[uri] = StatusInput(uri, token, fetched_at)
    return found


def status_inputs_at(
    session: Session, at: datetime, *, public_url: str
) -> dict[str, StatusInput]:
    """Return the lists as they were served at an instant, by address.

    A list that had gone stale by then is among them, and one that was not published
    yet is not. Each counts as fetched at that instant, or when it was signed if its
    publication had been paused before.
    """
    sequence = (
        select(StatusPublication.sequence)
        .where(
            StatusPublication.authority_id == StatusList.authority_id,
            StatusPublication.number == StatusList.number,
            StatusPublication.form == ListForm.TSL,
            StatusPublication.issued_at <= at,
        )
        .order_by(StatusPublication.issued_at.desc(), StatusPublication.sequence.desc())
        .limit(1)
        .correlate(StatusList)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            StatusList,
            StatusPublication.form,
            StatusPublication.token,
            StatusPublication.issued_at,
        ).join(
            StatusPublication,
            and_(
                StatusPublication.authority_id == StatusList.authority_id,
                StatusPublication.number == StatusList.number,
                StatusPublication.sequence == sequence,
            ),
        )
    )
    found = {}
    for row, form, token, issued_at in rows:
        uri = _uri(public_url, row.authority_id, row.number, form)
        was_paused = row.paused_at is not None and row.paused_at <= at
        found[uri] = StatusInput(uri, token, issued_at if was_paused else at)
    return found


def _uri(public_url: str, authority_id: str, number: int, form: str) -> str:
    if form in _BITSTRINGS:
        return bitstring_uri(public_url, authority_id, number, form)
    return status_uri(public_url, authority_id, number)


def _is_newest() -> ColumnElement[bool]:
    return and_(
        StatusPublication.authority_id == StatusList.authority_id,
        StatusPublication.number == StatusList.number,
        StatusPublication.sequence == StatusList.publications,
    )
