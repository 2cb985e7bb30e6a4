import json

import pytest

from recognition_service.frameworks.checks import check_tables
from recognition_service.frameworks.files import RawRow, TableFile
from tests.frameworks.broken_cells import BROKEN_CELLS, DIPLOMA, TREATY
from tests.frameworks.small_edition import (
    a_small_edition,
    as_files,
    changed,
    findings,
    places,
    row_of,
    the_schema,
    with_row,
)


def test_finds_nothing_in_the_valid_edition():
    assert findings(a_small_edition()) == []


@pytest.mark.parametrize(("table", "row", "cell", "line", "rule"), BROKEN_CELLS)
def test_names_file_line_column_and_rule_of_one_broken_cell(
    table, row, cell, line, rule
):
    (column,) = cell
    assert places(changed(table, row, **cell)) == [(f"{table}.csv", line, column, rule)]


def test_finds_a_level_that_no_framework_gives():
    assert places(changed("qualifications", DIPLOMA, framework="")) == [
        ("qualifications.csv", 2, "level", "level_without_framework")
    ]


def test_finds_an_outcome_without_anything_to_compare_with():
    edition = changed(
        "comparability_statements", "aic-1", object_kind="none", objects=""
    )
    assert places(edition) == [
        (
            "comparability_statements.csv",
            2,
            "object_kind",
            "outcome_without_object",
        )
    ]


def test_finds_award_dates_in_the_wrong_order():
    edition = changed(
        "comparability_statements",
        "aic-1",
        awarded_from="2000-01-01",
        awarded_to="1999-01-01",
    )
    assert places(edition) == [
        ("comparability_statements.csv", 2, "awarded_to", "ends_before_begin")
    ]


def test_finds_agreements_that_decide_without_parties_or_reading():
    assert places(changed("agreements", TREATY, parties_established="no")) == [
        ("agreements.csv", 2, "decides", "decides_without_parties")
    ]
    assert places(changed("agreements", TREATY, evidence="unchecked")) == [
        ("agreements.csv", 2, "decides", "decides_unread")
    ]
    edition = a_small_edition()
    edition["agreement_parties"].clear()
    assert places(edition) == [
        ("agreements.csv", 2, "parties_established", "parties_absent")
    ]


@pytest.mark.parametrize(
    ("table", "identifier", "column", "value", "lines"),
    [
        ("frameworks", "LV-LKI-2010", "predecessor", "LV-LKI", [4, 5]),
        ("jurisdictions", "BE", "part_of", "BE-FL", [2, 3]),
        ("levels", "LV-LKI:7", "parent", "7a", [9, 10]),
    ],
)
def test_finds_a_circle_of_several_rows_at_each_of_them(
    table, identifier, column, value, lines
):
    edition = changed(table, identifier, **{column: value})
    rule = f"{column}_circle"
    assert places(edition) == [(f"{table}.csv", line, column, rule) for line in lines]


def test_finds_an_id_used_twice_and_says_where_first():
    edition = with_row("organisations", "aic")
    (finding,) = findings(edition)
    assert (finding.file, finding.line, finding.column) == (
        "organisations.csv",
        3,
        "id",
    )
    assert finding.rule == "id_twice"
    assert finding.params == {"row": "aic", "value": "aic", "first_line": 2}


def test_a_word_that_was_refused_once_is_refused_each_time():
    edition = changed("levels", "EQF:5", typical_evidence="certain")
    row_of(edition, "levels", "EQF:6")["typical_evidence"] = "certain"
    assert [(line, rule) for _, line, _, rule in places(edition)] == [
        (2, "unknown_word"),
        (3, "unknown_word"),
    ]


def test_finds_a_reference_with_blanks_although_an_id_has_them_too():
    edition = with_row("professions", "dentist", id=" nurse", isco08="2221")
    row_of(edition, "competent_authorities", "vm")["professions"] = " nurse"
    assert [(file, rule) for file, _, _, rule in places(edition)] == [
        ("competent_authorities.csv", "outer_space"),
        ("competent_authorities.csv", "unknown_reference"),
        ("professions.csv", "outer_space"),
    ]


def test_finds_missing_unknown_and_repeated_columns():
    files = as_files(a_small_edition())
    header = files["organisations"].header
    files["organisations"] = TableFile(
        "organisations",
        (*[column for column in header if column != "kind"], "colour", "url"),
        files["organisations"].rows,
    )
    assert {
        (found.line, found.column, found.rule)
        for found in check_tables(the_schema(), files)
    } == {
        (1, "kind", "missing_column"),
        (1, "colour", "unknown_column"),
        (1, "url", "column_twice"),
    }


def test_finds_missing_and_unknown_tables():
    files = as_files(a_small_edition())
    del files["annex_v_titles"]
    files["secrets"] = TableFile("secrets", ("id",), ())
    assert [
        (found.file, found.line, found.rule)
        for found in check_tables(the_schema(), files)
    ] == [
        ("annex_v_titles.csv", 0, "missing_table"),
        ("secrets.csv", 0, "unknown_table"),
    ]


def test_finds_a_row_with_too_many_cells():
    files = as_files(a_small_edition())
    first = files["professions"].rows[0]
    files["professions"] = TableFile(
        "professions",
        files["professions"].header,
        (RawRow(first.line, first.cells, surplus=2),),
    )
    (finding,) = check_tables(the_schema(), files)
    assert (finding.line, finding.rule, finding.params["surplus"]) == (
        2,
        "ragged_row",
        2,
    )


def test_sorts_findings_by_file_and_line():
    edition = changed("levels", "EQF:6", ordinal="x")
    row_of(edition, "levels", "EQF:5")["ordinal"] = "y"
    row_of(edition, "frameworks", "EQF")["kind"] = "z"
    found = [(file, line) for file, line, *_ in places(edition)]
    assert found == sorted(found)
    assert len(found) >= 3


def test_findings_carry_values_that_can_be_written_as_json():
    (finding,) = findings(changed("levels", "EQF:5", typical_evidence="certain"))
    assert json.loads(json.dumps(dict(finding.params))) == {
        "row": "EQF:5",
        "value": "certain",
        "allowed": ["source_read", "document_confirmed", "partly_read", "unchecked"],
    }
