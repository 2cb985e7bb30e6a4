"""Whoever is killed while issuing a batch leaves one that ends as if nothing had been.

The process is killed (-9) again and again, each time after some more lines are done,
wherever it happens to be: reserving, signing or recording.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from recognition_service.attestations import batches
from recognition_service.attestations.models import (
    Attestation,
    BatchKind,
    Copy,
    CopyState,
)
from recognition_service.attestations.read import token_of
from recognition_service.authorities.access import find_caller
from recognition_service.authorities.found import add_principal
from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.runtime.opening import open_runtime
from recognition_service.storage import audit
from recognition_service.worker.loop import turn
from tests.builders import a_batch, a_record
from tests.worker.installations import OFFICE, settings

LINES, CHUNK, KILLS = 400, 20, 5
ROOT = Path(__file__).parent.parent.parent


def people(runtime):
    """Let an officer and a signatory begin, and return them as they call."""
    found = []
    with runtime.database.transaction() as session:
        for role in (Role.OFFICER, Role.SIGNATORY):
            principal = add_principal(
                session,
                OFFICE,
                kind=PrincipalKind.PERSON,
                name=role.value,
                roles=frozenset({role}),
                actor="service",
                now=runtime.now(),
            )
            found.append(find_caller(session, OFFICE, f"person:{principal}"))
    return found


def handed_in(config, lines):
    runtime = open_runtime(config)
    officer, signatory = people(runtime)
    records = (a_record(officer, f"R-{number}") for number in range(lines))
    batch_id = a_batch(runtime, signatory, records)
    runtime.close()
    return batch_id


def a_worker(config, *more):
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.worker.work_on_batches",
            str(config.data_dir),
            config.database_url,
            str(CHUNK),
            *more,
        ],
        cwd=ROOT,
    )


def done(runtime, batch_id):
    with runtime.database.reading() as session:
        batch = batches.get_batch(session, OFFICE, batch_id, BatchKind.ISSUE)
        return batches.progress(session, batch).done


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_case_53_a_batch_whose_worker_is_killed_ends_whole(request, kind):
    config = request.getfixturevalue(f"{kind}_config")
    batch_id = handed_in(config, LINES)
    runtime = open_runtime(config)
    chance = random.Random(53)  # noqa: S311  # the same moments in every run
    for _ in range(KILLS):
        enough = done(runtime, batch_id) + chance.randint(1, LINES // (KILLS + 2))
        worker = a_worker(config)
        while done(runtime, batch_id) < enough and worker.poll() is None:
            pass
        worker.kill()
        worker.wait()
    assert a_worker(config).wait() == 0
    runtime.close()
    assert_whole(open_runtime(settings(config.data_dir, config.database_url)), batch_id)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_several_workers_share_a_batch_and_each_line_is_issued_once(request, kind):
    config = request.getfixturevalue(f"{kind}_config")
    batch_id = handed_in(config, LINES)
    workers = [a_worker(config), a_worker(config, "anywhere")]
    assert [worker.wait() for worker in workers] == [0, 0]
    assert_whole(open_runtime(settings(config.data_dir, config.database_url)), batch_id)


def assert_whole(runtime, batch_id):
    with runtime.database.reading() as session:
        batch = batches.get_batch(session, OFFICE, batch_id, BatchKind.ISSUE)
        progress = batches.progress(session, batch)
        assert (batch.state, progress.done, progress.failed) == ("finished", LINES, 0)
        numbers = list(session.scalars(select(Attestation.number)))
        assert sorted(numbers) == [f"ATT-2026-{n:06d}" for n in range(1, LINES + 1)]
        assert session.scalar(
            select(func.count(Attestation.decision_id.distinct()))
        ) == (LINES)
        states = dict(
            session.execute(select(Copy.state, func.count()).group_by(Copy.state)).all()
        )
        assert states == {CopyState.ISSUED: LINES}
        assert session.scalar(select(func.count(Copy.jti.distinct()))) == LINES
        places = select(Copy.list_number, Copy.status_index).distinct()
        assert session.scalar(select(func.count()).select_from(places.subquery())) == (
            LINES
        )
        rows = batches.list_rows(session, batch, state=None, after=0, limit=LINES)
        assert len({row.attestation_id for row in rows}) == LINES
        assert all(row.content is None for row in rows)
    turn(runtime)
    with runtime.database.reading() as session:
        assert audit.verify_chain(session, OFFICE).broken_at is None
    for row in rows[:: LINES // 20]:
        with runtime.database.reading() as session:
            token = token_of(session, OFFICE, row.attestation_id)
        assert runtime.verify(token).verdict == "valid"
    runtime.close()
