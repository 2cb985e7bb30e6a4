"""A decision is computed again from what was kept of it."""

from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.worker.installations import OFFICE


@pytest.fixture
def replay(answer, data_dir):
    def run(identifier, exit_code=0):
        return answer(
            *("attestations", "replay", identifier, "--authority", OFFICE),
            *("--data-dir", data_dir),
            exit_code=exit_code,
        )

    return run


def test_a_decision_comes_out_as_it_was_signed(replay, attestation):
    found = replay(attestation[0])
    assert found["match"] is True
    assert found["decision_digest"] == found["recomputed_digest"]


def test_an_altered_row_does_not_go_unnoticed(
    replay, recognition, attestation, runtime, data_dir
):
    with runtime.database.transaction() as session:
        session.execute(
            text(
                "UPDATE table_row SET content = json_set(content, '$.title', 'Other') "
                "WHERE row_id = 'lv-lki--bakalaura-diploms'"
            )
        )
    found = replay(attestation[0], exit_code=1)
    assert found["match"] is False
    assert found["differences"]
    shown = recognition(
        *("attestations", "replay", attestation[0], "--authority", OFFICE),
        *("--data-dir", data_dir),
        exit_code=1,
    ).stdout
    assert shown.startswith("NO MATCH\n")
    assert "lv-lki--bakalaura-diploms" in shown


def test_an_attestation_that_is_not_there_is_a_wrong_call(recognition, data_dir):
    for identifier in (uuid4(), "not-an-id"):
        recognition(
            *("attestations", "replay", identifier, "--authority", OFFICE),
            *("--data-dir", data_dir),
            exit_code=2,
        )
