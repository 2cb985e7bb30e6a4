"""What became of Amina is asked with her consent, and forgotten without it."""

from datetime import datetime

import pytest
from sqlalchemy import select

from recognition_service.dual_certification.models import TrackFollowUp
from tests.journeys.paths import LIST, a_track, achieve, award, opened, put

CONSENT = {"joint_form": True, "follow_up": True, "given_on": "2026-09-01"}
WORKS = {
    "employed": True,
    "occupation": "3113",
    "same_sector": True,
    "residence": "BE-FL",
}
HEAD = (
    "programme,participant_ref,months,answered_on,employed,occupation,same_sector,"
    "residence\r\n"
)


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


def an_awarded_track(morocco, flanders, **more):
    track = opened(morocco, **({"consent": CONSENT, "origin": "MA"} | more))
    achieve(morocco, track, "u1", "u2", "u3", "u4")
    assert award(morocco, track, "A", awarded_on="2026-10-15").status_code == 200
    assert award(flanders, track, "B").status_code == 200
    return track


@pytest.fixture
def awarded(morocco, flanders):
    return an_awarded_track(morocco, flanders)


@pytest.fixture
def half_a_year_later(clock, awarded):
    clock.instant = datetime.fromisoformat("2027-05-03T09:00+00:00")
    return awarded


def answered(office, track, months=6, **more):
    return put(office, track, f"follow-ups/{months}", WORKS | more)


def hand_in(office, text, **more):
    return office.client.post(
        f"/api/v1{LIST}/follow-ups",
        data=text,
        headers={"Authorization": f"Bearer {office.api_keys['officer']}"},
        content_type="text/csv",
        **more,
    )


def kept(runtime):
    with runtime.database.reading() as session:
        return list(session.scalars(select(TrackFollowUp.months)))


def test_an_answer_tells_where_somebody_is_and_at_which_level(
    morocco, half_a_year_later
):
    answer = answered(morocco, half_a_year_later)
    assert answer.status_code == 200, answer.json
    assert answer.json["origin"] == "MA"
    assert answer.json["follow_ups"] == [
        WORKS
        | {
            "months": 6,
            "answered_on": "2027-05-03",
            "movement": "moved",
            "expected_skill_level": 3,
            "deskilling": "no",
        }
    ]
    event = answer.json["history"][-1]
    assert (event["event"], event["months"]) == ("follow_up_recorded", 6)


def test_without_an_origin_the_one_state_of_the_programme_counts(
    morocco, flanders, clock
):
    track = an_awarded_track(morocco, flanders, programme="lu-cv", origin=None)
    clock.instant = datetime.fromisoformat("2027-05-03T09:00+00:00")
    for residence, found in (("CV", "returned"), ("LU", "moved")):
        (kept_answer,) = answered(morocco, track, residence=residence).json[
            "follow_ups"
        ]
        assert kept_answer["movement"] == found
    unknown = an_awarded_track(morocco, flanders, origin=None, participant_ref="P-9")
    clock.instant = datetime.fromisoformat("2028-05-03T09:00+00:00")
    told = answered(morocco, unknown).json["follow_ups"]
    assert [each["movement"] for each in told] == ["not_established"]


def test_a_second_answer_replaces_the_first(morocco, half_a_year_later):
    answered(morocco, half_a_year_later)
    below = answered(
        morocco,
        half_a_year_later,
        occupation="9112",
        residence="MA",
        answered_on="2027-05-01",
    )
    (only,) = below.json["follow_ups"]
    assert (only["deskilling"], only["movement"]) == ("yes", "returned")
    assert only["answered_on"] == "2027-05-01"


def test_nobody_is_asked_without_consent(morocco, flanders, clock):
    silent = an_awarded_track(morocco, flanders, consent=CONSENT | {"follow_up": False})
    clock.instant = datetime.fromisoformat("2027-05-03T09:00+00:00")
    refused = answered(morocco, silent)
    assert (refused.status_code, refused.json["code"]) == (
        409,
        "follow_up_not_consented",
    )
    assert morocco.get(f"{LIST}/follow-ups").json["items"] == []
    late = CONSENT | {"given_on": "2027-05-02"}
    assert put(morocco, silent, "consent", late).status_code == 200
    before = answered(morocco, silent, answered_on="2027-05-01")
    assert before.json["code"] == "follow_up_not_consented"
    assert answered(morocco, silent).status_code == 200


def test_nobody_is_asked_before_the_time(morocco, awarded):
    early = answered(morocco, awarded)
    assert (early.status_code, early.json["code"], early.json["due_on"]) == (
        409,
        "follow_up_too_early",
        "2027-04-30",
    )
    running = opened(morocco, consent=CONSENT, participant_ref="P-7")
    assert answered(morocco, running).json["due_on"] is None
    never = answered(morocco, awarded, months=9)
    assert (never.status_code, never.json["code"]) == (404, "follow_up_not_found")


def test_what_does_not_fit_is_named(morocco, half_a_year_later):
    wrong = answered(
        morocco, half_a_year_later, employed=False, occupation="99", residence="XX"
    )
    assert wrong.status_code == 422
    assert [each["pointer"] for each in wrong.json["errors"]] == [
        "/occupation",
        "/occupation",
        "/same_sector",
        "/residence",
    ]
    assert "follow_ups" not in wrong.json


def test_only_the_keeper_records_and_reads(morocco, flanders, half_a_year_later):
    refused = answered(flanders, half_a_year_later)
    assert (refused.status_code, refused.json["code"]) == (403, "not_keeper")
    answered(morocco, half_a_year_later)
    seen = flanders.get(f"{LIST}/{half_a_year_later['id']}").json
    assert seen["follow_ups"] is None


def test_taking_the_consent_back_erases_the_answers(
    morocco, half_a_year_later, runtime
):
    answered(morocco, half_a_year_later)
    assert kept(runtime) == [6]
    none = {"joint_form": False, "follow_up": False, "given_on": None}
    changed = put(morocco, half_a_year_later, "consent", none).json
    assert changed["follow_ups"] == []
    assert kept(runtime) == []
    assert [each["event"] for each in changed["history"][-2:]] == [
        "follow_up_erased",
        "consent_given",
    ]
    assert answered(morocco, half_a_year_later).status_code == 409


def test_the_list_tells_who_is_due_and_since_when(morocco, flanders, clock):
    first = an_awarded_track(morocco, flanders)
    second = an_awarded_track(morocco, flanders, participant_ref="P-7")
    assert morocco.get(f"{LIST}/follow-ups").json["items"] == []
    soon = morocco.get(f"{LIST}/follow-ups?due_before=2027-05-01").json["items"]
    assert [each["track"] for each in soon] == [first["id"], second["id"]]
    assert soon[0]["due"] == [{"months": 6, "due_on": "2027-04-30"}]
    assert morocco.get(f"{LIST}/follow-ups?due_before=2027-04-30").json["items"] == []
    clock.instant = datetime.fromisoformat("2027-11-02T09:00+00:00")
    assert answered(morocco, first).status_code == 200
    page = morocco.get(f"{LIST}/follow-ups?limit=1").json
    assert page["items"][0]["due"] == [{"months": 12, "due_on": "2027-10-30"}]
    (other,) = morocco.get(f"{LIST}/follow-ups?limit=1&cursor={page['next']}").json[
        "items"
    ]
    assert (other["participant_ref"], len(other["due"])) == ("P-7", 2)
    assert flanders.get(f"{LIST}/follow-ups").json["items"] == []
    wrong = morocco.get(f"{LIST}/follow-ups?due_before=soon")
    assert (wrong.status_code, wrong.json["errors"][0]["code"]) == (422, "not_a_date")


def test_many_answers_come_as_a_file_that_is_tried_first(
    morocco, flanders, half_a_year_later, runtime
):
    an_awarded_track(morocco, flanders, participant_ref="P-7")
    text = HEAD + (
        "prog-example-1,P-0042,6,2027-05-02,yes,3113,yes,BE-FL\r\n"
        "prog-example-1,P-7,6,,no,,,MA\r\n"
    )
    tried = hand_in(morocco, text, query_string={"dry_run": "true"})
    assert tried.json == {"rows": 2, "recorded": 0, "dry_run": True}
    assert kept(runtime) == []
    done = hand_in(morocco, text)
    assert done.json == {"rows": 2, "recorded": 2, "dry_run": False}
    shown = morocco.get(f"{LIST}/{half_a_year_later['id']}").json
    assert shown["follow_ups"][0]["answered_on"] == "2027-05-02"
    assert hand_in(morocco, text).status_code == 200
    assert kept(runtime) == [6, 6]


@pytest.mark.usefixtures("half_a_year_later")
def test_one_wrong_row_keeps_the_whole_file_out(morocco, runtime):
    text = HEAD + (
        "prog-example-1,P-0042,6,,yes,3113,yes,BE-FL\r\n"
        "prog-example-1,P-0042,12,,yes,3113,yes,BE-FL\r\n"
        "prog-example-1,P-99,6,,yes,3113,yes,BE-FL\r\n"
    )
    refused = hand_in(morocco, text)
    assert (refused.status_code, refused.json["code"]) == (422, "follow_up_invalid")
    assert [(each["row"], each["code"]) for each in refused.json["errors"]] == [
        (3, "follow_up_too_early"),
        (4, "track_not_found"),
    ]
    assert kept(runtime) == []


@pytest.mark.usefixtures("half_a_year_later")
@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        ("prog-example-1,P-0042,6,,perhaps,,,MA", "/2/employed", "not_a_boolean"),
        ("prog-example-1,P-0042,9,,no,,,MA", "/2/months", "not_in_enum"),
        ("prog-example-1,P-0042,x,,no,,,MA", "/2/months", "not_a_whole_number"),
        ("prog-example-1,,6,,no,,,MA", "/2/participant_ref", "required"),
        ("prog-example-1,P-0042,6,,no,,,=1+1", "/2/residence", "formula"),
        ("prog-example-1,P-0042,6,,no,,,MA,more", "/2", "wrong_number_of_cells"),
        ("prog-example-1,P-0042,6,,no,9,,MA", "/2/occupation", "no_work"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_row_and_column(morocco, row, pointer, code):
    refused = hand_in(morocco, f"{HEAD}{row}\r\n")
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        (pointer, code)
    ]


@pytest.mark.usefixtures("half_a_year_later")
def test_a_file_names_each_participant_once_and_has_rows(morocco):
    row = "prog-example-1,P-0042,6,,no,,,MA\r\n"
    twice = hand_in(morocco, HEAD + row + row)
    assert twice.json["errors"][0] == {
        "pointer": "/3",
        "row": 3,
        "code": "duplicate_row",
        "detail": "Row 2 has an answer of the same participant.",
    }
    assert hand_in(morocco, HEAD).json["errors"][0]["code"] == "too_few"
    assert hand_in(morocco, "a,b\r\n").status_code == 422


def test_sex_is_taken_and_never_shown(morocco, flanders):
    person = {"family_name": "Haddad", "given_name": "Amina", "sex": "female"}
    track = opened(morocco, applicant=person)
    for office in (morocco, flanders):
        seen = office.get(f"{LIST}/{track['id']}")
        assert "female" not in seen.get_data(as_text=True)


def test_an_origin_is_a_jurisdiction_of_the_tables(morocco):
    refused = morocco.post(LIST, a_track(origin="Atlantis"))
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
        ("/origin", "unknown_code")
    ]
