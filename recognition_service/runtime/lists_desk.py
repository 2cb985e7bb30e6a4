"""Lists of other bodies, worked on row by row."""

from uuid import UUID

from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.open_cases import open_cases
from recognition_service.runtime.trust_desk import TrustDesk


class ListsDesk(TrustDesk):
    """Opens the cases of lists that were accepted; any number may do so at once."""

    def open_listed_cases(
        self, authority_id: str, request_id: UUID, actor: str
    ) -> None:
        """Open a case for every row, some in each transaction, and sign what follows.

        What cannot be signed now is finished by the worker.
        """
        has_more = True
        while has_more:
            service = Service(self.edition(authority_id), self.public_url)
            with self.database.transaction() as session:
                opened = open_cases(
                    session,
                    authority_id,
                    request_id,
                    actor=actor,
                    service=service,
                    now=self.now(),
                )
            self.finish_if_possible(opened.intents, actor=actor)
            has_more = opened.has_more
