"""A joint award holds when all its credentials do, each by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recognition_service.credentials import token_status_list
from recognition_service.credentials.attestation_claims import JointAward
from recognition_service.credentials.canonical import digest
from recognition_service.verification.document import as_document
from recognition_service.verification.trust import StatusInput, VerificationInputs
from recognition_service.verification.verify import verify
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    some_claims,
)
from tests.credentials.sd_jwt_builders import a_wallet_token
from tests.verification.world import (
    ATTESTATION_KEY,
    GOOD,
    GOOD_STATUS,
    NOW,
    OTHER,
    OTHER_ISSUER,
    OTHER_KEY,
    OTHER_STATUS_KEY,
    a_copy,
    a_token,
    an_issuer,
    status_claims,
    trust,
)

THIRD_ISSUER = f"{PUBLIC_URL}/issuers/fr-demo"
OTHER_URI = f"{PUBLIC_URL}/status/tsl/8"
REQUIRED = (ISSUER, OTHER_ISSUER)
OTHER_NAME = "Another body"


def own(required=REQUIRED, **changes):
    return some_claims(joint=JointAward(required, "A"), **changes)


def theirs(required=REQUIRED, **changes):
    return some_claims(
        issuer_id=OTHER_ISSUER, joint=JointAward(required, "B"), **changes
    )


def their_token(claims=None, **copy):
    return a_token(claims or theirs(), OTHER_KEY, status_uri=OTHER_URI, **copy)


def given(value=0, *issuers, **changes):
    """Inputs with a list of each issuer; theirs says `value` about the copy."""
    claims = status_claims(value, sub=OTHER_URI, **changes)
    listed = StatusInput(
        OTHER_URI,
        token_status_list.sign(claims, OTHER_STATUS_KEY),
        NOW - timedelta(minutes=1),
    )
    return VerificationInputs(
        trust(*issuers), {STATUS_URI: GOOD_STATUS, OTHER_URI: listed}
    )


def check(presented, *peers, inputs=None):
    return verify(presented, inputs or given(), at=NOW, checked_at=NOW, peers=peers)


def answer(presented, *peers, inputs=None):
    report = check(presented, *peers, inputs=inputs)
    return report.verdict.value, report.code.value


OWN, THEIRS = a_token(own()), their_token()


def joint_check(report):
    (found,) = [entry for entry in report.checks if entry.id == "joint"]
    return found


def test_both_together_are_valid_whichever_is_asked_about():
    for first, second in ((OWN, THEIRS), (THEIRS, OWN)):
        report = check(first, second)
        assert (report.verdict.value, report.code.value) == ("valid", "valid")
        assert joint_check(report).outcome.value == "passed"
        assert as_document(report)["joint"] == {
            "required": list(REQUIRED),
            "present": list(REQUIRED),
            "complete": True,
        }


def test_what_is_no_part_of_a_joint_award_needs_no_peers():
    report = check(GOOD, THEIRS)
    assert report.verdict.value == "valid"
    assert report.joint is None
    assert joint_check(report).code == "not_applicable"


def test_one_alone_is_not_confirmed_and_names_what_is_missing():
    report = check(OWN)
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "joint_award_incomplete",
    )
    assert joint_check(report).params == {"missing": OTHER_NAME}
    assert report.joint.present == (ISSUER,)
    assert report.joint.complete is False


@pytest.mark.parametrize(
    "peer",
    [
        "",
        "x",
        OWN,
        GOOD,
        THEIRS[:-8] + "AAAAAAAA",
        a_token(theirs(), ATTESTATION_KEY),
        b"\x80",
        "a" * 1_000_000,
    ],
    ids=["empty", "noise", "itself", "another", "forged", "our key", "bytes", "huge"],
)
def test_a_peer_that_proves_nothing_is_missing(peer):
    assert answer(OWN, peer) == ("cannot_confirm", "joint_award_incomplete")
    assert answer(OWN, peer, THEIRS) == ("valid", "valid")


def test_the_issuer_of_a_peer_must_be_trusted():
    inputs = given(0, an_issuer())
    assert answer(OWN, THEIRS, inputs=inputs) == (
        "cannot_confirm",
        "joint_award_incomplete",
    )
    assert joint_check(check(OWN, THEIRS, inputs=inputs)).params == {
        "missing": OTHER_ISSUER
    }


@pytest.mark.parametrize(
    ("value", "reason"), [(1, "revoked"), (2, "suspended"), (3, "superseded")]
)
def test_a_peer_that_is_not_in_force_takes_the_other_with_it(value, reason):
    report = check(OWN, THEIRS, inputs=given(value))
    assert (report.verdict.value, report.code.value) == (
        "not_valid",
        "joint_peer_not_valid",
    )
    assert joint_check(report).params == {"issuer": OTHER_NAME, "reason": reason}
    assert report.joint.present == REQUIRED
    assert report.joint.complete is False


def test_a_peer_whose_status_is_unknown_is_not_confirmed():
    stale = given(0, issued_at=NOW - timedelta(days=3))
    report = check(OWN, THEIRS, inputs=stale)
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "joint_peer_unconfirmed",
    )
    assert joint_check(report).params["reason"] == "status_stale"


def test_a_peer_outside_its_mandate_is_not_valid():
    issuers = (an_issuer(), replace(OTHER, mandates=()))
    assert answer(OWN, THEIRS, inputs=given(0, *issuers)) == (
        "not_valid",
        "joint_peer_not_valid",
    )


@pytest.mark.parametrize(
    "claims",
    [
        theirs(decision_digest=digest({"decision": 2})),
        theirs((ISSUER, OTHER_ISSUER, THIRD_ISSUER)),
        some_claims(issuer_id=OTHER_ISSUER),
    ],
    ids=["digest", "required", "alone"],
)
def test_a_peer_about_another_award_is_no_peer(claims):
    report = check(OWN, their_token(claims))
    assert (report.verdict.value, report.code.value) == ("not_valid", "joint_mismatch")
    assert report.joint.present == (ISSUER,)
    assert answer(OWN, their_token(claims), THEIRS) == ("valid", "valid")


def test_who_is_not_required_has_no_part_in_it():
    stranger = a_token(own((OTHER_ISSUER, THIRD_ISSUER)))
    assert answer(stranger, THEIRS) == ("not_valid", "joint_mismatch")


def test_of_three_required_two_are_not_enough():
    required = (ISSUER, OTHER_ISSUER, THIRD_ISSUER)
    first, second = a_token(own(required)), their_token(theirs(required))
    report = check(first, second)
    assert report.code.value == "joint_award_incomplete"
    assert report.joint.present == (ISSUER, OTHER_ISSUER)
    assert joint_check(report).params == {"missing": THIRD_ISSUER}


def test_wallet_copies_count_without_any_disclosure():
    holder = MemorySigner()
    pair = wallet_pair(holder, holder)
    assert answer(*pair) == ("valid", "valid")
    assert answer(pair[0], THEIRS) == ("valid", "valid")


def test_copies_bound_to_two_holders_are_not_confirmed_together():
    assert answer(*wallet_pair(MemorySigner(), MemorySigner())) == (
        "cannot_confirm",
        "joint_holders_differ",
    )


def wallet_pair(first, second):
    tokens = (
        a_wallet_token(ATTESTATION_KEY, own(), holder_jwk=first.public_jwk),
        a_wallet_token(
            OTHER_KEY,
            theirs(),
            holder_jwk=second.public_jwk,
            copy=a_copy(status_uri=OTHER_URI),
        ),
    )
    return [token.split("~")[0] + "~" for token in tokens]


def test_only_ten_peers_are_looked_at():
    assert answer(OWN, *["x"] * 9, THEIRS) == ("valid", "valid")
    assert answer(OWN, *["x"] * 10, THEIRS) == (
        "cannot_confirm",
        "joint_award_incomplete",
    )


def test_its_own_faults_come_before_those_of_its_peers():
    forged = OWN[:-8] + "AAAAAAAA"
    assert answer(forged, THEIRS) == ("not_genuine", "bad_signature")
    conditional = own(outcome="partial")
    partial_peer = their_token(theirs(outcome="partial"))
    assert answer(a_token(conditional), partial_peer) == (
        "valid_with_conditions",
        "outcome_partial",
    )
