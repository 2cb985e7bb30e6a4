"""jose and @sd-jwt for Node judge our tokens, and we judge theirs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from recognition_service.credentials import (
    jws,
    key_binding,
    sd_jwt,
    sd_jwt_vc,
    token_status_list,
    vc_jwt,
)
from recognition_service.credentials.errors import MalformedTokenError
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signature_report import signature_report
from recognition_service.credentials.type_metadata import type_metadata
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    a_copy,
    private_jwk,
)
from tests.credentials.sd_jwt_builders import VCT
from tests.interop.tokens import (
    NOW,
    a_vc_jwt,
    an_sd_jwt,
    changed,
    read,
    with_other_disclosures,
)

AUD, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
INSTANT = datetime.fromtimestamp(NOW, UTC)
every_algorithm = pytest.mark.parametrize("alg", ["ES256", "EdDSA"])


def a_status_list(signer, values=(0,) * 64):
    return token_status_list.sign(
        token_status_list.status_list_token(
            uri=STATUS_URI,
            issued_at=INSTANT,
            expires_at=INSTANT + timedelta(days=1),
            ttl_seconds=600,
            bits=2,
            lst=token_status_list.compress(token_status_list.pack(values)),
        ),
        signer,
    )


def for_jose(token, signer, typ):
    return {
        "work": "verifyWithJose",
        "token": token,
        "jwk": dict(signer.public_jwk),
        "alg": signer.alg,
        "typ": typ,
        "now": NOW,
    }


def for_sd_jwt(token, signer, status=(0,) * 64, **changes):
    return {
        "work": "verifyWithSDJWT",
        "token": token,
        "jwk": dict(signer.public_jwk),
        "alg": signer.alg,
        "now": NOW,
        "statusList": a_status_list(signer, status),
    } | changes


def a_token(signer, **changes):
    return an_sd_jwt(signer, copy=a_copy(status_index=7), **changes)


@every_algorithm
@pytest.mark.parametrize(
    ("make", "typ"), [(a_vc_jwt, "vc+jwt"), (an_sd_jwt, "dc+sd-jwt")]
)
def test_jose_accepts_our_tokens_and_refuses_changed_ones(judge, make, typ, alg):
    signer = MemorySigner(alg)
    token = make(signer)
    bad = [for_jose(forged, signer, typ) for forged in changed(token)]
    bad.append(for_jose(token, MemorySigner(alg), typ))
    bad.append(for_jose(token, signer, "at+jwt"))
    good, *refused = judge(for_jose(token, signer, typ), *bad)
    signed = jws.split(token.partition("~")[0].encode())
    assert good == {"result": json.loads(signed.payload)}
    assert len(refused) == 6
    assert all("error" in answer for answer in refused), refused


@every_algorithm
def test_sd_jwt_reads_the_same_claims_as_we_do(judge, alg):
    signer = MemorySigner(alg)
    whole = sd_jwt_vc.decode(a_token(signer))
    tokens = [a_token(signer), a_token(signer).partition("~")[0] + "~"]
    for wanted in (
        [("family_name",)],
        [("recognition", "source", "country"), ("recognition", "decision_digest")],
    ):
        chosen = sd_jwt.select(whole.presentation, whole.places, wanted)
        tokens.append(chosen.without_proof().decode())
    answers = judge(*(for_sd_jwt(token, signer) for token in tokens))
    assert answers == [{"result": dict(read(token))} for token in tokens]


@every_algorithm
def test_sd_jwt_refuses_what_was_changed(judge, alg):
    signer = MemorySigner(alg)
    token = a_token(signer)
    bad = [*changed(token), *with_other_disclosures(token)]
    answers = judge(
        *(for_sd_jwt(forged, signer) for forged in bad),
        for_sd_jwt(token, MemorySigner(alg)),
        for_sd_jwt(token, signer, now=NOW - 3600),
    )
    *others, forged, added, twice, foreign, early = answers
    for answer in (*others, foreign, early):
        assert "error" in answer, answer
    # Disclosures that nothing refers to, or given twice, are let through: they tell
    # it nothing false, and we refuse them all the same.
    for answer in (forged, added, twice):
        assert "Forged" not in str(answer)
    for refused in with_other_disclosures(token):
        with pytest.raises(MalformedTokenError):
            sd_jwt_vc.decode(refused)


def test_sd_jwt_sees_that_a_copy_was_revoked(judge):
    signer = MemorySigner()
    token = a_token(signer)
    for value, message in ((1, "Status is not valid"), (2, "Status is not valid")):
        status = tuple(value if index == 7 else 0 for index in range(64))
        (answer,) = judge(for_sd_jwt(token, signer, status))
        assert message in answer["error"]


def test_sd_jwt_understands_the_type_and_its_integrity(judge):
    signer = MemorySigner()
    token = a_token(signer)
    text = type_metadata(PUBLIC_URL).decode()
    good, bad = judge(
        for_sd_jwt(token, signer, typeMetadata=text),
        for_sd_jwt(token, signer, typeMetadata=text + " "),
    )
    assert good == {"result": dict(read(token))}
    assert "integrity" in bad["error"]


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_sd_jwt_accepts_the_proof_of_our_holder(judge, alg):
    signer, holder, thief = MemorySigner(), MemorySigner(alg), MemorySigner(alg)
    whole = sd_jwt_vc.decode(a_token(signer, holder_jwk=holder.public_jwk))
    chosen = sd_jwt.select(whole.presentation, whole.places, [("given_name",)])

    def bound(by):
        return key_binding.bind(chosen, by, aud=AUD, nonce=NONCE, now=INSTANT)

    good, stolen, replayed = judge(
        for_sd_jwt(bound(holder), signer, nonce=NONCE),
        for_sd_jwt(bound(thief), signer, nonce=NONCE),
        for_sd_jwt(bound(holder), signer, nonce="another"),
    )
    assert good == {"result": dict(read(bound(holder)))}
    assert "error" in stolen
    assert "error" in replayed


@every_algorithm
def test_we_accept_what_jose_signs(judge, alg):
    signer = MemorySigner(alg)
    claims = {"issuer": ISSUER, "validFrom": "2026-11-02T00:00:00Z", "name": "Bērziņa"}
    (answer,) = judge(
        {
            "work": "signWithJose",
            "claims": claims,
            "jwk": private_jwk(signer),
            "alg": alg,
            "typ": "vc+jwt",
            "kid": signer.kid,
        }
    )
    token = answer["result"]
    key = public_key(signer.public_jwk)
    assert vc_jwt.decode(token).payload == claims
    report = signature_report(token.encode(), lambda *_: key, now=INSTANT)
    assert (report.fault, report.format) == (None, "vc+jwt")
    for forged in changed(token):
        assert signature_report(forged.encode(), lambda *_: key, now=INSTANT).fault


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_we_accept_what_sd_jwt_issues_presents_and_proves(judge, alg):
    signer, holder = MemorySigner(alg), MemorySigner()
    claims = {
        "iss": ISSUER,
        "iat": NOW,
        "vct": VCT,
        "cnf": {"jwk": dict(holder.public_jwk)},
        "family_name": "Bērziņa",
        "degrees": ["Bachelor", "Master"],
        "address": {"city": "Rīga", "country": "LV"},
    }
    frame = {
        "_sd": ["family_name", "address"],
        "_sd_decoy": 2,
        "degrees": {"_sd": [0, 1]},
        "address": {"_sd": ["city", "country"]},
    }
    base = {
        "work": "signWithSDJWT",
        "claims": claims,
        "frame": frame,
        "jwk": private_jwk(signer),
        "alg": alg,
    }
    proof = {"iat": NOW, "aud": AUD, "nonce": NONCE}
    show = {"address": {"city": True}, "degrees": {"1": True}}
    issued, shown = judge(
        base, base | {"show": show, "holder": private_jwk(holder), "proof": proof}
    )
    key = public_key(signer.public_jwk)
    whole = sd_jwt_vc.decode(issued["result"])
    assert jws.verify_signature(whole.jws, key)
    assert whole.payload == claims
    part = sd_jwt_vc.decode(shown["result"])
    assert jws.verify_signature(part.jws, key)
    assert part.payload["address"] == {"city": "Rīga"}
    assert part.payload["degrees"] == ["Master"]
    assert "family_name" not in part.payload
    asked = {"aud": AUD, "nonce": NONCE, "now": INSTANT}
    assert key_binding.first_fault(part.presentation, part.payload, **asked) is None
