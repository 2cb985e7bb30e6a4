"""Figures that an authority can publish: counted over all its cases, by REST."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest

from recognition_service.authorities.models import Role
from tests.journeys.crowd import NAMES, Group, a_crowd
from tests.journeys.office import API, Office
from tests.web.conftest import add_person

BE_FR = "be-fr-demo"
CROWD = (
    Group(20, sex="female", profession="nurse-general"),
    Group(12, sex="male"),
    Group(8, sex="male", outcome="refused"),
    Group(3, sex="female", outcome="refused"),
    Group(6, origin="TN", birth_date=date(2004, 1, 1)),
    Group(2, origin="LV"),
    Group(4, outcome=None),
)


@pytest.fixture
def brussels(runtime, office_of):
    """An authority that decided about a crowd in the third quarter."""
    a_crowd(runtime, BE_FR, CROWD, decided="2026-08-05")
    return office_of(BE_FR)


@pytest.fixture
def olu(runtime, client):
    """An observer of the same authority."""
    return Office(client, {"officer": add_person(runtime, "Olu", BE_FR, Role.OBSERVER)})


def asked(office, query, **headers):
    answer = office.get(f"/statistics?{query}", **headers)
    assert answer.status_code == 200, answer.json
    return answer.json


def cases(document, *names):
    return {
        tuple(cell[name] for name in names): cell["cases"] for cell in document["cells"]
    }


def fault(answer):
    assert answer.status_code == 422
    (found,) = answer.json["errors"]
    return found["parameter"], found["code"]


def test_requests_are_counted_by_origin_and_small_groups_are_not_named(brussels):
    told = asked(brussels, "period=2026-Q3&measure=applications&by=origin")
    assert cases(told, "origin") == {("MA",): 47, ("all_other",): 8}
    assert told["totals"] == {"all": {"cases": 55, "suppressed": False}}
    assert told["period"] == {
        "id": "2026-Q3",
        "begin": "2026-07-01",
        "end": "2026-09-30",
    }
    assert (told["authority"], told["dated"], told["threshold"]) == (
        BE_FR,
        "2026-11-02",
        5,
    )
    assert "Nationality is not asked for" in told["definitions"]["origin"]


def test_decisions_are_counted_by_two_dimensions_and_small_counts_are_null(brussels):
    told = asked(brussels, "period=2026-Q3&by=sex,outcome")
    found = cases(told, "sex", "outcome")
    assert found["female", "refused"] is found["female", "full"] is None
    assert found["male", "refused"] is found["male", "full"] is None
    assert found["not_stated", "full"] == 8
    assert found["not_stated", "refused"] == 0
    hidden = [cell for cell in told["cells"] if cell["suppressed"]]
    assert all(cell["cases"] is None for cell in hidden)
    totals = {each["sex"]: each["cases"] for each in told["totals"]["sex"]}
    assert totals == {"female": 23, "male": 20, "other": 0, "not_stated": 8}
    outcomes = {each["outcome"]: each["cases"] for each in told["totals"]["outcome"]}
    assert (outcomes["full"], outcomes["refused"]) == (40, 11)


def test_days_are_told_of_enough_cases(brussels):
    told = asked(brussels, "period=2026-Q3&measure=waiting&by=origin")
    assert told["cells"] == [
        {
            "origin": "MA",
            "cases": 43,
            "median_days": 30.0,
            "p90_days": 30,
            "suppressed": False,
        },
        {
            "origin": "all_other",
            "cases": 8,
            "median_days": 30.0,
            "p90_days": None,
            "suppressed": True,
        },
    ]
    since_complete = asked(brussels, "period=2026-Q3&measure=duration")
    assert since_complete["totals"]["all"]["median_days"] is None


def test_the_sum_alone_can_be_asked_for(brussels):
    told = asked(brussels, "period=2026-Q3")
    assert (told["measure"], told["by"], told["cells"]) == ("decisions", [], [])
    assert told["totals"]["all"]["cases"] == 51


@pytest.mark.parametrize("by_header", [True, False])
def test_a_file_for_spreadsheets_has_the_same_figures(brussels, by_header):
    query, headers = "period=2026-Q3&by=sex,outcome", {}
    if by_header:
        headers["Accept"] = "text/csv"
    else:
        query += "&format=csv"
    answer = brussels.get(f"/statistics?{query}", **headers)
    assert answer.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    by_place = {(row["sex"], row["outcome"]): row for row in rows}
    assert by_place["female", "refused"]["cases"] == ""
    assert by_place["female", "refused"]["suppressed"] == "true"
    assert by_place["female", "total"]["cases"] == "23"
    assert by_place["total", "total"]["cases"] == "51"


def test_cells_of_a_file_are_no_formulas(runtime, office_of):
    a_crowd(runtime, BE_FR, [Group(6, profession="=cmd")], decided="2026-08-05")
    answer = office_of(BE_FR).get("/statistics?period=2026-Q3&by=profession&format=csv")
    assert answer.text.splitlines()[1] == "'=cmd,6,false"


def test_indicators_follow_from_the_figures(brussels):
    told = brussels.get("/statistics/indicators?period=2026-Q3").json
    rates = {each["sex"]: each["value"] for each in told["refusal_rate"]}
    assert rates == {
        "all": 0.216,
        "female": None,
        "male": None,
        "other": None,
        "not_stated": 0.0,
    }
    assert told["precedent_share"] == {"value": 0.902, "suppressed": False}
    assert told["appealed_share"] == {"value": None, "suppressed": True}
    assert "dissimilarity" in told["definitions"]["segregation"]


def test_appeals_are_told_one_quarter_later(clock, brussels, runtime):
    query = "/statistics?period=2026-Q3&by=remedy"
    assert fault(brussels.get(query)) == ("by", "not_settled")
    clock.instant = clock().replace(year=2027, month=1, day=4)
    runtime.refresh()
    assert cases(brussels.get(query).json, "remedy") == {
        ("lodged",): 0,
        ("not_lodged",): 51,
    }
    told = brussels.get("/statistics/indicators?period=2026-Q3").json
    assert told["appealed_share"]["value"] == 0.0


def test_a_year_tells_what_its_quarters_told(clock, brussels, runtime):
    a_crowd(runtime, BE_FR, [Group(9)], submitted="2026-10-05", decided="2026-10-20")
    clock.instant = clock().replace(year=2027, month=1, day=4)
    told = asked(brussels, "period=2026&by=origin")
    assert cases(told, "origin") == {("MA",): 52, ("all_other",): 8}


def test_where_years_alone_are_published_they_show_more(
    clock, brussels, runtime, office_of
):
    runtime.config = replace(runtime.config, statistics_quarters=False)
    a_crowd(runtime, BE_FR, [Group(3, origin="LV")], decided="2026-11-01")
    clock.instant = clock().replace(year=2027, month=1, day=4)
    assert fault(brussels.get("/statistics?period=2026-Q3")) == (
        "period",
        "quarters_not_published",
    )
    told = asked(office_of(BE_FR), "period=2026&by=origin")
    assert cases(told, "origin") == {("MA",): 43, ("TN",): 6, ("LV",): 5}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ("period", "required")),
        ("period=2026-11", ("period", "not_a_period")),
        ("period=2026-Q4", ("period", "period_not_over")),
        ("period=2026", ("period", "period_not_over")),
        ("period=2026-Q3&by=nationality", ("by", "not_in_enum")),
        ("period=2026-Q3&by=origin,origin", ("by", "repeated")),
        ("period=2026-Q3&by=origin,sex,outcome", ("by", "too_many")),
        ("period=2026-Q3&measure=waiting&by=origin,sex", ("by", "too_many")),
        ("period=2026-Q3&measure=applications&by=outcome", ("by", "not_in_enum")),
        ("period=2026-Q3&measure=names", ("measure", "not_in_enum")),
        ("period=2026-Q3&format=xml", ("format", "not_in_enum")),
        ("period=2026-Q3&origin=MA", ("origin", "unknown_parameter")),
    ],
)
def test_what_is_not_counted_is_refused_by_its_parameter(office_of, query, expected):
    answer = office_of(BE_FR).get(f"/statistics?{query}")
    assert fault(answer) == expected
    if expected == ("by", "not_in_enum"):
        assert "origin, destination" in answer.json["errors"][0]["detail"]


@pytest.mark.usefixtures("brussels")
def test_an_observer_reads_figures_and_nothing_else(olu):
    assert asked(olu, "period=2026-Q3")["totals"]["all"]["cases"] == 51
    assert olu.get("/statistics/indicators?period=2026-Q3").status_code == 200
    for path in ("/recognition-requests", "/attestations", "/mutual-requests"):
        assert olu.get(path).status_code == 403


def test_without_a_key_nobody_counts(client):
    assert client.get(f"{API}/statistics?period=2026-Q3").status_code == 401


@pytest.mark.usefixtures("brussels")
def test_two_authorities_never_see_one_anothers_cases(office_of):
    other = office_of("de-chamber-demo")
    for measure in ("applications", "decisions"):
        told = asked(other, f"period=2026-Q3&measure={measure}&by=origin")
        assert (told["cells"], told["totals"]["all"]["cases"]) == ([], 0)
    indicators = other.get("/statistics/indicators?period=2026-Q3").json
    assert indicators["refusal_rate"][0] == {
        "sex": "all",
        "value": None,
        "suppressed": True,
    }


def test_no_name_ever_appears(brussels, client):
    told = [
        brussels.get(f"/statistics?period=2026-Q3&by={by}&format={form}").text
        for by in ("origin,outcome", "profession,sex", "level", "measure")
        for form in ("json", "csv")
    ]
    told.append(client.get("/statistics").text)
    told.append(client.get(f"/statistics/{BE_FR}?period=2026-Q3").text)
    hidden = (*NAMES, "Ilze", "1994", "2004-01-01", "REC-", "person:")
    assert [name for name in hidden for each in told if name in each] == []


def test_both_forms_are_described(client):
    operation = client.get("/openapi.json").json["paths"][f"{API}/statistics"]["get"]
    answer = operation["responses"]["200"]
    assert set(answer["content"]) == {"application/json", "text/csv"}
    assert answer["description"]


def test_other_forms_are_refused(brussels):
    answer = brussels.get("/statistics?period=2026-Q3", Accept="text/html")
    assert answer.status_code == 406
