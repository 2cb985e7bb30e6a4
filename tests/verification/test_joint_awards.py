"""A joint award holds when all its credentials do, each by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recognition_service.credentials import token_status_list, vc_jwt
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.canonical import digest
from recognition_service.verification.document import as_document
from recognition_service.verification.trust import StatusInput, VerificationInputs
from recognition_service.verification.verify import verify
from tests.credentials.builders import (
    ISSUER,
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    a_joint_award,
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
    STATUS_KEY,
    a_copy,
    a_status,
    a_token,
    an_issuer,
    status_claims,
    trust,
)

THIRD_ISSUER = f"{PUBLIC_URL}/issuers/fr-demo"
OTHER_URI = f"{PUBLIC_URL}/status/tsl/8"
REQUIRED = (ISSUER, OTHER_ISSUER)
OTHER_NAME = "Another body"
OUR_NAME = "Recognition body of Flanders (demonstration)"
GROUP = a_joint_award().group
OTHER_GROUP = "16fd2706-8baf-433b-82eb-8c7fada847da"
OTHER_PERSON = digest({"person": 2})


def own(required=REQUIRED, *, joint=None, **changes):
    award = a_joint_award(required=required, **(joint or {}))
    return some_claims(joint=award, **changes)


def theirs(required=REQUIRED, *, joint=None, **changes):
    award = a_joint_award("B", required=required, **(joint or {}))
    return some_claims(issuer_id=OTHER_ISSUER, joint=award, **changes)


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


def part_codes(report):
    """Return why each part does not count, by issuer; None where it does."""
    return {part.issuer_id: part.code for part in report.joint.parts}


def test_both_together_are_valid_whichever_is_asked_about():
    for first, second in ((OWN, THEIRS), (THEIRS, OWN)):
        report = check(first, second)
        assert (report.verdict.value, report.code.value) == ("valid", "valid")
        assert joint_check(report).outcome.value == "passed"
        assert as_document(report)["joint"] == {
            "group": GROUP,
            "required": list(REQUIRED),
            "present": list(REQUIRED),
            "complete": True,
            "parts": [
                {"issuer": issuer, "name": name, "code": None, "params": {}}
                for issuer, name in ((ISSUER, OUR_NAME), (OTHER_ISSUER, OTHER_NAME))
            ],
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
    assert part_codes(report) == {
        ISSUER: None,
        OTHER_ISSUER: "joint_award_incomplete",
    }


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
    assert part_codes(report)[OTHER_ISSUER] == "joint_peer_not_valid"
    # Asked the other way round it is not valid by itself, and its peer is whole.
    turned = check(THEIRS, OWN, inputs=given(value))
    assert (turned.verdict.value, turned.code.value) == ("not_valid", reason)
    assert turned.joint.complete is False
    assert part_codes(turned) == {ISSUER: None, OTHER_ISSUER: "joint_peer_not_valid"}


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
        theirs(joint={"group": OTHER_GROUP}),
        theirs((ISSUER, OTHER_ISSUER, THIRD_ISSUER)),
        some_claims(issuer_id=OTHER_ISSUER),
    ],
    ids=["digest", "group", "required", "alone"],
)
def test_a_peer_about_another_award_is_no_peer(claims):
    report = check(OWN, their_token(claims))
    assert (report.verdict.value, report.code.value) == ("not_valid", "joint_mismatch")
    assert report.joint.present == (ISSUER,)
    assert answer(OWN, their_token(claims), THEIRS) == ("valid", "valid")


def test_a_peer_about_another_person_is_not_valid_and_said_to_be_that():
    claims = theirs(joint={"subject": OTHER_PERSON})
    report = check(OWN, their_token(claims))
    assert (report.verdict.value, report.code.value) == (
        "not_valid",
        "joint_subjects_differ",
    )
    assert joint_check(report).params == {"issuer": OTHER_NAME}
    assert report.joint.present == (ISSUER,)
    assert answer(OWN, their_token(claims), THEIRS) == ("valid", "valid")


def test_copies_bound_to_one_holder_about_two_persons_are_not_valid():
    holder = MemorySigner()
    pair = wallet_pair(holder, holder, theirs(joint={"subject": OTHER_PERSON}))
    assert answer(*pair) == ("not_valid", "joint_subjects_differ")


def test_a_bound_copy_and_an_unbound_one_must_be_about_the_same_person():
    first, second = wallet_pair(MemorySigner(), MemorySigner())
    assert answer(first, THEIRS) == ("valid", "valid")
    assert answer(OWN, second) == ("valid", "valid")
    other = their_token(theirs(joint={"subject": OTHER_PERSON}))
    assert answer(first, other) == ("not_valid", "joint_subjects_differ")


def test_a_peer_that_names_two_digests_is_about_another_award():
    credential = attestation_credential(theirs(), public_url=PUBLIC_URL)
    recognition = credential["credentialSubject"]["recognition"]
    recognition["decisionDigest"] = digest({"decision": 2})
    peer = vc_jwt.encode(credential, a_copy(status_uri=OTHER_URI), OTHER_KEY)
    assert answer(OWN, peer) == ("not_valid", "joint_mismatch")
    assert answer(peer, OWN) == ("not_valid", "joint_mismatch")


def test_a_body_that_requires_only_itself_makes_no_joint_award():
    alone = a_token(own((ISSUER, ISSUER)))
    report = check(alone)
    assert (report.verdict.value, report.code.value) == ("not_valid", "joint_mismatch")
    assert report.joint.complete is False


def test_a_peer_that_refuses_completes_nothing():
    refusal = their_token(theirs(outcome="refused"))
    report = check(OWN, refusal)
    assert (report.verdict.value, report.code.value) == (
        "not_valid",
        "joint_peer_not_valid",
    )
    assert joint_check(report).params["reason"] == "recognition_refused"


def test_another_copy_of_the_asked_one_does_not_stand_in_for_it():
    other_uri = f"{PUBLIC_URL}/status/tsl/9"
    whole = a_token(own(), status_uri=other_uri)
    inputs = given()
    lists = dict(inputs.statuses)
    for uri, value in ((STATUS_URI, 1), (other_uri, 0)):
        lists[uri] = replace(
            GOOD_STATUS,
            uri=uri,
            token=token_status_list.sign(status_claims(value, sub=uri), STATUS_KEY),
        )
    report = check(OWN, whole, THEIRS, inputs=replace(inputs, statuses=lists))
    assert (report.verdict.value, report.code.value) == ("not_valid", "revoked")
    assert report.joint.complete is False


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


def wallet_pair(first, second, their_claims=None):
    tokens = (
        a_wallet_token(ATTESTATION_KEY, own(), holder_jwk=first.public_jwk),
        a_wallet_token(
            OTHER_KEY,
            their_claims or theirs(),
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


HOLDER, ANOTHER = MemorySigner(), MemorySigner()
BREAKS = {
    "forged": lambda token: token[:-9] + "AAAAAAAA~",
    "missing": lambda _: "",
}
BOUND = {
    "other digest": {"decision_digest": digest({"decision": 2})},
    "other group": {"joint": {"group": OTHER_GROUP}},
    "other person": {"joint": {"subject": OTHER_PERSON}},
    "other bodies": {"required": (ISSUER, OTHER_ISSUER, THIRD_ISSUER)},
    "other holder": {},
    "no joint award": {"joint": None},
}
STATUSES = {"revoked": 1, "suspended": 2, "superseded": 3}


def one_of_two(side, fault):
    """Return a token of a pair bound to one holder, broken if a fault is named."""
    claims, changes = (own, theirs)[side], dict(BOUND.get(fault, {}))
    said = claims(**{name: each for name, each in changes.items() if each is not None})
    if None in changes.values():
        said = replace(said, joint=None)
    signer, uri = ((ATTESTATION_KEY, STATUS_URI), (OTHER_KEY, OTHER_URI))[side]
    token = a_wallet_token(
        signer,
        said,
        holder_jwk=(ANOTHER if fault == "other holder" else HOLDER).public_jwk,
        copy=a_copy(status_uri=uri),
    )
    return BREAKS.get(fault, str)(token)


@pytest.mark.parametrize("asked", [0, 1], ids=["asked A", "asked B"])
@pytest.mark.parametrize("side", [0, 1], ids=["A broken", "B broken"])
@pytest.mark.parametrize("fault", [None, *BREAKS, *BOUND, *STATUSES])
def test_a_pair_with_one_broken_token_is_never_valid(fault, side, asked):
    pair = [one_of_two(each, fault if each == side else None) for each in (0, 1)]
    inputs = given(STATUSES.get(fault, 0) if side == 1 else 0)
    if side == 0 and fault in STATUSES:
        ours = a_status(status_claims(STATUSES[fault]))
        inputs = replace(inputs, statuses={**inputs.statuses, STATUS_URI: ours})
    report = check(pair[asked], pair[1 - asked], inputs=inputs)
    if fault is None:
        assert report.verdict == "valid"
        assert report.joint.complete
        return
    # What says that it is no part of a joint award is judged by itself.
    if fault == "no joint award" and asked == side:
        assert report.joint is None
        return
    assert report.verdict not in ("valid", "valid_with_conditions")
    assert report.joint is None or not report.joint.complete
