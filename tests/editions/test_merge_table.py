"""Rows of a file are put into a table on disk, and checked as if all were in memory."""

from dataclasses import replace

import pytest

from recognition_service.editions.check import check_package, find_in_package
from recognition_service.editions.merge_table import merged, publish
from recognition_service.editions.package import read_package
from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import by_place
from tests.builders import a_package, write_a_package
from tests.frameworks.broken_cells import BROKEN_CELLS, LV6
from tests.frameworks.small_edition import a_small_edition

NAME = "mine.csv"
STATEMENTS = "comparability_statements"
LINE = 70
# Rows that contradict one another: the table, and cells that differ from a row of it.
CONTRADICTIONS = [
    ("level_alignments", LV6, [{"id": "LV-LKI:6:EQF:8", "level_b": "8"}]),
    ("level_alignments", LV6, [{"id": f"{LV6}:2"}, {"id": f"{LV6}:3"}]),
    (
        "level_alignments",
        LV6,
        [
            {"id": "LV-LKI:6:EQF:none", "level_b": "", "relation": "none"},
            {"id": "LV-LKI:6:EQF:7", "level_b": "7", "relation": "contested"},
            {"id": "LV-LKI:5:EQF:6", "level_a": "5"},
        ],
    ),
    (
        "level_alignments",
        "LV-LKI:6:BE-FL-VKS:6",
        [
            {
                "id": "BE-FL-VKS:6:LV-LKI:6",
                "framework_a": "BE-FL-VKS",
                "framework_b": "LV-LKI",
                "direction": "mutual",
            }
        ],
    ),
    (STATEMENTS, "aic-1", [{"id": "aic-3", "outcome": "partial"}]),
    (
        STATEMENTS,
        "aic-1",
        [
            {"id": "aic-3", "outcome": "partial", "conditions": "grade 8"},
            {"id": "aic-4", "outcome": "partial"},
            {"id": "aic-5", "outcome": "full"},
            {"id": "aic-6", "outcome": "partial", "valid_to": "2020-12-31"},
            {"id": "aic-7", "conditions": "grade 8", "valid_from": "2021-01-01"},
        ],
    ),
    ("levels", "EQF:5", [{"id": "EQF:9", "code": "9"}, {"id": "EQF:4", "code": "4"}]),
    ("programme_costs", "nurses:cost:1", [{"id": "nurses:cost:3", "share": "5"}]),
    (
        "programme_parties",
        "nurses:origin:LV",
        [{"id": "nurses:origin:BE", "jurisdiction": "BE"}],
    ),
    ("professions", "dentist", [{"id": "nurse"}, {"id": "nurse", "isco08": "2221"}]),
]


def small():
    return a_package(a_small_edition())


@pytest.fixture
def directory(tmp_path):
    write_a_package(tmp_path, small())
    return tmp_path


def cells_of(table, identifier, **cells):
    rows = small().files[table].rows
    (row,) = [row for row in rows if row.cell("id") == identifier]
    return {name: cell for name, cell in {**row.cells, **cells}.items() if cell}


def arriving(*rows):
    return [RawRow(line, cells) for line, cells in enumerate(rows, start=LINE)]


def found_on_disk(directory, table, rows):
    package = read_package(directory, most_held=0)
    with merged(package, table, rows, name=NAME, directory=directory) as merge:
        return by_place(find_in_package(merge.package))


def found_in_memory(directory, table, rows):
    """The same by a merge in memory of what the directory holds."""
    package = read_package(directory)
    new = {row.cell("id"): replace(row, file=NAME) for row in reversed(rows)}
    file = package.files[table]
    kept = tuple(new.get(row.cell("id"), row) for row in file.rows)
    there = {row.cell("id") for row in file.rows}
    added = tuple(
        replace(row, file=NAME)
        for row in rows
        if row.cell("id") not in there or new[row.cell("id")].line != row.line
    )
    whole = TableFile(table, file.header, kept + added)
    files = {**package.files, table: whole}
    return by_place(check_package(replace(package, files=files)))


def content(directory):
    return {
        path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()
    }


def test_a_row_keeps_its_place_and_a_new_one_stands_at_the_end(directory):
    first, second, third = small().files["jurisdictions"].rows
    changed = {**second.cells, "name_en": "Flemish Community"}
    new = {**third.cells, "id": "NL", "iso_3166": "NL", "name_en": "Netherlands"}
    rows = arriving(new, changed, third.cells)
    package = read_package(directory)
    with merged(
        package, "jurisdictions", rows, name=NAME, directory=directory
    ) as merge:
        assert (merge.added, merge.replaced, merge.unchanged) == (1, 1, 1)
        assert list(merge.package.files["jurisdictions"].rows) == [
            first,
            RawRow(LINE + 1, changed, file=NAME),
            RawRow(LINE + 2, third.cells, file=NAME),
            RawRow(LINE, new, file=NAME),
        ]
        publish(merge, directory, "jurisdictions")
    written = read_package(directory).files["jurisdictions"].rows
    assert [row.cells for row in written] == [first.cells, changed, third.cells, new]


def test_what_is_not_published_leaves_no_trace(directory):
    before = content(directory)
    assert found_on_disk(directory, STATEMENTS, arriving({"id": "x"}))
    assert content(directory) == before


def test_without_a_directory_nothing_is_written_into_the_package(directory):
    package = read_package(directory)
    directory.rename(directory.with_name("elsewhere"))
    with merged(package, "professions", [], name=NAME, directory=None) as merge:
        assert list(find_in_package(merge.package)) == []
        place = merge.path.parent
    assert not place.exists()


@pytest.mark.parametrize(("table", "row", "cell", "_line", "rule"), BROKEN_CELLS)
def test_a_broken_row_is_found_as_in_memory_on_its_own_line(
    directory, table, row, cell, _line, rule
):
    rows = arriving(cells_of(table, row, **cell))
    (finding,) = found_on_disk(directory, table, rows)
    assert (finding.file, finding.line, finding.rule) == (NAME, LINE, rule)
    assert [finding] == found_in_memory(directory, table, rows)


@pytest.mark.parametrize(("table", "row", "differing"), CONTRADICTIONS)
def test_rows_that_contradict_one_another_are_found_as_in_memory(
    directory, table, row, differing
):
    rows = arriving(*(cells_of(table, row, **cells) for cells in differing))
    findings = found_on_disk(directory, table, rows)
    assert findings == found_in_memory(directory, table, rows)
    assert findings


def test_a_row_that_contradicts_one_of_the_package_is_told_on_its_own_line(directory):
    rows = arriving(cells_of(STATEMENTS, "aic-1", id="aic-3", outcome="partial"))
    (finding,) = found_on_disk(directory, STATEMENTS, rows)
    assert (finding.file, finding.line) == (NAME, LINE)
    assert finding.rule == "contradictory_statements"
    assert (finding.params["other"], finding.params["other_line"]) == ("aic-1", 2)


def test_a_row_of_the_package_that_is_broken_is_told_in_its_own_file(directory):
    rows = arriving(cells_of("jurisdictions", "BE", part_of="BE-FL"))
    assert [
        (finding.file, finding.line, finding.rule)
        for finding in found_on_disk(directory, "jurisdictions", rows)
    ] == [
        ("jurisdictions.csv", 3, "part_of_circle"),
        (NAME, LINE, "part_of_circle"),
    ]
    rows = arriving(cells_of("levels", "LV-LKI:6", code="66", id="LV-LKI:6"))
    findings = found_on_disk(directory, "levels", rows)
    assert findings == found_in_memory(directory, "levels", rows)
    assert ("level_alignments.csv", 3, "level_of_another_framework") in [
        (finding.file, finding.line, finding.rule) for finding in findings
    ]


def test_an_id_that_returns_in_the_file_is_found_and_no_row_is_lost(directory):
    rows = arriving(
        cells_of("professions", "dentist", isco08="2262"),
        cells_of("professions", "dentist", isco08="9999"),
    )
    (finding,) = found_on_disk(directory, "professions", rows)
    assert (finding.file, finding.line, finding.rule) == (NAME, LINE + 1, "id_twice")
    assert finding.params["first_line"] == LINE


def test_an_id_that_the_package_has_twice_is_not_mended_unseen(directory):
    path = directory / "professions.csv"
    path.write_bytes(path.read_bytes() + path.read_bytes().splitlines()[1] + b"\n")
    rows = arriving(cells_of("professions", "dentist"))
    (finding,) = found_on_disk(directory, "professions", rows)
    assert (finding.file, finding.line) == ("professions.csv", 3)
    assert finding.rule == "id_twice"


@pytest.mark.parametrize("name", ["A\rB", "A\nB", 'A",\r\n"B', "A\0B"])
def test_what_no_table_may_hold_is_kept_until_it_is_found(directory, name):
    rows = arriving(cells_of("organisations", "aic", name=name))
    (finding,) = found_on_disk(directory, "organisations", rows)
    assert (finding.rule, finding.params["value"]) == ("forbidden_character", name)


def test_a_row_with_cells_too_many_is_found(directory):
    row = RawRow(LINE, cells_of("professions", "dentist"), surplus=2)
    (finding,) = found_on_disk(directory, "professions", [row])
    assert (finding.line, finding.rule) == (LINE, "ragged_row")


def test_a_column_that_the_package_lacks_is_told_as_that_only(directory):
    path = directory / "professions.csv"
    head, *rest = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head.replace("revision", "revisions"), *rest]), "utf-8")
    rows = arriving(cells_of("professions", "dentist", id="nurse"))
    findings = found_on_disk(directory, "professions", rows)
    assert findings == found_in_memory(directory, "professions", rows)
    assert [(each.line, each.rule) for each in findings] == [
        (1, "missing_column"),
        (1, "unknown_column"),
    ]


def test_a_file_that_ends_in_an_error_changes_nothing(directory):
    def rows():
        yield from arriving(cells_of("professions", "dentist", id="nurse"))
        raise OSError(5, "Input/output error")

    before = content(directory)
    package = read_package(directory)
    with (
        pytest.raises(OSError, match="Input/output"),
        merged(package, "professions", rows(), name=NAME, directory=directory),
    ):
        pass
    assert content(directory) == before
