"""Nothing counts as delivered before the right authority has signed for it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from recognition_service.credentials.signer import KeyPurpose
from recognition_service.errors import UnavailableError
from recognition_service.exchange.deliver import Reply
from tests.credentials.builders import MemorySigner
from tests.exchange.house import PATH, difference, receiving
from tests.exchange.house import receipt as taken
from tests.exchange.two import CutError
from tests.peer import MESSAGE, NOW, a_state


@pytest.fixture
def mallory(house):
    return house.meet()


@pytest.fixture
def request_id(house, mallory):
    return house.ask(mallory)


def is_tried_again(house, request_id, transport, code="receipt_invalid"):
    """Tell that an answer is no receipt: the message waits, and goes out again."""
    house.send(transport)
    (message,) = house.outgoing(request_id)
    assert (message.state, message.code) == ("waiting", code)
    assert message.due_at > house.clock.at
    assert message.receipt is None
    house.clock.pass_by(hours=2)
    return message


def test_a_receipt_ends_the_delivery(house, mallory, request_id):
    house.send(receiving(mallory))
    (message,) = house.outgoing(request_id)
    assert (message.state, message.attempts, message.code) == ("received", 1, None)
    assert message.receipt is not None
    assert message.body == {}


def test_what_an_act_says_is_kept_to_be_compared_with_what_follows(house, mallory):
    conversation, school = uuid4(), house.issuer("school")

    def tell(**more):
        body = a_state(mallory.issuer, school, conversation, **more)
        seq = 2 if more else 1
        claims = mallory.claims(school, conversation, body, seq=seq)
        taken(house.post(mallory.signed(claims)))

    tell()
    of = f"{PATH}/{conversation}"
    house.school.change(f"{of}/acceptance", {}, of=of)
    house.send(receiving(mallory))
    (message,) = house.outgoing(conversation)
    assert (message.state, message.body["act"]) == ("received", "accept")
    done = {"event": "accepted", "sequence": 2, "by": school}
    tell(cause=message.jti, status="accepted", event=done)
    (message,) = house.outgoing(conversation)
    assert (message.is_settled, message.body["act"]) == (True, "accept")


@pytest.mark.parametrize(
    "changes",
    [
        {"message": "another"},
        {"digest": "sha256-" + "A" * 43},
        {"seq": 2},
        {"conv": "f439899a-5441-4df0-bc22-d7cef217c776"},
        {"aud": "https://recognition.example/issuers/school"},
        {"iss": "https://elsewhere.example/issuers/mallory"},
        {"status": "perhaps"},
        {"status": "refused"},
        {"code": "unasked"},
        {"iat": "now"},
    ],
    ids=str,
)
def test_a_receipt_for_something_else_is_none(house, mallory, request_id, changes):
    is_tried_again(house, request_id, receiving(mallory, **changes))
    house.send(receiving(mallory, now=house.clock.at))
    (message,) = house.outgoing(request_id)
    assert (message.state, message.attempts) == ("received", 2)


def test_a_receipt_of_a_stranger_is_none(house, mallory, request_id):
    stranger = MemorySigner(issuer=mallory.issuer)
    is_tried_again(house, request_id, receiving(mallory, signer=stranger))


def test_a_receipt_with_a_forged_signature_is_none(house, mallory, request_id):
    stranger = MemorySigner(issuer=mallory.issuer)
    known = {"kid": mallory.keys[KeyPurpose.RECEIPTS].kid}
    forged = receiving(mallory, signer=stranger, header=known)
    is_tried_again(house, request_id, forged)


@pytest.mark.parametrize("purpose", [KeyPurpose.EXCHANGE, KeyPurpose.ATTESTATIONS])
def test_a_receipt_by_a_key_for_something_else_is_none(
    house, mallory, request_id, purpose
):
    is_tried_again(house, request_id, receiving(mallory, signer=mallory.keys[purpose]))


def test_a_receipt_of_a_neighbour_is_none(house, mallory, request_id):
    other = mallory.peer.authority("other")
    mallory.peer.tell(house.runtime)
    is_tried_again(house, request_id, receiving(other))


def test_a_receipt_by_a_compromised_key_is_none(house, mallory, request_id):
    mallory.dates[KeyPurpose.RECEIPTS] = {"compromised_at": NOW}
    mallory.peer.tell(house.runtime)
    is_tried_again(house, request_id, receiving(mallory))


def test_a_message_is_no_receipt(house, mallory, request_id):
    is_tried_again(house, request_id, receiving(mallory, header={"typ": MESSAGE}))
    claims = mallory.claims(
        house.issuer("centre"),
        request_id,
        a_state(mallory.issuer, house.issuer("centre"), request_id),
    )
    echo = mallory.signed(claims).encode()
    house.send(lambda *_: Reply(202, echo))
    (message,) = house.outgoing(request_id)
    assert (message.state, message.code) == ("waiting", "receipt_invalid")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(202, b""),
        Reply(202, b"ok"),
        Reply(200, b'{"status":"received"}'),
        Reply(403, b'{"code":"sender_refused"}'),
        Reply(500, b""),
        Reply(503, b"later"),
        Reply(302, b""),
        Reply(202, b"a.b.c"),
        Reply(202, "é".encode()),
        Reply(202, b"a" * 20_000),
    ],
    ids=lambda reply: f"{reply.status}-{len(reply.body)}",
)
def test_an_answer_that_is_no_receipt_is_none(house, request_id, reply):
    is_tried_again(house, request_id, lambda *_: reply)


def test_a_genuine_receipt_counts_although_the_status_is_wrong(
    house, mallory, request_id
):
    """Only the signature speaks; a proxy may have touched the status."""

    def transport(url, body, headers):
        return Reply(200, receiving(mallory)(url, body, headers).body)

    house.send(transport)
    (message,) = house.outgoing(request_id)
    assert message.state == "received"


def test_a_refusal_for_good_stays_visible(house, mallory, request_id):
    refused = {
        "status": "refused",
        "code": "other_mode",
        "detail": "No.",
        "retry": False,
    }
    house.send(receiving(mallory, **refused))
    (message,) = house.outgoing(request_id)
    assert (message.state, message.code) == ("refused", "other_mode")
    (noted,) = house.audit("centre", f"exchange/{request_id}")
    assert noted.action == "exchange.refused"
    assert noted.content == {
        "message": message.jti,
        "type": "mutual_request.state",
        "code": "other_mode",
    }
    before = house.kept()
    house.clock.pass_by(days=2)
    house.send(receiving(mallory))
    assert difference(before, house.kept()) == {}


def test_a_refusal_for_now_is_tried_again_under_the_same_name(
    house, mallory, request_id
):
    later = {"status": "refused", "code": "out_of_order", "detail": None, "retry": True}
    first = is_tried_again(
        house, request_id, receiving(mallory, **later), "out_of_order"
    )
    house.send(receiving(mallory, now=house.clock.at))
    (message,) = house.outgoing(request_id)
    assert (message.state, message.jti) == ("received", first.jti)


def test_case_66_the_delay_doubles_and_after_thirty_days_it_is_given_up(
    house, request_id
):
    def cut(*_):
        raise CutError("Nobody answers.")

    assert issubclass(CutError, UnavailableError)
    pauses = []
    for _ in range(12):
        house.send(cut, rounds=1)
        (message,) = house.outgoing(request_id)
        pauses.append((message.due_at - house.clock.at).total_seconds())
        house.clock.at = message.due_at
    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    house.clock.at = NOW + timedelta(days=31)
    house.send(cut, rounds=1)
    (message,) = house.outgoing(request_id)
    assert (message.state, message.code, message.is_settled) == ("expired", "cut", True)
    before = house.kept()
    house.clock.pass_by(days=2)
    house.send(cut)
    assert difference(before, house.kept()) == {}
