"""Programmes and the tables beside them are checked against one another."""

import pytest

from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.programmes import (
    FigurePeriod,
    LimitKind,
    PayerType,
    PhaseKind,
    Side,
)
from tests.frameworks.small_edition import (
    a_small_edition,
    changed,
    findings,
    places,
    row_of,
)
from tests.frameworks.test_parse import canonical

BROKEN = [  # Table, row, cells, and where which rule is broken.
    # What any table may break.
    ("programmes", "pilot", {"parent_id": "x"}, (3, "parent_id", "unknown_reference")),
    (
        "programmes",
        "pilot",
        {"parent_id": "pilot"},
        (3, "parent_id", "programme_circle"),
    ),
    ("programmes", "nurses", {"start": "2021-3"}, (2, "start", "pattern_not_met")),
    (
        "programme_parties",
        "nurses:partner:unnamed",
        {"jurisdiction": "XX", "id": "nurses:partner:XX"},
        (4, "jurisdiction", "unknown_reference"),
    ),
    (
        "programme_bodies",
        "nurses:funding",
        {"programme": "x", "id": "x:funding"},
        (3, "programme", "unknown_reference"),
    ),
    (
        "programme_bodies",
        "nurses:funding",
        {"id": "nurses"},
        (3, "id", "id_not_composed"),
    ),
    ("programme_figures", "nurses:planned", {"unit": ""}, (2, "unit", "value_missing")),
    (
        "programme_phases",
        "nurses:1",
        {"place": "somewhere"},
        (2, "place", "unknown_word"),
    ),
    (
        "programme_costs",
        "nurses:cost:1",
        {"share": "60 %"},
        (2, "share", "pattern_not_met"),
    ),
    # What only programmes may break.
    ("programmes", "nurses", {"end": "2020"}, (2, "end", "ends_before_begin")),
    ("programmes", "nurses", {"end": "2021-02"}, (2, "end", "ends_before_begin")),
    ("programmes", "nurses", {"age_max": "17"}, (2, "age_max", "age_reversed")),
    (
        "programmes",
        "nurses",
        {"origin_countries": "BE;LV"},
        (2, "origin_countries", "country_without_party"),
    ),
    (
        "programme_parties",
        "nurses:partner:unnamed",
        {"note": ""},
        (4, "note", "party_without_words"),
    ),
    (
        "programme_figures",
        "nurses:planned",
        {"value_to": "29"},
        (2, "value_to", "figure_reversed"),
    ),
    (
        "programme_figures",
        "nurses:planned",
        {"value_from": "", "value_to": ""},
        (2, "value_from", "figure_without_value"),
    ),
    (
        "programme_figures",
        "nurses:planned",
        {"unit": "percent", "value_to": "101"},
        (2, "unit", "more_than_all"),
    ),
    (
        "programme_limits",
        "nurses:age",
        {"age_max": "17"},
        (2, "age_max", "age_reversed"),
    ),
    (
        "programme_limits",
        "nurses:stay",
        {"months_max": "2"},
        (3, "months_max", "months_reversed"),
    ),
    (
        "programme_limits",
        "nurses:stay",
        {"age_min": "18"},
        (3, "age_min", "limit_of_another_kind"),
    ),
    (
        "programme_limits",
        "nurses:age",
        {"age_min": "", "age_max": ""},
        (2, "note", "limit_says_nothing"),
    ),
    (
        "programme_limits",
        "nurses:stay",
        {"months_max": ""},
        (3, "months_max", "renewal_of_nothing"),
    ),
    (
        "programme_costs",
        "nurses:cost:1",
        {"share": "50"},
        (3, "share", "shares_not_100"),
    ),
    (
        "programme_costs",
        "nurses:cost:1",
        {"share": "60.01"},
        (3, "share", "shares_not_100"),
    ),
]


@pytest.mark.parametrize(("table", "row", "cells", "place"), BROKEN)
def test_names_file_line_column_and_rule(table, row, cells, place):
    assert places(changed(table, row, **cells)) == [(f"{table}.csv", *place)]


def test_a_party_that_is_not_listed_leaves_its_country_without_one():
    party = {"jurisdiction": "LV", "id": "nurses:destination:LV"}
    edition = changed("programme_parties", "nurses:destination:BE", **party)
    assert places(edition) == [
        ("programme_parties.csv", 3, "jurisdiction", "party_not_listed"),
        ("programmes.csv", 2, "destination_countries", "country_without_party"),
    ]


def test_a_part_of_a_state_stands_for_its_state():
    party = {"jurisdiction": "BE-FL", "id": "nurses:destination:BE-FL"}
    edition = changed("programme_parties", "nurses:destination:BE", **party)
    assert places(edition) == []


def test_a_circle_of_components_is_found_at_each_of_them():
    assert places(changed("programmes", "nurses", parent_id="pilot")) == [
        ("programmes.csv", 2, "parent_id", "programme_circle"),
        ("programmes.csv", 3, "parent_id", "programme_circle"),
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2021-03", "2021"),
        ("2021", "2021-01"),
        ("2021-03-31", "2021-03"),
        ("2021", ""),
        ("", "2021"),
    ],
)
def test_dates_are_compared_only_as_far_as_both_are_known(start, end):
    assert places(changed("programmes", "nurses", start=start, end=end)) == []


def test_shares_need_not_make_a_whole_while_one_is_not_known():
    assert places(changed("programme_costs", "nurses:cost:2", share="")) == []


def test_shares_never_make_more_than_a_whole():
    edition = changed("programme_costs", "nurses:cost:2", share="")
    edition["programme_costs"].append(
        {
            **row_of(edition, "programme_costs", "nurses:cost:1"),
            "id": "nurses:cost:3",
            "payer_type": "investor",
        }
    )
    (finding,) = findings(edition)
    assert (finding.line, finding.rule) == (4, "shares_not_100")
    assert str(finding.params["total"]) == "120"


def test_the_parts_of_a_programme_are_read_as_values():
    tables = parse_tables(canonical(a_small_edition()))
    party = tables.programme_parties["nurses:partner:unnamed"]
    assert (party.side, party.jurisdiction) == (Side.PARTNER, None)
    figure = tables.programme_figures["nurses:planned"]
    assert (figure.value_from, figure.value_to) == (30, 40)
    assert figure.period is FigurePeriod.PER_YEAR
    limit = tables.programme_limits["nurses:stay"]
    assert (limit.kind, limit.renewal_months) == (LimitKind.STAY, 12)
    cost = tables.programme_costs["nurses:cost:2"]
    assert (cost.payer_type, cost.share) == (PayerType.EMPLOYER, "40")
    phase = tables.programme_phases["nurses:1"]
    assert (phase.order, phase.kind) == (1, PhaseKind.TRAINING)
