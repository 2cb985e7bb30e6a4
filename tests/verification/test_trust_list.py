"""Which signed trust list is believed, and what becomes of every other."""

import json
from datetime import timedelta

import pytest

from recognition_service.credentials import base64url, jws
from recognition_service.credentials.errors import UnusableKeyError
from recognition_service.verification.trust import Mode, VerificationInputs
from recognition_service.verification.trust_list import (
    AcceptedList,
    Refusal,
    anchors_value,
    claimed_issuer,
    read_anchors,
    reopen,
    version_floor,
)
from tests.credentials.builders import STATUS_URI, MemorySigner
from tests.verification import world
from tests.verification.lists import (
    LIST_ISSUER,
    OPERATOR,
    SECOND,
    STRANGER,
    THIRD,
    TODAY,
    VERSION,
    a_list,
    a_token,
    anchors,
    claims,
    offered,
    signed,
)

DAY = timedelta(days=1)


def held(snapshot=None, pinned=None, signer=OPERATOR):
    found = offered(a_token(snapshot, signer), pinned=pinned, now=TODAY + DAY)
    assert isinstance(found, AcceptedList)
    return found


def by_list(accepted, presented=world.GOOD, at=TODAY):
    statuses = {STATUS_URI: world.GOOD_STATUS}
    given = VerificationInputs(accepted.snapshot, statuses)
    return world.answer(presented, given, at=at, checked_at=at)


# What is believed.


def test_a_list_that_the_pinned_key_has_signed_is_believed():
    accepted = offered(a_token())
    assert accepted.snapshot == a_list()
    assert accepted.issuer == LIST_ISSUER
    assert accepted.signers == anchors().thumbprints()
    assert by_list(accepted) == ("valid", "valid")


def test_a_newer_list_follows_the_one_that_is_held():
    newer = a_list(version=VERSION + 1, as_of=TODAY + timedelta(hours=1))
    accepted = offered(a_token(newer), held=held(), now=TODAY + DAY)
    assert accepted.snapshot == newer


def test_the_same_list_may_be_offered_again():
    token = a_token()
    first = offered(token)
    assert offered(token, held=first) == first


def test_the_same_list_in_another_signature_is_the_same():
    assert offered(a_token(), held=held()).digest == held().digest


def test_a_list_that_was_accepted_is_opened_again_when_it_has_expired():
    accepted = held()
    assert reopen(accepted.tokens, anchors()) == accepted
    assert reopen(accepted.tokens, anchors(SECOND)) == Refusal.THRESHOLD_NOT_MET


# What is refused: the list that is held stays with whoever holds it.


def test_case_15_rollback_to_an_older_version_is_refused():
    older = a_token(a_list(version=VERSION - 1))
    assert offered(older, held=held()) == Refusal.ROLLBACK


def test_case_15_rollback_in_time_under_a_higher_version_is_refused():
    earlier = a_token(a_list(version=VERSION + 1, as_of=TODAY - DAY))
    assert offered(earlier, held=held()) == Refusal.ROLLBACK


def test_case_15_rollback_to_another_list_of_the_same_version_is_refused():
    other = a_token(a_list(world.OTHER))
    assert offered(other, held=held()) == Refusal.SAME_VERSION_DIFFERS


def test_case_15_freeze_is_noticed_because_the_list_goes_stale():
    accepted = held()
    late = TODAY + 8 * DAY
    assert accepted.is_fresh(TODAY + 7 * DAY)
    assert not accepted.is_fresh(late)
    frozen = offered(a_token(), held=accepted, now=late)
    assert isinstance(frozen, AcceptedList)  # Kept, but it confirms nothing.
    token = world.a_token()
    assert by_list(frozen, token, at=late) == ("cannot_confirm", "trust_stale")


@pytest.mark.parametrize("version", [2**31, 2**31 - 1, VERSION + 200_000, 0, -1])
def test_case_15_fast_forward_is_refused(version):
    far = a_token(a_list(version=version))
    assert offered(far) == Refusal.FAST_FORWARD
    assert offered(far, held=held()) == Refusal.FAST_FORWARD


def test_case_15_fast_forward_as_far_as_allowed_is_overtaken_by_time():
    stolen = held(a_list(version=VERSION + 99_999))
    later = TODAY + timedelta(days=70)
    honest = a_list(version=version_floor(later), as_of=later)
    assert isinstance(offered(a_token(honest), held=stolen, now=later), AcceptedList)


def test_case_15_fast_forward_is_recovered_from_by_new_anchors():
    stolen = held(a_list(version=VERSION + 99_999))
    honest = a_token(a_list(version=VERSION + 1), SECOND)
    assert offered(honest, held=stolen) == Refusal.THRESHOLD_NOT_MET
    accepted = offered(honest, pinned=anchors(SECOND), held=stolen)
    assert accepted.snapshot.version == VERSION + 1


def test_new_anchors_that_keep_the_old_key_forget_nothing():
    both = anchors(OPERATOR, SECOND)
    older = a_token(a_list(version=VERSION - 1), SECOND)
    assert offered(older, pinned=both, held=held()) == Refusal.ROLLBACK


def test_case_15_threshold_not_met_by_one_of_two():
    pinned = anchors(OPERATOR, SECOND, THIRD, threshold=2)
    one, two = a_token(), a_token(signer=THIRD)
    assert offered(one, pinned=pinned) == Refusal.THRESHOLD_NOT_MET
    accepted = offered(one, two, pinned=pinned)
    assert len(accepted.signers) == 2


def test_case_15_threshold_not_met_by_one_key_that_signs_twice():
    pinned = anchors(OPERATOR, SECOND, threshold=2)
    again = [a_token(), a_token(), malleated(a_token())]
    assert offered(*again, pinned=pinned) == Refusal.THRESHOLD_NOT_MET


def test_case_15_threshold_not_met_by_a_stranger():
    assert offered(a_token(signer=STRANGER)) == Refusal.THRESHOLD_NOT_MET
    assert offered(a_token(), a_token(signer=STRANGER)).signers == (
        anchors().thumbprints()
    )


def test_signatures_over_different_lists_do_not_add_up():
    pinned = anchors(OPERATOR, SECOND, threshold=2)
    tokens = a_token(), a_token(a_list(world.OTHER), SECOND)
    assert offered(*tokens, pinned=pinned) == Refusal.PAYLOADS_DIFFER


def test_a_signature_under_another_name_of_the_pinned_key_is_bad():
    stranger = MemorySigner(issuer=LIST_ISSUER)
    stranger.kid = OPERATOR.kid
    assert offered(a_token(signer=stranger)) == Refusal.BAD_SIGNATURE


def test_a_list_that_was_altered_after_signing_is_bad():
    header, payload, signature = a_token().split(".")
    altered = base64url.decode(payload.encode()).replace(b"Flanders", b"Flensbrg")
    token = ".".join((header, base64url.encode_text(altered), signature))
    assert offered(token) == Refusal.BAD_SIGNATURE


def test_a_list_that_was_not_made_yet_is_refused():
    soon = a_token(a_list(as_of=TODAY + timedelta(seconds=60)))
    later = a_token(a_list(as_of=TODAY + timedelta(seconds=61)))
    assert isinstance(offered(soon), AcceptedList)
    assert offered(later) == Refusal.ISSUED_IN_FUTURE


@pytest.mark.parametrize("days", [32, 365, 0, -1])
def test_a_list_that_would_live_too_long_or_not_at_all_is_refused(days):
    assert offered(a_token(a_list(days=days))) == Refusal.LIFE_TOO_LONG


def test_a_list_may_live_for_31_days():
    assert isinstance(offered(a_token(a_list(days=31))), AcceptedList)


def test_a_key_that_names_another_issuer_signs_nothing_here():
    other = MemorySigner(issuer="https://other.example/trust")
    assert offered(a_token(signer=other), pinned=anchors(other)) == Refusal.OTHER_ISSUER


def test_another_operator_s_list_does_not_follow_this_one():
    other = MemorySigner(issuer="https://other.example/trust")
    other.private_key, other.public_jwk = OPERATOR.private_key, OPERATOR.public_jwk
    other.kid = f"https://other.example/trust#{OPERATOR.kid.partition('#')[2]}"
    text = json.dumps(claims(a_list(version=VERSION + 1)))
    moved = text.replace("recognition.example", "other.example")
    assert offered(signed(moved.encode(), other), held=held()) == Refusal.OTHER_ISSUER


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "statuslist+jwt"},
        {"typ": "JWT"},
        {"cty": "json"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"jwk": {"kty": "EC"}},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/chain"},
        {"crit": ["exp"]},
        {"kid": None},
        {"kid": "../../etc/passwd"},
    ],
)
def test_a_header_of_another_kind_is_refused(header):
    token = world.signed(claims(), OPERATOR, **header)
    assert isinstance(offered(token), Refusal)


@pytest.mark.parametrize(
    "payload",
    [
        claims(type=["VerifiableCredential"]),
        claims(version=str(VERSION)),
        claims(version=True),
        claims(note="x"),
        claims(iat=0),
        claims(exp=4_000_000_000),
        claims(credentialSubject=[]),
        claims(credentialSubject={}),
        claims(acceptsTestIssuers=1),
        claims(validUntil="2099-01-01T00:00:00Z"),
        {},
        b"[]",
        b'{"version": 1, "version": 2}',
        b"\xff",
    ],
    ids=range(14),
)
def test_a_payload_of_another_kind_is_refused(payload):
    assert offered(signed(payload)) == Refusal.MALFORMED


@pytest.mark.parametrize("tokens", [[], ["x"], ["a.b.c"], ["é.e.e"], [""], ["e.e.e"]])
def test_what_is_no_token_is_refused(tokens):
    assert offered(*tokens) == Refusal.MALFORMED


def test_more_signatures_than_anybody_needs_are_not_looked_at():
    assert offered(*[a_token()] * 17) == Refusal.MALFORMED


def test_the_issuer_that_a_token_claims_can_be_told():
    assert claimed_issuer(a_token()) == LIST_ISSUER
    assert claimed_issuer("x") is None
    assert claimed_issuer(signed({"issuer": 1})) is None


# Case 14: what a list says about the past and the present of an issuer.


def test_case_14_an_issuer_that_was_taken_off_the_list_is_told_with_its_date():
    ended = world.an_issuer(trusted_until=TODAY - DAY)
    accepted = offered(a_token(a_list(ended)))
    assert by_list(accepted) == ("cannot_confirm", "issuer_no_longer_trusted")
    given = VerificationInputs(accepted.snapshot, {STATUS_URI: world.GOOD_STATUS})
    report = world.check(world.GOOD, given, at=TODAY, checked_at=TODAY)
    (told,) = [check for check in report.checks if check.code == report.code]
    assert told.params == {"trusted_until": "2026-11-20T10:00:00Z"}
    before = TODAY - 2 * DAY
    assert by_list(accepted, at=before) == ("valid", "valid")


def test_case_14_an_issuer_that_is_not_on_the_list_cannot_be_confirmed():
    accepted = offered(a_token(a_list(world.OTHER)))
    assert by_list(accepted) == ("cannot_confirm", "issuer_unknown")


def test_case_14_a_test_issuer_is_believed_if_the_signed_list_says_so():
    test = world.an_issuer(mode=Mode.TEST)
    serious = offered(a_token(a_list(test)))
    demonstration = offered(a_token(a_list(test, accept_test=True)))
    assert by_list(serious) == ("cannot_confirm", "issuer_is_test")
    assert by_list(demonstration) == ("valid", "valid")


def test_case_42_the_name_is_the_registered_one_whatever_a_token_says():
    accepted = offered(a_token(a_list(world.an_issuer(registered_name="Registered"))))
    given = VerificationInputs(accepted.snapshot, {STATUS_URI: world.GOOD_STATUS})
    payload = world.a_payload()
    payload["issuer"] = {"id": payload["issuer"]["id"], "name": "Min\u0456stry"}
    report = world.check(world.signed(payload), given)
    assert report.issuer.registered_name == "Registered"


# Anchors.


def test_anchors_are_read_as_they_are_written():
    pinned = anchors(OPERATOR, SECOND, threshold=2)
    assert read_anchors(json.loads(json.dumps(anchors_value(pinned)))) == pinned


def test_a_single_key_is_an_anchor():
    assert read_anchors(OPERATOR.public_jwk) == anchors()


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"keys": []},
        {"keys": {}},
        {"keys": ["x"]},
        {"keys": [OPERATOR.public_jwk], "threshold": 2},
        {"keys": [OPERATOR.public_jwk], "threshold": 0},
        {"keys": [OPERATOR.public_jwk], "threshold": True},
        {"keys": [OPERATOR.public_jwk], "threshold": "1"},
        {"keys": [OPERATOR.public_jwk, OPERATOR.public_jwk], "threshold": 2},
        OPERATOR.public_jwk | {"d": "AA"},
        OPERATOR.public_jwk | {"kty": "oct"},
    ],
    ids=[str(number) for number in range(13)],
)
def test_what_cannot_anchor_anything_is_refused(value):
    with pytest.raises(UnusableKeyError):
        read_anchors(value)


def malleated(token):
    """Return the same token with the other good form of its ES256 signature."""
    signing_input, _, signature = token.rpartition(".")
    raw = base64url.decode(signature.encode())
    s = int.from_bytes(raw[32:])
    flipped = raw[:32] + (jws._P256_ORDER - s).to_bytes(32)
    return f"{signing_input}.{base64url.encode_text(flipped)}"
