"""A small world of trust: one issuer with its keys, a mandate and a status list."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from recognition_service.credentials import base64url, jws, token_status_list, vc_jwt
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import (
    Mandate,
    Mode,
    StatusInput,
    TrustedIssuer,
    TrustSnapshot,
    VerificationInputs,
)
from recognition_service.verification.verify import verify
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    a_copy,
    some_claims,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OTHER_ISSUER = f"{PUBLIC_URL}/issuers/ma-demo"
INDEX = 48213
ATTESTATION_KEY = MemorySigner()
STATUS_KEY = MemorySigner()
OTHER_KEY = MemorySigner(issuer=OTHER_ISSUER)
OTHER_STATUS_KEY = MemorySigner(issuer=OTHER_ISSUER)
START = datetime(2026, 1, 1, tzinfo=UTC)


def issuer_key(signer, purpose=KeyPurpose.ATTESTATIONS, **changes):
    key = IssuerKey(signer.kid, purpose, signer.alg, signer.public_jwk, START)
    return replace(key, **changes)


def a_mandate(**changes):
    mandate = Mandate("m1", f"{ISSUER}/competence/2026", date(2026, 1, 1))
    return replace(mandate, **changes)


KEYS = (
    issuer_key(ATTESTATION_KEY),
    issuer_key(STATUS_KEY, KeyPurpose.STATUS),
)


def an_issuer(**changes):
    issuer = TrustedIssuer(
        id=ISSUER,
        registered_name="Recognition body of Flanders (demonstration)",
        domain="recognition.example",
        country="BE",
        mode=Mode.LIVE,
        trusted_from=START,
        keys=KEYS,
        mandates=(a_mandate(),),
    )
    return replace(issuer, **changes)


OTHER = an_issuer(
    id=OTHER_ISSUER,
    registered_name="Another body",
    country="MA",
    keys=(
        issuer_key(OTHER_KEY),
        issuer_key(OTHER_STATUS_KEY, KeyPurpose.STATUS),
    ),
)


def trust(*issuers, **changes):
    snapshot = TrustSnapshot(
        version=12,
        as_of=datetime(2026, 11, 21, tzinfo=UTC),
        fresh_until=datetime(2026, 11, 28, tzinfo=UTC),
        issuers={issuer.id: issuer for issuer in (issuers or (an_issuer(), OTHER))},
    )
    return replace(snapshot, **changes)


def status_claims(value=0, issued_at=NOW - timedelta(minutes=5), **changes):
    packed = bytearray(1 << 18)
    packed[INDEX // 4] = value << (INDEX % 4 * 2)
    claims = token_status_list.status_list_token(
        uri=STATUS_URI,
        issued_at=issued_at,
        expires_at=issued_at + timedelta(hours=24),
        ttl_seconds=600,
        bits=2,
        lst=token_status_list.compress(bytes(packed), 1),
    )
    return claims | changes


def a_status(claims=None, signer=STATUS_KEY, **changes):
    token = token_status_list.sign(claims or status_claims(), signer)
    given = StatusInput(STATUS_URI, token, NOW - timedelta(minutes=1))
    return replace(given, **changes)


GOOD_STATUS = a_status()


def inputs(*issuers, status=GOOD_STATUS, **changes):
    statuses = {} if status is None else {STATUS_URI: status}
    return VerificationInputs(trust(*issuers, **changes), statuses)


def a_token(claims=None, signer=ATTESTATION_KEY, **copy):
    credential = attestation_credential(claims or some_claims(), public_url=PUBLIC_URL)
    return vc_jwt.encode(credential, a_copy(**copy), signer)


def a_payload(claims=None, **changes):
    """Return the payload of a good token, with members replaced."""
    token = a_token(claims)
    return dict(vc_jwt.decode(token).payload) | changes


def signed(payload, signer=ATTESTATION_KEY, **header):
    """Sign any payload under any header."""
    members = {"alg": signer.alg, "typ": "vc+jwt", "cty": "vc", "kid": signer.kid}
    members |= header
    members = {name: value for name, value in members.items() if value is not None}
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return jws.sign(base64url.encode(json.dumps(members).encode()), body, signer)


def check(presented, given=None, at=NOW, checked_at=NOW):
    return verify(presented, given or inputs(), at=at, checked_at=checked_at)


def answer(presented, given=None, **instants):
    report = check(presented, given, **instants)
    return report.verdict.value, report.code.value


def never_valid(presented, given=None):
    return check(presented, given).verdict not in ("valid", "valid_with_conditions")


GOOD = a_token()
