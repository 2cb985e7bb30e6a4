"""Authorities as verifiers see them: registered name, keys, mandates."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import TrustEndedError
from recognition_service.authorities.found import all_authorities, get_authority
from recognition_service.authorities.keys import all_keys
from recognition_service.authorities.mandates import mandates_of
from recognition_service.authorities.models import (
    Authority,
    KeyRecord,
    Mode,
    TrustListPublication,
)
from recognition_service.clock import format_instant
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage import audit
from recognition_service.verification import trust

THROW_AWAY_ISSUER = "vc-api"
"""Signs other people's credentials for rehearsals; no trust list ever names it."""

TRUST_ACTIONS = (
    "authority.founded",
    "key.created",
    "key.retired",
    "key.brought_forward",
    "key.kept_in_use",
    "key.compromised",
    "mandate.granted",
    "mandate.ended",
    "authority.trust_ended",
)
"""The audited changes after which verifiers see another trust list."""


def issuer_url(public_url: str, authority_id: str) -> str:
    """Return the id under which an authority issues."""
    return f"{public_url}/issuers/{authority_id}"


def key_id(issuer: str, thumbprint: str) -> str:
    """Return the name that a key bears in token headers."""
    return f"{issuer}#{thumbprint}"


def issuer_keys(
    session: Session, authority_id: str, issuer: str
) -> tuple[IssuerKey, ...]:
    """Return every key that an authority ever had, as published."""
    return tuple(_key(row, issuer) for row in all_keys(session, authority_id))


def trusted_issuers(
    session: Session, public_url: str, *, with_test: bool
) -> dict[str, trust.TrustedIssuer]:
    """Return the issuers of this installation by id.

    Test authorities are listed for a demonstration only.
    """
    return {
        issuer.id: issuer
        for row in all_authorities(session)
        if row.id != THROW_AWAY_ISSUER and (with_test or row.mode == Mode.LIVE)
        for issuer in [_issuer(session, row, public_url)]
    }


def trust_snapshot(
    session: Session,
    public_url: str,
    *,
    is_demo: bool,
    now: datetime,
    fresh_until: datetime,
) -> trust.TrustSnapshot:
    """Return the trust list of this installation as of now.

    Number and dates are those of the list that was published last; before the first
    one the number is 0 and the dates are the given ones. Test authorities are
    listed, so that a report can name them; only a demonstration accepts them.
    """
    last = session.execute(
        select(
            TrustListPublication.version,
            TrustListPublication.issued_at,
            TrustListPublication.expires_at,
        )
        .order_by(TrustListPublication.version.desc())
        .limit(1)
    ).first()
    version, as_of, until = (0, now, fresh_until) if last is None else last
    return trust.TrustSnapshot(
        version=version,
        as_of=as_of,
        fresh_until=until,
        issuers=trusted_issuers(session, public_url, with_test=True),
        accept_test=is_demo,
    )


def trust_version(session: Session) -> int:
    """Return how many changes there were after which the trust list differs.

    It only ever grows, and it is the same on every node. The number of a published
    list is another one.
    """
    return audit.count_actions(session, TRUST_ACTIONS)


def end_trust(
    session: Session, authority_id: str, *, actor: str, now: datetime
) -> None:
    """Take an authority off the trust list. The caller owns the transaction.

    Whatever it issued can no longer be confirmed after this instant; as of earlier
    instants it still can.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        TrustEndedError: Trust in it ended before.
    """
    authority = get_authority(session, authority_id)
    if authority.trusted_until is not None:
        raise TrustEndedError(
            f"Trust in {authority_id} ended at "
            f"{format_instant(authority.trusted_until)}."
        )
    authority.trusted_until = now
    audit.append(
        session,
        authority_id,
        actor=actor,
        action="authority.trust_ended",
        subject=f"authority/{authority_id}",
        content={},
        now=now,
    )


def _issuer(session: Session, row: Authority, public_url: str) -> trust.TrustedIssuer:
    issuer = issuer_url(public_url, row.id)
    return trust.TrustedIssuer(
        id=issuer,
        registered_name=row.name,
        domain=urlsplit(public_url).netloc,
        country=row.country,
        mode=trust.Mode(row.mode),
        trusted_from=row.trusted_from,
        trusted_until=row.trusted_until,
        keys=issuer_keys(session, row.id, issuer),
        mandates=mandates_of(session, row.id, issuer),
        profile=trust.IssuerProfile(
            jurisdiction=row.jurisdiction,
            language=row.language,
            time_zone=row.time_zone,
            functions=tuple(row.functions),
        ),
    )


def _key(row: KeyRecord, issuer: str) -> IssuerKey:
    return IssuerKey(
        kid=key_id(issuer, row.thumbprint),
        purpose=KeyPurpose(row.purpose),
        alg=row.algorithm,
        public_jwk=row.public_jwk,
        valid_from=row.active_from,
        retired_at=row.retired_at,
        compromised_at=row.compromised_at,
    )
