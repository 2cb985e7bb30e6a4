"""Status lists, signed and served."""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recognition_service.attestations import publish, published
from recognition_service.attestations.compressed_lists import CompressedLists
from recognition_service.attestations.models import ListForm
from recognition_service.attestations.places import status_uri
from recognition_service.authorities.found import get_authority
from recognition_service.errors import UnavailableError
from recognition_service.runtime.ready_bytes import ReadyBytes, ReadyDocuments
from recognition_service.runtime.tables_desk import TablesDesk

_TRIES = 5
_GZIP_LEVEL = 6


@dataclass(frozen=True, slots=True)
class ServedList:
    """A signed list with what caches must know.

    Attributes:
        ready: The signed text.
        expires_at: Must not be relied on from then.
        is_current: A later question may get a newer list.
    """

    ready: ReadyBytes
    expires_at: datetime
    is_current: bool


class StatusDesk(TablesDesk):
    """Publishes the lists that tell the status of attestations."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Open the desk with no list at hand."""
        super().__init__(*args, **kwargs)
        self._compressed = CompressedLists()
        self._ready = ReadyDocuments()

    def publish_lists(self, authority_id: str | None = None) -> None:
        """Publish the status lists that are due, of one authority or of all.

        A list that cannot be signed holds up no other.

        Raises:
            UnavailableError: One could not be signed; the others are published.
        """
        now, failed = self.now(), None
        with self.database.reading() as session:
            due = publish.lists_due(session, now=now, authority_id=authority_id)
        for owner, number in due:
            try:
                self.publish_list(owner, number)
            except UnavailableError as error:
                failed = error
        if failed is not None:
            raise failed

    def publish_list(self, authority_id: str, number: int) -> None:
        """Sign a status list as it is now and serve it, unless it is paused.

        Where another node publishes the same list with a clock that is ahead, the
        list is drafted again; in the end the worker sees to it.
        """
        for _ in range(_TRIES):
            with self.database.reading() as session:
                draft = publish.draft_list(
                    session,
                    authority_id,
                    number,
                    lists=self._compressed,
                    public_url=self.public_url,
                    now=self.now(),
                )
            if draft is None:
                return
            signer = self._keys.signer(draft.key.thumbprint, draft.key.kid)
            signed = publish.sign_list(draft, signer)
            with self.database.transaction() as session:
                is_settled = publish.keep_list(session, draft, signed)
            self.refresh()
            if is_settled:
                return

    def served_list(
        self,
        authority_id: str,
        number: int,
        form: ListForm = ListForm.TSL,
        *,
        at: datetime | None = None,
    ) -> ServedList | None:
        """Return a signed list as it is served now, or was at an instant.

        None when there is no such list, or was none. Which publication it is, is
        read from the database each time; its bytes are kept ready.
        """
        with self.database.reading() as session:
            if at is None:
                found = published.served_now(session, authority_id, number)
            else:
                found = published.served_at(session, authority_id, number, at)
            if found is None:
                return None
            key = (authority_id, number, form, found.sequence)
            ready = self._ready.get(key)
            if ready is None:
                token = published.token_of(session, *key)
                if token is None:
                    return None
                ready = _made_ready(token.encode("ascii"))
        self._ready.put(key, ready)
        return ServedList(ready, found.expires_at, found.is_current)

    def status_list(self, authority_id: str, number: int) -> bytes | None:
        """Return the status list token that is served now, or None."""
        found = self.served_list(authority_id, number)
        return found.ready.content if found is not None else None

    def status_list_uris(self, authority_id: str) -> list[str]:
        """Return the addresses of an authority's published status list tokens.

        Raises:
            AuthorityNotFoundError: There is no such authority.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
            numbers = published.published_numbers(session, authority_id)
        return [status_uri(self.public_url, authority_id, each) for each in numbers]


def _made_ready(token: bytes) -> ReadyBytes:
    return ReadyBytes(
        token,
        gzip.compress(token, _GZIP_LEVEL, mtime=0),
        hashlib.sha256(token).hexdigest()[:32],
    )
