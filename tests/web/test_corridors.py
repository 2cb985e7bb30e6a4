"""A corridor by the interface: what is published, counted, and by pages."""

import pytest


@pytest.fixture
def ask(client):
    def get(**changes):
        query = {"origin": "LV", "destination": "BE-FL", **changes}
        return client.get(
            "/api/v1/corridors",
            query_string={name: value for name, value in query.items() if value},
        )

    return get


def test_counts_what_is_published(ask):
    found = ask().json
    assert found["counts"]["qualifications"]["treaty_decides"] == 9
    assert found["counts"]["levels"]["level_information"] == 8
    assert sum(found["counts"]["qualifications"].values()) == len(found["items"])
    assert found["instruments"][0]["in_force_from"] == "2024-05-01"
    assert found["next"] is None
    assert "equivalent" not in found


def test_every_entry_leads_to_its_answer(ask, client):
    found = ask().json
    levels = [level for each in found["frameworks"] for level in each["levels"]]
    for entry in (found["items"][0], levels[0]):
        answer = client.get(entry["href"]).json
        told = [
            {name: level[name] for name in ("framework", "code", "relation")}
            for level in answer["levels"]
        ]
        assert told == entry["levels"]
        assert answer["no_answer"] == entry["no_answer"]


def test_issuers_and_sources_are_dated(ask):
    found = ask(origin="FR", destination="DE").json
    (issuer,) = found["issuers"]
    assert (issuer["issuer"], issuer["answers"]) == ("de-bmwi", 32)
    assert issuer["years"] == [2022]
    assert found["sources"]["stm-de-fr-prfgz"]["year"] == 2022


def test_words_stand_in_the_language_asked_for(ask):
    found = ask(origin="TN", lang="fr").json
    assert found["language"] == "fr"
    assert found["items"][0]["coverage"] == "nothing"
    assert found["items"][0]["text"].startswith("Rien de publié")


def test_pages_neither_skip_nor_repeat(ask):
    whole = [each["qualification"] for each in ask().json["items"]]
    parts, cursor = [], None
    while True:
        page = ask(limit="5", cursor=cursor).json
        parts += [each["qualification"] for each in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert parts == whole


def test_a_coverage_narrows_the_items_and_not_the_counts(ask):
    found = ask(coverage="nothing").json
    assert {each["coverage"] for each in found["items"]} == {"nothing"}
    assert found["counts"] == ask().json["counts"]
    assert ask(coverage="fun").status_code == 422


@pytest.mark.parametrize("name", ["origin", "destination"])
def test_both_places_are_needed_and_known(ask, name):
    missing = ask(**{name: None})
    assert missing.status_code == 422
    assert missing.json["errors"][0]["parameter"] == name
    unknown = ask(**{name: "XX"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "unknown_code")


def test_any_web_site_may_read_it(ask):
    assert ask().headers["Access-Control-Allow-Origin"] == "*"


def test_the_agreements_between_both_sides_are_told_in_their_order(ask):
    found = ask().json["agreements"]
    assert (found[0]["instrument"], found[0]["standing"]) == (
        "benelux-baltic-2024",
        "in_force",
    )
    standings = [each["standing"] for each in found]
    order = ["in_force", "not_established", "not_in_force"]
    assert standings == sorted(standings, key=order.index)
    assert all(each["text"] for each in found)


def test_an_authority_that_there_is_not_has_no_corridor(ask):
    answer = ask(authority="nobody")
    assert (answer.status_code, answer.json["code"]) == (404, "authority_not_found")
