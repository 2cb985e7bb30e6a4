"""What other tables would change is told on the command line, with progress."""

import shutil

import pytest

from recognition_service.editions.package import shipped_tables_dir
from tests.worker.installations import OFFICE

LISTED = "benelux-baltic-2024:LV:6:1"


@pytest.fixture
def without_the_title(tmp_path):
    """The shipped tables, but for one title of a treaty."""
    directory = shutil.copytree(shipped_tables_dir(), tmp_path / "tables")
    path = directory / "agreement_titles.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{LISTED},")]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept), encoding="utf-8")
    return directory


def test_the_attestation_that_would_differ_is_named(
    recognition, answer, attestation, data_dir, without_the_title
):
    of = ("--authority", OFFICE, "--data-dir", data_dir)
    (named,) = answer("tables", "impact", without_the_title, *of)
    assert (named["kind"], named["id"]) == ("attestation", str(attestation[0]))
    assert named["before"]["result"] == "treaty_rule"
    assert named["after"]["decides"] is False
    shown = recognition("tables", "impact", without_the_title, *of)
    assert shown.stdout.splitlines()[-1] == "1 would come out differently."
    assert "1 of 1 looked at" in shown.stderr


def test_the_tables_in_force_change_nothing(recognition, attestation, data_dir):
    del attestation
    of = ("--authority", OFFICE, "--data-dir", data_dir)
    shown = recognition("tables", "impact", *of).stdout
    assert shown == "0 would come out differently.\n"


def test_a_draft_and_a_directory_are_not_meant_at_once(
    recognition, data_dir, without_the_title
):
    draft = ("--draft", "0193a1c2-0000-7000-8000-000000000000")
    of = ("--authority", OFFICE, "--data-dir", data_dir)
    both = ("tables", "impact", without_the_title, *draft, *of)
    assert "not both" in recognition(*both, exit_code=2).stderr
    missing = recognition("tables", "impact", *draft, *of, exit_code=2).stderr
    assert "There is no draft" in missing
