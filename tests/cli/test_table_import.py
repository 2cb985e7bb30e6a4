"""Rows of a file are checked, and taken into a package whole or not at all."""

import csv
import io
import json
import shutil

import pytest

from recognition_service.cli import table_import
from recognition_service.editions.package import read_package, shipped_tables_dir

TABLE = "organisations"


@pytest.fixture
def package(tmp_path):
    return shutil.copytree(shipped_tables_dir(), tmp_path / "package")


def shipped_rows(table=TABLE):
    with (shipped_tables_dir() / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def a_file(tmp_path, rows, *, encoding="utf-8", name="rows.csv"):
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, shipped_rows()[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / name
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def a_row(**cells):
    return {**shipped_rows()[0], "id": "xx-new", "name": "New body", **cells}


def content(directory):
    return {
        path.relative_to(directory): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_a_file_alone_is_only_checked(recognition, tmp_path):
    path = a_file(tmp_path, shipped_rows())
    result = recognition("tables", "import", path, "--table", TABLE)
    assert result.stdout == f"{len(shipped_rows())} rows, no findings\n"


def test_rows_are_added_replaced_and_left_alone(answer, package, tmp_path):
    first, second, *_ = shipped_rows()
    changed = {**second, "revision": "2", "note": "Renamed"}
    path = a_file(tmp_path, [a_row(), changed, first])
    answered = answer("tables", "import", path, "--table", TABLE, "--into", package)
    assert answered == {
        "rows": 3,
        "findings": [],
        "finding_count": 0,
        "added": 1,
        "replaced": 1,
        "unchanged": 1,
        "written": True,
    }
    rows = read_package(package).files[TABLE].rows
    assert rows[1].cells == {name: cell for name, cell in changed.items() if cell}
    assert rows[-1].cell("id") == "xx-new"


def test_only_what_was_imported_changes(recognition, package, tmp_path):
    before = content(package)
    path = a_file(tmp_path, [a_row()], encoding="utf-16")
    recognition("tables", "import", path, "--table", TABLE, "--into", package)
    after = content(package)
    changed = [name for name, text in after.items() if before[name] != text]
    assert [name.name for name in changed] == [f"{TABLE}.csv"]
    (table,) = changed
    assert after[table].startswith(before[table])
    assert b"\r" not in after[table]
    recognition("tables", "check", package)


def test_importing_what_is_there_writes_the_same_bytes(recognition, package):
    before = content(package)
    for table in ("qualifications", "comparability_statements", "sources"):
        shipped = shipped_tables_dir() / f"{table}.csv"
        recognition("tables", "import", shipped, "--table", table, "--into", package)
    assert content(package) == before


def test_a_dry_run_checks_everything_and_writes_nothing(recognition, package, tmp_path):
    before = content(package)
    path = a_file(tmp_path, [a_row()])
    result = recognition(
        "tables", "import", path, "--table", TABLE, "--into", package, "--dry-run"
    )
    assert "1 added, 0 replaced, 0 unchanged: nothing was written" in result.stdout
    assert content(package) == before


@pytest.mark.parametrize(
    ("cells", "place"),
    [
        ({"name": '=HYPERLINK("http://x")'}, ("name", "formula")),
        ({"name": "+1"}, ("name", "formula")),
        ({"name": "@SUM(A1)"}, ("name", "formula")),
        ({"name": "A\0B"}, ("name", "forbidden_character")),
        ({"name": "A\nB"}, ("name", "forbidden_character")),
        ({"jurisdiction": "XX"}, ("jurisdiction", "unknown_reference")),
        ({"source": ""}, ("source", "source_missing")),
        (
            {"valid_from": "2024-05-01", "valid_to": "2023-05-01"},
            ("valid_to", "ends_before_begin"),
        ),
    ],
)
def test_one_bad_row_keeps_all_of_them_out(answer, package, tmp_path, cells, place):
    before = content(package)
    path = a_file(tmp_path, [a_row(id="xx-good"), a_row(**cells)])
    found = answer(
        "tables", "import", path, "--table", TABLE, "--into", package, exit_code=1
    )
    assert found["written"] is False
    (finding,) = found["findings"]
    assert (finding["file"], finding["line"]) == ("rows.csv", 3)
    assert (finding["column"], finding["rule"]) == place
    assert finding["params"]["row"] == "xx-new"
    assert content(package) == before


def test_a_formula_is_told_with_the_way_out(recognition, tmp_path):
    path = a_file(tmp_path, [a_row(name="=1+1")])
    result = recognition("tables", "import", path, "--table", TABLE, exit_code=1)
    first, last = result.stdout.splitlines()
    assert first.startswith("rows.csv:2:name formula: The text begins with =, ")
    assert "Begin it with a letter" in first
    assert last == "1 rows, 1 findings"
    result = recognition(
        "tables", "import", path, "--table", TABLE, "--lang", "fr", exit_code=1
    )
    assert "Le texte commence par =" in result.stdout


def test_what_only_the_whole_package_shows_keeps_the_rows_out(
    answer, package, tmp_path
):
    path = tmp_path / "levels.csv"
    header, row, *_ = (package / "levels.csv").read_text("utf-8").splitlines()
    cells = row.split(",")
    cells[0], cells[2] = f"{cells[1]}:99", "99"
    path.write_text(f"{header}\n{','.join(cells)}\n", encoding="utf-8")
    before = content(package)
    found = answer(
        "tables", "import", path, "--table", "levels", "--into", package, exit_code=1
    )
    (finding,) = found["findings"]
    assert (finding["line"], finding["rule"]) == (2, "ordinal_twice")
    assert finding["params"]["other_line"] == "2"
    assert content(package) == before


def test_what_only_the_whole_shows_is_found_also_without_a_package(answer, tmp_path):
    path = tmp_path / "levels.csv"
    shipped = shipped_rows("levels")
    row = {**shipped[0], "id": f"{shipped[0]['framework']}:99", "code": "99"}
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, row.keys())
        writer.writeheader()
        writer.writerow(row)
    found = answer("tables", "import", path, "--table", "levels", exit_code=1)
    (finding,) = found["findings"]
    assert (finding["file"], finding["line"]) == ("levels.csv", 2)
    assert finding["rule"] == "ordinal_twice"
    assert (found["added"], found["written"]) == (None, False)


def test_a_disk_that_is_full_leaves_the_old_table(
    recognition, package, tmp_path, file_size_limit
):
    table = "comparability_statements"
    before = content(package)
    path = tmp_path / "rows.csv"
    head = (package / f"{table}.csv").read_bytes().splitlines(keepends=True)[:2]
    path.write_bytes(b"".join(head))
    # The row fits, the table with all its rows does not.
    file_size_limit(500_000)
    result = recognition(
        "tables", "import", path, "--table", table, "--into", package, exit_code=2
    )
    assert "File too large" in result.stderr
    assert content(package) == before


def test_a_row_read_before_the_file_breaks_off_is_checked_too(answer, tmp_path):
    path = a_file(tmp_path, [a_row(jurisdiction="XX"), a_row(id="xx-2", name="B")])
    path.write_bytes(path.read_bytes() + b'xx-3,"never closed\n')
    found = answer("tables", "import", path, "--table", TABLE, exit_code=1)
    assert [(each["line"], each["rule"]) for each in found["findings"]] == [
        (4, "csv_unreadable"),
        (2, "unknown_reference"),
    ]


def test_findings_beyond_the_first_are_counted_and_reported(recognition, tmp_path):
    rows = [a_row(id=f"xx-{number}", name="=1") for number in range(50)]
    path, report = a_file(tmp_path, rows), tmp_path / "report.csv"
    result = recognition(
        "tables", "import", path, "--table", TABLE, "--report", report, exit_code=1
    )
    lines = result.stdout.splitlines()
    assert len(lines) == 22
    assert lines[20] == "... and 30 more; see --report"
    assert lines[21] == "50 rows, 50 findings"
    with report.open(encoding="utf-8", newline="") as out:
        told = list(csv.DictReader(out))
    assert [row["line"] for row in told] == [str(line) for line in range(2, 52)]
    assert {(row["file"], row["column"], row["rule"]) for row in told} == {
        ("rows.csv", "name", "formula")
    }
    assert [row["row"] for row in told] == [f"xx-{number}" for number in range(50)]


def test_the_report_is_never_written_over_the_file(recognition, tmp_path):
    path = a_file(tmp_path, [a_row(name="=1")])
    before = path.read_bytes()
    recognition(
        "tables", "import", path, "--table", TABLE, "--report", path, exit_code=2
    )
    assert path.read_bytes() == before


def test_the_report_itself_is_no_trap(recognition, tmp_path):
    path, report = a_file(tmp_path, [a_row(id="=cmd|x")]), tmp_path / "report.csv"
    recognition(
        "tables", "import", path, "--table", TABLE, "--report", report, exit_code=1
    )
    with report.open(encoding="utf-8", newline="") as out:
        told = list(csv.DictReader(out))
    assert {row["row"] for row in told} == {"'=cmd|x"}


def test_bytes_that_are_no_text_are_told_in_every_form(answer, tmp_path):
    path, report = a_file(tmp_path, [a_row(name="Kunst")]), tmp_path / "report.csv"
    path.write_bytes(path.read_bytes().replace(b"Kunst", b"K\xfcnste"))
    found = answer(
        "tables", "import", path, "--table", TABLE, "--report", report, exit_code=1
    )
    assert [each["rule"] for each in found["findings"]] == ["not_utf8"]
    assert "not_utf8" in report.read_text(encoding="utf-8")


def test_progress_goes_to_stderr(recognition, tmp_path, monkeypatch):
    monkeypatch.setattr(table_import, "_TOLD_EVERY", 2)
    path = a_file(tmp_path, [a_row(id=f"xx-{number}") for number in range(5)])
    result = recognition("tables", "import", path, "--table", TABLE, "--json")
    there = len(shipped_rows())
    assert result.stderr.splitlines() == [
        "2 rows read, 0 findings ...",
        "4 rows read, 0 findings ...",
        "Putting the rows in their places ...",
        "Checking the package with these rows ...",
        # Once for their ids, which other tables name, and once for the rules.
        *[
            f"{count} rows gone through, 0 findings ..."
            for count in [*range(2, there + 6, 2)] * 2
        ],
    ]
    assert json.loads(result.stdout)["rows"] == 5


def test_a_table_that_does_not_exist_is_refused(recognition, tmp_path):
    path = a_file(tmp_path, [a_row()])
    result = recognition("tables", "import", path, "--table", "persons", exit_code=2)
    assert "there is no such table" in result.stderr
    assert TABLE in result.stderr


def test_a_package_that_is_broken_already_takes_nothing(answer, package, tmp_path):
    levels = package / "levels.csv"
    levels.write_text(levels.read_text("utf-8").replace("ACQF,1,1", "ACQF,1,2"))
    before = content(package)
    path = a_file(tmp_path, [a_row()])
    found = answer(
        "tables", "import", path, "--table", TABLE, "--into", package, exit_code=1
    )
    assert {each["file"] for each in found["findings"]} == {"levels.csv"}
    assert content(package) == before
