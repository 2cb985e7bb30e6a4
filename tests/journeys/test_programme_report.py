"""The report of a programme is what its tracks add up to, without small numbers."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from recognition_service.authorities.models import Role
from recognition_service.dual_certification.models import (
    CurriculumRow,
    Track,
    TrackAward,
    TrackBackground,
    TrackFollowUp,
    TrackParticipant,
)
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_rows
from tests.journeys.office import Office
from tests.journeys.paths import a_target, a_unit
from tests.pages.conftest import browser
from tests.web.conftest import add_person

KEEPER, OTHER, PROGRAMME = "ma-demo", "be-fl-demo", "prog-example-1"
LATER = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)
COSTS = [
    {"kind": "training", "payer": "origin_state", "share": "60"},
    {"kind": "training", "payer": "employer", "share": "40"},
    {"kind": "fee", "payer": "beneficiary", "share": "100"},
]
CURRICULUM = {
    "targets": [a_target("A"), a_target("B")],
    "units": [a_unit(1, costs=COSTS), a_unit(2)],
    "destinations": [],
}
# So many people, with what they have in common: sex, age, course, awards of A and B
# (earned, recognised, or None), and what they answered after half a year.
CROWD = (
    (
        12,
        "female",
        "15-24",
        "home",
        ("earned", "earned"),
        ("at_level", "same", "stayed"),
    ),
    (
        9,
        "female",
        "25-29",
        "away",
        ("earned", "earned"),
        ("below_level", "not_in_it", "moved"),
    ),
    (
        8,
        "male",
        "15-24",
        "away",
        ("earned", "recognised"),
        ("no_work", "not_in_it", "moved"),
    ),
    (7, "male", "from_30", "home", ("earned", None), None),
    (6, "not_stated", "not_stated", "away", (None, None), None),
)


def track_rows(keeper, group, number, day):
    _, sex, band, course, awards, answer = group
    key = {"authority_id": keeper, "id": new_id(LATER)}
    of_track = {"authority_id": keeper, "track_id": key["id"]}
    is_completed = awards != (None, None) and awards[1] is not None
    yield (
        Track,
        key
        | {
            "curriculum": "sha256-example",
            "programme": PROGRAMME,
            "is_example": True,
            "participant_ref": f"P-{sex}-{band}-{course}-{number}-{day}",
            "course": course,
            "status": "completed" if is_completed else "running",
            "enrolled_on": day,
            "consent": {"joint_form": False, "follow_up": True, "given_on": None},
            "interruptions": [],
            "opened_at": LATER,
            "opened_by": "service",
            "version": 1,
        },
    )
    yield TrackParticipant, key | {"other_names": [], "experience": []}
    yield TrackBackground, key | {"sex": sex, "age_band": band}
    for position, how in enumerate(awards):
        yield (
            TrackAward,
            {
                "authority_id": (KEEPER, OTHER)[position],
                "id": new_id(LATER),
                "keeper_id": keeper,
                "track_id": key["id"],
                "position": position,
                "target": "AB"[position],
                "status": "awarded" if how else "open",
                "how": how,
                "awarded_on": day.replace(month=6) if how else None,
                "decided_on": day.replace(month=7) if how else None,
            },
        )
    if answer is not None:
        work, sector, movement = answer
        yield (
            TrackFollowUp,
            of_track
            | {
                "months": 6,
                "answered_on": day.replace(month=12),
                "employed": work != "no_work",
                "residence": "MA",
                "work": work,
                "sector": sector,
                "movement": movement,
                "recorded_at": LATER,
                "recorded_by": "service",
            },
        )


def a_programme(runtime, *days, keeper=KEEPER, crowd=CROWD):
    shared = {"authority_id": keeper, "digest": "sha256-example", "content": CURRICULUM}
    with runtime.database.transaction() as session:
        insert_rows(session, CurriculumRow, [shared])
        for day in days:
            for group in crowd:
                for number in range(group[0]):
                    for model, row in track_rows(keeper, group, number, day):
                        insert_rows(session, model, [row])


@pytest.fixture
def crowd(runtime, clock):
    a_programme(runtime, date(2026, 1, 15))
    clock.instant = LATER


@pytest.fixture
def morocco(office_of):
    return office_of(KEEPER)


@pytest.fixture
def report(crowd, morocco):
    del crowd
    answer = morocco.get(f"/programmes/{PROGRAMME}/report")
    assert answer.status_code == 200, answer.json
    return answer.json


def value(report, name, months=None):
    (found,) = [
        each
        for each in report["indicators"]
        if (each["indicator"], each["months"]) == (name, months)
    ]
    return found["value"] if found["standing"] == "known" else found["standing"]


def cell(report, table, months=None, **place):
    (found,) = [
        each
        for each in report["tables"]
        if (each["table"], each["months"]) == (table, months)
    ]
    (only,) = [
        each["count"]
        for each in found["cells"]
        if all(each[name] == group for name, group in place.items())
    ]
    return only


def test_the_figures_are_those_of_a_count_by_hand(report):
    assert value(report, "participants") == 12 + 9 + 8 + 7 + 6
    assert value(report, "home_share") == round((12 + 7) / 42, 3)
    assert value(report, "completions") == 12 + 9 + 8
    assert value(report, "dual_certifications") == 12 + 9
    assert value(report, "awards") == (12 + 9) * 2 + 8 * 2 + 7
    assert value(report, "awards_earned") == (12 + 9) * 2 + 8 + 7
    assert value(report, "awards_recognised") == 8
    assert value(report, "employed_share", 6) == round((12 + 9) / 29, 3)
    assert value(report, "at_level_share", 6) == round(12 / 21, 3)
    assert value(report, "deskilling_share", 6) == round(9 / 21, 3)
    assert value(report, "same_sector_share", 6) == round(12 / 29, 3)
    assert value(report, "stayed_share", 6) == round(12 / 29, 3)
    assert value(report, "moved_share", 6) == round(17 / 29, 3)
    assert value(report, "returned_share", 6) == 0
    assert value(report, "employed_share", 12) == "not_known"
    assert value(report, "wages") == "not_collected"


def test_the_tables_tell_by_sex_age_country_and_work(report):
    assert cell(report, "participants_by_sex", sex="female", course="home") == 12
    assert cell(report, "participants_by_sex", sex="female", course="total") == 21
    assert cell(report, "participants_by_sex", sex="not_stated", course="away") == 6
    assert cell(report, "participants_by_age", age_band="15-24", course="away") == 8
    assert cell(report, "completions_by_sex", sex="male", result="award") == 8
    assert cell(report, "completions_by_age", age_band="from_30", result="total") == 0
    assert cell(report, "awards", country="MA", how="earned") == 36
    assert cell(report, "awards", country="BE", how="recognised") == 8
    assert cell(report, "work_by_sex", 6, sex="male", work="no_work") == 8
    assert cell(report, "work_by_age", 6, age_band="25-29", work="below_level") == 9
    assert cell(report, "movement", 6, movement="moved") == 17
    assert cell(report, "sector", 6, sector="total") == 29


def test_costs_are_the_mean_of_what_units_tell(report):
    assert report["cost_sharing"] == [
        {"kind": "training", "payer": "origin_state", "per_cent": "60", "units": 1},
        {"kind": "training", "payer": "employer", "per_cent": "40", "units": 1},
        {"kind": "fee", "payer": "beneficiary", "per_cent": "100", "units": 1},
    ]
    assert value(report, "cost_beneficiary") == 0.5
    assert value(report, "cost_employer") == 0.2
    assert value(report, "cost_destination_state") == 0


def test_each_side_has_its_indicators_and_each_figure_its_goals(report):
    assert list(report["benefits"]) == [
        "individual",
        "employer",
        "origin",
        "destination",
    ]
    for group in report["benefits"].values():
        assert len(group) >= 4
    for each in (*report["indicators"], *report["tables"]):
        assert set(each["sdg"]) <= {"4.3", "4.4", "8.5", "8.8", "10.7"}
        assert each["sdg"]
        assert set(each["gcm"]) <= {"5", "18"}
        assert each["gcm"]
    named = {goal for each in report["indicators"] for goal in each["sdg"]}
    assert named == {"4.3", "4.4", "8.5", "8.8", "10.7"}


def test_small_numbers_are_hidden_with_others(runtime, clock, morocco):
    small = (
        (
            3,
            "female",
            "15-24",
            "home",
            ("earned", "earned"),
            ("below_level", "same", "stayed"),
        ),
        (
            20,
            "male",
            "25-29",
            "home",
            ("earned", "earned"),
            ("at_level", "same", "stayed"),
        ),
        (
            20,
            "female",
            "25-29",
            "away",
            ("earned", "earned"),
            ("at_level", "same", "moved"),
        ),
    )
    a_programme(runtime, date(2026, 1, 15), crowd=small)
    clock.instant = LATER
    report = morocco.get(f"/programmes/{PROGRAMME}/report").json
    assert value(report, "participants") == 43
    assert cell(report, "participants_by_sex", sex="female", course="home") is None
    hidden = [
        each
        for table in report["tables"]
        if table["table"] == "participants_by_sex"
        for each in table["cells"]
        if each["suppressed"]
    ]
    assert len(hidden) >= 4
    assert value(report, "deskilling_share", 6) == "suppressed"
    assert cell(report, "work_by_sex", 6, sex="female", work="below_level") is None


def test_years_are_summed_from_what_each_shows(runtime, clock, morocco):
    a_programme(runtime, date(2025, 1, 15), date(2026, 1, 15))
    clock.instant = LATER
    path = f"/programmes/{PROGRAMME}/report"
    both = morocco.get(path).json
    assert both["period"] == {"id": "all", "begin": "2025-01-01", "end": "2026-12-31"}
    assert value(both, "participants") == 84
    one = morocco.get(f"{path}?period=2025").json
    assert (one["period"]["id"], value(one, "participants")) == ("2025", 42)


@pytest.mark.usefixtures("crowd")
def test_a_year_is_told_once_it_is_over_and_no_quarter_ever(morocco, clock):
    path = f"/programmes/{PROGRAMME}/report"
    for period, code in (
        ("2027", "period_not_over"),
        ("2026-Q1", "not_a_period"),
        ("", "not_a_period"),
    ):
        refused = morocco.get(f"{path}?period={period}")
        assert refused.status_code == 422
        assert refused.json["errors"][0]["code"] == code
    clock.instant = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)
    early = morocco.get(path).json
    assert early["period"] == {"id": "all", "begin": None, "end": None}
    assert value(early, "participants") == 0


@pytest.mark.usefixtures("crowd")
def test_an_observer_reads_the_report_and_no_track(runtime, client):
    olu = Office(client, {"officer": add_person(runtime, "Olu", KEEPER, Role.OBSERVER)})
    report = olu.get(f"/programmes/{PROGRAMME}/report")
    assert (report.status_code, value(report.json, "participants")) == (200, 42)
    assert olu.get("/dual-certifications").status_code == 403
    assert olu.get("/dual-certifications/follow-ups").status_code == 403


@pytest.mark.usefixtures("crowd")
def test_authorities_report_on_the_tracks_that_they_keep(office_of, client):
    path = f"/programmes/{PROGRAMME}/report"
    other = office_of(OTHER).get(path)
    assert (other.status_code, other.json["code"]) == (404, "unknown_code")
    assert client.get(f"/api/v1{path}").status_code == 401


def test_a_programme_of_the_tables_is_held_against_its_plan(clock, morocco):
    clock.instant = LATER
    report = morocco.get("/programmes/thamm-enabel/report").json
    plan = [
        each for each in report["planned_and_achieved"] if each["kind"] == "planned"
    ]
    assert (plan[0]["value_from"], plan[0]["unit"], plan[0]["comparable"]) == (
        350,
        "persons",
        True,
    )
    assert (plan[0]["participants"], plan[0]["reached"]) == (0, 0)
    assert (plan[1]["unit"], plan[1]["comparable"]) == ("percent", False)
    assert morocco.get("/programmes/nonsense/report").status_code == 404


@pytest.mark.usefixtures("crowd")
def test_the_file_says_the_same_with_goals(morocco):
    answer = morocco.get(f"/programmes/{PROGRAMME}/report?format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    by_name = {
        (row["figure"], row["months"], row["row"], row["column"]): row for row in rows
    }
    assert by_name["participants", "", "", ""] == {
        "figure": "participants",
        "months": "",
        "row": "",
        "column": "",
        "value": "42",
        "unit": "persons",
        "standing": "known",
        "sdg": "4.3",
        "gcm": "18",
    }
    assert by_name["work_by_sex", "6", "male", "no_work"]["value"] == "8"
    assert by_name["wages", "", "", ""]["standing"] == "not_collected"
    assert by_name["cost_sharing", "", "fee", "beneficiary"]["value"] == "100"
    accepted = morocco.get(f"/programmes/{PROGRAMME}/report", Accept="text/csv")
    assert accepted.data == answer.data


@pytest.fixture
def look(client):
    return browser(client)


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_tells_it_in_words_pictures_and_tables(look, language):
    page = look(f"/programmes/{PROGRAMME}/report?lang={language}")
    assert page.status == 200
    assert "programme_report." not in page.source
    assert "statistics." not in page.source
    assert "{" not in page.text
    pictures = page.all("svg", role="img")
    assert len(pictures) >= 5
    for picture in pictures:
        title, description = picture["aria-labelledby"].split()
        assert page.one("title", id=title)
        assert page.one("desc", id=description)
    assert page.all("script") == page.all("style") == []
    assert page.one("a", hreflang="fr")["href"].startswith(
        f"/programmes/{PROGRAMME}/report"
    )


@pytest.mark.usefixtures("crowd")
def test_the_page_is_one_of_an_authority_and_a_year(look):
    path = f"/programmes/{PROGRAMME}/report"
    page = look(f"{path}?authority={KEEPER}&period=2026")
    assert page.status == 200
    assert "Example, not real" in page.text
    assert "72.4% after 6 months; not known after 12 months" in page.text
    assert "not asked here" in page.text
    assert look(f"{path}?authority={OTHER}").status == 404
    for period in ("2027", "2026-Q1", "2020"):
        assert look(f"{path}?period={period}").status == 404


def test_the_page_of_a_live_service_shows_no_test_authority(
    runtime, crowd, look, monkeypatch
):
    del crowd
    monkeypatch.setattr(runtime, "is_demo", False)
    assert look(f"/programmes/{PROGRAMME}/report").status == 404
