"""An empty database becomes an installation; nothing is fixed twice."""

import stat

from recognition_service.storage.migrations import NEWEST


def test_an_empty_directory_becomes_an_installation(
    recognition, answer, monkeypatch, tmp_path
):
    directory = tmp_path / "new"
    monkeypatch.setenv("PUBLIC_URL", "https://recognition.example/")
    recognition("db", "upgrade", "--data-dir", directory)
    found = answer("db", "current", "--data-dir", directory)
    assert found == {"current": NEWEST, "needed": NEWEST}
    monkeypatch.setenv("PUBLIC_URL", "https://another.example")
    recognition("db", "upgrade", "--data-dir", directory)
    made = answer(
        *("authorities", "create", "--name", "Office", "--country", "LV"),
        *("--mode", "live", "--data-dir", directory),
    )
    assert made["issuer"] == "https://recognition.example/issuers/office"


def test_a_new_directory_is_for_its_owner_only(recognition, tmp_path):
    recognition("db", "upgrade", "--data-dir", tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_database_that_is_behind_says_what_to_do(recognition, tmp_path):
    shown = recognition("db", "current", "--data-dir", tmp_path).stdout
    assert shown.startswith("empty; this version needs ")
    assert "recognition db upgrade" in shown
