"""Amina's path to a Moroccan and a Flemish diploma; each body awards its own."""

import json

import pytest

from tests.journeys.lines import a_record
from tests.journeys.paths import (
    BOTH,
    EVIDENCE,
    LIST,
    a_target,
    a_track,
    a_unit,
    achieve,
    award,
    opened,
    put,
)


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def track(morocco):
    return opened(morocco)


@pytest.fixture
def achieved(morocco, track):
    return achieve(morocco, track, "u1", "u2", "u3", "u4")


def statuses(track):
    return {each["target"]: each["status"] for each in track["awards"]}


def test_a_new_track_tells_what_is_missing_for_each_award(track):
    assert track["missing"] == {
        "A": [{"requirement": "credits", "needed": "120"}],
        "B": [{"requirement": "credits", "needed": "120"}],
        "shortest_rest": ["u1", "u2", "u3", "u4"],
        "rest_is_exact": True,
    }
    assert (track["status"], track["track"]) == ("running", "away")
    assert (track["programme"], track["is_example"]) == ("prog-example-1", True)
    assert track["consent"] == {
        "joint_form": True,
        "follow_up": False,
        "given_on": "2026-09-01",
    }
    assert track["targets"][0] == a_target("A")
    assert track["units"][0]["counts_for"] == BOTH
    assert track["joint"] == {
        "state": "none",
        "group": None,
        "required": [
            "https://recognition.example/issuers/ma-demo",
            "https://recognition.example/issuers/be-fl-demo",
        ],
        "signed": [],
        "expires_on": None,
    }
    assert [award["status"] for award in track["awards"]] == ["open", "open"]
    assert track["phases"] == [
        {"phase": 1, "places": ["MA"], "units": 3, "achieved": 0},
        {"phase": 2, "places": ["BE-FL"], "units": 2, "achieved": 0},
    ]


def test_the_answer_says_where_the_track_is_and_at_which_version(morocco):
    answer = morocco.post(LIST, a_track())

    assert answer.headers["Location"] == f"/api/v1{LIST}/{answer.json['id']}"
    assert answer.headers["ETag"] == '"v1"'
    again = morocco.get(f"{LIST}/{answer.json['id']}")
    assert (again.json, again.headers["ETag"]) == (answer.json, '"v1"')


def test_the_same_request_twice_enrols_once(morocco):
    first, second = (
        morocco.post(LIST, a_track(), **{"Idempotency-Key": "P-0042"}) for _ in "12"
    )

    assert second.json == first.json
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(morocco.get(LIST).json["items"]) == 1


def test_both_awards_are_earned_each_at_its_own_date(morocco, flanders, achieved):
    assert achieved["missing"]["A"] == achieved["missing"]["B"] == []
    assert achieved["missing"]["shortest_rest"] == []

    first = award(morocco, achieved, "A", awarded_on="2026-10-15").json
    assert statuses(first) == {"A": "awarded", "B": "open"}
    assert (first["dual_certification"], first["status"]) == (False, "running")

    both = award(flanders, achieved, "B", awarded_on="2026-10-31").json
    assert [(each["awarded_on"], each["how"]) for each in both["awards"]] == [
        ("2026-10-15", "earned"),
        ("2026-10-31", "earned"),
    ]
    assert (both["dual_certification"], both["status"]) == (True, "completed")
    assert [event["event"] for event in both["history"]] == [
        "opened",
        *["result_recorded"] * 4,
        "award_awarded",
        "award_awarded",
    ]


def test_who_stays_at_home_has_the_award_of_home_alone(morocco, flanders):
    at_home = [a_unit(n, counts_for=BOTH[:1]) for n in (1, 2, 3, 4)]
    away = [a_unit(n, counts_for=BOTH[1:], place="BE-FL") for n in (5, 6, 7, 8)]
    track = opened(morocco, track="home", units=[*at_home, *away])
    track = achieve(morocco, track, "u1", "u2", "u3", "u4")

    awarded = award(morocco, track, "A").json

    assert statuses(awarded) == {"A": "awarded", "B": "open"}
    assert awarded["missing"]["A"] == []
    assert awarded["missing"]["B"] == [{"requirement": "credits", "needed": "120"}]
    assert awarded["missing"]["shortest_rest"] == ["u5", "u6", "u7", "u8"]
    assert (awarded["track"], awarded["dual_certification"]) == ("home", False)
    refused = award(flanders, track, "B")
    assert (refused.status_code, refused.json["code"]) == (409, "requirements_open")
    assert refused.json["missing"] == [{"requirement": "credits", "needed": "120"}]


def test_a_recognised_award_is_not_counted_as_dual_certification(
    morocco, flanders, achieved
):
    award(morocco, achieved, "A")
    attestation = attest_diploma(morocco)

    recognised = award(
        flanders,
        achieved,
        "B",
        how="recognised",
        rests_on=attestation,
        awarded_on="2026-11-02",
    ).json

    assert statuses(recognised) == {"A": "awarded", "B": "awarded"}
    assert recognised["awards"][1]["how"] == "recognised"
    assert recognised["awards"][1]["rests_on"] == attestation
    assert recognised["dual_certification"] is False


def attest_diploma(office, birth_date="2003-05-17"):
    """Let ma-demo attest the diploma, as its own case system has decided."""
    holder = {"family_name": "HADDAD", "given_name": "A.", "birth_date": birth_date}
    record = a_record(
        office, "DIP-7", destination={"jurisdiction": "MA"}, holder=holder
    )
    answer = office.post("/attestations", {"record": record}, as_="signatory")
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def test_an_award_does_not_rest_on_the_diploma_of_another_person(
    morocco, flanders, achieved
):
    award(morocco, achieved, "A")
    other = attest_diploma(morocco, "1999-01-31")
    answer = award(flanders, achieved, "B", how="recognised", rests_on=other)
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [
        ("/rests_on", "base_of_another_person")
    ]


def test_a_recognised_award_needs_what_it_rests_on(morocco, flanders, achieved):
    award(morocco, achieved, "A")
    answer = award(flanders, achieved, "B", how="recognised")
    assert answer.status_code == 422
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [
        ("/rests_on", "required")
    ]
    answer = award(
        flanders,
        achieved,
        "B",
        how="recognised",
        rests_on="0193a1c2-0000-7000-8000-000000000000",
    )
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [
        ("/rests_on", "base_not_attested")
    ]


REVOKED = {"status": "revoked", "reason": "The evidence was forged."}


def test_without_a_dependency_a_revoked_award_leaves_the_other_alone(
    morocco, flanders, achieved
):
    award(morocco, achieved, "A")
    award(flanders, achieved, "B")

    revoked = put(morocco, achieved, "awards/A", REVOKED).json

    assert statuses(revoked) == {"A": "revoked", "B": "awarded"}
    assert revoked["awards"][0]["reason"] == "The evidence was forged."
    assert revoked["awards"][0]["awarded_on"] == "2026-10-30"
    assert revoked["dual_certification"] is False
    seen = flanders.get(f"{LIST}/{achieved['id']}").json
    assert seen["awards"][0]["reason"] is None


def test_with_a_declared_dependency_the_other_falls_with_it(morocco, flanders):
    track = opened(morocco, targets=[a_target("A"), a_target("B", depends_on="A")])
    track = achieve(morocco, track, "u1", "u2", "u3", "u4")
    waiting = award(flanders, track, "B")
    assert (waiting.status_code, waiting.json["code"]) == (409, "base_not_awarded")
    assert (waiting.json["depends_on"], waiting.json["base_status"]) == ("A", "open")
    award(morocco, track, "A")
    assert award(flanders, track, "B").status_code == 200

    revoked = put(morocco, track, "awards/A", REVOKED).json

    assert statuses(revoked) == {"A": "revoked", "B": "revoked"}
    seen = flanders.get(f"{LIST}/{track['id']}").json
    assert seen["awards"][1]["reason"] == "base_revoked"
    assert seen["history"][-1] == {
        "at": "2026-11-02T09:00:00Z",
        "by": "be-fl-demo",
        "actor": "service",
        "event": "award_revoked",
        "target": "B",
        "how": "earned",
        "base": "A",
    }


def test_a_refused_award_says_why_and_may_be_earned_later(morocco, flanders, track):
    refused = put(
        flanders, track, "awards/B", {"status": "refused", "reason": "Failed."}
    )
    assert refused.status_code == 200
    assert statuses(refused.json)["B"] == "refused"
    achieve(morocco, track, "u1", "u2", "u3", "u4")
    assert statuses(award(flanders, track, "B").json)["B"] == "awarded"


def test_what_is_over_lists_what_is_allowed(morocco, achieved):
    award(morocco, achieved, "A")
    again = award(morocco, achieved, "A")
    assert (again.status_code, again.json["code"], again.json["allowed"]) == (
        409,
        "award_transition_not_allowed",
        ["revoked"],
    )


def test_a_body_awards_only_its_own(morocco, flanders, achieved):
    answer = award(morocco, achieved, "B")
    assert (answer.status_code, answer.json["code"]) == (403, "not_awarding_body")
    answer = award(flanders, achieved, "Z")
    assert (answer.status_code, answer.json["code"]) == (404, "target_not_found")
    answer = put(
        flanders,
        achieved,
        "awards/B",
        {"status": "refused", "reason": "No."},
        as_="signatory",
    )
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")


ACTS = {
    "units/u1/result": {
        "achieved_on": "2026-10-01",
        "assessor": "Bruno",
        "evidence": EVIDENCE,
    },
    "interruption": {"interrupted_on": "2026-10-01", "reason": "other"},
    "return": {"returned_on": "2026-10-01"},
    "track": {"track": "home"},
    "consent": {"joint_form": False},
}


def test_only_the_keeper_records_and_names_the_version(morocco, flanders, track):
    for path, body in ACTS.items():
        answer = put(flanders, track, path, body)
        assert (answer.status_code, answer.json["code"]) == (403, "not_keeper")
        url = f"{LIST}/{track['id']}/{path}"
        assert morocco.call("PUT", url, body).status_code == 428
        stale = morocco.call("PUT", url, body, **{"If-Match": '"v77"'})
        assert (stale.status_code, stale.json["code"]) == (412, "precondition_failed")
        assert put(morocco, track, path, body).status_code == 200


def test_an_award_names_the_version_too(flanders, achieved):
    url = f"{LIST}/{achieved['id']}/awards/B"
    body = {"status": "awarded", "awarded_on": "2026-10-30", "how": "earned"}
    assert flanders.call("PUT", url, body).status_code == 428
    assert flanders.call("PUT", url, body, **{"If-Match": '"v1"'}).status_code == 412


def test_a_result_is_recorded_with_who_found_so_and_what_shows_it(morocco, track):
    changed = achieve(morocco, track, "u2", kind="prior_learning")
    assert changed["units"][1]["result"] == {
        "achieved_on": "2026-10-01",
        "assessor": "Example assessor",
        "evidence": EVIDENCE,
        "kind": "prior_learning",
    }
    assert changed["phases"][0]["achieved"] == 1
    answer = put(
        morocco,
        track,
        "units/u9/result",
        {"achieved_on": "2026-10-01", "assessor": "Bruno", "evidence": EVIDENCE},
    )
    assert (answer.status_code, answer.json["code"]) == (404, "unit_not_found")


def take_back(office, track, unit):
    of = f"{LIST}/{track['id']}"
    return office.change(f"{of}/units/{unit}/result", None, of=of, method="DELETE")


def test_a_result_can_be_taken_back_after_a_mistake(morocco, flanders, track):
    achieve(morocco, track, "u1", "u2")
    answer = take_back(morocco, track, "u2")
    assert answer.status_code == 200, answer.json
    assert [unit["result"] is None for unit in answer.json["units"]] == [
        False,
        *[True] * 4,
    ]
    assert answer.json["history"][-1]["event"] == "result_withdrawn"
    again = take_back(morocco, track, "u2")
    assert (again.status_code, again.json["code"]) == (404, "result_not_found")
    other = take_back(flanders, track, "u1")
    assert (other.status_code, other.json["code"]) == (403, "not_keeper")


def test_a_result_with_which_an_award_was_earned_stays(morocco, achieved):
    award(morocco, achieved, "A")
    for answer in (
        take_back(morocco, achieved, "u1"),
        put(
            morocco,
            achieved,
            "units/u1/result",
            {"achieved_on": "2026-10-02", "assessor": "Bruno", "evidence": EVIDENCE},
        ),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "result_settled")


def test_an_award_is_not_earned_before_its_units_were_achieved(morocco, achieved):
    early = award(morocco, achieved, "A", awarded_on="2026-09-30")
    assert (early.status_code, early.json["code"]) == (409, "requirements_open")
    future = award(morocco, achieved, "A", awarded_on="2027-06-30")
    assert future.json["errors"][0]["code"] == "date_in_future"


def test_an_interruption_ends_with_the_return_to_the_programme(morocco, track):
    body = {
        "interrupted_on": "2026-09-15",
        "reason": "personal",
        "expected_return_on": "2026-12-01",
    }
    interrupted = put(morocco, track, "interruption", body).json
    assert interrupted["status"] == "interrupted"
    again = put(morocco, track, "interruption", body)
    assert (again.status_code, again.json["code"], again.json["allowed"]) == (
        409,
        "track_transition_not_allowed",
        ["running", "completed"],
    )
    early = put(morocco, track, "return", {"returned_on": "2026-09-14"})
    assert [(e["pointer"], e["code"]) for e in early.json["errors"]] == [
        ("/returned_on", "date_before_interruption")
    ]
    back = put(morocco, track, "return", {"returned_on": "2026-10-20"}).json
    assert (back["status"], back["return"]["returned_on"]) == ("running", None)
    assert back["interruptions"] == [body | {"returned_on": "2026-10-20"}]
    to_nowhere = {"returned_on": "2026-10-20", "to": "programme"}
    assert put(morocco, track, "return", to_nowhere).status_code == 409


def test_a_return_is_not_expected_before_it_began(morocco, track):
    answer = put(
        morocco,
        track,
        "interruption",
        {
            "interrupted_on": "2026-09-15",
            "reason": "other",
            "expected_return_on": "2026-09-01",
        },
    )
    assert [(e["pointer"], e["code"]) for e in answer.json["errors"]] == [
        ("/expected_return_on", "date_before_interruption")
    ]


def test_who_returns_home_brings_experience_along(morocco, flanders, achieved):
    award(flanders, achieved, "B")
    worked = {
        "activity": "Electrician",
        "employer": "Workshop of Ghent (example)",
        "place": "BE-FL",
        "began_on": "2025-01-07",
        "ended_on": "2026-09-30",
        "evidence": EVIDENCE,
    }
    back = put(
        morocco,
        achieved,
        "return",
        {"returned_on": "2026-10-05", "experience": [worked]},
    ).json

    assert back["return"] == {"returned_on": "2026-10-05", "experience": [worked]}
    assert (back["status"], statuses(back)["B"]) == ("running", "awarded")
    assert statuses(award(morocco, achieved, "A").json)["A"] == "awarded"


def test_course_and_consent_may_change(morocco, track):
    assert put(morocco, track, "track", {"track": "home"}).json["track"] == "home"
    withdrawn = put(morocco, track, "consent", {"joint_form": False}).json
    assert withdrawn["consent"] == {
        "joint_form": False,
        "follow_up": False,
        "given_on": None,
    }
    undated = put(morocco, track, "consent", {"joint_form": True})
    assert [(e["pointer"], e["code"]) for e in undated.json["errors"]] == [
        ("/given_on", "required")
    ]


def test_tracks_are_listed_for_whoever_takes_part(morocco, flanders, office_of):
    for number in range(3):
        track = opened(morocco, participant_ref=f"P-{number}")
    put(
        morocco,
        track,
        "interruption",
        {"interrupted_on": "2026-10-01", "reason": "other"},
    )
    for office in (morocco, flanders):
        first = office.get(f"{LIST}?limit=2").json
        rest = office.get(f"{LIST}?limit=2&cursor={first['next']}").json
        listed = [*first["items"], *rest["items"]]
        assert [each["participant_ref"] for each in listed] == ["P-0", "P-1", "P-2"]
        assert rest["next"] is None
        assert listed[0]["awards"] == [
            {"target": "A", "authority": "ma-demo", "status": "open"},
            {"target": "B", "authority": "be-fl-demo", "status": "open"},
        ]
        assert "Haddad" not in json.dumps(listed)
        (interrupted,) = office.get(f"{LIST}?status=interrupted").json["items"]
        assert interrupted["id"] == track["id"]
        assert office.get(f"{LIST}?status=lost").status_code == 422
    assert office_of("be-fr-demo").get(LIST).json["items"] == []


def test_the_curriculum_is_held_against_other_destinations(morocco, office_of):
    track = opened(
        morocco,
        units=[
            *[a_unit(number) for number in (1, 2, 3)],
            a_unit(4, covers_differences=["Final project"]),
        ],
        destinations=[
            {
                "destination": "NL",
                "qualification": "nl-nlqf--associate-degree",
                "requirements": {"credits": "150"},
                "differences": ["Final project", "Dutch safety rules"],
            }
        ],
    )
    achieve(morocco, track, "u1")
    path = f"{LIST}/{track['id']}/gap"

    (netherlands,) = morocco.get(f"{path}?destination=NL").json["items"]
    assert netherlands == {
        "destination": "NL",
        "qualification": "nl-nlqf--associate-degree",
        "units_count": "as_if",
        "missing": [{"requirement": "credits", "needed": "120"}],
        "missing_in_the_end": [{"requirement": "credits", "needed": "30"}],
        "differences": {
            "covered": [],
            "planned": ["Final project"],
            "open": ["Dutch safety rules"],
        },
        "decides": False,
    }
    for name in ("B", "BE-FL"):
        (flemish,) = morocco.get(f"{path}?destination={name}").json["items"]
        assert (flemish["destination"], flemish["units_count"]) == ("BE-FL", "by_rule")
        assert flemish["missing"] == [{"requirement": "credits", "needed": "90"}]
        assert flemish["missing_in_the_end"] == []
    assert len(morocco.get(path).json["items"]) == 3
    unknown = morocco.get(f"{path}?destination=DE")
    assert unknown.status_code == 422
    assert unknown.json["errors"][0]["code"] == "unknown_destination"
    assert office_of("be-fr-demo").get(path).status_code == 404
