"""A signer in memory, and an attestation that says everything it can."""

from dataclasses import replace
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from recognition_service.credentials import base64url
from recognition_service.credentials.attestation_claims import (
    AttestationClaims,
    Clause,
    Holder,
    JointAward,
    Reasoning,
    Remedy,
    SourceQualification,
    Target,
)
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.jwk import public_jwk, public_key
from recognition_service.credentials.vc_jwt import CopyClaims

PUBLIC_URL = "https://recognition.example"
ISSUER = f"{PUBLIC_URL}/issuers/be-fl-demo"
STATUS_URI = f"{PUBLIC_URL}/status/tsl/7"
ISSUED_AT = datetime(2026, 11, 2, 9, 0, 3, tzinfo=UTC)


class MemorySigner:
    """A private key in memory, made for one test run."""

    def __init__(self, alg="ES256", issuer=ISSUER):
        self.alg = alg
        if alg == "ES256":
            self.private_key = ec.generate_private_key(ec.SECP256R1())
        else:
            self.private_key = ed25519.Ed25519PrivateKey.generate()
        self.public_jwk = public_jwk(self.private_key.public_key())
        self.kid = f"{issuer}#{public_key(self.public_jwk).thumbprint}"

    def sign(self, message):
        if self.alg != "ES256":
            return self.private_key.sign(message)
        r, s = decode_dss_signature(self.sign_der(message))
        return r.to_bytes(32) + s.to_bytes(32)

    def sign_der(self, message):
        return self.private_key.sign(message, ec.ECDSA(SHA256()))


def private_jwk(signer):
    """Return the private key of a signer in memory, as a JWK."""
    if signer.alg == "ES256":
        scalar = signer.private_key.private_numbers().private_value.to_bytes(32)
    else:
        scalar = signer.private_key.private_bytes_raw()
    return signer.public_jwk | {"d": base64url.encode_text(scalar)}


def some_claims(**changes):
    """Return what a treaty decision on a Latvian bachelor degree says."""
    claims = AttestationClaims(
        attestation_id="0193a1c2-7d1b-7c55-9a51-0d6f2a7e9c11",
        number="ATT-2026-000917",
        issuer_id=ISSUER,
        issuer_name="Recognition body of the demonstration",
        holder=Holder(
            family_name="Bērziņa",
            given_name="Ilze",
            birth_date=date(1994, 5, 17),
        ),
        decision_id="0193a1c2-0000-7c55-9a51-0d6f2a7e9c12",
        decision_kind="level_comparability",
        outcome="automatic",
        purpose="general_employment",
        regime="benelux-baltic",
        legal_basis=("benelux-baltic-2024",),
        legal_force={
            "en": "States the level; gives no access to a regulated profession.",
            "nl": "Stelt het niveau vast; geeft geen toegang tot een beroep.",
        },
        decision_date=date(2026, 11, 2),
        jurisdictions=("BE-FL",),
        source=SourceQualification(
            title="Bakalaura diploms",
            origin="LV",
            framework="LV-LKI",
            level="6",
            awarded_on=date(2019, 6, 28),
            awarded_by="Latvijas Universitāte",
            authenticity="confirmed_by_issuer",
            evidence_digest=digest({"evidence": 1}),
        ),
        target=Target(framework="BE-FL-VKS", level="6", eqf="6"),
        does_not_allow=("regulated_profession",),
        reasoning=Reasoning(
            edition_base=digest({"edition": 1}),
            edition_overlay=None,
            rows=(
                "agreement_titles/BENELUX-BALTIC:LV:6",
                "agreement_parties/BENELUX-BALTIC:LV",
            ),
            engine="1.0.0",
        ),
        decision_digest=digest({"decision": 1}),
        mandate=f"{ISSUER}/competence/2026",
        validity_from=date(2026, 11, 2),
        valid_from=datetime(2026, 11, 2, tzinfo=UTC),
    )
    return replace(claims, **changes)


def all_claims():
    """Return claims that use every member there is."""
    return some_claims(
        holder=Holder("Haddad", "Amina", date(1990, 4, 2), "أمينة حداد"),
        decision_kind="professional_access",
        outcome="conditional",
        purpose="regulated_profession",
        target=Target("Sage-femme", "BE-FR-CFC", "6", "6", "midwife", "0913"),
        limitations=(Clause("supervised_practice_only", {"fr": "Sous contrôle."}),),
        conditions=(Clause("register_with_order", until=date(2027, 5, 1)),),
        compensation_measures=(Clause("adaptation_period", {"en": "…"}, None, 6),),
        remedy=Remedy("Conseil d'État", "action for annulment", 60, "written"),
        validity_until=date(2036, 11, 2),
        valid_until=datetime(2036, 11, 2, 22, 59, 59, tzinfo=UTC),
        reasoning=Reasoning(
            digest({"edition": 1}), digest({"overlay": 1}), ("a/b",), "1.0.0"
        ),
        joint=a_joint_award(),
        agreement=f"{PUBLIC_URL}/agreements/0193a1c2-7b1e-7c55-9a51-0d6f2a7e9c11",
    )


def a_joint_award(role="A", **changes):
    """Return what marks one of two credentials that count together."""
    joint = JointAward(
        group="7c9e6679-7425-40de-944b-e07fc1f90ae7",
        required=(ISSUER, f"{PUBLIC_URL}/issuers/ma-demo"),
        role=role,
        subject=digest({"person": 1}),
    )
    return replace(joint, **changes)


def a_copy(**changes):
    """Return the claims of one copy of it."""
    copy = CopyClaims(
        jti="3q2-7w8Zc1mD0fX4gR5tHk",
        issued_at=ISSUED_AT,
        expires_at=None,
        status_uri=STATUS_URI,
        status_index=48213,
    )
    return replace(copy, **changes)
