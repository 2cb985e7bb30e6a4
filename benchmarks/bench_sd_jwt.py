"""Issuing and reading an SD-JWT VC, beside one ES256 signature and another library.

Run: .venv/bin/python -m benchmarks.bench_sd_jwt
Prints CPU microseconds (the median of many rounds) and the ratio to one signature of
the same round.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from benchmarks.bench_verification import (
    ES256,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    attestation,
)
from benchmarks.rounds import Case, compare
from recognition_service.credentials import disclosed_attestation, jws, sd_jwt_vc
from recognition_service.credentials.attestation_sd_jwt import (
    WalletCopy,
    attestation_sd_jwt,
)
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.vc_jwt import CopyClaims

ROUNDS = 9
CALLS = 400
DISCLOSURES = 10


def plain_claims() -> dict[str, Any]:
    """Return claims of which `DISCLOSURES` members are disclosable."""
    visible = {
        "iss": f"{PUBLIC_URL}/issuers/be-fl-demo",
        "iat": 1793610003,
        "vct": f"{PUBLIC_URL}/vct/recognition/1",
        "status": {"status_list": {"idx": 48213, "uri": STATUS_URI}},
        "outcome": "automatic",
        "text": "What the decision means in law. " * 40,
    }
    return visible | {f"member_{n}": f"Valeur numéro {n}" for n in range(DISCLOSURES)}


def cases() -> Iterator[Case]:
    """Yield what is measured, the signature first."""
    signer = MemorySigner()
    key = public_key(signer.public_jwk)
    copy = CopyClaims("copy", datetime(2026, 11, 2, tzinfo=UTC), None, STATUS_URI, 7)
    wallet = WalletCopy(copy, "BE", MemorySigner().public_jwk)
    claims = attestation(0)
    plain = plain_claims()
    paths = frozenset((f"member_{n}",) for n in range(DISCLOSURES))
    oracle_key = JWK.generate(kty="EC", crv="P-256")
    oracle_claims = {
        SDObj(name) if (name,) in paths else name: value
        for name, value in plain.items()
    }
    ten = sd_jwt_vc.encode(sd_jwt_vc.secure(plain, paths), signer)
    issued = sd_jwt_vc.encode(
        attestation_sd_jwt(claims, wallet, public_url=PUBLIC_URL), signer
    )
    oracle_token = SDJWTIssuer(oracle_claims, oracle_key).sd_jwt_issuance
    message = sd_jwt_vc.decode(ten).jws.signing_input

    def read(token: str) -> object:
        decoded = sd_jwt_vc.decode(token)
        if not jws.verify_signature(decoded.jws, key):
            raise SystemExit("the signature is bad")
        return decoded

    def judge(token: str) -> object:
        decoded = sd_jwt_vc.decode(token)
        fault = disclosed_attestation.first_fault(decoded.payload, decoded.places)
        if fault is not None or not jws.verify_signature(decoded.jws, key):
            raise SystemExit(fault)
        return decoded

    yield "one ES256 signature", lambda _: signer.private_key.sign(message, ES256)
    yield (
        "issue, 10 disclosures",
        lambda _: sd_jwt_vc.encode(sd_jwt_vc.secure(plain, paths), signer),
    )
    yield (
        "issue an attestation, 18 of 19",
        lambda _: sd_jwt_vc.encode(
            attestation_sd_jwt(claims, wallet, public_url=PUBLIC_URL), signer
        ),
    )
    yield (
        "the attestation without signing",
        lambda _: attestation_sd_jwt(claims, wallet, public_url=PUBLIC_URL),
    )
    yield (
        "sd-jwt, issue, 10 disclosures",
        lambda _: SDJWTIssuer(oracle_claims, oracle_key).sd_jwt_issuance,
    )
    yield "19 SHA-256 alone", lambda _: [hashlib.sha256(b"x" * 90) for _ in range(19)]
    yield "read and verify, 10 disclosures", lambda _: read(ten)
    yield "read and verify an attestation", lambda _: read(issued)
    yield "and judge its shape", lambda _: judge(issued)
    yield (
        "sd-jwt, read and verify, 10",
        lambda _: SDJWTVerifier(
            oracle_token, lambda *_: oracle_key
        ).get_verified_payload(),
    )


def main() -> None:
    """Measure and print."""
    compare(list(cases()), rounds=ROUNDS, calls=CALLS)


if __name__ == "__main__":
    main()
