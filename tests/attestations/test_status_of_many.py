"""Many attestations change at once: one version, one publication."""

from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from recognition_service.attestations.marks import PUBLISH_STATUS
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyState,
    Status,
    StatusChange,
    StatusEntry,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.places import take_places
from recognition_service.attestations.status import change_many, history
from recognition_service.attestations.status_rows import WantedChange
from recognition_service.credentials import token_status_list
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.models import AuditEntry, OutboxMessage
from tests.builders import (
    AUTHORITY,
    an_attestation,
    an_authority,
    found_attestation,
)


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def changed(runtime, *wanted, authority_id=AUTHORITY):
    with runtime.database.transaction() as session:
        return change_many(
            session, authority_id, wanted, actor="person:bruno", now=runtime.now()
        )


def revocation(attestation_id, status=Status.REVOKED, **more):
    return WantedChange(attestation_id, status, "error", **more)


def told(results):
    return [
        (result.is_changed, result.error.code if result.error else None)
        for result in results
    ]


def count(runtime, model, *conditions):
    with runtime.database.reading() as session:
        statement = select(func.count()).select_from(model).where(*conditions)
        return session.scalar(statement)


def like(model, row, **changes):
    """Return the values of a row with some of them changed."""
    names = [each.key for each in model.__mapper__.column_attrs]
    return {name: getattr(row, name) for name in names} | changes


def many_like(runtime, attestation_id, number):
    """Add attestations that were issued like one, each with one copy."""
    now = runtime.now()
    with runtime.database.transaction() as session:
        row = session.get_one(Attestation, (AUTHORITY, attestation_id))
        copy = session.scalars(select(Copy).where(Copy.state == CopyState.ISSUED))
        sample = copy.first()
        ids = [new_id(now) for _ in range(number)]
        taken = take_places(session, AUTHORITY, number)
        session.execute(
            insert(Attestation),
            [
                like(Attestation, row, id=each, decision_id=each, number=f"N-{each}")
                for each in ids
            ],
        )
        session.execute(
            insert(Copy),
            [
                like(
                    Copy,
                    sample,
                    id=new_id(now),
                    attestation_id=each,
                    jti=str(each),
                    list_number=place[0],
                    status_index=place[1],
                )
                for each, place in zip(ids, taken, strict=True)
            ],
        )
    return ids


def test_ten_thousand_revocations_are_one_publication(own_small):
    """In a database of its own: the shared one would be long in forgetting them."""
    office = own_small
    an_authority(office)
    ids = many_like(office, an_attestation(office), 10_000)
    before = count(office, StatusPublication)
    results = changed(office, *(revocation(each) for each in ids))
    office.publish_lists()
    assert told(results) == [(True, None)] * 10_000
    assert count(office, StatusPublication) == before + 3  # One of each form.
    assert count(office, StatusEntry) == 10_000
    assert count(office, StatusChange) == 10_000
    assert count(office, AuditEntry, AuditEntry.action == "attestation.revoked") == (
        10_000
    )
    assert count(office, OutboxMessage, OutboxMessage.kind == PUBLISH_STATUS) == 1
    listed = token_status_list.decode(office.status_list(AUTHORITY, 1)).status_list()
    assert sum(byte.bit_count() for byte in listed.packed) == 10_000
    with office.database.reading() as session:
        row = session.get_one(StatusList, (AUTHORITY, 1))
        assert (row.wanted_version, row.published_version) == (2, 2)
        index = session.scalars(
            select(Copy.status_index).where(Copy.attestation_id == ids[-1])
        ).one()
    assert listed.value(index) == token_status_list.REVOKED


def test_what_is_refused_holds_up_no_other(office):
    an_authority(office, "ma")
    foreign = an_attestation(office, authority_id="ma")
    good, final, held, last = [an_attestation(office) for _ in range(4)]
    changed(office, revocation(final))
    changed(office, revocation(held, Status.SUSPENDED))
    results = changed(
        office,
        revocation(good),
        revocation(final, Status.VALID),
        revocation(foreign),
        revocation(UUID(int=5)),
        revocation(held, Status.SUSPENDED),
        revocation(last, Status.SUPERSEDED, superseded_by=final),
        revocation(last, Status.SUSPENDED),
    )
    assert told(results) == [
        (True, None),
        (False, "status_transition_not_allowed"),
        (False, "attestation_not_found"),
        (False, "attestation_not_found"),
        (False, None),
        (False, "successor_needed"),
        (True, None),
    ]
    assert results[1].error.members() == {"allowed": []}
    statuses = [found_attestation(office, each).status for each in (good, final, last)]
    assert statuses == ["revoked", "revoked", "suspended"]
    assert found_attestation(office, foreign, "ma").status == "valid"


def test_one_attestation_may_change_several_times_in_their_order(office):
    attestation_id = an_attestation(office)
    wanted = [Status.SUSPENDED, Status.VALID, Status.VALID, Status.SUSPENDED]
    results = changed(office, *(revocation(attestation_id, each) for each in wanted))
    assert [result.is_changed for result in results] == [True, True, False, True]
    attestation = found_attestation(office, attestation_id)
    assert (attestation.status, attestation.version) == ("suspended", 4)
    with office.database.reading() as session:
        kept = [each.status for each in history(session, AUTHORITY, attestation_id)]
        values = set(session.scalars(select(StatusEntry.value)))
    assert kept == ["suspended", "valid", "suspended"]
    assert values == {token_status_list.SUSPENDED}


def test_a_successor_must_be_valid_when_its_turn_comes(office):
    older, newer = an_attestation(office), an_attestation(office)
    replaced = revocation(older, Status.SUPERSEDED, superseded_by=newer)
    results = changed(office, revocation(newer, Status.SUSPENDED), replaced)
    assert told(results) == [(True, None), (False, "successor_needed")]
    results = changed(office, revocation(newer, Status.VALID), replaced)
    assert told(results) == [(True, None), (True, None)]
    assert found_attestation(office, older).superseded_by == newer


def test_a_status_without_a_successor_forgets_the_one_that_was_named(office):
    older, newer = an_attestation(office), an_attestation(office)
    changed(office, revocation(older, superseded_by=newer))
    assert found_attestation(office, older).superseded_by is None


def test_nothing_wanted_changes_nothing(office):
    attestation_id = an_attestation(office)
    assert changed(office) == []
    before = count(office, AuditEntry), count(office, OutboxMessage)
    changed(office, revocation(attestation_id, Status.VALID))
    assert (count(office, AuditEntry), count(office, OutboxMessage)) == before


def test_each_change_is_audited_in_a_chain_that_holds(office):
    ids = [an_attestation(office) for _ in range(3)]
    changed(office, *(revocation(each, note="secret") for each in ids))
    with office.database.transaction() as session:
        audit.seal(session, AUTHORITY)
    with office.database.reading() as session:
        assert audit.verify_chain(session, AUTHORITY).broken_at is None
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "attestation.revoked")
        ).all()
    assert [entry.subject for entry in entries] == [f"attestation/{i}" for i in ids]
    assert all(entry.content == {"reason": "error"} for entry in entries)


def test_an_object_that_the_session_holds_is_read_anew(office):
    attestation_id = an_attestation(office)
    with office.database.transaction() as session:
        held = session.get_one(Attestation, (AUTHORITY, attestation_id))
        assert held.status == Status.VALID
        change_many(
            session,
            AUTHORITY,
            [revocation(attestation_id)],
            actor="person:bruno",
            now=office.now(),
        )
        assert (held.status, held.version) == (Status.REVOKED, 2)
