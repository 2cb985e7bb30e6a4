"""Amina earns two awards; both bodies attest them, jointly or each alone."""

import base64
import hashlib
import json

import pytest
from click.testing import CliRunner

from recognition_service.cli.main import cli
from tests.journeys.office import verify
from tests.journeys.paths import LIST, achieve, award, opened, put

UNITS = ("u1", "u2", "u3", "u4", "u5")


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def achieved(morocco):
    return achieve(morocco, opened(morocco), *UNITS)


@pytest.fixture
def awarded(morocco, flanders, achieved):
    assert award(morocco, achieved, "A").status_code == 200
    assert award(flanders, achieved, "B").status_code == 200
    return achieved


def sign(office, track):
    return put(office, track, "joint/signature", {}, as_="signatory")


def alone(office, track, target):
    return put(office, track, f"awards/{target}/attestation", {}, as_="signatory")


def read(office, track):
    return office.get(f"{LIST}/{track['id']}").json


def attestations(track):
    return {each["target"]: each["attestation"] for each in track["awards"]}


@pytest.fixture
def pair(morocco, flanders, awarded):
    """The tokens of both bodies, after both have signed."""
    assert sign(morocco, awarded).status_code == 200
    done = sign(flanders, awarded)
    assert done.json["joint"]["state"] == "complete", done.json
    found = attestations(done.json)
    return morocco.token(found["A"]), flanders.token(found["B"])


def test_what_one_body_signed_is_held_until_the_other_has(
    client, morocco, flanders, awarded
):
    first = sign(morocco, awarded)
    assert first.status_code == 200, first.json
    joint = first.json["joint"]
    assert (joint["state"], len(joint["required"])) == ("held", 2)
    assert joint["signed"] == ["https://recognition.example/issuers/ma-demo"]
    token = morocco.token(attestations(first.json)["A"])
    report = verify(client, token)
    assert (report["verdict"], report["status"]["value"]) == (
        "cannot_confirm",
        "suspended",
    )
    done = sign(flanders, awarded).json
    assert (done["joint"]["state"], done["dual_certification"]) == ("complete", True)
    assert verify(client, token)["code"] == "joint_award_incomplete"


def test_the_pair_is_valid_and_neither_counts_alone(client, pair):
    a, b = pair
    for own, peer in ((a, b), (b, a)):
        report = verify(client, own, peers=[peer])
        assert report["verdict"] == "valid", report
        assert report["joint"]["complete"] is True
        assert verify(client, own)["verdict"] == "cannot_confirm"


def test_the_pair_is_checked_on_the_command_line(runtime, clock, pair, tmp_path):
    runtime.publish_lists()
    runtime.save_inputs()
    files = [tmp_path / name for name in ("a.jwt", "b.jwt")]
    for file, token in zip(files, pair, strict=True):
        file.write_text(token + "\n")

    def asked(*arguments):
        environment = {
            "DATABASE_URL": runtime.config.database_url,
            "RECOGNITION_KEYS_PASSPHRASE": runtime.config.keys_passphrase,
            "RECOGNITION_NOW": clock().isoformat(),
        }
        options = ("--json", "--data-dir", str(tmp_path), *arguments)
        found = CliRunner().invoke(cli, ["verify", *options], env=environment)
        return found.exit_code, json.loads(found.stdout)["code"]

    own, peer = map(str, files)
    for mode in ([], ["--offline"]):
        assert asked(own, "--with", peer, *mode) == (0, "valid")
        assert asked(own, *mode) == (3, "joint_award_incomplete")


def test_signing_again_makes_nothing_twice(morocco, flanders, awarded):
    first = attestations(sign(morocco, awarded).json)
    assert attestations(sign(morocco, awarded).json) == first
    sign(flanders, awarded)
    assert sign(morocco, awarded).json["joint"]["state"] == "complete"


def test_who_decided_about_an_award_does_not_sign_it(morocco, awarded):
    answer = put(morocco, awarded, "joint/signature", {}, as_="officer")
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


def test_no_joint_award_without_both_earned_awards_and_consent(
    morocco, flanders, achieved
):
    award(morocco, achieved, "A")
    early = sign(morocco, achieved)
    assert (early.status_code, early.json["code"]) == (409, "joint_award_not_earned")
    award(flanders, achieved, "B")
    consent = {"joint_form": False, "follow_up": False, "given_on": "2026-10-01"}
    assert put(morocco, achieved, "consent", consent).status_code == 200
    unwanted = sign(morocco, achieved)
    assert (unwanted.status_code, unwanted.json["code"]) == (
        409,
        "joint_form_not_wanted",
    )


def test_a_joint_award_can_be_given_up_before_it_is_complete(
    client, morocco, flanders, awarded
):
    token = morocco.token(attestations(sign(morocco, awarded).json)["A"])
    given_up = put(flanders, awarded, "joint/cancellation", {}, as_="signatory")
    assert given_up.json["joint"]["state"] == "cancelled"
    assert verify(client, token)["status"]["value"] == "revoked"
    again = sign(morocco, awarded).json
    assert again["joint"]["state"] == "held"
    assert again["joint"]["group"] != given_up.json["joint"]["group"]


def test_an_award_that_is_revoked_suspends_the_others_attestation(
    client, morocco, flanders, awarded, pair
):
    a, b = pair
    body = {"status": "revoked", "reason": "The examination was annulled."}
    gone = put(flanders, awarded, "awards/B", body)
    assert gone.status_code == 200, gone.json
    assert gone.json["joint"]["state"] == "withdrawn"
    assert verify(client, b, peers=[a])["code"] == "revoked"
    assert verify(client, a, peers=[b])["verdict"] == "not_valid"
    statuses = {
        each["target"]: each["status"] for each in read(morocco, awarded)["awards"]
    }
    assert statuses == {"A": "awarded", "B": "revoked"}
    own = alone(morocco, awarded, "A").json["awards"][0]["stand_alone"]
    assert verify(client, morocco.token(own))["verdict"] == "valid"


def test_who_stays_at_home_gets_award_a_alone(client, morocco):
    track = achieve(morocco, opened(morocco, track="home"), *UNITS[:4])
    assert award(morocco, track, "A").status_code == 200
    done = alone(morocco, track, "A")
    assert done.status_code == 200, done.json
    attestation = done.json["awards"][0]["attestation"]
    assert done.json["dual_certification"] is False
    report = verify(client, morocco.token(attestation))
    assert (report["verdict"], report["joint"]) == ("valid", None)
    assert report["recognition"]["target"]["jurisdiction"] == ["MA"]
    assert morocco.get(f"/attestations/{attestation}/replay").json["match"] is True
    again = alone(morocco, track, "A").json["awards"][0]["attestation"]
    assert again == attestation


def test_an_award_recognised_rather_than_earned_is_no_part_of_a_joint_award(
    client, morocco, flanders
):
    track = achieve(morocco, opened(morocco), *UNITS)
    award(morocco, track, "A")
    base = alone(morocco, track, "A").json["awards"][0]["attestation"]
    recognised = award(flanders, track, "B", how="recognised", rests_on=base)
    assert recognised.status_code == 200, recognised.json
    assert recognised.json["dual_certification"] is False
    refused = sign(flanders, track)
    assert (refused.status_code, refused.json["code"]) == (
        409,
        "joint_award_not_earned",
    )
    own = alone(flanders, track, "B").json["awards"][1]["attestation"]
    report = verify(client, flanders.token(own))
    assert report["verdict"] == "valid"
    assert report["recognition"]["source"]["origin"] == "MA"


def test_an_endorsement_pins_the_token_of_the_other_body(flanders, awarded, pair):
    a, _ = pair
    own = attestations(read(flanders, awarded))["B"]
    answer = flanders.post(f"/attestations/{own}/copies", {"format": "endorsement"})
    assert answer.status_code == 201, answer.json
    pinned = [
        each
        for each in json.loads(answer.json["credential"])["relatedResource"]
        if each.get("mediaType") == "application/vc+jwt"
    ]
    other = attestations(read(flanders, awarded))["A"]
    assert [each["id"] for each in pinned] == [f"urn:uuid:{other}"]
    name, _, hashed = pinned[0]["digestSRI"].partition("-")
    found = hashlib.new(name, a.encode()).digest()
    assert base64.b64decode(hashed) == found


def test_a_joint_attestation_can_be_replayed(morocco, flanders, awarded):
    sign(morocco, awarded)
    found = attestations(sign(flanders, awarded).json)
    for office, target in ((morocco, "A"), (flanders, "B")):
        answer = office.get(f"/attestations/{found[target]}/replay").json
        assert (answer["match"], answer["differences"]) == (True, [])
