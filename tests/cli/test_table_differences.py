"""Two editions are compared, in words and row by row."""

import csv
import shutil

import pytest

from recognition_service.editions.package import shipped_tables_dir

STATEMENT = "de-fr-prfgz-001"


@pytest.fixture
def corrected(tmp_path):
    """A copy of the shipped tables in which the first statement was corrected."""
    return a_copy(tmp_path, outcome="partial", revision="2")


def a_copy(tmp_path, **cells):
    directory = shutil.copytree(shipped_tables_dir(), tmp_path / "tables")
    path = directory / "comparability_statements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0].update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return directory


def test_the_same_tables_do_not_differ(recognition):
    shipped = shipped_tables_dir()
    out = recognition("tables", "diff", shipped, shipped).stdout
    assert out.endswith("The rows of the two editions are the same.\n")


def test_what_changed_is_told_in_words_and_listed(recognition, corrected):
    shipped = shipped_tables_dir()
    out = recognition("tables", "diff", shipped, corrected, exit_code=1).stdout
    assert f"({STATEMENT}) changed from “full” to “partial”." in out
    assert "    outcome: 'full' -> 'partial'\n" in out
    assert "Look here" not in out


def test_what_changed_is_told_in_french(recognition, corrected):
    command = ("tables", "diff", shipped_tables_dir(), corrected, "--lang", "fr")
    out = recognition(*command, exit_code=1).stdout
    assert f"({STATEMENT}), issue : « full » devient « partial »." in out


def test_a_correction_without_a_new_revision_is_pointed_out(recognition, tmp_path):
    directory = a_copy(tmp_path, outcome="partial")
    shipped = shipped_tables_dir()
    out = recognition("tables", "diff", shipped, directory, exit_code=1).stdout
    assert "Look here: " in out
    assert "but has the same revision" in out


def test_differences_as_json(answer, corrected):
    found = answer("tables", "diff", shipped_tables_dir(), corrected, exit_code=1)
    assert found["same"] is False
    assert found["old"]["digest"] != found["new"]["digest"]
    assert found["tables"] == {
        "comparability_statements": {
            "added": [],
            "removed": [],
            "changed": [
                {
                    "id": STATEMENT,
                    "revision": "raised",
                    "columns": {
                        "outcome": {"old": "full", "new": "partial"},
                        "revision": {"old": "1", "new": "2"},
                    },
                }
            ],
        }
    }
    (change,) = found["changelog"]
    assert (change["kind"], change["count"]) == ("cell", 1)


def test_a_stored_edition_is_compared_with_a_directory(
    recognition, answer, data_dir, corrected
):
    (edition,) = answer("tables", "list", "--data-dir", data_dir)
    begins = edition["digest"][:15]
    place = ("--data-dir", data_dir)
    recognition("tables", "diff", begins, shipped_tables_dir(), *place)
    found = answer("tables", "diff", corrected, begins, *place, exit_code=1)
    assert found["new"]["digest"] == edition["digest"]
    rows = found["tables"]["comparability_statements"]["changed"]
    assert [row["revision"] for row in rows] == ["went_back"]


def test_what_names_no_edition_is_refused(recognition, data_dir):
    shipped = shipped_tables_dir()
    for name, words in (
        ("nowhere", "is no directory of tables and no digest"),
        ("sha256-abc", "too short"),
        ("sha256-AAAAAAAAAA", "No edition sha256-AAAAAAAAAA"),
    ):
        result = recognition(
            "tables", "diff", name, shipped, "--data-dir", data_dir, exit_code=2
        )
        assert words in result.stderr


def test_a_directory_that_cannot_be_read_is_two(recognition, tmp_path):
    shipped = shipped_tables_dir()
    result = recognition("tables", "diff", shipped, tmp_path, exit_code=2)
    assert "datapackage.json is missing" in result.stderr
