"""A trust list taken along: exported here, believed there, with no network."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest

from recognition_service.authorities.trust import end_trust
from recognition_service.clock import parse_instant
from recognition_service.config import state_dir
from tests.cli.conftest import NOW
from tests.credentials.builders import MemorySigner
from tests.worker.installations import OFFICE, put_forward, revoke


@pytest.fixture(autouse=True)
def own_memory(tmp_path, monkeypatch):
    """Each test is another person: nothing was pinned before."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def exported(recognition, attestation, data_dir, tmp_path):
    """What an employer was given: the attestation, and the exported files apart."""
    _, file = attestation
    shutil.copy(file, tmp_path / "amina.jwt")
    return Export(tmp_path, recognition, data_dir)


class Export:
    def __init__(self, place, recognition, data_dir):
        self.attestation = place / "amina.jwt"
        self._newer = place / "newer"
        self._recognition, self._data_dir = recognition, data_dir
        self._export(place / "export")

    def _export(self, directory):
        self._recognition("trust", "export", directory, "--data-dir", self._data_dir)
        self.trust_list = directory / "trust-list.jwt"
        self.anchor = directory / "trust-anchor.json"
        self.status = directory / "status"

    def again(self):
        """Export once more, and offer that from now on."""
        self._export(self._newer)

    def accepting(self):
        return [
            *("trust", "accept", "--list", self.trust_list),
            *("--anchor", self.anchor),
        ]

    def by_list(self, *, anchor=True, status=True, trust_list=None):
        arguments = ["verify", self.attestation]
        arguments += ["--trust-list", trust_list or self.trust_list]
        arguments += ["--trust-anchor", self.anchor] if anchor else []
        return [*arguments, *(["--status", self.status] if status else [])]


def test_an_export_is_all_that_a_verification_needs(answer, exported, data_dir):
    shutil.rmtree(data_dir)
    report = answer(*exported.by_list())
    assert report["verdict"] == "valid"
    assert report["issuer"]["registered_name"] == (
        "Recognition centre of Flanders (example)"
    )
    (used,) = report["inputs"]
    assert (used["name"], used["fresh"]) == ("trust_list", True)
    assert used["version"] > 1


@pytest.mark.usefixtures("attestation")
def test_what_is_exported_is_told(answer, data_dir, tmp_path):
    told = answer("trust", "export", tmp_path / "out", "--data-dir", data_dir)
    assert told["files"][-2:] == ["trust-anchor.json", "trust-list.jwt"]
    assert [name for name in told["files"] if name.startswith("status/")]
    for name in told["files"]:
        assert (tmp_path / "out" / name).read_text()
    (key,) = json.loads((tmp_path / "out" / "trust-anchor.json").read_text())["keys"]
    assert "d" not in key


def test_without_a_pinned_key_no_list_is_believed(recognition, exported):
    result = recognition(*exported.by_list(anchor=False), "--json", exit_code=3)
    assert json.loads(result.stdout)["code"] == "trust_missing"
    assert "no key is pinned" in result.stderr


def test_a_key_that_was_pinned_once_counts_from_then_on(answer, recognition, exported):
    recognition(*exported.accepting())
    assert answer(*exported.by_list(anchor=False))["verdict"] == "valid"
    (known,) = answer("trust", "anchors")
    assert known["issuer"] == "https://recognition.example/trust"
    assert (known["issuers"], known["demonstration"]) == (1, True)


def test_accepting_the_list_of_a_demonstration_warns(recognition, exported):
    result = recognition(*exported.accepting())
    assert "the list of a demonstration" in result.stderr
    assert "https://recognition.example/trust" in result.stdout


def test_another_key_does_not_replace_the_pinned_one_by_the_way(
    answer, recognition, exported
):
    answer(*exported.by_list())
    stranger = MemorySigner(issuer="https://recognition.example/trust")
    exported.anchor.write_text(json.dumps(stranger.public_jwk))
    result = recognition(*exported.by_list(), exit_code=3)
    assert "other keys are pinned" in result.stderr
    assert answer(*exported.by_list(anchor=False))["verdict"] == "valid"


def test_a_list_by_another_key_is_not_believed(recognition, exported):
    stranger = MemorySigner(issuer="https://recognition.example/trust")
    exported.anchor.write_text(json.dumps(stranger.public_jwk))
    result = recognition(*exported.by_list(), exit_code=3)
    assert "not believed: threshold_not_met" in result.stderr
    assert not list((state_dir() / "trust-lists").glob("*"))
    result = recognition(*exported.accepting(), exit_code=2)
    assert "threshold_not_met" in result.stderr


def test_case_15_rollback_is_noticed_across_runs(
    answer, recognition, exported, runtime
):
    older = exported.trust_list
    answer(*exported.by_list())
    with runtime.database.transaction() as session:
        end_trust(session, OFFICE, actor="service", now=runtime.now())
    exported.again()
    report = answer(*exported.by_list())
    assert report["verdict"] == "valid"  # Trust ended now, not before now.
    result = recognition(*exported.by_list(trust_list=older))
    assert "not believed: rollback" in result.stderr
    assert "is relied on instead" in result.stderr
    later = (parse_instant(NOW) + timedelta(seconds=1)).isoformat()
    offer = exported.by_list(trust_list=older)
    assert answer(*offer, "--now", later, exit_code=3)["code"] == (
        "issuer_no_longer_trusted"
    )


def test_case_15_freeze_confirms_nothing_after_a_week(answer, exported):
    answer(*exported.by_list())
    later = (parse_instant(NOW) + timedelta(days=7, seconds=1)).isoformat()
    report = answer(*exported.by_list(), "--now", later, exit_code=3)
    assert report["code"] == "trust_stale"
    assert report["inputs"][0]["fresh"] is False


def test_a_new_key_of_the_operator_must_be_accepted(
    answer, recognition, exported, data_dir
):
    answer(*exported.by_list())
    recognition("trust", "rotate", "--data-dir", data_dir)
    exported.again()
    offer = exported.by_list(anchor=False)
    assert "threshold_not_met" in recognition(*offer).stderr
    recognition(*exported.accepting())
    assert recognition(*offer).stderr == ""


def test_a_revocation_is_seen_by_the_status_list_that_is_handed_over(
    answer, exported, runtime, attestation
):
    identifier, _ = attestation
    older = exported.status
    revoke(runtime, identifier)
    put_forward(runtime, parse_instant(NOW) + timedelta(seconds=1))
    runtime.publish_lists()
    exported.again()
    report = answer(*exported.by_list(), "--status", older, exit_code=1)
    assert report["code"] == "revoked"


def test_case_16_an_older_status_list_than_the_last_one_confirms_nothing(
    answer, exported, runtime, attestation
):
    identifier, _ = attestation
    older = {file.name: file.read_bytes() for file in exported.status.iterdir()}
    revoke(runtime, identifier)
    put_forward(runtime, parse_instant(NOW) + timedelta(seconds=1))
    runtime.publish_lists()
    exported.again()
    later = "2026-11-02T10:00:00Z"
    report = answer(*exported.by_list(), "--now", later, exit_code=1)
    assert report["code"] == "revoked"
    for name, content in older.items():
        (exported.status / name).write_bytes(content)
    report = answer(*exported.by_list(), "--now", later, exit_code=3)
    assert report["code"] == "status_rolled_back"
    assert "2026-11-02" in str(report["checks"])


def test_without_a_status_list_nothing_is_confirmed(answer, exported):
    report = answer(*exported.by_list(status=False), exit_code=3)
    assert report["code"] == "status_missing"


def test_a_status_list_is_good_until_its_own_end(answer, exported):
    for hours, exit_code in ((23, 0), (25, 3)):
        later = (parse_instant(NOW) + timedelta(hours=hours)).isoformat()
        report = answer(*exported.by_list(), "--now", later, exit_code=exit_code)
        assert report["code"] == ("valid" if exit_code == 0 else "status_stale")


@pytest.mark.parametrize("content", [b"", b"\xff", b"x", b"a.b.c"])
def test_a_list_that_is_none_confirms_nothing(recognition, exported, content):
    exported.trust_list.write_bytes(content)
    assert "warning:" in recognition(*exported.by_list(), exit_code=3).stderr


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"keys": []}', b"\xff"])
def test_an_anchor_that_is_none_confirms_nothing(recognition, exported, content):
    exported.anchor.write_bytes(content)
    result = recognition(*exported.by_list(), exit_code=3)
    assert "is no public key" in result.stderr


def test_a_status_list_that_is_none_is_left_out(recognition, exported):
    for file in exported.status.iterdir():
        file.write_text("x")
    assert "is no status list" in recognition(*exported.by_list(), exit_code=3).stderr


@pytest.mark.parametrize("damage", ["{", "{}", "[]"])
def test_a_damaged_memory_confirms_nothing_and_says_how_to_mend_it(
    answer, recognition, exported, damage
):
    answer(*exported.by_list())
    (file,) = (state_dir() / "trust-lists").iterdir()
    file.write_text(damage)
    result = recognition(*exported.by_list(), exit_code=3)
    assert f"{file} is damaged" in result.stderr


def test_an_altered_memory_is_noticed(answer, recognition, exported):
    answer(*exported.by_list())
    (file,) = (state_dir() / "trust-lists").iterdir()
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"version": kept["version"] - 1}))
    assert "is damaged" in recognition(*exported.by_list(), exit_code=3).stderr


def test_a_memory_that_cannot_be_written_is_told(exported, recognition):
    (state_dir() / "trust-lists").write_text("a file is in the way")
    result = recognition(*exported.by_list())
    assert "nothing is kept" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--trust-anchor", "amina.jwt"),
        ("--status", "amina.jwt"),
        ("--trust-list", "amina.jwt", "--data-dir", "data"),
        ("--trust-list", "missing.jwt"),
    ],
)
def test_options_that_do_not_fit_are_a_wrong_call(recognition, exported, arguments):
    result = recognition("verify", exported.attestation, *arguments, exit_code=2)
    assert result.stdout == ""


def test_nothing_is_exported_while_nobody_is_listed(recognition, tmp_path):
    recognition("db", "upgrade", "--data-dir", tmp_path / "new")
    result = recognition(
        "trust", "export", tmp_path / "out", "--data-dir", tmp_path / "new", exit_code=2
    )
    assert "No issuer is listed yet" in result.stderr


def test_a_check_by_a_list_reads_neither_database_nor_settings(exported):
    arguments = [str(each) for each in exported.by_list()]
    script = (
        "import sys\n"
        f"sys.argv = ['recognition', *{arguments!r}]\n"
        "from recognition_service.cli.main import main\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0, end.code\n"
        "heavy = {'sqlalchemy', 'flask', 'environs', 'jsonschema', 'pyld', 'granian'}\n"
        "assert heavy.isdisjoint(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
