"""What the VC-API says of credentials and presentations of anybody."""

import copy
import json

import pytest

from recognition_service.credentials import base64url, jws, vc_jwt
from recognition_service.credentials.data_integrity import Cryptosuite
from tests.conftest import NOW
from tests.web.vc_api.conftest import (
    BASE,
    PUBLIC_URL,
    Somebody,
    a_credential,
    a_presentation,
)

ASKED = {"challenge": "n-0S6_WzA2Mj", "domain": "employer.example"}


@pytest.fixture(scope="module")
def school():
    return Somebody()


@pytest.fixture(scope="module")
def amina():
    return Somebody()


def enveloped(credential, signer, typ="vc+jwt", **header):
    kind = "Presentation" if typ == "vp+jwt" else "Credential"
    members = {"alg": signer.alg, "typ": typ, "kid": signer.kid} | header
    segment = base64url.encode(json.dumps(members).encode())
    token = jws.sign(segment, json.dumps(credential).encode(), signer)
    return {
        "@context": BASE,
        "id": f"data:application/{typ},{token}",
        "type": f"EnvelopedVerifiable{kind}",
    }


@pytest.mark.parametrize(
    "suite", [Cryptosuite.EDDSA_RDFC_2022, Cryptosuite.EDDSA_JCS_2022]
)
def test_a_credential_of_anybody_with_a_did_key_is_verified(door, school, suite):
    signed = school.sign(a_credential(issuer=school.id), suite)
    assert door.verify(signed) == []
    changed = copy.deepcopy(signed)
    changed["credentialSubject"]["name"] = "Somebody else"
    assert door.verify(changed) == ["bad_signature"]


def test_the_problem_has_its_standard_name(client, school):
    signed = school.sign(a_credential(issuer=school.id))
    signed["validFrom"] = "2026-11-01T09:00:01Z"
    answer = client.post("/credentials/verify", json={"verifiableCredential": signed})
    assert answer.status_code == 400
    (problem,) = answer.json["problemDetails"]
    assert problem["type"] == (
        "https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR"
    )
    assert problem["pointer"] == "/proof"


def test_a_proof_of_somebody_else_is_none(door, school, amina):
    assert door.verify(amina.sign(a_credential(issuer=school.id))) == [
        "key_of_somebody_else"
    ]


def test_all_proofs_must_hold(door, school):
    once = school.sign(a_credential(issuer=school.id))
    twice = school.sign(once)
    assert door.verify(twice) == []
    twice["proof"][1]["proofValue"] = "z" + twice["proof"][1]["proofValue"][:0:-1]
    assert door.verify(twice) != []


def test_a_credential_without_a_proof_is_not_verified(door, school):
    assert door.verify(a_credential(issuer=school.id)) == ["proof_missing"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"validFrom": "2026-11-02T09:00:01Z"}, ["not_yet_valid"]),
        ({"validUntil": "2026-11-02T08:59:59Z"}, ["no_longer_valid"]),
        ({"validUntil": "2026-11-02T09:00:00Z"}, []),
        (
            {"credentialStatus": {"type": "ExampleStatusList"}},
            ["status_type_not_supported"],
        ),
        (
            {
                "credentialStatus": {
                    "type": "BitstringStatusListEntry",
                    "statusPurpose": "revocation",
                    "statusListIndex": "1",
                    "statusListCredential": "https://status.example/lists/1",
                }
            },
            ["status_list_not_at_hand"],
        ),
        ({"credentialSchema": {"id": "urn:x:1", "type": "JsonSchema"}}, []),
        (
            {
                "credentialSchema": {
                    "id": f"{PUBLIC_URL}/schemas/recognition/v1.json",
                    "type": "JsonSchema",
                }
            },
            ["schema_mismatch"],
        ),
        (
            {
                "relatedResource": {
                    "id": BASE,
                    "digestMultibase": "uM4RgWQc3RUDtjJCSgTJtTfvpZ7SPEg_LNO0ESlovQC0",
                }
            },
            ["digest_of_other_content"],
        ),
    ],
)
def test_dates_status_schema_and_resources_count(door, school, changes, codes):
    assert door.verify(school.sign(a_credential(issuer=school.id, **changes))) == codes


def test_time_passes(door, school, clock):
    until = "2026-11-03T09:00:00Z"
    signed = school.sign(a_credential(issuer=school.id, validUntil=until))
    assert door.verify(signed) == []
    clock.pass_by(days=2)
    assert door.verify(signed) == ["no_longer_valid"]


def test_what_is_no_credential_is_not_verified(door):
    assert set(door.verify({"type": ["NonconformingDocument"]})) >= {
        "context_missing",
        "required_type_missing",
    }
    for value in (None, [], 5, "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"):
        assert door.verify(value) == ["not_an_object"]


def test_an_enveloped_credential_is_verified(door, school):
    credential = a_credential(issuer=school.id)
    assert door.verify(enveloped(credential, school.signer)) == []
    token = vc_jwt.encode_payload(json.dumps(credential).encode(), school.signer)
    assert door.verify(vc_jwt.envelope(token)) == []


@pytest.mark.parametrize(
    ("claims", "codes"),
    [
        ({"iat": 1793610000, "nbf": 1793610060, "exp": 1793609941}, []),
        ({"exp": 1793609940}, ["proof_expired"]),
        ({"nbf": 1793610061}, ["proof_not_yet_valid"]),
        ({"iat": 4070908800}, ["issued_in_future"]),
        ({"exp": "1793609940"}, ["malformed_claims"]),
        ({"exp": -1}, ["malformed_claims"]),
        ({"exp": True}, ["malformed_claims"]),
        ({"iss": "did:example:other"}, ["key_of_somebody_else"]),
        ({"iss": ["x"]}, ["key_of_somebody_else", "relative_identifier"]),
        ({"vc": {}}, ["claim_not_allowed"]),
        ({"status": {"status_list": {"idx": 1}}}, ["not_a_status_entry"]),
        (
            {"status": {"status_list": {"idx": 1, "uri": "https://s.example/1"}}},
            ["status_list_not_at_hand"],
        ),
    ],
)
def test_the_claims_of_a_token_count(door, school, claims, codes):
    assert NOW.timestamp() == 1793610000
    credential = a_credential(issuer=school.id, **claims)
    assert door.verify(enveloped(credential, school.signer)) == codes


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        ({"alg": "none"}, ["bad_signature"]),
        ({"alg": "ES256"}, ["bad_signature"]),
        ({"alg": None}, ["bad_signature"]),
        ({"typ": "JWT"}, ["wrong_type"]),
        ({"typ": "statuslist+jwt"}, ["wrong_type"]),
        ({"cty": "vp"}, ["wrong_type"]),
        ({"kid": None}, ["key_unknown"]),
        ({"kid": "../../etc/passwd"}, ["key_unknown"]),
        ({"kid": "did:key:zUnreadable#zUnreadable"}, ["key_unknown"]),
        ({"kid": f"{PUBLIC_URL}/issuers/nobody#x"}, ["key_unknown"]),
        ({"crit": ["x"]}, ["crit_not_supported"]),
        ({"b64": False}, ["b64_not_supported"]),
        ({"zip": "DEF"}, ["zip_not_supported"]),
        ({"jwk": {"kty": "OKP"}}, ["key_in_header"]),
        ({"jku": "https://evil.example"}, ["key_in_header"]),
    ],
)
def test_the_header_of_a_token_cannot_choose_its_check(door, school, header, codes):
    token = enveloped(a_credential(issuer=school.id), school.signer, "vc+jwt")
    assert door.verify(token) == []
    members = {"alg": "EdDSA", "typ": "vc+jwt", "kid": school.method} | header
    given = {name: value for name, value in members.items() if value is not None}
    segment = base64url.encode(json.dumps(given).encode())
    payload = json.dumps(a_credential(issuer=school.id)).encode()
    text = jws.sign(segment, payload, school.signer)
    assert door.verify(token | {"id": f"data:application/vc+jwt,{text}"}) == codes


def test_an_envelope_holds_nothing_but_a_token(door, school):
    good = enveloped(a_credential(issuer=school.id), school.signer)
    bad = good["id"].replace("vc+jwt", "jwt")
    assert door.verify(good | {"id": bad}) == ["media_type_not_supported"]
    assert door.verify(good | {"id": "data:application/vc+jwt,é"}) == [
        "malformed_token"
    ]
    assert door.verify(good | {"@context": []}) == ["base_context_missing"]


def test_a_presentation_and_what_is_in_it_is_verified(door, school, amina):
    inner = school.sign(a_credential(issuer=school.id))
    token = enveloped(a_credential(issuer=school.id), school.signer)
    presentation = a_presentation(inner, token, holder=amina.id)
    signed = amina.sign(presentation, purpose="authentication", **ASKED)
    assert door.verify_presentation(signed, **ASKED) == []
    assert door.verify_presentation(signed) == []
    assert door.verify_presentation(signed, challenge="another") == ["wrong_challenge"]
    assert door.verify_presentation(signed, domain="another") == ["wrong_domain"]


def test_an_enveloped_presentation_answers_its_challenge(door, school, amina):
    inner = school.sign(a_credential(issuer=school.id))
    presentation = a_presentation(inner, holder=amina.id)
    claims = {"nonce": ASKED["challenge"], "aud": ASKED["domain"]}
    token = enveloped(presentation | claims, amina.signer, "vp+jwt")
    assert door.verify_presentation(token, **ASKED) == []
    assert door.verify_presentation(token, challenge="other") == ["wrong_challenge"]
    assert door.verify_presentation(token, domain="other") == ["wrong_domain"]
    without_holder = {**presentation, **claims, "iss": amina.id}
    del without_holder["holder"]
    token = enveloped(without_holder, amina.signer, "vp+jwt")
    assert door.verify_presentation(token, **ASKED) == []
    token = enveloped(without_holder | {"iss": school.id}, amina.signer, "vp+jwt")
    assert door.verify_presentation(token) == ["key_of_somebody_else"]


def test_the_holder_must_have_signed(door, school, amina):
    presentation = a_presentation(holder=school.id)
    signed = amina.sign(presentation, purpose="authentication")
    assert door.verify_presentation(signed) == ["key_of_somebody_else"]
    signed = amina.sign(a_presentation(holder=amina.id), purpose="assertionMethod")
    assert door.verify_presentation(signed) == ["wrong_purpose"]


def test_what_is_wrong_inside_is_told_with_its_place(client, school, amina):
    spoilt = school.sign(a_credential(issuer=school.id)) | {"name": "New"}
    presentation = a_presentation(spoilt, a_credential(issuer=school.id))
    signed = amina.sign(presentation, purpose="authentication")
    answer = client.post(
        "/presentations/verify", json={"verifiablePresentation": signed}
    )
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        ("/verifiableCredential/0/proof", "bad_signature"),
        ("/verifiableCredential/1", "credential_not_secured"),
    ]


def test_what_the_holder_says_of_themselves_needs_no_proof_of_its_own(
    door, school, amina
):
    own = a_credential(issuer={"id": amina.id})
    signed = amina.sign(a_presentation(own, holder=amina.id), purpose="authentication")
    assert door.verify_presentation(signed) == []
    for holder in ({}, {"holder": {"id": school.id}}):
        signed = amina.sign(a_presentation(own, **holder), purpose="authentication")
        assert "credential_not_secured" in door.verify_presentation(signed)


def test_an_unsecured_presentation_is_verified_only_as_such(client, door, school):
    presentation = a_presentation(school.sign(a_credential(issuer=school.id)))
    assert door.verify_presentation(presentation) == ["proof_missing"]
    path, body = "/presentations/verify", {"presentation": presentation}
    assert client.post(path, json=body).json["verified"] is True
    body = {"presentation": a_presentation(a_credential(issuer=school.id))}
    assert client.post(path, json=body).json["verified"] is False


def test_not_more_credentials_are_read_than_make_sense(door, school, amina):
    inner = school.sign(a_credential(issuer=school.id), Cryptosuite.EDDSA_JCS_2022)
    signed = amina.sign(
        a_presentation(*[inner] * 33),
        Cryptosuite.EDDSA_JCS_2022,
        purpose="authentication",
    )
    assert door.verify_presentation(signed) == ["too_many_credentials"]


def test_the_credential_comes_back_when_it_is_asked_for(client, school):
    signed = school.sign(a_credential(issuer=school.id))
    body = {"verifiableCredential": signed, "options": {"returnCredential": True}}
    answer = client.post("/credentials/verify", json=body).json
    assert answer == {"verified": True, "problemDetails": [], "credential": signed}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"verifiableCredential": NaN}', "not_a_number"),
        (b'{"a": 1, "a": 2}', "duplicate_member"),
        (b"\xff", "not_utf8"),
        (b'{"a": ' * 40 + b"1" + b"}" * 40, "too_deep"),
        (b'["x"]', "not_an_object"),
        (b"{}", None),
        (b'{"options": 5}', "not_an_object"),
    ],
)
@pytest.mark.parametrize("path", ["/credentials/verify", "/presentations/verify"])
def test_what_cannot_be_read_is_not_verified(client, path, body, code):
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.mimetype == "application/json"
    assert answer.json["verified"] is False
    (problem,) = answer.json["problemDetails"]
    assert code in {None, problem["code"]}
    is_read = code in {None, "not_an_object"}
    assert problem["title"] == ("MALFORMED_VALUE_ERROR" if is_read else "PARSING_ERROR")


def test_a_body_of_another_type_or_size_is_a_problem(client):
    path = "/credentials/verify"
    answer = client.post(path, data=b"{}", content_type="text/plain")
    assert answer.status_code == 415
    large = b'{"x": "' + b"x" * (1 << 20) + b'"}'
    answer = client.post(path, data=large, content_type="application/json")
    assert answer.status_code == 413


HOSTILE = [None, True, -1, 1e308, "", "\x00", "x" * 9_000, "data:,", [[]], {"@id": "x"}]


def members(value, path=()):
    if path:
        yield path
    pairs = enumerate(value) if isinstance(value, list) else ()
    for name, inner in value.items() if isinstance(value, dict) else pairs:
        yield from members(inner, (*path, name))


def replaced(document, path, value):
    changed = copy.deepcopy(document)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def test_no_hostile_member_becomes_a_failure(client, school, amina):
    unsigned = a_credential(
        credentialStatus=[{"type": "ExampleStatus"}],
        relatedResource=[{"id": "urn:x:1", "digestSRI": "sha384-" + "A" * 64}],
    )
    secured = school.sign(unsigned | {"issuer": {"id": school.id}})
    good = amina.sign(a_presentation(secured), purpose="authentication")
    for path in members(good):
        for value in HOSTILE:
            body = {"verifiablePresentation": replaced(good, path, value)}
            answer = client.post("/presentations/verify", json=body)
            assert answer.status_code == 400, (path, value)
            assert answer.json["verified"] is False
    for path in members(unsigned):
        for value in HOSTILE:
            body = {"credential": replaced(unsigned, path, value)}
            answer = client.post("/credentials/issue", json=body)
            assert answer.status_code in {201, 400}, (path, value)
