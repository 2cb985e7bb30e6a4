"""Every message is taken once and in its turn, however often and when it comes."""

from uuid import uuid4

import pytest

from recognition_service.authorities.peers import end_peer
from tests.exchange.house import (
    KEPT_REFUSAL,
    PATH,
    difference,
    receipt,
    receiving,
    refusal,
    seen,
)
from tests.peer import NOW, a_state, an_act


@pytest.fixture
def mallory(house):
    return house.meet()


@pytest.fixture
def asking(house, mallory):
    """Claims of messages of one conversation in which mallory asks the school."""
    conversation, school = uuid4(), house.issuer("school")

    def claims(sequence=1, *, body=None, **changes):
        event = {"event": "sent", "sequence": sequence}
        if sequence > 1:
            event["event"] = "deadline_proposed"
        told = body
        if body is None:
            told = a_state(mallory.issuer, school, conversation, event=event)
        return mallory.claims(school, conversation, told, seq=sequence, **changes)

    return claims


def test_case_66_the_same_message_again_gets_the_same_answer_and_does_nothing(
    house, mallory, asking
):
    claims = asking()
    first = receipt(house.post(mallory.signed(claims)))
    before = house.kept()
    for _ in range(3):
        again = receipt(house.post(mallory.signed(claims)))
        assert (again["status"], again["digest"]) == ("received", first["digest"])
    assert difference(before, house.kept()) == {}


def test_a_message_that_was_refused_stays_refused(house, mallory, asking):
    claims = asking(body={"rubbish": True})
    first = refusal(house.post(mallory.signed(claims)))
    assert first == ("message_body_unfit", False)
    before = house.kept()
    assert refusal(house.post(mallory.signed(claims))) == first
    assert difference(before, house.kept()) == {}


def test_case_66_another_message_under_the_same_name_contradicts(
    house, mallory, asking
):
    claims = asking()
    receipt(house.post(mallory.signed(claims)))
    before = house.kept()
    other = asking(jti=claims["jti"])
    assert refusal(house.post(mallory.signed(other))) == ("contradictory", False)
    assert difference(before, house.kept()) == {}
    again = receipt(house.post(mallory.signed(claims)))
    assert again["status"] == "received"


def test_another_message_under_the_same_number_contradicts(house, mallory, asking):
    claims = asking()
    receipt(house.post(mallory.signed(claims)))
    before = house.kept()
    other = asking()
    assert refusal(house.post(mallory.signed(other))) == ("contradictory", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    assert refusal(house.post(mallory.signed(other))) == ("contradictory", False)


def test_case_66_a_message_before_its_turn_is_taken_later(house, mallory, asking):
    first, second, third = asking(1), asking(2), asking(3)
    before = house.kept()
    assert refusal(house.post(mallory.signed(second))) == ("out_of_order", True)
    assert refusal(house.post(mallory.signed(third))) == ("out_of_order", True)
    assert difference(before, house.kept()) == {}
    receipt(house.post(mallory.signed(first)))
    assert refusal(house.post(mallory.signed(third))) == ("out_of_order", True)
    receipt(house.post(mallory.signed(second)))
    receipt(house.post(mallory.signed(third)))
    told = [e["event"] for e in seen(house.school, first["conv"])["history"]]
    assert told == ["sent", "deadline_proposed", "deadline_proposed"]
    assert len(house.received(first["conv"])) == 3


def test_a_refused_message_does_not_stop_the_next_one(house, mallory, asking):
    first, broken, third = asking(1), asking(2, body={}), asking(3)
    receipt(house.post(mallory.signed(first)))
    assert refusal(house.post(mallory.signed(broken)))[0] == "message_body_unfit"
    receipt(house.post(mallory.signed(third)))


def test_each_sender_counts_for_itself(house, mallory, asking):
    """Two who take part in one conversation do not wait for one another."""
    other = mallory.peer.authority("other")
    mallory.peer.tell(house.runtime)
    claims = asking()
    receipt(house.post(mallory.signed(claims)))
    act = other.claims(
        house.issuer("school"), claims["conv"], an_act(), type="mutual_request.act"
    )
    assert refusal(house.post(other.signed(act)))[0] == "mutual_request_not_found"


def test_the_receipt_and_the_audit_name_what_was_refused(house, mallory, asking):
    claims = asking(body={})
    house.post(mallory.signed(claims))
    noted = house.audit("school", f"exchange/{claims['conv']}")
    (entry,) = noted
    assert (entry.action, entry.actor) == (
        "exchange.message_refused",
        f"authority:{mallory.called}",
    )
    assert entry.content == {
        "message": claims["jti"],
        "type": "mutual_request.state",
        "code": "message_body_unfit",
    }


# What the house sends out is numbered, waits, and is tried again.


def test_what_goes_out_waits_while_the_other_side_is_ended(house, mallory):
    request_id = house.ask(mallory)
    with house.runtime.database.transaction() as session:
        end_peer(session, mallory.peer.name, actor="service", now=NOW)
    house.send(receiving(mallory))
    (message,) = house.outgoing(request_id)
    assert (message.state, message.attempts) == ("waiting", 0)


def test_messages_of_a_conversation_leave_in_their_order(house, mallory):
    request_id = house.ask(mallory)
    of = f"{PATH}/{request_id}"
    assert house.centre.change(f"{of}/withdrawal", {}, of=of).status_code == 200
    sent = []

    def transport(url, body, headers):
        sent.append(body)
        return receiving(mallory)(url, body, headers)

    house.send(transport)
    assert len(sent) == 2
    states = [(m.sequence, m.state) for m in house.outgoing(request_id)]
    assert states == [(1, "received"), (2, "received")]
