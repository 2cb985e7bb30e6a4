"""The doctor sees what is whole and what is not."""

from datetime import timedelta

import pytest
from sqlalchemy import text

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
        "keys",
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


def test_a_missing_key_file_is_found(answer, data_dir):
    next((data_dir / "keys").glob("*.pem")).unlink()
    checks = looked_at(answer, data_dir, exit_code=1)
    assert "is missing" in checks["keys"]["detail"]


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
