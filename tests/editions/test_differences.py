"""Two editions are compared row by row and cell by cell."""

from recognition_service.editions.differences import (
    CellChange,
    Revision,
    differences,
)

LEVEL = {"id": "LV-LKI:6", "code": "6", "revision": "1"}


def levels(*rows):
    return {"levels": {row["id"]: row for row in rows}}


def the_change(**cells):
    after = {name: cell for name, cell in (LEVEL | cells).items() if cell}
    (table,) = differences(levels(LEVEL), levels(after))
    (row,) = table.changed
    assert (table.added, table.removed) == ({}, {})
    return row


def test_the_same_rows_do_not_differ():
    assert differences(levels(LEVEL), levels(dict(reversed(LEVEL.items())))) == ()


def test_a_row_of_the_new_edition_only_is_added():
    (table,) = differences({}, levels(LEVEL))
    assert (table.table, table.added, table.removed) == (
        "levels",
        {"LV-LKI:6": LEVEL},
        {},
    )


def test_a_row_of_the_old_edition_only_is_removed():
    other = LEVEL | {"id": "LV-LKI:7"}
    (table,) = differences(levels(LEVEL, other), levels(LEVEL))
    assert (table.added, table.removed) == ({}, {"LV-LKI:7": other})


def test_a_changed_row_names_each_cell_that_changed():
    row = the_change(code="6+", label_en="Level 6", revision="2")
    assert row.cells == (
        CellChange("code", "6", "6+"),
        CellChange("label_en", None, "Level 6"),
        CellChange("revision", "1", "2"),
    )
    assert row.revision is Revision.RAISED
    assert not row.is_doubtful


def test_a_cell_that_was_emptied_says_nothing_now():
    assert the_change(code="").cells == (CellChange("code", "6", None),)


def test_a_correction_that_keeps_the_revision_is_doubtful():
    row = the_change(code="6+")
    assert row.revision is Revision.NOT_RAISED
    assert row.is_doubtful


def test_a_revision_that_goes_back_is_doubtful():
    (table,) = differences(
        levels(LEVEL | {"revision": "10"}), levels(LEVEL | {"revision": "9"})
    )
    assert table.changed[0].revision is Revision.WENT_BACK
    assert table.changed[0].is_doubtful


def test_a_row_without_revision_is_not_doubted():
    before, after = ({"id": "s", "title": title} for title in ("One", "Two"))
    (table,) = differences({"sources": {"s": before}}, {"sources": {"s": after}})
    assert table.changed[0].revision is None
    assert not table.changed[0].is_doubtful


def test_tables_come_in_the_order_of_their_names():
    new = levels(LEVEL) | {"frameworks": {"LV-LKI": {"id": "LV-LKI"}}, "sources": {}}
    assert [table.table for table in differences({}, new)] == ["frameworks", "levels"]
