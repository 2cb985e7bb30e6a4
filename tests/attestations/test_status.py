"""An attestation is suspended, reinstated, revoked or superseded, with its copies."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from recognition_service.attestations.errors import (
    AttestationNotFoundError,
    AttestationPendingError,
    StatusTransitionError,
    SuccessorNeededError,
)
from recognition_service.attestations.models import Status
from recognition_service.attestations.reserve import reserve
from recognition_service.attestations.status import change_status, history
from recognition_service.recognition.letters import RENDER_LETTER
from recognition_service.storage.models import AuditEntry, OutboxMessage
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    a_full_decision,
    a_signed_decision,
    an_attestation,
    an_authority,
    found_attestation,
    token,
)

FOLLOWS = {
    Status.VALID: {Status.SUSPENDED, Status.REVOKED, Status.SUPERSEDED},
    Status.SUSPENDED: {Status.VALID, Status.REVOKED, Status.SUPERSEDED},
    Status.REVOKED: set(),
    Status.SUPERSEDED: set(),
}


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def changed(runtime, attestation_id, status, authority_id=AUTHORITY, **more):
    known = {"reason": "error", "actor": "person:bruno", "now": runtime.now()}
    with runtime.database.transaction() as session:
        return change_status(
            session, authority_id, attestation_id, status=status, **(known | more)
        )


def in_state(runtime, status, successor):
    """Return a new attestation that has a status."""
    attestation_id = an_attestation(runtime)
    if status is not Status.VALID:
        superseded_by = successor if status is Status.SUPERSEDED else None
        changed(runtime, attestation_id, status, superseded_by=superseded_by)
    return attestation_id


def changes(runtime, attestation_id):
    with runtime.database.reading() as session:
        return [
            (change.status, change.reason, change.actor, change.note)
            for change in history(session, AUTHORITY, attestation_id)
        ]


def count(runtime, model, *conditions):
    with runtime.database.reading() as session:
        return len(session.scalars(select(model).where(*conditions)).all())


def test_each_transition_is_allowed_or_forbidden_as_the_table_says(office):
    successor = an_attestation(office)
    for current, allowed in FOLLOWS.items():
        for wanted in set(Status) - {current}:
            attestation_id = in_state(office, current, successor)
            named = successor if wanted is Status.SUPERSEDED else None
            if wanted in allowed:
                changed(office, attestation_id, wanted, superseded_by=named)
                expected = wanted
            else:
                with pytest.raises(StatusTransitionError) as refused:
                    changed(office, attestation_id, wanted, superseded_by=named)
                assert refused.value.members() == {"allowed": []}
                expected = current
            assert found_attestation(office, attestation_id).status == expected


def test_the_history_keeps_who_why_and_when(office, clock):
    attestation_id = an_attestation(office)
    clock.pass_by(hours=1)
    changed(office, attestation_id, Status.SUSPENDED, note="a letter came")
    clock.pass_by(hours=1)
    changed(office, attestation_id, Status.VALID, reason="holder_request")
    clock.pass_by(hours=1)
    changed(
        office, attestation_id, Status.REVOKED, reason="fraud_final", actor="person:2"
    )
    assert changes(office, attestation_id) == [
        ("suspended", "error", "person:bruno", "a letter came"),
        ("valid", "holder_request", "person:bruno", None),
        ("revoked", "fraud_final", "person:2", None),
    ]
    attestation = found_attestation(office, attestation_id)
    assert attestation.version == 4
    assert attestation.status_reason == "fraud_final"
    assert attestation.status_since == office.now()


def test_two_changes_within_a_second_are_told_in_their_order(office):
    attestation_id = an_attestation(office)
    wanted = [Status.SUSPENDED, Status.VALID] * 4
    for status in wanted:
        changed(office, attestation_id, status)
    assert [change[0] for change in changes(office, attestation_id)] == wanted


def test_the_status_that_holds_already_changes_nothing(office):
    successor = an_attestation(office)
    for status in Status:
        attestation_id = in_state(office, status, successor)
        before = found_attestation(office, attestation_id).version
        audited, put = count(office, AuditEntry), count(office, OutboxMessage)
        named = successor if status is Status.SUPERSEDED else None
        changed(office, attestation_id, status, superseded_by=named, reason="other")
        assert found_attestation(office, attestation_id).version == before
        assert count(office, AuditEntry) == audited
        assert count(office, OutboxMessage) == put


def test_a_change_is_audited_and_put_into_the_outbox_in_its_transaction(office):
    attestation_id = an_attestation(office)
    changed(office, attestation_id, Status.REVOKED, note="secret")
    with office.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "attestation.revoked")
        ).one()
        (message,) = session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind != RENDER_LETTER)
        )
    assert entry.subject == f"attestation/{attestation_id}"
    assert (entry.actor, entry.content) == ("person:bruno", {"reason": "error"})
    assert (message.kind, message.content) == ("status.publish", {"number": 1})


def test_verification_tells_each_status_once_it_is_published(office):
    successor = an_attestation(office)
    for status, code in {
        Status.REVOKED: "revoked",
        Status.SUSPENDED: "suspended",
        Status.SUPERSEDED: "superseded",
    }.items():
        attestation_id = in_state(office, status, successor)
        office.publish_lists(AUTHORITY)
        report = office.verify(token(office, attestation_id))
        assert (report.verdict, report.code) == ("not_valid", code)
    assert office.verify(token(office, successor)).verdict == "valid"


def test_what_is_reinstated_is_valid_again(office):
    attestation_id = in_state(office, Status.SUSPENDED, None)
    changed(office, attestation_id, Status.VALID)
    office.publish_lists()
    assert office.verify(token(office, attestation_id)).verdict == "valid"


def test_only_another_valid_attestation_of_ours_supersedes(office, clock):
    an_authority(office, "ma")
    attestation_id = an_attestation(office)
    revoked = in_state(office, Status.REVOKED, None)
    suspended = in_state(office, Status.SUSPENDED, None)
    others = an_attestation(office, authority_id="ma")
    ended = an_attestation(office, content=a_full_decision(valid_until="2026-11-30"))
    decision = a_signed_decision(office)
    with office.database.transaction() as session:
        pending = reserve(
            session,
            AUTHORITY,
            decision.attestation,
            public_url=PUBLIC_URL,
            actor="person:1",
            now=office.now(),
        ).attestations[0]
    clock.pass_by(days=30)
    for successor in (
        None,
        attestation_id,
        revoked,
        suspended,
        others,
        ended,
        pending,
    ):
        with pytest.raises(SuccessorNeededError) as refused:
            changed(office, attestation_id, Status.SUPERSEDED, superseded_by=successor)
        assert refused.value.errors[0]["pointer"] == "/superseded_by"
    attestation = found_attestation(office, attestation_id)
    assert (attestation.status, attestation.superseded_by) == ("valid", None)


def test_a_successor_that_names_its_predecessor_replaces_it_when_issued(office):
    older = an_attestation(office)
    decision = a_signed_decision(office)
    newer = office.issue(
        AUTHORITY,
        replace(decision, attestation=replace(decision.attestation, supersedes=older)),
        actor="person:2",
    )
    attestation = found_attestation(office, older)
    assert (attestation.status, attestation.superseded_by) == ("superseded", newer)
    assert attestation.status_reason == "decision_amended"
    assert found_attestation(office, newer).supersedes == older
    assert office.verify(token(office, older)).code == "superseded"


def test_a_predecessor_that_is_final_stays_as_it_is(office):
    older = in_state(office, Status.REVOKED, None)
    decision = a_signed_decision(office)
    named = replace(decision.attestation, supersedes=older)
    office.issue(AUTHORITY, replace(decision, attestation=named), actor="person:2")
    assert found_attestation(office, older).status == "revoked"


def test_what_is_not_signed_yet_has_no_status_to_change(office):
    decision = a_signed_decision(office)
    with office.database.transaction() as session:
        reservation = reserve(
            session,
            AUTHORITY,
            decision.attestation,
            public_url=PUBLIC_URL,
            actor="person:1",
            now=office.now(),
        )
    with pytest.raises(AttestationPendingError):
        changed(office, reservation.attestations[0], Status.REVOKED)


def test_another_authoritys_attestation_is_not_found(office):
    an_authority(office, "ma")
    attestation_id = an_attestation(office)
    with pytest.raises(AttestationNotFoundError):
        changed(office, attestation_id, Status.REVOKED, authority_id="ma")
    assert found_attestation(office, attestation_id).status == "valid"
