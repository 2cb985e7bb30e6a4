"""Authorities, their keys, and everything that is signed."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from recognition_service.attestations import issue, publish
from recognition_service.attestations.issue import Intent
from recognition_service.authorities import keys as key_records
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.found import (
    NewAuthority,
    found_authority,
    get_authority,
)
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials import jws
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.errors import RecognitionError, UnavailableError
from recognition_service.recognition.decide import SignedDecision
from recognition_service.runtime.tables_desk import SERVICE, TablesDesk
from recognition_service.signing.errors import KeyUnavailableError

OWN_PURPOSES = (KeyPurpose.ATTESTATIONS, KeyPurpose.STATUS, KeyPurpose.RECEIPTS)
"""The keys that every authority has from its beginning."""

_CHECKPOINT_TYPE = "audit-checkpoint+jwt"
_UNFINISHED_AFTER = timedelta(minutes=1)


class IssuingDesk(TablesDesk):
    """Uses the private keys; no transaction is open while it does."""

    def found(self, new: NewAuthority, *, actor: str = SERVICE) -> None:
        """Found an authority with a key for each purpose.

        Raises:
            AuthorityExistsError: The id is taken.
        """
        with self.database.transaction() as session:
            found_authority(session, new, actor=actor, now=self.now())
        for purpose in OWN_PURPOSES:
            self.rotate_key(new.id, purpose, actor=actor)

    def rotate_key(
        self, authority_id: str, purpose: KeyPurpose, *, actor: str = SERVICE
    ) -> str:
        """Make a new key for a purpose, retire the others; return its thumbprint.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyStoreError: The store cannot keep another key.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
        public_jwk, now = self._keys.create(), self.now()
        with self.database.transaction() as session:
            thumbprint = key_records.record_key(
                session, authority_id, public_jwk, purpose=purpose, actor=actor, now=now
            )
            key_records.retire_keys(
                session,
                authority_id,
                purpose,
                except_for=thumbprint,
                actor=actor,
                now=now,
            )
            if purpose is KeyPurpose.STATUS:
                publish.demand_publication(session, authority_id)
        self.refresh()
        if purpose is KeyPurpose.STATUS:
            self.publish_lists(authority_id)
        return thumbprint

    def mark_compromised(
        self, authority_id: str, thumbprint: str, *, at: datetime, actor: str = SERVICE
    ) -> None:
        """State since when a key may have been in other hands.

        Raises:
            KeyNotFoundError: The authority has no such key.
        """
        with self.database.transaction() as session:
            key_records.mark_compromised(
                session, authority_id, thumbprint, at=at, actor=actor, now=self.now()
            )
        self.refresh()

    def issue(
        self, authority_id: str, signed: SignedDecision, *, actor: str
    ) -> UUID | None:
        """Issue the attestation over a signed decision; None for a refusal.

        Two short transactions with the signature between them. What fails after
        the first is finished by `finish_issuing`.

        Raises:
            MandateMissingError: No mandate covers the decision.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now.
        """
        if signed.attestation is None:
            return None
        with self.database.transaction() as session:
            intent = issue.reserve(
                session,
                authority_id,
                signed.attestation,
                public_url=self.public_url,
                actor=actor,
                now=self.now(),
            )
        self.finish(intent, actor=actor)
        return intent.attestation_id

    def finish_issuing(self) -> int:
        """Finish what was reserved a minute ago and never recorded.

        A copy whose key is gone or may not sign any more is given up. One that cannot
        be finished holds up no other.

        Returns:
            How many copies were finished or given up.

        Raises:
            RecognitionError: One could not be finished; the others are.
        """
        failed: RecognitionError | None = None
        with self.database.reading() as session:
            intents = issue.unfinished(session, before=self.now() - _UNFINISHED_AFTER)
        for intent in intents:
            try:
                if self._may_still_sign(intent):
                    self.finish(intent, actor=SERVICE)
                    continue
            except (KeyUnavailableError, NoActiveKeyError):
                pass
            except RecognitionError as error:
                failed = error
                continue
            with self.database.transaction() as session:
                issue.void(session, intent, now=self.now())
        if failed is not None:
            raise failed
        return len(intents)

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

    def sign_checkpoint(self, authority_id: str, claims: Mapping[str, Any]) -> str:
        """Sign where an authority's audit chain ends."""
        now = self.now()
        with self.database.reading() as session:
            key = key_records.active_key(
                session, authority_id, KeyPurpose.RECEIPTS, now
            )
        kid = key_id(issuer_url(self.public_url, authority_id), key.thumbprint)
        signer = self._keys.signer(key.thumbprint, kid)
        header = jws.protected_header(alg=signer.alg, typ=_CHECKPOINT_TYPE, kid=kid)
        return jws.sign(header, json.dumps(claims).encode(), signer)

    def _may_still_sign(self, intent: Intent) -> bool:
        with self.database.reading() as session:
            active = key_records.active_key(
                session, intent.authority_id, KeyPurpose.ATTESTATIONS, self.now()
            )
        return active.thumbprint == intent.thumbprint

    def finish(self, intent: Intent, *, actor: str) -> None:
        """Seal a reserved attestation, record it and have its list published.

        Raises:
            UnavailableError: The key cannot be used now; the worker tries again.
        """
        token = issue.seal(intent, self._keys.signer(intent.thumbprint, intent.kid))
        with self.database.transaction() as session:
            issue.record(session, intent, token, actor=actor, now=self.now())
        self.publish_lists(intent.authority_id)
