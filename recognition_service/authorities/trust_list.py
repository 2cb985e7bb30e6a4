"""The signed trust list: the operator's keys, and every version ever published.

Like issuing, publishing has three steps: what to say is read, signed without a
transaction, and kept unless another version was kept meanwhile. A list is published
when what it says has changed, and renewed every day; it lives for a week.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.authorities.models import TrustListPublication
from recognition_service.authorities.operator_keys import active_operator_key
from recognition_service.authorities.trust import key_id, trusted_issuers
from recognition_service.clock import format_instant
from recognition_service.credentials import canonical, jwk, jws, vc_jwt
from recognition_service.credentials.errors import SignerFaultError
from recognition_service.credentials.signer import KeyPurpose, Signer
from recognition_service.errors import UnavailableError
from recognition_service.storage import audit
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.upsert import insert_for
from recognition_service.verification import recognized_entities, trust_list
from recognition_service.verification.trust import TrustSnapshot
from recognition_service.verification.trust_list import AcceptedList, TrustAnchors

LIFE = timedelta(days=7)
RENEWED_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A version of the list that is to be signed.

    Attributes:
        follows: The version that was the newest when this one was read; 0 for none.
        payload: The exact bytes to sign.
        thumbprint: Names the key in the key store.
        kid: Names the key in the world.
    """

    version: int
    follows: int
    issued_at: datetime
    expires_at: datetime
    content_digest: str
    payload: bytes
    thumbprint: str
    kid: str


def publication(
    session: Session, version: int | None = None
) -> TrustListPublication | None:
    """Return a version of the list as it was served, the newest for None."""
    if version is not None:
        return session.get(TrustListPublication, version)
    return session.scalar(
        select(TrustListPublication)
        .order_by(TrustListPublication.version.desc())
        .limit(1)
    )


def draft_trust_list(
    session: Session, public_url: str, *, is_demo: bool, now: datetime
) -> Draft | None:
    """Read what the next version must say; None if none is due.

    None is due while nobody can be listed. Test authorities are listed in a
    demonstration only, whose list says so itself.

    Raises:
        NoActiveKeyError: The operator has no key.
        UnavailableError: The clock stands before the list that was signed last, so
            that verifiers would refuse the new one.
    """
    last, issuer = publication(session), recognized_entities.list_issuer(public_url)
    snapshot = _next(session, public_url, last, is_demo=is_demo, now=now)
    key = active_operator_key(session, KeyPurpose.TRUST)
    if key is None:
        raise NoActiveKeyError("The operator has no key for the trust list.")
    if not snapshot.issuers:
        return None
    kid = key_id(issuer, key.thumbprint)
    content = recognized_entities.content_of(snapshot, issuer=issuer)
    digest = canonical.digest(content)
    if last is not None and not _is_due(last, digest, kid, now):
        return None
    if last is not None and now < last.issued_at:
        raise UnavailableError(
            "The clock stands before the trust list that was signed last, of "
            f"{format_instant(last.issued_at)}."
        )
    return Draft(
        version=snapshot.version,
        follows=0 if last is None else last.version,
        issued_at=now,
        expires_at=snapshot.fresh_until,
        content_digest=digest,
        payload=orjson.dumps(recognized_entities.to_claims(snapshot, issuer=issuer)),
        thumbprint=key.thumbprint,
        kid=kid,
    )


def sign_trust_list(draft: Draft, signer: Signer) -> str:
    """Return the signed list; uses the key and touches no database.

    Raises:
        SignerFaultError: What came out would not be believed by a verifier who has
            pinned this key.
    """
    token = vc_jwt.encode_payload(draft.payload, signer)
    anchors = TrustAnchors((jwk.public_key(signer.public_jwk),))
    found = trust_list.accept((token,), anchors, None, now=draft.issued_at)
    if not isinstance(found, AcceptedList) or found.signers != {draft.thumbprint}:
        raise SignerFaultError("The signed trust list does not verify.")
    return token


def keep_trust_list(session: Session, draft: Draft, token: str, *, actor: str) -> bool:
    """Serve a signed list from now on; tell whether it was the next version.

    The caller owns the transaction. If another node has published meanwhile, its
    version stays and this one is dropped.
    """
    last = publication(session)
    if (0 if last is None else last.version) != draft.follows:
        return False
    kept = session.execute(
        insert_for(session, TrustListPublication)
        .values(
            version=draft.version,
            issued_at=draft.issued_at,
            expires_at=draft.expires_at,
            content_digest=draft.content_digest,
            token=token,
        )
        .on_conflict_do_nothing()
        .returning(TrustListPublication.version)
    ).first()
    if kept is None:
        return False
    audit.append(
        session,
        PLATFORM,
        actor=actor,
        action="trust_list.published",
        subject=f"trust_list/{draft.version}",
        content={"digest": draft.content_digest},
        now=draft.issued_at,
    )
    return True


def _next(
    session: Session,
    public_url: str,
    last: TrustListPublication | None,
    *,
    is_demo: bool,
    now: datetime,
) -> TrustSnapshot:
    after = 0 if last is None else last.version
    return TrustSnapshot(
        version=max(after + 1, trust_list.version_floor(now)),
        as_of=now,
        fresh_until=now + LIFE,
        issuers=trusted_issuers(session, public_url, with_test=is_demo),
        accept_test=is_demo,
    )


def _is_due(last: TrustListPublication, digest: str, kid: str, now: datetime) -> bool:
    """Tell whether the list says something else, by another key, or grows old."""
    return (
        last.content_digest != digest
        or jws.peek_header(last.token).get("kid") != kid
        or now >= last.issued_at + RENEWED_EVERY
    )
