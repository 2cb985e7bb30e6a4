"""The directory by the interface: what is known of a way, and plainly what is not."""

import pytest


@pytest.fixture
def ask(client):
    def get(**changes):
        query = {"origin": "FR", "destination": "ES", **changes}
        return client.get(
            "/api/v1/directory",
            query_string={
                name: value for name, value in query.items() if value is not None
            },
        )

    return get


def regimes(found):
    return {each["id"]: each for each in found["regimes"]}


def unknown(found):
    return {each["part"]: each["text"] for each in found["unknown"]}


def test_tells_who_decides_about_a_profession(ask):
    found = ask(profession="nurse_general").json
    (body,) = found["authorities"]
    assert (body["kind"], body["jurisdiction"]) == ("body", "ES")
    assert body["source"]
    assert body["evidence"] == "partly_read"
    assert "authorities" not in unknown(found)


def test_an_arrangement_for_the_profession_comes_first(ask):
    found = ask(origin="FR", destination="CA-QC", profession="nurse_general").json
    assert [each["id"] for each in found["authorities"]] == ["ca-qc-oiiq"]
    assert [each["id"] for each in found["regimes"]] == ["fr-qc-arm"]
    first = found["agreements"][0]
    assert first["instrument"] == "fr-qc-arm-nurses"
    assert "75-day adaptation placement" in first["rule"]


def test_tells_the_rules_and_for_whom_they_are(ask):
    found = regimes(ask(profession="nurse_general").json)
    usual, special = found["neutral"], found["es-sectoral"]
    assert special["beneficiaries"]["codes"] == ["eu_citizen", "family_member"]
    assert "not_stated" in usual["beneficiaries"]["codes"]
    assert (special["status"], usual["status"]) == ("confirmed", "advisory")
    assert special["why"]["code"] == "regime_applies"
    assert found["es-epc-establishment"]["is_on_request"]


def test_tells_papers_time_limits_and_silence_in_words(ask):
    rules = regimes(ask(profession="nurse_general").json)["es-sectoral"]
    papers = {each["kind"]: each for each in rules["papers"]["items"]}
    assert papers["identity"]["is_required"]
    assert papers["health"]["max_age_months"] == 3
    assert papers["health"]["text"].endswith("(at most 3 months old)")
    limits = {each["id"]: each for each in rules["time_limits"]}
    assert (limits["decide"]["length"], limits["decide"]["unit"]) == (3, "month")
    assert limits["decide"]["text"].startswith(
        "Decision: 3 months, counted from the day on which the request came in."
    )
    assert limits["decide"]["silence"] == "appealable"
    assert "silence grants nothing" in limits["decide"]["silence_text"]
    card = regimes(ask(profession="nurse_general").json)["es-epc-establishment"]
    (granted,) = [each for each in card["time_limits"] if each["id"] == "decide"]
    assert "is granted" in granted["silence_text"]


def test_a_rule_of_the_tables_needs_no_case(ask):
    found = ask(origin="LV", destination="BE-FL").json
    rules = regimes(found)["benelux-baltic"]
    assert (rules["procedure"], rules["is_by_tables_only"]) == ("none", True)
    assert "is in force for both sides" in rules["why"]["text"]
    assert "no procedure and no time limit" in rules["time_limits_text"]
    agreements = {each["instrument"]: each for each in found["agreements"]}
    assert agreements["benelux-baltic-2024"]["standing"] == "in_force"
    assert agreements["benelux-baltic-2024"]["applies"]


def test_statements_with_legal_force_bring_rules_of_their_own(ask):
    found = ask(origin="FR", destination="DE").json
    assert regimes(found)["legal-equation"]["is_by_tables_only"]
    (statement,) = found["statements"]
    assert (statement["issuer"], statement["binding"]) == ("de-bmwi", "legal")
    assert found["sources"][statement["sources"][0]]["title"]
    assert statement["evidence"] == "source_read"
    levels = [level for each in found["levels"] for level in each["levels"]]
    assert all(each["evidence"] for each in levels if each["levels"])


def test_says_plainly_what_nobody_knows(ask):
    found = ask(origin="TN", destination="NZ").json
    assert set(unknown(found)) == {
        "authorities",
        "durations",
        "statements",
        "programmes",
    }
    assert {each["standing"] for each in found["agreements"]} == {"not_established"}
    assert "does not mean that there is none" in unknown(found)["authorities"]
    assert found["fee"]["known"] is False
    assert "equivalent" not in found


def test_programmes_and_levels_lead_further(ask, client):
    found = ask(origin="TN", destination="DE", profession="nurse_general").json
    assert found["programmes"]
    path = found["programmes"][0]["href"].partition("recognition.example")[2]
    assert client.get(path).status_code == 200
    (framework, *_) = found["levels"]
    assert client.get(framework["levels"][0]["href"]).status_code == 200
    assert found["links"]["corridor"].endswith("/corridors/TN/DE")


def test_tells_an_employer_what_follows_and_what_does_not(ask):
    employer = ask(profession="nurse_general").json["employer"]
    assert [each["code"] for each in employer["may_conclude"]] == [
        "genuine",
        "kind",
        "level",
    ]
    assert "licence" in [each["code"] for each in employer["does_not_allow"]]
    assert employer["verify"]["page"].endswith("/verify")


def test_a_purpose_can_be_named(ask):
    found = ask(purpose="academic_access").json
    assert found["question"]["purposes"] == ["academic_access"]
    kinds = {kind for each in found["regimes"] for kind in each["decision_kinds"]}
    assert kinds == {"study_recognition"}


def test_the_day_that_it_is_about_counts(ask):
    before = ask(origin="LV", destination="BE-FL", on="2024-01-01").json
    assert "benelux-baltic" not in regimes(before)
    standings = {each["instrument"]: each["standing"] for each in before["agreements"]}
    assert standings["benelux-baltic-2024"] == "not_in_force"


def test_words_stand_in_the_language_asked_for(ask):
    found = ask(lang="fr").json
    assert found["language"] == "fr"
    assert found["fee"]["text"].startswith("Aucun montant")
    assert all(each["text"] for each in found["unknown"])


@pytest.mark.parametrize(
    ("query", "kind", "near"),
    [
        ({"destination": "BE-FLA"}, "jurisdiction", "BE-FL"),
        ({"profession": "nurse_generel"}, "profession", "nurse_general"),
    ],
)
def test_unknown_codes_are_told_with_the_nearest(ask, query, kind, near):
    answer = ask(**query)
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")
    assert answer.json["kind"] == kind
    assert near in answer.json["nearest"]


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ({"origin": None}, "origin", "required"),
        ({"destination": ""}, "destination", "blank"),
        ({"purpose": "fun"}, "purpose", "not_in_enum"),
        ({"on": "soon"}, "on", "not_a_date"),
        ({"profession": "x" * 201}, "profession", "too_long"),
        ({"fun": "yes"}, "fun", "unknown_parameter"),
    ],
)
def test_what_does_not_fit_is_named(ask, query, parameter, code):
    answer = ask(**query)
    assert answer.status_code == 422
    (fault,) = answer.json["errors"]
    assert (fault["parameter"], fault["code"]) == (parameter, code)


def test_any_web_site_may_read_it(ask):
    assert ask().headers["Access-Control-Allow-Origin"] == "*"
