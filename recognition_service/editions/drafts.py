"""Drafts of an authority's own rows: written by one person, approved by another.

Nothing is answered with a draft. With the approval its rows are published over the
shared base, for this authority only.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.errors import SecondPersonNeededError
from recognition_service.authorities.found import legal_day, read_authority
from recognition_service.authorities.mandates import mandates_of
from recognition_service.authorities.models import PrincipalKind
from recognition_service.editions.errors import (
    DraftNotFoundError,
    DraftStateError,
)
from recognition_service.editions.models import TableDraft
from recognition_service.editions.overlay import (
    Contents,
    Publication,
    RowChange,
    current_contents,
    publish_overlay,
    require_whole,
)
from recognition_service.editions.own_rows import require_own
from recognition_service.frameworks.schema import TableSchema
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """A draft as it comes in.

    Attributes:
        title: What the edition is called that comes of it.
        told: What changes, in sentences; empty: told by the rows.
    """

    title: str
    changes: Sequence[RowChange]
    told: Sequence[str] = ()


def any_version(version: int) -> None:
    """Accept every version."""
    del version


def require_sound(
    session: Session,
    authority_id: str,
    changes: Sequence[RowChange],
    contents: Contents,
    *,
    schema: Mapping[str, TableSchema],
    now: datetime,
) -> None:
    """Refuse changes that could not be published now; reads only.

    Args:
        session: Any session.
        authority_id: Whose changes they are.
        changes: What is to be published.
        contents: The rows that answer the authority now; the changes are applied.
        schema: What the columns of the tables may hold.
        now: The instant.

    Raises:
        DraftInvalidError: A row is not the authority's to change.
        TablesFailedError: A row breaks a rule of the tables.
    """
    require_own(
        changes,
        contents,
        authority_id=authority_id,
        places=_places(session, authority_id, contents, now),
        schema=schema,
    )
    require_whole(contents, changes, schema)


def write_draft(
    session: Session, caller: Caller, new: NewDraft, *, now: datetime
) -> TableDraft:
    """Keep a draft whose changes are sound. The caller owns the transaction."""
    draft = TableDraft(
        authority_id=caller.authority_id,
        id=new_id(now),
        state=DraftState.DRAFT,
        title=new.title,
        told=list(new.told) or [_sentence(change) for change in new.changes],
        changes=[
            {
                "table": change.table,
                "id": change.id,
                "content": None if change.content is None else dict(change.content),
            }
            for change in new.changes
        ],
        drafted_by=caller.actor,
        drafted_at=now,
        version=1,
    )
    session.add(draft)
    session.flush()
    _note(session, draft, "drafted", caller, now)
    return draft


def approve_draft(
    session: Session,
    caller: Caller,
    draft_id: UUID,
    *,
    schema: Mapping[str, TableSchema],
    check: Callable[[int], None] = any_version,
    now: datetime,
) -> TableDraft:
    """Publish a draft as the second person.

    The caller owns the transaction. The changes are checked anew, as the tables may
    have changed since.

    Raises:
        DraftNotFoundError: The authority has no such draft.
        DraftStateError: It was published or abandoned.
        SecondPersonNeededError: Who drafted it cannot approve it, nor can a system.
        DraftInvalidError: A row is not the authority's to change any more.
        TablesFailedError: A row breaks a rule of the tables.
    """
    draft = _open(session, caller.authority_id, draft_id, "approve")
    check(draft.version)
    if draft.drafted_by == caller.actor:
        raise SecondPersonNeededError("Who drafted it cannot approve it.")
    if caller.kind is not PrincipalKind.PERSON:
        raise SecondPersonNeededError("A person approves it; a system cannot.")
    changes = changes_of(draft)
    contents = current_contents(session, draft.authority_id)
    require_sound(
        session, draft.authority_id, changes, contents, schema=schema, now=now
    )
    draft.edition_digest = publish_overlay(
        session,
        draft.authority_id,
        Publication(changes=changes, title=draft.title, told=draft.told),
        schema=schema,
        actor=caller.actor,
        now=now,
    )
    draft.state = DraftState.PUBLISHED
    draft.ended_by, draft.ended_at = caller.actor, now
    draft.version += 1
    _note(session, draft, "approved", caller, now)
    return draft


def abandon_draft(
    session: Session,
    caller: Caller,
    draft_id: UUID,
    *,
    check: Callable[[int], None] = any_version,
    now: datetime,
) -> TableDraft:
    """Give up a draft. The caller owns the transaction.

    Raises:
        DraftNotFoundError: The authority has no such draft.
        DraftStateError: It was published or abandoned.
    """
    draft = _open(session, caller.authority_id, draft_id, "abandon")
    check(draft.version)
    draft.state = DraftState.ABANDONED
    draft.ended_by, draft.ended_at = caller.actor, now
    draft.version += 1
    _note(session, draft, "abandoned", caller, now)
    return draft


def get_draft(session: Session, authority_id: str, draft_id: UUID) -> TableDraft:
    """Return a draft of an authority.

    Raises:
        DraftNotFoundError: It has no such draft.
    """
    draft = session.get(TableDraft, (authority_id, draft_id))
    if draft is None:
        raise DraftNotFoundError(f"There is no draft {draft_id}.")
    return draft


def list_drafts(
    session: Session,
    authority_id: str,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[TableDraft]:
    """Return an authority's drafts, newest first."""
    query = select(TableDraft).where(TableDraft.authority_id == authority_id)
    if state is not None:
        query = query.where(TableDraft.state == state)
    if after is not None:
        query = query.where(TableDraft.id < after)
    return list(session.scalars(query.order_by(TableDraft.id.desc()).limit(limit)))


def changes_of(draft: TableDraft) -> list[RowChange]:
    """Return what a draft changes."""
    return [
        RowChange(each["table"], each["id"], each["content"]) for each in draft.changes
    ]


def _open(session: Session, authority_id: str, draft_id: UUID, act: str) -> TableDraft:
    draft = session.get(TableDraft, (authority_id, draft_id), with_for_update=True)
    if draft is None:
        raise DraftNotFoundError(f"There is no draft {draft_id}.")
    if draft.state != DraftState.DRAFT:
        raise DraftStateError(f"“{act}” cannot follow: the draft is {draft.state}.", ())
    return draft


def _places(
    session: Session,
    authority_id: str,
    contents: Contents,
    now: datetime,
) -> frozenset[str] | None:
    """Return for which jurisdictions an authority has a mandate today; None: all.

    A mandate for a state covers its parts.
    """
    today = legal_day(read_authority(session, authority_id), now)
    granted = [
        mandate
        for mandate in mandates_of(session, authority_id, "")
        if mandate.is_in_force(today)
    ]
    if any(not mandate.jurisdictions for mandate in granted):
        return None
    named = {place for mandate in granted for place in mandate.jurisdictions}
    parts = {
        row_id
        for row_id, row in contents.get("jurisdictions", {}).items()
        if row.get("part_of") in named
    }
    return frozenset(named | parts)


def _sentence(change: RowChange) -> str:
    """Say what a change does where nobody has said it."""
    act = "withdrawn" if change.content is None else "written"
    return f"{change.table}: {change.id} was {act}."


def _note(
    session: Session, draft: TableDraft, action: str, caller: Caller, now: datetime
) -> None:
    audit.append(
        session,
        draft.authority_id,
        actor=caller.actor,
        action=f"table_draft.{action}",
        subject=f"table_draft/{draft.id}",
        content={"rows": len(draft.changes), "edition": draft.edition_digest},
        now=now,
    )
