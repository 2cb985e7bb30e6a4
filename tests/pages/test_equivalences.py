"""The tables answer in words, with reasons and sources, and never too much."""
# ruff: noqa: RUF001 - dashes as the sentences have them

import pytest

LEVEL = "/equivalences?origin=LV&destination=BE-FR&held=LV-LKI:6&awarded_on=2019-06-28"
TREATY = (
    "/equivalences?origin=LV&destination=BE-FL&awarded_on=2024-06-28"
    "&qualification=lv-lki--bakalaura-diploms"
)


def test_a_comparison_of_levels_is_information_only(look):
    page = look(LEVEL)
    assert "The levels can be compared" in page.text
    assert "This is information, not recognition." in page.text
    assert "equivalent" not in page.text.lower()


def test_shows_the_levels_in_a_table(look):
    page = look(LEVEL)
    assert len(page.all("th", scope="row")) >= 2
    assert "Latvian Qualifications Framework (LV-LKI)" in page.text


def test_the_answer_stands_there_in_one_paragraph(look):
    page = look(LEVEL)
    told = " ".join(page.texts_in("p"))
    assert "awarded on 28 June 2019 (origin: Latvia;" in told
    assert "A level is not a decision" in told


def test_a_picture_stands_beside_a_table_that_says_the_same(look):
    page = look(LEVEL)
    picture = page.one("svg", role="img")
    assert picture["direction"] == "ltr"
    assert {"ladder-title", "ladder-desc"} == set(picture["aria-labelledby"].split())
    rows = " ".join(page.texts_in("td"))
    for words in ("held", "passed", "answer", "EQF 6 – BE-FR-CFC 6: corresponds"):
        assert words in rows


def test_a_relation_that_was_not_endorsed_is_shown_without_a_line(look):
    page = look("/equivalences?origin=NZ&destination=AE&held=NZ-NZQCF:7")
    assert page.all("circle", **{"class": "end"}) == []
    assert page.all("circle", **{"class": "absent"})
    assert "A relation exists, but it was not endorsed" in page.texts_in("td")


def test_where_no_rung_is_marked_there_is_no_picture(look):
    page = look(
        "/equivalences?origin=FR&destination=DE&qualification="
        "fr--certificat-daptitude-professionnelle-cap-mecanicien-ajusteur"
    )
    assert page.all("svg", role="img") == []
    assert "Maschinenschlosser" in page.text


def test_an_answer_leads_to_its_corridor(look):
    links = [link["href"] for link in look(LEVEL).all("a")]
    assert "/corridors/LV/BE-FR" in links


def test_levels_may_be_asked_for_as_the_interface_does(look):
    page = look(
        "/equivalences?origin=LV&destination=BE-FR&framework=LV-LKI&level=6"
        "&awarded_on=2019-06-28"
    )
    assert "The levels can be compared" in page.text


def test_names_its_sources_and_the_edition(look):
    page = look(LEVEL)
    assert "Sources" in page.text
    assert page.all("a", rel="external noreferrer")
    assert "sha256-" in page.text


def test_a_treaty_settles_what_it_lists(look):
    page = look(TREATY)
    assert "A treaty settles this" in page.text
    assert "Outcome under this rule: Recognised automatically" in page.text


def test_without_an_award_date_a_treaty_only_informs(look):
    page = look(TREATY.replace("&awarded_on=2024-06-28", ""))
    assert "A treaty settles this" not in page.text


def test_no_answer_is_an_answer(look):
    page = look("/equivalences?origin=MA&destination=DE&held=MA-CNC:5")
    assert page.status == 200
    assert "This does not mean that the qualification is worth nothing." in page.text


def test_finds_titles_without_accents(look):
    page = look("/equivalences?origin=FR&destination=DE&title=electricien")
    links = [a["href"] for a in page.all("a") if "qualification=" in a["href"]]
    assert len(links) >= 2
    assert look(links[0]).texts_in("h2")


def test_says_that_no_title_was_found(look):
    page = look("/equivalences?origin=FR&destination=DE&title=zzzz")
    assert "No qualification found" in page.text


def test_offers_the_levels_of_the_origin(look):
    page = look("/equivalences?origin=LV&destination=DE")
    assert page.one("option", value="LV-LKI:6")
    assert page.one("optgroup")


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("origin=LV", 422, "destination"),
        ("destination=LV", 422, "origin"),
        ("origin=LV&destination=DE&awarded_on=1.5.2019", 422, "awarded_on"),
        ("origin=LV&destination=DE&purpose=fun", 422, "purpose"),
        (f"origin=LV&destination=DE&title={'x' * 201}", 422, "title"),
    ],
)
def test_what_does_not_fit_is_explained_at_its_field(look, query, status, field):
    page = look(f"/equivalences?{query}")
    assert page.status == status
    assert page.one("a", href=f"#{field}")
    assert page.all("select", id=field) or page.all("input", id=field)


@pytest.mark.parametrize(
    "query",
    [
        "origin=XX&destination=DE&held=LV-LKI:6",
        "origin=LV&destination=DE&held=LV-LKI:99",
        "origin=LV&destination=DE&held=nothing",
        "origin=LV&destination=DE&qualification=nothing",
    ],
)
def test_unknown_codes_are_not_found(look, query):
    page = look(f"/equivalences?{query}")
    assert page.status == 404
    assert page.one("div", role="alert")


def test_what_was_asked_stays_harmless_text(look):
    page = look("/equivalences?origin=LV&destination=DE&title=<script>1</script>")
    assert page.all("script") == []
    assert page.one("input", id="title")["value"] == "<script>1</script>"


GRADED = {
    "origin": "ID",
    "destination": "DE",
    "qualification": "id--indonesian-school-leaving-certificate",
    "purpose": "academic_access",
    "awarded_on": "2019-06-28",
}


def test_a_fact_on_which_the_answer_depends_is_asked_for(client):
    shown = client.get("/equivalences", query_string=GRADED).text
    assert 'name="fact-final_grade"' in shown
    assert "needs the final grade (on a scale of 10)" in shown
    for kept in ("origin", "destination", "qualification", "purpose", "awarded_on"):
        assert f'<input type="hidden" name="{kept}" value="{GRADED[kept]}">' in shown
    told = client.get(
        "/equivalences", query_string=GRADED | {"fact-final_grade": "8.5/10"}
    ).text
    assert 'value="8.5/10"' in told
    assert "(met)" in told


def test_a_fact_that_is_written_otherwise_is_said_beside_its_field(client):
    answer = client.get(
        "/equivalences", query_string=GRADED | {"fact-final_grade": "<b>good</b>"}
    )
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Write this fact as the hint beside it says." in answer.text
    assert "<b>good</b>" not in answer.text
    assert "&lt;b&gt;good&lt;/b&gt;" in answer.text
