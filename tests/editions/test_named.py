"""An edition is named by a directory, a digest, or how its digest begins."""

import pytest

from recognition_service.editions.differences import differences
from recognition_service.editions.errors import (
    EditionNameError,
    EditionNotFoundError,
    TablesUnreadableError,
)
from recognition_service.editions.load import load_base_edition
from recognition_service.editions.models import CurrentEdition
from recognition_service.editions.named import packaged_edition, stored_edition
from recognition_service.editions.overlay import (
    Publication,
    RowChange,
    publish_overlay,
)
from tests.builders import (
    BACHELOR,
    NOW,
    a_deciding_edition,
    a_package,
    an_authority,
)
from tests.frameworks.small_edition import row_of


def load(runtime, package):
    with runtime.database.transaction() as session:
        return load_base_edition(session, package, actor="test", now=NOW)


def stored(runtime, name):
    with runtime.database.reading() as session:
        return stored_edition(session, name)


def a_changed_package(**cells):
    edition = a_deciding_edition()
    row_of(edition, "qualifications", BACHELOR).update(cells)
    return a_package(edition)


def test_a_package_is_the_edition_that_it_was_loaded_as(own_small):
    package = a_changed_package(title="Bakalaurs")
    digest = load(own_small, package)
    found = stored(own_small, digest)

    assert found.digest == digest == packaged_edition(package).digest
    assert found.description == package.description
    assert differences(packaged_edition(package).rows, found.rows) == ()


def test_the_beginning_of_a_digest_is_enough(own_small):
    digest = load(own_small, a_changed_package(title="Bakalaurs"))
    assert stored(own_small, digest[: len("sha256-") + 8]).digest == digest


def test_a_beginning_in_other_letters_is_another_one(own_small):
    digest = load(own_small, a_changed_package(title="Bakalaurs"))
    begins = "sha256-" + digest.removeprefix("sha256-")[:8].swapcase()
    with pytest.raises(EditionNotFoundError):
        stored(own_small, begins)


def test_a_short_beginning_is_refused(own_small):
    digest = load(own_small, a_changed_package(title="Bakalaurs"))
    with pytest.raises(EditionNameError):
        stored(own_small, digest[: len("sha256-") + 7])


def test_own_rows_are_read_over_their_base(own_small):
    an_authority(own_small)
    package = a_package()
    row = {
        name: cell
        for name, cell in row_of(
            a_deciding_edition(), "qualifications", BACHELOR
        ).items()
        if cell
    } | {"title": "Bakalaurs", "revision": "2"}
    with own_small.database.transaction() as session:
        digest = publish_overlay(
            session,
            "be-fl",
            Publication(
                changes=[RowChange("qualifications", BACHELOR, row)],
                title="Own",
                told=["Own"],
            ),
            schema=package.schema,
            actor="person:sofia",
            now=NOW,
        )
        base = session.get_one(CurrentEdition, "platform").edition_digest
    (table,) = differences(stored(own_small, base).rows, stored(own_small, digest).rows)
    assert table.table == "qualifications"
    assert [change.id for change in table.changed] == [BACHELOR]


@pytest.mark.parametrize("cells", [{"id": ""}, {"id": "lv-lki--bakalaura-diploms"}])
def test_rows_that_share_an_id_cannot_be_compared(cells):
    edition = a_deciding_edition()
    edition["qualifications"].append({**edition["qualifications"][0], **cells})
    with pytest.raises(TablesUnreadableError, match=r"qualifications\.csv, line"):
        packaged_edition(a_package(edition))
