"""The record of a joint award is computed again from its inputs alone."""

import copy

import pytest

from recognition_service.attestations.decision_record import record_digest
from recognition_service.attestations.joint_record import joint_findings
from recognition_service.attestations.models import Attestation
from recognition_service.attestations.replay import replay
from tests.attestations.joint_awards import (
    BODIES,
    A,
    a_complete_award,
    a_joint_award,
    signed,
    two_bodies,
)


@pytest.fixture
def office(small):
    return two_bodies(small)


@pytest.fixture
def award(office):
    return a_complete_award(office)


def replayed(runtime, body, attestation_id):
    with runtime.database.reading() as session:
        row = session.get_one(Attestation, (body, attestation_id))
        return replay(session, row)


def altered(runtime, attestation_id, change, *, digest=None):
    """Alter a stored record as nobody ever should; return what a replay finds."""
    with runtime.database.transaction() as session:
        row = session.get_one(Attestation, (A, attestation_id))
        record = copy.deepcopy(row.record)
        change(record)
        row.record = record
        if digest is not None:
            row.decision_digest = digest(record)
    result = replayed(runtime, A, attestation_id)
    assert result.is_match is (result.differences == ())
    return [difference.pointer for difference in result.differences]


def test_it_matches_for_each_body_and_gives_one_digest(office, award):
    results = [
        replayed(office, body, attestation_id)
        for body, attestation_id in zip(BODIES, award[1:], strict=True)
    ]
    assert [result.is_match for result in results] == [True, True]
    assert len({result.recomputed_digest for result in results}) == 1
    assert results[0].edition == {
        "base": office.edition().in_force.base,
        "overlay": None,
    }


def test_what_is_held_can_be_replayed_as_well(office):
    (first,) = signed(office, a_joint_award(office), A)
    assert replayed(office, A, first).is_match


INPUTS = {
    ("nonce",): "A" * 22,
    ("group",): "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    ("subject_nonce",): "A" * 22,
    ("engine",): "0",
    ("holder", "family_name"): "Mallory",
    ("decided_on",): "2026-11-03",
    ("targets", 0, "qualification", "level"): "8",
    ("targets", 1, "issuer"): "https://recognition.example/issuers/nl",
    ("units", 0, "result"): None,
    ("units", 1, "counts_for", 0, "target"): "B",
    ("awards", 0, "how"): "recognised",
    ("awards", 1, "awarded_on"): "2026-11-01",
    ("missing", "A"): [{"requirement": "credits", "needed": "30"}],
    ("legal", "does_not_allow"): [],
}


@pytest.mark.parametrize("path", INPUTS, ids=str)
def test_an_altered_input_fails_and_is_visible(office, award, path):
    *outer, last = path

    def change(record):
        place = record["inputs"]
        for name in outer:
            place = place[name]
        place[last] = INPUTS[path]

    assert altered(office, award[1], change) != []


def test_an_altered_finding_fails_and_is_named(office, award):
    def change(record):
        record["findings"]["targets"]["A"]["target"]["level"] = "8"

    assert altered(office, award[1], change) == ["/findings/targets/A/target/level"]


def test_record_and_digest_rewritten_together_do_not_match_the_token(office, award):
    def change(record):
        record["inputs"]["holder"]["family_name"] = "Mallory"
        record["findings"] = joint_findings(record["inputs"])

    def digest(record):
        return record_digest(**record)

    found = altered(office, award[1], change, digest=digest)
    assert found == ["/decision_digest"]


def test_inputs_that_are_no_record_any_more_fail_and_break_nothing(office, award):
    def change(record):
        del record["inputs"]["targets"]

    assert altered(office, award[1], change) == ["/findings"]
