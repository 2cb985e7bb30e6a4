"""Rows of a file become changes of an authority's own, or a package with them in it."""

from recognition_service.editions.import_rows import (
    check_merge,
    merge_rows,
    row_changes,
)
from recognition_service.editions.overlay import Publication, RowChange, publish_overlay
from recognition_service.frameworks.check_stream import check_rows
from recognition_service.frameworks.files import RawRow
from tests.builders import a_package, an_authority
from tests.frameworks.small_edition import the_schema

NEW = {
    "id": "aic-2",
    "name": "Second centre",
    "jurisdiction": "LV",
    "evidence": "source_read",
    "source": "treaty",
    "revision": "1",
}


def test_a_row_keeps_its_place_and_a_new_one_stands_at_the_end():
    package = a_package()
    (old,) = package.files["organisations"].rows
    changed = {**old.cells, "name": "Centre"}
    merge = merge_rows(package, "organisations", [RawRow(2, NEW), RawRow(3, changed)])
    rows = merge.package.files["organisations"].rows
    assert [row.cells for row in rows] == [changed, NEW]
    assert (merge.added, merge.replaced, merge.unchanged) == (1, 1, 0)
    assert package.files["organisations"].rows == (old,)


def test_what_the_whole_breaks_is_told_by_the_lines_of_the_file():
    rows = [RawRow(7, {**NEW, "jurisdiction": "XX"})]
    merge = merge_rows(a_package(), "organisations", rows)
    (finding,) = check_merge(merge, "organisations", rows, "mine.csv")
    assert (finding.file, finding.line) == ("mine.csv", 7)


def test_rows_become_changes_that_an_authority_can_publish(own_small):
    runtime, package = own_small, a_package()
    authority = an_authority(runtime)
    schema = the_schema()
    sound = check_rows(schema["organisations"], [RawRow(2, NEW)], package.files)
    changes = list(row_changes("organisations", sound))
    assert changes == [RowChange("organisations", "aic-2", NEW)]
    with runtime.database.transaction() as session:
        digest = publish_overlay(
            session,
            authority,
            Publication(changes=changes, title="Own rows", told=["One body more."]),
            schema=schema,
            actor="amina",
            now=runtime.now(),
        )
    assert digest.startswith("sha256-")
    assert runtime.edition(authority).in_force.overlay == digest
