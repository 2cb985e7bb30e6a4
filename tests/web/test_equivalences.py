"""Questions about equivalence get sourced answers, and never a recognition."""

import json

import pytest

QUESTION = {
    "origin": "LV",
    "destination": "BE-FR",
    "framework": "LV-LKI",
    "level": "6",
    "awarded_on": "2019-06-28",
}
MEMBERS = {
    "question",
    "result",
    "no_answer",
    "decides",
    "outcome",
    "object",
    "levels",
    "path",
    "held",
    "conditions",
    "elements",
    "rows",
    "sources",
    "reasons",
    "explanation",
    "edition",
    "language",
}


@pytest.fixture
def ask(client):
    def get(headers=None, **changes):
        query = {**QUESTION, **changes}
        return client.get(
            "/api/v1/equivalences",
            query_string={name: value for name, value in query.items() if value},
            headers=headers,
        )

    return get


def test_levels_are_information(ask):
    answer = ask().json
    assert set(answer) >= MEMBERS
    assert "equivalent" not in answer
    assert answer["result"] == "level_information"
    assert answer["decides"] is False
    assert answer["question"]["purpose"] == "general_employment"
    assert answer["levels"] == [
        {
            "framework": "BE-FR-CFC",
            "framework_version": None,
            "code": "6",
            "relation": "equal",
        }
    ]
    assert answer["path"]["kind"] == "derived"
    assert answer["path"]["hub"] == "EQF"
    assert {row["source"] for row in answer["rows"]} == set(answer["sources"])


def test_every_reason_has_a_text(ask):
    for language in ("en", "fr"):
        reasons = ask(lang=language).json["reasons"]
        assert reasons
        assert all(reason["text"] for reason in reasons)


def test_the_answer_can_be_read_as_one_paragraph(ask):
    answer = ask().json
    for words in ("“Latvian Qualifications Framework” (LV-LKI)", "28 June 2019"):
        assert words in answer["explanation"]
    assert answer["edition"]["base"] in answer["explanation"]
    assert "28 juin 2019" in ask(lang="fr").json["explanation"]


def test_the_language_is_that_of_the_query_or_of_the_reader(ask):
    assert ask(lang="fr").json["language"] == "fr"
    assert ask({"Accept-Language": "fr-BE, en;q=0.5"}).json["language"] == "fr"
    assert ask({"Accept-Language": "fr"}, lang="en").json["language"] == "en"
    assert ask({"Accept-Language": "xx"}).json["language"] == "en"


def test_a_treaty_that_lists_the_title_decides(ask):
    answer = ask(
        destination="BE-FL",
        qualification="lv-lki--bakalaura-diploms",
        framework=None,
        level=None,
        awarded_on="2025-06-28",
    ).json
    assert answer["result"] == "treaty_rule"
    assert answer["instrument"] == "benelux-baltic-2024"


def test_without_an_award_date_nothing_is_decided(ask):
    answer = ask(
        destination="BE-FL",
        qualification="lv-lki--bakalaura-diploms",
        framework=None,
        level=None,
        awarded_on=None,
    ).json
    assert answer["decides"] is False
    assert "award_date_unknown" in {reason["code"] for reason in answer["reasons"]}


def test_no_answer_is_an_answer(ask):
    answer = ask(origin="MA", framework="MA-CNC", level="5", destination="LV")
    assert answer.status_code == 200
    assert answer.json["result"] == "none"
    assert answer.json["no_answer"]
    assert answer.json["held"]["code"] == "5"


def test_a_level_may_need_escaping(client):
    answer = client.get(
        "/api/v1/equivalences?origin=BE-FR&framework=LV-LKI&level=4%2B&destination=LV"
    )
    assert (answer.status_code, answer.json["unknown"]) == (404, "4+")


@pytest.mark.parametrize(
    ("change", "unknown"),
    [
        ({"origin": "XX"}, "XX"),
        ({"destination": "BE-FLL"}, "BE-FLL"),
        ({"framework": "LV-LKJ"}, "LV-LKJ"),
        ({"level": "9"}, "9"),
        ({"target_framework": "EQFF"}, "EQFF"),
        ({"profession": "nurse"}, "nurse"),
        ({"qualification": "x", "framework": None, "level": None}, "x"),
    ],
)
def test_an_unknown_code_is_named(ask, change, unknown):
    answer = ask(**change)
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")
    assert answer.json["unknown"] == unknown
    assert isinstance(answer.json["nearest"], list)


def test_the_nearest_codes_are_told(ask):
    assert "LV-LKI" in ask(framework="LV-LKJ").json["nearest"]


@pytest.mark.parametrize(
    ("change", "parameter", "code"),
    [
        ({"origin": None}, "origin", "required"),
        ({"destination": None}, "destination", "required"),
        ({"level": None}, "level", "question_not_clear"),
        ({"framework": None}, "framework", "question_not_clear"),
        ({"framework": None, "level": None}, "qualification", "question_not_clear"),
        ({"qualification": "x"}, "qualification", "question_not_clear"),
        ({"purpose": "fun"}, "purpose", "not_in_enum"),
        ({"awarded_on": "28.6.2019"}, "awarded_on", "not_a_date"),
        ({"awarded_on": "2019-02-30"}, "awarded_on", "not_a_date"),
        ({"training_started_on": "x"}, "training_started_on", "not_a_date"),
        ({"facts": "{"}, "facts", "not_json"),
        ({"facts": "[]"}, "facts", "not_facts"),
        ({"facts": '{"a": {}}'}, "facts/a", "unknown_fact"),
        ({"facts": '{"final_grade": 8.5}'}, "facts/final_grade", "not_a_fact_value"),
        ({"facts": '{"subjects": ["a"]}'}, "facts/subjects", "not_a_fact_value"),
        ({"facts": '{"a": 1, "a": 2}'}, "facts", "duplicate_member"),
        ({"nationality": "LV"}, "nationality", "unknown_parameter"),
        ({"origin": "L" * 201}, "origin", "too_long"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(ask, change, parameter, code):
    answer = ask(**change)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")
    (error,) = answer.json["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


def test_an_empty_parameter_is_refused(client):
    answer = client.get("/api/v1/equivalences?origin=&destination=LV")
    assert answer.json["errors"][0]["code"] == "blank"


def ask_indonesian(ask, language="en", **facts):
    return ask(
        {"Accept-Language": language},
        origin="ID",
        destination="DE",
        framework=None,
        level=None,
        qualification="id--indonesian-school-leaving-certificate",
        purpose="academic_access",
        facts=json.dumps(facts) if facts else None,
    ).json


NEEDED = {
    "en": "Final grade: at least 8.0/10; needs the final grade (on a scale of 10)",
    "fr": "Note finale : au moins 8.0/10 ; il faut la note finale (sur une échelle "
    "de 10)",
}


@pytest.mark.parametrize(("language", "needed"), NEEDED.items())
def test_a_missing_fact_is_named_and_said_in_words(ask, language, needed):
    (condition,) = ask_indonesian(ask, language)["conditions"]

    assert condition == {
        "id": "final_grade",
        "met": "unknown",
        "missing_fact": "final_grade",
        "rule": "final_grade >= 8.0/10",
        "text": needed,
    }


def test_facts_meet_a_condition_or_fail_it(ask):
    (met,) = ask_indonesian(ask, final_grade="8.5/10")["conditions"]
    failed = ask_indonesian(ask, final_grade="7/10")
    other_scale = ask_indonesian(ask, final_grade="5.0/6")

    assert (met["met"], met["text"]) == ("yes", "Final grade: at least 8.0/10")
    assert failed["conditions"][0]["met"] == "no"
    (reason,) = [
        each for each in failed["reasons"] if each["code"] == "condition_not_met"
    ]
    assert "final_grade >= 8.0/10" in reason["text"]
    assert other_scale["conditions"][0]["missing_fact"] == "final_grade"


def test_every_fact_that_does_not_fit_is_named(ask):
    facts = json.dumps({"final_grade": 14, "accredited": True, "subject_count": 5})
    errors = ask(facts=facts).json["errors"]

    assert [error["parameter"] for error in errors] == [
        "facts/final_grade",
        "facts/accredited",
    ]
    assert "8.5/10" in errors[0]["detail"]


def test_facts_that_no_condition_asks_for_change_nothing(ask):
    assert ask(facts='{"final_grade": "14/20"}').json == ask().json


def test_a_key_and_an_authority_may_be_named(ask, as_person):
    assert ask(as_person("bruno")).status_code == 200
    assert ask(as_person("bruno"), authority="ma").status_code == 200
    assert ask({"Authorization": "Bearer rk_test_unknown"}).status_code == 401
    unknown = ask(authority="nobody")
    assert (unknown.status_code, unknown.json["code"]) == (404, "authority_not_found")
