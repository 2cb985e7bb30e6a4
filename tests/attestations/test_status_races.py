"""Several people change the status of one attestation at the same instant."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from recognition_service.attestations.errors import StatusTransitionError
from recognition_service.attestations.models import (
    Copy,
    Status,
    StatusChange,
    StatusEntry,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.publish import lists_due
from recognition_service.attestations.status import (
    change_many,
    change_status,
    history,
)
from recognition_service.attestations.status_rows import WantedChange
from recognition_service.credentials import token_status_list
from recognition_service.errors import RecognitionError
from recognition_service.storage import audit
from tests.builders import (
    AUTHORITY,
    an_attestation,
    an_authority,
    found_attestation,
    token,
)

VALUES = {"valid": 0, "revoked": 1, "suspended": 2, "superseded": 3}


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def at_once(*acts):
    """Let acts begin together; return what each gave or was refused with."""
    barrier = threading.Barrier(len(acts))

    def act(number):
        barrier.wait()
        try:
            return acts[number]()
        except RecognitionError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, range(len(acts))))


def changing(runtime, attestation_id, *statuses, publish=True, **more):
    """Return an act that sets one status after the other, and publishes."""

    def act():
        for status in statuses:
            with runtime.database.transaction() as session:
                change_status(
                    session,
                    AUTHORITY,
                    attestation_id,
                    status=status,
                    reason="error",
                    actor=f"person:{threading.get_ident()}",
                    now=runtime.now(),
                    **more,
                )
            if publish:
                runtime.publish_lists(AUTHORITY)

    return act


def told(runtime, attestation_id):
    with runtime.database.reading() as session:
        changes = history(session, AUTHORITY, attestation_id)
        return [change.status for change in changes]


def published_values(runtime, attestation_id):
    """Return what the served list says of each copy."""
    listed = token_status_list.decode(runtime.status_list(AUTHORITY, 1)).status_list()
    with runtime.database.reading() as session:
        indexes = session.scalars(
            select(Copy.status_index).where(Copy.attestation_id == attestation_id)
        ).all()
    return {listed.value(index) for index in indexes}


def assert_consistent(runtime, attestation_id):
    """What is stored, what was written down and what is served agree."""
    attestation = found_attestation(runtime, attestation_id)
    changes = told(runtime, attestation_id)
    assert attestation.status == (changes[-1] if changes else "valid")
    assert attestation.version == 1 + len(changes)
    assert published_values(runtime, attestation_id) == {VALUES[attestation.status]}
    with runtime.database.reading() as session:
        assert lists_due(session, now=runtime.now()) == []
        row = session.get_one(StatusList, (AUTHORITY, 1))
        assert row.wanted_version == row.published_version == 1 + len(changes)


def test_case_20_of_four_revocations_one_is_written_down(office):
    attestation_id = an_attestation(office)
    revoke = changing(office, attestation_id, Status.REVOKED)
    assert at_once(*[revoke] * 4) == [None] * 4
    assert told(office, attestation_id) == ["revoked"]
    assert_consistent(office, attestation_id)


def test_case_20_what_is_revoked_is_never_valid_again(office):
    """Two suspend and reinstate in turn while one revokes."""
    attestation_id = an_attestation(office)
    turns = (Status.SUSPENDED, Status.VALID) * 5
    results = at_once(
        changing(office, attestation_id, *turns),
        changing(office, attestation_id, Status.REVOKED),
        changing(office, attestation_id, *turns),
    )
    assert results[1] is None
    for refused in (results[0], results[2]):
        assert refused is None or isinstance(refused, StatusTransitionError)
    changes = told(office, attestation_id)
    assert changes.count("revoked") == 1
    assert changes[-1] == "revoked"
    # Each change follows from the one before; none was lost between two others.
    before = changes[:-1]
    assert before == [("suspended", "valid")[n % 2] for n in range(len(before))]
    assert_consistent(office, attestation_id)
    assert office.verify(token(office, attestation_id)).code == "revoked"


def test_case_20_suspending_and_reinstating_at_once_ends_as_the_history_says(office):
    attestation_id = an_attestation(office)
    suspend = changing(office, attestation_id, *[Status.SUSPENDED] * 6)
    reinstate = changing(office, attestation_id, *[Status.VALID] * 6)
    assert at_once(suspend, reinstate, suspend, reinstate) == [None] * 4
    assert_consistent(office, attestation_id)


def test_case_20_one_list_with_many_changes_at_once_loses_none(office):
    ids = [an_attestation(office) for _ in range(8)]
    at_once(*(changing(office, each, Status.REVOKED) for each in ids))
    for attestation_id in ids:
        assert published_values(office, attestation_id) == {VALUES["revoked"]}
    with office.database.reading() as session:
        versions = session.scalars(
            select(StatusEntry.version).distinct().order_by(StatusEntry.version)
        ).all()
        row = session.get_one(StatusList, (AUTHORITY, 1))
        sequences = session.scalars(
            select(StatusPublication.sequence)
            .where(StatusPublication.form == "tsl")
            .order_by(StatusPublication.sequence)
        ).all()
        kept = session.scalars(
            select(StatusPublication.version)
            .where(StatusPublication.form == "tsl")
            .order_by(StatusPublication.sequence)
        ).all()
    assert versions == list(range(2, 10))
    assert (row.wanted_version, row.published_version) == (9, 9)
    assert sequences == list(range(1, row.publications + 1))
    assert kept == sorted(set(kept))  # Never an older one, never one twice.


def test_case_20_batches_that_overlap_do_not_wait_in_a_circle(office):
    ids = [an_attestation(office) for _ in range(12)]

    def batch(order, status):
        def act():
            with office.database.transaction() as session:
                return change_many(
                    session,
                    AUTHORITY,
                    [WantedChange(each, status, "error") for each in order],
                    actor="person:bruno",
                    now=office.now(),
                )

        return act

    results = at_once(
        batch(ids, Status.SUSPENDED),
        batch(ids[::-1], Status.REVOKED),
        batch(ids[6:] + ids[:6], Status.REVOKED),
    )
    assert all(isinstance(each, list) for each in results)
    office.publish_lists()
    for attestation_id in ids:
        changes = told(office, attestation_id)
        assert changes in (["revoked"], ["suspended", "revoked"])
        assert published_values(office, attestation_id) == {VALUES["revoked"]}
    with office.database.transaction() as session:
        audit.seal(session, AUTHORITY)
    with office.database.reading() as session:
        assert audit.verify_chain(session, AUTHORITY).broken_at is None
        rows = session.scalars(select(StatusChange)).all()
    assert Counter(each.status for each in rows)["revoked"] == 12


def test_case_20_a_change_whose_caller_died_is_published_by_the_next(office):
    """Whoever changes the status and dies before publishing has lost nothing."""
    first, second = an_attestation(office), an_attestation(office)
    changing(office, first, Status.REVOKED, publish=False)()
    assert published_values(office, first) == {VALUES["valid"]}
    changing(office, second, Status.SUSPENDED)()
    assert published_values(office, first) == {VALUES["revoked"]}


def test_case_22_what_was_replaced_says_by_what_and_the_new_one_verifies(office):
    older, newer = an_attestation(office), an_attestation(office)
    replace = changing(office, older, Status.SUPERSEDED, superseded_by=newer)
    assert at_once(*[replace] * 3) == [None] * 3
    assert told(office, older) == ["superseded"]
    assert found_attestation(office, older).superseded_by == newer
    assert published_values(office, older) == {VALUES["superseded"]}
    report = office.verify(token(office, older))
    assert (report.verdict, report.code) == ("not_valid", "superseded")
    assert office.verify(token(office, newer)).verdict == "valid"
    # Another successor cannot be named afterwards.
    third = an_attestation(office)
    with pytest.raises(StatusTransitionError):
        changing(office, older, Status.SUPERSEDED, superseded_by=third)()
