"""Credentials of any kind, signed on demand and verified for anybody (VC-API)."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from recognition_service.attestations import other_credentials
from recognition_service.attestations.other_credentials import Place
from recognition_service.attestations.places import bitstring_uri
from recognition_service.authorities import keys as key_records
from recognition_service.authorities.errors import (
    AuthorityExistsError,
    KeyNotFoundError,
    NoActiveKeyError,
)
from recognition_service.authorities.found import NewAuthority
from recognition_service.authorities.models import Mode
from recognition_service.authorities.trust import THROW_AWAY_ISSUER, issuer_url, key_id
from recognition_service.credentials import (
    data_integrity,
    multikey,
    recognition_schema,
    vc_jwt,
)
from recognition_service.credentials.bitstring_status_list import (
    REVOCATION,
    SUSPENSION,
    Entry,
    status_entry,
)
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.data_integrity import Cryptosuite
from recognition_service.credentials.did_web import did_of
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.credentials.json_ld import contexts_of, published_bytes
from recognition_service.credentials.jwk import Algorithm, public_key
from recognition_service.credentials.key_document import data_integrity_method
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.runtime.trust_desk import TrustDesk
from recognition_service.runtime.vc_api_lists import signed_list
from recognition_service.signing.errors import KeyUnavailableError
from recognition_service.verification.secured.surroundings import (
    KnownKey,
    ListedPlace,
    Surroundings,
)

VC_API = THROW_AWAY_ISSUER
"""Id of the throw-away authority that signs at the root of the VC-API."""

PURPOSES = (REVOCATION, SUSPENSION)
EDDSA_SUITES = frozenset({Cryptosuite.EDDSA_RDFC_2022, Cryptosuite.EDDSA_JCS_2022})
_THROW_AWAY = NewAuthority(
    id=VC_API,
    name="Throw-away issuer of the VC-API (example)",
    country="ZZ",
    jurisdiction="ZZ",
    mode=Mode.TEST,
)
_LIST = re.compile(r"(?P<form>tsl|bsl)/(?P<owner>[a-z0-9-]{1,64})/(?P<number>\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a credential shall be secured.

    Attributes:
        suite: Of the embedded proof; None: an enveloping `vc+jwt` instead.
        purposes: For which a place in the status lists is wanted.
        credential_id: By which the status can be changed later; None: it cannot.
    """

    suite: Cryptosuite | None
    purposes: tuple[str, ...] = ()
    credential_id: str | None = None


class CredentialsDesk(TrustDesk):
    """Signs what callers bring, and checks what anybody has signed."""

    def open_vc_api(self) -> str:
        """Found the throw-away issuer, unless it is there; return its id.

        Raises:
            KeyStoreError: The store cannot keep its keys.
        """
        with suppress(AuthorityExistsError):
            self.found(_THROW_AWAY)
        try:
            return self.issuer_ids(VC_API)[0]
        except NoActiveKeyError:  # The founding was interrupted.
            self.rotate_key(VC_API, KeyPurpose.ATTESTATIONS, algorithm=Algorithm.EDDSA)
            return self.issuer_ids(VC_API)[0]

    def issuer_ids(self, authority_id: str) -> tuple[str, ...]:
        """Return under which ids an authority issues, the usual one first.

        Raises:
            NoActiveKeyError: The throw-away issuer has no key.
        """
        if authority_id == VC_API:
            key = self._attestation_key(VC_API, Algorithm.EDDSA)
            return (multikey.did_key(public_key(key.public_jwk)),)
        url = issuer_url(self.public_url, authority_id)
        return url, did_of(url)

    def issue_credential(
        self,
        authority_id: str,
        credential: Mapping[str, Any],
        wanted: Wanted,
        *,
        actor: str,
    ) -> dict[str, Any]:
        """Return a secured credential: with a proof, or in an envelope.

        The credential was checked before and names one of the authority's ids as its
        issuer. Two short transactions with the signature between them.

        Raises:
            StatusTransitionError: A credential of this id was revoked.
            NoActiveKeyError: The authority has no key for this.
            MalformedDocumentError: The credential cannot be signed without loss.
            UnavailableError: The key cannot be used now.
        """
        now = self.now()
        if wanted.purposes:
            with self.database.transaction() as session:
                place = other_credentials.reserve_place(
                    session, authority_id, wanted.credential_id, actor=actor, now=now
                )
            credential = self._with_status(authority_id, credential, wanted, place)
        secured = self._secured(authority_id, credential, wanted.suite, now)
        with self.database.transaction() as session:
            other_credentials.note_issued(
                session, authority_id, digest(secured), actor=actor, now=now
            )
        if wanted.purposes:
            self.publish_lists(authority_id)
        return secured

    def set_credential_status(
        self,
        authority_id: str,
        credential_id: str,
        purpose: str,
        *,
        is_set: bool,
        actor: str,
    ) -> Place:
        """Revoke, suspend or reinstate a credential, and publish that.

        Raises:
            NotFoundError: The authority signed none with a status of this id.
            StatusTransitionError: A revoked credential stays revoked.
        """
        with self.database.transaction() as session:
            place = other_credentials.set_status(
                session,
                authority_id,
                credential_id,
                purpose,
                is_set=is_set,
                actor=actor,
                now=self.now(),
            )
        self.publish_lists(authority_id)
        return place

    def surroundings(self) -> Surroundings:
        """Return what the verification of somebody's credential may rely on."""
        return Surroundings(
            now=self.now(),
            contexts=contexts_of(self.public_url),
            key_of=self._known_key,
            place_in=self._listed_place,
            resources=published_bytes,
            schemas={
                recognition_schema.schema_url(self.public_url): (
                    recognition_schema.first_fault
                )
            },
        )

    def vc_api_list(self, number: int, purpose: str) -> bytes | None:
        """Return a status list of the throw-away issuer, signed by itself, or None."""
        with self.database.reading() as session:
            found = other_credentials.set_places(session, VC_API, number, purpose)
        if found is None:
            return None
        size, places = found
        return signed_list(
            uri=bitstring_uri(self.public_url, VC_API, number, purpose),
            purpose=purpose,
            size=size,
            places=tuple(sorted(places)),
            signer=self._did_key_signer(),
            now=self.now(),
        )

    def _with_status(
        self,
        authority_id: str,
        credential: Mapping[str, Any],
        wanted: Wanted,
        place: Place,
    ) -> dict[str, Any]:
        entries = [
            status_entry(
                Entry(
                    purpose,
                    place.index,
                    bitstring_uri(self.public_url, authority_id, place.number, purpose),
                )
            )
            for purpose in wanted.purposes
        ]
        given = credential.get("credentialStatus", [])
        listed = [*(given if isinstance(given, list) else [given]), *entries]
        status = listed if len(listed) > 1 else listed[0]
        return {**credential, "credentialStatus": status}

    def _secured(
        self,
        authority_id: str,
        credential: Mapping[str, Any],
        suite: Cryptosuite | None,
        now: datetime,
    ) -> dict[str, Any]:
        issuer = credential["issuer"]
        subject = issuer["id"] if isinstance(issuer, Mapping) else issuer
        if suite is None:
            signer = self._token_signer(authority_id, subject)
            claims = {**credential, "iat": int(now.timestamp())}
            payload = json.dumps(claims, separators=(",", ":"), ensure_ascii=False)
            return vc_jwt.envelope(vc_jwt.encode_payload(payload.encode(), signer))
        signer, method = self._proof_signer(authority_id, subject, suite)
        return data_integrity.add_proof(
            credential,
            suite=suite,
            verification_method=method,
            created=now,
            signer=signer,
            contexts=contexts_of(self.public_url),
        )

    def _token_signer(self, authority_id: str, subject: str) -> Signer:
        if authority_id == VC_API:
            return self._did_key_signer()
        key = self._attestation_key(authority_id, Algorithm.ES256)
        return self._keys.signer(key.thumbprint, key_id(subject, key.thumbprint))

    def _proof_signer(
        self, authority_id: str, subject: str, suite: Cryptosuite
    ) -> tuple[Signer, str]:
        if authority_id == VC_API:
            signer = self._did_key_signer()
            return signer, signer.kid
        algorithm = Algorithm.EDDSA if suite in EDDSA_SUITES else Algorithm.ES256
        key = self._attestation_key(authority_id, algorithm)
        method = (
            data_integrity_method(subject, key.public_jwk)
            if algorithm is Algorithm.EDDSA
            else key_id(subject, key.thumbprint)
        )
        return self._keys.signer(key.thumbprint, method), method

    def _did_key_signer(self) -> Signer:
        key = self._attestation_key(VC_API, Algorithm.EDDSA)
        method = multikey.did_key_method(public_key(key.public_jwk))
        return self._keys.signer(key.thumbprint, method)

    def _attestation_key(
        self, authority_id: str, algorithm: Algorithm
    ) -> key_records.ActiveKey:
        with self.database.reading() as session:
            return key_records.active_key(
                session,
                authority_id,
                KeyPurpose.ATTESTATIONS,
                self.now(),
                algorithm,
            )

    def _known_key(self, method: str) -> KnownKey | None:
        """Return a key of an issuer of this installation that signs credentials."""
        controller, _, fragment = method.partition("#")
        authority_id = self._authority_named(controller)
        if authority_id is None:
            return None
        try:
            with self.database.reading() as session:
                record = key_records.get_key(
                    session, authority_id, _thumbprint(fragment)
                )
        except (KeyNotFoundError, KeyUnavailableError):
            return None
        if record.purpose != KeyPurpose.ATTESTATIONS or record.compromised_at:
            return None
        url = issuer_url(self.public_url, authority_id)
        return KnownKey(
            public_key(record.public_jwk),
            frozenset({url, did_of(url)}),
            record.retired_at,
        )

    def _authority_named(self, issuer: str) -> str | None:
        url = f"{self.public_url}/issuers"
        for prefix in (f"{url}/", f"{did_of(url)}:"):
            if issuer.startswith(prefix):
                return unquote(issuer.removeprefix(prefix))
        return None

    def _listed_place(self, uri: str, purpose: str, index: int) -> ListedPlace | None:
        found = _LIST.match(uri.removeprefix(f"{self.public_url}/status/"))
        if found is None or not uri.startswith(f"{self.public_url}/status/"):
            return None
        owner, number = found["owner"], int(found["number"])
        expected = (
            bitstring_uri(self.public_url, owner, number, purpose)
            if found["form"] == "bsl"
            else f"{self.public_url}/status/tsl/{owner}/{number}"
        )
        if uri != expected:
            return None
        with self.database.reading() as session:
            is_set = other_credentials.says(session, owner, number, purpose, index)
        if is_set is None:
            return None
        return ListedPlace(frozenset(self.issuer_ids(owner)), is_set)


def _thumbprint(fragment: str) -> str:
    """Return the thumbprint of a key that is named by it, or by its own text."""
    with suppress(UnusableKeyError):
        return multikey.decode(fragment).thumbprint
    return fragment
