"""Editions of the tables, compiled once and kept at hand."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from threading import RLock
from typing import Any

from recognition_service.editions import find
from recognition_service.editions.errors import EditionNotFoundError
from recognition_service.editions.load import load_base_edition
from recognition_service.editions.package import (
    Package,
    read_schema,
    shipped_tables_dir,
)
from recognition_service.editions.search import FoundTitle, search_titles
from recognition_service.equivalence.answer import Answer
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.corridor import Corridor, corridor
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Edition, Snapshot
from recognition_service.frameworks.schema import TableSchema
from recognition_service.recognition.case_file import EditionAtHand
from recognition_service.runtime.editions_desk import SERVICE, EditionsDesk

_MOST_COMPILED = 8
_MOST_AT_HAND = 64
_MOST_CORRIDORS = 64
_LOOKED_UP_EVERY = timedelta(seconds=2)
"""How soon every node notices that another one has loaded an edition."""


class TablesDesk(EditionsDesk):
    """Answers from the tables in force.

    A new edition is looked over and compiled by one thread, while the others go on
    with the one that answered before.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk with nothing compiled yet."""
        super().__init__(*args, **kwargs)
        self._in_force: dict[str | None, find.EditionInForce] = {}
        self._compiled: dict[find.EditionInForce, find.CompiledEdition] = {}
        self._at_hand: dict[str | None, EditionAtHand] = {}
        self._compiling = RLock()
        self._looked_at = self.now()
        self._corridors: dict[tuple[Edition, str, str, date], Corridor] = {}

    def refresh(self) -> None:
        """Look up anew which editions are in force."""
        super().refresh()
        with self._lock:
            self._in_force = {}
            self._corridors = {}

    def load_edition(
        self, package: Package, *, goes_back: bool = False, actor: str = SERVICE
    ) -> str:
        """Load tables as the base edition in force, signed; return its digest.

        Raises:
            TablesFailedError: They break a rule; nothing was loaded.
            OlderEditionError: They are older than those in force, and `goes_back` is
                not set; nothing was loaded.
        """
        with self.database.transaction() as session:
            digest = load_base_edition(
                session, package, goes_back=goes_back, actor=actor, now=self.now()
            )
        self.sign_editions()
        self.renew_edition(None)
        return digest

    def renew_edition(self, authority_id: str | None) -> None:
        """Answer with what was just published from this call's end on."""
        self.refresh()
        with self._lock:
            self._at_hand.pop(authority_id, None)
        self.edition(authority_id)

    @cached_property
    def table_schema(self) -> Mapping[str, TableSchema]:
        """What the columns of the tables may hold."""
        return read_schema(shipped_tables_dir())

    def edition(self, authority_id: str | None = None) -> EditionAtHand:
        """Return the edition in force for an authority, compiled.

        Raises:
            NoEditionError: None is loaded.
            EditionAlteredError: It is not what was published.
        """
        with self._lock:
            found = self._fresh(authority_id)
            earlier = self._at_hand.get(authority_id)
        if found is not None:
            return found
        if not self._compiling.acquire(blocking=earlier is None) and earlier:
            return earlier
        try:
            return self._renewed(authority_id)
        finally:
            self._compiling.release()

    def _fresh(self, authority_id: str | None) -> EditionAtHand | None:
        """Return what is known to be in force; None where that is to be looked up."""
        if not self._looked_at <= self.now() < self._looked_at + _LOOKED_UP_EVERY:
            self._in_force, self._looked_at = {}, self.now()
        in_force = self._in_force.get(authority_id)
        compiled = self._compiled.get(in_force) if in_force else None
        if in_force is None or compiled is None:
            return None
        return EditionAtHand(in_force, compiled)

    def _renewed(self, authority_id: str | None) -> EditionAtHand:
        """Look up what is in force, and compile it if that was not done before."""
        with self._lock:
            found = self._fresh(authority_id)
        if found is None:
            with self.database.reading() as session:
                in_force = find.edition_in_force(session, authority_id)
            found = EditionAtHand(in_force, self._compile(in_force))
            with self._lock:
                self._in_force[authority_id] = in_force
        with self._lock:
            if len(self._at_hand) >= _MOST_AT_HAND:
                self._at_hand.clear()
            self._at_hand[authority_id] = found
        return found

    def stored_edition(self, named: find.EditionInForce) -> EditionAtHand:
        """Return an edition that is or was in force, compiled.

        Raises:
            EditionNotFoundError: It is not stored here.
            EditionAlteredError: It is not what was published.
        """
        with self._compiling:
            return EditionAtHand(named, self._compile(named))

    def _compile(self, named: find.EditionInForce) -> find.CompiledEdition:
        with self._lock:
            compiled = self._compiled.get(named)
        if compiled is None:
            self.require_sound_edition(named)
            with self.database.reading() as session:
                compiled = find.compile_edition(session, named)
            with self._lock:
                self._keep(named, compiled)
        return compiled

    def _keep(self, named: find.EditionInForce, compiled: find.CompiledEdition) -> None:
        if len(self._compiled) >= _MOST_COMPILED:
            self._compiled.clear()
        self._compiled[named] = compiled

    def snapshot(self, authority_id: str | None = None) -> Snapshot:
        """Return the compiled tables in force for an authority.

        Raises:
            NoEditionError: None is loaded.
        """
        return self.edition(authority_id).compiled.snapshot

    def compare(self, question: Question, authority_id: str | None = None) -> Answer:
        """Answer a question from the tables in force.

        Raises:
            UnknownCodeError: A code of the question is in no row.
            NoEditionError: None is loaded.
        """
        return compare(self.snapshot(authority_id), question)

    def corridor(
        self, origin: str, destination: str, authority_id: str | None = None
    ) -> Corridor:
        """Return what the tables in force hold about an origin in a destination.

        With an authority its own rows lie over the shared ones. The last corridors that
        were asked for are remembered.

        Raises:
            UnknownCodeError: A jurisdiction that no row has.
            NoEditionError: None is loaded.
        """
        snapshot, today = self.snapshot(authority_id), self.now().date()
        key = (snapshot.edition, origin, destination, today)
        found = self._corridors.get(key)
        if found is None:
            found = corridor(snapshot, origin, destination, today)
            with self._lock:
                if len(self._corridors) >= _MOST_CORRIDORS:
                    self._corridors.clear()
                self._corridors[key] = found
        return found

    def search_qualifications(
        self,
        query: str,
        *,
        jurisdiction: str | None = None,
        framework: str | None = None,
        cursor: int | str | None = None,
        limit: int = 20,
    ) -> list[FoundTitle]:
        """Return the qualifications whose title has the words of the query."""
        with self.database.reading() as session:
            return search_titles(
                session,
                query,
                jurisdiction=jurisdiction,
                framework=framework,
                after=int(cursor or 0),
                limit=limit,
            )

    def edition_document(self, digest: str) -> dict[str, Any] | None:
        """Return a stored edition whole, or None."""
        with self.database.reading() as session:
            try:
                return find.edition_document(session, digest)
            except EditionNotFoundError:
                return None
