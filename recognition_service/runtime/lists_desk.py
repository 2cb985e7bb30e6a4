"""Lists of other bodies, worked on row by row."""

from contextlib import suppress
from uuid import UUID

from recognition_service.errors import UnavailableError
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.list_acts import count_ordered
from recognition_service.mutual_recognition.list_work import carry_out
from recognition_service.mutual_recognition.open_cases import open_cases
from recognition_service.runtime.trust_desk import TrustDesk

ALL = 1_000
"""More parts than any list has."""
_AT_ONCE = 200


class ListsDesk(TrustDesk):
    """Works on lists of other bodies; any number may do so at once."""

    def open_listed_cases(
        self, authority_id: str, request_id: UUID, actor: str, parts: int = ALL
    ) -> bool:
        """Open a case for every row, some in each transaction, and sign what follows.

        What cannot be signed now is finished by the worker.

        Returns:
            Whether rows may be left after so many parts.
        """
        last = 0
        for _ in range(parts):
            service = Service(self.edition(authority_id), self.public_url)
            with self.database.transaction() as session:
                opened = open_cases(
                    session,
                    authority_id,
                    request_id,
                    actor=actor,
                    service=service,
                    after=last,
                    now=self.now(),
                )
            self.finish_if_possible(opened.intents, actor=actor)
            if opened.last is None:
                return False
            last = opened.last
        return True

    def work_on_list(
        self, authority_id: str, request_id: UUID, parts: int = ALL
    ) -> bool:
        """Carry out what is ordered for rows of a list, some in each transaction.

        The attestations over what was signed are issued together. What cannot be signed
        now is finished by the worker.

        Returns:
            Whether rows may be left after so many parts.

        Raises:
            UnavailableError: The authority has no key; the worker tries again.
        """
        last = 0
        for _ in range(parts):
            service = Service(self.edition(authority_id), self.public_url)
            with self.database.transaction() as session:
                part = carry_out(
                    session,
                    authority_id,
                    request_id,
                    service=service,
                    after=last,
                    now=self.now(),
                )
            for actor, intents in part.intents.items():
                self.finish_if_possible(intents, actor=actor)
            if part.last is None:
                return False
            last = part.last
        return True

    def work_on_short_list(self, authority_id: str, request_id: UUID) -> None:
        """Do the same at once where few rows wait; the worker does it for many."""
        with self.database.reading() as session:
            ordered = count_ordered(session, authority_id, request_id)
        if ordered <= _AT_ONCE:
            with suppress(UnavailableError):
                self.work_on_list(authority_id, request_id)
