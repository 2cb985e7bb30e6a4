"""An authority states its fees; whoever asks the directory is told them with source."""

import pytest

from tests.pages.conftest import Page

BE_FR, BE_FL = "be-fr-demo", "be-fl-demo"
FEES = "/standing-orders/fees"
ENTRY = {
    "amount": "200.00",
    "currency": "EUR",
    "legal_basis": "Decree of 12 May 2025, article 3",
    "valid_from": "2026-01-01",
}


def propose(office, *entries, **more):
    return office.call("PUT", FEES, {"fees": list(entries), **more})


def state(office, *entries):
    proposed = propose(office, *entries)
    assert proposed.status_code == 200, proposed.json
    version = proposed.json["proposed"]["version"]
    approved = office.call(
        "PUT", f"{FEES}/approval", {"version": version}, as_="signatory"
    )
    assert approved.status_code == 200, approved.json
    return approved.json


@pytest.fixture
def ask(client):
    def get(origin="MA", destination="BE-FR", **more):
        query = {"origin": origin, "destination": destination, **more}
        answer = client.get("/api/v1/directory", query_string=query)
        assert answer.status_code == 200, answer.json
        return answer.json

    return get


def test_a_fee_is_told_with_its_source(office_of, ask):
    text = {"en": "Application", "fr": "Demande"}
    in_force = state(office_of(BE_FR), {**ENTRY, "text": text})["in_force"]
    assert (in_force["version"], in_force["fees"][0]["amount"]) == (1, "200.00")
    fee = ask()["fee"]
    assert fee["known"] is True
    (told,) = fee["stated"]
    assert (told["authority"], told["amount"], told["currency"], told["text"]) == (
        BE_FR,
        "200.00",
        "EUR",
        "200.00 EUR",
    )
    assert (told["for"], told["is_free"], told["from"], told["until"]) == (
        "Application",
        False,
        None,
        None,
    )
    assert [each["id"] for each in told["regimes"]] == [
        each["id"] for each in ask()["regimes"]
    ]
    assert (told["legal_basis"], told["valid_from"], told["stated_on"]) == (
        "Decree of 12 May 2025, article 3",
        "2026-01-01",
        "2026-11-02",
    )
    assert told["stated_text"] == f"Stated by {told['name']} on 2 November 2026"
    french = ask(lang="fr")["fee"]["stated"][0]
    assert (french["for"], french["text"]) == ("Demande", "200.00 EUR")
    assert french["stated_text"].startswith("Indiqué par ")


def test_a_regime_with_an_entry_of_its_own_has_that_fee(office_of, ask):
    regimes = [each["id"] for each in ask()["regimes"]]
    assert "neutral" in regimes
    state(
        office_of(BE_FR),
        ENTRY,
        {**ENTRY, "regime": "neutral", "amount": "0", "text": {"nl": "Aanvraag"}},
    )
    usual, free = ask()["fee"]["stated"]
    assert [each["id"] for each in free["regimes"]] == ["neutral"]
    assert (free["is_free"], free["text"], free["for"]) == (True, "no fee", "Aanvraag")
    assert [each["id"] for each in usual["regimes"]] == [
        each for each in regimes if each != "neutral"
    ]
    assert ask(lang="fr")["fee"]["stated"][1]["text"] == "gratuit"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"from": "100"}, "at least 100.00 EUR"),
        ({"until": "600.5"}, "at most 600.50 EUR"),
        ({"from": "100", "until": "600"}, "from 100.00 EUR to 600.00 EUR"),
        ({"amount": "200", "from": "100"}, "usually 200.00 EUR, at least 100.00 EUR"),
        ({"amount": "200", "until": "600"}, "usually 200.00 EUR, at most 600.00 EUR"),
        (
            {"amount": "200", "from": "100", "until": "600"},
            "usually 200.00 EUR, from 100.00 EUR to 600.00 EUR",
        ),
    ],
)
def test_a_range_is_told_in_words(office_of, ask, given, text):
    state(office_of(BE_FR), {**ENTRY, "amount": None, **given})
    assert [each["text"] for each in ask()["fee"]["stated"]] == [text]


def test_purpose_and_day_of_the_question_count(office_of, ask):
    state(
        office_of(BE_FR),
        {**ENTRY, "purpose": "academic_access", "amount": "50.00"},
        {**ENTRY, "purpose": "academic_access", "valid_from": "2027-01-01"},
    )
    known = ask(purpose="academic_access")["fee"]["stated"]
    assert [(each["amount"], each["purpose"]) for each in known] == [
        ("50.00", "academic_access")
    ]
    later = ask(purpose="academic_access", on="2027-01-01")["fee"]["stated"]
    assert [each["amount"] for each in later] == ["200.00"]
    assert ask(purpose="general_employment")["fee"]["known"] is False
    assert ask(purpose="academic_access", on="2025-12-31")["fee"]["known"] is False


def test_only_competent_authorities_of_the_place_are_told(office_of, ask):
    state(office_of(BE_FL), ENTRY)
    assert ask()["fee"] == {
        "known": False,
        "text": "No fee is known in these tables. That does not mean that there is "
        "none: ask the authority.",
        "stated": [],
    }
    assert ask(destination="BE-FL")["fee"]["stated"][0]["authority"] == BE_FL


def test_nothing_is_told_before_a_second_person_approved_nor_after_the_end(
    office_of, ask
):
    office = office_of(BE_FR)
    assert propose(office, ENTRY, note="Board").json["proposed"]["note"] == "Board"
    assert ask()["fee"]["known"] is False
    state(office, ENTRY)
    assert propose(office, {**ENTRY, "amount": "900"}).status_code == 200
    assert ask()["fee"]["stated"][0]["amount"] == "200.00"
    shown = office.get(FEES).json
    assert (shown["in_force"]["version"], shown["proposed"]["version"]) == (2, 3)
    ended = office.call("PUT", f"{FEES}/end", {}, as_="signatory")
    assert ended.json == {"in_force": None, "proposed": None}
    assert ask()["fee"]["known"] is False


def test_two_people_are_needed_and_the_version_that_was_read(office_of):
    office = office_of(BE_FR)
    approval = f"{FEES}/approval"
    refused = office.call("PUT", approval, {"version": 1}, as_="signatory")
    assert (refused.status_code, refused.json["code"]) == (
        404,
        "standing_order_not_found",
    )
    propose(office, ENTRY)
    propose(office, {**ENTRY, "amount": "900"})
    refused = office.call("PUT", approval, {"version": 1}, as_="signatory")
    assert (refused.status_code, refused.json["code"]) == (409, "fees_changed")
    assert office.call("PUT", approval, {"version": 2}).status_code == 403
    body = {"fees": [ENTRY]}
    assert office.call("PUT", FEES, body, as_="signatory").status_code == 403


def test_another_authority_sees_and_changes_its_own_fees_only(office_of):
    owner, stranger = office_of(BE_FR), office_of(BE_FL)
    state(owner, ENTRY)
    propose(owner, {**ENTRY, "amount": "300"})
    assert stranger.get(FEES).json == {"in_force": None, "proposed": None}
    approval = {"version": 2}
    refused = stranger.call("PUT", f"{FEES}/approval", approval, as_="signatory")
    assert refused.status_code == 404
    assert stranger.call("PUT", f"{FEES}/end", {}).status_code == 404
    assert owner.get(FEES).json["proposed"]["version"] == 2


@pytest.mark.parametrize(
    ("entry", "pointer", "code"),
    [
        ({"amount": "-1.00"}, "amount", "negative_amount"),
        ({"amount": "1,200.00"}, "amount", "not_an_amount"),
        ({"amount": "1e3"}, "amount", "not_an_amount"),
        ({"amount": "0200"}, "amount", "not_an_amount"),
        ({"amount": "200."}, "amount", "not_an_amount"),
        ({"amount": "NaN"}, "amount", "not_an_amount"),
        ({"amount": "2.0001"}, "amount", "not_an_amount"),
        ({"amount": 200}, "amount", "not_a_text"),
        ({"amount": None}, "amount", "required"),
        ({"from": "200.01"}, "amount", "outside_range"),
        ({"until": "199.99"}, "until", "outside_range"),
        ({"amount": None, "from": "2", "until": "1"}, "until", "outside_range"),
        ({"currency": "eur"}, "currency", "not_a_currency"),
        ({"currency": "EURO"}, "currency", "not_a_currency"),
        ({"currency": "€"}, "currency", "not_a_code"),
        ({"currency": None}, "currency", "not_null"),
        ({"purpose": "fun"}, "purpose", "not_in_enum"),
        ({"regime": "nothing"}, "regime", "unknown_code"),
        ({"text": {"english": "x"}}, "text/english", "not_a_language"),
        ({"text": {}}, "text", "blank"),
        ({"text": {"en": "x" * 501}}, "text/en", "too_long"),
        ({"legal_basis": " "}, "legal_basis", "blank"),
        ({"legal_basis": "a\u202eb"}, "legal_basis", "control_character"),
        ({"valid_from": "soon"}, "valid_from", "not_a_date"),
        ({"fun": True}, "fun", "unknown_member"),
    ],
)
def test_what_does_not_fit_is_named(office_of, entry, pointer, code):
    office = office_of(BE_FR)
    answer = propose(office, ENTRY, {**ENTRY, "regime": "neutral", **entry})
    assert answer.status_code == 422, answer.json
    found = [(each["pointer"], each["code"]) for each in answer.json["errors"]]
    assert found == [(f"/fees/1/{pointer}", code)]
    assert office.get(FEES).json == {"in_force": None, "proposed": None}


@pytest.mark.parametrize("missing", ["currency", "legal_basis", "valid_from"])
def test_what_is_missing_is_named(office_of, missing):
    entry = {name: value for name, value in ENTRY.items() if name != missing}
    answer = propose(office_of(BE_FR), entry)
    found = [(each["pointer"], each["code"]) for each in answer.json["errors"]]
    assert found == [(f"/fees/0/{missing}", "required")]


def test_entries_that_nobody_can_tell_apart_are_refused(office_of):
    answer = propose(office_of(BE_FR), ENTRY, {**ENTRY, "amount": "300"})
    found = [(each["pointer"], each["code"]) for each in answer.json["errors"]]
    assert found == [("/fees/1", "repeated_fee")]


def test_a_list_has_entries_and_not_too_many(office_of):
    office = office_of(BE_FR)
    many = [{**ENTRY, "text": {"en": str(number)}} for number in range(101)]
    for entries, code in (([], "too_few"), (many, "too_many")):
        (fault,) = propose(office, *entries).json["errors"]
        assert (fault["pointer"], fault["code"]) == ("/fees", code)
    assert propose(office, *many[:100]).status_code == 200


def test_the_page_shows_amount_purpose_rules_and_source(office_of, client):
    text = {"en": "<b>Application</b>"}
    state(office_of(BE_FR), {**ENTRY, "amount": "1200.00", "text": text})
    page = Page(client.get("/directory?origin=MA&destination=BE-FR"))
    assert "1200.00 EUR" in page.texts_in("strong")
    assert "<b>Application</b>" in page.text
    assert "Stated by Service des équivalences" in page.text
    assert "since 1 January 2026 · Decree of 12 May 2025, article 3" in page.text
    assert "No fee is known" not in page.text
    french = Page(client.get("/directory?origin=MA&destination=BE-FR&lang=fr"))
    assert "depuis le 1er janvier 2026" in french.text
