"""An edition is loaded whole or not at all, and stays for ever."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from recognition_service.editions.errors import (
    EditionNotFoundError,
    NoEditionError,
    TablesFailedError,
)
from recognition_service.editions.find import (
    altered_rows,
    edition_document,
    edition_in_force,
    list_editions,
)
from recognition_service.editions.models import (
    CurrentEdition,
    Edition,
    EditionRow,
    QualificationTitle,
    TableRow,
)
from recognition_service.storage.models import AuditEntry
from tests.builders import (
    BACHELOR,
    a_deciding_edition,
    a_package,
    a_regime_tree,
    an_installation,
    rewrite_row,
)
from tests.frameworks.small_edition import row_of

MODELS = (Edition, EditionRow, TableRow, CurrentEdition, QualificationTitle, AuditEntry)


def a_changed_package(**cells):
    edition = a_deciding_edition()
    row_of(edition, "qualifications", BACHELOR).update(cells)
    return a_package(edition)


def counts(runtime):
    with runtime.database.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(model)) for model in MODELS
        ]


def in_force(runtime):
    with runtime.database.reading() as session:
        return edition_in_force(session)


def altered(runtime, digest=None):
    with runtime.database.reading() as session:
        return altered_rows(session, digest or in_force(runtime).base)


def run_sql(runtime, statement, **values):
    with runtime.database.transaction() as session:
        assert session.execute(text(statement), values).rowcount == 1


def test_an_edition_is_loaded_audited_and_in_force(own_small):
    digest = in_force(own_small).base
    assert digest.startswith("sha256-")
    assert own_small.snapshot().tables.qualifications[BACHELOR].level == "6"
    with own_small.database.reading() as session:
        (summary,) = list_editions(session)
        entries = session.execute(
            select(AuditEntry.authority_id, AuditEntry.action, AuditEntry.subject)
        ).all()
    assert (summary.digest, summary.label) == (digest, "2026-11-01")
    assert summary.changes == ("First.",)
    (key,) = own_small.edition_keys()
    thumbprint = key.kid.rpartition("#")[2]
    assert sorted(tuple(entry) for entry in entries) == [
        ("platform", "edition.loaded", f"edition/{digest}"),
        ("platform", "edition.made_current", f"edition/{digest}"),
        ("platform", "tables_key.created", f"tables_key/{thumbprint}"),
    ]
    assert altered(own_small) == []


def test_the_same_tables_are_the_same_edition(own_small):
    digest, before = in_force(own_small).base, counts(own_small)
    assert own_small.load_edition(a_package()) == digest
    assert counts(own_small) == before


def test_the_shipped_tables_are_whole(installation):
    digest = in_force(installation).base
    assert altered(installation) == []
    document = installation.edition_document(digest)
    assert document["digest"] == digest
    assert len(document["tables"]["qualifications"]) > 1000


def test_one_altered_letter_gives_another_edition(own_small):
    digests = [in_force(own_small).base]
    for package in (
        a_changed_package(title="Bakalaura grāds"),
        a_changed_package(note="one more letter"),
        a_package(label="2026-11-02"),
        a_package(title="Another title"),
        a_package(changes=("First.", "Second.")),
    ):
        digests.append(own_small.load_edition(package))
        assert in_force(own_small).base == digests[-1]
    assert len(set(digests)) == 6
    assert [altered(own_small, digest) for digest in digests] == [[]] * 6


def test_an_altered_regime_gives_another_edition(own_small):
    older = in_force(own_small).base
    regimes = a_package().regimes | {"neutral.toml": a_regime_tree(four_eyes=False)}
    assert own_small.load_edition(a_package(regimes=regimes)) != older


def test_the_order_of_rows_and_files_does_not_matter(own_small):
    package = a_package()
    files = {
        name: replace(file, rows=file.rows[::-1])
        for name, file in reversed(package.files.items())
    }
    turned = replace(package, files=files)
    assert own_small.load_edition(turned) == in_force(own_small).base


def test_older_editions_stay_and_share_the_rows_that_did_not_change(own_small):
    older, before = in_force(own_small).base, counts(own_small)
    document = own_small.edition_document(older)
    newer = own_small.load_edition(a_changed_package(title="Bakalaura grāds"))
    after = counts(own_small)
    assert after[0] == before[0] + 1
    assert after[1] == before[1] * 2
    assert after[2] == before[2] + 1
    assert own_small.edition_document(older) == document
    with own_small.database.reading() as session:
        assert {row.digest for row in list_editions(session)} == {older, newer}


def test_going_back_to_an_older_edition_makes_it_current_again(own_small):
    older = in_force(own_small).base
    own_small.load_edition(a_changed_package(title="Bakalaura grāds"))
    assert own_small.snapshot().tables.qualifications[BACHELOR].title.endswith("grāds")
    assert own_small.load_edition(a_package()) == older
    assert in_force(own_small).base == older
    assert (
        own_small.snapshot().tables.qualifications[BACHELOR].title.endswith("diploms")
    )
    assert [found.title for found in own_small.search_qualifications("bakalaura")] == [
        "Bakalaura diploms"
    ]


def test_refuses_a_broken_package_and_stores_nothing(tmp_path, database):
    runtime = an_installation(tmp_path, database)
    edition = a_deciding_edition()
    row_of(edition, "qualifications", BACHELOR)["level"] = "99"
    with pytest.raises(TablesFailedError, match=r"rules are broken, the first in"):
        runtime.load_edition(a_package(edition, {"neutral.toml": {}}))
    assert counts(runtime) == [0] * len(MODELS)
    with pytest.raises(NoEditionError, match="recognition tables load"):
        runtime.edition()


def test_a_broken_package_leaves_the_edition_in_force(own_small):
    before = counts(own_small), in_force(own_small)
    with pytest.raises(TablesFailedError):
        own_small.load_edition(a_package(regimes={}))
    assert (counts(own_small), in_force(own_small)) == before


def test_an_edition_that_nobody_loaded_is_not_found(own_small):
    unknown = "sha256-" + "A" * 43
    assert own_small.edition_document(unknown) is None
    with own_small.database.reading() as session:
        for search in (altered_rows, edition_document):
            with pytest.raises(EditionNotFoundError):
                search(session, unknown)


def test_a_row_that_was_altered_behind_our_back_is_named(own_small):
    row = row_of(a_deciding_edition(), "qualifications", BACHELOR) | {"level": "7"}
    rewrite_row(own_small, "qualifications", BACHELOR, json.dumps(row))
    assert altered(own_small) == [f"qualifications/{BACHELOR}"]


def test_a_row_that_is_no_row_any_more_is_named(own_small):
    for content in ("{}", "5", "null", "[1]", '{"a": 1e999}'):
        rewrite_row(own_small, "qualifications", BACHELOR, content)
        assert altered(own_small) == [f"qualifications/{BACHELOR}"]


def test_an_altered_regime_is_named(own_small):
    tree = a_regime_tree(four_eyes=False)
    rewrite_row(own_small, "regimes", "neutral", json.dumps(tree))
    assert altered(own_small) == ["regimes/neutral"]


def test_a_row_that_was_put_into_another_table_is_named(own_small):
    run_sql(
        own_small,
        "UPDATE table_row SET table_name = 'reference_qualifications' "
        "WHERE table_name = 'qualifications'",
    )
    assert altered(own_small) == [f"qualifications/{BACHELOR}"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM edition_row WHERE table_name = 'qualifications'",
        "UPDATE edition SET title = 'Another'",
        "UPDATE edition SET label = '2026-11-02'",
    ],
)
def test_an_altered_list_of_rows_or_description_is_noticed(own_small, statement):
    run_sql(own_small, statement)
    assert altered(own_small) == ["edition"]
