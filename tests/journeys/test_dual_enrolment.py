"""Enrolments that break a rule are refused with the member and the rule."""

import json

import pytest

from recognition_service.dual_certification.models import Track
from tests.journeys.paths import BOTH, LIST, a_target, a_track, a_unit, opened
from tests.journeys.test_hostile_bodies import (
    HOSTILE,
    members,
    replaced,
    require_problem,
    send,
)

TWICE = [{"target": "A", "rule": "1"}, {"target": "A", "rule": "2"}]
NO_RULE = [{"target": "A", "rule": "1"}, {"target": "B"}]
UNKNOWN = [{"target": "C", "rule": "1"}]


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


def faults(answer):
    assert answer.status_code == 422, answer.json
    return [(error["pointer"], error["code"]) for error in answer.json["errors"]]


def with_last_unit(**more):
    """A track whose other units already reach both awards."""
    return {"units": [*[a_unit(n) for n in (1, 2, 3, 4)], a_unit(5, **more)]}


def with_targets(**of_b):
    return {"targets": [a_target("A"), a_target("B", **of_b)]}


BROKEN = [
    (with_last_unit(provider=None), "/units/4/provider", "provider_missing"),
    (with_last_unit(provider=""), "/units/4/provider", "provider_missing"),
    (with_last_unit(credits="-5"), "/units/4/credits", "negative_amount"),
    (with_last_unit(credits="five"), "/units/4/credits", "not_a_decimal"),
    (with_last_unit(credits=7.5), "/units/4/credits", "not_a_decimal"),
    (with_last_unit(credits=None), "/units/4/credits", "workload_missing"),
    (with_last_unit(id="u1"), "/units/4/id", "duplicate_unit"),
    (with_last_unit(id="a/b"), "/units/4/id", "not_a_key"),
    (
        with_last_unit(counts_for=TWICE),
        "/units/4/counts_for/1/target",
        "counted_twice",
    ),
    (
        with_last_unit(counts_for=NO_RULE),
        "/units/4/counts_for/1/rule",
        "rule_missing",
    ),
    (
        with_last_unit(counts_for=UNKNOWN),
        "/units/4/counts_for/0/target",
        "unknown_target",
    ),
    (with_last_unit(place="Mars"), "/units/4/place", "unknown_code"),
    (
        with_last_unit(costs=[{"kind": "fee", "payer": "employer", "share": "99.99"}]),
        "/units/4/costs",
        "shares_do_not_sum",
    ),
    (
        with_targets(requirements={"credits": "180"}),
        "/targets/1/requirements/credits",
        "credits_do_not_sum",
    ),
    (
        with_targets(requirements={"credits": "-1"}),
        "/targets/1/requirements/credits",
        "negative_amount",
    ),
    (
        with_targets(requirements={"units": ["u9"]}),
        "/targets/1/requirements/units/0",
        "unknown_unit",
    ),
    (with_targets(requirements={}), "/targets/1/requirements", "no_requirements"),
    (with_targets(depends_on="C"), "/targets/1/depends_on", "unknown_target"),
    (with_targets(depends_on="B"), "/targets/1/depends_on", "cyclic_dependency"),
    (
        with_targets(authority="nobody"),
        "/targets/1/authority",
        "unknown_code",
    ),
    (
        with_targets(qualification="be-fl-vks--nothing"),
        "/targets/1/qualification",
        "unknown_code",
    ),
    ({"targets": [a_target("A")]}, "/targets", "too_few"),
    ({"programme": "prog-1"}, "/programme", "unknown_code"),
    ({"nationality": "MA"}, "/nationality", "unknown_member"),
    (
        {"consent": {"joint_form": True}},
        "/consent/given_on",
        "required",
    ),
    ({"enrolled_on": "2027-01-01"}, "/enrolled_on", "date_in_future"),
]


def test_what_breaks_a_rule_is_named(morocco):
    found = [
        (changes, *faults(morocco.post(LIST, a_track(**changes))))
        for changes, _, _ in BROKEN
    ]

    assert found == [(changes, (pointer, code)) for changes, pointer, code in BROKEN]
    assert morocco.get(LIST).json["items"] == []


def test_two_awards_that_depend_on_each_other_are_both_named(morocco):
    targets = [a_target("A", depends_on="B"), a_target("B", depends_on="A")]

    assert faults(morocco.post(LIST, a_track(targets=targets))) == [
        (f"/targets/{number}/depends_on", "cyclic_dependency") for number in (0, 1)
    ]


def test_a_programme_admits_within_its_age_limits_only(morocco):
    for born, code in (
        ("2008-11-03", "under_age_limit"),
        ("1990-11-02", "over_age_limit"),
        (None, "birth_date_needed"),
    ):
        applicant = {"birth_date": born}
        answer = morocco.post(LIST, a_track(programme="lu-cv", applicant=applicant))
        assert faults(answer) == [("/applicant/birth_date", code)]
        assert "of 18 to that of 35" in answer.json["errors"][0]["detail"]


def test_both_age_limits_are_included(morocco):
    for born in ("2008-11-02", "1990-11-03"):
        track = opened(
            morocco,
            programme="lu-cv",
            participant_ref=born,
            applicant={"birth_date": born},
        )
        assert (track["programme"], track["is_example"]) == ("lu-cv", False)
        assert track["applicant"]["birth_date"] == born


def test_the_age_that_counts_is_that_of_the_enrolment(morocco):
    born = {"birth_date": "1990-11-02"}

    track = opened(morocco, programme="lu-cv", applicant=born, enrolled_on="2026-11-01")

    assert track["enrolled_on"] == "2026-11-01"


def test_a_track_needs_neither_a_programme_nor_a_name(morocco):
    track = opened(morocco, programme=None, applicant=None, consent=None)

    assert (track["programme"], track["applicant"]) == (None, None)
    assert track["is_example"] is False
    assert track["consent"] == {
        "joint_form": False,
        "follow_up": False,
        "given_on": None,
    }


def cohort(*references, **more):
    return [a_track(participant_ref=each, **more) for each in references]


def hand_in(office, body, content_type="application/jsonl"):
    lines = body if isinstance(body, str) else "\n".join(map(json.dumps, body))
    return office.client.post(
        f"/api/v1{LIST}",
        data=lines,
        content_type=content_type,
        headers={"Authorization": f"Bearer {office.api_keys['officer']}"},
    )


@pytest.mark.parametrize("as_lines", [False, True])
def test_a_cohort_is_enrolled_by_a_list(morocco, as_lines):
    rows = cohort("P-1", "P-2", "P-3")

    answer = hand_in(morocco, rows) if as_lines else morocco.post(LIST, rows)

    assert answer.status_code == 201
    assert [each["row"] for each in answer.json["items"]] == [1, 2, 3]
    listed = morocco.get(LIST).json["items"]
    assert [each["id"] for each in answer.json["items"]] == [
        each["id"] for each in listed
    ]
    path = answer.json["items"][1]["href"].removeprefix("https://recognition.example")
    assert morocco.get(path.removeprefix("/api/v1")).json["participant_ref"] == "P-2"


@pytest.mark.parametrize("as_lines", [False, True])
def test_a_double_in_a_list_is_refused_with_row_and_rule(morocco, as_lines):
    rows = cohort("P-1", "P-2", "P-1")

    answer = hand_in(morocco, rows) if as_lines else morocco.post(LIST, rows)

    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {
            "pointer": "/2/participant_ref",
            "row": 3,
            "code": "duplicate_participant",
            "detail": "Row 3 names P-1, as row 1 does. A participant is enrolled once.",
        }
    ]
    assert morocco.get(LIST).json["items"] == []


def test_who_is_enrolled_already_is_refused_and_nobody_else_is_enrolled(morocco):
    opened(morocco, participant_ref="P-2")

    answer = morocco.post(LIST, cohort("P-1", "P-2"))

    assert faults(answer) == [("/1/participant_ref", "participant_enrolled")]
    assert len(morocco.get(LIST).json["items"]) == 1
    alone = morocco.post(LIST, a_track(participant_ref="P-2"))
    assert faults(alone) == [("/participant_ref", "participant_enrolled")]


def test_every_row_that_does_not_fit_is_named(morocco):
    rows = [
        a_track(participant_ref="P-1"),
        a_track(participant_ref="P-2", targets=[a_target("A")]),
        7,
    ]

    answer = morocco.post(LIST, rows)

    assert faults(answer) == [("/1/targets", "too_few"), ("/2", "not_an_object")]
    assert [error["row"] for error in answer.json["errors"]] == [2, 3]
    assert morocco.get(LIST).json["items"] == []


def test_a_line_that_is_no_json_is_named_and_nobody_is_enrolled(morocco):
    good = json.dumps(a_track())

    answer = hand_in(morocco, f"{good}\n\n{{")

    assert faults(answer) == [("/1", "not_json")]
    assert answer.json["errors"][0]["row"] == 2
    assert morocco.get(LIST).json["items"] == []


def test_a_list_has_one_to_a_thousand_rows(morocco):
    for rows, code in (([], "too_few"), ([1] * 1001, "too_many")):
        answer = hand_in(morocco, json.dumps(rows), "application/json")
        assert faults(answer) == [("", code)]


def test_other_types_of_body_are_not_read(morocco):
    assert hand_in(morocco, "x", "text/csv").status_code == 415


def test_a_list_twice_with_one_key_enrols_once(morocco):
    key = {"Idempotency-Key": "cohort-1"}

    first, second = (morocco.post(LIST, cohort("P-1"), **key) for _ in "12")

    assert second.json == first.json
    assert len(morocco.get(LIST).json["items"]) == 1


def test_who_signs_reads_but_does_not_enrol(morocco):
    answer = morocco.post(LIST, a_track(), as_="signatory")
    assert (answer.status_code, answer.json["code"]) == (403, "role_missing")
    assert morocco.get(LIST, as_="signatory").status_code == 200


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
def test_hostile_members_of_a_track_are_named_and_nothing_is_written(
    office_of, runtime
):
    """What the databases are given is the same; one of them is enough here."""
    office, written = office_of("ma-demo"), 0
    good = a_track(
        targets=[
            a_target("A", requirements={"units": ["u1"], "learning_outcomes": ["x"]}),
            a_target(
                "B",
                requirements={
                    "credits": 1,
                    "groups": [{"name": "g", "units": ["u1"], "count": 1}],
                    "places": [{"place": "MA", "credits": "1"}],
                },
            ),
        ],
        units=[
            a_unit(
                1,
                learning_outcomes=["x"],
                costs=[{"kind": "fee", "payer": "employer", "share": 100}],
                counts_for=BOTH,
            )
        ],
    )
    for path in members(good):
        for value in HOSTILE:
            body = replaced(good, path, value)
            answer = send(office, "POST", LIST, body, {})
            require_problem(answer, (path, value))
            written += answer.status_code == 201
    with runtime.database.reading() as session:
        assert session.query(Track).count() == written
