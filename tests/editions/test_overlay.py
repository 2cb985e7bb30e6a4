"""An authority's overlay replaces, adds and withdraws rows of the shared base."""

import pytest
from sqlalchemy import insert

from recognition_service.editions.digests import edition_digest, row_digest
from recognition_service.editions.errors import EditionNotFoundError
from recognition_service.editions.find import (
    EditionInForce,
    compile_edition,
    contents_of,
    merge_overlay,
)
from recognition_service.editions.models import (
    CurrentEdition,
    Edition,
    EditionRow,
    TableRow,
)
from recognition_service.frameworks.packed_rows import PackedRows
from recognition_service.frameworks.parse import parse_table
from tests.builders import BACHELOR, NOW, TREATY, a_description, a_regime_tree
from tests.frameworks.small_edition import a_small_edition, row_of


def a_base_row(table, identifier, **cells):
    row = row_of(a_small_edition(), table, identifier) | cells
    return {name: cell for name, cell in row.items() if cell}


def publish(runtime, changes, authority_id="be-fl"):
    """Store and publish an overlay; a change is (table, id, content or None)."""
    digests = {}
    with runtime.database.transaction() as session:
        base = session.get(CurrentEdition, "platform").edition_digest
        for table, identifier, content in changes:
            digest = None if content is None else row_digest(table, content)
            digests.setdefault(table, {})[identifier] = digest
            if digest is not None and session.get(TableRow, digest) is None:
                session.add(
                    TableRow(
                        digest=digest,
                        table_name=table,
                        row_id=identifier,
                        content=content,
                    )
                )
        description = a_description(label="own")
        overlay = edition_digest(description, digests, base)
        session.add(
            Edition(
                authority_id=authority_id,
                digest=overlay,
                base_digest=base,
                label=description.label,
                dated=description.dated,
                title=description.title,
                changes=list(description.changes),
                loaded_at=NOW,
            )
        )
        session.flush()
        for table, found in digests.items():
            for identifier, digest in found.items():
                session.add(
                    EditionRow(
                        authority_id=authority_id,
                        edition_digest=overlay,
                        table_name=table,
                        row_id=identifier,
                        row_digest=digest,
                    )
                )
        session.add(
            CurrentEdition(authority_id=authority_id, edition_digest=overlay, since=NOW)
        )
    runtime.refresh()
    return overlay


def qualifications(runtime, authority_id=None):
    return runtime.snapshot(authority_id).tables.qualifications


def test_replaces_adds_and_withdraws_rows_for_its_authority_alone(own_small):
    new = f"{BACHELOR}-2"
    overlay = publish(
        own_small,
        [
            (
                "qualifications",
                BACHELOR,
                a_base_row("qualifications", BACHELOR, level="7", revision="2"),
            ),
            ("qualifications", new, a_base_row("qualifications", BACHELOR, id=new)),
            ("agreement_titles", f"{TREATY}:LV:5:1", None),
        ],
    )
    own = own_small.snapshot("be-fl")
    assert own.edition.overlay == overlay
    assert own.tables.qualifications[BACHELOR].level == "7"
    assert own.tables.qualifications.keys() == {BACHELOR, new}
    assert f"{TREATY}:LV:5:1" not in own.tables.agreement_titles
    for others in (own_small.snapshot(), own_small.snapshot("ma")):
        assert others.edition.overlay is None
        assert others.tables.qualifications[BACHELOR].level == "6"
        assert others.tables.qualifications.keys() == {BACHELOR}
        assert f"{TREATY}:LV:5:1" in others.tables.agreement_titles


def test_the_answer_names_base_and_overlay(own_small):
    overlay = publish(
        own_small,
        [
            (
                "qualifications",
                f"{BACHELOR}-3",
                a_base_row("qualifications", BACHELOR, id=f"{BACHELOR}-3"),
            )
        ],
    )
    at_hand = own_small.edition("be-fl")
    assert at_hand.as_value() == {
        "base": own_small.edition().in_force.base,
        "overlay": overlay,
    }


def test_replaces_a_regime(own_small):
    publish(own_small, [("regimes", "neutral", a_regime_tree(four_eyes=False))])
    assert own_small.edition("be-fl").compiled.regimes["neutral"].four_eyes is False
    assert own_small.edition().compiled.regimes["neutral"].four_eyes is True


def test_withdrawing_what_the_base_does_not_have_changes_nothing(own_small):
    publish(own_small, [("qualifications", "nobody", None), ("programmes", "x", None)])
    assert qualifications(own_small, "be-fl") == qualifications(own_small)


def test_an_overlay_may_begin_a_table(own_small):
    row = {
        "id": "0913",
        "name_en": "Nursing and midwifery",
        "evidence": "source_read",
        "source": "treaty",
        "revision": "1",
    }
    publish(own_small, [("isced_fields", "0913", row)])
    assert own_small.snapshot("be-fl").tables.isced_fields.keys() == {"0913"}
    assert own_small.snapshot().tables.isced_fields == {}


def enlarge_base(runtime, rows):
    """Store more levels in the base edition, without the checks of a package."""
    with runtime.database.transaction() as session:
        base = session.get(CurrentEdition, "platform").edition_digest
        stored = [
            {
                "digest": row_digest("levels", row),
                "table_name": "levels",
                "row_id": row["id"],
                "content": row,
            }
            for row in rows
        ]
        listed = [
            {
                "authority_id": "platform",
                "edition_digest": base,
                "table_name": "levels",
                "row_id": row["row_id"],
                "row_digest": row["digest"],
            }
            for row in stored
        ]
        session.execute(insert(TableRow), stored)
        session.execute(insert(EditionRow), listed)
    return base


def test_an_overlay_is_laid_over_a_large_table_as_over_a_small_one(own_small):
    level = a_base_row("levels", "EQF:6")
    base = enlarge_base(
        own_small,
        [{**level, "id": f"EQF:{number}"} for number in range(10_000, 31_000)],
    )
    changes = {
        "EQF:12345": {**level, "id": "EQF:12345", "ordinal": "99"},
        "EQF:20000": None,
        "EQF:0": {**level, "id": "EQF:0"},
    }
    overlay = publish(own_small, [("levels", *change) for change in changes.items()])
    with own_small.database.reading() as session:
        wanted = EditionInForce(base, overlay)
        levels = compile_edition(session, wanted).snapshot.tables.levels
        contents = contents_of(session, "platform", base)
        merge_overlay(session, contents, overlay)
    expected = parse_table("levels", contents["levels"].values(), packed_from=10**9)
    assert isinstance(levels, PackedRows)
    assert list(levels.items()) == list(expected.items())
    assert levels["EQF:12345"].ordinal == 99
    assert "EQF:20000" not in levels
    assert [*levels][-1] == "EQF:0"


def test_an_edition_or_overlay_that_is_not_stored_is_not_found(own_small):
    base = own_small.edition().in_force.base
    unknown = "sha256-" + "A" * 43
    with own_small.database.reading() as session:
        for wanted in (EditionInForce(unknown, None), EditionInForce(base, unknown)):
            with pytest.raises(EditionNotFoundError):
                compile_edition(session, wanted)
