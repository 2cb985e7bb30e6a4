"""An edition is written for other programs, whole and without a change."""

import csv
import json
import shutil

import pytest

from recognition_service.cli.table_export import ENCODERS
from recognition_service.editions.contents import package_contents
from recognition_service.editions.package import read_package, shipped_tables_dir


def content(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_an_export_loads_to_the_very_same_edition(
    recognition, answer, data_dir, tmp_path
):
    told = answer("tables", "export", tmp_path / "out")
    checked = recognition("tables", "check", tmp_path / "out").stdout
    assert checked.endswith("no findings\n")
    loaded = answer("tables", "load", tmp_path / "out", "--data-dir", data_dir)
    shipped = answer("tables", "load", "--data-dir", data_dir)
    assert told["digest"] == loaded["digest"] == shipped["digest"]
    assert told["left_out"] == 0


def test_the_tables_are_written_as_they_are_kept(recognition, tmp_path):
    recognition("tables", "export", tmp_path / "out")
    shipped = content(shipped_tables_dir())
    for name, written in content(tmp_path / "out").items():
        if not name.endswith(".toml"):
            assert written == shipped[name], name
    assert content(tmp_path / "out").keys() == shipped.keys() - {"README.md"}


def test_what_looks_like_a_formula_is_data_and_stays_so(answer, data_dir, tmp_path):
    texts = ["=1+1", "+41", "-x", "@SUM(A1)", '="a,b"', "'=1", '"=1"']
    package = shutil.copytree(shipped_tables_dir(), tmp_path / "package")
    path = package / "isced_fields.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    for row, text in zip(rows, texts, strict=False):
        row[header.index("name_en")] = text
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([header, *rows])
    digest = answer("tables", "load", package, "--data-dir", data_dir)["digest"]
    told = answer("tables", "export", tmp_path / "out", "--data-dir", data_dir)
    assert told["digest"] == digest
    exported = read_package(tmp_path / "out").files["isced_fields"].rows
    assert [row.cell("name_en") for row in exported[: len(texts)]] == texts
    assert package_contents(read_package(tmp_path / "out")).digest() == digest


def test_an_older_edition_is_exported_by_its_digest(
    answer, recognition, data_dir, tmp_path
):
    (old,) = answer("tables", "list", "--data-dir", data_dir)
    package = shutil.copytree(shipped_tables_dir(), tmp_path / "package")
    description = package / "edition.toml"
    description.write_text(
        description.read_text("utf-8").replace('title = "', 'title = "Newer: ', 1),
        encoding="utf-8",
    )
    new = answer("tables", "load", package, "--data-dir", data_dir)["digest"]
    at = ("--data-dir", data_dir)
    told = answer("tables", "export", tmp_path / "old", "--edition", old["digest"], *at)
    assert told["digest"] == old["digest"]
    assert answer("tables", "export", tmp_path / "new", *at)["digest"] == new
    result = recognition(
        "tables", "export", tmp_path / "no", "--edition", "sha256-x", *at, exit_code=2
    )
    assert "No edition sha256-x is stored here" in result.stderr
    assert not (tmp_path / "no").exists()


def test_nothing_that_lies_there_is_written_over(recognition, tmp_path):
    (tmp_path / "empty").mkdir()
    recognition("tables", "export", tmp_path / "empty")
    before = content(tmp_path / "empty")
    (tmp_path / "file").write_text("mine")
    for place in ("empty", "file"):
        result = recognition("tables", "export", tmp_path / place, exit_code=2)
        assert "is not empty" in result.stderr
    assert content(tmp_path / "empty") == before
    assert (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file"]


def test_a_place_that_cannot_be_written_to_is_one_line(recognition, tmp_path):
    (tmp_path / "file").write_text("")
    result = recognition("tables", "export", tmp_path / "file" / "out", exit_code=2)
    assert result.stderr.startswith("error: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("form", ENCODERS)
def test_other_vocabularies_come_with_what_they_leave_out(
    answer, recognition, tmp_path, form
):
    told = answer("tables", "export", tmp_path / "out", "--format", form)
    document = json.loads((tmp_path / "out" / f"{form}.jsonld").read_text("utf-8"))
    left_out = json.loads((tmp_path / "out" / "left-out.json").read_text("utf-8"))
    assert document["@graph"]
    assert len(left_out) == told["left_out"] > 0
    assert told["specification"]
    assert {tuple(row) for row in left_out} == {("table", "id", "reason")}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"{form}.jsonld",
        "left-out.json",
    ]
    said = recognition("tables", "export", tmp_path / "more", "--format", form)
    assert said.stdout.strip() == told["digest"]
    assert f"{told['left_out']} rows are not stated" in said.stderr
