"""Rows of a file become changes of an authority's own."""

from recognition_service.editions.import_rows import row_changes
from recognition_service.editions.overlay import Publication, RowChange, publish_overlay
from recognition_service.frameworks.files import RawRow
from tests.builders import an_authority
from tests.frameworks.small_edition import the_schema

NEW = {
    "id": "aic-2",
    "name": "Second centre",
    "jurisdiction": "LV",
    "evidence": "source_read",
    "source": "treaty",
    "revision": "1",
}


def test_rows_become_changes_that_an_authority_can_publish(own_small):
    runtime = own_small
    authority = an_authority(runtime)
    schema = the_schema()
    changes = list(row_changes("organisations", [RawRow(2, NEW)]))
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
