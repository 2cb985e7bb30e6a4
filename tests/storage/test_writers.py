"""Several processes write at once and nothing is lost."""

import multiprocessing

from sqlalchemy import text

from recognition_service.storage.engine import Database
from recognition_service.storage.models import NumberSeries

PROCESSES, ROUNDS = 4, 150


def _count_up(url):
    database = Database(url)
    for _ in range(ROUNDS):
        with database.transaction() as session:
            row = session.get(NumberSeries, ("a", "S"), with_for_update=True)
            row.last = row.last + 1
    database.close()


def test_four_processes_that_read_then_write_lose_no_update(database_url):
    database = Database(database_url)
    with database.transaction() as session:
        session.add(NumberSeries(authority_id="a", series="S", last=0))
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_count_up, args=(database_url,))
        for _ in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with database.reading() as session:
        assert session.get(NumberSeries, ("a", "S")).last == PROCESSES * ROUNDS
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    database.close()


def test_sqlite_waits_for_its_turn_and_keeps_what_was_committed(sqlite_url):
    database = Database(sqlite_url)
    with database.engine.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
        }
    assert settings == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "busy_timeout": 10000,
    }
    database.close()
