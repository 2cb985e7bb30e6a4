"""A decision is computed again from what was kept, and whatever was altered shows."""

import copy
import json

import pytest
from sqlalchemy import text

from recognition_service.attestations import replay as replaying
from recognition_service.attestations.decision_record import record_digest
from recognition_service.attestations.models import Attestation
from recognition_service.attestations.replay import replay
from recognition_service.editions.errors import EditionNotFoundError
from recognition_service.recognition.submit import submit
from tests.builders import (
    AUTHORITY,
    BACHELOR,
    TREATY,
    TREATY_REGIME,
    a_deciding_edition,
    a_diploma,
    a_full_decision,
    a_package,
    a_partial_decision,
    a_regime_tree,
    a_request,
    a_standing_order,
    an_attestation,
    an_attestation_by_rule,
    an_authority,
    bruno,
    found_attestation,
    rewrite_row,
)
from tests.editions.test_overlay import a_base_row, publish
from tests.frameworks.small_edition import row_of


@pytest.fixture
def office(own_small):
    an_authority(own_small)
    a_standing_order(own_small)
    return own_small


@pytest.fixture
def shared_office(small):
    """As `office`, for tests that leave the edition alone."""
    an_authority(small)
    a_standing_order(small)
    return small


def replayed(runtime, attestation_id):
    with runtime.database.reading() as session:
        attestation = session.get_one(Attestation, (AUTHORITY, attestation_id))
        return replay(session, attestation)


def pointers(runtime, attestation_id):
    """Return where a replay differs; a replay that fails must name a place."""
    result = replayed(runtime, attestation_id)
    assert result.is_match is (result.differences == ())
    assert result.as_document()["match"] is result.is_match
    return [difference.pointer for difference in result.differences]


def alter(runtime, attestation_id, change):
    """Alter a stored decision record as nobody ever should."""
    with runtime.database.transaction() as session:
        attestation = session.get_one(Attestation, (AUTHORITY, attestation_id))
        record = copy.deepcopy(attestation.record)
        change(record)
        attestation.record = record


def a_row(table, row_id, **cells):
    row = row_of(a_deciding_edition(), table, row_id) | cells
    return json.dumps({name: cell for name, cell in row.items() if cell})


def test_a_decision_by_rule_matches(shared_office):
    attestation_id = an_attestation_by_rule(shared_office)
    result = replayed(shared_office, attestation_id)
    attestation = found_attestation(shared_office, attestation_id)
    assert result.as_document() == {
        "match": True,
        "decision_digest": attestation.decision_digest,
        "recomputed_digest": attestation.decision_digest,
        "edition": {
            "base": shared_office.edition().in_force.base,
            "overlay": None,
        },
        "differences": [],
    }


@pytest.mark.parametrize("content", [a_full_decision(), a_partial_decision()])
def test_an_officers_decision_matches(shared_office, content):
    assert pointers(shared_office, an_attestation(shared_office, content=content)) == []
    again = an_attestation(shared_office, content=content, new=a_request_with_scan())
    assert pointers(shared_office, again) == []


def a_request_with_scan():
    """A request about a type that the tables know, but not proven enough."""
    return a_request(a_diploma(authenticity={"grade": "scan"}))


def test_it_still_matches_under_a_later_edition(office):
    attestation_id = an_attestation_by_rule(office)
    edition = a_deciding_edition()
    row_of(edition, "agreement_titles", f"{TREATY}:LV:6:1")["evidence"] = "unchecked"
    later = office.load_edition(a_package(edition))
    assert office.edition().in_force.base == later
    assert pointers(office, attestation_id) == []


ALTERED_ROWS = [
    ("agreement_titles", f"{TREATY}:LV:6:1", {"applicable": "no"}),
    ("agreement_titles", f"{TREATY}:BE-FL:6", {"title": "Another"}),
    ("agreement_parties", f"{TREATY}:LV", {"in_force_from": "2024-05-02"}),
    ("agreements", TREATY, {"decides": ""}),
    ("qualifications", BACHELOR, {"evidence": "unchecked"}),
    ("jurisdictions", "BE-FL", {"name_en": "Another place"}),
]


def test_an_altered_row_fails_and_is_named(office):
    attestation_id = an_attestation_by_rule(office)
    for table, row_id, cells in ALTERED_ROWS:
        rewrite_row(office, table, row_id, a_row(table, row_id, **cells))
        found = pointers(office, attestation_id)
        assert found[0] == f"/edition/{table}/{row_id}"
        rewrite_row(office, table, row_id, a_row(table, row_id))
        assert pointers(office, attestation_id) == []


def test_a_row_that_is_no_row_any_more_fails_and_is_named(office):
    attestation_id = an_attestation_by_rule(office)
    for content in ("{}", "5", "[]", "null", '{"id": "x", "level": {}}'):
        rewrite_row(office, "qualifications", BACHELOR, content)
        found = pointers(office, attestation_id)
        assert f"/edition/qualifications/{BACHELOR}" in found


def test_an_altered_regime_fails_and_is_named(office):
    attestation_id = an_attestation_by_rule(office)
    for tree in (
        a_regime_tree(TREATY_REGIME, does_not_allow=["licence"]),
        a_regime_tree(TREATY_REGIME, force={"en": "It is a licence."}),
        a_regime_tree(TREATY_REGIME, procedure="never"),
        {},
    ):
        rewrite_row(office, "regimes", "benelux-baltic", json.dumps(tree))
        found = pointers(office, attestation_id)
        assert found[0] == "/edition/regimes/benelux-baltic"


def test_a_row_that_was_taken_out_of_the_edition_fails(office):
    attestation_id = an_attestation_by_rule(office)
    with office.database.transaction() as session:
        session.execute(
            text("DELETE FROM edition_row WHERE table_name = 'agreement_titles'")
        )
    assert "/edition/edition" in pointers(office, attestation_id)


def test_an_edition_that_is_gone_cannot_be_replayed(office):
    attestation_id = an_attestation_by_rule(office)
    with office.database.transaction() as session:
        session.execute(text("DELETE FROM edition_row"))
        session.execute(text("DELETE FROM edition"))
    with pytest.raises(EditionNotFoundError):
        replayed(office, attestation_id)


INPUTS = {
    ("nonce",): "A" * 22,
    ("authority",): "ma",
    ("decided_on",): "2026-11-03",
    ("decided_by",): "officer",
    ("decision_kind",): "licence",
    ("purpose",): "academic_access",
    ("regime",): "neutral",
    ("engine",): "0",
    ("holder", "family_name"): "Another",
    ("holder", "birth_date"): "1994-05-18",
    ("held", "qualification"): None,
    ("held", "awarded_on"): "2019-06-29",
    ("held", "title"): "Maģistra diploms",
    ("held", "authenticity", "grade"): "scan",
    ("destination", "jurisdiction"): "LV",
    ("destination", "profession"): "dentist",
}


def test_an_altered_input_fails_and_is_visible(shared_office):
    attestation_id = an_attestation_by_rule(shared_office)
    whole = found_attestation(shared_office, attestation_id).record
    for path, value in INPUTS.items():
        *outer, last = path

        def change(record, outer=outer, last=last, value=value):
            place = record["inputs"]
            for name in outer:
                place = place[name]
            assert place[last] != value
            place[last] = value

        alter(shared_office, attestation_id, change)
        assert pointers(shared_office, attestation_id) != [], path
        alter(shared_office, attestation_id, lambda record: record.update(whole))
        assert pointers(shared_office, attestation_id) == []


def test_an_overlay_that_is_not_stored_cannot_be_replayed(shared_office):
    attestation_id = an_attestation_by_rule(shared_office)

    def change(record):
        record["inputs"]["edition"]["overlay"] = "sha256-" + "A" * 43

    alter(shared_office, attestation_id, change)
    with pytest.raises(EditionNotFoundError):
        replayed(shared_office, attestation_id)


ALTERED_FINDINGS = [
    (lambda f: f.update(outcome="full"), "/findings/outcome"),
    (lambda f: f["target"].update(level="7"), "/findings/target/level"),
    (lambda f: f["legal"]["basis"].append("x"), "/findings/legal/basis"),
    (lambda f: f["legal"].pop("remedy"), "/findings/legal/remedy"),
    (lambda f: f["rows"].pop(), "/findings/rows"),
    (
        lambda f: f["validity"].update(until="2027-01-01"),
        "/findings/validity/until",
    ),
    (lambda f: f.update(more=1), "/findings/more"),
    (lambda f: f["reasons"].reverse(), "/findings/reasons/0"),
    (
        lambda f: f["equivalence"].update(result="none"),
        "/findings/equivalence/result",
    ),
]


def test_an_altered_finding_fails_and_is_named(shared_office):
    attestation_id = an_attestation_by_rule(shared_office)
    whole = found_attestation(shared_office, attestation_id).record
    for change, pointer in ALTERED_FINDINGS:
        alter(
            shared_office,
            attestation_id,
            lambda record, change=change: change(record["findings"]),
        )
        assert pointers(shared_office, attestation_id)[0] == pointer
        alter(shared_office, attestation_id, lambda record: record.update(whole))


def test_an_altered_decision_of_an_officer_fails(shared_office):
    attestation_id = an_attestation(shared_office, content=a_partial_decision())

    def change(record):
        record["inputs"]["decision"]["differences"] = []

    alter(shared_office, attestation_id, change)
    (difference,) = replayed(shared_office, attestation_id).differences
    assert difference.pointer == "/findings"
    assert difference.recomputed.startswith("ContentsMissingError")


def test_a_digest_that_was_altered_fails(shared_office):
    attestation_id = an_attestation_by_rule(shared_office)
    with shared_office.database.transaction() as session:
        attestation = session.get_one(Attestation, (AUTHORITY, attestation_id))
        attestation.decision_digest = "sha256-" + "A" * 43
    assert pointers(shared_office, attestation_id) == ["/decision_digest"]


def test_record_and_digest_rewritten_together_do_not_match_the_token(shared_office):
    attestation_id = an_attestation_by_rule(shared_office)
    alter(
        shared_office,
        attestation_id,
        lambda record: record["inputs"]["holder"].update(family_name="Mallory"),
    )
    with shared_office.database.transaction() as session:
        attestation = session.get_one(Attestation, (AUTHORITY, attestation_id))
        attestation.decision_digest = record_digest(**attestation.record)
    assert pointers(shared_office, attestation_id) == ["/decision_digest"]


def test_other_rules_of_the_engine_fail_and_are_named(shared_office, monkeypatch):
    attestation_id = an_attestation_by_rule(shared_office)
    monkeypatch.setattr(replaying, "ENGINE", "2")
    (difference,) = replayed(shared_office, attestation_id).differences
    assert (difference.pointer, difference.recorded, difference.recomputed) == (
        "/inputs/engine",
        "1",
        "2",
    )


def test_a_decision_under_an_overlay_is_replayed_with_it(office):
    row = a_base_row("qualifications", BACHELOR, note="read by two people")
    overlay = publish(office, [("qualifications", BACHELOR, row)])
    caller = bruno(office)
    edition = office.edition(AUTHORITY)
    with office.database.transaction() as session:
        _, decision = submit(
            session, caller, a_request(), edition=edition, now=office.now()
        )
    attestation_id = office.issue(AUTHORITY, decision, actor=caller.actor)
    result = replayed(office, attestation_id)
    assert (result.is_match, result.edition["overlay"]) == (True, overlay)
    altered = json.dumps(row | {"note": "read by nobody"})
    rewrite_row(office, "qualifications", BACHELOR, altered, owner=AUTHORITY)
    assert pointers(office, attestation_id) == [f"/overlay/qualifications/{BACHELOR}"]
