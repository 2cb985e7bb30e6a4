"""A cohort comes in as spreadsheets: enrolled, examined, awarded and attested."""

import pytest

from recognition_service.runtime import cohort_files_desk
from recognition_service.worker.loop import turn
from tests.journeys.office import verify
from tests.journeys.paths import LIST, a_unit, award, opened
from tests.journeys.sheets import (
    COLUMNS,
    PROGRAMME,
    a_result,
    a_sheet,
    an_award,
    an_enrolment,
    hand_in,
)

UNITS = ("u1", "u2", "u3", "u4")


@pytest.fixture
def morocco(office_of, runtime):
    """The office that keeps the tracks, with the worker at hand."""
    office = office_of("ma-demo")
    office.runtime = runtime
    return office


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def model(morocco):
    """The track whose curriculum all others follow."""
    return opened(morocco)["id"]


def enrolled(office, model, numbers):
    rows = [an_enrolment(number) for number in numbers]
    answer = hand_in(office, "enrolments", rows, like=model)
    assert answer.status_code == 200, answer.json
    return answer.json


def taken(office, kind, rows, **more):
    answer = hand_in(office, kind, rows, programme=PROGRAMME, **more)
    assert answer.status_code == 200, answer.json
    return answer.json


def tracks_of(office):
    """Every track of the office by what the participant is called."""
    found, path = {}, f"{LIST}?limit=100"
    while path:
        page = office.get(path).json
        found |= {each["participant_ref"]: each for each in page["items"]}
        path = page["next"] and f"{LIST}?limit=100&cursor={page['next']}"
    return found


def faults(answer, status=422):
    assert answer.status_code == status, answer.json
    return [(each["pointer"], each["code"]) for each in answer.json["errors"]]


def test_three_hundred_participants_are_awarded_doubly_by_files_alone(
    client, morocco, flanders, model
):
    numbers = range(300)
    told = enrolled(morocco, model, numbers)
    assert (told["total"], told["done"], told["failed"]) == (300, 300, 0)
    results = [a_result(number, unit) for number in numbers for unit in UNITS]
    large = hand_in(morocco, "results", results, programme=PROGRAMME)
    assert (large.status_code, large.json["state"]) == (202, "running")
    path = large.headers["Location"].partition("/api/v1")[2]
    turns = 0
    while morocco.get(path).json["state"] == "running":
        turn(morocco.runtime)
        turns += 1
        assert turns < 20
    done = morocco.get(path).json
    assert (done["done"], done["failed"], done["waiting"]) == (1200, 0, 0)
    for office, target in ((morocco, "A"), (flanders, "B")):
        told = taken(office, "awards", [an_award(each, target) for each in numbers])
        assert (told["kind"], told["done"]) == ("awards", 300)
    names = [{"participant_ref": f"P-{number}"} for number in numbers]
    for office, state in ((morocco, "held"), (flanders, "complete")):
        told = taken(
            office, "joint-signatures", names, as_="signatory", formats="vc_jwt"
        )
        assert {each.get("state") for each in told["items"]} == {state}
        assert [each["row"] for each in told["items"]] == list(range(2, 302))
    track = morocco.get(f"{LIST}/{tracks_of(morocco)['P-299']['id']}").json
    assert (track["dual_certification"], track["status"]) == (True, "completed")
    first, second = (
        office.token(each["attestation"])
        for office, each in zip((morocco, flanders), track["awards"], strict=True)
    )
    assert verify(client, first, peers=[second])["verdict"] == "valid"


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_a_template_has_the_columns_of_its_kind(morocco, kind):
    answer = morocco.get(f"{LIST}/csv-template?kind={kind}")
    assert answer.get_data(as_text=True) == ",".join(COLUMNS[kind]) + "\n"
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"{kind}.csv" in answer.headers["Content-Disposition"]


def test_a_template_is_asked_for_by_its_kind(morocco):
    answer = morocco.get(f"{LIST}/csv-template")
    assert answer.json["errors"][0]["parameter"] == "kind"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_spreadsheets_are_read_whatever_their_encoding(
    morocco, model, encoding
):
    row = an_enrolment(1, family_name="Bērziņa", name_on_evidence="أمينة حداد")
    sheet = a_sheet("enrolments", [row]).decode().encode(encoding)
    assert hand_in(morocco, "enrolments", sheet, like=model).status_code == 200
    track = morocco.get(f"{LIST}/{tracks_of(morocco)['P-1']['id']}").json
    assert track["applicant"]["family_name"] == "Bērziņa"
    assert track["applicant"]["other_names"] == [
        {"kind": "on_evidence", "name": "أمينة حداد"}
    ]
    assert track["consent"] == {
        "joint_form": True,
        "follow_up": False,
        "given_on": "2026-09-01",
    }


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"family_name": "=HYPERLINK(1)"}, "/3/family_name", "formula"),
        ({"given_name": "@SUM"}, "/3/given_name", "formula"),
        ({"participant_ref": "P-1"}, "/3/participant_ref", "duplicate_row"),
        ({"participant_ref": ""}, "/3/participant_ref", "required"),
        ({"birth_date": "17.05.2003"}, "/3/birth_date", "not_a_date"),
        ({"birth_date": "2031-05-17"}, "/3/birth_date", "date_in_future"),
        ({"joint_form": "true"}, "/3/joint_form", "not_in_enum"),
        ({"consent_given_on": ""}, "/3/consent_given_on", "required"),
        ({"track": "abroad"}, "/3/track", "not_in_enum"),
        ({"participant_ref": "P-0042"}, "/3/participant_ref", "participant_enrolled"),
    ],
)
def test_a_bad_row_is_named_and_nobody_is_enrolled(
    morocco, model, changes, pointer, code
):
    rows = [an_enrolment(1), an_enrolment(2, **changes)]
    for parameters in ({"dry_run": "true"}, {}):
        answer = hand_in(morocco, "enrolments", rows, like=model, **parameters)
        assert answer.json["code"] == "cohort_file_invalid"
        assert (pointer, code) in faults(answer)
        assert answer.json["errors"][0]["row"] == 3
    assert list(tracks_of(morocco)) == ["P-0042"]


@pytest.mark.parametrize(
    ("content", "pointer", "code"),
    [
        (b"", "/1", "header_missing"),
        (b"participant_ref;family_name\n1;2\n", "/1", "not_separated_by_commas"),
        (a_sheet("enrolments", []), "/1", "too_few"),
        (
            a_sheet("enrolments", [], [*COLUMNS["enrolments"], "nationality"]),
            "/1/nationality",
            "unknown_column",
        ),
        (
            a_sheet("enrolments", [], [*COLUMNS["enrolments"], "track"]),
            "/1/track",
            "column_twice",
        ),
        (
            a_sheet("enrolments", [], COLUMNS["enrolments"][1:]),
            "/1/participant_ref",
            "missing_column",
        ),
        (a_sheet("enrolments", []) + b"P-1," * 11 + b"\n", "/2", "ragged_row"),
        (a_sheet("enrolments", []) + b"P-1,\xff" + b"," * 8 + b"\n", "/2", "not_utf8"),
        (a_sheet("enrolments", []) + b'P-1,"Haddad' + b"\n", "/2", "csv_unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(morocco, model, content, pointer, code):
    found = faults(hand_in(morocco, "enrolments", content, like=model))
    assert {each[1]: each[0] for each in found}[code].startswith(pointer)


def test_a_dry_run_tells_that_a_file_is_good_and_changes_nothing(morocco, model):
    answer = hand_in(
        morocco, "enrolments", [an_enrolment(1)], like=model, dry_run="true"
    )
    assert answer.status_code == 200
    assert (answer.json["dry_run"], answer.json["total"]) == (True, 1)
    assert list(tracks_of(morocco)) == ["P-0042"]


def test_results_are_recorded_once_and_corrected_by_the_next_file(morocco, model):
    enrolled(morocco, model, [1])
    taken(morocco, "results", [a_result(1, "u1"), a_result(1, "u2")])
    path = f"{LIST}/{tracks_of(morocco)['P-1']['id']}"
    before = morocco.get(path).json
    taken(
        morocco,
        "results",
        [a_result(1, "u1"), a_result(1, "u2", kind="prior_learning")],
    )
    after = morocco.get(path).json
    assert [each["result"] and each["result"]["kind"] for each in after["units"]] == [
        "assessed",
        "prior_learning",
        None,
        None,
        None,
    ]
    events = [each["event"] for each in after["history"]]
    assert events == ["opened", *["result_recorded"] * 3]
    assert len(events) == len(before["history"]) + 1


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"unit": "u9"}, "/3", "unit_not_found"),
        ({"participant_ref": "P-9"}, "/3/participant_ref", "unknown_participant"),
        ({"evidence": "12"}, "/3/evidence", "not_a_digest"),
        ({"unit": "u1"}, "/3/participant_ref", "duplicate_row"),
        ({"participant_ref": ""}, "/3/track", "track_or_participant"),
        (
            {"participant_ref": "", "track": "0193a1c2-0000-7000-8000-000000000000"},
            "/3",
            "track_not_found",
        ),
    ],
)
def test_a_bad_result_is_named_and_none_is_recorded(
    morocco, model, changes, pointer, code
):
    enrolled(morocco, model, [1])
    rows = [a_result(1, "u1"), a_result(1, "u2") | changes]
    answer = hand_in(morocco, "results", rows, programme=PROGRAMME)
    assert faults(answer) == [(pointer, code)]
    track = morocco.get(f"{LIST}/{tracks_of(morocco)['P-1']['id']}").json
    assert [each["result"] for each in track["units"]] == [None] * 5


def test_only_the_keeper_records_and_only_what_no_award_rests_on(
    morocco, flanders, model
):
    enrolled(morocco, model, [1])
    rows = [a_result(1, unit) for unit in UNITS]
    assert faults(hand_in(flanders, "results", rows, programme=PROGRAMME)) == [
        (f"/{line}", "not_keeper") for line in (2, 3, 4, 5)
    ]
    taken(morocco, "results", rows)
    taken(morocco, "awards", [an_award(1, "A")])
    taken(morocco, "results", rows)
    changed = [a_result(1, "u1", assessor="Somebody else")]
    answer = hand_in(morocco, "results", changed, programme=PROGRAMME)
    assert faults(answer) == [("/2", "result_settled")]


def test_one_award_that_is_refused_leaves_all_undecided(morocco, model):
    enrolled(morocco, model, [1, 2])
    taken(morocco, "results", [a_result(1, unit) for unit in UNITS])
    rows = [an_award(1, "A"), an_award(2, "A")]
    answer = hand_in(morocco, "awards", rows, programme=PROGRAMME)
    assert faults(answer) == [("/3", "requirements_open")]
    assert answer.json["errors"][0]["missing"] == [
        {"requirement": "credits", "needed": "120"}
    ]
    refusal = an_award(2, "A", status="refused", awarded_on="", how="")
    answer = hand_in(morocco, "awards", [rows[0], refusal], programme=PROGRAMME)
    assert faults(answer) == [("/3/reason", "required")]
    assert tracks_of(morocco)["P-1"]["awards"][0]["status"] == "open"
    taken(morocco, "awards", [rows[0], refusal | {"reason": "No final project."}])
    found = tracks_of(morocco)
    assert [found[name]["awards"][0]["status"] for name in ("P-1", "P-2")] == [
        "awarded",
        "refused",
    ]


def test_a_file_takes_awards_back_too(morocco, model):
    enrolled(morocco, model, [1])
    taken(morocco, "results", [a_result(1, unit) for unit in UNITS])
    taken(morocco, "awards", [an_award(1, "A")])
    revoked = an_award(
        1, "A", status="revoked", awarded_on="", how="", reason="It was forged."
    )
    told = taken(morocco, "awards", [revoked])
    assert told["done"] == 1
    assert tracks_of(morocco)["P-1"]["awards"][0]["status"] == "revoked"


def test_who_signs_a_file_signs_for_names_that_are_known(morocco, model):
    enrolled(morocco, model, [1])
    rows = [{"participant_ref": "P-1"}, {"participant_ref": "P-9"}]
    answer = hand_in(
        morocco, "joint-signatures", rows, as_="signatory", programme=PROGRAMME
    )
    assert faults(answer) == [("/3/participant_ref", "unknown_participant")]
    told = taken(morocco, "joint-signatures", rows[:1], as_="signatory")
    assert told["items"][0]["problem"]["code"] == "base_not_awarded"


def test_a_large_file_is_looked_through_before_anything_is_done(
    morocco, model, monkeypatch
):
    monkeypatch.setattr(cohort_files_desk, "AT_ONCE", 2)
    rows = [an_enrolment(number) for number in (1, 2, 3)]
    bad = [*rows, an_enrolment(4, participant_ref="P-0042")]
    answer = hand_in(morocco, "enrolments", bad, like=model)
    assert faults(answer) == [("/5/participant_ref", "participant_enrolled")]
    assert list(tracks_of(morocco)) == ["P-0042"]
    waiting = hand_in(morocco, "enrolments", rows, like=model)
    assert (waiting.status_code, waiting.json["waiting"]) == (202, 3)

    # Meanwhile somebody is enrolled one by one.
    opened(morocco, participant_ref="P-2")
    while turn(morocco.runtime):
        pass
    turn(morocco.runtime)

    path = waiting.headers["Location"].partition("/api/v1")[2]
    done = morocco.get(path).json
    assert (done["state"], done["done"], done["failed"]) == ("finished", 2, 1)
    assert [(each["row"], each["code"]) for each in done["problems"]] == [
        (3, "participant_enrolled")
    ]
    assert sorted(tracks_of(morocco)) == ["P-0042", "P-1", "P-2", "P-3"]


def test_a_file_needs_to_know_where_its_names_belong(morocco, model):
    answer = hand_in(morocco, "results", [a_result(1, "u1")])
    assert answer.json["errors"][0]["parameter"] == "programme"
    answer = hand_in(morocco, "enrolments", [an_enrolment(1)])
    assert answer.json["errors"][0]["parameter"] == "like"
    taken(morocco, "results", [a_result(1, "u1", participant_ref="", track=model)])


def test_two_rows_about_the_same_are_seen_whatever_name_they_use(morocco, model):
    by_name = a_result(1, "u1", participant_ref="P-0042")
    by_id = a_result(1, "u1", participant_ref="", track=model)
    answer = hand_in(morocco, "results", [by_name, by_id], programme=PROGRAMME)
    assert faults(answer) == [("/3/unit", "duplicate_row")]


def test_only_the_keeper_enrols_more_like_the_first(flanders, model):
    answer = hand_in(flanders, "enrolments", [an_enrolment(1)], like=model)
    assert (answer.status_code, answer.json["code"]) == (403, "not_keeper")


def test_a_result_in_a_file_reaches_the_cases_that_rest_on_it(morocco, flanders):
    units = [a_unit(number) for number in (1, 2, 3, 4)]
    units.append(a_unit(5, counts_for=[{"target": "B", "rule": "9"}]))
    track = opened(morocco, units=units)
    rows = [a_result("0042", unit, participant_ref="P-0042") for unit in UNITS]
    taken(morocco, "results", [*rows, rows[0] | {"unit": "u5"}])
    assert award(morocco, track, "A").status_code == 200
    case = flanders.post(
        f"{LIST}/{track['id']}/recognition-requests",
        {
            "award": "A",
            "decision_kind": "equivalence_finding",
            "purpose": "general_employment",
        },
    ).json
    taken(morocco, "results", [rows[0] | {"unit": "u5", "assessor": "Another"}])
    after = flanders.get(f"/recognition-requests/{case['id']}").json
    assert after["training"]["units"][4]["assessor"] == "Another"
    assert after["history"][-1]["event"] == "training_result_corrected"
