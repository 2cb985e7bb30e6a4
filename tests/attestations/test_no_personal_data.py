"""Neither the audit nor the outbox holds a person, a key or a code."""

from sqlalchemy import select

from recognition_service.attestations.models import Status
from recognition_service.attestations.status import change_status
from recognition_service.authorities.models import APIKey, Role
from recognition_service.delivery.claim import issue_claim_code
from recognition_service.delivery.models import ClaimCode, ClaimSession
from recognition_service.recognition.submit import withdraw
from recognition_service.storage.models import AuditEntry, OutboxMessage
from tests.builders import (
    AUTHORITY,
    SEED_NAMES,
    a_key,
    a_partial_decision,
    a_request,
    a_standing_order,
    an_attestation,
    an_attestation_by_rule,
    an_authority,
    an_unknown_diploma,
    bruno,
    submitted,
)


def a_day_at_the_office(runtime):
    """Do everything once; return what must not be written down."""
    an_authority(runtime)
    a_standing_order(runtime)
    key, caller = a_key(runtime, Role.OFFICER), bruno(runtime)
    request, decision = submitted(runtime, caller)
    first = runtime.issue(AUTHORITY, decision, actor=caller.actor)
    an_attestation(runtime, content=a_partial_decision())
    other, _ = submitted(runtime, caller, a_request(an_unknown_diploma()))
    with runtime.database.transaction() as session:
        withdraw(session, caller, other.id, now=runtime.now())
        change_status(
            session,
            AUTHORITY,
            first,
            status=Status.REVOKED,
            reason="error",
            note="Ilze Bērziņa called",
            actor=caller.actor,
            now=runtime.now(),
        )
        code, _ = issue_claim_code(session, caller, request.id, now=runtime.now())
    claim = runtime.claim(code, request_birth_date())
    an_attestation_by_rule(runtime)
    return [
        *SEED_NAMES,
        key,
        key[16:],
        code,
        code.replace("-", ""),
        claim.token,
        "Bakalaura diploms",
    ]


def request_birth_date():
    return a_request().applicant.birth_date


def everything_in(runtime, model):
    with runtime.database.reading() as session:
        rows = session.execute(select(model.__table__)).all()
    assert rows
    return str([tuple(row) for row in rows])


def test_audit_and_outbox_hold_no_secret_and_no_person(small):
    secrets = a_day_at_the_office(small)
    for model in (AuditEntry, OutboxMessage):
        written = everything_in(small, model)
        for secret in secrets:
            assert secret not in written, (model, secret)


def test_each_change_has_its_entry_by_who_made_it(small):
    a_day_at_the_office(small)
    with small.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.authority_id == AUTHORITY)
        ).all()
    assert {entry.action for entry in entries} == {
        "authority.founded",
        "key.created",
        "mandate.granted",
        "standing_order.proposed",
        "standing_order.approved",
        "principal.added",
        "api_key.issued",
        "request.submitted",
        "request.decision_prepared",
        "request.decided",
        "request.withdrawn",
        "attestation.reserved",
        "attestation.issued",
        "attestation.revoked",
        "claim_code.issued",
        "claim.opened",
        "letter.written",
    }
    for entry in entries:
        assert entry.actor == "holder" or entry.actor.partition(":")[0] in {
            "service",
            "person",
        }


def test_secrets_are_kept_as_digests_in_every_table(small):
    secrets = a_day_at_the_office(small)
    key, code, token = secrets[5], secrets[7], secrets[9]
    models = (APIKey, ClaimCode, ClaimSession)
    written = "".join(everything_in(small, model) for model in models)
    for secret in (key, code, token):
        assert secret not in written
