"""A wallet's copy answers like the other copy, as far as its holder discloses."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from recognition_service.credentials import sd_jwt, sd_jwt_vc
from recognition_service.verification.document import as_document
from recognition_service.verification.report import CheckOutcome
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    MemorySigner,
    a_copy,
    all_claims,
    some_claims,
)
from tests.credentials.sd_jwt_builders import a_disclosure, a_wallet, a_wallet_token
from tests.verification.world import (
    ATTESTATION_KEY,
    GOOD,
    NOW,
    OTHER_ISSUER,
    OTHER_KEY,
    a_mandate,
    a_status,
    an_issuer,
    answer,
    check,
    inputs,
    status_claims,
)

WHOLE = a_wallet_token(ATTESTATION_KEY)


def disclosing(*paths, token=WHOLE):
    """Present a token with some of its disclosures only."""
    decoded = sd_jwt_vc.decode(token)
    chosen = sd_jwt.select(decoded.presentation, decoded.places, paths)
    return chosen.without_proof().decode()


def altered(**changes):
    """Sign the claims of a good token again, some of them changed."""
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload) | changes
    payload = {name: value for name, value in payload.items() if value is not None}
    return signed(payload)


def signed(payload, signer=ATTESTATION_KEY, disclosures=None, **header):
    members = {"alg": signer.alg, "typ": "dc+sd-jwt", "kid": signer.kid} | header
    members = {name: value for name, value in members.items() if value is not None}
    parts = sd_jwt_vc.decode(WHOLE).presentation.disclosures
    message = f"{b64(members)}.{b64(payload)}"
    signature = text_of(signer.sign(message.encode()))
    texts = parts if disclosures is None else disclosures
    return "~".join([f"{message}.{signature}", *(text.decode() for text in texts), ""])


def b64(value):
    return text_of(json.dumps(value).encode())


def text_of(content):
    return sd_jwt_vc.base64url.encode_text(content)


def test_a_copy_with_all_its_disclosures_says_what_the_other_copy_says():
    report, other = check(WHOLE), check(GOOD)
    assert (report.verdict.value, report.code.value) == ("valid", "valid")
    assert (report.format, other.format) == ("dc+sd-jwt", "vc+jwt")
    for name in ("id", "issuer", "holder", "recognition", "status", "checks"):
        assert getattr(report, name) == getattr(other, name)


def test_so_does_one_that_uses_every_member():
    claims = replace(all_claims(), joint=None)
    report = check(a_wallet_token(ATTESTATION_KEY, claims))
    assert (report.verdict.value, report.code.value) == (
        "valid_with_conditions",
        "measures_outstanding",
    )
    assert [clause["code"] for clause in report.recognition.measures] == [
        "adaptation_period"
    ]


def test_without_disclosures_it_is_valid_and_names_nobody():
    report = check(disclosing())
    assert (report.verdict.value, report.code.value) == ("valid", "valid")
    document = as_document(report)
    assert document["holder"] is None
    assert document["recognition"]["source"] is None
    assert document["recognition"]["decision_digest"] is None
    assert document["id"] is None
    assert document["recognition"]["target"]["eqf"] == "6"
    assert document["recognition"]["does_not_allow"] == [
        {"code": "regulated_profession"}
    ]


def test_what_was_disclosed_is_told_and_nothing_else():
    report = check(disclosing(("given_name",), ("recognition", "source", "country")))
    assert report.verdict.value == "valid"
    assert (report.holder.family_name, report.holder.given_name) == (None, "Ilze")
    source = dict(report.recognition.source)
    assert source.pop("origin") == "LV"
    assert set(source.values()) == {None}


def test_measures_that_were_not_disclosed_still_leave_a_condition():
    claims = replace(all_claims(), joint=None)
    token = disclosing(token=a_wallet_token(ATTESTATION_KEY, claims))
    assert answer(token) == ("valid_with_conditions", "outcome_conditional")
    assert check(token).recognition.measures == ()


def test_an_enveloped_copy_is_read_as_well():
    for media_type in ("application/dc+sd-jwt", "application/vc+sd-jwt"):
        envelope = {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": f"data:{media_type},{WHOLE}",
            "type": "EnvelopedVerifiableCredential",
        }
        assert answer(json.dumps(envelope)) == ("valid", "valid")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "revoked"), (2, "suspended"), (3, "superseded")],
)
def test_its_status_is_that_of_its_own_place(value, expected):
    given = inputs(status=a_status(status_claims(value)))
    assert answer(WHOLE, given) == ("not_valid", expected)


def test_its_mandate_and_dates_are_checked_alike():
    outside = inputs(an_issuer(mandates=(a_mandate(decision_kinds=("licence",)),)))
    assert answer(WHOLE, outside) == ("not_valid", "mandate_missing")
    expired = a_wallet_token(
        ATTESTATION_KEY, copy=a_copy(expires_at=NOW - timedelta(days=1))
    )
    assert answer(expired) == ("cannot_confirm", "copy_expired")
    ended = some_claims(validity_until=NOW.date(), valid_until=NOW - timedelta(hours=1))
    assert answer(a_wallet_token(ATTESTATION_KEY, ended)) == (
        "not_valid",
        "decision_ended",
    )


def test_its_key_is_found_by_its_thumbprint_or_its_full_name():
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload)
    thumbprint = ATTESTATION_KEY.kid.partition("#")[2]
    for kid in (thumbprint, ATTESTATION_KEY.kid):
        assert answer(signed(payload, kid=kid)) == ("valid", "valid")
    assert answer(signed(payload, kid="x")) == ("not_genuine", "key_unknown")
    assert answer(signed(payload, kid=None)) == ("not_genuine", "key_unknown")
    assert answer(signed(payload, kid=OTHER_KEY.kid)) == (
        "not_genuine",
        "key_not_of_issuer",
    )


def test_case_12_the_key_of_another_tenant_on_a_wallet_copy():
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload)
    assert answer(signed(payload, OTHER_KEY)) == ("not_genuine", "key_not_of_issuer")
    assert answer(signed(payload, OTHER_KEY, kid=ATTESTATION_KEY.kid)) == (
        "not_genuine",
        "bad_signature",
    )
    assert answer(altered(iss=OTHER_ISSUER))[1] == "key_not_of_issuer"
    assert answer(altered(iss=None)) == ("not_genuine", "not_a_credential")


@pytest.mark.parametrize("typ", ["vc+sd-jwt", "vc+jwt", "kb+jwt", "JWT", None, 1])
def test_case_07_wallet_copies_of_another_type(typ):
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload)
    assert answer(signed(payload, typ=typ)) == ("not_genuine", "wrong_type")
    assert answer(GOOD + "~") == ("not_genuine", "wrong_type")


@pytest.mark.parametrize(
    "changes", [{"exp": "x"}, {"nbf": -1}, {"iat": None}, {"jti": ""}], ids=str
)
def test_case_08_dates_of_a_wallet_copy_that_are_no_numbers(changes):
    assert answer(altered(**changes)) == ("not_genuine", "malformed_claims")


@pytest.mark.parametrize(
    "changes",
    [
        {"vct": "https://recognition.example/vct/other/1"},
        {"mandate": None},
        {"valid_from": "2026-11-02"},
        {"recognition": {}},
        {"issuing_authority": None},
    ],
    ids=str,
)
def test_another_shape_is_not_confirmed(changes):
    token = altered(**changes)
    verdict = answer(token)
    if "recognition" in changes:  # Its disclosures have lost their places.
        assert verdict == ("not_genuine", "malformed_token")
    else:
        assert verdict == ("cannot_confirm", "schema_mismatch")


def with_tampered(change):
    head, *texts, tail = WHOLE.split("~")
    return "~".join([head, *change(texts), tail])


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("unreferenced", lambda texts: [*texts, a_disclosure("x", 1).decode()]),
        ("duplicate", lambda texts: [*texts, texts[0]]),
        ("altered", lambda texts: [texts[0][:-4] + "AAAA", *texts[1:]]),
        ("empty", lambda texts: [*texts, ""]),
        ("no JSON", lambda texts: ["AAAA", *texts]),
        ("not canonical", lambda texts: [texts[0] + "=", *texts[1:]]),
        ("ten thousand", lambda _: [a_disclosure("x", 1).decode()[:8]] * 10_000),
    ],
)
def test_case_11_tampered_disclosures(name, change):
    verdict, code = answer(with_tampered(change))
    assert verdict == "not_genuine", name
    assert code in {"malformed_token", "too_large"}


def digest_of(text):
    return sd_jwt_vc.sd_jwt.disclosures.digest_of(text)


@pytest.mark.parametrize(
    ("disclosure", "reason"),
    [
        (a_disclosure("_sd", []), "claim_name_not_allowed"),
        (a_disclosure("...", "x"), "claim_name_not_allowed"),
        (a_disclosure("iss", OTHER_ISSUER), "claim_overwritten"),
        (a_disclosure("status", {}), "claim_overwritten"),
        (a_disclosure("exp", 1), "never_disclosable"),
        (a_disclosure("cnf", {}), "never_disclosable"),
        (a_disclosure("x"), "malformed_disclosure"),
    ],
    ids=str,
)
def test_case_11_disclosures_that_overreach(disclosure, reason):
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload)
    payload["_sd"] = [*payload["_sd"], digest_of(disclosure)]
    texts = (*sd_jwt_vc.decode(WHOLE).presentation.disclosures, disclosure)
    report = check(signed(payload, disclosures=texts))
    assert (report.verdict.value, report.code.value) == (
        "not_genuine",
        "malformed_token",
    )
    assert report.checks[0].params == {"reason": reason}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"_sd_alg": "sha-1"}, "sd_alg_not_supported"),
        ({"_sd": "x"}, "malformed_digests"),
        ({"_sd": ["A" * 43, "A" * 43]}, "duplicate_digest"),
    ],
    ids=str,
)
def test_case_11_digests_that_do_not_fit(changes, reason):
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload) | changes
    report = check(signed(payload, disclosures=()))
    assert report.verdict.value == "not_genuine"
    assert report.checks[0].params == {"reason": reason}


def test_case_11_too_deep_a_wallet_copy():
    deep = json.loads("[" * 30 + "]" * 30)
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload)
    disclosure = a_disclosure("x", {"y": deep})
    payload["recognition"]["_sd"].append(digest_of(disclosure))
    report = check(signed(payload, disclosures=(disclosure,)))
    assert report.checks[0].params == {"reason": "too_deep"}
    assert report.verdict.value == "not_genuine"


def test_a_restriction_that_came_by_disclosure_is_not_confirmed():
    payload = json.loads(sd_jwt_vc.decode(WHOLE).jws.payload)
    hidden = a_disclosure("limitations", payload["recognition"].pop("limitations"))
    payload["recognition"]["_sd"].append(digest_of(hidden))
    texts = sd_jwt_vc.decode(WHOLE).presentation.disclosures
    assert answer(signed(payload, disclosures=(*texts, hidden))) == (
        "cannot_confirm",
        "schema_mismatch",
    )
    assert answer(signed(payload, disclosures=texts)) == (
        "cannot_confirm",
        "schema_mismatch",
    )


@pytest.mark.parametrize("position", range(0, len(WHOLE), 37))
def test_any_changed_character_is_never_valid(position):
    character = "A" if WHOLE[position] != "A" else "B"
    changed = WHOLE[:position] + character + WHOLE[position + 1 :]
    assert check(changed).verdict.value not in {"valid", "valid_with_conditions"}


def test_an_eddsa_key_signs_wallet_copies_as_well():
    signer = MemorySigner("EdDSA")
    key = replace(
        an_issuer().keys[0], kid=signer.kid, alg="EdDSA", public_jwk=signer.public_jwk
    )
    given = inputs(an_issuer(keys=(key, an_issuer().keys[1])))
    assert answer(a_wallet_token(signer), given) == ("valid", "valid")


def test_a_proof_that_nobody_asked_for_changes_nothing():
    report = check(WHOLE + "e30.e30.AA")
    assert (report.verdict.value, report.code.value) == ("valid", "valid")
    assert report.checks[10].outcome is CheckOutcome.NOT_PERFORMED
    assert report.checks[10].code == "no_presentation"
    assert report.issuer.id == ISSUER
    assert PUBLIC_URL in report.status.source
    assert a_wallet().holder_jwk is None
