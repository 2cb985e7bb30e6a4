"""Authorities and their keys: made, announced, ended, used for the audit."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from recognition_service.attestations import publish
from recognition_service.attestations.last_signed import require_clock
from recognition_service.authorities import end_keys, rotate_keys
from recognition_service.authorities import keys as key_records
from recognition_service.authorities.found import (
    NewAuthority,
    found_authority,
    get_authority,
)
from recognition_service.authorities.keys import OVERLAP
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials import jws
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.certificates_desk import CertificatesDesk
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.signing.errors import KeyStoreError

OWN_PURPOSES = (
    KeyPurpose.ATTESTATIONS,
    KeyPurpose.STATUS,
    KeyPurpose.RECEIPTS,
    KeyPurpose.EXCHANGE,
)
"""What every authority has an ES256 key for, from its beginning."""

AT_ONCE = timedelta(0)
_CHECKPOINT_TYPE = "audit-checkpoint+jwt"


class KeysDesk(CertificatesDesk):
    """Has keys made, and says when they sign.

    A key is made in the store first and recorded afterwards. What is interrupted in
    between leaves a key that nobody knows and that never signs.
    """

    def found(self, new: NewAuthority, *, actor: str = SERVICE) -> None:
        """Found an authority with a key for each purpose.

        Attestations get a second, Ed25519 key for Data Integrity proofs, where the
        store can make one.

        Raises:
            AuthorityExistsError: The id is taken.
            KeyStoreError: The store cannot keep the keys.
        """
        now = self.now()
        with self.database.transaction() as session:
            found_authority(session, new, actor=actor, now=now)
        made = [(purpose, self._keys.create()) for purpose in OWN_PURPOSES]
        try:
            second = self._keys.create(Algorithm.EDDSA)
        except KeyStoreError:
            # It has just made others, so it only knows no such keys.
            pass
        else:
            made.append((KeyPurpose.ATTESTATIONS, second))
        with self.database.transaction() as session:
            for purpose, public_jwk in made:
                rotate_keys.create_key(
                    session,
                    new.id,
                    public_jwk,
                    purpose=purpose,
                    active_from=None,
                    actor=actor,
                    now=now,
                )
        self.refresh()

    def create_key(
        self,
        authority_id: str,
        purpose: KeyPurpose,
        *,
        algorithm: Algorithm = Algorithm.ES256,
        active_from: datetime | None = None,
        actor: str = SERVICE,
    ) -> str:
        """Make the first key of a purpose, or one that takes over at an instant.

        Returns:
            Its thumbprint.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyInUseError: Another key signs, and no instant was given.
            KeyStoreError: The store cannot keep another key.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
            if active_from is None:
                rotate_keys.require_no_key(
                    session, authority_id, purpose, algorithm, self.now()
                )
        public_jwk, now = self._keys.create(algorithm), self.now()
        with self.database.transaction() as session:
            record = rotate_keys.create_key(
                session,
                authority_id,
                public_jwk,
                purpose=purpose,
                active_from=active_from,
                actor=actor,
                now=now,
            )
            thumbprint, signs_now = record.thumbprint, record.active_from <= now
        self._changed(authority_id, purpose, is_urgent=signs_now)
        return thumbprint

    def rotate_key(
        self,
        authority_id: str,
        purpose: KeyPurpose,
        *,
        algorithm: Algorithm = Algorithm.ES256,
        overlap: timedelta = OVERLAP,
        actor: str = SERVICE,
    ) -> str:
        """Make a new key, which takes over from the present one after an overlap.

        It signs at once where no key does.

        Returns:
            Its thumbprint.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyStoreError: The store cannot keep another key.
        """
        with self.database.reading() as session:
            get_authority(session, authority_id)
        public_jwk, now = self._keys.create(algorithm), self.now()
        with self.database.transaction() as session:
            record = rotate_keys.rotate_key(
                session,
                authority_id,
                public_jwk,
                purpose=purpose,
                overlap=overlap,
                actor=actor,
                now=now,
            )
            thumbprint, signs_now = record.thumbprint, record.active_from <= now
        self._changed(authority_id, purpose, is_urgent=signs_now)
        return thumbprint

    def retire_key(
        self, authority_id: str, thumbprint: str, *, actor: str = SERVICE
    ) -> bool:
        """Let a key sign nothing from now on; tell whether another one signs instead.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyNotFoundError: The authority has no such key.
            KeyRetiredError: It signs nothing already.
        """
        with self.database.transaction() as session:
            succeeded = end_keys.retire_key(
                session, authority_id, thumbprint, actor=actor, now=self.now()
            )
        self.refresh()
        return succeeded

    def mark_compromised(
        self, authority_id: str, thumbprint: str, *, at: datetime, actor: str = SERVICE
    ) -> str | None:
        """State since when a key may have been in other hands.

        It signs nothing from now on. Where no other key is there to take over, a new
        one is made, which signs at once.

        Returns:
            The thumbprint of the key that was made, or None.

        Raises:
            AuthorityNotFoundError: There is no such authority.
            KeyNotFoundError: The authority has no such key.
            KeyStoreError: The compromise is recorded, but no new key could be made.
        """
        with self.database.transaction() as session:
            is_successor_needed = end_keys.mark_compromised(
                session, authority_id, thumbprint, at=at, actor=actor, now=self.now()
            )
            key = key_records.get_key(session, authority_id, thumbprint)
            purpose, algorithm = KeyPurpose(key.purpose), Algorithm(key.algorithm)
        self.refresh()
        if is_successor_needed:
            return self.rotate_key(
                authority_id,
                purpose,
                algorithm=algorithm,
                overlap=AT_ONCE,
                actor=actor,
            )
        # Nobody believes what the key has signed, so what is served is signed anew.
        self._changed(authority_id, purpose, is_urgent=True)
        return None

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

    def _require_clock(self, authority_id: str, now: datetime) -> None:
        """Refuse to sign when the clock stands before what was signed last.

        Raises:
            ClockBehindError: It does.
        """
        with self.database.reading() as session:
            require_clock(session, authority_id, now)

    def _changed(
        self, authority_id: str, purpose: KeyPurpose, *, is_urgent: bool
    ) -> None:
        """Look up anew what changed; have lists signed anew if that cannot wait."""
        is_urgent = is_urgent and purpose is KeyPurpose.STATUS
        if is_urgent:
            with self.database.transaction() as session:
                publish.demand_publication(session, authority_id)
        self.refresh()
        if is_urgent:
            self.publish_lists(authority_id)
