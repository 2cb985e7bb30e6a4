"""The worker keeps the signed trust list in step with what it tells about."""

from datetime import timedelta

from recognition_service.authorities.trust import end_trust
from recognition_service.runtime import saved_inputs
from recognition_service.worker.jobs import Memory
from recognition_service.worker.loop import turn
from tests.worker.installations import NOW, OFFICE, put_forward


def ends_trust(runtime):
    with runtime.database.transaction() as session:
        end_trust(session, OFFICE, actor="service", now=runtime.now())


def test_the_first_turn_publishes_and_later_ones_only_what_changed(runtime):
    memory = Memory()
    turn(runtime, memory)
    first = runtime.signed_trust_list()
    turn(runtime, memory)
    assert runtime.signed_trust_list() == first is not None
    ends_trust(runtime)
    assert turn(runtime, memory) == 0
    assert runtime.signed_trust_list() != first


def test_the_list_is_renewed_every_day(runtime):
    memory = Memory()
    turn(runtime, memory)
    first = runtime.verification_inputs().trust
    put_forward(runtime, NOW + timedelta(days=1))
    turn(runtime, memory)
    renewed = runtime.verification_inputs().trust
    assert renewed.version > first.version
    assert renewed.as_of == NOW + timedelta(days=1)
    kept = saved_inputs.load(runtime.config.data_dir)
    assert kept.trust == renewed


def test_a_list_that_cannot_be_signed_holds_up_nothing_and_is_tried_again(runtime):
    memory = Memory()
    put_forward(runtime, NOW + timedelta(hours=1))
    turn(runtime, memory)
    put_forward(runtime, NOW)  # A clock that was set back signs no list.
    ends_trust(runtime)
    assert [turn(runtime, memory) for _ in range(2)] == [1, 1]
    put_forward(runtime, NOW + timedelta(hours=2))
    assert turn(runtime, memory) == 0
