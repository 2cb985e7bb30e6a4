"""Programmes are listed, shown and compared as their sources describe them."""

import pytest

from recognition_service.frameworks.programmes import Element

LIST = "/api/v1/programmes"


@pytest.fixture
def listed(client):
    def get(**filters):
        answer = client.get(LIST, query_string={"limit": 200, **filters})
        assert answer.status_code == 200, answer.json
        return [item["id"] for item in answer.json["items"]]

    return get


@pytest.fixture
def shown(client):
    return lambda code, **query: client.get(f"{LIST}/{code}", query_string=query).json


def test_all_programmes_are_listed_without_a_key(client, listed):
    assert len(listed()) == 77
    item = client.get(f"{LIST}?query=wafira").json["items"][0]
    assert item["names"]["en"] == "WAFIRA"
    assert item["parent"] == "es-gecco"
    assert item["parties"] == {
        "origin": ["MA"],
        "destination": ["ES"],
        "partner": [],
    }
    assert item["elements"]["skills_recognition"] == "unknown"
    assert item["dual_certification"] == "unknown"


def test_filters_narrow_the_list(listed):
    assert listed(origin="MA", destination="BE") == ["palim", "thamm", "thamm-enabel"]
    assert listed(destination="BE-FL", origin="MA") == [
        "palim",
        "thamm",
        "thamm-enabel",
    ]
    assert listed(destination="BE-FR", origin="MA") == ["thamm", "thamm-enabel"]
    assert listed(kind="policy_model") == ["cgd-gsp-model"]
    assert listed(element="skills_recognition:no") == ["aptc"]
    assert listed(query="ZZZ") == []


def test_an_element_is_what_the_source_says_and_nothing_near_it(listed):
    said = {
        value: set(listed(element=f"skills_recognition:{value}"))
        for value in ("yes", "no", "generic", "unknown")
    }
    assert sum(map(len, said.values())) == 77
    assert set(listed(element="skills_recognition")) == said["yes"]
    assert "thamm" in said["generic"]
    assert "mentor-1" in said["unknown"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nursing", "gsp-nursing"),
        ("INFIRMIERS salvador", "fea-nursing-trainees"),
        ("dirección migraciones", "es-gecco"),
        ("direccion general", "es-gecco"),
        ("thamm giz", "thamm-giz"),
        ("women fina", "es-wafira"),
    ],
)
def test_programmes_are_found_by_beginnings_of_words(listed, query, code):
    assert code in listed(query=query)


def test_pages_neither_skip_nor_repeat(client, listed):
    codes, cursor = [], None
    while True:
        query = {"limit": 9} | ({"cursor": cursor} if cursor else {})
        page = client.get(LIST, query_string=query).json
        codes += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert codes == listed()
    assert codes == sorted(set(codes))


def test_a_cursor_of_another_filter_is_refused(client):
    cursor = client.get(f"{LIST}?limit=1").json["next"]
    answer = client.get(f"{LIST}?origin=MA&cursor={cursor}")
    assert (answer.status_code, answer.json["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("kind=none", "kind", "not_in_enum"),
        ("element=luck", "element", "not_in_enum"),
        ("element=training:maybe", "element", "not_in_enum"),
        ("element=training:", "element", "not_in_enum"),
        ("origin=", "origin", "blank"),
        ("query=" + "x" * 201, "query", "too_long"),
        ("sector=nurses", "sector", "unknown_parameter"),
        ("kind=scheme&kind=scheme", "kind", "repeated_parameter"),
    ],
)
def test_a_filter_that_does_not_fit_is_named(client, query, parameter, code):
    answer = client.get(f"{LIST}?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")
    (error,) = answer.json["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


def test_an_unknown_place_comes_with_the_nearest(client):
    answer = client.get(f"{LIST}?origin=be-fl")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")
    assert answer.json["nearest"][0] == "BE-FL"


def test_a_programme_is_shown_with_all_its_parts(shown):
    found = shown("thamm-giz")
    assert found["parent"]["id"] == "thamm"
    assert [party["jurisdiction"] for party in found["parties"]["origin"]] == [
        "EG",
        "MA",
        "TN",
    ]
    assert found["occupations"] == {
        "isco08": ["5120", "5131", "1411"],
        "mapped_by": "service",
    }
    assert found["fields"] == {"isced_f": ["1013"], "mapped_by": "service"}
    assert [figure["value_from"] for figure in found["figures"]] == [600, 127]
    assert [phase["order"] for phase in found["phases"]] == [1, 2, 2]
    assert found["sources"].keys() == {"paper-s2-emn"}
    assert found["edition"]["base"].startswith("sha256-")
    assert [part["id"] for part in shown("thamm")["components"]] == [
        "thamm-enabel",
        "thamm-giz",
    ]


def test_dates_are_as_precise_as_the_source(shown):
    dates = shown("thamm-enabel")["dates"]
    assert dates["start"] == {"value": "2021-03", "precision": "month"}
    assert dates["end"] == {"value": "2023", "precision": "year"}
    assert "August 2020" in dates["note"]
    assert shown("mentor-2")["dates"]["start"] is None


def test_each_element_names_its_place_or_says_that_there_is_none(shown):
    elements = shown("thamm")["elements"]
    assert elements.keys() == set(Element)
    assert elements["training"]["paper_ref"].startswith("Box 4")
    assert elements["skills_recognition"] == {
        "value": "generic",
        "source": "paper-s2-emn",
        "paper_ref": "§6.1",
        "text": "Said of such programmes in general, not of this one by name",
    }
    unknown = shown("lu-cv", lang="fr")["elements"]["training"]
    assert unknown == {
        "value": "unknown",
        "source": None,
        "paper_ref": None,
        "text": "La source ne le dit pas",
    }


def test_limits_are_of_admission_and_ambiguous_ones_have_no_number(shown):
    limits = shown("lu-cv")["limits"]
    assert limits["apply_to"] == "admission"
    age, stay = limits["items"]
    assert (age["age_min"], age["age_max"]) == (18, 35)
    assert (stay["months_min"], stay["months_max"]) == (3, 18)
    (seasonal,) = shown("balmr-bg-am")["limits"]["items"]
    assert seasonal["months_max"] is None
    assert "un an et neuf mois" in seasonal["note"]


def test_dual_training_is_not_dual_certification(client, shown, listed):
    for code in listed():
        assert shown(code)["dual_certification"] == {
            "value": "unknown",
            "source": None,
            "paper_ref": None,
            "text": "The source does not say",
        }
    notes = shown("thamm-giz")["notes"]
    assert any("It is not dual certification." in note["text"] for note in notes)
    assert client.get(f"{LIST}?element=dual_certification").status_code == 422


def test_an_unknown_programme_comes_with_the_nearest(client):
    answer = client.get(f"{LIST}/thamm-gis")
    assert (answer.status_code, answer.json["code"]) == (404, "unknown_code")
    assert answer.json["kind"] == "programme"
    assert answer.json["nearest"][0] == "thamm-giz"


def test_programmes_are_compared_by_the_five_elements(client):
    answer = client.get(f"{LIST}/comparison?programme=aptc&programme=jp-nurses").json
    assert [each["id"] for each in answer["programmes"]] == ["aptc", "jp-nurses"]
    assert [row["element"] for row in answer["elements"]] == list(Element)
    recognition = answer["elements"][3]["values"]
    assert (recognition["aptc"]["value"], recognition["jp-nurses"]["value"]) == (
        "no",
        "yes",
    )
    assert answer["dual_certification"]["aptc"]["value"] == "unknown"


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([], "wrong_number"),
        (["aptc"], "wrong_number"),
        (["aptc"] * 7, "wrong_number"),
        (["aptc", "aptc"], "repeated_value"),
    ],
)
def test_two_to_six_different_programmes_are_compared(client, codes, code):
    answer = client.get(f"{LIST}/comparison", query_string={"programme": codes})
    assert answer.status_code == 422
    (error,) = answer.json["errors"]
    assert (error["parameter"], error["code"]) == ("programme", code)


def test_six_programmes_may_be_compared_and_an_unknown_one_is_named(client, listed):
    six = listed()[:6]
    answer = client.get(f"{LIST}/comparison", query_string={"programme": six})
    assert len(answer.json["programmes"]) == 6
    answer = client.get(f"{LIST}/comparison?programme=aptc&programme=abtc")
    assert (answer.status_code, answer.json["nearest"]) == (
        404,
        ["aptc", "match"],
    )


def test_scripts_of_any_site_may_read_them(client):
    for path in ("", "/thamm", "/comparison?programme=aptc&programme=thamm"):
        answer = client.get(LIST + path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
