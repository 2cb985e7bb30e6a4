"""What is in the outbox happens at least once, and not for ever."""

from datetime import timedelta

from recognition_service.storage import outbox
from recognition_service.storage.models import OutboxMessage


def put_one(database, now, **more):
    with database.transaction() as session:
        return outbox.put(
            session,
            "be-fl",
            kind="status.publish",
            content={"list": 1},
            now=now,
            **more,
        )


def take(database, now):
    with database.transaction() as session:
        return outbox.take(session, now=now)


def stored(database):
    with database.reading() as session:
        return session.query(OutboxMessage).one()


def test_a_message_is_taken_once_and_finished(database, now):
    identifier = put_one(database, now)
    (message,) = take(database, now)
    assert (message.id, message.attempts) == (identifier, 1)
    assert take(database, now) == []
    with database.transaction() as session:
        outbox.finish(session, message)
    assert stored(database).status == "done"


def test_a_message_waits_until_it_is_due(database, now):
    put_one(database, now, due_at=now + timedelta(hours=1))
    assert take(database, now) == []
    assert len(take(database, now + timedelta(hours=1))) == 1


def test_a_worker_that_dies_loses_its_lease(database, now):
    put_one(database, now)
    take(database, now)
    again = take(database, now + outbox.LEASE + timedelta(seconds=1))
    assert [message.attempts for message in again] == [2]


def test_a_failure_is_tried_again_later_and_later(database, now):
    put_one(database, now)
    for expected in (5, 10, 20):
        (message,) = take(database, now)
        with database.transaction() as session:
            given_up = outbox.fail(
                session, message, error="503", permanent=False, now=now
            )
        assert not given_up
        assert stored(database).due_at == now + timedelta(seconds=expected)
        now += timedelta(seconds=expected)


def test_a_permanent_failure_is_given_up_at_once_and_stays_visible(database, now):
    put_one(database, now)
    (message,) = take(database, now)
    with database.transaction() as session:
        assert outbox.fail(session, message, error="410", permanent=True, now=now)
    row = stored(database)
    assert (row.status, row.last_error) == ("failed", "410")
    assert take(database, now + timedelta(days=9)) == []
