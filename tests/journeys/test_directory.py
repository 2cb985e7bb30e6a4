"""The directory tells what authorities of the installation did and published."""

from datetime import timedelta

import pytest

from tests.journeys.crowd import Group, a_crowd
from tests.journeys.test_agreements import signed

BE_FR, BE_FL, MA = "be-fr-demo", "be-fl-demo", "ma-demo"
NURSE = "nurse_general"


@pytest.fixture
def ask(client):
    def get(origin="MA", destination="BE-FR", **more):
        query = {"origin": origin, "destination": destination, **more}
        answer = client.get("/api/v1/directory", query_string=query)
        assert answer.status_code == 200, answer.json
        return answer.json

    return get


def test_an_authority_of_the_installation_is_named_with_its_page(ask, client):
    (body,) = [each for each in ask()["authorities"] if each["kind"] == "authority"]
    assert (body["id"], body["mode"]) == (BE_FR, "test")
    path = body["url"].partition("recognition.example")[2]
    assert path == f"/issuers/{BE_FR}"
    assert client.get(path).status_code == 200


def test_the_median_is_told_of_enough_cases(runtime, ask):
    a_crowd(runtime, BE_FR, [Group(12)], decided="2026-08-05")
    (told,) = ask()["durations"]
    assert (told["authority"], told["period"]) == (BE_FR, "2026-Q3")
    assert (told["by"], told["group"]) == ("regime", "neutral")
    assert told["waiting"]["median_days"] == 30.0
    assert "no longer than 30 days" in told["text"]
    assert "durations" not in [each["part"] for each in ask()["unknown"]]


def test_a_profession_comes_before_the_rules(runtime, ask):
    groups = [Group(6, profession=NURSE), Group(8)]
    a_crowd(runtime, BE_FR, groups, decided="2026-08-05")
    (told,) = ask(profession=NURSE)["durations"]
    assert (told["by"], told["group"]) == ("profession", NURSE)


def test_too_few_cases_tell_nothing(runtime, ask):
    a_crowd(runtime, BE_FR, [Group(4)], decided="2026-08-05")
    found = ask()
    (told,) = found["durations"]
    assert (told["by"], told["waiting"]["median_days"]) == (None, None)
    assert told["text"] == "Too few cases to tell."
    assert "durations" in [each["part"] for each in found["unknown"]]


def test_a_year_is_told_where_its_last_quarter_has_too_few(runtime, ask, clock):
    a_crowd(runtime, BE_FR, [Group(9)], submitted="2026-02-02", decided="2026-03-02")
    clock.instant += timedelta(days=365)
    runtime.refresh()
    (told,) = ask()["durations"]
    assert (told["period"], told["waiting"]["median_days"]) == ("2026", 28.0)


def test_a_signed_agreement_is_told_with_its_text(office_of, ask, client):
    agreement = signed(office_of(BE_FL), office_of(MA))
    (rows,) = ask(destination="BE-FL")["published_here"]
    assert (rows["authority"], rows["statements"]) == (BE_FL, {"list": 3})
    (found,) = rows["agreements"]
    assert (found["id"], found["status"]) == (agreement, "in_force")
    path = found["href"].partition("recognition.example")[2]
    assert client.get(path).status_code == 200
    assert ask(destination="BE-FR")["published_here"] == []
    assert ask(origin="TN", destination="BE-FL")["published_here"] == []


def test_the_page_shows_the_same(office_of, client):
    signed(office_of(BE_FL), office_of(MA))
    page = client.get("/directory?origin=MA&destination=BE-FL").get_data(as_text=True)
    assert "Agreement on specialised technicians" in page
    assert "3 statements, an agreed or official list" in page
