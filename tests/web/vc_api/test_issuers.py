"""The VC-API of an authority: its own people only, and no attestations."""

import pytest

from recognition_service.credentials.recognition_context import context_url
from tests.web.vc_api.conftest import BASE, PUBLIC_URL, a_credential

ISSUER = f"{PUBLIC_URL}/issuers/be-fl"
PATH = "/issuers/be-fl"


@pytest.fixture
def post(client, as_person):
    return lambda path, body, as_="sofia": client.post(
        PATH + path, json=body, headers=as_person(as_)
    )


def issue(post, credential=None, **options):
    body = {"credential": credential or a_credential(), "options": options}
    answer = post("/credentials/issue", body)
    assert answer.status_code == 201, answer.json
    assert list(answer.json) == ["verifiableCredential"]
    return answer.json["verifiableCredential"]


def verified(post, credential):
    body = {"verifiableCredential": credential}
    answer = post("/credentials/verify", body, as_="bruno")
    assert answer.status_code == 200
    codes = [problem["code"] for problem in answer.json["problemDetails"]]
    assert answer.json["verified"] is (not codes)
    return codes


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"cryptosuite": "ecdsa-rdfc-2019"},
        {"cryptosuite": "ecdsa-jcs-2019"},
        {"format": "vc+jwt"},
    ],
)
def test_an_authority_signs_with_its_own_keys(post, client, options):
    issued = issue(post, **options)
    assert verified(post, issued) == []
    if "proof" in issued:
        assert issued["issuer"] == ISSUER
        document = client.get(PATH).json
        assert issued["proof"]["verificationMethod"] in document["assertionMethod"]
        assert verified(post, issued | {"name": "New"}) == ["bad_signature"]
    answer = client.post("/credentials/verify", json={"verifiableCredential": issued})
    assert answer.json == {"verified": True, "problemDetails": []}


def test_an_authority_may_issue_under_its_did(post):
    did = "did:web:recognition.example:issuers:be-fl"
    issued = issue(post, a_credential(issuer=did))
    assert issued["proof"]["verificationMethod"].startswith(f"{did}#z6Mk")
    assert verified(post, issued) == []


def test_what_is_not_verified_is_an_answer(post):
    codes = verified(post, {"type": ["NonconformingDocument"]})
    assert "context_missing" in codes
    answer = post("/presentations/verify", {"verifiablePresentation": {}})
    assert answer.status_code == 200
    assert answer.json["verified"] is False


def test_a_status_is_published_with_the_attestations_lists(post, client):
    status = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    issued = issue(post, credentialStatus=status)
    uri = issued["credentialStatus"]["statusListCredential"]
    assert client.get(uri.removeprefix(PUBLIC_URL)).status_code == 200
    body = {"credentialId": issued["id"], "credentialStatus": status, "status": True}
    assert post("/credentials/status", body, as_="bruno").status_code == 200
    assert verified(post, issued) == ["status_is_set"]


@pytest.mark.parametrize(
    "disguise",
    [
        {"type": ["VerifiableCredential", "QualificationRecognitionCredential"]},
        {
            "@context": [BASE, context_url(PUBLIC_URL)],
            "type": ["VerifiableCredential", "QualificationRecognitionCredential"],
        },
        {
            "type": [
                "VerifiableCredential",
                f"{context_url(PUBLIC_URL)}#QualificationRecognitionCredential",
            ]
        },
        {
            "@context": [BASE, {"near": f"{PUBLIC_URL}/ns/"}],
            "type": [
                "VerifiableCredential",
                "near:recognition/v1#QualificationRecognitionCredential",
            ],
        },
        {
            "@context": [BASE, {"worth": f"{context_url(PUBLIC_URL)}#recognition"}],
            "type": ["VerifiableCredential"],
            "credentialSubject": {"worth": "everything"},
        },
    ],
    ids=["name", "context", "url", "prefix", "member"],
)
def test_recognitions_are_attested_over_decisions_only(post, disguise):
    for options in ({}, {"format": "vc+jwt"}):
        body = {"credential": a_credential(**disguise), "options": options}
        answer = post("/credentials/issue", body)
        assert answer.status_code == 400
        assert [each["code"] for each in answer.json["errors"]] == [
            "attestation_over_decision_only"
        ]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/credentials/issue", {"sofia"}),
        ("/credentials/verify", {"sofia", "bruno"}),
        ("/presentations/verify", {"sofia", "bruno"}),
        ("/credentials/status", {"sofia", "bruno"}),
    ],
)
def test_only_the_right_people_are_let_in(post, client, path, allowed):
    assert client.post(PATH + path, json={}).status_code == 401
    for name in ("sofia", "bruno", "chen"):
        status = post(path, {}, as_=name).status_code
        assert (status == 403) is (name not in allowed), (name, status)


def test_another_issuer_is_not_found(client, as_person):
    for other in ("vc-api", "nobody"):
        answer = client.post(
            f"/issuers/{other}/credentials/issue",
            json={"credential": a_credential()},
            headers=as_person("sofia"),
        )
        assert answer.status_code == 404
