"""Anybody sees the figures of whole quarters and years, protected, without scripts."""

import re
from datetime import date

import pytest

from recognition_service.web.pages.rendering import static_file
from recognition_service.wording import LANGUAGES
from tests.journeys.crowd import NAMES, Group, a_crowd
from tests.pages.conftest import browser
from tests.pages.test_every_page import LARGEST_PAGE

BE_FR = "be-fr-demo"
STYLE_SIZE = len(static_file("site.css")) + len(static_file("favicon.svg"))
PATH = f"/statistics/{BE_FR}"
CROWD = (
    Group(20, sex="female", profession="nurse-general"),
    Group(12, sex="male"),
    Group(8, sex="male", outcome="refused"),
    Group(3, sex="female", outcome="refused"),
    Group(6, origin="TN", birth_date=date(2004, 1, 1)),
    Group(2, origin="LV"),
)


@pytest.fixture
def look(client):
    return browser(client)


@pytest.fixture
def figures(runtime, look):
    """The page of an authority that decided about a crowd."""
    a_crowd(runtime, BE_FR, CROWD, decided="2026-08-05")
    return look(PATH)


def numbers(page):
    """The rows of all tables: what each is about, and its numbers."""
    rows = re.findall(
        r"<tr[^>]*><th[^>]*>([^<]+)</th>((?:<td>[^<]*</td>)+)", page.source
    )
    return [(name, *re.findall(r"<td>([^<]*)</td>", cells)) for name, cells in rows]


def test_shows_requests_outcomes_and_durations(figures):
    assert figures.status == 200
    assert "Requests that came in, and decisions that were signed" in figures.text
    assert ("Morocco", "43") in numbers(figures)
    assert ("All others", "8") in numbers(figures)
    assert ("All together", "51") in numbers(figures)
    assert "Median 30 days; nine of ten within 30 days" in figures.text


def test_small_numbers_and_small_groups_are_not_shown(figures):
    told = figures.text
    assert "Latvia" not in told
    assert "Tunisia" not in told
    assert ("Women", "23") in numbers(figures)
    assert numbers(figures).count(("Not recognised", "not shown")) == 2
    assert 'class="unknown"' in figures.source


def test_each_picture_has_a_title_its_words_and_a_table(figures):
    pictures = figures.all("svg", role="img")
    assert len(pictures) >= 4
    for picture in pictures:
        title, description = picture["aria-labelledby"].split()
        assert figures.one("title", id=title)
        assert figures.one("desc", id=description)
        name = title.removesuffix("-title")
        assert figures.one("caption", id=f"{name}-table")
    assert len(figures.all("div", role="region", tabindex="0")) >= len(pictures)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_has_its_sentence(runtime, look, language):
    a_crowd(runtime, BE_FR, CROWD, decided="2026-08-05")
    page = look(f"{PATH}?lang={language}")
    assert page.one("html")["lang"] == language
    assert re.findall(r"\b(?:statistics|page)\.[a-z_]+", page.source) == []
    assert "{" not in page.text
    assert page.size < LARGEST_PAGE - STYLE_SIZE
    assert page.all("script") == page.all("style") == []
    french = page.one("a", hreflang="fr")["href"]
    assert french.startswith(f"{PATH}?")


def test_no_name_appears(figures):
    hidden = (*NAMES, "Ilze", "1994", "2004", "REC-")
    assert [name for name in hidden if name in figures.source] == []


def test_lists_who_publishes_and_leads_there(figures, look):
    page = look("/statistics")
    links = [link["href"] for link in page.all("a") if link["href"].startswith(PATH)]
    assert (figures.status, links) == (200, [PATH])
    assert "Figures since Q3 2026" in page.text
    assert "/statistics" in [link["href"] for link in look("/").all("a")]


def test_a_running_quarter_is_never_shown(runtime, look):
    a_crowd(runtime, BE_FR, CROWD, submitted="2026-10-05", decided="2026-10-20")
    assert "No figures yet" in look("/statistics").text
    assert look(PATH).status == 404
    assert look(f"{PATH}?period=2026-Q4").status == 404


@pytest.mark.parametrize("period", ["2026-Q4", "2026", "2020-Q1", "yesterday"])
def test_other_periods_are_not_found(figures, look, period):
    assert figures.status == 200
    assert look(f"{PATH}?period={period}").status == 404


def test_a_year_is_shown_once_it_is_over(runtime, clock, look):
    a_crowd(runtime, BE_FR, CROWD, decided="2026-08-05")
    clock.instant = clock().replace(year=2027, month=1, day=4)
    page = look(f"{PATH}?period=2026")
    assert ("Morocco", "43") in numbers(page)
    periods = [link["href"] for link in page.all("a") if "period=" in link["href"]]
    assert f"{PATH}?period=2026-Q4" in periods


def test_an_authority_without_cases_has_no_page(figures, look):
    assert figures.status == 200
    assert look("/statistics/de-chamber-demo").status == 404
    assert look("/statistics/nobody").status == 404


def test_test_authorities_are_shown_in_a_demonstration_only(runtime, look, monkeypatch):
    a_crowd(runtime, BE_FR, CROWD, decided="2026-08-05")
    monkeypatch.setattr(runtime, "is_demo", False)
    assert "No figures yet" in look("/statistics").text
    assert look(PATH).status == 404
