"""Each body signs for itself; what is signed is held until all have signed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from recognition_service.attestations import joint_issue
from recognition_service.attestations.copies import copy_text, get_copy
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.errors import (
    AttestationPendingError,
    CopyNotAllowedError,
    JointAwardClosedError,
    JointAwardInvalidError,
    JointAwardNotFoundError,
)
from recognition_service.attestations.joint_parts import get_part, joint_document
from recognition_service.attestations.joint_record import freeze
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    CopyState,
)
from recognition_service.attestations.read import find_by_request, token_of
from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    MandateMissingError,
)
from recognition_service.authorities.keys import active_key
from recognition_service.credentials import sd_jwt_vc
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.open_badge import pin, pinned_in
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage.ids import new_id
from recognition_service.verification.secured.credential import check_credential
from recognition_service.verification.secured.related import (
    pinned_tokens,
    tokens_by_id,
    with_tokens,
)
from tests.attestations.joint_awards import (
    BODIES,
    EXPIRES,
    ISSUERS,
    A,
    B,
    a_complete_award,
    a_joint_award,
    a_joint_decision,
    a_target,
    actions,
    document_of,
    listed,
    pair_of,
    parts,
    recorded,
    reserved,
    signed,
    states,
    text_of,
    told,
    two_bodies,
    verdicts,
)
from tests.attestations.test_status_races import at_once
from tests.builders import PUBLIC_URL, an_authority, found_attestation


@pytest.fixture
def office(small):
    return two_bodies(small)


def count(runtime, model, *conditions):
    with runtime.database.reading() as session:
        return session.scalar(
            select(func.count()).select_from(model).where(*conditions)
        )


# What works


def test_a_held_attestation_is_suspended_from_its_first_publication_on(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    found = listed(office, A, first)
    assert (found.tsl, found.revocation, found.suspension) == ({2}, {0}, {1})
    assert told(office, A, first) == ("suspended", "joint_incomplete", f"person:{A}")
    assert states(office, group) == {"held"}
    own = text_of(office, A, first)
    report = office.verify(own)
    assert (report.verdict, report.code) == ("cannot_confirm", "joint_award_incomplete")
    assert not report.joint.complete


def test_the_place_is_suspended_before_anything_is_signed(office):
    group = a_joint_award(office)
    reservation = reserved(office, group, A)
    assert count(office, Copy, Copy.signature.is_not(None)) == 0
    office.publish_lists(A)
    found = listed(office, A, reservation.attestation_id)
    assert (found.tsl, found.suspension) == ({2}, {1})


def test_with_the_last_signature_all_become_valid_at_once(office):
    group, *attestations = a_complete_award(office)
    assert states(office, group) == {"complete"}
    for body, attestation_id, actor in zip(
        BODIES, attestations, (f"authority:{B}", f"person:{B}"), strict=True
    ):
        assert told(office, body, attestation_id) == ("valid", "joint_complete", actor)
        found = listed(office, body, attestation_id)
        assert (found.tsl, found.revocation, found.suspension) == ({0}, {0}, {0})
    for kind in (CopyFormat.VC_JWT, CopyFormat.SD_JWT_VC):
        pair = pair_of(office, attestations, kind)
        assert verdicts(office, pair) == [("valid", "valid")] * 2


def test_both_carry_the_digest_of_the_one_record(office):
    group, *attestations = a_complete_award(office)
    first, second = (
        found_attestation(office, each, body)
        for body, each in zip(BODIES, attestations, strict=True)
    )
    assert first.decision_digest == second.decision_digest
    assert first.record == second.record == parts(office, group)[A].record
    joints = [
        sd_jwt_vc.decode(text).payload["recognition"]["joint"]
        for text in pair_of(office, attestations, CopyFormat.SD_JWT_VC)
    ]
    assert [joint.pop("role") for joint in joints] == ["A", "B"]
    assert joints[0] == joints[1]
    assert joints[0]["group"] == str(group)
    assert joints[0]["decision_digest"] == first.decision_digest


def test_the_resource_tells_each_body_how_the_award_stands(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, B)
    expected = {
        "group": str(group),
        "state": "held",
        "required": list(ISSUERS),
        "signed": [ISSUERS[1]],
        "role": "B",
        "expires_on": EXPIRES.isoformat(),
    }
    document = document_of(office, B, first)
    assert document["joint"] == expected
    assert document["source"]["title"] == document["target"]["title"]
    assert (document["outcome"], document["status"]) == ("full", "suspended")
    (last,) = signed(office, group, A)
    assert document_of(office, A, last)["joint"] == expected | {
        "state": "complete",
        "signed": list(ISSUERS),
        "role": "A",
    }


def test_an_award_that_nobody_has_signed_yet_is_told_as_well(office):
    group = a_joint_award(office)
    with office.database.reading() as session:
        part = get_part(session, B, group)
        document = joint_document(session, part, public_url=PUBLIC_URL)
        with pytest.raises(JointAwardNotFoundError):
            get_part(session, "ma", group)
    assert (document["state"], document["signed"]) == ("held", [])
    assert (document["role"], document["required"]) == ("B", list(ISSUERS))


def test_each_step_is_written_down_for_each_body_without_naming_the_others_people(
    office,
):
    a_complete_award(office)
    mine, theirs = actions(office, A), actions(office, B)
    assert [entry[0] for entry in mine] == ["joint.opened", "joint.complete"]
    assert [entry[1] for entry in mine] == ["person:anna", f"authority:{B}"]
    assert [entry[1] for entry in theirs] == [f"authority:{A}", f"person:{B}"]
    assert mine[0][2]["decision_digest"] == theirs[0][2]["decision_digest"]


def test_three_bodies_are_complete_with_the_third(office):
    an_authority(office, "nl", country="NL", jurisdiction="NL")
    third = a_target("A") | {
        "key": "C",
        "authority": "nl",
        "issuer": f"{PUBLIC_URL}/issuers/nl",
        "jurisdiction": "NL",
    }
    decision = a_joint_decision()
    group = a_joint_award(
        office,
        targets=[*decision.targets, third],
        awards=[*decision.awards, {**decision.awards[0], "target": "C"}],
    )
    signed(office, group, B, "nl")
    assert states(office, group) == {"held"}
    signed(office, group, A)
    assert states(office, group) == {"complete"}


# Pulled plugs and repetitions


def test_signing_twice_makes_nothing_twice(office):
    group = a_joint_award(office)
    first = signed(office, group, A)
    assert signed(office, group, A) == first
    signed(office, group, B)
    assert signed(office, group, A) == first
    assert count(office, Attestation) == 2
    assert count(office, Copy) == 4
    assert [entry[0] for entry in actions(office, A)].count("joint.complete") == 1


def test_killed_after_reserving_it_is_completed_by_repeating(office):
    group = a_joint_award(office)
    signed(office, group, A)
    reservation = reserved(office, group, B)
    assert states(office, group) == {"held"}
    assert signed(office, group, B) == [reservation.attestation_id]
    assert states(office, group) == {"complete"}
    assert count(office, Copy) == 4


def test_killed_after_reserving_it_is_completed_by_the_worker(office, clock):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    second = reserved(office, group, B).attestation_id
    clock.pass_by(minutes=1)
    assert office.finish_issuing() == 2
    assert states(office, group) == {"held"}
    office.settle_joints()
    assert states(office, group) == {"complete"}
    assert told(office, A, first) == ("valid", "joint_complete", "service")
    office.publish_lists()
    pair = pair_of(office, [first, second])
    assert verdicts(office, pair) == [("valid", "valid")] * 2


@pytest.mark.parametrize("is_repeated", [True, False])
def test_killed_after_recording_it_is_released_all_the_same(office, is_repeated):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    recorded(office, reserved(office, group, B))
    assert (states(office, group), told(office, A, first)[0]) == ({"held"}, "suspended")
    if is_repeated:
        signed(office, group, B)
    else:
        office.settle_joints()
        office.settle_joints()
    assert (states(office, group), told(office, A, first)[0]) == ({"complete"}, "valid")
    assert count(office, Copy) == 4


def test_killed_before_publishing_the_next_publication_says_it(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    recorded(office, reserved(office, group, B))
    with office.database.transaction() as session:
        assert joint_issue.release_joint(
            session, group, by=B, actor="person:1", now=office.now()
        )
    assert listed(office, A, first).tsl == {2}
    office.publish_lists()
    assert listed(office, A, first).tsl == {0}


def test_a_copy_that_was_given_up_is_held_again_under_the_same_number(office, clock):
    group = a_joint_award(office)
    reservation = reserved(office, group, A)
    clock.pass_by(minutes=2)
    office.mark_compromised(A, reservation.intents[0].thumbprint, at=office.now())
    office.finish_issuing()
    assert signed(office, group, A) == [reservation.attestation_id]
    assert count(office, Copy, Copy.state == CopyState.VOID) == 2
    assert listed(office, A, reservation.attestation_id).tsl == {2}
    assert found_attestation(office, reservation.attestation_id).number.endswith("01")


def test_bodies_that_sign_at_the_same_instant_complete_it_once(office):
    group = a_joint_award(office)

    def act(body):
        return lambda: office.sign_joint(body, group, actor=f"person:{body}")

    results = at_once(act(A), act(B), act(A), act(B))
    assert results[:2] == results[2:]
    assert states(office, group) == {"complete"}
    assert count(office, Attestation) == 2
    assert count(office, Copy, Copy.state == CopyState.ISSUED) == 4
    pair = pair_of(office, results[:2])
    assert verdicts(office, pair) == [("valid", "valid")] * 2


def test_opening_the_same_record_again_changes_nothing(office):
    edition = office.edition().in_force.base
    record = freeze(a_joint_decision(edition=edition))
    opened = [
        office.open_joint(record, expires_on=EXPIRES, by=A, actor="person:1")
        for _ in range(2)
    ]
    assert opened[0] == opened[1]
    assert len(actions(office, A)) == 1
    other = freeze(a_joint_decision(edition=edition))
    other.inputs["group"] = record.inputs["group"]
    with pytest.raises(JointAwardInvalidError):
        office.open_joint(other, expires_on=EXPIRES, by=A, actor="person:1")


# Who may not, and when not


def test_who_has_no_part_in_it_does_not_learn_that_it_exists(office):
    group = a_joint_award(office)
    for act in (office.sign_joint, office.cancel_joint, office.endorse_joint):
        with pytest.raises(JointAwardNotFoundError):
            act("ma", group, actor="person:1")
    assert states(office, group) == {"held"}


def test_a_body_that_is_not_known_here_has_no_part(office):
    targets = [a_target("A"), a_target("B", issuer="https://nowhere.example/issuers/x")]
    with pytest.raises(AuthorityNotFoundError):
        a_joint_award(office, targets=targets)


def test_each_body_needs_a_mandate_for_its_own_award(office):
    targets = [a_target("A"), a_target("B", jurisdiction="BE-FL")]
    group = a_joint_award(office, targets=targets)
    signed(office, group, A)
    with pytest.raises(MandateMissingError):
        signed(office, group, B)
    assert states(office, group) == {"held"}


def test_after_its_last_day_nobody_signs_any_more(office, clock):
    group = a_joint_award(office)
    clock.at = clock.at.replace(month=11, day=30, hour=21)
    signed(office, group, A)
    clock.pass_by(hours=2)  # It is the first of December in Riga, but not in Brussels.
    with pytest.raises(JointAwardClosedError, match="expired"):
        signed(office, group, B)


def test_what_is_held_gets_no_further_copy(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    with pytest.raises(CopyNotAllowedError):
        office.issue_copy(A, first, NewCopy(CopyFormat.VC_JWT), actor="person:1")
    with office.database.reading() as session:
        assert token_of(session, A, first)


def test_a_holder_collects_it_only_when_it_is_complete(office):
    group, request_id = a_joint_award(office), new_id(office.now())
    office.sign_joint(A, group, request_id=request_id, actor="person:1")
    for expected in (0, 1):
        with office.database.reading() as session:
            assert len(find_by_request(session, A, request_id)) == expected
        signed(office, group, B)


# Endorsements


def test_each_endorsement_pins_the_exact_token_of_the_other(office):
    group, *attestations = a_complete_award(office)
    first, _ = pair_of(office, attestations)
    copy_id = office.endorse_joint(B, group, actor="person:1")
    with office.database.reading() as session:
        text = copy_text(session, get_copy(session, B, attestations[1], copy_id))
    endorsement = json.loads(text)
    pinned = pin(f"urn:uuid:{attestations[0]}", first)
    assert pinned_in(endorsement) == (pinned,)
    assert endorsement["relatedResource"][1]["digestSRI"] == pinned.integrity
    forged = first[:-8] + "AAAAAAAA"
    for presented, fits in ((first, True), (forged, False)):
        tokens = tokens_by_id([presented])
        assert pinned_tokens(endorsement, tokens) == [{"id": pinned.id, "fits": fits}]
        surroundings = with_tokens(office.surroundings(), tokens)
        faults = check_credential(endorsement, surroundings)
        assert [fault.reason for fault in faults] == (
            [] if fits else ["digest_of_other_content"]
        )


def test_an_endorsement_waits_for_the_others(office):
    group = a_joint_award(office)
    signed(office, group, B)
    with pytest.raises(AttestationPendingError):
        office.endorse_joint(B, group, actor="person:1")


def test_a_fresh_endorsement_pins_what_the_first_one_did(office, clock):
    group, *_ = a_complete_award(office)
    office.endorse_joint(B, group, actor="person:1")
    with office.database.reading() as session:
        key = active_key(
            session, B, KeyPurpose.ATTESTATIONS, office.now(), Algorithm.EDDSA
        )
    clock.at += timedelta(hours=1)
    office.mark_compromised(B, key.thumbprint, at=office.now())
    assert list(office.issue_fresh_copies(B, key.thumbprint)) == [1]
    with office.database.reading() as session:
        rows = session.scalars(
            select(Copy).where(Copy.format == CopyFormat.ENDORSEMENT).order_by(Copy.id)
        ).all()
        first, fresh = (json.loads(copy_text(session, row)) for row in rows)
    assert pinned_in(first) == pinned_in(fresh) != ()
    assert first["id"] != fresh["id"]
