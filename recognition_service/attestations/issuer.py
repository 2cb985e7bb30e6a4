"""What issuing needs to know of an authority, read once in a transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from recognition_service.authorities.found import read_authority
from recognition_service.authorities.keys import ActiveKey, active_key
from recognition_service.authorities.mandates import mandates_of
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import Mandate


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that may sign attestations now.

    Attributes:
        thumbprint: Names it in the key store.
        kid: Names it in tokens: "{issuer}#{thumbprint}".
        public_jwk: The public half.
        certificates: Its X.509 chain as tokens carry it; empty without one.
    """

    thumbprint: str
    kid: str
    algorithm: str
    public_jwk: Mapping[str, str]
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issuer:
    """An authority that is about to issue.

    Attributes:
        url: Its id in credentials.
        country: ISO 3166-1 code.
        time_zone: Legal days begin and end in this zone.
        public_url: Prefix of everything that the installation publishes.
    """

    authority_id: str
    url: str
    name: str
    country: str
    time_zone: str
    public_url: str
    mandates: tuple[Mandate, ...]
    key: SigningKey


def find_issuer(
    session: Session,
    authority_id: str,
    *,
    public_url: str,
    now: datetime,
    algorithm: Algorithm = Algorithm.ES256,
) -> Issuer:
    """Return an authority with the key that signs for it now.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        NoActiveKeyError: It has no key to sign with.
    """
    authority = read_authority(session, authority_id)
    url = issuer_url(public_url, authority_id)
    key = active_key(session, authority_id, KeyPurpose.ATTESTATIONS, now, algorithm)
    return Issuer(
        authority_id,
        url,
        authority.name,
        authority.country,
        authority.time_zone,
        public_url,
        mandates_of(session, authority_id, url),
        signing_key(key, url),
    )


def signing_key(record: ActiveKey, issuer: str) -> SigningKey:
    """Return an active key as signatures need it."""
    return SigningKey(
        record.thumbprint,
        key_id(issuer, record.thumbprint),
        record.algorithm,
        record.public_jwk,
        tuple(record.certificates or ()),
    )
