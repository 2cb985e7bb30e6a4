"""The trust list, signed by the operator's own key and served to everybody."""

from typing import Any

from recognition_service.authorities import trust_list as lists
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.operator_keys import (
    published_operator_keys,
    record_operator_key,
)
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.runtime.issuing_desk import IssuingDesk
from recognition_service.verification.recognized_entities import (
    list_issuer,
    operator_document,
)


class TrustDesk(IssuingDesk):
    """Publishes whom verifiers may believe."""

    def publish_trust_list(self) -> int | None:
        """Publish the trust list if it has changed or grows old.

        The operator's key is made when there is none yet.

        Returns:
            The version, None if none was due.

        Raises:
            UnavailableError: The key cannot be used now, or the clock stands before
                the list that was signed last.
        """
        try:
            draft = self._draft()
        except NoActiveKeyError:
            self.rotate_trust_key()
            draft = self._draft()
        if draft is None:
            return None
        token = lists.sign_trust_list(
            draft, self._keys.signer(draft.thumbprint, draft.kid)
        )
        with self.database.transaction() as session:
            is_next = lists.keep_trust_list(session, draft, token, actor=SERVICE)
        self.refresh()
        return draft.version if is_next else None

    def rotate_trust_key(self) -> str:
        """Make a new key of the operator, retire the others; return its thumbprint.

        Whoever has pinned the old one must pin the new one.

        Raises:
            KeyStoreError: The store cannot keep another key.
        """
        public_jwk = self._keys.create()
        with self.database.transaction() as session:
            return record_operator_key(
                session, public_jwk, KeyPurpose.TRUST, actor=SERVICE, now=self.now()
            )

    def signed_trust_list(self, version: int | None = None) -> str | None:
        """Return a version of the signed list, the newest for None; None without."""
        with self.database.reading() as session:
            found = lists.publication(session, version)
        return None if found is None else found.token

    def trust_keys(self) -> dict[str, Any]:
        """Return the operator's keys with their history, as they are published."""
        issuer = list_issuer(self.public_url)
        with self.database.reading() as session:
            keys = published_operator_keys(session, issuer, KeyPurpose.TRUST)
        return operator_document(issuer, keys)

    def _draft(self) -> lists.Draft | None:
        with self.database.reading() as session:
            return lists.draft_trust_list(
                session, self.public_url, is_demo=self.is_demo, now=self.now()
            )
