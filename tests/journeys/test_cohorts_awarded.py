"""A cohort is awarded doubly by lists: a bad row is named and stops no other."""

import json
from uuid import UUID

import pytest

from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.models import CopyFormat
from recognition_service.authorities.access import authenticate
from recognition_service.dual_certification.cohort_files import Curricula
from tests.journeys.office import verify
from tests.journeys.paths import LIST, a_track, achieve, award, opened, put

AWARDS, SIGNATURES = f"{LIST}/awards", f"{LIST}/joint-signatures"
UNITS = ("u1", "u2", "u3", "u4", "u5")
UNKNOWN = "0193a1c2-0000-7000-8000-000000000000"


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def cohort(morocco):
    """Three participants who have achieved everything."""
    tracks = [opened(morocco, participant_ref=f"P-{number}") for number in range(3)]
    for track in tracks:
        achieve(morocco, track, *UNITS)
    return [track["id"] for track in tracks]


def a_row(track, target, **more):
    known = {"status": "awarded", "awarded_on": "2026-10-30", "how": "earned"}
    return {"track": track, "target": target} | (more or known)


def decided(office, rows):
    answer = office.post(AWARDS, rows)
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def decide_all(morocco, flanders, tracks):
    for office, target in ((morocco, "A"), (flanders, "B")):
        items = decided(office, [a_row(track, target) for track in tracks])
        assert [each.get("status") for each in items] == ["awarded"] * len(tracks)


def signed(office, body, query=""):
    answer = office.post(SIGNATURES + query, body, as_="signatory")
    assert answer.status_code == 200, answer.json
    return answer.json["items"]


def codes(items):
    """The state of each row, or the code of its problem."""
    return [
        each["problem"]["code"]
        if "problem" in each
        else each.get("status") or each["state"]
        for each in items
    ]


def read(office, track):
    return office.get(f"{LIST}/{track}").json


def test_a_list_decides_what_single_decisions_would(morocco, flanders, cohort):
    first, second, _ = cohort
    decide_all(morocco, flanders, [first])
    assert award(morocco, {"id": second}, "A").status_code == 200
    assert award(flanders, {"id": second}, "B").status_code == 200
    many, single = read(morocco, first), read(morocco, second)
    for name in ("awards", "status", "dual_certification", "missing"):
        assert many[name] == single[name], name
    told = [
        [
            (each["event"], each["by"], each["actor"] is None)
            for each in found["history"]
        ]
        for found in (many, single)
    ]
    assert told[0] == told[1]
    assert many["status"] == "completed"


def test_a_bad_row_is_named_and_stops_no_other(morocco, cohort):
    first, second, third = cohort
    short = opened(morocco, participant_ref="P-short")["id"]
    items = decided(
        morocco,
        [
            a_row(first, "A"),
            a_row(UNKNOWN, "A"),
            a_row(second, "B"),
            a_row(second, "Z"),
            a_row(short, "A"),
            a_row(first, "A"),
            a_row(third, "A", status="refused"),
            a_row(third, "A", status="awarded", how="earned", awarded_on="2026-09-30"),
            {"track": "nonsense", "target": "A", "status": "awarded"},
            "nonsense",
            a_row(third, "A", status="refused", reason="No final project."),
        ],
    )
    assert codes(items) == [
        "awarded",
        "track_not_found",
        "not_awarding_body",
        "target_not_found",
        "requirements_open",
        "award_transition_not_allowed",
        "award_invalid",
        "requirements_open",
        "invalid_body",
        "invalid_body",
        "refused",
    ]
    assert [each["row"] for each in items] == list(range(1, 12))
    assert items[4]["problem"]["missing"] == [
        {"requirement": "credits", "needed": "120"}
    ]
    assert items[6]["problem"]["errors"][0]["pointer"] == "/reason"
    assert items[8]["problem"]["errors"][0]["pointer"] == "/track"
    assert [read(morocco, track)["awards"][0]["status"] for track in cohort] == [
        "awarded",
        "open",
        "refused",
    ]


def test_lines_are_read_and_a_broken_line_is_told(morocco, cohort):
    lines = [json.dumps(a_row(track, "A")) for track in cohort]
    body = "\n".join([lines[0], "{", lines[1], lines[2]])
    answer = morocco.client.post(
        f"/api/v1{AWARDS}",
        data=body,
        content_type="application/jsonl",
        headers={"Authorization": f"Bearer {morocco.api_keys['officer']}"},
    )
    assert codes(answer.json["items"]) == [
        "awarded",
        "malformed_json",
        "awarded",
        "awarded",
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [([], "too_few"), ([{}] * 1001, "too_many"), ({"track": 1}, "not_a_list")],
)
def test_a_body_that_is_no_list_of_rows_is_refused(morocco, body, code):
    answer = morocco.post(AWARDS, body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == code


def test_recognitions_and_revocations_keep_their_rules_in_a_list(
    client, morocco, flanders, cohort
):
    first, second, _ = cohort
    decided(morocco, [a_row(first, "A"), a_row(second, "A")])
    alone = put(
        morocco, {"id": first}, "awards/A/attestation", {}, as_="signatory"
    ).json["awards"][0]["attestation"]
    recognised = {"status": "awarded", "awarded_on": "2026-10-30", "how": "recognised"}
    items = decided(
        flanders,
        [
            a_row(first, "B", **recognised, rests_on=alone),
            a_row(second, "B", **recognised, rests_on=UNKNOWN),
            a_row(second, "B"),
        ],
    )
    assert codes(items) == ["awarded", "award_invalid", "awarded"]
    reason = "The evidence was forged."
    gone = decided(
        morocco,
        [
            a_row(first, "A", status="revoked", reason=reason),
            a_row(first, "A", status="revoked", reason=reason),
            a_row(second, "A", status="revoked", reason=reason),
        ],
    )
    assert codes(gone) == ["revoked", "award_transition_not_allowed", "revoked"]
    assert [
        [each["status"] for each in read(flanders, track)["awards"]]
        for track in (first, second)
    ] == [["revoked", "revoked"], ["revoked", "awarded"]]
    report = verify(client, morocco.token(alone))
    assert report["code"] == "revoked"


def test_what_depends_on_an_award_follows_it_in_the_same_list(office_of):
    morocco = office_of("ma-demo")
    targets = a_track()["targets"]
    targets[1] |= {"depends_on": "A", "authority": "ma-demo"}
    track = opened(morocco, targets=targets)
    achieve(morocco, track, *UNITS)
    rows = [a_row(track["id"], key) for key in ("B", "A", "B")]
    assert codes(decided(morocco, rows)) == ["base_not_awarded", "awarded", "awarded"]


def test_a_cohort_is_signed_by_lists_and_valid_when_both_have(
    client, morocco, flanders, cohort
):
    decide_all(morocco, flanders, cohort)
    first = signed(morocco, {"tracks": cohort}, "?formats=vc_jwt")
    assert codes(first) == ["held"] * 3
    token = morocco.token(first[0]["attestation"])
    assert verify(client, token)["status"]["value"] == "suspended"
    done = signed(flanders, {"programme": "prog-example-1"}, "?formats=vc_jwt")
    assert codes(done) == ["complete"] * 3
    assert [each["group"] for each in done] == [each["group"] for each in first]
    for own, peer in zip(first, done, strict=True):
        pair = morocco.token(own["attestation"]), flanders.token(peer["attestation"])
        report = verify(client, pair[0], peers=[pair[1]])
        assert (report["verdict"], report["joint"]["complete"]) == ("valid", True)
    found = read(flanders, cohort[0])
    assert found["joint"]["state"] == "complete"
    assert found["awards"][1]["attestation"] == done[0]["attestation"]
    again = signed(morocco, {"tracks": cohort})
    assert [each["attestation"] for each in again] == [
        each["attestation"] for each in first
    ]
    assert codes(again) == ["complete"] * 3
    assert signed(flanders, {"programme": "prog-example-1"}) == []


def test_what_one_body_signed_by_a_list_another_completes_alone(
    morocco, flanders, cohort
):
    decide_all(morocco, flanders, cohort)
    signed(morocco, {"tracks": cohort})
    done = put(flanders, {"id": cohort[0]}, "joint/signature", {}, as_="signatory").json
    assert done["joint"]["state"] == "complete"
    states = [read(morocco, track)["joint"]["state"] for track in cohort]
    assert states == ["complete", "held", "held"]


def test_interrupted_after_the_reservation_it_is_completed_by_repeating(
    runtime, morocco, flanders, cohort
):
    decide_all(morocco, flanders, cohort)
    tracks, copies = [UUID(track) for track in cohort], (NewCopy(CopyFormat.VC_JWT),)
    with runtime.database.reading() as session:
        caller = authenticate(session, flanders.api_keys["signatory"], runtime.now())
    _, left = runtime.reserve_cohort(caller, tracks, copies, Curricula())
    done = signed(flanders, {"programme": "prog-example-1"}, "?formats=vc_jwt")
    assert [UUID(each["attestation"]) for each in done] == [
        left.attestations[UUID(each["group"])] for each in done
    ]
    opened_now, again = runtime.reserve_cohort(caller, tracks, copies, Curricula())
    assert again.intents == []
    runtime.record_cohort(caller, opened_now, again, Curricula())
    history = [each["event"] for each in read(flanders, cohort[0])["history"]]
    assert history.count("joint_opened") == history.count("joint_signed") == 1
    assert codes(signed(morocco, {"tracks": cohort})) == ["complete"] * 3


def test_each_track_that_cannot_be_signed_is_told_why(morocco, flanders, cohort):
    first, second, third = cohort
    unwanted = opened(morocco, participant_ref="P-no", consent=None)
    achieve(morocco, unwanted, *UNITS)
    decide_all(morocco, flanders, [first, unwanted["id"]])
    decided(morocco, [a_row(second, "A")])
    tracks = [third, unwanted["id"], first, second, UNKNOWN]
    items = signed(morocco, {"tracks": tracks})
    assert codes(items) == [
        "base_not_awarded",
        "joint_form_not_wanted",
        "held",
        "joint_award_not_earned",
        "track_not_found",
    ]
    assert [each["track"] for each in items] == tracks
    put(flanders, {"id": first}, "joint/cancellation", {}, as_="signatory")
    again = signed(morocco, {"tracks": [first]})
    assert again[0]["state"] == "held"
    assert again[0]["group"] != items[2]["group"]


def test_strangers_are_told_of_tracks_as_of_unknown_ones(office_of, cohort):
    stranger = office_of("be-fr-demo")
    rows = [a_row(cohort[0], "A"), a_row(UNKNOWN, "A")]
    known, unknown = decided(stranger, rows)
    assert known["problem"]["code"] == "track_not_found"
    assert (
        known["problem"]["detail"].replace(cohort[0], UNKNOWN)
        == (unknown["problem"]["detail"])
    )
    known, unknown = signed(stranger, {"tracks": [cohort[0], UNKNOWN]})
    assert (
        known["problem"]["detail"].replace(cohort[0], UNKNOWN)
        == (unknown["problem"]["detail"])
    )
    assert signed(stranger, {"programme": "prog-example-1"}) == []


def test_only_an_officer_decides_and_only_a_signatory_signs(morocco, cohort):
    for path, body, role in (
        (AWARDS, [a_row(cohort[0], "A")], "signatory"),
        (SIGNATURES, {"tracks": cohort}, "officer"),
    ):
        refused = morocco.post(path, body, as_=role)
        assert (refused.status_code, refused.json["code"]) == (403, "role_missing")


@pytest.mark.parametrize(
    "body", [{}, {"tracks": [UNKNOWN], "programme": "prog-example-1"}]
)
def test_signing_needs_either_tracks_or_a_programme(morocco, body):
    answer = morocco.post(SIGNATURES, body, as_="signatory")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["code"] == "tracks_or_programme"
