"""A batch goes on after whatever went wrong, and tells what became of each line."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from recognition_service.attestations import batches
from recognition_service.attestations.models import (
    BatchKind,
    Copy,
    CopyState,
    TokenHeader,
)
from recognition_service.authorities.keys import active_key, all_keys
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.signing.errors import KeyStoreUnavailableError
from recognition_service.worker.loop import turn
from tests.builders import (
    AUTHORITY,
    a_batch,
    a_record,
    an_authority,
    bruno,
    sofia,
    token,
)


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def handed_in(office, count):
    officer = bruno(office)
    records = [a_record(officer, f"R-{number}") for number in range(count)]
    return a_batch(office, sofia(office), records)


def told(office, batch_id):
    with office.database.reading() as session:
        batch = batches.get_batch(session, AUTHORITY, batch_id, BatchKind.ISSUE)
        return batch.state, batches.progress(session, batch)


def rows(office, batch_id):
    with office.database.reading() as session:
        batch = batches.get_batch(session, AUTHORITY, batch_id, BatchKind.ISSUE)
        return batches.list_rows(session, batch, state=None, after=0, limit=100)


class Away:
    """A key store that does not answer for now."""

    def __init__(self, store):
        self.store = store

    def signer(self, _thumbprint, _kid):
        raise KeyStoreUnavailableError("The token is not there.")


def test_lines_that_waited_for_the_keys_are_done_when_these_are_back(office, clock):
    batch_id = handed_in(office, 3)
    keys, office._keys = office._keys, Away(office._keys)
    with pytest.raises(KeyStoreUnavailableError):
        office.run_batches()
    state, progress = told(office, batch_id)
    assert (state, progress.waiting, progress.done) == ("running", 3, 0)
    office._keys = keys
    clock.pass_by(minutes=1)
    assert not office.run_batches()
    state, progress = told(office, batch_id)
    assert (state, progress.done, progress.failed) == ("finished", 3, 0)
    for row in rows(office, batch_id):
        assert office.verify(token(office, row.attestation_id)).verdict == "valid"


def test_lines_whose_key_was_compromised_meanwhile_have_failed(office, clock):
    batch_id = handed_in(office, 2)
    keys, office._keys = office._keys, Away(office._keys)
    with pytest.raises(KeyStoreUnavailableError):
        office.run_batches()
    office._keys = keys
    with office.database.reading() as session:
        key = active_key(session, AUTHORITY, KeyPurpose.ATTESTATIONS, office.now())
    office.mark_compromised(AUTHORITY, key.thumbprint, at=office.now())
    clock.pass_by(minutes=1)
    office.finish_issuing()
    assert not office.run_batches()
    assert [row.problem["code"] for row in rows(office, batch_id)] == [
        "attestation_pending"
    ] * 2
    again = handed_in(office, 2)
    assert not office.run_batches()
    assert told(office, again)[1].done == 2


def test_a_reserved_copy_of_the_first_version_is_finished_too(office, clock):
    handed_in(office, 1)
    keys, office._keys = office._keys, Away(office._keys)
    with pytest.raises(KeyStoreUnavailableError):
        office.run_batches()
    office._keys = keys
    with office.database.transaction() as session:
        session.execute(update(Copy).values(header=None))
        session.execute(TokenHeader.__table__.delete())
    clock.pass_by(minutes=1)
    assert office.finish_issuing() == 1
    with office.database.reading() as session:
        copy = session.scalars(select(Copy)).one()
    assert copy.state == CopyState.ISSUED
    assert office.verify(token(office, copy.attestation_id)).verdict == "valid"


def test_a_batch_that_was_never_received_whole_is_forgotten(office, clock):
    signatory = sofia(office)
    with office.database.transaction() as session:
        batches.open_batch(
            session,
            AUTHORITY,
            batch_id := signatory.principal_id,
            kind=BatchKind.ISSUE,
            actor=signatory.actor,
            now=office.now(),
        )
        batches.add_lines(session, AUTHORITY, batch_id, [batches.Line(1, b"{}")])
    assert not office.run_batches()
    clock.at += timedelta(hours=2)
    office.forget_abandoned_batches()
    with office.database.reading() as session:
        assert batches.find_batch(session, AUTHORITY, batch_id) is None


def test_a_batch_that_cannot_go_on_holds_up_no_other(office, clock):
    an_authority(office, "ma", mandate={"jurisdictions": ["BE-FL"]})
    with office.database.transaction() as session:
        for key in all_keys(session, "ma"):
            key.retired_at = office.now()
    theirs = a_batch(
        office, sofia(office, "ma"), [a_record(bruno(office, "ma"), "R-1")]
    )
    clock.pass_by(seconds=1)
    ours = handed_in(office, 1)
    assert turn(office) > 0
    assert told(office, ours)[0] == "finished"
    with office.database.reading() as session:
        assert batches.find_batch(session, "ma", theirs).state == "running"
