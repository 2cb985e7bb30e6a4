"""The audit is a chain that shows any change."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from recognition_service.storage import audit
from recognition_service.storage.models import AuditEntry


def write(session, number, now):
    for index in range(number):
        audit.append(
            session,
            "be-fl",
            actor="person:bruno",
            action="request.decided",
            subject=f"recognition_request/{index}",
            content={"outcome": "partial"},
            now=now + timedelta(seconds=index),
        )


def sealed(database, now, number=3):
    with database.transaction() as session:
        write(session, number, now)
    with database.transaction() as session:
        audit.seal(session, "be-fl")


def report(database):
    with database.reading() as session:
        return audit.verify_chain(session, "be-fl")


def test_a_sealed_chain_holds_and_shows_its_unsealed_tail(database, now):
    sealed(database, now)
    with database.transaction() as session:
        write(session, 2, now)
    found = report(database)
    assert (found.length, found.unsealed, found.broken_at) == (3, 2, None)


def test_sealing_again_continues_the_chain(database, now):
    sealed(database, now)
    head = report(database).head
    sealed(database, now + timedelta(minutes=1), 1)
    found = report(database)
    assert found.length == 4
    assert found.broken_at is None
    assert found.head != head


def test_a_change_that_fails_leaves_no_entry(database, now):
    def change_and_fail():
        with database.transaction() as session:
            write(session, 1, now)
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with database.reading() as session:
        assert session.query(AuditEntry).count() == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor = 'person:mallory' WHERE subject LIKE '%/1'",
        "UPDATE audit_seal SET chain_digest = 'sha256-x' WHERE position = 2",
    ],
)
def test_an_altered_entry_breaks_the_chain_at_its_place(database, now, change):
    sealed(database, now)
    with database.transaction() as session:
        session.execute(text(change))
    assert report(database).broken_at == 2


def test_a_removed_link_breaks_the_chain(database, now):
    sealed(database, now)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_seal WHERE position = 1"))
    assert report(database).broken_at == 2


def sign_end(database, now):
    with database.reading() as session:
        end = audit.unsigned_end(session, "be-fl")
    if end is not None:
        with database.transaction() as session:
            audit.keep_checkpoint(session, end, "token", now=now)
    return end


def test_a_checkpoint_signs_the_end_once(database, now):
    sealed(database, now)
    end = sign_end(database, now)
    assert end.claims(now)["position"] == 3
    assert end.chain_digest == report(database).head
    assert sign_end(database, now) is None
    assert report(database).broken_at is None


def test_a_chain_that_was_cut_off_is_found_by_its_checkpoint(database, now):
    sealed(database, now)
    sign_end(database, now)
    with database.transaction() as session:
        session.execute(text("DELETE FROM audit_seal WHERE position = 3"))
        session.execute(text("DELETE FROM audit_entry WHERE subject LIKE '%/2'"))
    found = report(database)
    assert (found.length, found.broken_at) == (2, 3)


def test_only_what_waits_is_looked_at_by_the_sealer(database, now):
    with database.transaction() as session:
        write(session, 2, now)
    with database.reading() as session:
        assert audit.authorities_to_seal(session) == ["be-fl"]
    with database.transaction() as session:
        assert audit.seal(session, "be-fl") == 2
    with database.reading() as session:
        assert audit.authorities_to_seal(session) == []
