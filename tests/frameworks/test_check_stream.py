"""Rows that come one after the other are checked as those of a whole package are."""

import io
from dataclasses import replace

import pytest

from recognition_service.frameworks import check_stream
from recognition_service.frameworks.check_stream import check_rows
from recognition_service.frameworks.checks import check_tables
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import Finding
from tests.frameworks.small_edition import a_small_edition, as_files, the_schema

SCHEMA = the_schema()
FIELD = {
    "id": "09",
    "name_en": "Health",
    "evidence": "source_read",
    "source": "treaty",
    "revision": "1",
}


def found_in(table, *rows):
    entries = [RawRow(line, cells) for line, cells in enumerate(rows, start=2)]
    checked = check_rows(SCHEMA[table], entries, as_files(a_small_edition()))
    return [each for each in checked if isinstance(each, Finding)]


def rules(findings):
    return [(each.line, each.column, each.rule) for each in findings]


@pytest.mark.parametrize("table", sorted(SCHEMA))
def test_what_is_in_order_passes_unchanged(table):
    files = as_files(a_small_edition())
    entries = files[table].rows
    assert tuple(check_rows(SCHEMA[table], entries, files)) == entries


def test_the_shipped_rows_pass(shipped_package):
    for name, table in shipped_package.schema.items():
        rows = shipped_package.files[name].rows
        assert tuple(check_rows(table, rows, shipped_package.files)) == rows


@pytest.mark.parametrize(
    ("column", "text", "rule"),
    [
        ("name_en", "A\0", "forbidden_character"),
        ("name_en", "A\nb", "forbidden_character"),
        ("name_en", "\u202eA", "forbidden_character"),
        ("name_en", " A", "outer_space"),
        ("name_en", "", "value_missing"),
        ("revision", "1.0", "wrong_type"),
        ("valid_from", "2024-02-30", "wrong_type"),
        ("evidence", "certain", "unknown_evidence"),
        ("source", "", "source_missing"),
        ("source", "nowhere", "source_unknown"),
    ],
)
def test_each_row_is_held_against_its_columns(column, text, rule):
    findings = found_in("isced_fields", FIELD, {**FIELD, "id": "10", column: text})
    assert rules(findings) == [(3, column, rule)]
    assert findings[0].params["row"] == "10"


def test_a_word_that_was_refused_once_is_refused_each_time():
    wrong = {**FIELD, "revision": "one"}
    findings = found_in("isced_fields", wrong, {**wrong, "id": "10"})
    assert [each.line for each in findings] == [2, 3]


def test_a_row_must_not_refer_to_what_is_not_there():
    row = {**FIELD, "id": "x", "name": "X", "jurisdiction": "XX"}
    del row["name_en"]
    assert rules(found_in("organisations", row)) == [
        (2, "jurisdiction", "unknown_reference")
    ]


def test_an_id_that_returns_much_later_is_found(monkeypatch):
    monkeypatch.setattr(check_stream, "_CHUNK", 2)
    rows = [{**FIELD, "id": f"{number:02}"} for number in (0, 1, 2, 3, 4, 1)]
    (finding,) = found_in("isced_fields", *rows)
    assert (finding.line, finding.column, finding.rule) == (7, "id", "id_twice")
    assert finding.params["first_line"] == 3


def test_findings_of_the_reader_pass_through_in_order():
    table = SCHEMA["isced_fields"]
    cells = [FIELD.get(name, "") for name in table.fields]
    lines = [",".join(table.fields), ",".join(cells).replace("Health", "=1")]
    lines.append(",".join(cells).replace("09", "10").replace("treaty", "gone"))
    stream = io.BytesIO("\n".join(lines).encode())
    checked = check_rows(table, read_rows(stream, table), as_files(a_small_edition()))
    findings = [each for each in checked if isinstance(each, Finding)]
    assert rules(findings) == [
        (2, "name_en", "formula"),
        (3, "source", "source_unknown"),
    ]


def test_what_the_stream_finds_the_whole_check_finds_too():
    edition = a_small_edition()
    edition["qualifications"][0]["jurisdiction"] = "XX"
    edition["qualifications"][0]["language"] = " lv"
    files = as_files(edition)
    streamed = [
        each
        for each in check_rows(
            SCHEMA["qualifications"], files["qualifications"].rows, files
        )
        if isinstance(each, Finding)
    ]
    whole = check_tables(SCHEMA, files)
    assert len(streamed) == 2
    assert all(replace(each) in whole for each in streamed)


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"rules": "shoe_size >= 4"}, "rules", "condition_unknown_fact"),
        ({"rules": "training_place in ZZ"}, "rules", "unknown_reference"),
        ({"rules": ""}, "rules_cover", "cover_without_rules"),
        (
            {"element_level": "substantial_difference", "elements_reason": ""},
            "elements_reason",
            "difference_without_reason",
        ),
    ],
)
def test_what_a_statement_asks_for_is_checked_as_in_a_whole_package(
    shipped_package, cells, column, rule
):
    table = shipped_package.schema["comparability_statements"]
    with_rules = next(
        row.cells
        for row in shipped_package.files[table.name].rows
        if row.cell("rules") and not row.cell("awarded_from")
    )
    row = RawRow(2, {**with_rules, "id": "probe", **cells})

    findings = [
        each
        for each in check_rows(table, [row], shipped_package.files)
        if isinstance(each, Finding)
    ]

    assert rules(findings) == [(2, column, rule)]
