"""An installation whose keys are on a token, over several processes.

Every step runs in a process of its own, as after a restart; a crash inside the
library of the token would otherwise end the tests.
"""

import json

import pytest

from tests.signing.softhsm import PIN, in_another_process

PREPARED = """
import json, os, sys
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from recognition_service.attestations.models import Copy
from recognition_service.attestations.read import token_of
from recognition_service.config import read_config
from recognition_service.runtime.opening import open_runtime
from tests.worker.installations import (
    NOW, OFFICE, decide, issue, prepare, put_forward, settings
)

config = replace(settings(Path(sys.argv[1])), keys_url=sys.argv[2])

def text_of(runtime, attestation_id):
    with runtime.database.reading() as session:
        return token_of(session, OFFICE, attestation_id)
"""
FOUNDED = """
prepare(config)
runtime = open_runtime(config)
print(text_of(runtime, issue(runtime)))
runtime.save_inputs()
runtime.close()
"""
AGAIN = """
runtime = open_runtime(config)
runtime.check_keys()
second = text_of(runtime, issue(runtime))
reports = [runtime.verify(token).verdict for token in (sys.argv[3], second)]
print(json.dumps([sys.argv[3] != second, *reports]))
runtime.close()
"""
WITHOUT = """
from recognition_service.signing.errors import KeyStoreUnavailableError
from recognition_service.web.problems import status_of

runtime = open_runtime(config)
decision = decide(runtime)
try:
    runtime.issue(OFFICE, decision, actor="service")
except KeyStoreUnavailableError as error:
    refused = status_of(type(error))
print(json.dumps([refused, runtime.verify(sys.argv[3]).verdict]))
put_forward(runtime, NOW.replace(minute=5))
try:
    runtime.finish_issuing()
except KeyStoreUnavailableError:
    print("later")
runtime.close()
"""
READY = """
from contextlib import redirect_stderr

from recognition_service.app import create_app

runtime = open_runtime(config)
with open(os.devnull, "w") as log, redirect_stderr(log):
    answer = create_app(runtime).test_client().get("/readyz")
print(answer.status_code, answer.json["status"], answer.json["checks"]["keys"])
runtime.close()
"""
LATER = """
runtime = open_runtime(config)
put_forward(runtime, NOW.replace(minute=10))
assert runtime.finish_issuing() > 0
assert runtime.finish_issuing() == 0
with runtime.database.reading() as session:
    print(*set(session.scalars(select(Copy.state))))
runtime.close()
"""


@pytest.fixture
def founded(tmp_path, token):
    """An office with its keys on a token, and the text of its first attestation."""
    (text,) = in_another_process(PREPARED + FOUNDED, str(tmp_path), token.url)
    return text


def test_what_was_issued_before_a_restart_and_after_it_verifies(
    tmp_path, token, founded
):
    answer = in_another_process(PREPARED + AGAIN, str(tmp_path), token.url, founded)
    assert json.loads(" ".join(answer)) == [True, "valid", "valid"]
    assert not list(tmp_path.rglob("*.pem"))


def test_case_54_without_the_token_verification_works_and_issuing_waits(
    tmp_path, token, founded
):
    token.write_pin("00000")
    *answer, waits = in_another_process(
        PREPARED + WITHOUT, str(tmp_path), token.url, founded
    )
    assert json.loads(" ".join(answer)) == [503, "valid"]
    assert waits == "later"
    ready = in_another_process(PREPARED + READY, str(tmp_path), token.url)
    assert " ".join(ready) == "200 degraded key_store_unavailable"
    token.write_pin(PIN)
    states = in_another_process(PREPARED + LATER, str(tmp_path), token.url)
    assert states == ["issued"]  # None was given up.


def test_the_keys_of_a_token_are_checked_by_command(tmp_path, token, founded):
    assert founded
    command = """
import os, sys
os.environ["KEYS_URL"] = sys.argv[2]
os.environ["RECOGNITION_NOW"] = "2026-11-02T09:00:00Z"
from recognition_service.cli.main import main

sys.argv[1:] = ["keys", "check", "--data-dir", sys.argv[1]]
main()
"""
    said = in_another_process(command, str(tmp_path), token.url)
    assert "in use, all can be opened" in " ".join(said)
