"""Who asks in the wrong place is told who decides."""

import pytest

from tests.journeys.office import a_technician

NURSE = "nurse_general"


def listed(client, parameters):
    answer = client.get(f"/api/v1/competent-authorities?{parameters}")
    assert answer.status_code == 200, answer.json
    return [(each["kind"], each["id"]) for each in answer.json["items"]]


def sent_to(office, jurisdiction, profession=None):
    destination = {"jurisdiction": jurisdiction, "profession": profession}
    answer = office.post(
        "/recognition-requests", a_technician() | {"destination": destination}
    )
    assert (answer.status_code, answer.json["code"]) == (422, "not_competent")
    (error,) = answer.json["errors"]
    return error["competent"]


def test_the_refusal_names_who_decides_here_and_elsewhere(office_of):
    competent = sent_to(office_of("be-fr-demo"), "BE-FL")
    assert [(each["kind"], each["id"]) for each in competent] == [
        ("authority", "be-fl-demo"),
        ("body", "be-fl-naric-vlaanderen"),
    ]
    assert set(competent[0]) == {"kind", "id", "name", "jurisdiction", "url"}


def test_only_who_decides_about_the_profession_is_named(office_of):
    community = office_of("be-fr-demo")
    nurses = [each["id"] for each in sent_to(community, "FR", NURSE)]
    assert nurses == ["fr-nurses-demo", "fr-ordre-national-infirmiers"]
    assert sent_to(community, "FR", "architect") == []


def test_nobody_is_named_where_nobody_is_known(office_of):
    assert sent_to(office_of("be-fr-demo"), "NL") == []


def test_all_of_a_state_are_listed_the_narrowest_territory_first(client):
    assert listed(client, "jurisdiction=BE") == [
        ("authority", "be-fl-demo"),
        ("body", "be-fl-naric-vlaanderen"),
        ("authority", "be-fr-demo"),
    ]


def test_each_says_how_it_is_known(client):
    path = "/api/v1/competent-authorities?jurisdiction=CA&profession=nurse_general"
    answer = client.get(path).json
    (body,) = answer["items"]
    assert (body["id"], body["jurisdiction"], body["mode"]) == (
        "ca-qc-oiiq",
        "CA-QC",
        None,
    )
    assert body["evidence"] == "partly_read"
    assert body["source"]
    (here, *_) = client.get("/api/v1/competent-authorities?jurisdiction=MA").json[
        "items"
    ]
    assert here["mode"] == "test"
    assert here["url"].endswith(f"/issuers/{here['id']}")


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ("", "jurisdiction"),
        ("jurisdiction=XX", "jurisdiction"),
        ("jurisdiction=BE&profession=wizard", "profession"),
    ],
)
def test_codes_that_no_row_has_are_refused(client, parameters, named):
    answer = client.get(f"/api/v1/competent-authorities?{parameters}")
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json["errors"]] == [named]
