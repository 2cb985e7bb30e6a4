"""Frameworks are shown as the tables have them."""

import pytest


def test_a_framework_is_shown_with_its_levels(client):
    shown = client.get("/api/v1/frameworks/LV-LKI").json
    assert shown["jurisdiction"] == "LV"
    assert "EQF" in shown["hubs"]
    assert "EQF" in shown["linked"]
    assert [level["code"] for level in shown["levels"]] == list("87654321")
    assert shown["evidence"]
    assert shown["edition"]["base"].startswith("sha256-")


def test_an_unknown_framework_comes_with_the_nearest(client):
    answer = client.get("/api/v1/frameworks/LV-LKJ")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")
    assert answer.json["nearest"][0] == "LV-LKI"


@pytest.mark.parametrize("query", ["jurisdiction=LV", "jurisdiction=LV&kind=national"])
def test_the_list_is_narrowed(client, query):
    items = client.get(f"/api/v1/frameworks?{query}").json["items"]
    assert "LV-LKI" in {item["id"] for item in items}
    assert {item["jurisdiction"] for item in items} == {"LV"}


def test_hubs_have_no_jurisdiction(client):
    items = client.get("/api/v1/frameworks?kind=hub").json["items"]
    assert "EQF" in {item["id"] for item in items}
    assert {item["jurisdiction"] for item in items} == {None}


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("kind=none", "kind", "not_in_enum"),
        ("country=LV", "country", "unknown_parameter"),
        ("kind=hub&kind=hub", "kind", "repeated_parameter"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(client, query, parameter, code):
    answer = client.get(f"/api/v1/frameworks?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")
    (error,) = answer.json["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
