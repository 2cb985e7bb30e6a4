"""A backup holds everything, and restoring never overwrites."""

import tarfile
from io import BytesIO

from tests.worker.installations import revoke


def backed_up(recognition, data_dir, tmp_path):
    file = tmp_path / "backup.tar"
    recognition("backup", file, "--data-dir", data_dir)
    return file


def test_a_restored_installation_answers_as_before(
    recognition, answer, attestation, runtime, tmp_path
):
    identifier, token = attestation
    backup = backed_up(recognition, runtime.config.data_dir, tmp_path)
    revoke(runtime, identifier)  # After the backup: the service ran on.
    runtime.publish_lists()
    again = tmp_path / "again"
    said = recognition("restore", backup, "--data-dir", again).stdout
    assert said.startswith("Restored https://recognition.example as of 2026-11-02T09:")
    assert answer("verify", token, "--data-dir", again)["verdict"] == "valid"
    assert answer("doctor", "--data-dir", again)["whole"] is True
    assert answer("verify", token, exit_code=1)["code"] == "revoked"


def test_only_the_owner_can_read_what_was_backed_up_and_restored(
    recognition, data_dir, tmp_path
):
    backup = backed_up(recognition, data_dir, tmp_path)
    again = tmp_path / "again"
    recognition("restore", backup, "--data-dir", again)
    files = [backup, *(path for path in again.rglob("*") if path.is_file())]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert not list(tmp_path.glob(".backup*"))


def test_a_backup_never_overwrites(recognition, data_dir, tmp_path):
    file = tmp_path / "backup.tar"
    file.write_text("precious")
    result = recognition("backup", file, "--data-dir", data_dir, exit_code=2)
    assert "exists already" in result.stderr
    assert file.read_text() == "precious"


def test_restoring_never_overwrites(recognition, data_dir, tmp_path):
    backup = backed_up(recognition, data_dir, tmp_path)
    before = (data_dir / "recognition.sqlite3").read_bytes()
    result = recognition("restore", backup, "--data-dir", data_dir, exit_code=2)
    assert "exists already" in result.stderr
    assert (data_dir / "recognition.sqlite3").read_bytes() == before


def test_an_archive_cannot_write_elsewhere(recognition, data_dir, tmp_path):
    backup = backed_up(recognition, data_dir, tmp_path)
    for name in ("../evil", "keys/../evil", "/evil", "keys/..", "other"):
        file = tmp_path / "evil.tar"
        file.write_bytes(backup.read_bytes())
        with tarfile.open(file, "a") as archive:
            archive.addfile(tarfile.TarInfo(name), BytesIO())
        again = tmp_path / "again"
        result = recognition("restore", file, "--data-dir", again, exit_code=2)
        assert "A backup does not hold" in result.stderr
        assert not again.exists()


def test_a_file_that_is_no_backup_is_refused(recognition, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear operator")
    result = recognition("restore", file, "--data-dir", tmp_path / "x", exit_code=2)
    assert "is no backup" in result.stderr


def test_postgresql_is_left_to_its_own_tools(recognition, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/recognition")
    result = recognition("backup", tmp_path / "backup.tar", exit_code=2)
    assert "use pg_dump" in result.stderr
