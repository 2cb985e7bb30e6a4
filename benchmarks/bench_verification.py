"""What verifying one attestation costs, next to one bare ES256 verification.

Run: .venv/bin/python -m benchmarks.bench_verification
Prints CPU microseconds (the median of many rounds) and the ratio to the reference
that was measured in the same run. The tokens differ, as they do in life.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from benchmarks.rounds import Case, compare
from recognition_service.credentials import (
    base64url,
    sd_jwt,
    sd_jwt_vc,
    token_status_list,
    vc_jwt,
)
from recognition_service.credentials.attestation_claims import (
    AttestationClaims,
    Holder,
    Reasoning,
    SourceQualification,
    Target,
)
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.attestation_sd_jwt import (
    WalletCopy,
    attestation_sd_jwt,
)
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.jwk import public_jwk, public_key
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.document import as_document
from recognition_service.verification.trust import (
    Mandate,
    Mode,
    StatusInput,
    TrustedIssuer,
    TrustSnapshot,
    VerificationInputs,
)
from recognition_service.verification.verify import verify
from recognition_service.web.json_answers import json_bytes

PUBLIC_URL = "https://recognition.example"
ISSUER = f"{PUBLIC_URL}/issuers/be-fl-demo"
STATUS_URI = f"{PUBLIC_URL}/status/tsl/7"
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
TOKENS = 50
ROUNDS = 41
ES256 = ec.ECDSA(SHA256())
SHOWN = [
    ("family_name",),
    ("given_name",),
    *(
        ("recognition", "source", name)
        for name in ("name", "country", "framework", "level", "awarded_by")
    ),
    ("recognition", "decision_digest"),
    ("recognition", "attestation_id"),
]
"""Ten disclosures: these, and that of the source in which five of them lie."""


class MemorySigner:
    """A P-256 key in memory."""

    alg = "ES256"

    def __init__(self) -> None:
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        self.public_jwk = public_jwk(self.private_key.public_key())
        self.kid = f"{ISSUER}#{public_key(self.public_jwk).thumbprint}"

    def sign(self, message: bytes) -> bytes:
        """Return r and s side by side."""
        r, s = decode_dss_signature(self.private_key.sign(message, ES256))
        return r.to_bytes(32) + s.to_bytes(32)


def attestation(number: int) -> AttestationClaims:
    """Return a decision of common size."""
    return AttestationClaims(
        attestation_id=f"0193a1c2-7d1b-7c55-9a51-{number:012x}",
        number=f"ATT-2026-{number:06d}",
        issuer_id=ISSUER,
        issuer_name="Recognition body of the demonstration",
        holder=Holder("Bērziņa", "Ilze", date(1994, 5, 17)),
        decision_id=f"0193a1c2-0000-7c55-9a51-{number:012x}",
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
            evidence_digest=digest({"evidence": number}),
        ),
        target=Target(framework="BE-FL-VKS", level="6", eqf="6"),
        does_not_allow=("regulated_profession",),
        reasoning=Reasoning(
            digest({"edition": 1}),
            None,
            ("agreement_titles/BB:LV:6", "agreement_parties/BB:LV"),
            "1.0.0",
        ),
        decision_digest=digest({"decision": number}),
        mandate=f"{ISSUER}/competence/2026",
        validity_from=date(2026, 11, 2),
        valid_from=datetime(2026, 11, 2, tzinfo=UTC),
    )


def some_inputs(
    signer: MemorySigner, status_signer: MemorySigner
) -> VerificationInputs:
    """Return a trust list of 200 issuers and a status list of a million entries."""

    def key(used: MemorySigner, purpose: KeyPurpose) -> IssuerKey:
        return IssuerKey(used.kid, purpose, used.alg, used.public_jwk, START)

    issuer = TrustedIssuer(
        id=ISSUER,
        registered_name="Recognition body",
        domain="recognition.example",
        country="BE",
        mode=Mode.LIVE,
        trusted_from=START,
        keys=(
            key(signer, KeyPurpose.ATTESTATIONS),
            key(status_signer, KeyPurpose.STATUS),
        ),
        mandates=(
            Mandate(
                "m", f"{ISSUER}/competence/2026", START.date(), ("level_comparability",)
            ),
        ),
    )
    issuers = {f"{ISSUER}-{number}": issuer for number in range(200)} | {ISSUER: issuer}
    claims = token_status_list.status_list_token(
        uri=STATUS_URI,
        issued_at=NOW - timedelta(minutes=5),
        expires_at=NOW + timedelta(hours=19),
        ttl_seconds=600,
        bits=2,
        lst=token_status_list.compress(bytes(1 << 18)),
    )
    token = token_status_list.sign(claims, status_signer)
    return VerificationInputs(
        TrustSnapshot(1, NOW, NOW + timedelta(days=7), issuers),
        {STATUS_URI: StatusInput(STATUS_URI, token, NOW)},
    )


def cases() -> Iterator[Case]:
    """Yield what is measured, the reference first."""
    signer, status_signer = MemorySigner(), MemorySigner()
    inputs = some_inputs(signer, status_signer)
    tokens = [
        vc_jwt.encode(
            attestation_credential(attestation(number), public_url=PUBLIC_URL),
            vc_jwt.CopyClaims(f"copy-{number}", NOW, None, STATUS_URI, number),
            signer,
        )
        for number in range(TOKENS)
    ]
    shown = [wallet_copy(number, signer) for number in range(TOKENS)]
    material = public_key(signer.public_jwk).material
    assert isinstance(material, ec.EllipticCurvePublicKey)  # noqa: S101  (for mypy)
    bare = [bare_signature(token) for token in tokens]
    oracle = jwt.PyJWK.from_dict(signer.public_jwk | {"alg": "ES256"})
    credential = attestation_credential(attestation(0), public_url=PUBLIC_URL)
    copy = vc_jwt.CopyClaims("copy", NOW, None, STATUS_URI, 0)

    def reference(number: int) -> object:
        signature, message = bare[number]
        return material.verify(signature, message, ES256)

    def verification(token: bytes | str) -> object:
        report = verify(token, inputs, at=NOW, checked_at=NOW)
        if report.verdict.value != "valid":
            raise SystemExit(report.code)
        return report

    yield "one ES256 verification", reference
    yield "verify()", lambda number: verification(tokens[number])
    yield (
        "verify() of 10 disclosures",
        lambda number: verification(shown[number]),
    )
    yield (
        "verify() and the JSON document",
        lambda number: json_bytes(
            as_document(verify(tokens[number], inputs, at=NOW, checked_at=NOW))
        ),
    )
    yield (
        "verify() of a forged token",
        lambda number: verify(
            tokens[number][:-8] + "AAAAAAAA", inputs, at=NOW, checked_at=NOW
        ),
    )
    yield (
        "PyJWT, signature only",
        lambda number: jwt.api_jws.decode(tokens[number], oracle, algorithms=["ES256"]),
    )
    yield (
        "one ES256 signature",
        lambda number: signer.private_key.sign(bare[number][1], ES256),
    )
    yield "encode() a vc+jwt", lambda _: vc_jwt.encode(credential, copy, signer)
    yield (
        "attestation_credential()",
        lambda number: attestation_credential(
            attestation(number), public_url=PUBLIC_URL
        ),
    )


def wallet_copy(number: int, signer: MemorySigner) -> bytes:
    """Return a wallet's copy of an attestation with ten of its disclosures."""
    copy = vc_jwt.CopyClaims(f"copy-{number}", NOW, None, STATUS_URI, number)
    secured = attestation_sd_jwt(
        attestation(number), WalletCopy(copy, "BE"), public_url=PUBLIC_URL
    )
    decoded = sd_jwt_vc.decode(sd_jwt_vc.encode(secured, signer))
    return sd_jwt.select(decoded.presentation, decoded.places, SHOWN).without_proof()


def bare_signature(token: str) -> tuple[bytes, bytes]:
    """Return a token's signature in DER and the message it signs."""
    message, _, segment = token.encode().rpartition(b".")
    raw = base64url.decode(segment)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    return encode_dss_signature(r, s), message


def main() -> None:
    """Measure and print."""
    compare(list(cases()), rounds=ROUNDS, calls=TOKENS)


if __name__ == "__main__":
    main()
