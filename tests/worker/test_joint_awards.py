"""The worker completes joint awards that were left behind, and ends overdue ones."""

import pytest
from sqlalchemy import select

from recognition_service.attestations.joint_issue import withdraw_from_joint
from recognition_service.storage.models import OutboxMessage
from recognition_service.worker.loop import turn
from tests.attestations.joint_awards import (
    A,
    B,
    a_complete_award,
    a_joint_award,
    listed,
    messages,
    recorded,
    reserved,
    signed,
    states,
    told,
    two_bodies,
)


@pytest.fixture
def office(small):
    return two_bodies(small)


def test_a_turn_finishes_releases_and_publishes_what_a_dead_process_left(office, clock):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    second = reserved(office, group, B).attestation_id
    clock.pass_by(minutes=1)
    assert turn(office) == 0
    assert states(office, group) == {"complete"}
    assert listed(office, A, first).tsl == listed(office, B, second).tsl == {0}


def test_a_turn_releases_what_was_recorded_and_never_released(office):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    recorded(office, reserved(office, group, B))
    assert turn(office) == 0
    assert listed(office, A, first).tsl == {0}


def test_a_turn_after_the_last_day_cancels_and_publishes(office, clock):
    group = a_joint_award(office)
    (first,) = signed(office, group, A)
    clock.pass_by(days=60)
    assert turn(office) == 0
    assert states(office, group) == {"cancelled"}
    assert told(office, A, first)[:2] == ("revoked", "joint_cancelled")
    assert listed(office, A, first).tsl == {1}


def test_the_body_that_is_told_of_a_withdrawal_finds_it_in_its_list(office):
    group, first, second = a_complete_award(office)
    with office.database.transaction() as session:
        withdraw_from_joint(session, A, first, actor="person:1", now=office.now())
    assert listed(office, B, second).tsl == {0}
    assert messages(office) == [(B, {"group": str(group), "by": A})]
    assert turn(office) == 0
    assert listed(office, B, second).tsl == {2}
    with office.database.reading() as session:
        assert set(session.scalars(select(OutboxMessage.status))) == {"done"}
