"""Whoever is killed while time limits pass leaves none lost, doubled or skipped."""

import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from recognition_service.attestations.models import Attestation
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import NewAuthority
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.recognition.models import (
    CaseEvent,
    Decision,
    Letter,
    RecognitionRequest,
)
from recognition_service.recognition.steps import NewStep, take_step
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit
from recognition_service.regimes.events import CaseEventKind
from recognition_service.runtime.opening import open_runtime
from recognition_service.storage import audit
from tests.worker.installations import NOW, settings

CASES, KILLS = 24, 5
PLACE = "es-office"
LATER = NOW + timedelta(days=60)
ROOT = Path(__file__).parent.parent.parent
CALLER = Caller(
    authority_id=PLACE,
    principal_id=UUID(int=7),
    kind=PrincipalKind.PERSON,
    name="Bruno",
    roles=frozenset({Role.OFFICER}),
    mode=Mode.TEST,
)


def a_card(number):
    return NewRequest(
        decision_kind="professional_access",
        purpose="regulated_profession",
        jurisdiction="ES",
        profession="nurse_general",
        regime="es-epc-establishment",
        applicant=NewApplicant(
            family_name=f"Person {number}", beneficiary_basis="eu_citizen"
        ),
        held=({"title": "Diplôme d'État d'infirmier", "origin": "FR"},),
    )


def open_cases(config):
    """Open cards whose host authority will stay silent."""
    runtime = open_runtime(config)
    runtime.found(
        NewAuthority(
            id=PLACE,
            name="Ministerio (ejemplo)",
            country="ES",
            jurisdiction="ES",
            mode=Mode.TEST,
            time_zone="Europe/Madrid",
        )
    )
    mandate = {"jurisdictions": ["ES"], "valid_from": "2024-01-01"}
    with runtime.database.transaction() as session:
        grant_mandate(session, PLACE, mandate, actor="service", now=NOW)
    edition = runtime.edition(PLACE)
    for number in range(CASES):
        with runtime.database.transaction() as session:
            request, _ = submit(
                session, CALLER, a_card(number), edition=edition, now=NOW
            )
            for event in (CaseEventKind.COMPLETED, CaseEventKind.TRANSMITTED):
                take_step(session, CALLER, request.id, NewStep(event=event), now=NOW)
    runtime.close()


def a_worker(config):
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.worker.work_on_limits",
            str(config.data_dir),
            config.database_url,
            LATER.isoformat(),
        ],
        cwd=ROOT,
    )


def granted(runtime):
    with runtime.database.reading() as session:
        return session.scalar(
            select(func.count()).where(CaseEvent.event == CaseEventKind.TACITLY_GRANTED)
        )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_case_53_time_limits_pass_once_however_often_the_worker_is_killed(
    request, kind
):
    config = request.getfixturevalue(f"{kind}_config")
    open_cases(config)
    runtime = open_runtime(settings(config.data_dir, config.database_url, LATER))
    chance = random.Random(28)  # noqa: S311  # the same moments in every run
    for _ in range(KILLS):
        enough = granted(runtime) + chance.randint(1, CASES // (KILLS + 1))
        worker = a_worker(config)
        while granted(runtime) < enough and worker.poll() is None:
            pass
        worker.kill()
        worker.wait()
    assert a_worker(config).wait() == 0
    assert_whole(runtime)
    runtime.close()


def assert_whole(runtime):
    with runtime.database.reading() as session:
        events = session.execute(
            select(CaseEvent.event, CaseEvent.request_id).where(
                CaseEvent.authority_id == PLACE,
                CaseEvent.event.in_(["limit_missed", "tacitly_granted"]),
            )
        ).all()
        missed = [each.request_id for each in events if each.event == "limit_missed"]
        tacit = [each.request_id for each in events if each.event == "tacitly_granted"]
        assert len(tacit) == len(set(tacit)) == CASES
        assert len(missed) == len(set(missed)) == CASES
        states = session.scalars(select(RecognitionRequest.status).distinct()).all()
        assert states == ["tacit_granted"]
        decisions = session.scalars(select(Decision.id)).all()
        attested = session.execute(
            select(Attestation.decision_id, Attestation.issued_at)
        ).all()
        assert sorted(row.decision_id for row in attested) == sorted(decisions)
        assert all(row.issued_at is not None for row in attested)
        letters = session.execute(
            select(Letter.request_id, Letter.rendered_at).where(
                Letter.kind == "tacit_grant"
            )
        ).all()
        assert sorted(row.request_id for row in letters) == sorted(tacit)
        assert all(row.rendered_at is not None for row in letters)
        assert audit.verify_chain(session, PLACE).broken_at is None
