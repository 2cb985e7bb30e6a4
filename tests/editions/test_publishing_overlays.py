"""An authority publishes rows of its own, checked like the shared ones."""

import pytest
from sqlalchemy import select

from recognition_service.editions.errors import TablesFailedError
from recognition_service.editions.find import altered_rows
from recognition_service.editions.models import CurrentEdition
from recognition_service.editions.overlay import (
    Publication,
    RowChange,
    publish_overlay,
)
from recognition_service.storage.models import AuditEntry
from tests.builders import BACHELOR, NOW, a_package, an_authority
from tests.frameworks.small_edition import a_small_edition, row_of


@pytest.fixture
def office(own_small):
    an_authority(own_small)
    return own_small


def a_row(table, identifier, **cells):
    row = row_of(a_small_edition(), table, identifier) | cells
    return {name: cell for name, cell in row.items() if cell}


def publish(office, *changes, authority_id="be-fl"):
    with office.database.transaction() as session:
        digest = publish_overlay(
            session,
            authority_id,
            Publication(
                changes=[RowChange(*change) for change in changes],
                title="Own rows",
                told=["A level was corrected."],
            ),
            schema=a_package().schema,
            actor="person:sofia",
            now=NOW,
        )
    office.refresh()
    return digest


def own(office, authority_id="be-fl"):
    return office.snapshot(authority_id).tables.qualifications


def corrected(level):
    row = a_row("qualifications", BACHELOR, level=level, revision="2")
    return "qualifications", BACHELOR, row


def test_from_then_on_the_authority_is_answered_with_its_rows(office):
    digest = publish(office, corrected("7"))
    assert own(office)[BACHELOR].level == "7"
    assert office.snapshot().tables.qualifications[BACHELOR].level == "6"
    assert office.edition("be-fl").as_value()["overlay"] == digest
    with office.database.reading() as session:
        assert altered_rows(session, digest, "be-fl") == []
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.authority_id == "be-fl")
        ).all()
    assert "edition.published" in actions


def test_a_later_publication_keeps_what_was_published_before(office):
    new = f"{BACHELOR}-2"
    first = publish(office, corrected("7"))
    row = a_row("qualifications", BACHELOR, id=new)
    second = publish(office, ("qualifications", new, row))
    assert first != second
    assert own(office).keys() == {BACHELOR, new}
    assert own(office)[BACHELOR].level == "7"
    publish(office, ("qualifications", new, None))
    assert own(office).keys() == {BACHELOR}


def test_a_row_that_breaks_a_rule_is_refused_and_nothing_is_published(office):
    broken = a_row("qualifications", BACHELOR, level="99", revision="2")
    with pytest.raises(TablesFailedError) as caught:
        publish(office, corrected("7"), ("qualifications", BACHELOR, broken))
    assert {fault["pointer"] for fault in caught.value.errors} == {
        "/changes/1/content/level",
    }
    with office.database.reading() as session:
        assert session.get(CurrentEdition, "be-fl") is None


def test_a_table_that_there_is_not_is_refused(office):
    with pytest.raises(TablesFailedError) as caught:
        publish(office, ("opinions", "x", {"id": "x"}))
    assert caught.value.errors[0]["pointer"] == "/changes/0/table"
