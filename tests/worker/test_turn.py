"""One turn of the worker does everything that is due, and nothing twice."""

import json
from datetime import timedelta

from recognition_service.attestations.models import Copy, CopyState
from recognition_service.attestations.publish import lists_due, pause_publication
from recognition_service.attestations.read import token_of
from recognition_service.attestations.reserve import (
    reserve as reserve_attestation,
)
from recognition_service.credentials import jws
from recognition_service.runtime import saved_inputs
from recognition_service.runtime.opening import open_runtime
from recognition_service.storage import audit, outbox
from recognition_service.storage.base import PLATFORM
from recognition_service.storage.idempotency import begin
from recognition_service.storage.models import (
    AuditCheckpoint,
    IdempotentRequest,
    OutboxMessage,
)
from recognition_service.worker.jobs import Memory
from recognition_service.worker.loop import turn
from tests.worker.installations import (
    NOW,
    OFFICE,
    PUBLIC_URL,
    decide,
    issue,
    put_forward,
    revoke,
)


def token(runtime, attestation_id):
    with runtime.database.reading() as session:
        return token_of(session, OFFICE, attestation_id)


def verdict(runtime, presented):
    report = runtime.verify(presented)
    return report.verdict.value, report.code.value


def only(runtime, model):
    with runtime.database.reading() as session:
        return session.query(model).one()


def stored(runtime, intent):
    """Return the copy that an intent is about."""
    with runtime.database.reading() as session:
        return session.get_one(Copy, (OFFICE, intent.copy_id))


def forget_keys(runtime):
    """Let every key be read from its file again, as after a start."""
    runtime._keys._opened.clear()
    runtime._keys._signers.clear()


def put_message(runtime, kind, content):
    with runtime.database.transaction() as session:
        outbox.put(session, OFFICE, kind=kind, content=content, now=runtime.now())


def reserve(runtime, signed):
    """Reserve an attestation two minutes ago, and pull the plug."""
    with runtime.database.transaction() as session:
        return reserve_attestation(
            session,
            OFFICE,
            signed.attestation,
            public_url=PUBLIC_URL,
            actor="service",
            now=runtime.now(),
        ).intents


def test_a_revocation_is_published_by_the_next_turn(runtime):
    presented = token(runtime, attestation_id := issue(runtime))
    assert verdict(runtime, presented) == ("valid", "valid")
    revoke(runtime, attestation_id)
    assert turn(runtime) == 0
    assert verdict(runtime, presented) == ("not_valid", "revoked")
    with runtime.database.reading() as session:
        assert session.query(OutboxMessage).filter_by(status="done").count() == 1
        assert lists_due(session, now=runtime.now()) == []


def test_a_thousand_changes_leave_one_publication(runtime):
    issue(runtime)
    before = runtime.status_list(OFFICE, 1)
    put_forward(runtime, NOW + timedelta(seconds=10))
    for _ in range(50):
        put_message(runtime, "status.publish", {"number": 1})
    assert turn(runtime) == 0
    assert runtime.status_list(OFFICE, 1) == before
    with runtime.database.reading() as session:
        assert session.query(OutboxMessage).filter_by(status="done").count() == 50


def test_a_list_is_signed_afresh_before_it_goes_stale(runtime):
    presented = token(runtime, issue(runtime))
    put_forward(runtime, NOW + timedelta(hours=25))
    runtime.refresh()
    assert verdict(runtime, presented) == ("cannot_confirm", "status_stale")
    turn(runtime)
    assert verdict(runtime, presented) == ("valid", "valid")


def test_a_paused_list_is_left_alone(runtime):
    issue(runtime)
    with runtime.database.transaction() as session:
        pause_publication(session, OFFICE, now=NOW)
    before = runtime.status_list(OFFICE, 1)
    put_forward(runtime, NOW + timedelta(hours=25))
    put_message(runtime, "status.publish", {"number": 1})
    assert turn(runtime) == 0
    assert runtime.status_list(OFFICE, 1) == before


def test_what_was_reserved_before_a_crash_is_finished_with_the_same_payload(runtime):
    intent, _ = reserve(runtime, decide(runtime))
    reserved = stored(runtime, intent).payload_digest
    turn(runtime)
    assert (
        stored(runtime, intent).state == CopyState.RESERVED
    )  # It may still be running.
    put_forward(runtime, NOW + timedelta(minutes=2))
    turn(runtime)
    copy = stored(runtime, intent)
    assert (copy.state, copy.payload_digest) == (CopyState.ISSUED, reserved)
    presented = token(runtime, intent.attestation_id)
    assert verdict(runtime, presented) == ("valid", "valid")


def test_what_was_reserved_for_a_compromised_key_is_given_up(runtime):
    intent, _ = reserve(runtime, decide(runtime))
    put_forward(runtime, NOW + timedelta(minutes=2))
    runtime.mark_compromised(OFFICE, intent.thumbprint, at=runtime.now())
    turn(runtime)
    copy = stored(runtime, intent)
    assert (copy.id, copy.state, copy.signature) == (
        intent.copy_id,
        CopyState.VOID,
        None,
    )


def test_every_audit_chain_is_sealed_and_holds(runtime):
    issue(runtime)
    turn(runtime)
    with runtime.database.reading() as session:
        for owner in (OFFICE, PLATFORM):
            report = audit.verify_chain(session, owner)
            assert report.length > 0
            assert (report.unsealed, report.broken_at) == (0, None)


def test_the_end_of_a_chain_is_signed_once_an_hour(runtime):
    memory = Memory()
    turn(runtime, memory)
    first = only(runtime, AuditCheckpoint)
    assert first.authority_id == OFFICE  # The platform has no issuer to sign.
    for minutes, expected in ((30, 1), (61, 2)):
        put_forward(runtime, NOW + timedelta(minutes=minutes))
        issue(runtime)
        turn(runtime, memory)
        with runtime.database.reading() as session:
            assert session.query(AuditCheckpoint).count() == expected


def test_an_end_that_is_signed_already_is_not_signed_again(runtime):
    turn(runtime)
    turn(runtime)
    assert only(runtime, AuditCheckpoint).authority_id == OFFICE


def test_a_message_of_an_unknown_kind_is_given_up_at_once(runtime):
    put_message(runtime, "letter.send", {})
    assert turn(runtime) == 1
    message = only(runtime, OutboxMessage)
    assert (message.status, message.attempts) == ("failed", 1)
    assert message.last_error == "message_unknown"


def test_a_message_that_cannot_be_read_is_given_up_at_once(runtime):
    put_message(runtime, "status.publish", {"number": "first"})
    turn(runtime)
    message = only(runtime, OutboxMessage)
    assert (message.status, message.last_error) == ("failed", "message_unreadable")


def test_a_message_that_fails_is_tried_again_and_in_the_end_given_up(runtime):
    revoke(runtime, issue(runtime))
    key = next(iter(status_keys(runtime)))
    (runtime.config.keys_dir / f"{key}.pem").rename(
        runtime.config.keys_dir / f"{key}.away"
    )
    forget_keys(runtime)
    instant = NOW
    for attempts in range(1, 21):
        assert turn(runtime) > 0
        message = only(runtime, OutboxMessage)
        assert (message.attempts, message.last_error) == (attempts, "key_unavailable")
        instant += timedelta(hours=9)
        put_forward(runtime, instant)
    assert message.status == "failed"


def test_a_message_that_failed_succeeds_later(runtime):
    presented = token(runtime, attestation_id := issue(runtime))
    revoke(runtime, attestation_id)
    (key,) = status_keys(runtime)
    file = runtime.config.keys_dir / f"{key}.pem"
    away = file.rename(file.with_suffix(".away"))
    forget_keys(runtime)
    turn(runtime)
    assert only(runtime, OutboxMessage).status == "waiting"
    away.rename(file)
    put_forward(runtime, NOW + timedelta(minutes=1))
    assert turn(runtime) == 0
    assert only(runtime, OutboxMessage).status == "done"
    assert verdict(runtime, presented) == ("not_valid", "revoked")


def status_keys(runtime):
    return [
        method["publicKeyJwk"]["kid"]
        for method in runtime.issuer_document(OFFICE)["verificationMethod"]
        if method["purpose"] == "status"
    ]


def test_one_broken_step_does_not_hold_up_the_others(runtime):
    (key,) = status_keys(runtime)
    (runtime.config.keys_dir / f"{key}.pem").unlink()
    forget_keys(runtime)
    reserve(runtime, decide(runtime))  # Its list waits to be published.
    assert turn(runtime) > 0
    with runtime.database.reading() as session:
        assert audit.verify_chain(session, OFFICE).unsealed == 0


def test_a_failed_step_is_logged_without_what_it_was_about(runtime, capsys):
    put_message(runtime, "status.publish", {"number": "Amina Haddad"})
    turn(runtime)
    logged = capsys.readouterr()
    assert "message_unreadable" in logged.out + logged.err
    assert "Haddad" not in logged.out + logged.err


def test_expired_idempotency_keys_are_forgotten(runtime):
    with runtime.database.transaction() as session:
        begin(session, OFFICE, "k1", print_="p", now=NOW)
    turn(runtime)
    assert only(runtime, IdempotentRequest).key == "k1"
    put_forward(runtime, NOW + timedelta(hours=25))
    turn(runtime)
    with runtime.database.reading() as session:
        assert session.query(IdempotentRequest).count() == 0


def test_what_another_process_changed_is_noticed(runtime):
    presented = token(runtime, issue(runtime))
    memory = Memory()
    turn(runtime, memory)
    other = open_runtime(runtime.config)
    key = jws.peek_header(presented)["kid"].rpartition("#")[2]
    other.mark_compromised(OFFICE, key, at=NOW - timedelta(days=1))
    other.close()
    assert verdict(runtime, presented) == ("valid", "valid")
    turn(runtime, memory)
    assert verdict(runtime, presented) == ("not_valid", "signed_after_compromise")


def test_what_verifications_rely_on_is_saved_for_offline_use(runtime):
    attestation_id = issue(runtime)
    memory = Memory()
    turn(runtime, memory)
    directory = runtime.config.data_dir
    assert saved_inputs.load(directory) == runtime.verification_inputs()
    revoke(runtime, attestation_id)
    turn(runtime, memory)
    saved = json.loads((directory / saved_inputs.FILE_NAME).read_text())
    tokens = {each["uri"]: each["token"] for each in saved["statuses"]}
    assert len(tokens) == 3  # One of each form.
    uri = f"{PUBLIC_URL}/status/tsl/{OFFICE}/1"
    assert tokens[uri].encode() == runtime.status_list(OFFICE, 1)
    assert not list(directory.glob(".verification-inputs*"))
