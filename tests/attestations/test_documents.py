"""An attestation as callers see it names everything but the person."""

import json
from datetime import date

import pytest

from recognition_service.attestations.models import Status
from recognition_service.attestations.read import as_document
from recognition_service.attestations.status import change_status
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    SEED_NAMES,
    a_full_decision,
    a_partial_decision,
    a_standing_order,
    an_attestation,
    an_attestation_by_rule,
    an_authority,
    found_attestation,
    token,
)


@pytest.fixture
def office(small):
    an_authority(small)
    a_standing_order(small)
    return small


@pytest.fixture
def office_on_sqlite(small_on_sqlite):
    """As `office`, where the kind of database cannot matter."""
    an_authority(small_on_sqlite)
    a_standing_order(small_on_sqlite)
    return small_on_sqlite


def document(runtime, attestation_id, today=date(2026, 11, 2)):
    attestation = found_attestation(runtime, attestation_id)
    with runtime.database.reading() as session:
        return as_document(session, attestation, public_url=PUBLIC_URL, today=today)


def test_the_document_has_the_members_that_people_rely_on(office):
    attestation_id = an_attestation_by_rule(office)
    attestation = found_attestation(office, attestation_id)
    seen = document(office, attestation_id)
    copy, wallet = seen.pop("copies")
    assert seen.pop("rows")[0] == "qualifications/lv-lki--bakalaura-diploms"
    assert copy.keys() == {"format", "jti", "issued_at", "expires_at"}
    assert wallet["format"] == "dc+sd-jwt"
    assert (copy["format"], copy["issued_at"], copy["expires_at"]) == (
        "vc+jwt",
        "2026-11-02T09:00:00Z",
        None,
    )
    here = f"{PUBLIC_URL}/api/v1/attestations/{attestation_id}"
    issuer = f"{PUBLIC_URL}/issuers/be-fl"
    assert seen == {
        "id": str(attestation_id),
        "number": "ATT-2026-000001",
        "status": "valid",
        "status_reason": None,
        "status_since": "2026-11-02T09:00:00Z",
        "issuer": {
            "id": issuer,
            "name": "Recognition centre of Flanders (example)",
            "country": "BE",
        },
        "request": str(attestation.request_id),
        "decision": str(attestation.decision_id),
        "decision_kind": "level_comparability",
        "outcome": "automatic",
        "purpose": "general_employment",
        "source": {
            "title": "Bakalaura diploms",
            "origin": "LV",
            "framework": "LV-LKI",
            "level": "6",
            "awarded_on": "2019-06-28",
            "authenticity": "confirmed_by_issuer",
        },
        "target": {
            "title": None,
            "jurisdiction": ["BE-FL"],
            "framework": "BE-FL-VKS",
            "level": "6",
            "eqf": "6",
            "profession": None,
        },
        "legal": {
            "regime": "benelux-baltic",
            "basis": ["benelux-baltic-2024"],
            "force": {"en": "The treaty itself recognises the level."},
            "does_not_allow": ["regulated_profession", "licence"],
            "remedy": None,
        },
        "conditions": [],
        "measures": [],
        "limitations": [],
        "experience": [],
        "validity": {"from": "2026-11-02", "until": None},
        "edition": {"base": office.edition().in_force.base, "overlay": None},
        "decision_digest": attestation.decision_digest,
        "supersedes": None,
        "superseded_by": None,
        "depends_on": [],
        "joint": None,
        "mandate": f"{issuer}/competence/2024",
        "links": {
            "self": here,
            "vc_jwt": f"{here}.jwt",
            "sd_jwt": f"{here}.sd-jwt",
            "replay": f"{here}/replay",
            "verify": f"{PUBLIC_URL}/verify",
        },
    }


def test_the_document_does_not_name_the_person(office_on_sqlite):
    for attestation_id in (
        an_attestation_by_rule(office_on_sqlite),
        an_attestation(office_on_sqlite, content=a_partial_decision()),
    ):
        shown = json.dumps(
            document(office_on_sqlite, attestation_id), ensure_ascii=False
        )
        for name in SEED_NAMES:
            assert name not in shown


def test_the_limits_of_a_partial_decision_are_shown(office_on_sqlite):
    seen = document(
        office_on_sqlite, an_attestation(office_on_sqlite, content=a_partial_decision())
    )
    assert seen["outcome"] == "partial"
    assert seen["limitations"][0]["code"] == "no_access_to_master"
    assert seen["legal"]["remedy"]["within_days"] == 30


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (None, "expired"),
        (Status.SUSPENDED, "expired"),
        (Status.REVOKED, "revoked"),
    ],
)
def test_after_its_last_day_an_attestation_is_expired_unless_it_was_revoked(
    office_on_sqlite, status, told
):
    content = a_full_decision(valid_until="2026-11-30")
    attestation_id = an_attestation(office_on_sqlite, content=content)
    if status is not None:
        with office_on_sqlite.database.transaction() as session:
            change_status(
                session,
                AUTHORITY,
                attestation_id,
                status=status,
                reason="error",
                actor="person:1",
                now=office_on_sqlite.now(),
            )
    before = document(office_on_sqlite, attestation_id, date(2026, 11, 30))["status"]
    assert before == (status or Status.VALID)
    after = document(office_on_sqlite, attestation_id, date(2026, 12, 1))["status"]
    assert after == told


def test_a_decision_counts_until_the_end_of_its_last_legal_day(office_on_sqlite, clock):
    content = a_full_decision(valid_until="2026-11-02")
    attestation_id = an_attestation(office_on_sqlite, content=content)
    clock.pass_by(hours=13, minutes=59, seconds=59)  # 23:59:59 in Brussels.
    assert (
        office_on_sqlite.verify(token(office_on_sqlite, attestation_id)).verdict
        == "valid"
    )
    clock.pass_by(seconds=1)
    report = office_on_sqlite.verify(token(office_on_sqlite, attestation_id))
    assert (report.verdict, report.code) == ("not_valid", "decision_ended")
