import json

import pytest

from recognition_service.frameworks.checks import check_tables
from recognition_service.frameworks.files import RawRow, TableFile
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

LV6 = "LV-LKI:6:EQF:6"
DIPLOMA = "lv-lki--bakalaura-diploms"
TREATY = "benelux-baltic-2024"


def test_finds_nothing_in_the_valid_edition():
    assert findings(a_small_edition()) == []


@pytest.mark.parametrize(
    ("table", "row", "cell", "line", "rule"),
    [
        ("levels", "EQF:5", {"ordinal": ""}, 2, "value_missing"),
        ("levels", "EQF:5", {"ordinal": "5.0"}, 2, "wrong_type"),
        ("levels", "EQF:5", {"ordinal": "-1"}, 2, "too_small"),
        ("level_alignments", LV6, {"valid_from": "2012-02-30"}, 3, "wrong_type"),
        ("level_alignments", LV6, {"valid_from": "20120201"}, 3, "wrong_type"),
        ("level_alignments", LV6, {"document_year": "12"}, 3, "wrong_type"),
        ("level_alignments", LV6, {"relation": "same"}, 3, "unknown_word"),
        (
            "agreement_titles",
            f"{TREATY}:LV:5:1",
            {"applicable": "x"},
            3,
            "unknown_word",
        ),
        ("professions", "dentist", {"isco08": "22 61"}, 2, "pattern_not_met"),
        ("competent_authorities", "vm", {"url": "www.vm.lv"}, 2, "not_an_address"),
        ("organisations", "aic", {"name": "A\u202eIC"}, 2, "forbidden_character"),
        ("organisations", "aic", {"name": "A\nIC"}, 2, "forbidden_character"),
        ("organisations", "aic", {"name": "Be\u0304rzin\u0327s\u030c"}, 2, "not_nfc"),
        ("organisations", "aic", {"name": " AIC"}, 2, "outer_space"),
        ("frameworks", "LV-LKI", {"hubs": "EQF;"}, 5, "empty_or_spaced_item"),
        ("frameworks", "LV-LKI", {"hubs": "EQF; QF-EHEA"}, 5, "empty_or_spaced_item"),
        ("frameworks", "LV-LKI", {"hubs": "EQF;EQF"}, 5, "item_twice"),
        # References.
        ("organisations", "aic", {"jurisdiction": "XX"}, 2, "unknown_reference"),
        ("frameworks", "LV-LKI", {"hubs": "EQF;AQRF"}, 5, "unknown_reference"),
        (
            "competent_authorities",
            "vm",
            {"professions": "dentist;nurse"},
            2,
            "unknown_reference",
        ),
        ("qualifications", DIPLOMA, {"level": "8"}, 2, "level_of_another_framework"),
        (
            "reference_qualifications",
            "be-fl--bachelor",
            {"levels": "6;5"},
            2,
            "level_of_another_framework",
        ),
        (
            "reference_qualifications",
            "be-fl--bachelor",
            {"eqf_levels": "6;9"},
            2,
            "level_of_another_framework",
        ),
        ("levels", "QF-EHEA:1", {"parent": "9"}, 6, "level_of_another_framework"),
        # Order.
        ("levels", "EQF:8", {"ordinal": "7"}, 5, "ordinal_twice"),
        ("levels", "LV-LKI:7a", {"parent": "7a"}, 10, "parent_circle"),
        ("frameworks", "LV-LKI", {"predecessor": "LV-LKI"}, 5, "predecessor_circle"),
        ("jurisdictions", "BE-FL", {"part_of": "BE-FL"}, 3, "part_of_circle"),
        # Dates.
        ("level_alignments", LV6, {"valid_to": "2011-12-31"}, 3, "ends_before_begin"),
        ("agreements", TREATY, {"ended_on": "2024-04-30"}, 2, "ended_before_entry"),
        (
            "agreement_parties",
            f"{TREATY}:LV",
            {"withdrawn_on": "2024-04-30"},
            3,
            "withdrawn_before_entry",
        ),
        # Evidence.
        ("organisations", "aic", {"source": ""}, 2, "source_missing"),
        ("organisations", "aic", {"source": "hearsay"}, 2, "source_unknown"),
        ("organisations", "aic", {"evidence": "certain"}, 2, "unknown_evidence"),
        ("organisations", "aic", {"evidence": ""}, 2, "unknown_evidence"),
        (
            "comparability_statements",
            "aic-1",
            {"legal_basis": ""},
            2,
            "legal_without_basis",
        ),
        ("comparability_statements", "aic-1", {"objects": ""}, 2, "object_missing"),
        (
            "comparability_statements",
            "aic-1",
            {"objects": "be-fl--bachelor"},
            2,
            "one_of_one",
        ),
        # Relations.
        ("qualifications", DIPLOMA, {"level": ""}, 2, "assigned_without_level"),
        (
            "qualifications",
            DIPLOMA,
            {"level_status": "unverified"},
            2,
            "level_not_assigned",
        ),
        (
            "agreement_titles",
            f"{TREATY}:LV:6:1",
            {"title": ""},
            2,
            "listed_without_title",
        ),
        (
            "agreement_titles",
            f"{TREATY}:LV:5:1",
            {"title": "Cits"},
            3,
            "title_in_a_hole",
        ),
    ],
)
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
