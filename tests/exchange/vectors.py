"""The example messages of `docs/federation.md`, made by keys that never change.

`python -m tests.exchange.vectors` writes them to `tests/vectors/exchange/` anew.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ed25519

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.joint_record import joint_findings
from recognition_service.credentials import canonical
from recognition_service.credentials.jwk import public_jwk, public_key
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import Mandate
from tests.exchange.proposals import (
    MANDATE,
    a_joint_record,
    a_proposal,
    an_attestation,
)
from tests.peer import (
    MESSAGE,
    PURPOSES,
    Peer,
    a_state,
    an_act,
    an_alert,
    an_ended_alert,
    claims_of,
    compact,
)

FOLDER = Path(__file__).parent.parent / "vectors" / "exchange"
CONVERSATION = UUID("019a4b1e-6c00-7000-8000-0000000000a1")
AGREEMENT = UUID("019a4b1e-6c00-7000-8000-0000000000b2")
AWARD = UUID("019a4b1e-6c00-7000-8000-0000000000c3")
ALERT = UUID("019a4b1e-6c00-7000-8000-0000000000e5")
ATTESTATION = UUID("019a4b1e-6c00-7000-8000-0000000000d4")
PAPER = b"%PDF-1.7 (an example)"


class FixedSigner:
    """An Ed25519 key that is the same in every run. Never use it for anything."""

    alg = "EdDSA"

    def __init__(self, seed, issuer):
        secret = hashlib.sha256(seed.encode()).digest()
        self._key = ed25519.Ed25519PrivateKey.from_private_bytes(secret)
        self.public_jwk = public_jwk(self._key.public_key())
        self.kid = f"{issuer}#{public_key(self.public_jwk).thumbprint}"

    def sign(self, message):
        return self._key.sign(message)


class FixedPeer(Peer):
    """An installation of the examples."""

    def __init__(self, name):
        super().__init__()
        self.name, self.url = name, f"https://{name}.example"
        self.operator = FixedSigner(f"{name} trust", self.list_issuer)

    def authority(self, name, **more):
        made = super().authority(name, **more)
        made.keys = {
            purpose: FixedSigner(f"{made.issuer} {purpose}", made.issuer)
            for purpose in PURPOSES
        }
        made.mandates = (Mandate("1", MANDATE, date(2026, 1, 1)),)
        return made


def installations():
    """Return the two installations of the examples, with one authority each."""
    flanders, riga = FixedPeer("flanders"), FixedPeer("riga")
    centre = flanders.authority(
        "centre", functions=("competent_authority",), jurisdiction="BE-FL"
    )
    return centre, riga.authority("university")


def made():
    """Return all example tokens by name."""
    centre, university = installations()
    nurses = university.peer.authority("nurses", functions=("competent_authority",))
    attachment = {
        "digest": canonical.digest_of_bytes(PAPER),
        "media_type": "application/pdf",
        "bytes": len(PAPER),
        "name": "diploma.pdf",
        "by": centre.issuer,
        "sent_at": "2026-11-02T09:00:00Z",
    }
    told = a_state(
        centre.issuer,
        university.issuer,
        CONVERSATION,
        event={"jti": "ev-0001"},
        content={
            "subject_ref": "s_7YkExample",
            "about": {
                "person": {"family_name": "Bērziņa", "given_name": "Ilze"},
                "qualification": {"title": "Bakalaura diploms", "origin": "LV"},
            },
        },
        attachments=[attachment],
    )
    messages = {
        "state": centre.claims(university.issuer, CONVERSATION, told, jti="msg-0001"),
        "attachment": centre.claims(
            university.issuer,
            CONVERSATION,
            {"digest": attachment["digest"]},
            jti="msg-0002",
            seq=2,
            type="mutual_request.attachment",
            attachments=[attachment["digest"]],
        ),
        "act": university.claims(
            centre.issuer,
            CONVERSATION,
            an_act("deadline", {"answer_by": "2026-12-11"}),
            jti="msg-0003",
            type="mutual_request.act",
        ),
        "agreement": centre.claims(
            university.issuer,
            AGREEMENT,
            _agreement(centre, university),
            jti="msg-0004",
            type="agreement.state",
        ),
    }
    messages |= _joint_award(centre, university) | _alert(nurses, centre)
    of = {"act": university, "joint-signed": university}
    of |= {"alert": nurses, "alert-over": nurses}
    tokens = {
        name: of.get(name, centre).signed(claims, typ=MESSAGE)
        for name, claims in messages.items()
    }
    tokens["receipt"] = university.receipt(tokens["state"], jti="rec-0001")
    tokens["refusal"] = centre.receipt(
        tokens["act"],
        jti="rec-0002",
        status="refused",
        code="mutual_request_state",
        detail="“deadline_proposed” cannot follow here: the request is withdrawn.",
        retry=False,
    )
    for authority in (centre, university):
        name = f"trust-list-{authority.peer.name}"
        version = authority.peer.version
        tokens[name] = authority.peer.trust_list(version=version)
    return tokens


def joint_record(centre, university):
    """Return the record of the example award, the same in every run."""
    drawn = a_joint_record(university.issuer, centre.issuer)
    fixed = {
        "group": str(AWARD),
        "nonce": "A" * 22,
        "subject_nonce": "B" * 21 + "A",
    }
    inputs = {**drawn.inputs, **fixed}
    return DecisionRecord(inputs, joint_findings(inputs))


def _joint_award(centre, university):
    record = joint_record(centre, university)
    signed = an_attestation(university, record, attestation_id=ATTESTATION)
    gone = {"reason": "party_withdrew", "text": None}
    digest = {"digest": record.digest}
    told = {
        "joint-proposed": (centre, "proposed", a_proposal(record), 1),
        "joint-signed": (university, "signed", signed, 1),
        "joint-released": (centre, "released", digest, 3),
        "joint-withdrawn": (centre, "withdrawn", digest | gone, 4),
    }
    others = {centre: university, university: centre}
    return {
        name: by.claims(
            others[by].issuer,
            AWARD,
            body,
            jti=f"msg-{number:04}",
            seq=seq,
            type=f"joint.{kind}",
        )
        for number, (name, (by, kind, body, seq)) in enumerate(told.items(), 5)
    }


def _alert(nurses, centre):
    told = {"alert": an_alert(), "alert-over": an_ended_alert()}
    return {
        name: nurses.claims(
            centre.issuer,
            ALERT,
            body,
            jti=f"msg-{seq + 8:04}",
            seq=seq,
            type="alert.state",
        )
        for seq, (name, body) in enumerate(told.items(), 1)
    }


def _agreement(centre, university):
    content = {
        "name": "Flanders and Latvia on bachelor's degrees (example)",
        "binding": "list",
        "purpose": "general_employment",
        "criteria": None,
        "in_force_from": None,
        "awarded_from": None,
        "titles": [
            {
                "origin": "LV",
                "title": "Bakalaura diploms",
                "language": "lv",
                "title_en": "Bachelor's diploma",
                "qualification": None,
                "framework": "LV-LKI",
                "level": "6",
                "destination": "BE-FL",
                "outcome": "full",
                "profession": None,
                "conditions": None,
                "counterpart": {
                    "title": "Bachelor",
                    "language": "nl",
                    "title_en": None,
                    "qualification": None,
                },
            }
        ],
    }
    parties = [
        {
            "authority": each.issuer,
            "name": f"{each.called} (example)",
            "jurisdiction": each.jurisdiction,
        }
        for each in (centre, university)
    ]
    digest = canonical.digest(
        {
            "agreement": str(AGREEMENT),
            "revision": 1,
            "parties": parties,
            "content": content,
        }
    )
    key = centre.keys[KeyPurpose.EXCHANGE]
    signature = compact(
        {"alg": key.alg, "typ": "agreement-signature+jwt", "kid": key.kid},
        {
            "iss": centre.issuer,
            "iat": 1793610000,
            "agreement": f"{centre.peer.url}/agreements/{AGREEMENT}",
            "revision": 1,
            "digest": digest,
        },
        key,
    )
    return {
        "cause": None,
        "state": "negotiated",
        "parties": parties,
        "revision": 1,
        "revised_by": centre.issuer,
        "revised_at": "2026-11-02T09:00:00Z",
        "proposed_at": "2026-11-02T09:00:00Z",
        "content": content,
        "digest": digest,
        "signatures": {
            centre.issuer: {"token": signature, "signed_at": "2026-11-02T09:00:00Z"}
        },
        "in_force_from": None,
        "withdrawn_by": None,
        "ended_on": None,
    }


def decoded(token):
    """Return the claims of a token as the document shows them."""
    return json.dumps(claims_of(token), indent=2, ensure_ascii=False)


def write():
    """Write all vectors: the tokens, and the keys that the operators hand over."""
    for name, token in made().items():
        (FOLDER / f"{name}.jwt").write_text(token + "\n")
        if not name.startswith("trust-list"):
            (FOLDER / f"{name}.json").write_text(decoded(token) + "\n")
    for authority in installations():
        anchors = {"keys": [authority.peer.operator.public_jwk]}
        at = FOLDER / f"anchors-{authority.peer.name}.json"
        at.write_text(json.dumps(anchors, indent=2) + "\n")


if __name__ == "__main__":
    write()
