"""A joint award ends for all bodies: by withdrawal, cancelling, or its last day."""

from dataclasses import replace

import pytest

from recognition_service.attestations import joint_expiry, joint_issue
from recognition_service.attestations.errors import (
    AttestationPendingError,
    JointAwardClosedError,
    JointAwardHeldError,
    JointAwardNotFoundError,
    StatusTransitionError,
)
from recognition_service.attestations.models import Status
from recognition_service.attestations.status import change_many, change_status
from recognition_service.attestations.status_rows import WantedChange
from tests.attestations.joint_awards import (
    BODIES,
    HOLDER,
    TITLES,
    A,
    B,
    a_complete_award,
    a_joint_award,
    actions,
    listed,
    messages,
    pair_of,
    recorded,
    reserved,
    signed,
    states,
    told,
    two_bodies,
    verdicts,
)
from tests.attestations.test_status_races import at_once
from tests.builders import a_signed_decision, an_attestation


@pytest.fixture
def office(small):
    return two_bodies(small)


def changed(runtime, body, attestation_id, status, *, reason="error", **more):
    with runtime.database.transaction() as session:
        return change_status(
            session,
            body,
            attestation_id,
            status=status,
            reason=reason,
            actor=f"person:{body}",
            now=runtime.now(),
            **more,
        )


def withdrawn(runtime, body, attestation_id):
    runtime.withdraw_from_joint(body, attestation_id, actor=f"person:{body}")


# Withdrawals


@pytest.mark.parametrize("is_complete", [True, False])
@pytest.mark.parametrize("way", ["withdrawal", "status"])
def test_who_withdraws_revokes_its_own_and_suspends_the_others(
    office, is_complete, way
):
    if is_complete:
        group, first, second = a_complete_award(office)
    else:
        group = a_joint_award(office)
        (first,), second = signed(office, group, A), None
    if way == "withdrawal":
        withdrawn(office, A, first)
    else:
        changed(office, A, first, Status.REVOKED, reason="party_withdrew")
        office.publish_change(A, first)
    assert states(office, group) == {"withdrawn"}
    assert told(office, A, first) == ("revoked", "party_withdrew", f"person:{A}")
    assert listed(office, A, first).tsl == {1}
    if second is not None:
        assert told(office, B, second) == (
            "suspended",
            "party_withdrew",
            f"authority:{A}",
        )
        found = listed(office, B, second)
        assert (found.tsl, found.revocation, found.suspension) == ({2}, {0}, {1})
        assert verdicts(office, pair_of(office, [first, second])) == [
            ("not_valid", "revoked"),
            ("not_valid", "suspended"),
        ]


def test_each_body_is_told_in_its_own_name(office):
    group, first, _ = a_complete_award(office)
    withdrawn(office, A, first)
    assert messages(office) == [(B, {"group": str(group), "by": A})]
    assert actions(office, A)[-1] == ("joint.withdrawn", f"person:{A}", {"by": A})
    assert actions(office, B)[-1] == ("joint.withdrawn", f"authority:{A}", {"by": A})


def test_withdrawing_twice_changes_nothing_more(office):
    group, first, _ = a_complete_award(office)
    withdrawn(office, A, first)
    before = actions(office, A, ""), actions(office, B, ""), messages(office)
    withdrawn(office, A, first)
    assert (actions(office, A, ""), actions(office, B, ""), messages(office)) == before
    assert states(office, group) == {"withdrawn"}


def test_who_is_left_may_revoke_or_replace_its_own_but_not_make_it_valid(office):
    _, first, second = a_complete_award(office)
    withdrawn(office, B, second)
    with pytest.raises(JointAwardHeldError) as refused:
        changed(office, A, first, Status.VALID)
    assert refused.value.members() == {"allowed": ["revoked", "superseded"]}
    alone = an_attestation(office)
    changed(office, A, first, Status.SUPERSEDED, superseded_by=alone)
    assert told(office, A, first)[0] == "superseded"
    assert len(messages(office)) == 1


def test_who_replaces_its_own_has_left_the_award(office):
    group, first, second = a_complete_award(office)
    alone = an_attestation(office)
    changed(office, A, first, Status.SUPERSEDED, superseded_by=alone)
    assert states(office, group) == {"withdrawn"}
    assert told(office, B, second)[:2] == ("suspended", "party_withdrew")


def test_a_successor_that_is_issued_leaves_the_award_as_well(office):
    group, first, second = a_complete_award(office)
    decision = a_signed_decision(office)
    wanted = replace(decision.attestation, supersedes=first)
    office.issue(A, replace(decision, attestation=wanted), actor="person:1")
    assert told(office, A, first)[0] == "superseded"
    assert states(office, group) == {"withdrawn"}
    assert told(office, B, second)[:2] == ("suspended", "party_withdrew")


def test_a_successor_does_not_replace_what_is_held(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    decision = a_signed_decision(office)
    wanted = replace(decision.attestation, supersedes=first)
    office.issue(A, replace(decision, attestation=wanted), actor="person:1")
    assert told(office, A, first)[:2] == ("suspended", "joint_incomplete")
    assert states(office, group) == {"held"}


def test_a_body_that_suspends_its_own_for_a_while_leaves_nothing(office):
    group, first, second = a_complete_award(office)
    changed(office, A, first, Status.SUSPENDED)
    office.publish_lists()
    assert verdicts(office, pair_of(office, [first, second])) == [
        ("not_valid", "suspended"),
        ("not_valid", "joint_peer_not_valid"),
    ]
    changed(office, A, first, Status.VALID)
    office.publish_lists()
    assert (
        verdicts(office, pair_of(office, [first, second])) == [("valid", "valid")] * 2
    )
    assert states(office, group) == {"complete"}


def test_what_is_held_cannot_be_made_valid_or_replaced_alone(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    alone = an_attestation(office)
    for status, more in (
        (Status.VALID, {}),
        (Status.SUPERSEDED, {"superseded_by": alone}),
    ):
        with pytest.raises(JointAwardHeldError) as refused:
            changed(office, A, first, status, **more)
        assert refused.value.members() == {"allowed": ["revoked"]}
    # The status that holds already is no change.
    changed(office, A, first, Status.SUSPENDED)
    assert told(office, A, first)[:2] == ("suspended", "joint_incomplete")


def test_a_batch_of_changes_treats_each_as_alone(office):
    group = a_joint_award(office)
    (held,) = signed(office, group, A)
    other, first, second = a_complete_award(office)
    plain = an_attestation(office)
    wanted = [
        WantedChange(held, Status.VALID, "error"),
        WantedChange(first, Status.REVOKED, "error"),
        WantedChange(plain, Status.REVOKED, "error"),
        WantedChange(first, Status.VALID, "error"),
    ]
    with office.database.transaction() as session:
        results = change_many(session, A, wanted, actor="person:1", now=office.now())
    assert [type(each.error) for each in results] == [
        JointAwardHeldError,
        type(None),
        type(None),
        StatusTransitionError,
    ]
    assert told(office, B, second)[:2] == ("suspended", "party_withdrew")
    assert (states(office, group), states(office, other)) == ({"held"}, {"withdrawn"})


def test_after_a_withdrawal_nobody_signs_any_more(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    withdrawn(office, A, first)
    for body in BODIES:
        with pytest.raises(JointAwardClosedError, match="withdrawn"):
            signed(office, group, body)
    with office.database.reading() as session:
        assert joint_expiry.ready_joints(session) == []


def test_a_withdrawal_while_another_body_signs_leaves_it_suspended(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    reservation = reserved(office, group, B)
    withdrawn(office, A, first)
    recorded(office, reservation)
    office.settle_joints()
    office.publish_lists()
    second = reservation.attestation_id
    assert told(office, B, second)[:2] == ("suspended", "party_withdrew")
    assert listed(office, B, second).tsl == {2}
    with pytest.raises(JointAwardClosedError):
        signed(office, group, B)


def test_who_has_not_signed_cannot_withdraw_a_signature(office):
    group = a_joint_award(office)
    reservation = reserved(office, group, A)
    with pytest.raises(AttestationPendingError):
        withdrawn(office, A, reservation.attestation_id)
    with pytest.raises(JointAwardNotFoundError):
        withdrawn(office, A, an_attestation(office))
    with pytest.raises(JointAwardNotFoundError):
        withdrawn(office, B, reservation.attestation_id)


def test_two_bodies_that_withdraw_at_once_both_revoke_their_own(office):
    for _ in range(3):
        group, first, second = a_complete_award(office)
        at_once(
            lambda first=first: withdrawn(office, A, first),
            lambda second=second: withdrawn(office, B, second),
        )
        assert states(office, group) == {"withdrawn"}
        assert told(office, A, first)[0] == told(office, B, second)[0] == "revoked"


def test_withdrawals_from_two_awards_by_two_bodies_do_not_wait_in_a_circle(office):
    awards = [a_complete_award(office) for _ in range(6)]
    acts = [
        (lambda award=award: withdrawn(office, A, award[1]))
        if number % 2
        else (lambda award=award: withdrawn(office, B, award[2]))
        for number, award in enumerate(awards)
    ]
    assert at_once(*acts) == [None] * 6
    for group, *_ in awards:
        assert states(office, group) == {"withdrawn"}


def test_what_is_written_down_and_told_names_no_person(office):
    group, first, _ = a_complete_award(office)
    office.endorse_joint(B, group, actor="person:1")
    withdrawn(office, A, first)
    told_of = str([actions(office, body, "") for body in BODIES] + messages(office))
    for name in (*HOLDER.values(), *TITLES):
        assert str(name) not in told_of or name is None


# Cancelling


def test_cancelling_revokes_what_was_signed(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    office.cancel_joint(B, group, actor="person:2")
    assert states(office, group) == {"cancelled"}
    assert told(office, A, first) == ("revoked", "joint_cancelled", f"authority:{B}")
    assert listed(office, A, first).tsl == {1}
    assert actions(office, A)[-1] == ("joint.cancelled", f"authority:{B}", {"by": B})
    office.cancel_joint(A, group, actor="person:1")
    assert len(actions(office, A)) == 2
    for body in BODIES:
        with pytest.raises(JointAwardClosedError, match="cancelled"):
            signed(office, group, body)


def test_what_is_recorded_after_the_cancelling_is_revoked_from_the_beginning(office):
    group = a_joint_award(office)
    reservation = reserved(office, group, A)
    office.cancel_joint(B, group, actor="person:2")
    recorded(office, reservation)
    office.publish_lists()
    assert listed(office, A, reservation.attestation_id).tsl == {1}
    assert told(office, A, reservation.attestation_id)[0] == "revoked"


def test_what_is_complete_or_withdrawn_cannot_be_cancelled(office):
    group, first, _ = a_complete_award(office)
    with pytest.raises(JointAwardClosedError, match="complete"):
        office.cancel_joint(A, group, actor="person:1")
    withdrawn(office, A, first)
    with pytest.raises(JointAwardClosedError, match="withdrawn"):
        office.cancel_joint(A, group, actor="person:1")


# The last day


def test_what_is_not_complete_by_its_last_day_is_cancelled_the_day_after(office, clock):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    other = a_joint_award(office)
    complete, kept, _ = a_complete_award(office)
    clock.at = clock.at.replace(month=11, day=30, hour=22, minute=59)
    office.settle_joints()  # It is the first of December in Riga, but not in Brussels.
    assert states(office, group) == {"held"}
    clock.pass_by(minutes=1)
    office.settle_joints()
    assert states(office, group) == states(office, other) == {"cancelled"}
    assert told(office, A, first) == ("revoked", "joint_cancelled", "service")
    assert actions(office, B)[-1] == ("joint.cancelled", "service", {})
    assert (states(office, complete), told(office, A, kept)[0]) == (
        {"complete"},
        "valid",
    )


def test_what_was_signed_in_time_is_released_even_after_its_last_day(office, clock):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    recorded(office, reserved(office, group, B))
    clock.pass_by(days=60)
    with office.database.transaction() as session:
        assert joint_expiry.expire_joints(session, now=office.now()) == []
    office.settle_joints()
    assert states(office, group) == {"complete"}
    assert told(office, A, first)[0] == "valid"


def test_expiring_again_finds_nothing(office, clock):
    group = a_joint_award(office)
    clock.pass_by(days=60)
    for expected in ([group], []):
        with office.database.transaction() as session:
            assert joint_expiry.expire_joints(session, now=office.now()) == expected


def test_a_reservation_does_not_outlive_its_award(office):
    """What other ways of issuing know of a group they refuse to attest again."""
    group = a_joint_award(office)
    reservation = reserved(office, group, A)
    assert reserved(office, group, A) == reservation
    with office.database.transaction() as session:
        joint_issue.cancel_joint(
            session, group, by=A, actor="person:1", now=office.now()
        )
    with pytest.raises(JointAwardClosedError):
        reserved(office, group, A)
