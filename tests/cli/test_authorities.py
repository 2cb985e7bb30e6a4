"""Authorities are founded with people who can call at once."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from recognition_service.authorities.access import authenticate
from recognition_service.authorities.mandates import mandates_of
from recognition_service.authorities.models import Role
from recognition_service.storage.models import AuditEntry
from tests.worker.installations import NOW, OFFICE, PUBLIC_URL

CREATE = ("authorities", "create", "--country", "lv", "--mode", "test")
NAME = ("--name", "Akadēmiskās informācijas centrs")


def create(answer, data_dir, *more):
    return answer(*CREATE, *NAME, "--data-dir", data_dir, *more)


def mandates(runtime, authority_id):
    with runtime.database.reading() as session:
        return mandates_of(session, authority_id, "x")


def test_an_authority_has_an_issuer_and_two_keys(answer, data_dir, runtime):
    made = create(answer, data_dir)
    assert made["id"] == "akademiskas-informacijas-centrs"
    assert made["issuer"] == f"{PUBLIC_URL}/issuers/akademiskas-informacijas-centrs"
    assert set(made["api_keys"]) == {"officer", "signatory"}
    with runtime.database.reading() as session:
        officer, signatory = (
            authenticate(session, key, NOW) for key in made["api_keys"].values()
        )
    assert (officer.roles, signatory.roles) == ({Role.OFFICER}, {Role.SIGNATORY})
    assert officer.principal_id != signatory.principal_id
    assert all(key.startswith("rk_test_") for key in made["api_keys"].values())


def test_without_a_mandate_file_it_decides_for_its_jurisdiction(
    answer, data_dir, runtime
):
    made = create(answer, data_dir)
    (mandate,) = mandates(runtime, made["id"])
    assert mandate.jurisdictions == ("LV",)
    assert mandate.valid_from == NOW.date()
    assert (mandate.decision_kinds, mandate.valid_to) == ((), None)


def test_a_mandate_file_is_granted_as_it_stands(answer, data_dir, runtime, tmp_path):
    file = tmp_path / "mandate.json"
    content = {
        "jurisdictions": ["LV"],
        "decision_kinds": ["licence"],
        "valid_from": "2026-01-01",
    }
    file.write_text(json.dumps(content))
    made = create(answer, data_dir, "--mandate", file)
    (mandate,) = mandates(runtime, made["id"])
    assert mandate.decision_kinds == ("licence",)
    answer(
        *("authorities", "mandate", file, "--authority", made["id"]),
        *("--data-dir", data_dir),
    )
    assert len(mandates(runtime, made["id"])) == 2


def test_an_authority_says_what_it_is_among_the_others(answer, data_dir):
    create(answer, data_dir)
    functions = ("--function", "provider", "--function", "coordinator")
    create(answer, data_dir, "--id", "school", *functions)
    listed = answer("authorities", "list", "--data-dir", data_dir)
    found = {each["id"]: each["functions"] for each in listed}
    assert found["school"] == ["coordinator", "provider"]
    assert found["akademiskas-informacijas-centrs"] == ["competent_authority"]


def test_a_wrong_mandate_founds_nothing(recognition, answer, data_dir, tmp_path):
    file = tmp_path / "mandate.json"
    file.write_text('{"jurisdiction": "LV"}')
    result = recognition(
        *CREATE, *NAME, "--data-dir", data_dir, "--mandate", file, exit_code=2
    )
    assert result.stderr == (
        "error: The mandate has unknown members.; /jurisdiction: unknown_member\n"
    )
    assert len(answer("authorities", "list", "--data-dir", data_dir)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--country", "Latvia"), "not a code of two letters"),
        (("--jurisdiction", "LV-XX"), 'There is no jurisdiction "LV-XX"'),
        (("--id", "Not An Id"), "cannot be an id"),
        (("--id", "be-fl"), "There is an authority be-fl already"),
        (("--time-zone", "Mars"), "no time zone"),
        (("--mode", "serious"), "serious"),
    ],
)
def test_what_does_not_fit_founds_nothing(recognition, answer, data_dir, wrong, said):
    result = recognition(*CREATE, *NAME, "--data-dir", data_dir, *wrong, exit_code=2)
    assert said in result.stderr
    assert len(answer("authorities", "list", "--data-dir", data_dir)) == 1


def test_a_person_sees_the_keys_once(recognition, data_dir):
    shown = recognition(*CREATE, *NAME, "--data-dir", data_dir).stdout
    assert shown.count("rk_test_") == 2
    listed = recognition("authorities", "list", "--data-dir", data_dir).stdout
    assert "rk_test_" not in listed
    assert "Akadēmiskās informācijas centrs" in listed


@pytest.fixture
def office(recognition, data_dir):
    """Run `recognition authorities` about the prepared office."""

    def run(command, *more, **expected):
        where = ("--authority", OFFICE, "--data-dir", data_dir)
        return recognition("authorities", command, *where, *more, **expected)

    return run


def shown_mandates(answer, data_dir):
    return answer(
        "authorities", "mandates", "--authority", OFFICE, "--data-dir", data_dir
    )


def actions(runtime):
    with runtime.database.reading() as session:
        return session.scalars(select(AuditEntry.action)).all()


def test_mandates_are_listed_with_their_ids(office, answer, data_dir, runtime):
    (mandate,) = mandates(runtime, OFFICE)
    assert shown_mandates(answer, data_dir) == [
        {
            "id": mandate.id,
            "valid_from": "2024-01-01",
            "valid_to": None,
            "decision_kinds": [],
            "jurisdictions": ["BE-FL"],
            "levels": [],
            "fields": [],
            "professions": [],
        }
    ]
    assert office("mandates").stdout == (
        f"{mandate.id}  from 2024-01-01  without end  jurisdictions: BE-FL\n"
    )


def test_an_ended_mandate_covers_what_was_decided_before(
    office, answer, attestation, runtime
):
    _, file = attestation
    (mandate,) = mandates(runtime, OFFICE)
    for last_day, exit_code, code in (
        ("2026-11-02", 0, "valid"),
        ("2026-11-01", 1, "mandate_missing"),
    ):
        ended = office("end-mandate", "--mandate", mandate.id, "--on", last_day)
        assert ended.stdout == f"The mandate {mandate.id} ends with {last_day}.\n"
        for mode in ((), ("--offline",)):
            assert answer("verify", file, *mode, exit_code=exit_code)["code"] == code
    (mandate,) = mandates(runtime, OFFICE)
    assert mandate.valid_to == date(2026, 11, 1)
    assert actions(runtime).count("mandate.ended") == 2


def test_a_mandate_does_not_end_before_it_begins(office, answer, data_dir, runtime):
    (mandate,) = mandates(runtime, OFFICE)
    for identifier, last_day, said in (
        (mandate.id, "2023-12-31", "begins on 2024-01-01; it cannot end before"),
        (mandate.id, "tomorrow", "is not a date such as"),
        ("00000000-0000-0000-0000-000000000001", "2026-12-31", "has no mandate 0000"),
    ):
        refused = office(
            *("end-mandate", "--mandate", identifier, "--on", last_day), exit_code=2
        )
        assert said in refused.stderr
    (listed,) = shown_mandates(answer, data_dir)
    assert listed["valid_to"] is None


def test_trust_ends_once_and_the_list_says_so(office, answer, data_dir, runtime):
    assert office("end-trust").stdout == (
        f"Trust in {OFFICE} ended at 2026-11-02T09:00:00Z.\n"
    )
    (listed,) = answer("authorities", "list", "--data-dir", data_dir)
    assert listed["trusted_until"] == "2026-11-02T09:00:00Z"
    assert actions(runtime).count("authority.trust_ended") == 1
    again = office("end-trust", exit_code=2)
    assert "ended at 2026-11-02T09:00:00Z" in again.stderr


def test_what_an_authority_issued_is_not_confirmed_after_trust_ended(
    office, answer, attestation, monkeypatch
):
    _, file = attestation
    office("end-trust")
    monkeypatch.setenv("RECOGNITION_NOW", "2026-11-02T09:00:01Z")
    for mode in ((), ("--offline",)):
        report = answer("verify", file, *mode, exit_code=3)
        assert report["code"] == "issuer_no_longer_trusted"
    before = answer("verify", file, "--at", "2026-11-02T09:00:00Z")
    assert before["verdict"] == "valid"
