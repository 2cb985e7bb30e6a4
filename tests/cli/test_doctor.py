"""The doctor sees what is whole and what is not."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from recognition_service.cli.main import cli
from recognition_service.storage import outbox
from recognition_service.worker.loop import turn
from tests.worker.installations import NOW, OFFICE


def looked_at(answer, data_dir, exit_code):
    found = answer("doctor", "--data-dir", data_dir, exit_code=exit_code)
    assert found["whole"] is (exit_code == 0)
    return {check["check"]: check for check in found["checks"]}


@pytest.mark.usefixtures("attestation")
def test_a_fresh_installation_is_whole(recognition, answer, data_dir):
    checks = looked_at(answer, data_dir, exit_code=0)
    assert set(checks) == {
        "schema",
        "edition",
        "signatures of editions",
        "keys",
        "trust key",
        "trust list",
        "audit platform",
        f"audit {OFFICE}",
        "outbox",
        "status lists",
    }
    shown = recognition("doctor", "--data-dir", data_dir).stdout
    assert "WRONG" not in shown


def test_the_unsealed_tail_is_shown(answer, data_dir, runtime):
    before = looked_at(answer, data_dir, exit_code=0)[f"audit {OFFICE}"]["detail"]
    assert before.startswith("0 sealed, ")
    turn(runtime)
    after = looked_at(answer, data_dir, exit_code=0)[f"audit {OFFICE}"]["detail"]
    assert after.endswith(" sealed, 0 unsealed")


def test_an_altered_audit_entry_breaks_its_chain(answer, data_dir, runtime):
    turn(runtime)
    with runtime.database.transaction() as session:
        session.execute(text("UPDATE audit_entry SET actor = 'nobody'"))
    checks = looked_at(answer, data_dir, exit_code=1)
    assert "BROKEN at 1" in checks[f"audit {OFFICE}"]["detail"]


def test_an_altered_row_is_named(answer, data_dir, runtime):
    with runtime.database.transaction() as session:
        session.execute(
            text(
                "UPDATE table_row SET content = json_set(content, '$.title', 'Other') "
                "WHERE row_id = 'lv-lki--bakalaura-diploms'"
            )
        )
    checks = looked_at(answer, data_dir, exit_code=1)
    assert "lv-lki--bakalaura-diploms" in checks["edition"]["detail"]


def private_file(answer, data_dir, authority):
    keys = answer("keys", "list", "--data-dir", data_dir, "--authority", authority)
    return data_dir / "keys" / f"{keys[0]['kid'].rpartition('#')[2]}.pem"


def test_a_missing_key_file_is_found(answer, data_dir):
    private_file(answer, data_dir, OFFICE).unlink()
    checks = looked_at(answer, data_dir, exit_code=1)
    assert "is missing" in checks["keys"]["detail"]
    assert checks["trust key"]["is_whole"]


def test_a_missing_key_of_the_trust_list_is_found_and_replaced(
    recognition, answer, data_dir
):
    private_file(answer, data_dir, "platform").unlink()
    checks = looked_at(answer, data_dir, exit_code=1)
    assert checks["keys"]["is_whole"]
    assert "recognition trust rotate" in checks["trust key"]["detail"]
    recognition("trust", "rotate", "--data-dir", data_dir)
    looked_at(answer, data_dir, exit_code=0)


def test_issuers_that_no_list_names_are_found(answer, data_dir, runtime):
    with runtime.database.transaction() as session:
        session.execute(text("DELETE FROM trust_list_publication"))
        session.execute(text("DELETE FROM trust_key WHERE purpose = 'trust'"))
    checks = looked_at(answer, data_dir, exit_code=1)
    assert checks["trust key"]["detail"] == "none yet"
    assert checks["trust list"]["detail"].startswith("No trust list was published yet")
    assert "recognition worker" in checks["trust list"]["detail"]
    turn(runtime)
    looked_at(answer, data_dir, exit_code=0)


def test_an_installation_without_issuers_needs_no_list(
    recognition, answer, tmp_path, monkeypatch
):
    monkeypatch.setenv("PUBLIC_URL", "https://recognition.example")
    directory = tmp_path / "new"
    recognition("db", "upgrade", "--data-dir", directory)
    found = answer("doctor", "--data-dir", directory, exit_code=1)  # No edition yet.
    checks = {check["check"]: check for check in found["checks"]}
    for name in ("trust key", "trust list"):
        assert checks[name]["is_whole"], name
        assert checks[name]["detail"].startswith("none")


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (timedelta(hours=47), None),
        (timedelta(days=2), "was not renewed since"),
        (timedelta(days=7), "has expired on 2026-11-09T09:00:00Z"),
        (timedelta(minutes=-4), None),
        (timedelta(minutes=-6), "correct the clock"),
    ],
    ids=str,
)
def test_the_age_of_the_trust_list_is_looked_at(data_dir, monkeypatch, after, told):
    monkeypatch.setenv("RECOGNITION_NOW", (NOW + after).isoformat())
    result = CliRunner().invoke(cli, ["doctor", "--json", "--data-dir", str(data_dir)])
    found = {each["check"]: each for each in json.loads(result.stdout)["checks"]}
    state = found["trust list"]
    assert state["is_whole"] is (told is None)
    assert (told or "until 2026-11-09T09:00:00Z") in state["detail"]


def test_a_message_that_was_given_up_stays_visible(answer, data_dir, runtime):
    with runtime.database.transaction() as session:
        outbox.put(session, OFFICE, kind="letter.send", content={}, now=NOW)
    turn(runtime)
    checks = looked_at(answer, data_dir, exit_code=1)
    assert checks["outbox"]["detail"] == (
        "0 waiting, 1 given up: letter.send of be-fl (message_unknown)"
    )


@pytest.mark.usefixtures("attestation")
def test_a_stale_status_list_is_found(answer, data_dir, monkeypatch):
    later = NOW + timedelta(hours=25)
    monkeypatch.setenv("RECOGNITION_NOW", later.isoformat())
    checks = looked_at(answer, data_dir, exit_code=1)
    assert checks["status lists"]["detail"].endswith("stale: be-fl/1")
