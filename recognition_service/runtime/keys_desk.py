"""Authorities and their keys: made, announced, retired, used for the audit."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from recognition_service.attestations import publish
from recognition_service.authorities import keys as key_records
from recognition_service.authorities.found import (
    NewAuthority,
    found_authority,
    get_authority,
)
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials import jws
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.status_desk import StatusDesk
from recognition_service.runtime.tables_desk import SERVICE

OWN_PURPOSES = (KeyPurpose.ATTESTATIONS, KeyPurpose.STATUS, KeyPurpose.RECEIPTS)
"""The keys that every authority has from its beginning."""

_CHECKPOINT_TYPE = "audit-checkpoint+jwt"


class KeysDesk(StatusDesk):
    """Has keys made and keeps what is published about them."""

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
