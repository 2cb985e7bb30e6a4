"""Authorities are founded with people who can call at once."""

import json

import pytest

from recognition_service.authorities.access import authenticate
from recognition_service.authorities.mandates import mandates_of
from recognition_service.authorities.models import Role
from tests.worker.installations import NOW, PUBLIC_URL

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
