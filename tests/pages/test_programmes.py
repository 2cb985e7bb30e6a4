"""The pages about programmes show what the sources say, and where they are silent."""

import re

import pytest

from tests.equivalence.test_shipped_programmes import ELEMENTS

SILENT = "The source does not say"
COMPARED = "/programmes/compare?programme=aptc&programme=jp-nurses"


def names(page):
    return [
        attributes["href"].rpartition("/")[2]
        for attributes in page.all("a")
        if re.fullmatch("/programmes/[a-z0-9-]+", attributes.get("href", ""))
    ]


def test_the_list_is_shown_in_pages_that_neither_skip_nor_repeat(look):
    found, path = [], "/programmes"
    while path:
        page = look(path)
        found += names(page)
        path = next((link["href"] for link in page.all("a", rel="next")), None)
    assert sorted(found) == sorted(ELEMENTS)


def test_a_page_of_the_list_leads_back_and_keeps_the_filters(look):
    page = look("/programmes?kind=bilateral_agreement&from=5")
    before = page.one("a", rel="prev")["href"]
    assert "kind=bilateral_agreement" in before
    assert before.endswith("from=0")


@pytest.mark.parametrize("position", ["-1", "x", "99999", "9999", "٣"])
def test_a_position_that_somebody_made_up_shows_the_list_all_the_same(look, position):
    page = look(f"/programmes?from={position}")
    assert page.status == 200
    assert names(page)


def test_filters_are_a_form_without_scripts(look):
    page = look("/programmes?origin=MA&destination=BE&query=lab")
    assert names(page) == ["palim", "thamm"]
    assert page.one("select", id="origin")["name"] == "origin"
    assert page.one("option", value="MA", selected=None)
    assert page.one("input", id="query")["value"] == "lab"


def test_an_element_narrows_the_list_to_what_a_source_says(look):
    page = look("/programmes?element=skills_recognition&destination=JP")
    assert names(page) == ["jp-nurses", "jp-ssw"]


def test_nothing_found_is_said(look):
    page = look("/programmes?query=zzzz")
    assert "No programme found" in page.text


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("origin=XX", "origin"),
        ("destination=XX", "destination"),
        ("kind=x", "kind"),
        ("element=x", "element"),
        ("query=" + "x" * 201, "query"),
    ],
)
def test_what_is_not_in_the_lists_is_explained(look, query, field):
    page = look(f"/programmes?{query}")
    assert page.status == 422
    assert page.one("a", href=f"#{field}")
    assert page.all("p", id=f"{field}-error")


def test_a_programme_is_shown_with_the_place_in_its_source(look):
    page = look("/programmes/thamm-giz")
    assert page.texts_in("h1") == ["THAMM-GIZ"]
    for told in (
        "THAMM (volet allemand)",
        "Egypt",
        "Germany",
        "600 persons in all",
        "127 persons in all",
        "ISCO-08: 5120, 5131, 1411",
        "Our mapping; the source gives no codes.",
        "Said of such programmes in general, not of this one by name",
        "Box 4 (l.528-541), fn 33",
        "It is not dual certification.",
    ):
        assert told in page.text
    assert "/programmes/thamm" in [link.get("href") for link in page.all("a")]
    assert "do not set" not in page.text


@pytest.mark.parametrize("code", ELEMENTS)
def test_no_programme_is_said_to_give_two_certificates(look, code):
    page = look(f"/programmes/{code}")
    assert page.status == 200
    _, _, after = page.text.partition("Certificates of both sides")
    assert after.partition(")")[2].strip().startswith(SILENT)
    said = ELEMENTS[code].split()
    assert page.source.count("said-unknown") == said.count("unknown")
    assert page.source.count("said-generic") == said.count("generic")
    assert page.source.count("said-no") == said.count("no")


def test_what_the_source_does_not_say_is_told_in_words(look):
    page = look("/programmes/mentor-1")
    assert page.text.count(SILENT) > 12
    french = look("/programmes/mentor-1?lang=fr")
    assert french.text.count("La source ne le dit pas") == page.text.count(SILENT)


def test_limits_are_said_to_concern_admission_only(look):
    page = look("/programmes/lu-cv")
    assert "Age at admission: 18 to 35 years" in page.text
    assert "Length of the stay: 3 to 18 months" in page.text
    assert "never the recognition of a qualification" in page.text
    renewed = look("/programmes/ie-imgti?lang=fr")
    assert "24 mois, renouvelable de 12 mois" in renewed.text


def test_an_ambiguous_stay_has_no_number(look):
    page = look("/programmes/balmr-bg-md")
    assert "un an et neuf mois" in page.text
    assert re.search(r"Length of the stay: \d", page.text) is None


def test_what_is_not_from_the_source_is_marked(look):
    page = look("/programmes/kr-eps")
    assert "Not from the source: Commonly dated August 2004" in page.text
    assert "40,000 to 50,000 persons per year" in page.text
    assert "more than 30,000 persons in all" in page.text
    assert "40\u202f000 à 50\u202f000" in look("/programmes/kr-eps?lang=fr").source


def test_what_has_words_but_no_number_is_shown_all_the_same(look):
    assert (
        "17 third countries (not listed)"
        in look("/programmes/fr-jeunes-professionnels").text
    )
    assert "not named: partner region: Africa" in look("/programmes/africa-uninet").text


def test_dates_are_no_more_precise_than_they_are_known(look):
    page = look("/programmes/thamm-enabel")
    assert "March 2021" in page.text
    assert "1 March 2021" not in page.text
    assert [told for told in page.texts_in("dd") if told == "2023"] == ["2023"]


def test_costs_name_who_pays_and_what_is_not_known(look):
    page = look("/programmes/ie-fellows")
    assert "Irish Aid (Donor), 100 %" in page.text
    assert "Not said, share not known" in look("/programmes/ceepus").text


def test_components_and_parents_lead_to_one_another(look):
    assert {"thamm-enabel", "thamm-giz"} <= set(names(look("/programmes/thamm")))
    assert "triple-win" in names(look("/programmes/fea-nursing-trainees"))
    assert "is an assumption" in look("/programmes/fea-nursing-trainees").text


def test_a_name_that_nobody_knows_shows_what_is_called_alike(look):
    page = look("/programmes/thamm-gis")
    assert page.status == 404
    assert "thamm-giz" in names(page)
    hostile = look("/programmes/<script>1<")
    assert hostile.status == 404
    assert hostile.all("script") == []


def test_programmes_stand_side_by_side(look):
    page = look(COMPARED)
    assert names(page) == ["aptc", "jp-nurses"]
    assert len(page.all("th", scope="row")) == 9
    assert "By the five elements" in page.text


def test_another_programme_is_added_by_a_form(look):
    page = look(COMPARED)
    kept = [each["value"] for each in page.all("input", type="hidden")]
    assert kept == ["aptc", "jp-nurses"]
    offered = {each["value"] for each in page.all("option")}
    assert offered == (ELEMENTS.keys() - set(kept)) | {""}
    three = look(f"{COMPARED}&programme=lu-cv&programme=")
    assert names(three) == ["aptc", "jp-nurses", "lu-cv"]
    assert "/programmes/compare?programme=jp-nurses&programme=lu-cv" in {
        link.get("href") for link in three.all("a")
    }


@pytest.mark.parametrize("codes", [[], ["aptc"], ["aptc", "aptc"], [*ELEMENTS][:7]])
def test_two_to_six_programmes_are_compared(look, codes):
    query = "&".join(f"programme={code}" for code in codes)
    page = look(f"/programmes/compare?{query}")
    assert page.status == 422
    assert "Choose two to six programmes to compare." in page.text


def test_an_unknown_programme_is_not_compared(look):
    page = look("/programmes/compare?programme=aptc&programme=abtc")
    assert page.status == 404
    assert "aptc" in names(page)


def test_the_language_changes_and_the_programmes_stay(look):
    page = look(COMPARED)
    assert page.one("a", hreflang="fr")["href"] == f"{COMPARED}&lang=fr"
    page = look("/programmes/lu-cv")
    assert page.one("a", hreflang="fr")["href"] == "/programmes/lu-cv?lang=fr"


def test_the_first_page_and_the_navigation_lead_there(look):
    links = [link["href"] for link in look("/").all("a")]
    assert links.count("/programmes") == 2
