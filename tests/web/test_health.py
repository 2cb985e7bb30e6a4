"""Operators see whether the service lives and can work."""

import pytest

from recognition_service.app import create_app
from recognition_service.storage.migrations import downgrade


@pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])
def test_a_service_that_can_work_says_so(client):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "status": "ready",
        "checks": {"database": "ok", "schema": "ok", "edition": "ok", "keys": "ok"},
    }


def test_a_schema_that_does_not_fit_is_told(fresh_runtime):
    downgrade(fresh_runtime.database, "-1")
    client = create_app(fresh_runtime).test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "not_ready"
    assert answer.json["checks"]["schema"] == "schema_behind"
    assert client.get("/healthz").status_code == 200


def test_a_key_that_cannot_be_opened_is_told(fresh_runtime, flanders):
    fresh_runtime.found(flanders)
    for file in fresh_runtime.config.keys_dir.glob("*.pem"):
        file.chmod(0o644)
    answer = create_app(fresh_runtime).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["keys"] == "key_store"
