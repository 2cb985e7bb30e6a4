"""What is published between two places is shown, and so is where nothing is."""

import re

import pytest


def tally(page):
    """The two numbers of each row of the table of coverage, by its words."""
    cells = re.findall(
        r'<tr><th scope="row">([^<]+)</th><td>(.*?)</td><td>(\d+)</td></tr>',
        page.source,
    )
    return {
        words: (int(re.sub(r"<[^>]*>|\D", "", types)), int(levels))
        for words, types, levels in cells
    }


def answers(page):
    return [
        link["href"]
        for link in page.all("a")
        if link["href"].startswith("/equivalences?")
    ]


def test_says_how_much_is_published(look):
    page = look("/corridors/FR/DE")
    assert tally(page)["A statement by which a rule may decide"] == (32, 0)
    assert tally(page)["Level information only"] == (18, 14)
    assert "Bundesministerium für Wirtschaft: 32 answers (2022)" in page.text


def test_says_plainly_where_nothing_is_published(look):
    page = look("/corridors/TN/BE-FL")
    assert "Nothing that answers is published" in page.text
    assert tally(page)["Nothing published"] == (11, 7)
    assert "Nothing published: The two systems are not linked" in page.text
    assert "This does not mean that they are worth nothing." in page.text


def test_a_treaty_is_named_with_its_beginning(look):
    page = look("/corridors/LV/BE-FL?lang=fr")
    assert "9 réponses (en vigueur depuis le 1er mai 2024)" in page.text


def test_each_entry_leads_to_its_answer(look):
    page = look("/corridors/LV/BE-FL")
    (treaty,) = [each for each in answers(page) if "bakalaura-diploms" in each][:1]
    assert "A treaty settles this" in look(treaty).text
    (level,) = [each for each in answers(page) if "level=6" in each]
    assert "The levels can be compared" in look(level).text


def test_a_statement_for_another_purpose_leads_to_a_question_for_it(look):
    page = look("/corridors/IT/AT")
    assert any("purpose=academic_access" in each for each in answers(page))


def test_a_number_leads_to_what_it_counts(look):
    page = look("/corridors/LV/BE-FL")
    links = [link["href"] for link in page.all("a") if "coverage=" in link["href"]]
    shown = look("/corridors/LV/BE-FL?coverage=treaty_decides")
    assert "/corridors/LV/BE-FL?coverage=treaty_decides#types" in links
    assert len([each for each in answers(shown) if "qualification=" in each]) == 9


def test_long_lists_are_shown_in_pages(look):
    found, path = [], "/corridors/AT/DE?coverage=statement_decides"
    while path:
        page = look(path)
        found += [each for each in answers(page) if "qualification=" in each]
        path = next((link["href"] for link in page.all("a", rel="next")), None)
    assert len(found) == len(set(found)) == 258


@pytest.mark.parametrize("query", ["from=-1", "from=x", "from=99999", "coverage=fun"])
def test_what_somebody_made_up_shows_a_page_all_the_same(look, query):
    assert look(f"/corridors/LV/BE-FL?{query}").status == 200


def test_levels_of_a_framework_of_the_past_say_for_which_award_they_are(look):
    page = look("/corridors/FR/DE")
    dates = [told for told in page.texts_in("caption") if "for an award of" in told]
    assert len(dates) == 1


def test_leads_to_the_other_direction(look):
    links = [link["href"] for link in look("/corridors/LV/BE-FL").all("a")]
    assert "/corridors/BE-FL/LV" in links


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/corridors?origin=LV", 422, "destination"),
        ("/corridors?destination=LV", 422, "origin"),
        ("/corridors?origin=LV&destination=XX", 404, "destination"),
        ("/corridors/LV/LV", 422, "destination"),
    ],
)
def test_what_does_not_fit_is_explained_at_its_field(look, path, status, field):
    page = look(path)
    assert page.status == status
    assert page.one("a", href=f"#{field}")
    assert page.one("select", id=field)


def test_unknown_places_are_not_found(look):
    page = look("/corridors/<script>1/XX")
    assert page.status == 404
    assert page.all("script") == []
    assert page.one("div", role="alert")


def test_the_form_leads_to_the_corridor_and_keeps_the_language(client):
    answer = client.get("/corridors?origin=LV&destination=BE-FL&lang=fr")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/corridors/LV/BE-FL?lang=fr"


def test_the_language_changes_and_the_corridor_stays(look):
    page = look("/corridors/LV/BE-FL?coverage=treaty_decides")
    french = page.one("a", hreflang="fr")["href"]
    assert french == "/corridors/LV/BE-FL?coverage=treaty_decides&lang=fr"
