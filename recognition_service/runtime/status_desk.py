"""Status lists, signed and served."""

from recognition_service.attestations import publish
from recognition_service.errors import UnavailableError
from recognition_service.runtime.tables_desk import TablesDesk


class StatusDesk(TablesDesk):
    """Publishes the lists that tell the status of attestations."""

    def publish_lists(self, authority_id: str | None = None) -> None:
        """Publish the status lists that are due, of one authority or of all.

        A list that cannot be signed holds up no other.

        Raises:
            UnavailableError: One could not be signed; the others are published.
        """
        now, failed = self.now(), None
        with self.database.reading() as session:
            due = publish.lists_due(session, now=now)
        for owner, number in due:
            if authority_id in (None, owner):
                try:
                    self.publish_list(owner, number)
                except UnavailableError as error:
                    failed = error
        if failed is not None:
            raise failed

    def publish_list(self, authority_id: str, number: int) -> None:
        """Sign a status list as it is now and serve it, unless it is paused."""
        now = self.now()
        with self.database.reading() as session:
            draft = publish.draft_list(
                session, authority_id, number, public_url=self.public_url, now=now
            )
        if draft is None:
            return
        signer = self._keys.signer(draft.thumbprint, draft.kid)
        token = publish.sign_list(draft, signer, now=now)
        with self.database.transaction() as session:
            publish.keep_list(session, draft, token, now=now)
        self.refresh()
