"""Holders collect what is theirs, and learn nothing about others."""
# ruff: noqa: RUF001 - names and digits in their own scripts

from datetime import UTC, datetime
from uuid import UUID

import pytest

from recognition_service.delivery.claim import Claim
from recognition_service.web.pages.claim import show_claim

ATTESTATION = UUID("019a1c2d-0000-7000-8000-000000000001")
BIRTH = {"birth_day": "17", "birth_month": "5", "birth_year": "1994"}


def a_claim(**changes):
    members = {
        "token": "the-claim-token",
        "expires_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "case": {
            "number": "REC-2026-004211",
            "status": "decided",
            "authority": "Recognition centre of Flanders (example)",
            "title": "Bakalaura diploms",
            "submitted_at": "2026-11-02T09:00:00Z",
            "due_on": "2027-03-02",
            "decided_on": None,
            "outcome": "conditional",
            "remedy": {"body": "Council of State", "within_days": 60},
            "text": {"en": "An adaptation period."},
        },
        "attestations": (
            {
                "id": str(ATTESTATION),
                "number": "ATT-2026-000917",
                "label": "Bakalaura diploms",
                "status": "valid",
                "outcome": "automatic",
            },
        ),
        "readings": (),
        "alerts": (),
        **changes,
    }
    return Claim(**members)


def test_shows_the_case_with_its_clock_and_its_remedy(rendered):
    page = rendered(show_claim, a_claim(), path="/claim")
    for told in (
        "REC-2026-004211",
        "Decided",
        "2 March 2027",
        "Recognised under conditions",
        "Council of State, within 60 days",
    ):
        assert told in page.text


def test_offers_each_attestation_by_a_form_and_not_by_a_link(rendered):
    page = rendered(show_claim, a_claim(), path="/claim")
    form = page.one("form")
    assert form == {"method": "post", "action": f"/claim/attestations/{ATTESTATION}"}
    assert page.one("input", type="hidden")["value"] == "the-claim-token"
    assert [a["href"] for a in page.all("a") if "token" in a["href"]] == []


def test_says_that_there_is_no_attestation_yet(rendered):
    page = rendered(show_claim, a_claim(attestations=()), path="/claim")
    assert "There is no attestation yet." in page.text


def test_speaks_french(rendered):
    page = rendered(show_claim, a_claim(), path="/claim", language="fr")
    assert page.texts_in("h1") == ["Vos attestations"]
    assert "Décidé" in page.text


def test_an_attestation_without_a_case_is_shown_too(rendered):
    page = rendered(show_claim, a_claim(case=None), path="/claim")
    assert "Your case" not in page.text
    assert "Bakalaura diploms" in page.text


def test_hostile_labels_stay_harmless_text(rendered):
    hostile = {"id": str(ATTESTATION), "label": "<script>1</script>{{7*7}}"}
    page = rendered(show_claim, a_claim(attestations=(hostile,)), path="/claim")
    assert page.all("script") == []
    assert "<script>1</script>{{7*7}}" in page.text


def test_a_wrong_pair_is_not_told_which_half_is_wrong(look):
    page = look("/claim", {"code": "7777-8888-9999", **BIRTH})
    assert page.status == 422
    assert "do not belong together. Check both." in page.text
    assert page.one("div", role="alert")


def test_after_five_tries_says_so(look):
    for _ in range(5):
        look("/claim", {"code": "1111-2222-3333", **BIRTH})
    page = look("/claim", {"code": "iiii 2222 3333", **BIRTH})
    assert page.status == 429
    assert "now locked" in page.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_day": "31", "birth_month": "2"},
        {"birth_day": ""},
        {"birth_year": "94"},
        {"birth_year": "2031"},
        {"birth_month": "May"},
    ],
)
def test_a_wrong_birth_date_is_explained(look, wrong):
    page = look("/claim", {"code": "ABCD-2345-WXYZ", **BIRTH, **wrong})
    assert page.status == 422
    assert page.one("a", href="#birth_day")


def test_digits_of_other_scripts_count(look):
    eastern = {"birth_day": "١٧", "birth_month": "٥", "birth_year": "١٩٩٤"}
    page = look("/claim", {"code": "4444-5555-6666", **eastern})
    assert "do not belong together" in page.text


def test_an_empty_form_names_both_fields(look):
    page = look("/claim", {})
    assert page.status == 422
    assert page.one("a", href="#code")
    assert page.one("a", href="#birth_day")


def test_what_was_typed_stays_in_the_form(look):
    page = look("/claim", {"code": '"><b>', **BIRTH})
    assert page.one("input", id="code")["value"] == '"><b>'
    assert page.all("b") == []


def test_a_token_that_is_over_leads_back_to_the_form(look):
    page = look(f"/claim/attestations/{ATTESTATION}", {"token": "over"})
    assert page.status == 422
    assert "Enter the code and your date of birth again." in page.text
