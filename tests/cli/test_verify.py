"""Exit codes and answers of `recognition verify`."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest

from recognition_service.runtime import saved_inputs
from tests.worker.installations import NOW, revoke

online_and_offline = pytest.mark.parametrize("mode", [(), ("--offline",)])


@online_and_offline
def test_a_valid_attestation_is_confirmed(recognition, attestation, mode):
    _, file = attestation
    result = recognition("verify", file, *mode)
    lines = result.stdout.splitlines()
    assert lines[0] == "VALID"
    assert lines[1]
    assert "Recognition centre of Flanders (example)" in result.stdout
    assert "Does not allow:" in lines
    assert "   5 signature      passed" in lines


@online_and_offline
def test_json_is_the_report_with_its_sentences(answer, attestation, mode):
    _, file = attestation
    report = answer("verify", file, *mode)
    assert (report["verdict"], report["code"]) == ("valid", "valid")
    assert report["checked_at"] == "2026-11-02T09:00:00Z"
    assert report["summary"]
    assert [check["number"] for check in report["checks"]] == list(range(1, 13))
    assert all(each["text"] for each in report["recognition"]["does_not_allow"])


def test_the_report_is_the_one_that_the_interface_gives(answer, attestation, runtime):
    from recognition_service.app import create_app  # noqa: PLC0415

    _, file = attestation
    client = create_app(runtime).test_client()
    body = {"credential": file.read_text().strip()}
    expected = client.post("/api/v1/verifications", json=body).get_json()
    assert answer("verify", file) == expected


@online_and_offline
def test_a_revoked_attestation_is_not_valid(answer, attestation, runtime, mode):
    identifier, file = attestation
    revoke(runtime, identifier)
    runtime.publish_lists()
    runtime.save_inputs()
    report = answer("verify", file, *mode, exit_code=1)
    assert (report["verdict"], report["code"]) == ("not_valid", "revoked")


@online_and_offline
def test_what_is_no_attestation_is_not_genuine(answer, data_dir, tmp_path, mode):
    file = tmp_path / "letter.txt"
    file.write_text("Dear employer")
    report = answer("verify", file, "--data-dir", data_dir, *mode, exit_code=1)
    assert report["verdict"] == "not_genuine"


@online_and_offline
def test_without_an_installation_nothing_can_be_confirmed(
    answer, attestation, tmp_path, mode
):
    _, file = attestation
    copied = tmp_path / "amina.jwt"
    copied.write_bytes(file.read_bytes())
    report = answer("verify", copied, *mode, exit_code=3)
    assert (report["verdict"], report["code"]) == ("cannot_confirm", "trust_missing")
    assert not (tmp_path / "recognition-data").exists()


def test_offline_nothing_is_confirmed_before_the_service_has_saved(answer, attestation):
    _, file = attestation
    (file.parents[1] / saved_inputs.FILE_NAME).unlink()
    report = answer("verify", file, "--offline", exit_code=3)
    assert report["code"] == "trust_missing"


def test_offline_a_damaged_file_confirms_nothing(recognition, attestation):
    _, file = attestation
    (file.parents[1] / saved_inputs.FILE_NAME).write_text('{"format": "mine"}')
    result = recognition("verify", file, "--offline", exit_code=3)
    assert result.stdout.startswith("CANNOT CONFIRM\n")
    assert "warning: / does not have the members" in result.stderr


def test_offline_a_list_goes_stale(answer, attestation, monkeypatch):
    _, file = attestation
    later = NOW + timedelta(minutes=11)
    monkeypatch.setenv("RECOGNITION_NOW", later.isoformat())
    report = answer("verify", file, "--offline", exit_code=3)
    assert report["code"] == "status_stale"


def test_a_private_key_that_cannot_be_opened_confirms_nothing(
    recognition, attestation, monkeypatch
):
    _, file = attestation
    monkeypatch.setenv("RECOGNITION_KEYS_PASSPHRASE", "wrong")
    result = recognition("verify", file, exit_code=3)
    assert "cannot be opened with this passphrase" in result.stderr


@online_and_offline
def test_a_date_means_the_end_of_that_day(answer, attestation, mode):
    _, file = attestation
    report = answer("verify", file, "--at", "2026-10-31", *mode, exit_code=1)
    assert report["as_of"] == "2026-10-31T23:59:59Z"
    assert report["verdict"] == "not_valid"


def test_an_instant_is_taken_as_it_is(answer, attestation):
    _, file = attestation
    report = answer("verify", file, "--at", "2026-11-02T10:00:00+01:00")
    assert report["as_of"] == "2026-11-02T09:00:00Z"


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify",),
        ("verify", "missing.jwt"),
        ("verify", "pyproject.toml", "--at", "20261102"),
        ("verify", "pyproject.toml", "--at", "2026-11-02T09:00:00"),
        ("verify", "pyproject.toml", "--lang", "xx"),
    ],
)
def test_a_wrong_call_is_told_apart(recognition, tmp_path, arguments):
    (tmp_path / "pyproject.toml").touch()
    assert recognition(*arguments, exit_code=2).stdout == ""


def test_a_trust_list_that_was_packed_beside_the_file_is_not_believed(
    recognition, attestation, tmp_path
):
    _, file = attestation
    packed = shutil.copytree(file.parents[1], tmp_path / "download")
    copied = packed / "samples" / file.name
    for mode in ([], ["--offline"]):
        result = recognition("verify", copied, *mode, exit_code=3)
        assert "cannot" in result.stdout.casefold()


def test_a_token_cannot_steer_the_terminal(recognition, tmp_path):
    from tests.verification.world import a_payload, signed  # noqa: PLC0415

    file = tmp_path / "evil.jwt"
    issuer = "https://evil.example/\x1b[2J\u202eissuers"
    file.write_text(signed(a_payload(issuer=issuer, iss=issuer)))
    found = json.loads(recognition("verify", file, "--json", exit_code=3).stdout)
    assert found["issuer"]["id"] == issuer
    shown = recognition("verify", file, exit_code=3).stdout
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "https://evil.example/\ufffd[2J\ufffdissuers" in shown


def test_offline_neither_database_nor_settings_are_read(attestation):
    _, file = attestation
    script = (
        "import sys\n"
        f"sys.argv = ['recognition', 'verify', '--offline', {str(file)!r}]\n"
        "from recognition_service.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "heavy = {'sqlalchemy', 'flask', 'environs', 'jsonschema', 'granian'}\n"
        "assert heavy.isdisjoint(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
