"""An award of two bodies that live in two installations."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from recognition_service.attestations.copies import copy_text
from recognition_service.attestations.models import Copy
from recognition_service.credentials.open_badge import pin, pinned_in
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.verify import verify
from recognition_service.worker.jobs import Memory
from recognition_service.worker.loop import turn
from tests.exchange.scene import ISSUERS, JOINT, TODAY, act
from tests.exchange.test_between_installations import deliver_in_time
from tests.journeys.paths import LIST


def as_everybody_sees(*sides):
    """Return what a verifier relies on that knows the lists of all installations."""
    known = [side.runtime.verification_inputs() for side in sides]
    first = known[0].trust
    issuers = {id_: each for one in known for id_, each in one.trust.issuers.items()}
    statuses = {uri: each for one in known for uri, each in one.statuses.items()}
    trust = type(first)(
        version=first.version,
        as_of=first.as_of,
        fresh_until=first.fresh_until,
        issuers=issuers,
        accept_test=first.accept_test,
    )
    return VerificationInputs(trust, statuses)


def verdict(token, *peers, sides):
    now = sides[0].runtime.now()
    for side in sides:
        side.runtime.publish_lists()
        side.runtime.refresh()
    inputs = as_everybody_sees(*sides)
    report = verify(token, inputs, at=now, checked_at=now, peers=peers)
    return report.verdict.value, report.code.value


def test_the_body_elsewhere_is_asked_with_the_record_that_all_attest(scene):
    held = scene.sign()["joint"]
    assert (held["state"], held["required"]) == ("held", ISSUERS)
    assert held["signed"] == ISSUERS[1:]
    scene.carry()
    found = scene.proposed()
    assert (found["state"], found["role"]) == ("held", "A")
    assert (found["required"], found["signed"]) == (ISSUERS, ISSUERS[1:])
    assert found["proposed_by"] == "be-fl-demo@flanders"
    assert found["award"] == {
        "target": "A",
        "status": "open",
        "decided_on": None,
        "reason": None,
    }
    inputs = found["record"]["inputs"]
    assert inputs["holder"]["family_name"] == "Haddad"
    assert {award["target"]: award["awarded_on"] for award in inputs["awards"]} == {
        "A": TODAY,
        "B": TODAY,
    }
    assert "authority" not in inputs["targets"][0]


def test_both_become_valid_once_both_have_signed(scene):
    of_rabat, of_ghent = scene.both_sign()
    here, there = scene.read(), scene.proposed()
    assert (here["joint"]["state"], there["state"]) == ("complete", "complete")
    assert here["joint"]["signed"] == there["signed"] == ISSUERS
    assert here["dual_certification"] is True
    assert here["status"] == "completed"
    made = scene.award("A")
    assert (made["status"], made["how"]) == ("awarded", "earned")
    a, b = scene.rabat.token(of_rabat), scene.ghent.token(of_ghent)
    assert verdict(a, b, sides=scene.sides) == ("valid", "valid")
    assert verdict(b, a, sides=scene.sides) == ("valid", "valid")
    alone = ("cannot_confirm", "joint_award_incomplete")
    assert verdict(a, sides=scene.sides) == alone


def test_what_is_signed_by_one_only_is_suspended(scene):
    scene.sign()
    scene.carry()
    own = scene.award("B")["attestation"]
    assert scene.status(scene.ghent, own) == ("suspended", "joint_incomplete")


def test_nobody_signs_for_a_body_that_has_not_made_its_award(scene):
    scene.sign()
    scene.carry()
    early = scene.sign_proposed()
    assert (early.status_code, early.json["code"]) == (409, "base_not_awarded")


def test_nobody_makes_and_signs_the_same_award(scene):
    scene.sign()
    scene.carry()
    by = {"as_": "signatory"}
    asked = act(scene.rabat, scene.proposed(), "award", {"status": "awarded"}, **by)
    assert (asked.status_code, asked.json["code"]) == (403, "role_missing")


def test_an_award_is_made_once(scene):
    scene.sign()
    scene.carry()
    assert scene.decide().status_code == 200
    again = scene.decide("refused", "Not after all.")
    assert (again.status_code, again.json["code"]) == (
        409,
        "award_transition_not_allowed",
    )


def test_a_refusal_is_told_with_its_reason_and_gives_the_award_up(scene):
    scene.sign()
    scene.carry()
    silent = scene.decide("refused")
    assert (silent.status_code, silent.json["errors"][0]["pointer"]) == (422, "/reason")
    refused = scene.decide("refused", "The placement was in another field.")
    assert refused.status_code == 200, refused.json
    assert refused.json["state"] == "cancelled"
    scene.carry()
    assert scene.read()["joint"]["state"] == "cancelled"
    refused = scene.award("A")
    assert refused["status"] == "refused"
    assert refused["reason"] == "The placement was in another field."
    own = scene.award("B")["attestation"]
    assert scene.status(scene.ghent, own) == ("revoked", "joint_cancelled")


def test_another_award_can_be_proposed_after_one_was_refused(scene):
    scene.sign()
    scene.carry()
    scene.decide("refused", "A transcript is missing.")
    scene.carry()
    scene.riga.clock.instant += timedelta(minutes=1)
    assert scene.sign()["joint"]["state"] == "held"
    scene.carry()
    assert scene.decide().status_code == 200
    scene.sign_proposed()
    scene.carry()
    assert scene.read()["joint"]["state"] == "complete"
    assert scene.award("A")["reason"] is None


@pytest.mark.parametrize("is_keeper", [True, False])
def test_who_leaves_suspends_the_other_one(scene, is_keeper):
    of_rabat, of_ghent = scene.both_sign()
    leaver, other = (
        (scene.ghent, scene.rabat) if is_keeper else (scene.rabat, scene.ghent)
    )
    own, left = (of_ghent, of_rabat) if is_keeper else (of_rabat, of_ghent)
    of = f"/attestations/{own}"
    body = {"status": "revoked", "reason": "error"}
    answer = leaver.change(f"{of}/status", body, of=of, as_="signatory")
    assert answer.status_code == 200, answer.json
    scene.carry()
    assert scene.read()["joint"]["state"] == "withdrawn"
    assert scene.proposed()["state"] == "withdrawn"
    assert scene.status(other, left) == ("suspended", "party_withdrew")


def test_what_is_not_signed_in_time_is_given_up_on_both_sides(scene):
    scene.sign()
    scene.carry()
    for side in scene.sides:
        side.clock.instant = side.clock.instant.replace(year=2027, month=3, day=1)
        turn(side.runtime, Memory())
    assert scene.read()["joint"]["state"] == "cancelled"
    assert scene.proposed()["state"] == "cancelled"


def test_a_wire_that_cuts_and_repeats_changes_nothing(scene):
    scene.wire.faults = ["cut", "lost", "twice", None, "lost"]
    scene.sign()
    deliver_in_time(scene.wire, *scene.sides)
    scene.wire.faults = ["lost", "cut", "twice"]
    assert scene.decide().status_code == 200
    scene.sign_proposed()
    deliver_in_time(scene.wire, *scene.sides)
    assert scene.read()["joint"]["state"] == "complete"
    assert scene.proposed()["state"] == "complete"


def test_a_signature_that_was_not_told_is_told_by_the_worker(scene, monkeypatch):
    with monkeypatch.context() as cut:  # As if it died after signing.
        desk = type(scene.flanders.runtime)
        cut.setattr(desk, "release_joint", lambda *_, **__: False)
        scene.sign()
    scene.carry()
    assert scene.proposed()["signed"] == []
    scene.flanders.runtime.settle_joints()
    scene.carry()
    assert scene.proposed()["signed"] == ISSUERS[1:]


def test_a_cohort_signed_in_another_form_is_told_all_the_same(scene):
    asked = {"tracks": [scene.track["id"]]}
    answer = scene.ghent.post(
        f"{LIST}/joint-signatures?formats=sd_jwt", asked, as_="signatory"
    )
    assert answer.json["items"][0]["state"] == "held", answer.json
    scene.carry()
    assert scene.proposed()["signed"] == ISSUERS[1:]
    assert scene.decide().status_code == 200
    scene.sign_proposed()
    scene.carry()
    assert scene.read()["joint"]["state"] == "complete"


def test_an_endorsement_pins_the_token_of_the_other_installation(scene):
    of_rabat, _ = scene.both_sign()
    runtime = scene.flanders.runtime
    copy = runtime.endorse_joint(
        "be-fl-demo", UUID(scene.read()["joint"]["group"]), actor="service"
    )
    with runtime.database.reading() as session:
        row = session.get_one(Copy, ("be-fl-demo", copy))
        endorsement = json.loads(copy_text(session, row))
    token = scene.rabat.token(of_rabat)
    assert pinned_in(endorsement) == (pin(f"urn:uuid:{of_rabat}", token),)


def test_awards_of_tracks_are_signed_on_the_track(scene):
    scene.sign()
    (item,) = scene.ghent.get(JOINT).json["items"]
    answer = act(scene.ghent, item, "signature", as_="signatory")
    assert (answer.status_code, answer.json["code"]) == (409, "joint_award_of_track")
    assert item["proposed_by"] is None
