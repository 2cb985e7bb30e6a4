"""A snapshot of packed tables answers as one of tables that are dicts of rows."""

import csv
import random
from dataclasses import fields
from datetime import date, timedelta
from functools import cache

import pytest

from recognition_service.equivalence.compare import compare, compare_afresh
from recognition_service.equivalence.conflicts import conflicts_of
from recognition_service.equivalence.corridor import corridor
from recognition_service.equivalence.deciding import can_decide
from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.equivalence.groups import PackedGroups, members_with, told_in
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.errors import UnreadableRowError
from recognition_service.frameworks.instruments import Purpose
from recognition_service.frameworks.packed_rows import PackedRows
from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.tables import Tables
from tests.equivalence.editions import SHIPPED, TODAY, a_question, shipped_edition

FACTS = [
    {},
    {"final_grade": "8.5/10"},
    {"final_grade": "5/6", "subject_count": 6},
    {"average_percent": 61, "subjects": "english,mathematics"},
]
GROUPS = (
    "from_a",
    "from_b",
    "statements",
    "titles_of_party",
    "annex_titles",
    "annex_spellings",
)


def raw_shipped():
    raw = {}
    for table in fields(Tables):
        with (SHIPPED / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            raw[table.name] = [
                {column: cell for column, cell in row.items() if cell}
                for row in csv.DictReader(file)
            ]
    return raw


def packed_snapshot(raw):
    tables = parse_tables(raw, packed_from=0)
    return Snapshot.build(tables, "sha256-shipped", date(2026, 11, 20))


@cache
def packed_edition():
    return packed_snapshot(raw_shipped())


def some_questions(seed, count):
    """Return questions about random types and levels, some of them without answer."""
    rng = random.Random(seed)  # noqa: S311  # Reproducible, not secret.
    tables = shipped_edition().tables
    places = list(tables.jurisdictions)
    types = list(tables.qualifications.values())
    spoken_of = [
        (row.qualification, row.origin, row.destination)
        for row in tables.comparability_statements.values()
        if row.qualification
    ]
    levels = list(tables.levels.values())
    for _ in range(count):
        members = {
            "asked_on": TODAY,
            "purpose": rng.choice(list(Purpose)),
            "awarded_on": rng.choice(
                [None, date(1970, 1, 1) + timedelta(days=rng.randrange(20_000))]
            ),
            "facts": rng.choice(FACTS),
            "profession": rng.choice([None, None, *tables.professions]),
        }
        match rng.randrange(3):
            case 0:
                row = rng.choice(types)
                members |= {"qualification": row.id, "origin": row.jurisdiction}
                members["destination"] = rng.choice(places)
            case 1:
                found = rng.choice(spoken_of)
                members |= zip(
                    ("qualification", "origin", "destination"), found, strict=True
                )
            case _:
                row = rng.choice(levels)
                home = tables.frameworks[row.framework].jurisdiction
                members |= {"framework": row.framework, "level": row.code}
                members["origin"] = home or rng.choice(places)
                members["destination"] = rng.choice(places)
        yield Question(**members)


def test_every_table_of_a_packed_edition_is_packed():
    tables = packed_edition().tables
    assert all(
        isinstance(getattr(tables, table.name), PackedRows) for table in fields(Tables)
    )


@pytest.mark.parametrize("seed", range(4))
def test_random_questions_are_answered_alike(seed):
    for question in some_questions(seed, 500):
        expected = compare_afresh(shipped_edition(), question)
        assert compare_afresh(packed_edition(), question) == expected
        assert compare(packed_edition(), question) == expected
        assert compare(packed_edition(), question) == expected


def test_the_same_conditions_are_asked_for():
    asked = set()
    for question in some_questions(7, 1_000):
        expected = shipped_edition().conditions_asked(question)
        assert packed_edition().conditions_asked(question) == expected
        asked |= set(expected)
    assert len(asked) > 3


@pytest.mark.parametrize("name", GROUPS)
def test_the_groups_are_the_same_and_in_the_same_order(name):
    groups = getattr(shipped_edition(), name)
    packed = getattr(packed_edition(), name)
    assert isinstance(groups, dict)
    assert isinstance(packed, PackedGroups)
    assert list(packed.items()) == list(groups.items())
    assert len(packed) == len(groups)
    assert packed == groups
    for key in groups:
        assert key in packed
        assert packed.get(key) == groups[key]


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_that_does_not_exist_is_not_found(name):
    packed = getattr(packed_edition(), name)
    for key in (("XX", "XX"), ("XX",), (), "XX", None):
        assert key not in packed
        assert packed.get(key, ()) == ()
        with pytest.raises(KeyError):
            packed[key]


def test_members_of_a_group_are_chosen_by_a_column():
    groups, packed = shipped_edition().from_b, packed_edition().from_b
    for key, rows in groups.items():
        for wanted in ({rows[0].framework_a}, {"LV-LKI", "IE-NFQ"}, set()):
            expected = [row for row in rows if row.framework_a in wanted]
            for each in (groups, packed):
                found = members_with(each, key, "framework_a", wanted)
                assert list(found) == expected
    assert list(members_with(packed, ("XX", "1"), "framework_a", {"LV-LKI"})) == []


def test_what_a_group_says_in_a_column_is_told_without_its_rows():
    groups, packed = shipped_edition().statements, packed_edition().statements
    for key, rows in groups.items():
        expected = [row.rules for row in rows]
        assert list(told_in(groups, key, "rules")) == expected
        assert list(told_in(packed, key, "rules")) == expected
    for each in (groups, packed):
        assert list(told_in(each, ("XX", "XX"), "rules")) == []


def test_nothing_else_in_the_snapshot_differs():
    for name in ("places", "linked", "hubs", "conditions", "parties", "agreements"):
        assert getattr(packed_edition(), name) == getattr(shipped_edition(), name)
    assert packed_edition().tables == shipped_edition().tables


@pytest.mark.parametrize("destination", ["BE-FL", "DE", "FR"])
def test_a_corridor_is_covered_alike(destination):
    told = corridor(packed_edition(), "LV", destination, asked_on=TODAY)
    expected = corridor(shipped_edition(), "LV", destination, asked_on=TODAY)
    assert told.frameworks == expected.frameworks
    assert told.qualifications == expected.qualifications


def test_the_same_rows_contradict_one_another():
    assert conflicts_of(packed_edition()) == conflicts_of(shipped_edition())


def test_the_same_instruments_can_decide():
    for name in (
        *shipped_edition().tables.agreements,
        *shipped_edition().tables.sources,
    ):
        expected = can_decide(shipped_edition().tables, name)
        assert can_decide(packed_edition().tables, name) is expected


def test_the_same_codes_are_said_to_look_like_an_unknown_one():
    question = a_question("LV", "BE-FL", framework="LV-LKI", level="55")
    told = []
    for snapshot in (shipped_edition(), packed_edition()):
        with pytest.raises(UnknownCodeError) as raised:
            compare(snapshot, question)
        told.append(raised.value.nearest)
    assert told[0] == told[1] != ()


def test_names_the_first_statement_whose_rules_cannot_be_read():
    raw = raw_shipped()
    statements = raw["comparability_statements"]
    statements[5]["rules"] = statements[9]["rules"] = "final_grade > good"
    for packed_from in (0, 1_000_000):
        tables = parse_tables(raw, packed_from=packed_from)
        with pytest.raises(UnreadableRowError) as raised:
            Snapshot.build(tables, "sha256-x", TODAY)
        assert raised.value.row == statements[5]["id"]
        assert raised.value.column == "rules"


def test_statements_about_several_levels_stand_under_each_of_them():
    raw = {
        "comparability_statements": [
            {
                "id": f"levels-{number}",
                "evidence": "source_read",
                "source": "x",
                "issuer": "x",
                "origin": "LV",
                "title": "x",
                "destination": "BE-FL",
                "object_kind": "none",
                "outcome": "full",
                "binding": "legal",
                "purpose": "general_employment",
                "subject_framework": "LV-LKI",
                "subject_levels": levels,
            }
            for number, levels in enumerate(["5;6", "6", "7;5"])
        ]
    }
    packed = packed_snapshot(raw).statements
    assert {key: [row.id for row in rows] for key, rows in packed.items()} == {
        ("LV-LKI:5", "BE-FL"): ["levels-0", "levels-2"],
        ("LV-LKI:6", "BE-FL"): ["levels-0", "levels-1"],
        ("LV-LKI:7", "BE-FL"): ["levels-2"],
    }
