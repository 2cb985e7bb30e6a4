"""Trust lists of other installations: never older, never endless, no stranger's."""

from datetime import timedelta
from uuid import uuid4

import pytest

from recognition_service.authorities.errors import PeerListRefusedError
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust_list import LARGEST_LEAD
from tests.credentials.builders import MemorySigner
from tests.exchange.house import difference, receipt, receiving
from tests.peer import NOW, a_state


@pytest.fixture
def mallory(house):
    return house.meet()


def asking(mallory, house, **more):
    conversation, school = uuid4(), house.issuer("school")
    body = a_state(mallory.issuer, school, conversation)
    return mallory.signed(mallory.claims(school, conversation, body, **more))


def is_refused(house, mallory, token, reason):
    """Tell that a list is refused, that the one before holds, and that it is noted."""
    (before,) = [p for p in house.runtime.peers() if p.name == mallory.peer.name]
    with pytest.raises(PeerListRefusedError) as refused:
        house.runtime.accept_peer_list(mallory.peer.name, [token])
    assert reason in str(refused.value)
    (after,) = [p for p in house.runtime.peers() if p.name == mallory.peer.name]
    assert (after.tokens, after.version) == (before.tokens, before.version)
    assert reason in after.problem
    said = receipt(house.post(asking(mallory, house, now=house.clock.at)))
    assert said["status"] == "received"


def test_an_older_list_is_not_taken(house, mallory):
    older = mallory.peer.trust_list(version=mallory.peer.version - 1)
    is_refused(house, mallory, older, "rollback")


def test_a_list_of_an_earlier_day_is_not_taken(house, mallory):
    earlier = mallory.peer.trust_list(now=NOW - timedelta(days=1))
    is_refused(house, mallory, earlier, "rollback")


def test_a_rolled_back_list_does_not_bring_a_stolen_key_back(house, mallory):
    first = mallory.peer.trust_list()
    mallory.peer.tell(house.runtime, first)
    mallory.dates[KeyPurpose.EXCHANGE] = {"compromised_at": NOW}
    mallory.peer.tell(house.runtime)
    with pytest.raises(PeerListRefusedError):
        house.runtime.accept_peer_list(mallory.peer.name, [first])
    answer = house.post(asking(mallory, house))
    assert (answer.status_code, answer.json["reason"]) == (403, "key_compromised")


def test_a_version_says_one_thing_only(house, mallory):
    mallory.peer.authority("another")
    same = mallory.peer.trust_list(version=mallory.peer.version)
    is_refused(house, mallory, same, "same_version_differs")


def test_a_version_does_not_run_away(house, mallory):
    ahead = mallory.peer.trust_list(version=2**31 - 1)
    is_refused(house, mallory, ahead, "fast_forward")
    far = mallory.peer.trust_list(version=mallory.peer.version + LARGEST_LEAD + 1)
    is_refused(house, mallory, far, "fast_forward")


def test_a_list_by_a_key_that_was_not_pinned_is_not_taken(house, mallory):
    stranger = MemorySigner(issuer=mallory.peer.list_issuer)
    token = mallory.peer.trust_list(signer=stranger)
    is_refused(house, mallory, token, "threshold_not_met")


def test_a_list_of_another_installation_is_not_taken(house, mallory):
    other = house.meet().peer
    other.operator = mallory.peer.operator
    is_refused(house, mallory, other.trust_list(), "other_issuer")


@pytest.mark.parametrize("days", [32, 400])
def test_a_list_does_not_live_for_ever(house, mallory, days):
    is_refused(house, mallory, mallory.peer.trust_list(days=days), "life_too_long")


def test_a_list_of_the_future_is_not_taken(house, mallory):
    token = mallory.peer.trust_list(now=NOW + timedelta(hours=1))
    is_refused(house, mallory, token, "issued_in_future")


@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c", "é"])
def test_rubbish_is_no_list(house, mallory, token):
    is_refused(house, mallory, token, "malformed_list")


def test_a_frozen_list_lets_nothing_in_until_a_newer_one_comes(house, mallory):
    """Whoever keeps newer lists away wins nothing: the old one becomes stale."""
    house.clock.pass_by(days=8)
    token = asking(mallory, house, now=house.clock.at)
    before = house.kept()
    answer = house.post(token)
    assert (answer.status_code, answer.json["reason"]) == (503, "trust_stale")
    assert difference(before, house.kept()) == {"peer": 0}
    old = mallory.peer.trust_list(now=NOW, days=7)
    house.runtime.accept_peer_list(mallory.peer.name, [old])
    assert house.post(token).status_code == 503
    mallory.peer.tell(house.runtime, now=house.clock.at)
    assert receipt(house.post(token))["status"] == "received"


def test_a_stale_list_still_proves_a_receipt(house, mallory):
    """What was sent and taken stays so; only what comes in needs fresh trust."""
    request_id = house.ask(mallory)
    house.clock.pass_by(days=8)
    house.send(receiving(mallory, now=house.clock.at))
    (message,) = house.outgoing(request_id)
    assert message.state == "received"


def test_an_authority_that_the_list_names_no_more_cannot_be_asked(house, mallory):
    mallory.peer.authority("other")
    mallory.peer.authorities.remove(mallory)
    mallory.peer.tell(house.runtime)
    answer = house.post(asking(mallory, house))
    assert (answer.status_code, answer.json["reason"]) == (503, "sender_unknown")
    to = {"authority": "mallory", "installation": mallory.peer.name}
    asked = house.centre.post(
        "/mutual-requests", {"kind": "award_verification", "to": to, "about": None}
    )
    assert asked.status_code == 422
