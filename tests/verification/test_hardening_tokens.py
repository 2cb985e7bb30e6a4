"""Attacks on tokens, by the number of the case."""

import hashlib
import hmac
import json
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from recognition_service.credentials import base64url, token_status_list, vc_jwt
from recognition_service.verification.document import as_document
from tests.credentials.builders import (
    ISSUER,
    MemorySigner,
)
from tests.verification.world import (
    ATTESTATION_KEY,
    GOOD,
    NOW,
    OTHER_ISSUER,
    OTHER_KEY,
    STATUS_KEY,
    a_payload,
    a_status,
    a_token,
    an_issuer,
    answer,
    check,
    inputs,
    issuer_key,
    never_valid,
    signed,
    status_claims,
)

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HEADER = {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": ATTESTATION_KEY.kid}


def token_of(header, payload, signature=b"\0" * 64):
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64url.encode_text(part) for part in parts)


def resigned(signature):
    head, _, _ = GOOD.rpartition(".")
    return f"{head}.{base64url.encode_text(signature)}"


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "", None, 0, [], {}, ["ES256"], "es256"]
)
def test_case_01_no_algorithm(alg):
    for header in (HEADER | {"alg": alg}, HEADER | {"alg": "none", "kid": "x"}):
        for signature in (b"", b"\0" * 64):
            token = token_of(header, a_payload(), signature)
            assert answer(token) == ("not_genuine", "alg_not_allowed")
            told = as_document(check(token))["checks"][1]
            assert (told["detail"], told["params"]) == (None, {})
    without = {name: value for name, value in HEADER.items() if name != "alg"}
    token = token_of(without, a_payload(), b"")
    assert answer(token) == ("not_genuine", "alg_not_allowed")


def test_case_02_our_public_key_as_a_shared_secret():
    public = ATTESTATION_KEY.private_key.public_key()
    secrets = (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(ATTESTATION_KEY.public_jwk).encode(),
    )
    for secret in secrets:
        unsigned = token_of(HEADER | {"alg": "HS256"}, a_payload(), b"")
        message, _, _ = unsigned.rpartition(".")
        mac = hmac.digest(secret, message.encode(), hashlib.sha256)
        token = f"{message}.{base64url.encode_text(mac)}"
        assert answer(token) == ("not_genuine", "alg_not_allowed")


def test_case_03_a_key_of_another_type_or_curve():
    ed25519 = MemorySigner("EdDSA")
    issuer = an_issuer(keys=(*an_issuer().keys, issuer_key(ed25519)))
    token = signed(a_payload(), ed25519, alg="ES256")
    assert answer(token, inputs(issuer)) == ("not_genuine", "alg_not_of_key")
    token = signed(a_payload(), ATTESTATION_KEY, alg="EdDSA")
    assert answer(token) == ("not_genuine", "alg_not_of_key")
    message, _, _ = GOOD.rpartition(".")
    p384 = ec.generate_private_key(ec.SECP384R1())
    r, s = decode_dss_signature(p384.sign(message.encode(), ec.ECDSA(SHA256())))
    assert answer(resigned(r.to_bytes(48) + s.to_bytes(48))) == (
        "not_genuine",
        "bad_signature",
    )
    numbers = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    jwk = {
        "kty": "RSA",
        "n": base64url.encode_text(numbers.n.to_bytes(256)),
        "e": "AQAB",
    }
    key = replace(issuer_key(ATTESTATION_KEY), public_jwk=jwk)
    assert answer(GOOD, inputs(an_issuer(keys=(key,)))) == (
        "cannot_confirm",
        "key_unusable",
    )


@pytest.mark.parametrize(
    ("kid", "code"),
    [
        ("../../etc/passwd", "key_not_of_issuer"),
        ("' OR 1=1 --", "key_not_of_issuer"),
        (f"{ISSUER}", "key_not_of_issuer"),
        (f"{ISSUER}#", "key_not_of_issuer"),
        (f"{ISSUER}/#x", "key_not_of_issuer"),
        (f"{ISSUER.upper()}#x", "key_not_of_issuer"),
        (f"{ISSUER}#' OR 1=1 --", "key_unknown"),
        (f"{ISSUER}#../../etc/passwd", "key_unknown"),
        (ATTESTATION_KEY.kid + "\n", "key_unknown"),
        (ATTESTATION_KEY.kid + "#x", "key_unknown"),
        (ATTESTATION_KEY.kid.upper(), "key_not_of_issuer"),
        (f"{ISSUER}#{'a' * 2000}", "key_unknown"),
        ("", "key_unknown"),
        (None, "key_unknown"),
        (5, "key_unknown"),
        ([ATTESTATION_KEY.kid], "key_unknown"),
        ("a" * 1_000_000, "too_large"),
    ],
    ids=[f"kid{number}" for number in range(17)],
)
def test_case_04_injected_key_names(kid, code):
    token = signed(a_payload(), kid=kid)
    assert answer(token) == ("not_genuine", code)


def test_case_05_keys_brought_along_are_never_used():
    attacker = MemorySigner()
    header = {
        "jku": "https://attacker.example/jwks.json",
        "x5u": "https://attacker.example/chain.pem",
        "jwk": attacker.public_jwk,
    }
    for name, value in header.items():
        token = signed(a_payload(), attacker, kid=ATTESTATION_KEY.kid, **{name: value})
        assert answer(token) == ("not_genuine", "header_not_allowed")
        assert never_valid(signed(a_payload(), **{name: value}))
    token = signed(a_payload(), attacker, kid=ATTESTATION_KEY.kid, x5c=["MIIB"])
    assert answer(token) == ("not_genuine", "bad_signature")
    assert answer(signed(a_payload(), x5c=["MIIB"])) == ("valid", "valid")


def test_case_05_the_guard_against_connections_works():
    with socket.socket() as unconnected, pytest.raises(AssertionError):
        unconnected.connect(("127.0.0.1", 9))
    with pytest.raises(AssertionError):
        socket.getaddrinfo("attacker.example", 443)


@pytest.mark.parametrize(
    "header",
    [
        {"crit": ["b64"], "b64": False},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"b64": False},
        {"b64": True},
        {"zip": "DEF"},
    ],
    ids=str,
)
def test_case_06_extensions_that_we_do_not_know(header):
    assert answer(signed(a_payload(), **header)) == (
        "not_genuine",
        "header_not_allowed",
    )


@pytest.mark.parametrize(
    "typ", ["at+jwt", "JWT", "VC+JWT", "statuslist+jwt", "vc+sd-jwt", "", None, 1, []]
)
def test_case_07_tokens_of_another_type(typ):
    assert answer(signed(a_payload(), typ=typ)) == ("not_genuine", "wrong_type")
    assert answer(signed(a_payload(), cty="vp")) == ("not_genuine", "wrong_type")
    assert answer(signed(a_payload(), cty=None)) == ("valid", "valid")


def test_case_07_a_status_list_is_no_attestation_nor_the_other_way():
    status = token_status_list.sign(status_claims(), STATUS_KEY)
    assert answer(status) == ("not_genuine", "wrong_type")
    assert answer(signed(a_payload(), STATUS_KEY)) == (
        "not_genuine",
        "key_wrong_purpose",
    )
    for token, code in (
        (GOOD, "status_key_unknown"),
        (signed(status_claims(), STATUS_KEY), "status_malformed"),
        (signed(status_claims(), typ="statuslist+jwt", cty=None), "status_key_unknown"),
    ):
        assert answer(GOOD, inputs(status=a_status(token=token))) == (
            "cannot_confirm",
            code,
        )


def seconds(offset):
    return int(NOW.timestamp()) + offset


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"exp": seconds(0)}, ("valid", "valid")),
        ({"exp": seconds(-59)}, ("valid", "valid")),
        ({"exp": seconds(-60)}, ("cannot_confirm", "copy_expired")),
        ({"exp": 0}, ("cannot_confirm", "copy_expired")),
        ({"nbf": seconds(60)}, ("valid", "valid")),
        ({"nbf": seconds(61)}, ("not_valid", "not_yet_valid")),
        ({"iat": seconds(60)}, ("valid", "valid")),
        ({"iat": seconds(61)}, ("not_valid", "issued_in_future")),
        ({"iat": 4_070_908_800}, ("not_valid", "issued_in_future")),
        ({"exp": "2030-01-01"}, ("not_genuine", "malformed_claims")),
        ({"exp": "1e400"}, ("not_genuine", "malformed_claims")),
        ({"exp": -1}, ("not_genuine", "malformed_claims")),
        ({"exp": None}, ("not_genuine", "malformed_claims")),
        ({"exp": True}, ("not_genuine", "malformed_claims")),
        ({"exp": 1.5}, ("not_genuine", "malformed_claims")),
        ({"exp": 10**15}, ("not_genuine", "malformed_claims")),
        ({"exp": [seconds(5)]}, ("not_genuine", "malformed_claims")),
        ({"nbf": "now"}, ("not_genuine", "malformed_claims")),
        ({"iat": "now"}, ("not_genuine", "malformed_claims")),
        ({"iat": None}, ("not_genuine", "malformed_claims")),
        ({"jti": None}, ("not_genuine", "malformed_claims")),
        ({"jti": ""}, ("not_genuine", "malformed_claims")),
    ],
    ids=str,
)
def test_case_08_dates_of_the_token(claims, expected):
    assert answer(signed(a_payload(**claims))) == expected


@pytest.mark.parametrize(
    "literal", ["NaN", "Infinity", "-Infinity", "1e400", "1" * 400]
)
def test_case_08_dates_that_are_no_numbers(literal):
    text = json.dumps(a_payload(exp=0)).replace('"exp": 0', f'"exp": {literal}')
    assert answer(signed(text.encode())) == ("not_genuine", "malformed_token")


def test_case_09_deformed_signatures():
    raw = base64url.decode(GOOD.rpartition(".")[2])
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    zero, order = b"\0" * 32, P256_ORDER.to_bytes(32)
    for signature in (
        encode_dss_signature(r, s),
        zero + zero,
        raw[:32] + zero,
        zero + raw[32:],
        raw[:32] + order,
        order + raw[32:],
        order + order,
        b"\xff" * 64,
        raw[:63],
        raw[:32],
        raw + b"\0",
        b"\0" + raw,
        b"",
    ):
        assert answer(resigned(signature)) == ("not_genuine", "bad_signature")


def test_case_09_a_mirrored_signature_is_the_same_copy():
    raw = base64url.decode(GOOD.rpartition(".")[2])
    mirrored = resigned(raw[:32] + (P256_ORDER - int.from_bytes(raw[32:])).to_bytes(32))
    assert mirrored != GOOD
    assert answer(mirrored) == ("valid", "valid")
    assert check(mirrored) == check(GOOD)
    first, second = (vc_jwt.decode(token).payload["jti"] for token in (GOOD, mirrored))
    assert first == second


def deformations():
    header, payload, signature = GOOD.split(".")
    body = json.dumps(a_payload())
    twice = body[:-1] + ', "issuer": "https://attacker.example"}'
    return {
        "duplicate member": signed(twice.encode()),
        "duplicate by escape": signed(
            (body[:-1] + ', "i\\u0073suer": "https://attacker.example"}').encode()
        ),
        "trailing data": signed(body.encode() + b"{}"),
        "byte order mark in the payload": signed(b"\xef\xbb\xbf" + body.encode()),
        "byte order mark before the token": "\ufeff" + GOOD,
        "NUL in a name": signed(a_payload(note="\0")),
        "NUL in the token": GOOD[:50] + "\0" + GOOD[50:],
        "lone surrogate": signed(a_payload(note="\ud800")),
        "not UTF-8": signed(body.encode()[:-1] + b',"x":"\xff"}'),
        "too deep": signed(
            (body[:-1] + ',"x":' + "[" * 200 + "]" * 200 + "}").encode()
        ),
        "far too deep": signed(b"[" * 40_000),
        "no object": signed(b"[]"),
        "padding": f"{header}.{payload}.{signature}==",
        "white space inside": f"{header}. {payload}.{signature}",
        "line feed inside": f"{header}.{payload}\n.{signature}",
        "standard alphabet": f"{header}.{payload}+/.{signature}",
        "four parts": GOOD + ".e30",
        "two parts": f"{header}.{payload}",
        "empty": "",
        "JSON serialisation": json.dumps(
            {"payload": payload, "protected": header, "signature": signature}
        ),
        "binary": b"\x80\x04\x95",
    }


@pytest.mark.parametrize("name", deformations())
def test_case_10_malformed_tokens(name):
    verdict, code = answer(deformations()[name])
    assert verdict == "not_genuine"
    assert code in {"malformed_token", "not_a_credential"}


def test_case_10_non_canonical_base64():
    last = GOOD[-1]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = alphabet[alphabet.index(last) + 1]  # The same bytes to a lax decoder.
    assert answer(GOOD[:-1] + twin) == ("not_genuine", "malformed_token")


def test_case_12_the_key_of_another_tenant():
    theirs = signed(a_payload(), OTHER_KEY)
    assert answer(theirs) == ("not_genuine", "key_not_of_issuer")
    under_our_name = signed(a_payload(), OTHER_KEY, kid=ATTESTATION_KEY.kid)
    assert answer(under_our_name) == ("not_genuine", "bad_signature")
    swapped = a_payload(issuer={"id": OTHER_ISSUER, "name": "x"})
    assert answer(signed(swapped)) == ("not_genuine", "key_not_of_issuer")
    assert answer(signed(swapped, OTHER_KEY)) == (
        "cannot_confirm",
        "status_key_unknown",
    )


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": OTHER_ISSUER},
        {"iss": None},
        {"vc": {}},
        {"vp": {}},
        {"sub": "urn:someone-else"},
    ],
    ids=str,
)
def test_case_12_claims_that_contradict_the_credential(claims):
    assert answer(signed(a_payload(**claims))) == ("not_genuine", "claims_conflict")


@pytest.mark.parametrize("issuer", [None, 5, [], {}, {"id": 5}, [ISSUER]], ids=str)
def test_case_12_no_issuer(issuer):
    assert answer(signed(a_payload(issuer=issuer))) == (
        "not_genuine",
        "not_a_credential",
    )


def with_key(**dates):
    key = issuer_key(ATTESTATION_KEY, **dates)
    return inputs(an_issuer(keys=(key, an_issuer().keys[1])))


def test_case_13_retired_and_compromised_keys():
    signed_at = NOW - timedelta(days=19)
    token = a_token(issued_at=signed_at)
    before, after = signed_at - timedelta(days=1), signed_at + timedelta(days=1)
    assert answer(token, with_key(retired_at=after)) == ("valid", "valid")
    assert answer(token, with_key(retired_at=signed_at)) == ("valid", "valid")
    assert answer(token, with_key(retired_at=before)) == (
        "not_valid",
        "signed_after_retirement",
    )
    for compromised_at in (before, signed_at):
        assert answer(token, with_key(compromised_at=compromised_at)) == (
            "not_valid",
            "signed_after_compromise",
        )
    assert answer(token, with_key(compromised_at=after)) == (
        "cannot_confirm",
        "key_compromised_later",
    )
    assert answer(token, with_key(valid_from=after)) == (
        "not_valid",
        "signed_before_key_period",
    )
    forged = token[:-8] + "AAAAAAAA"
    assert answer(forged, with_key(compromised_at=after)) == (
        "not_genuine",
        "bad_signature",
    )


def test_case_14_an_issuer_that_lost_its_trust():
    removed = inputs(an_issuer(id=OTHER_ISSUER))
    assert answer(GOOD, removed) == ("cannot_confirm", "issuer_unknown")
    ended = inputs(an_issuer(trusted_until=NOW - timedelta(days=1)))
    report = check(GOOD, ended)
    assert (report.verdict, report.code) == (
        "cannot_confirm",
        "issuer_no_longer_trusted",
    )
    (known,) = [entry for entry in report.checks if entry.id == "issuer_known"]
    assert known.params == {"trusted_until": "2026-11-20T10:00:00Z"}
    assert answer(GOOD, ended, at=NOW - timedelta(days=2)) == ("valid", "valid")
    later = a_token(issued_at=NOW - timedelta(hours=1))
    assert answer(later, ended, at=NOW - timedelta(days=2))[1] == (
        "issuer_no_longer_trusted"
    )
    since = inputs(an_issuer(trusted_from=NOW - timedelta(days=1)))
    assert answer(GOOD, since) == ("cannot_confirm", "issuer_not_trusted_at_issue")
