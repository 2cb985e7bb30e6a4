"""Signed trust lists for the tests: honest ones, and any that an attacker may make."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from recognition_service.credentials import vc_jwt
from recognition_service.credentials.jwk import public_key
from recognition_service.verification import recognized_entities
from recognition_service.verification.trust_list import (
    TrustAnchors,
    accept,
    version_floor,
)
from tests.credentials.builders import PUBLIC_URL, MemorySigner
from tests.verification.world import trust

LIST_ISSUER = f"{PUBLIC_URL}/trust"
TODAY = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
VERSION = version_floor(TODAY)
OPERATOR = MemorySigner(issuer=LIST_ISSUER)
SECOND = MemorySigner(issuer=LIST_ISSUER)
THIRD = MemorySigner(issuer=LIST_ISSUER)
STRANGER = MemorySigner(issuer=LIST_ISSUER)


def anchors(*signers, threshold=1):
    keys = tuple(public_key(signer.public_jwk) for signer in signers or (OPERATOR,))
    return TrustAnchors(keys, threshold)


def a_list(*issuers, version=VERSION, as_of=TODAY, days=7, **changes):
    snapshot = replace(
        trust(*issuers),
        version=version,
        as_of=as_of,
        fresh_until=as_of + timedelta(days=days),
    )
    return replace(snapshot, **changes)


def claims(snapshot=None, **changes):
    found = recognized_entities.to_claims(snapshot or a_list(), issuer=LIST_ISSUER)
    return found | changes


def signed(payload, signer=OPERATOR):
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return vc_jwt.encode_payload(body, signer)


def a_token(snapshot=None, signer=OPERATOR, **changes):
    return signed(claims(snapshot, **changes), signer)


def offered(*tokens, pinned=None, held=None, now=TODAY):
    """Return what becomes of a list that somebody offers."""
    return accept(tokens, pinned or anchors(), held, now=now)
