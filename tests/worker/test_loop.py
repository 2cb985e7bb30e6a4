"""The loop goes on whatever happens, and stops when it is told to."""

from threading import Event, active_count

from recognition_service.storage.engine import Database
from recognition_service.storage.models import OutboxMessage
from recognition_service.worker.loop import run, start_embedded
from tests.worker.installations import issue, revoke


class StopAfter(Event):
    """Lets a number of turns pass without waiting, and notes the pauses."""

    def __init__(self, turns):
        super().__init__()
        self.turns = turns
        self.pauses = []

    def wait(self, timeout=None):
        self.pauses.append(timeout)
        if len(self.pauses) == self.turns:
            self.set()
        return self.is_set()


def test_an_embedded_worker_does_its_work_and_stops(runtime):
    revoke(runtime, issue(runtime))
    before = active_count()
    stop = start_embedded(runtime)
    for _ in range(400):
        with runtime.database.reading() as session:
            status = session.query(OutboxMessage).one().status
        if status == "done":
            break
        Event().wait(0.05)
    stop()
    assert status == "done"
    assert active_count() == before


def test_the_loop_outlives_a_database_that_is_away_and_slows_down(runtime):
    present = runtime.database
    runtime.database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    stop = StopAfter(8)
    run(runtime, stop, 0.5)
    runtime.database.close()
    runtime.database = present
    assert stop.pauses == [1, 2, 4, 8, 16, 30, 30, 30]


def test_turns_follow_each_other_quickly_while_all_is_well(runtime):
    stop = StopAfter(3)
    run(runtime, stop, 0.5)
    assert stop.pauses == [0.5, 0.5, 0.5]
