"""Employers see at once whether an attestation may be relied on."""
# ruff: noqa: RUF001 - names and digits in their own scripts

from io import BytesIO

import pytest

from recognition_service.verification.report import HolderFinding, Verdict
from recognition_service.web.pages.verify import show_report
from tests.pages.reports import (
    BY_VERDICT,
    a_conditional_report,
    a_forged_report,
    a_recognition,
    a_refusal_report,
    a_report,
    a_revoked_report,
    an_unconfirmed_report,
    an_unknown_issuers_report,
)

WORDS = {
    Verdict.VALID: ("Valid", "Valable"),
    Verdict.VALID_WITH_CONDITIONS: ("Valid with conditions", "Valable sous conditions"),
    Verdict.NOT_VALID: ("Not valid", "Non valable"),
    Verdict.CANNOT_CONFIRM: ("Cannot be confirmed", "Impossible à confirmer"),
    Verdict.NOT_GENUINE: ("Not genuine", "Non authentique"),
}
HOSTILE = (
    "<script>window.pwned=1</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "javascript:alert(1)",
    "Ann\u202egpj.exe",
)


@pytest.mark.parametrize("verdict", Verdict)
def test_says_the_verdict_by_word_and_by_shape(rendered, verdict):
    report = BY_VERDICT[verdict]()
    for language, word in zip(("en", "fr"), WORDS[verdict], strict=True):
        page = rendered(show_report, report, language=language)
        assert page.texts_in("h1") == [word]
        assert page.one("svg", **{"data-icon": verdict.value})
        assert "21" in page.text
        assert "10:00 UTC" in page.text


def test_each_verdict_has_a_shape_of_its_own(rendered):
    shapes = set()
    for verdict in Verdict:
        source = rendered(show_report, BY_VERDICT[verdict]()).source
        start = source.index(f'data-icon="{verdict.value}"')
        shapes.add(source[source.index(">", start) : source.index("</svg>", start)])
    assert len(shapes) == len(Verdict)


def test_the_verdict_comes_before_everything_else(rendered):
    page = rendered(show_report, a_report())
    headings = [text.strip() for text in page.texts_in("main")]
    assert headings.index("Valid") < headings.index("Who issued it")
    order = ["Who issued it", "Who holds it", "What was recognised", "What it allows"]
    order += ["What it does not allow", "What was checked", "The whole answer as data"]
    places = [headings.index(heading) for heading in order]
    assert places == sorted(places)


def test_names_the_registered_authority_and_its_domain(rendered):
    page = rendered(show_report, a_report())
    assert "NARIC-Vlaanderen (example)" in page.text
    assert "naric.example" in page.text


def test_an_issuer_that_nobody_registered_gets_no_name(rendered):
    page = rendered(show_report, an_unknown_issuers_report())
    assert "Not a registered authority" in page.text
    assert "which is not confirmed: https://elsewhere.example" in page.text


def test_an_example_authority_is_marked_in_a_demonstration(
    rendered, runtime, monkeypatch
):
    assert "Example authority" not in rendered(show_report, a_report()).text
    monkeypatch.setattr(runtime, "is_demo", True)
    assert "Example authority" in rendered(show_report, a_report()).text


def test_says_that_the_holder_was_not_identified(rendered):
    page = rendered(show_report, a_report())
    assert "The holder’s identity was not checked." in page.text
    assert {"Ilze", "Bērziņa"} <= set(page.texts_in("bdi"))


def test_tells_what_it_allows_and_what_not(rendered):
    page = rendered(show_report, a_report())
    assert "Comparing the level of the qualification" in page.text
    assert "It gives no access to a regulated profession." in page.text


def test_tells_the_conditions(rendered):
    page = rendered(show_report, a_conditional_report())
    assert "An adaptation period in geriatric nursing." in page.text
    assert "at most 6 months" in page.text


@pytest.mark.parametrize("report", [a_revoked_report(), an_unconfirmed_report()])
def test_allows_nothing_unless_it_is_valid(rendered, report):
    assert "What it allows" not in rendered(show_report, report).text


def test_what_cannot_be_confirmed_never_looks_valid(rendered):
    page = rendered(show_report, an_unconfirmed_report())
    assert "verdict-valid" not in page.source
    assert "Do not treat this attestation as valid." in page.text
    assert "What the attestation says (not confirmed)" in page.text
    assert "Could not be confirmed" in page.text
    assert "Failed" not in page.text


def test_shows_nothing_of_what_a_forged_attestation_says(rendered):
    page = rendered(show_report, a_forged_report())
    assert "Who issued it" not in page.text
    assert "Nothing that it says can be relied on" in page.text


def test_a_valid_refusal_is_loudly_a_refusal(rendered):
    page = rendered(show_report, a_refusal_report())
    assert page.texts_in("h1") == ["Valid"]
    assert "the qualification was not recognised" in page.text
    assert "Not recognised" in page.text
    assert "What was recognised" not in page.text


def test_all_checks_are_listed_with_their_outcome_in_words(rendered):
    page = rendered(show_report, a_revoked_report())
    assert page.text.count("Passed") == 8
    assert page.text.count("Failed") == 1
    assert page.text.count("Not performed") == 3


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_stay_harmless_text(rendered, hostile):
    report = a_report(
        holder=HolderFinding(hostile, hostile),
        recognition=a_recognition(
            source={"title": hostile, "origin": hostile, "awarded_on": hostile},
            legal_force={"en": hostile},
            conditions=({"code": hostile, "text": {"en": hostile}},),
        ),
    )
    page = rendered(show_report, report)
    assert page.all("script") == page.all("img") == []
    assert hostile.replace("\u202e", "\ufffd") in page.text
    assert "\u202e" not in page.source


def test_warns_of_invisible_characters_and_of_mixed_scripts(rendered):
    hidden = a_report(holder=HolderFinding("Sm\u200bith", "Ann"))
    assert "invisible characters" in rendered(show_report, hidden).text
    mixed = a_report(holder=HolderFinding("Ѕmith", "Ann"))
    assert "different scripts" in rendered(show_report, mixed).text
    arabic = rendered(show_report, a_conditional_report())
    assert "scripts" not in arabic.text


def test_what_is_no_attestation_gets_a_verdict(look):
    page = look("/verify", {"credential": "hello"})
    assert page.status == 200
    assert page.texts_in("h1") == ["Not genuine"]


def test_a_file_is_verified_like_a_pasted_text(look):
    file = (BytesIO(b"\xef\xbb\xbfhello\n"), "attestation.jwt")
    page = look("/verify", {"file": file, "credential": ""})
    assert page.texts_in("h1") == ["Not genuine"]


def test_an_empty_form_is_explained(look):
    page = look("/verify", {"credential": "  "})
    assert page.status == 422
    assert page.one("div", role="alert")["aria-labelledby"] == "error-title"
    assert page.one("a", href="#credential")
    assert page.one("textarea", id="credential")["aria-invalid"] == "true"
    assert page.texts_in("title")[0].startswith("Error:")


def test_a_picture_is_refused_with_advice(look):
    file = (BytesIO(b"\x89PNG\r\n\x1a\n\x00\x00"), "photo.png")
    page = look("/verify", {"file": file})
    assert page.status == 422
    assert "Ask the holder for the attestation file" in page.text


def test_an_empty_file_is_explained(look):
    page = look("/verify", {"file": (BytesIO(b""), "attestation.jwt")})
    assert page.status == 422
    assert "The file is empty." in page.text


def test_what_is_too_large_is_refused_before_it_is_read(look):
    body = b"--x\r\n" + b"e" * (11 << 20)
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    page = look("/verify", body, **form)
    assert page.status == 413
    assert "too large to be an attestation" in page.text


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "0001-01-01"])
def test_a_wrong_day_is_explained(look, day):
    page = look("/verify", {"credential": "hello", "at": day})
    assert page.status == 422
    assert page.one("a", href="#at")


def test_a_day_asks_for_its_end(look):
    page = look("/verify", {"credential": "hello", "at": "2026-10-01"})
    assert "The answer is for 1 October 2026, 23:59 UTC" in page.text


def test_nothing_of_what_was_sent_comes_back_in_the_form(look):
    page = look("/verify", {"credential": "secret-token", "at": "yesterday"})
    assert "secret-token" not in page.source
