"""What changed between two editions is told in few sentences."""

import pytest

from recognition_service.editions.changelog import ChangeKind, called, changelog
from recognition_service.editions.differences import differences
from recognition_service.wording import catalogue
from tests.frameworks.small_edition import the_schema

STATEMENTS = "comparability_statements"


def statements(number, **cells):
    rows = (
        {"id": f"aic-{n}", "outcome": "full", "revision": "1", **cells}
        for n in range(1, number + 1)
    )
    return {STATEMENTS: {row["id"]: row for row in rows}}


def told(old, new):
    return changelog(differences(old, new))


def test_rows_that_came_are_counted_and_named():
    (change,) = told({}, statements(3))
    assert change.kind is ChangeKind.ADDED
    assert (change.count, change.unnamed) == (3, 0)
    assert change.rows == ("aic-1", "aic-2", "aic-3")


def test_of_many_rows_only_the_first_are_named():
    (change,) = told(statements(9), {})
    assert change.kind is ChangeKind.REMOVED
    assert (change.count, change.unnamed, len(change.rows)) == (9, 4, 5)


def test_a_single_row_more_is_named_rather_than_counted():
    (change,) = told({}, statements(6))
    assert (change.unnamed, len(change.rows)) == (0, 6)


def test_a_cell_is_told_with_what_it_said_and_says():
    (change,) = told(statements(1), statements(1, outcome="partial", revision="2"))
    assert change.kind is ChangeKind.CELL
    assert (change.column, change.old, change.new) == ("outcome", "full", "partial")


def test_changes_that_are_alike_are_one_sentence():
    new = statements(4, outcome="partial", revision="2")
    (change,) = told(statements(4), new)
    assert change.count == 4


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({}, {"conditions": "grade 8"}, ChangeKind.FILLED),
        ({"conditions": "grade 8"}, {}, ChangeKind.EMPTIED),
        ({"conditions": "grade 8"}, {"conditions": "x" * 61}, ChangeKind.REWORDED),
        ({}, {"conditions": {"grade": "8"}}, ChangeKind.REWORDED),
    ],
)
def test_what_cannot_be_quoted_is_told_in_another_way(before, after, kind):
    (change,) = told(statements(1, **before), statements(1, **after, revision="2"))
    assert change.kind is kind


def test_a_revision_that_was_not_raised_is_told_last():
    changes = told(statements(2), statements(2, outcome="partial"))
    assert [change.kind for change in changes] == [
        ChangeKind.CELL,
        ChangeKind.REVISION_KEPT,
    ]
    assert changes[-1].rows == ("aic-1", "aic-2")


def test_a_revision_that_went_back_is_told():
    (change,) = told(statements(1, revision="3"), statements(1, revision="2"))
    assert change.kind is ChangeKind.REVISION_BACK


def test_a_row_is_called_by_its_title_and_its_id():
    assert called("x", {"id": "x", "title": "Bakalaura diploms"}) == (
        "Bakalaura diploms (x)"
    )
    assert called("LV-LKI:6", {"id": "LV-LKI:6"}) == "LV-LKI:6"
    assert len(called("x", {"title": "t" * 200})) == 64


@pytest.mark.parametrize("language", ["en", "fr"])
def test_everything_told_has_its_words(language):
    known, schema = catalogue(language), the_schema()
    columns = {column for table in schema.values() for column in table.fields}
    wanted = {
        *(f"change.{kind}_{n}" for kind in ChangeKind for n in ("one", "many")),
        *(
            f"table.{name}_{n}"
            for name in [*schema, "regimes"]
            for n in ("one", "many")
        ),
        *(f"column.{column}" for column in columns),
    }
    assert wanted - known.keys() == set()
