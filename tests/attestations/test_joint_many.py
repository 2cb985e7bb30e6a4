"""Joint awards of many: interrupted anywhere, they are completed without doubles."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from recognition_service.attestations import issue
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.errors import (
    JointAwardClosedError,
    JointAwardNotFoundError,
)
from recognition_service.attestations.joint_many import (
    WantedJoint,
    open_joints,
    release_joints,
    reserve_joints,
)
from recognition_service.attestations.joint_record import freeze
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    CopyState,
    StatusChange,
)
from recognition_service.credentials.canonical import digest
from recognition_service.storage.ids import new_id
from tests.attestations.joint_awards import (
    BODIES,
    EXPIRES,
    A,
    B,
    a_joint_award,
    a_joint_decision,
    actions,
    listed,
    pair_of,
    parts,
    signed,
    states,
    told,
    two_bodies,
    verdicts,
)
from tests.builders import PUBLIC_URL, found_attestation

ONE = (NewCopy(CopyFormat.VC_JWT),)
MANY = 20  # More than the audit names one by one.


@pytest.fixture
def office(small):
    return two_bodies(small)


def opened(office, number=3):
    """Open many joint awards at once; return their groups."""
    edition = office.edition().in_force.base
    records = [freeze(a_joint_decision(edition=edition)) for _ in range(number)]
    with office.database.transaction() as session:
        open_joints(
            session,
            records,
            expires_on=EXPIRES,
            by=A,
            actor="person:anna",
            now=office.now(),
        )
        return [
            WantedJoint(UUID(record.inputs["group"]), record=record)
            for record in records
        ]


def reserved(office, wanted, body, copies=ONE):
    with office.database.transaction() as session:
        return reserve_joints(
            session,
            body,
            wanted,
            public_url=PUBLIC_URL,
            actor=f"person:{body}",
            now=office.now(),
            copies=copies,
        )


def recorded(office, reservations):
    sealed = office.seal(reservations.intents)
    with office.database.transaction() as session:
        issue.record(session, sealed, actor="person:1", now=office.now())


def released(office, groups):
    with office.database.transaction() as session:
        return release_joints(session, groups, by=B, actor="person:1", now=office.now())


def groups_of(wanted):
    return [each.group_id for each in wanted]


def known(wanted):
    """The same without their records, as another process asks."""
    return [WantedJoint(group) for group in groups_of(wanted)]


def count(office, model, *conditions):
    with office.database.reading() as session:
        return session.scalar(
            select(func.count()).select_from(model).where(*conditions)
        )


def test_many_are_held_until_all_have_signed_and_then_valid_at_once(office):
    wanted = opened(office)
    first = reserved(office, wanted, A)
    recorded(office, first)
    assert released(office, groups_of(wanted)).complete == {}
    office.publish_lists()
    for attestation_id in first.attestations.values():
        assert told(office, A, attestation_id)[0] == "suspended"
        assert listed(office, A, attestation_id).tsl == {2}
    second = reserved(office, known(wanted), B)
    recorded(office, second)
    assert set(released(office, groups_of(wanted)).complete) == set(groups_of(wanted))
    office.publish_lists()
    for group in groups_of(wanted):
        pair = [first.attestations[group], second.attestations[group]]
        assert states(office, group) == {"complete"}
        assert verdicts(office, pair_of(office, pair)) == [("valid", "valid")] * 2
        digests = {
            found_attestation(office, attestation_id, body).decision_digest
            for body, attestation_id in zip(BODIES, pair, strict=True)
        }
        record = parts(office, group)[A].record
        assert digests == {digest(record)}


def test_what_is_told_of_one_of_many_is_what_is_told_of_one(office):
    (one,) = signed(office, a_joint_award(office), A)
    many = reserved(office, opened(office), A)
    recorded(office, many)
    for attestation_id in many.attestations.values():
        found, single = (
            found_attestation(office, each) for each in (attestation_id, one)
        )
        assert (found.status, found.status_reason) == (
            single.status,
            single.status_reason,
        )
        assert count(
            office, StatusChange, StatusChange.attestation_id == attestation_id
        ) == count(office, StatusChange, StatusChange.attestation_id == one)


def test_of_very_many_the_audit_keeps_one_entry_about_the_hold(office):
    many = reserved(office, opened(office, MANY), A)
    found = actions(office, A, "attestations.suspended")
    assert [(actor, content["count"]) for _, actor, content in found] == [
        (f"person:{A}", MANY)
    ]
    assert len(actions(office, A, "joint.opened")) == MANY
    assert all(
        told(office, A, each) == ("suspended", "joint_incomplete", f"person:{A}")
        for each in many.attestations.values()
    )


def test_repeated_before_the_signature_it_makes_nothing_twice(office):
    wanted = opened(office)
    first = reserved(office, wanted, A)
    again = reserved(office, known(wanted), A)
    assert again.attestations == first.attestations
    assert {each.copy_id for each in again.intents} == {
        each.copy_id for each in first.intents
    }
    assert {each.message for each in again.intents} == {
        each.message for each in first.intents
    }
    recorded(office, again)
    recorded(office, first)
    third = reserved(office, known(wanted), A)
    assert (third.attestations, third.intents) == (first.attestations, [])
    assert count(office, Copy) == count(office, Attestation) == len(wanted)


def test_killed_after_recording_the_worker_releases_them(office):
    wanted = opened(office)
    for body in BODIES:
        recorded(office, reserved(office, wanted, body))
    assert {
        state for group in groups_of(wanted) for state in states(office, group)
    } == {"held"}
    office.settle_joints()
    for group in groups_of(wanted):
        assert states(office, group) == {"complete"}
    assert set(released(office, groups_of(wanted)).complete) == set(groups_of(wanted))
    assert len(actions(office, A, "joint.complete")) == len(wanted)


def test_copies_that_were_given_up_are_held_again_under_the_same_number(office, clock):
    wanted = opened(office, 2)
    first = reserved(office, wanted, A)
    clock.pass_by(minutes=2)
    office.mark_compromised(A, first.intents[0].thumbprint, at=office.now())
    office.finish_issuing()
    again = reserved(office, known(wanted), A)
    assert again.attestations == first.attestations
    recorded(office, again)
    office.publish_lists()
    assert count(office, Copy, Copy.state == CopyState.VOID) == len(wanted)
    for attestation_id in again.attestations.values():
        assert listed(office, A, attestation_id).tsl == {2}


def test_one_that_is_closed_stops_no_other(office):
    wanted = opened(office)
    cancelled, left, whole = groups_of(wanted)
    recorded(office, reserved(office, wanted[1:], A))
    office.cancel_joint(A, cancelled, actor="person:1")
    (own,) = signed(office, left, A)
    office.withdraw_from_joint(A, own, actor="person:1")
    unknown = new_id(office.now())
    found = reserved(office, [*known(wanted), WantedJoint(unknown)], B)
    assert list(found.attestations) == [whole]
    assert {group: type(error) for group, error in found.refused.items()} == {
        cancelled: JointAwardClosedError,
        left: JointAwardClosedError,
        unknown: JointAwardNotFoundError,
    }
    recorded(office, found)
    releases = released(office, [cancelled, left, whole, unknown])
    assert set(releases.complete) == {whole}
    assert set(releases.refused) == {cancelled, left}


def test_after_their_last_day_nobody_signs_any_more(office, clock):
    wanted = opened(office, 1)
    clock.at += timedelta(days=40)
    found = reserved(office, known(wanted), B)
    assert [str(error) for error in found.refused.values()] == [
        str(JointAwardClosedError("expired"))
    ]


def test_who_has_no_part_learns_nothing(office):
    found = reserved(office, known(opened(office, 1)), "ma")
    assert [type(error) for error in found.refused.values()] == [
        JointAwardNotFoundError
    ]
    assert found.attestations == {}
