"""What holds for every page, whatever it shows."""

import re
from itertools import pairwise

import pytest

from recognition_service.verification.report import Verdict
from recognition_service.web.pages.verify import show_report
from tests.pages.reports import BY_VERDICT

LARGEST_PAGE = 50_000
PATHS = (
    "/",
    "/verify",
    "/claim",
    "/equivalences",
    "/equivalences?origin=LV&destination=BE-FL&title=bakalaura",
    "/equivalences?origin=LV&destination=BE-FR&held=LV-LKI:6&awarded_on=2019-06-28",
    "/equivalences?origin=LV&destination=ES&held=LV-LKI:6&awarded_on=2019-06-28",
    "/equivalences?origin=NZ&destination=AE&held=NZ-NZQCF:7&awarded_on=2019-06-28",
    "/directory",
    "/directory?origin=FR&destination=ES&profession=nurse_general",
    "/directory?origin=TN&destination=NZ",
    "/corridors",
    "/corridors/FR/DE",
    "/corridors/AT/DE?coverage=statement_decides&from=25",
    "/corridors/TN/BE-FL",
    "/statistics",
    "/programmes",
    "/programmes?destination=DE&query=nurs&element=training",
    "/programmes/thamm-giz",
    "/programmes/aptc",
    "/programmes/aptc/report",
    "/programmes/compare?programme=thamm&programme=lu-cv&programme=jp-nurses",
    "/vct/recognition/1.html",
    "/schemas/recognition/v1.html",
    "/ns/recognition/v1.html",
    "/ns/trust/v1.html",
)
every_path = pytest.mark.parametrize("path", PATHS)
every_language = pytest.mark.parametrize("language", ["en", "fr"])


@pytest.fixture(params=[*PATHS, *Verdict], ids=str)
def shown(request, look, rendered):
    """Each page and each verdict."""
    if isinstance(request.param, Verdict):
        return rendered(show_report, BY_VERDICT[request.param]())
    return look(request.param)


@every_language
@every_path
def test_answers_in_the_language_asked_for(look, path, language):
    joined = "&" if "?" in path else "?"
    page = look(f"{path}{joined}lang={language}")
    assert page.status == 200
    assert page.one("html") == {"lang": language, "dir": "ltr"}


def test_has_one_first_heading_and_one_main_part(shown):
    assert len(shown.all("h1")) == 1
    assert shown.one("main")["id"] == "content"
    assert ("a", {"class": "skip", "href": "#content"}) in shown.elements


def test_never_skips_a_heading_level(shown):
    levels = [int(tag[1]) for tag, _ in shown.elements if re.fullmatch("h[1-6]", tag)]
    assert levels
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_loads_nothing_from_elsewhere(shown):
    loaded = [
        attributes[name]
        for tag, attributes in shown.elements
        for name in ("src", "href", "action", "srcset", "poster")
        if attributes.get(name) and tag != "a"
    ]
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []


def test_has_no_script_and_no_style_of_its_own(shown):
    assert shown.all("script") == shown.all("style") == []
    for _, attributes in shown.elements:
        assert "style" not in attributes
        assert [name for name in attributes if name.startswith("on")] == []


def test_weighs_less_than_50_kilobytes_with_its_style(shown, client):
    weight = shown.size
    for relation in ("stylesheet", "icon"):
        with client.get(shown.one("link", rel=relation)["href"]) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
            weight += len(answer.data)
    assert weight < LARGEST_PAGE


def test_every_input_has_a_label(shown):
    labelled = {attributes["for"] for attributes in shown.all("label")}
    for tag in ("input", "select", "textarea"):
        for attributes in shown.all(tag):
            if attributes.get("type") != "hidden":
                assert attributes["id"] in labelled


def test_every_reference_inside_the_page_leads_somewhere(shown):
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in shown.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert set((attributes.get(name) or "").split()) <= set(ids)


def test_leaves_no_code_without_its_sentence(shown):
    assert re.findall(r"\bpage\.[a-z_]+", shown.source) == []
    assert "{" not in shown.text


def test_says_when_everything_is_a_demonstration(look, runtime, monkeypatch):
    assert "Demonstration" not in look("/").text
    monkeypatch.setattr(runtime, "is_demo", True)
    assert "Demonstration: examples, not real decisions." in look("/").text


def test_remembers_the_language_that_was_chosen(client, look):
    chosen = client.get("/?lang=fr")
    cookie = chosen.headers["Set-Cookie"]
    for attribute in ("lang=fr", "HttpOnly", "Secure", "SameSite=Lax"):
        assert attribute in cookie
    assert look("/verify", **{"Accept-Language": "en"}).one("html")["lang"] == "fr"
    assert look("/verify?lang=en").one("html")["lang"] == "en"


def test_follows_the_browser_until_a_language_is_chosen(client, look):
    assert look("/", **{"Accept-Language": "fr-BE, en"}).one("html")["lang"] == "fr"
    assert "Set-Cookie" not in client.get("/").headers


def test_keeps_the_question_when_the_language_changes(look):
    page = look("/equivalences?origin=LV&destination=BE-FL")
    french = page.one("a", hreflang="fr")
    assert french["href"] == "/equivalences?origin=LV&destination=BE-FL&lang=fr"


@every_path
def test_is_never_kept_by_caches_on_the_way(client, path):
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "frame-ancestors 'none'" in policy
