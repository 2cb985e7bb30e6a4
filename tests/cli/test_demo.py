"""The demonstration: its samples get their verdicts by command, REST and page."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from recognition_service.app import create_app
from recognition_service.cli.main import cli
from recognition_service.config import read_config
from recognition_service.runtime.opening import open_runtime

VERDICTS = {
    "valid": ("valid", 0, "Valid"),
    "conditional": ("valid_with_conditions", 0, "Valid with conditions"),
    "revoked": ("not_valid", 1, "Not valid"),
    "expired": ("not_valid", 1, "Not valid"),
    "suspended": ("not_valid", 1, "Not valid"),
    "superseded": ("not_valid", 1, "Not valid"),
    "stale": ("cannot_confirm", 3, "Cannot be confirmed"),
    "forged": ("not_genuine", 1, "Not genuine"),
}
FORMATS = {"vc_jwt": "vc+jwt", "sd_jwt": "dc+sd-jwt"}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The directory of a demonstration and what it printed."""
    directory = tmp_path_factory.mktemp("demo") / "data"
    patch = pytest.MonkeyPatch()
    patch.delenv("RECOGNITION_KEYS_PASSPHRASE", raising=False)
    patch.setenv("RECOGNITION_NOW", "2026-11-02T09:00:00Z")
    result = CliRunner().invoke(
        cli, ["demo", "--data-dir", str(directory), "--no-serve", "--json"]
    )
    patch.undo()
    assert result.exit_code == 0, result.output
    return directory, json.loads(result.stdout)


@pytest.fixture(autouse=True)
def own_passphrase(monkeypatch):
    """The demonstration keeps the passphrase of its keys beside them."""
    monkeypatch.delenv("RECOGNITION_KEYS_PASSPHRASE", raising=False)


@pytest.fixture
def client(played):
    runtime = open_runtime(read_config(played[0]))
    yield create_app(runtime).test_client()
    runtime.close()


def samples(played, form):
    return [(sample["label"], sample[form]) for sample in played[1]["attestations"]]


every_form = pytest.mark.parametrize("form", ["vc_jwt", "sd_jwt"])


@every_form
def test_there_is_a_sample_of_every_kind(played, form):
    assert {label for label, _ in samples(played, form)} == set(VERDICTS)


@every_form
def test_every_sample_gets_its_verdict_by_command(played, form):
    for label, file in samples(played, form):
        verdict, exit_code, _ = VERDICTS[label]
        for mode in ([], ["--offline"]):
            result = CliRunner().invoke(cli, ["verify", file, "--json", *mode])
            report = json.loads(result.stdout)
            assert report["verdict"] == verdict, (label, mode)
            assert report["format"] == FORMATS[form], (label, mode)
            assert result.exit_code == exit_code, (label, mode)


@every_form
def test_every_sample_gets_its_verdict_by_rest_and_page(played, client, form):
    for label, file in samples(played, form):
        verdict, _, word = VERDICTS[label]
        token = Path(file).read_text(encoding="ascii")
        bodies = (
            {"json": {"credential": token}},
            {"data": token, "content_type": f"application/{FORMATS[form]}"},
        )
        for body in bodies:
            report = client.post("/api/v1/verifications", **body).json
            assert (report["verdict"], report["format"]) == (verdict, FORMATS[form]), (
                label
            )
        shown = client.post("/verify", data={"credential": token})
        assert shown.status_code == 200
        assert word in shown.get_data(as_text=True), label


def test_both_forms_of_a_sample_get_the_same_answer(played, client):
    """Only what tells the copies apart may differ, and what the holder may hide."""
    for sample in played[1]["attestations"]:
        reports = [
            client.post(
                "/api/v1/verifications",
                json={"credential": Path(sample[form]).read_text(encoding="ascii")},
            ).json
            for form in FORMATS
        ]
        codes, summaries, issuers = (
            [report[name] for report in reports]
            for name in ("code", "summary", "issuer")
        )
        assert codes[0] == codes[1], sample["label"]
        assert summaries[0] == summaries[1], sample["label"]
        assert issuers[0] == issuers[1], sample["label"]


def test_the_holder_collects_and_the_officer_has_a_key(played, client):
    holder = played[1]["holder"]
    claim = {name: holder[name] for name in ("claim_code", "birth_date")}
    opened = client.post("/api/v1/claims", json=claim).json
    assert opened["attestations"][0]["status"] == "valid"
    office = played[1]["authorities"][0]
    listed = client.get(
        "/api/v1/attestations",
        headers={"Authorization": f"Bearer {office['api_keys']['officer']}"},
    )
    assert listed.status_code == 200
    assert office["api_key"] == office["api_keys"]["officer"]
    assert date.fromisoformat(holder["birth_date"]).year == 1994


def test_a_second_start_finds_the_same_demonstration(played):
    directory, programme = played
    result = CliRunner().invoke(
        cli, ["demo", "--data-dir", str(directory), "--no-serve"]
    )
    assert programme["holder"]["claim_code"] in result.stdout
    assert "the same" in result.stderr


def test_every_example_says_that_it_is_one(played):
    for office in played[1]["authorities"]:
        assert office["name"].endswith("(example)")
        assert office["api_key"].startswith("rk_test_")
