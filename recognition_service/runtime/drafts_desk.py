"""Drafts of an authority's own rows, from what somebody wrote, read or decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from recognition_service.authorities.access import Caller
from recognition_service.editions.confirmations import (
    Confirmation,
    confirming_changes,
)
from recognition_service.editions.drafts import (
    DraftState,
    NewDraft,
    approve_draft,
    changes_of,
    get_draft,
    require_sound,
    write_draft,
)
from recognition_service.editions.errors import DraftInvalidError, DraftStateError
from recognition_service.editions.find import CompiledEdition, merge_overlay
from recognition_service.editions.load import canonical_rows
from recognition_service.editions.models import TableDraft
from recognition_service.editions.overlay import (
    Contents,
    apply_changes,
    current_contents,
)
from recognition_service.editions.package import REGIMES, Package
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.parse import parse_tables
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.recognition.precedents import precedent_changes
from recognition_service.regimes.regime import read_regime
from recognition_service.runtime.tables_desk import TablesDesk

UNPUBLISHED = "unpublished"
"""How tables name the overlay that nobody has published."""


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk; no draft was compiled yet."""
        super().__init__(*args, **kwargs)
        self._tried: tuple[Any, CompiledEdition] | None = None

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

    def tried_edition(self, authority_id: str, draft_id: UUID) -> CompiledEdition:
        """Return the tables as they would be with a draft, compiled.

        The last one is kept, for reports that are read in parts.

        Raises:
            DraftNotFoundError: The authority has no such draft.
            DraftStateError: It was published or abandoned.
        """
        at_hand = self.edition(authority_id)
        with self.database.reading() as session:
            draft = get_draft(session, authority_id, draft_id)
            if draft.state != DraftState.DRAFT:
                raise DraftStateError(f"The draft is {draft.state}.", ())
            name = (draft_id, draft.version, at_hand.in_force)
            kept = self._tried
            if kept is not None and kept[0] == name:
                return kept[1]
            contents = current_contents(session, authority_id)
            apply_changes(contents, changes_of(draft))
        compiled = self._compiled_from(contents, at_hand)
        self._tried = name, compiled
        return compiled

    def tried_package(self, authority_id: str, package: Package) -> CompiledEdition:
        """Return tables as they would answer an authority, its own rows merged in."""
        at_hand = self.edition(authority_id)
        contents = {
            table: {row_id: dict(row) for row_id, row in rows.items()}
            for table, rows in canonical_rows(package).items()
        }
        regimes = contents.pop(REGIMES)
        if at_hand.in_force.overlay is not None:
            with self.database.reading() as session:
                merge_overlay(session, contents, at_hand.in_force.overlay)
        compiled = self._compiled_from(contents, at_hand)
        read = {name: read_regime(tree) for name, tree in regimes.items()}
        return CompiledEdition(compiled.snapshot, read)

    def _compiled_from(
        self, contents: Contents, at_hand: EditionAtHand
    ) -> CompiledEdition:
        """Compile rows that nobody has published; the digest says so."""
        tables = parse_tables(
            {name: list(rows.values()) for name, rows in contents.items()}
        )
        today = self.now().date()
        snapshot = Snapshot.build(tables, at_hand.in_force.base, today, UNPUBLISHED)
        return CompiledEdition(snapshot, at_hand.compiled.regimes)
