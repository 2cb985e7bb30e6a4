"""The directory as people see it: a form, and everything about one way."""

import pytest

NURSE = "/directory?origin=FR&destination=ES&profession=nurse_general"


def links(page):
    return [link["href"] for link in page.all("a") if "href" in link]


def test_the_form_asks_for_two_places_and_a_profession(look):
    page = look("/directory")
    assert [each["id"] for each in page.all("select")] == [
        "origin",
        "destination",
        "profession",
    ]


def test_says_who_decides_and_by_which_rules(look):
    page = look(NURSE)
    assert "For the profession: Nurse responsible for general care" in page.text
    assert "Ministerio de Educación" in page.text
    assert "Automatic recognition (Spain, Royal Decree 581/2017)" in page.text
    assert "Decision: 3 months, counted from the day on which" in page.text
    assert "health certificate, if the authority asks for it (at most 3" in page.text


def test_says_plainly_where_nothing_is_known(look):
    page = look("/directory?origin=TN&destination=NZ")
    assert "No competent authority is known in these tables." in page.text
    assert "No fee is known in these tables." in page.text
    assert "decided enough cases to tell how long it takes" in page.text


def test_leads_to_programmes_levels_and_the_corridor(look):
    found = links(look("/directory?origin=TN&destination=DE"))
    assert "/corridors/TN/DE" in found
    assert any(each.startswith("/programmes/") for each in found)
    assert any(each.startswith("/equivalences?origin=TN") for each in found)


def test_the_home_page_and_the_corridor_lead_here(look):
    assert "/directory" in links(look("/"))
    assert "/directory?origin=LV&destination=BE-FL" in links(
        look("/corridors/LV/BE-FL")
    )


def test_an_employer_is_told_how_to_verify_and_what_not_to_conclude(look):
    page = look(NURSE)
    assert "It is no licence to practise." in page.text
    assert "/verify" in links(page)


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("origin=LV", 422, "destination"),
        ("destination=LV", 422, "origin"),
        ("profession=nurse_general", 422, "origin"),
        ("origin=LV&destination=XX", 404, "destination"),
        ("origin=LV&destination=DE&profession=%3Cscript%3E", 404, "profession"),
    ],
)
def test_what_does_not_fit_is_explained_at_its_field(look, query, status, field):
    page = look(f"/directory?{query}")
    assert page.status == status
    assert page.one("a", href=f"#{field}")
    assert page.one("select", id=field)
    assert page.all("script") == []


def test_the_language_changes_and_the_question_stays(look):
    french = look(NURSE).one("a", hreflang="fr")["href"]
    assert french == f"{NURSE}&lang=fr"
    assert "Qui décide" in look(french).text
