"""Another installation in memory, with authorities of its own, that may misbehave.

It signs everything itself, with keys and tokens made here and not by the code under
test, so that it can leave out, add or forge whatever a test needs.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from recognition_service.authorities.peers import accept_peer_list, add_peer
from recognition_service.credentials import base64url, canonical
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification import recognized_entities
from recognition_service.verification.trust import (
    IssuerProfile,
    Mode,
    TrustedIssuer,
    TrustSnapshot,
)
from recognition_service.verification.trust_list import version_floor
from tests.credentials.builders import MemorySigner

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KEYS_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
PURPOSES = (KeyPurpose.EXCHANGE, KeyPurpose.RECEIPTS, KeyPurpose.ATTESTATIONS)
MESSAGE, RECEIPT = "recognition-message+jwt", "recognition-receipt+jwt"
_numbers = count(1)


def compact(header, payload, signer):
    """Return a token of any header and payload, signed."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    first = base64url.encode(json.dumps(header).encode())
    signed = first + b"." + base64url.encode(body)
    return (signed + b"." + base64url.encode(signer.sign(signed))).decode()


class PeerAuthority:
    """An authority of the other installation.

    Attributes:
        issuer: Its name to everybody.
        keys: A signer for each purpose.
        dates: What the trust list says of a key's end, by purpose.
    """

    def __init__(self, peer, name, *, mode, functions, jurisdiction):
        self.peer = peer
        self.issuer = f"{peer.url}/issuers/{name}"
        self.called = f"{name}@{peer.name}"
        self.mode = mode
        self.functions = functions
        self.jurisdiction = jurisdiction
        self.keys = {each: MemorySigner(issuer=self.issuer) for each in PURPOSES}
        self.dates = {}
        self.trusted_until = None
        self.mandates = ()

    def listed(self):
        """Return how the trust list names it."""
        return TrustedIssuer(
            id=self.issuer,
            registered_name=f"{self.called} (example)",
            domain=self.peer.url.removeprefix("https://"),
            country=self.jurisdiction.partition("-")[0],
            mode=self.mode,
            trusted_from=KEYS_SINCE,
            trusted_until=self.trusted_until,
            keys=tuple(self._key(*each) for each in self.keys.items()),
            mandates=self.mandates,
            profile=IssuerProfile(self.jurisdiction, "en", "UTC", self.functions),
        )

    def _key(self, purpose, signer):
        key = IssuerKey(signer.kid, purpose, signer.alg, signer.public_jwk, KEYS_SINCE)
        return replace(key, **self.dates.get(purpose, {}))

    def renew(self, purpose):
        """Use another key from now on."""
        self.keys[purpose] = MemorySigner(issuer=self.issuer)

    def claims(self, to, conversation, body, *, now=NOW, **changes):
        """Return the claims of a message, the first of its conversation by default."""
        return {
            "iss": self.issuer,
            "aud": to,
            "jti": uuid4().hex,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(days=7)).timestamp()),
            "conv": str(conversation),
            "seq": 1,
            "type": "mutual_request.state",
            "body": body,
            "attachments": [],
        } | changes

    def signed(self, claims, *, purpose=KeyPurpose.EXCHANGE, signer=None, **header):
        """Return a message; other members of the header replace the honest ones."""
        key = signer or self.keys[purpose]
        honest = {"alg": key.alg, "typ": MESSAGE, "kid": key.kid}
        return compact(honest | header, claims, key)

    def receipt(self, token, /, *, now=NOW, signer=None, header=(), **changes):
        """Return the receipt for a token that came from the house."""
        told = claims_of(token)
        key = signer or self.keys[KeyPurpose.RECEIPTS]
        said = ["iss", "aud", "jti", "conv", "seq", "type", "body", "attachments"]
        claims = {
            "iss": self.issuer,
            "aud": told["iss"],
            "jti": uuid4().hex,
            "iat": int(now.timestamp()),
            "message": told["jti"],
            "digest": canonical.digest({name: told[name] for name in said}),
            "conv": told["conv"],
            "seq": told["seq"],
            "status": "received",
        } | changes
        honest = {"alg": key.alg, "typ": RECEIPT, "kid": key.kid}
        return compact(honest | dict(header), claims, key)


class Peer:
    """Another installation: its operator's key, its trust list, its authorities."""

    def __init__(self, *, now=NOW, accept_test=True):
        self.name = f"peer-{next(_numbers)}"
        self.url = f"https://{self.name}.example"
        self.accept_test = accept_test
        self.operator = MemorySigner(issuer=self.list_issuer)
        self.version = version_floor(now)
        self.authorities = []

    @property
    def list_issuer(self):
        return f"{self.url}/trust"

    def authority(
        self, name, *, mode=Mode.TEST, functions=("provider",), jurisdiction="LV"
    ):
        made = PeerAuthority(
            self, name, mode=mode, functions=functions, jurisdiction=jurisdiction
        )
        self.authorities.append(made)
        return made

    def trust_list(self, *, now=NOW, days=7, version=None, signer=None):
        """Return a trust list; the version counts up unless one is given."""
        if version is None:
            self.version += 1
            version = self.version
        snapshot = TrustSnapshot(
            version=version,
            as_of=now,
            fresh_until=now + timedelta(days=days),
            issuers={each.issuer: each.listed() for each in self.authorities},
            accept_test=self.accept_test,
        )
        claims = recognized_entities.to_claims(snapshot, issuer=self.list_issuer)
        key = signer or self.operator
        header = {"alg": key.alg, "typ": "vc+jwt", "cty": "vc", "kid": key.kid}
        return compact(header, claims, key)

    def introduce(self, runtime):
        """Let the operator of an installation connect with this one."""
        anchors = {"keys": [self.operator.public_jwk]}
        with runtime.database.transaction() as session:
            add_peer(session, self.name, self.url, anchors, actor="service", now=NOW)

    def tell(self, runtime, token=None, *, now=NOW):
        """Let an installation read a trust list."""
        with runtime.database.transaction() as session:
            accept_peer_list(
                session, self.name, [token or self.trust_list(now=now)], now=now
            )


def claims_of(token):
    """Return what a token says, whoever has signed it."""
    text = token if isinstance(token, str) else token.decode("ascii")
    return json.loads(base64url.decode(text.split(".")[1].encode()))


def a_state(asker, answerer, conversation, **changes):
    """Return the body that tells that something was asked.

    `request`, `event` and `content` change single members of theirs.
    """
    request = {
        "kind": "award_verification",
        "question_set": "award-verification/1",
        "terms": None,
        "asked_answer_by": "2026-12-01",
        "proposed_answer_by": "2026-12-01",
        "proposed_by": "asker",
        "agreed_answer_by": None,
        "accepted_at": None,
        "answered_at": None,
        "answered_on": None,
        "answered_in_time": None,
        "holds_clock": "none",
        "parent": None,
        "family": str(conversation),
        "revision": 1,
        "asker": asker,
        "answerer": answerer,
        "coordinator": None,
        "passed": [],
    }
    event = {
        "event": "sent",
        "sequence": 1,
        "at": "2026-11-02T09:00:00Z",
        "by": asker,
        "jti": uuid4().hex,
        "details": {},
        "content": None,
    }
    content = {
        "subject_ref": "s_example",
        "about": None,
        "questions": [{"id": "awarded", "params": {}, "answer": None}],
        "free_text": {"en": "Is it genuine?"},
    }
    return {
        "cause": None,
        "event": event | changes.pop("event", {}),
        "side": "answerer",
        "status": "sent",
        "sent_at": "2026-11-02T09:00:00Z",
        "request": request | changes.pop("request", {}),
        "content": content | changes.pop("content", {}),
        "attachments": [],
        "items": None,
    } | changes


def an_act(kind="accept", given=None):
    """Return the body that asks that something may happen."""
    return {"act": kind, "at": "2026-11-02T09:00:00Z", "given": given or {}}


def an_alert(**changes):
    """Return the body that tells of a professional who may not practise."""
    return {
        "state": "sent",
        "sent_at": "2026-11-02T09:00:00Z",
        "professional": {
            "family_name": "Moreau",
            "given_name": "Alix",
            "birth_date": "1980-03-09",
            "birth_place": "Namur",
        },
        "profession": "nurse_general",
        "authority": {"name": "Disciplinary court (example)", "is_court": True},
        "scope": "All nursing activities",
        "period": {"from": "2026-11-01", "until": "2027-10-31"},
        "appeal": {"body": "Council of State (example)", "lodged_on": "2026-11-02"},
        "destinations": ["BE", "LV"],
    } | changes


def an_ended_alert(**changes):
    """Return the body that tells that an alert is over."""
    return dict.fromkeys(an_alert()) | {"state": "over"} | changes
