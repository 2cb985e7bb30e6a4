"""A credential may pin another one's token; with both at hand it is told if it fits."""

import pytest

from recognition_service.credentials.open_badge import pin
from tests.web.vc_api.conftest import Somebody, a_credential, a_presentation
from tests.web.vc_api.test_verifying import enveloped

PEER_ID = "urn:uuid:0193a1c2-7b1e-7c55-9a51-0d6f2a7e9c12"


@pytest.fixture(scope="module")
def school():
    return Somebody()


@pytest.fixture(scope="module")
def peer():
    """The credential of another school, in its envelope."""
    other = Somebody()
    return enveloped(a_credential(issuer=other.id, id=PEER_ID), other.signer)


def token_of(envelope):
    return envelope["id"].partition(",")[2]


def endorsing(school, token):
    pinned = pin(PEER_ID, token)
    resource = {
        "id": pinned.id,
        "digestSRI": pinned.integrity,
        "mediaType": pinned.media_type,
    }
    return school.sign(a_credential(issuer=school.id, relatedResource=[resource]))


def asked(client, credential, **options):
    body = {"verifiableCredential": credential, "options": options}
    return client.post("/credentials/verify", json=body)


@pytest.mark.parametrize("form", ["bare", "envelope"])
def test_the_exact_token_fits(client, school, peer, form):
    token = token_of(peer)
    credential = endorsing(school, token)
    answer = asked(client, credential, peers=[token if form == "bare" else peer])
    assert answer.status_code == 200
    assert answer.json["pinned"] == [{"id": PEER_ID, "fits": True}]


def test_another_token_of_the_same_id_does_not_fit(client, school, peer):
    other = Somebody()
    forged = enveloped(a_credential(issuer=other.id, id=PEER_ID), other.signer)
    credential = endorsing(school, token_of(peer))
    answer = asked(client, credential, peers=[token_of(forged)])
    assert answer.status_code == 400
    (problem,) = answer.json["problemDetails"]
    assert problem["code"] == "digest_of_other_content"
    assert problem["pointer"] == "/relatedResource/0/digestSRI"
    assert answer.json["pinned"] == [{"id": PEER_ID, "fits": False}]


def test_without_the_peer_nothing_is_said_of_it(client, school, peer):
    credential = endorsing(school, token_of(peer))
    answer = asked(client, credential)
    assert answer.json == {"verified": True, "problemDetails": []}
    strangers = [
        "x",
        5,
        {},
        token_of(peer)[:-9],
        enveloped({"id": 1}, Somebody().signer),
    ]
    assert asked(client, credential, peers=strangers).json["pinned"] == []
    assert asked(client, "x", peers=[peer]).json["pinned"] == []


def test_a_digest_that_cannot_be_read_does_not_fit(client, school, peer):
    credential = endorsing(school, token_of(peer))
    credential["relatedResource"][0]["digestSRI"] = "sha384-x"
    answer = asked(client, credential, peers=[peer])
    assert answer.json["pinned"] == [{"id": PEER_ID, "fits": False}]


@pytest.mark.parametrize("peers", ["x", {}, ["x"] * 11, None], ids=str)
def test_peers_are_a_short_list(client, school, peer, peers):
    answer = asked(client, endorsing(school, token_of(peer)), peers=peers)
    assert answer.status_code == 400
    (problem,) = answer.json["problemDetails"]
    assert problem["pointer"] == "/options/peers"


def test_in_one_presentation_each_is_held_against_the_other(door, school, peer):
    fitting, other = endorsing(school, token_of(peer)), endorsing(school, "e30.e30.eA")
    for credential, problems in ((fitting, []), (other, ["digest_of_other_content"])):
        presentation = a_presentation(credential, peer, holder=school.id)
        signed = school.sign(presentation, purpose="authentication")
        assert door.verify_presentation(signed) == problems
