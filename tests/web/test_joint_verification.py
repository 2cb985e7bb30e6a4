"""The other credentials of a joint award are sent beside the first."""

from datetime import timedelta
from io import BytesIO

import pytest

from recognition_service.credentials import token_status_list, vc_jwt
from recognition_service.credentials.canonical import digest
from recognition_service.verification.trust import StatusInput, VerificationInputs
from tests.credentials.builders import STATUS_URI
from tests.verification.test_joint_awards import (
    OTHER_GROUP,
    OTHER_PERSON,
    OTHER_URI,
    OWN,
    THEIRS,
    their_token,
    theirs,
)
from tests.verification.world import (
    OTHER_STATUS_KEY,
    STATUS_KEY,
    status_claims,
    trust,
)

PATH = "/api/v1/verifications"
PAIR = (OWN, THEIRS)

pytestmark = pytest.mark.usefixtures("two_issuers")


@pytest.fixture
def two_issuers(runtime):
    """An installation that knows the issuers of a joint award."""
    know(runtime)
    yield
    runtime.refresh()


def know(runtime, their_status=0):
    """Let an installation know two issuers and their lists."""
    now = runtime.now()
    listed = (
        (STATUS_URI, STATUS_KEY, 0),
        (OTHER_URI, OTHER_STATUS_KEY, their_status),
    )
    lists = {}
    for uri, signer, value in listed:
        claims = status_claims(value, issued_at=now - timedelta(minutes=5), sub=uri)
        lists[uri] = StatusInput(uri, token_status_list.sign(claims, signer), now)
    runtime._inputs = VerificationInputs(trust(), lists)
    runtime._inputs_read_at = now


def asked(client, *peers, language="en"):
    body = {"credential": OWN, "peers": list(peers)}
    return client.post(f"{PATH}?lang={language}", json=body).json


OTHER_DIGEST = their_token(theirs(decision_digest=digest({"decision": 2})))
OTHER_AWARD = their_token(theirs(joint={"group": OTHER_GROUP}))
OTHER_PERSONS = their_token(theirs(joint={"subject": OTHER_PERSON}))
FORGED = THEIRS[:-8] + "AAAAAAAA"


@pytest.mark.parametrize(
    "peer", [THEIRS, vc_jwt.envelope(THEIRS)], ids=["text", "object"]
)
def test_peers_complete_a_joint_award(client, peer):
    answer = client.post(PATH, json={"credential": OWN, "peers": [peer]})
    assert answer.json["verdict"] == "valid"
    assert answer.json["joint"]["complete"] is True


def test_without_its_peers_it_is_incomplete(client):
    for body in ({"credential": OWN}, {"credential": OWN, "peers": ["x"]}):
        answer = client.post(PATH, json=body)
        assert answer.json["code"] == "joint_award_incomplete"
        assert answer.json["joint"]["complete"] is False


WRONG = {
    "forged": ([FORGED], 0, "cannot_confirm", "joint_award_incomplete"),
    "missing": ([], 0, "cannot_confirm", "joint_award_incomplete"),
    "revoked": ([THEIRS], 1, "not_valid", "joint_peer_not_valid"),
    "suspended": ([THEIRS], 2, "not_valid", "joint_peer_not_valid"),
    "other digest": ([OTHER_DIGEST], 0, "not_valid", "joint_mismatch"),
    "other group": ([OTHER_AWARD], 0, "not_valid", "joint_mismatch"),
    "other person": ([OTHER_PERSONS], 0, "not_valid", "joint_subjects_differ"),
}
WORDS = {
    "joint_award_incomplete": ("Still missing, from: Another body.", "Il manque"),
    "joint_peer_not_valid": ("which is not valid", "pas valable"),
    "joint_mismatch": ("is not about the same award", "ne concerne pas le même"),
    "joint_subjects_differ": ("is about another person", "une autre personne"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_pair_with_one_wrong_token_is_explained_in_both_languages(
    client, runtime, wrong
):
    peers, status, verdict, code = wrong
    know(runtime, status)
    for language, words in zip(("en", "fr"), WORDS[code], strict=True):
        answer = asked(client, *peers, language=language)
        assert (answer["verdict"], answer["code"]) == (verdict, code)
        assert words in answer["summary"]
        assert answer["joint"]["complete"] is False
        ours, theirs_ = answer["joint"]["parts"]
        assert (ours["code"], theirs_["code"]) == (None, code)
        assert ours["text"]
        assert theirs_["text"] != ours["text"]


def test_the_page_takes_all_of_them_and_names_each_body(client, runtime):
    form = {
        "credential": OWN,
        "peers": f"{FORGED}\r\n \r\n{THEIRS[:50]}\n{THEIRS[50:]}",
    }
    page = client.post("/verify", data=form, headers={"Accept": "text/html"}).text
    assert "All authorities of this joint award were checked together." in page
    assert page.count("<dd>Presented, and valid") == 2
    know(runtime, 1)
    page = client.post("/verify", data=form, headers={"Accept": "text/html"}).text
    assert "it counts only together with the other parts" in page
    assert "Another body</bdi></dt><dd>Presented, but not valid" in page


def test_the_page_takes_the_files_of_all_of_them_at_once(client):
    files = [(BytesIO(token.encode()), f"{n}.jwt") for n, token in enumerate(PAIR)]
    page = client.post("/verify", data={"file": files}).text
    assert "All authorities of this joint award were checked together." in page


def test_the_page_says_what_is_missing(client):
    page = client.post("/verify?lang=fr", data={"credential": OWN}).text
    assert "Il manque encore celle de : Another body." in page
    assert "Another body</bdi></dt><dd>Non présentée" in page
