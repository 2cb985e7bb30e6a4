"""Whoever writes must prove who they are; nothing else leaves a trace here."""

from datetime import timedelta
from uuid import uuid4

import pytest

from recognition_service.authorities.peers import end_peer
from recognition_service.credentials import base64url
from recognition_service.credentials.exchange_message import _MESSAGE, LARGEST_MESSAGE
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import Mode
from tests.credentials.builders import MemorySigner
from tests.exchange.house import KEPT_REFUSAL, difference, receipt, refusal, seen
from tests.peer import NOW, RECEIPT, Peer, a_state, claims_of

EXCHANGE = KeyPurpose.EXCHANGE


def asking(mallory, house, **changes):
    """Return the claims of a message by which somebody asks the school."""
    conversation = changes.pop("conv", uuid4())
    school = house.issuer("school")
    body = a_state(mallory.issuer, school, conversation)
    return mallory.claims(school, conversation, body, **changes)


def is_not_believed(house, token, reason, *, status=403):
    """Tell that a token gets a problem, no signature, and changes nothing at all."""
    before = house.kept()
    answer = house.post(token)
    assert (answer.status_code, answer.json["reason"]) == (status, reason)
    assert answer.content_type == "application/problem+json"
    return difference(before, house.kept())


def test_an_honest_message_is_taken_and_receipted(house):
    mallory = house.meet()
    claims = asking(mallory, house)
    said = receipt(house.post(mallory.signed(claims)))
    assert said["status"] == "received"
    assert (said["iss"], said["aud"]) == (house.issuer("school"), mallory.issuer)
    assert (said["message"], said["seq"]) == (claims["jti"], 1)
    incoming = seen(house.school, claims["conv"])
    assert incoming["from"] == mallory.called
    assert incoming["questions"][0]["text"] == "Was the award made as described?"


def test_a_forged_signature_proves_nobody(house):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house))
    head, payload, _ = token.split(".")
    forged = f"{head}.{payload}.{base64url.encode(bytes(63) + b'1').decode()}"
    assert is_not_believed(house, forged, "bad_signature") == {}


def test_a_changed_body_breaks_the_signature(house):
    mallory = house.meet()
    claims = asking(mallory, house)
    signature = mallory.signed(claims).split(".")[2]
    head, payload, _ = mallory.signed(claims | {"seq": 2}).split(".")
    changed = f"{head}.{payload}.{signature}"
    assert is_not_believed(house, changed, "bad_signature") == {}


@pytest.mark.parametrize("purpose", [KeyPurpose.ATTESTATIONS, KeyPurpose.RECEIPTS])
def test_a_key_for_something_else_signs_no_messages(house, purpose):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house), purpose=purpose)
    assert is_not_believed(house, token, "key_wrong_purpose") == {}


def test_the_key_of_another_authority_of_the_same_list_does_not_help(house):
    mallory = house.meet()
    other = mallory.peer.authority("other")
    mallory.peer.tell(house.runtime)
    token = mallory.signed(asking(mallory, house), signer=other.keys[EXCHANGE])
    wanted = is_not_believed(house, token, "key_unknown", status=503)
    assert wanted == {"peer": 0}  # A newer list is wanted, nothing else.
    key = other.keys[EXCHANGE]
    named = mallory.signed(
        asking(mallory, house), signer=key, kid=mallory.keys[EXCHANGE].kid
    )
    assert is_not_believed(house, named, "bad_signature") == {}


def test_our_own_authority_cannot_be_played(house):
    mallory = house.meet()
    claims = asking(mallory, house, iss=house.issuer("centre"))
    assert is_not_believed(house, mallory.signed(claims), "sender_unknown") == {}


def test_case_66_a_new_key_is_believed_once_the_newer_list_is_read(house):
    mallory = house.meet()
    mallory.renew(EXCHANGE)
    token = mallory.signed(asking(mallory, house))
    assert is_not_believed(house, token, "key_unknown", status=503) == {"peer": 0}
    (peer,) = [p for p in house.runtime.peers() if p.name == mallory.peer.name]
    assert peer.wanted_at == NOW
    mallory.peer.tell(house.runtime)
    assert receipt(house.post(token))["status"] == "received"
    (peer,) = [p for p in house.runtime.peers() if p.name == mallory.peer.name]
    assert peer.wanted_at is None


def test_nobody_knows_an_installation_that_was_not_introduced(house):
    stranger = Peer().authority("stranger")
    token = stranger.signed(asking(stranger, house))
    assert is_not_believed(house, token, "sender_unknown") == {}


def test_nothing_is_taken_before_a_trust_list_was_read(house):
    mallory = Peer().authority("mallory")
    mallory.peer.introduce(house.runtime)
    token = mallory.signed(asking(mallory, house))
    assert is_not_believed(house, token, "trust_missing", status=503) == {}


def test_nothing_is_exchanged_with_an_installation_that_was_ended(house):
    mallory = house.meet()
    with house.runtime.database.transaction() as session:
        end_peer(session, mallory.peer.name, actor="service", now=NOW)
    token = mallory.signed(asking(mallory, house))
    assert is_not_believed(house, token, "sender_unknown") == {}


def test_a_compromised_key_proves_nothing_whatever_date_it_claims(house):
    mallory = house.meet()
    mallory.dates[EXCHANGE] = {"compromised_at": NOW}
    mallory.peer.tell(house.runtime)
    early = asking(mallory, house, now=NOW - timedelta(days=3))
    assert is_not_believed(house, mallory.signed(early), "key_compromised") == {}


def test_a_retired_key_signs_nothing_new(house):
    mallory = house.meet()
    mallory.dates[EXCHANGE] = {"retired_at": NOW - timedelta(hours=1)}
    mallory.peer.tell(house.runtime)
    late = mallory.signed(asking(mallory, house))
    assert is_not_believed(house, late, "key_retired") == {}
    before = asking(mallory, house, now=NOW - timedelta(hours=2))
    assert receipt(house.post(mallory.signed(before)))["status"] == "received"


def test_a_key_is_not_believed_before_its_time(house):
    mallory = house.meet()
    mallory.dates[EXCHANGE] = {"valid_from": NOW + timedelta(hours=1)}
    mallory.peer.tell(house.runtime)
    token = mallory.signed(asking(mallory, house))
    early = is_not_believed(house, token, "key_not_yet_valid", status=503)
    assert early == {"peer": 0}


def test_an_authority_that_is_no_longer_trusted_is_not_heard(house):
    mallory = house.meet()
    mallory.trusted_until = NOW - timedelta(days=1)
    mallory.peer.tell(house.runtime)
    token = mallory.signed(asking(mallory, house))
    assert is_not_believed(house, token, "trust_ended") == {}


def test_a_list_that_takes_no_test_authorities_speaks_for_none(house):
    mallory = house.meet(accept_test=False)
    token = mallory.signed(asking(mallory, house))
    assert is_not_believed(house, token, "sender_is_test") == {}


def test_a_live_authority_gets_no_answer_of_a_test_authority(house):
    peer = Peer()
    serious = peer.authority("serious", mode=Mode.LIVE)
    peer.introduce(house.runtime)
    peer.tell(house.runtime)
    before = house.kept()
    claims = asking(serious, house)
    answer = house.post(serious.signed(claims))
    assert refusal(answer) == ("other_mode", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("name", ["nobody", "SCHOOL", "school/", "../school", ""])
def test_a_message_to_nobody_here_is_not_taken(house, name):
    mallory = house.meet()
    claims = asking(mallory, house, aud=house.issuer(name))
    assert is_not_believed(house, mallory.signed(claims), "recipient_unknown") == {}


def test_a_message_to_a_third_installation_is_not_passed_on(house):
    mallory, third = house.meet(), house.meet()
    claims = asking(mallory, house, aud=third.issuer)
    assert is_not_believed(house, mallory.signed(claims), "recipient_unknown") == {}


@pytest.mark.parametrize(
    "typ", ["vc+jwt", "dc+sd-jwt", "JWT", RECEIPT, "recognition-message+JWT", None, 7]
)
def test_what_is_of_another_type_is_no_message(house, typ):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house), typ=typ)
    assert is_not_believed(house, token, "typ_not_allowed") == {}


def test_a_receipt_is_no_message(house):
    mallory = house.meet()
    token = mallory.receipt(mallory.signed(asking(mallory, house)))
    assert is_not_believed(house, token, "typ_not_allowed") == {}


@pytest.mark.parametrize("member", ["jwk", "jku", "x5c", "x5u", "x5t", "x5t#S256"])
def test_a_key_that_a_message_brings_along_is_refused(house, member):
    mallory = house.meet()
    stranger = MemorySigner(issuer=mallory.issuer)
    token = mallory.signed(
        asking(mallory, house), signer=stranger, **{member: stranger.public_jwk}
    )
    assert is_not_believed(house, token, "key_not_allowed") == {}


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"alg": "none"}, "bad_signature"),
        ({"alg": "HS256"}, "bad_signature"),
        ({"alg": "EdDSA"}, "bad_signature"),
        ({"crit": ["exp"]}, "crit_not_supported"),
        ({"b64": False}, "b64_not_supported"),
        ({"zip": "DEF"}, "zip_not_supported"),
        ({"kid": None}, "kid_missing"),
        ({"kid": ["a"]}, "kid_missing"),
    ],
)
def test_a_header_opens_no_side_door(house, header, reason):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house), **header)
    assert is_not_believed(house, token, reason) == {}


@pytest.mark.parametrize("kid", ["../../etc/passwd", "x" * 9000, "'; DROP TABLE peer"])
def test_a_strange_name_of_a_key_is_only_unknown(house, kid):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house), kid=kid)
    assert is_not_believed(house, token, "key_unknown", status=503) == {"peer": 0}


@pytest.mark.parametrize(
    "rubbish",
    [b"", b"rubbish", b"a.b", b"a.b.c", b"a.b.c.d", b"{}", b"\x00\xff", "é".encode()],
)
def test_rubbish_is_no_message(house, rubbish):
    before = house.kept()
    answer = house.post(rubbish)
    assert (answer.status_code, answer.json["code"]) == (403, "sender_refused")
    assert difference(before, house.kept()) == {}


def test_a_truncated_message_is_not_taken(house):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house))
    before = house.kept()
    for length in (10, len(token) // 3, len(token) - 20, len(token) - 1):
        assert house.post(token[:length]).status_code == 403
    assert difference(before, house.kept()) == {}


@pytest.mark.parametrize(
    "payload",
    [
        b"not json",
        b"[]",
        b"null",
        b'{"iss":"a","iss":"b"}',
        b'{"iat":NaN}',
        b"\xff",
        b'{"a":"\\ud800"}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ],
)
def test_a_payload_that_is_not_strict_json_is_not_taken(house, payload):
    mallory = house.meet()
    before = house.kept()
    answer = house.post(mallory.signed(payload))
    assert (answer.status_code, answer.json["code"]) == (403, "sender_refused")
    assert difference(before, house.kept()) == {}


def test_what_is_longer_than_a_message_is_not_read(house):
    before = house.kept()
    answer = house.post(b"a" * (LARGEST_MESSAGE + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert difference(before, house.kept()) == {}


def test_another_media_type_is_not_read(house):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house))
    assert house.post(token, content_type="application/json").status_code == 415


@pytest.mark.parametrize("name", sorted(_MESSAGE))
def test_a_message_lacks_no_member(house, name):
    mallory = house.meet()
    claims = asking(mallory, house)
    del claims[name]
    assert is_not_believed(house, mallory.signed(claims), "not_a_message") == {}


def test_a_message_has_no_further_member(house):
    mallory = house.meet()
    claims = asking(mallory, house, role="operator")
    assert is_not_believed(house, mallory.signed(claims), "not_a_message") == {}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": 1}, "not_a_text"),
        ({"aud": ["a", "b"]}, "not_a_text"),
        ({"jti": ""}, "not_a_text"),
        ({"jti": "é"}, "not_a_name"),
        ({"jti": "a\nb"}, "not_a_name"),
        ({"jti": "a" * 121}, "not_a_name"),
        ({"iat": "today"}, "not_an_instant"),
        ({"iat": 1.5}, "not_an_instant"),
        ({"iat": True}, "not_an_instant"),
        ({"exp": 2**52}, "not_an_instant"),
        ({"exp": -(2**52)}, "not_an_instant"),
        ({"exp": 0}, "life_too_long"),
        ({"exp": int(NOW.timestamp()) + 40 * 86400}, "life_too_long"),
        ({"conv": "1"}, "not_an_id"),
        ({"conv": "{0193A1C2-7D1B-7C55-9A51-0D6F2A7E9C11}"}, "not_an_id"),
        ({"seq": 0}, "not_a_sequence"),
        ({"seq": -1}, "not_a_sequence"),
        ({"seq": 2**31}, "not_a_sequence"),
        ({"seq": "1"}, "not_a_sequence"),
        ({"seq": True}, "not_a_sequence"),
        ({"type": "x" * 121}, "not_a_name"),
        ({"type": None}, "not_a_text"),
        ({"body": []}, "not_a_message"),
        ({"body": None}, "not_a_message"),
        ({"attachments": {}}, "not_a_message"),
        ({"attachments": [1]}, "not_a_text"),
        ({"attachments": ["sha256-a"] * 101}, "not_a_message"),
    ],
)
def test_every_member_of_a_message_is_what_it_must_be(house, changes, reason):
    mallory = house.meet()
    claims = asking(mallory, house) | changes
    assert is_not_believed(house, mallory.signed(claims), reason) == {}


# Clocks differ a little; what is far away is refused, and may come again.


@pytest.mark.parametrize("minutes", [-5, 5])
def test_clocks_may_differ_by_five_minutes(house, minutes):
    mallory = house.meet()
    claims = asking(mallory, house, now=NOW + timedelta(minutes=minutes))
    assert receipt(house.post(mallory.signed(claims)))["status"] == "received"


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(days=1)])
def test_a_message_from_the_future_may_come_again(house, ahead):
    mallory = house.meet()
    token = mallory.signed(asking(mallory, house, now=NOW + ahead))
    before = house.kept()
    assert refusal(house.post(token)) == ("issued_in_future", True)
    assert difference(before, house.kept()) == {}
    house.clock.pass_by(seconds=ahead.total_seconds())
    assert receipt(house.post(token))["status"] == "received"


def test_a_clock_that_is_a_day_late_disturbs_nobody(house):
    mallory = house.meet()
    claims = asking(mallory, house, now=NOW - timedelta(days=1))
    assert receipt(house.post(mallory.signed(claims)))["status"] == "received"


def test_an_expired_message_is_signed_anew(house):
    mallory = house.meet()
    claims = asking(mallory, house, now=NOW - timedelta(days=8))
    before = house.kept()
    assert refusal(house.post(mallory.signed(claims))) == ("expired", True)
    assert difference(before, house.kept()) == {}
    anew = claims | {
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(days=1)).timestamp()),
    }
    said = receipt(house.post(mallory.signed(anew)))
    assert (said["status"], said["message"]) == ("received", claims["jti"])
    assert claims_of(mallory.signed(anew))["jti"] == claims["jti"]


def a_large_one(mallory, house):
    claims = asking(mallory, house)
    claims["body"]["content"]["free_text"] = {"en": "x" * 100_000}
    return claims


def test_a_large_message_is_read_only_once_a_known_key_has_signed_it(house):
    mallory = house.meet()
    claims = a_large_one(mallory, house)
    head, payload, signature = mallory.signed(claims).split(".")
    unread = base64url.encode(b"{" * 100_000).decode()
    assert is_not_believed(house, f"{head}.{unread}.{signature}", "bad_signature") == {}
    elsewhere = MemorySigner(issuer="https://x.example/issuers/y")
    stranger = mallory.signed(claims, signer=elsewhere)
    assert is_not_believed(house, stranger, "sender_unknown") == {}
    another = MemorySigner(issuer=mallory.issuer)
    unknown = mallory.signed(claims, signer=another)
    assert is_not_believed(house, unknown, "key_unknown", status=503) == {"peer": 0}
    taken = house.post(f"{head}.{payload}.{signature}")
    assert refusal(taken) == ("message_body_unfit", False)


@pytest.mark.parametrize("sign", ["\x07", "\u202e", "\u200b", "\ufeff", "\U000e0041"])
def test_a_text_with_signs_that_nobody_sees_is_refused(house, sign):
    mallory = house.meet()
    claims = asking(mallory, house)
    claims["body"]["content"]["free_text"] = {"en": f"paid{sign}unpaid"}
    assert refusal(house.post(mallory.signed(claims))) == ("message_body_unfit", False)


def test_joiners_and_line_breaks_may_stand_in_a_text(house):
    mallory = house.meet()
    claims = asking(mallory, house)
    claims["body"]["content"]["free_text"] = {
        "fa": "\u0645\u06cc\u200c\u0634\u0648\u062f\nyes"
    }
    assert receipt(house.post(mallory.signed(claims)))["status"] == "received"
