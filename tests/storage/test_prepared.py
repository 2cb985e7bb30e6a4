"""Statements that are compiled once answer like SQLAlchemy's own."""

import pytest
from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError

from recognition_service.storage.errors import NaiveInstantError
from recognition_service.storage.ids import new_id
from recognition_service.storage.models import AuditEntry
from recognition_service.storage.prepared import Prepared, among, insert_into

COLUMNS = (
    "authority_id",
    "id",
    "at",
    "actor",
    "action",
    "subject",
    "content",
    "digest",
)
INSERT = insert_into(AuditEntry, COLUMNS)
READ = Prepared(
    lambda dialect: (
        select(AuditEntry.id, AuditEntry.at, AuditEntry.content)
        .where(
            AuditEntry.authority_id == bindparam("authority_id"),
            among(AuditEntry.id, "ids", dialect),
        )
        .order_by(AuditEntry.id)
        .limit(2)
    )
)


def an_entry(now, **changes):
    return {
        "authority_id": "a",
        "id": new_id(now),
        "at": now,
        "actor": "service",
        "action": "key.created",
        "subject": "key/1",
        "content": {"name": "Bērziņa", "none": None},
        "digest": "sha256-x",
    } | changes


def test_values_come_back_as_their_types(database, now):
    entries = [an_entry(now) for _ in range(3)]
    with database.transaction() as session:
        INSERT.run_many(session, entries)
    with database.reading() as session:
        wanted = [entry["id"] for entry in entries]
        rows = READ.all(session, authority_id="a", ids=wanted)
        assert rows == [(e["id"], now, e["content"]) for e in entries[:2]]
        assert READ.first(session, authority_id="a", ids=[]) is None
        assert (
            session.get(AuditEntry, ("a", wanted[2])).content == entries[2]["content"]
        )


def test_what_the_session_holds_is_seen(database, now):
    entry = an_entry(now)
    with database.transaction() as session:
        session.add(AuditEntry(**entry))
        assert READ.first(session, authority_id="a", ids=[entry["id"]]) is not None


def test_a_constant_of_the_statement_needs_not_be_given(database, now):
    change = Prepared(
        lambda _: (
            update(AuditEntry)
            .where(AuditEntry.id == bindparam("_id"))
            .values(actor="clerk", subject=bindparam("_subject"))
        )
    )
    entries = [an_entry(now), an_entry(now)]
    with database.transaction() as session:
        INSERT.run_many(session, entries)
        change.run_many(
            session,
            [{"_id": e["id"], "_subject": f"key/{n}"} for n, e in enumerate(entries)],
        )
    with database.reading() as session:
        found = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(row.actor, row.subject) for row in found] == [
            ("clerk", "key/0"),
            ("clerk", "key/1"),
        ]


def test_a_question_at_a_glance_needs_no_transaction(database, now):
    entry = an_entry(now)
    with database.transaction() as session:
        INSERT.run(session, **entry)
    with database.glance() as glance:
        assert READ.first(glance, authority_id="a", ids=[entry["id"]])[1] == now


def test_faults_are_those_of_sqlalchemy_and_leave_nothing_behind(database, now):
    entry = an_entry(now)
    with pytest.raises(IntegrityError), database.transaction() as session:
        INSERT.run_many(session, [entry, an_entry(now), entry])
    with database.reading() as session:
        assert session.scalars(select(AuditEntry)).all() == []


def test_a_missing_value_is_an_error(database, now):
    entry = an_entry(now)
    del entry["digest"]
    with pytest.raises(KeyError, match="digest"), database.transaction() as session:
        INSERT.run(session, **entry)


def test_an_instant_without_a_zone_is_refused(database, now):
    entry = an_entry(now, at=now.replace(tzinfo=None))
    with pytest.raises(NaiveInstantError), database.transaction() as session:
        INSERT.run(session, **entry)
