"""Drafts of an authority's own rows, from what somebody wrote, read or decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from recognition_service.authorities.access import Caller
from recognition_service.editions.confirmations import (
    Confirmation,
    confirming_changes,
)
from recognition_service.editions.drafts import (
    NewDraft,
    approve_draft,
    require_sound,
    write_draft,
)
from recognition_service.editions.errors import DraftInvalidError
from recognition_service.editions.models import TableDraft
from recognition_service.editions.overlay import current_contents
from recognition_service.recognition.precedents import precedent_changes
from recognition_service.runtime.tables_desk import TablesDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """What a draft is made of.

    Attributes:
        draft: Title, sentences, and the changes that were written out.
        confirmations: Rows that were read in their source.
        precedents: Attestations whose decisions are to guide the next ones.
    """

    draft: NewDraft
    confirmations: Sequence[Confirmation] = ()
    precedents: Sequence[UUID] = ()


class DraftsDesk(TablesDesk):
    """Takes drafts, and publishes them when a second person approves."""

    def draft_rows(self, caller: Caller, wanted: Drafting) -> TableDraft:
        """Keep a draft for the caller's authority; nothing is answered with it yet.

        What takes long, the check of all tables, is done before anything is locked.

        Raises:
            DraftInvalidError: It changes nothing, or a row is not the authority's.
            TablesFailedError: A row breaks a rule of the tables.
        """
        now, owner = self.now(), caller.authority_id
        with self.database.reading() as session:
            contents = current_contents(session, owner)
            changes = [
                *wanted.draft.changes,
                *confirming_changes(wanted.confirmations, contents, authority_id=owner),
                *precedent_changes(session, owner, wanted.precedents, contents),
            ]
            if not changes:
                raise DraftInvalidError(
                    "A draft changes something.",
                    (
                        {
                            "pointer": "/changes",
                            "code": "required",
                            "detail": "Name changes, confirmations or precedents.",
                        },
                    ),
                )
            require_sound(
                session, owner, changes, contents, schema=self.table_schema, now=now
            )
        with self.database.transaction() as session:
            return write_draft(
                session, caller, replace(wanted.draft, changes=changes), now=now
            )

    def approve_rows(
        self, caller: Caller, draft_id: UUID, *, check: Callable[[int], None]
    ) -> TableDraft:
        """Publish a draft of the caller's authority as the second person, signed.

        `check` refuses another version than the caller has read.

        Raises:
            DraftNotFoundError: It has no such draft.
            DraftStateError: It was published or abandoned.
            SecondPersonNeededError: The caller drafted it, or is a system.
            TablesFailedError: A row breaks a rule of the tables by now.
        """
        with self.database.transaction() as session:
            draft = approve_draft(
                session,
                caller,
                draft_id,
                schema=self.table_schema,
                check=check,
                now=self.now(),
            )
        self.sign_if_possible([draft.authority_id])
        self.renew_edition(draft.authority_id)
        return draft
