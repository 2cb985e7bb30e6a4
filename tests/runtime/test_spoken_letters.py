"""A letter says what its row says, in whole sentences, in the applicant's language."""

from datetime import UTC, date, datetime

import pytest

from recognition_service.documents.paper import Items, Paragraph, Rows, Table
from recognition_service.documents.typeset import to_pdf
from recognition_service.editions.find import CompiledEdition
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.models import Letter
from recognition_service.regimes.regime import read_regime
from recognition_service.runtime.spoken_letter import letter_paper
from recognition_service.wording import LANGUAGES, catalogue
from tests.builders import a_regime_tree
from tests.documents.papers import is_archival
from tests.equivalence.editions import shipped_edition
from tests.recognition.letters import DECISION, PARAMS, REMEDY

CASE = {
    "authority": {"name": "Centre", "jurisdiction": "BE-FL", "mode": "test"},
    "applicant": {
        "family_name": "El Amrani",
        "given_name": "Salma",
        "birth_date": "1998-03-09",
        "email": "salma@example.org",
    },
    "reference": "REC-2026-000001",
    "external_reference": None,
    "asked_language": "en",
    "dated": "2026-11-21",
    "submitted_on": "2026-11-01",
    "decision_kind": "professional_access",
    "purpose": "regulated_profession",
    "destination": "BE-FL",
    "profession": None,
    "regime": "neutral",
    "held": {
        "title": "Diplôme d'infirmier",
        "origin": "MA",
        "awarded_on": "2016-07-01",
        "awarding_body": {"name": "Institut de Rabat", "country": "MA"},
    },
}
ALL = PARAMS | {LetterKind.DECISION: DECISION}
# With nothing but what a letter needs.
SHORT = {
    LetterKind.ACKNOWLEDGEMENT: {"received_on": "2026-11-02"},
    LetterKind.MISSING_DOCUMENTS: {"documents": ["A copy"], "until": "2026-12-01"},
    LetterKind.EXTENSION: {"reason": "Holidays.", "due_on": "2027-03-02"},
    LetterKind.AWAITING_ANSWER: {"asked_on": "2026-11-10"},
    LetterKind.DECISION_UNDER_WAY: {},
    LetterKind.COOPERATION_WARNING: {"missing": ["A copy"], "until": "2027-01-15"},
    LetterKind.DECISION: {
        "outcome": "full",
        "decision_kind": "level_comparability",
        "decided_by": "officer",
        "decided_on": "2026-11-20",
    },
    LetterKind.TIME_LIMIT_MISSED: {"due_on": "2027-02-02"},
    LetterKind.TACIT_GRANT: {"due_on": "2027-02-02", "effective_on": "2027-02-03"},
    LetterKind.LAPSE: {"lapsed_on": "2027-02-02", "reason": "No answer came."},
    LetterKind.MEASURE_RESULT: {"measure": "Aptitude test", "result": "passed"},
    LetterKind.APPEAL_RECEIVED: {"received_on": "2027-02-10"},
    LetterKind.APPEAL_DECIDED: {"decided_on": "2027-04-01", "outcome": "upheld"},
    LetterKind.REFERRAL: {"reason": "Another place."},
    LetterKind.PROVISIONAL: {"valid_from": "2026-11-15"},
    LetterKind.ALERT_NOTICE: {"text": "An alert was sent."},
    LetterKind.WITHDRAWAL: {"withdrawn_on": "2026-11-20"},
}
NEUTRAL = read_regime(a_regime_tree())


def paper_of(kind, params=None, *, language="en", **case):
    letter = Letter(
        authority_id="be-fl",
        kind=kind,
        language=language,
        params={
            **(ALL[kind] if params is None else params),
            "case": CASE | {"asked_language": language} | case,
        },
        written_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    )
    edition = CompiledEdition(shipped_edition(), {"neutral": NEUTRAL})
    return letter_paper(letter, edition)


def texts(paper):
    """Return everything that a paper says, part by part."""
    said = [paper.title, *paper.recipient, *paper.closing, paper.opening or ""]
    said += [part for fact in paper.facts for part in fact]
    for section in paper.sections:
        said.append(section.heading or "")
        for block in section.blocks:
            match block:
                case Paragraph(text):
                    said.append(text)
                case Items(items):
                    said += items
                case Rows(rows):
                    said += [part for row in rows for part in row]
                case Table(head, rows):
                    said += [*head, *(cell for row in rows for cell in row)]
    return said


def rows_of(paper):
    """Return all labelled values of a paper."""
    return {
        label: value
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, Rows)
        for label, value in block.rows
    }


def headings(paper):
    return [section.heading for section in paper.sections if section.heading]


def body(paper):
    return " ".join(texts(paper))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("given", [ALL, SHORT], ids=["all", "short"])
def test_every_letter_is_whole_in_every_language(kind, language, given):
    paper = paper_of(kind, given[kind], language=language)
    for text in texts(paper):
        assert "{" not in text
        assert "letter." not in text
        assert "letter_label." not in text
        assert "None" not in text
    assert paper.sections[0].blocks
    assert is_archival(to_pdf(paper))


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if ALL[kind]])
def test_the_two_languages_have_no_sentence_in_common(kind):
    """But for what somebody wrote, and names: those are not ours to translate."""
    ours = {
        sentence
        for key, sentence in catalogue("en").items()
        if key.startswith("letter.") and len(sentence) > 20
    }
    french = body(paper_of(kind, language="fr"))
    assert [sentence for sentence in ours if sentence in french] == []


def test_the_head_says_who_writes_to_whom_about_what():
    paper = paper_of(LetterKind.ACKNOWLEDGEMENT)
    assert paper.sender == ("Centre", "Belgium (Flemish Community)")
    assert paper.recipient == ("Salma El Amrani", "salma@example.org")
    assert dict(paper.facts) == {
        "Our reference": "REC-2026-000001",
        "Date": "21 November 2026",
        "Your request of": "1 November 2026",
        "Qualification": "Diplôme d'infirmier",
        "Date of birth": "9 March 1998",
    }
    assert (paper.dated, paper.reference) == (date(2026, 11, 21), "REC-2026-000001")
    assert paper.opening == "Dear Salma El Amrani,"
    assert paper.closing == ("Yours sincerely,", "Centre")


def test_what_is_not_known_of_a_person_is_left_out():
    nobody = {"family_name": "Amina", "given_name": None, "birth_date": None}
    paper = paper_of(
        LetterKind.WITHDRAWAL, applicant=nobody | {"email": None}, language="fr"
    )
    assert paper.recipient == ("Amina",)
    assert paper.opening == "Bonjour Amina,"
    assert "Date de naissance" not in dict(paper.facts)


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("en", "EXAMPLE – without legal effect"),  # noqa: RUF001 - as it is written
        ("fr", "EXEMPLE – sans effet juridique"),  # noqa: RUF001 - as it is written
    ],
)
def test_a_letter_of_a_test_authority_cannot_be_mistaken(language, mark):
    assert paper_of(LetterKind.WITHDRAWAL, language=language).mark == mark
    live = CASE["authority"] | {"mode": "live"}
    paper = paper_of(LetterKind.WITHDRAWAL, language=language, authority=live)
    assert paper.mark is None


def test_who_asked_for_another_language_is_told_which_there_are():
    assert paper_of(LetterKind.WITHDRAWAL, asked_language="en-GB").notice is None
    notice = paper_of(LetterKind.WITHDRAWAL, asked_language="ar").notice
    assert "(ar)" in notice
    assert "English, French" in notice


def test_a_name_from_the_right_turns_nothing_around_it():
    name = "ياسين العمراني"
    person = CASE["applicant"] | {"family_name": name, "given_name": None}
    paper = paper_of(LetterKind.WITHDRAWAL, applicant=person)
    assert paper.opening == f"Dear \u2068{name}\u2069,"
    assert paper.recipient[0] == name
    assert is_archival(to_pdf(paper))


def test_an_acknowledgement_tells_time_limit_what_starts_it_and_remedy():
    said = body(paper_of(LetterKind.ACKNOWLEDGEMENT))
    assert "The law gives us 3 months to decide." in said
    assert "begins on the day on which we have all the documents" in said
    assert "by 2 February 2027" in said
    assert "as an estimate" in said
    assert "Council for disputes" in said
    said = body(
        paper_of(
            LetterKind.ACKNOWLEDGEMENT,
            {
                "received_on": "2026-11-02",
                "limit": {"number": 1, "unit": "weeks"},
                "starts": "received",
            },
        )
    )
    assert "The law gives us 1 week to decide. This time began" in said
    assert "estimate" not in said


def test_an_acknowledgement_promises_no_time_that_no_law_sets():
    said = body(paper_of(LetterKind.ACKNOWLEDGEMENT, SHORT[LetterKind.ACKNOWLEDGEMENT]))
    assert "The law gives us" not in said
    assert "as soon as we have all that we need" in said


def test_a_letter_takes_the_texts_of_its_language():
    english = body(paper_of(LetterKind.MISSING_DOCUMENTS))
    french = body(paper_of(LetterKind.MISSING_DOCUMENTS, language="fr"))
    assert "A copy of your diploma" in english
    assert "Une copie de votre diplôme" in french
    assert "1 December 2026" in english
    assert "1er décembre 2026" in french
    assert "Diploma supplement" in french  # Nobody has translated it.


def test_a_warning_says_what_may_follow_and_offers_help():
    said = body(paper_of(LetterKind.COOPERATION_WARNING))
    assert "Transcript of records" in said
    assert "by 15 January 2027" in said
    assert "have to refuse your request" in said
    assert "look for another way together with you" in said


def test_a_referral_names_who_is_competent_if_that_is_known():
    known = paper_of(LetterKind.REFERRAL)
    assert known.title == "Another authority is responsible for your request"
    assert "We have sent your request on." in body(known)
    unknown = paper_of(LetterKind.REFERRAL, SHORT[LetterKind.REFERRAL])
    assert unknown.title == "We are not responsible for your request"
    assert "send your request there" not in body(unknown)


def test_a_decision_has_all_that_the_law_wants_in_it():
    paper = paper_of(LetterKind.DECISION)
    assert headings(paper) == [
        "Our reasons",
        "What we assessed",
        "What we compared it with",
        "What you already have",
        "Substantial differences",
        "How you can make up for the differences",
        "Conditions",
        "Limits",
        "What you may do with it",
        "What it does not give you",
        "What you can do later",
        "If you do not agree",
        "For later checks",
    ]
    rows = rows_of(paper)
    assert rows["Decision"] == "Recognised under conditions"
    assert rows["Kind of decision"] == "Access to a regulated profession"
    assert rows["Decided on"] == "20 November 2026"
    assert rows["Rules applied"] == "Recognition by decision"
    assert rows["Legal basis"] == "Act on recognition, section 4"
    assert rows["Valid until"] == "31 December 2027"
    assert rows["Awarded by"] == "Institut de Rabat"
    assert rows["Awarded in"] == "Morocco"
    assert rows["Compared with"] == "Bachelor in Nursing"
    assert rows["Level required"].startswith("6, ")
    assert rows["Level that you hold"].startswith("5, ")
    assert rows["Learning outcomes"] == "a substantial difference"
    assert rows["Where"] == REMEDY["body"]
    assert rows["Time limit"] == "within 30 days after you received the letter"
    said = body(paper)
    assert "Basic nursing care" in said
    assert "Dutch at level B2 (until 2 November 2027)" in said
    assert "It is no licence to practise." in said
    assert "You can ask again after five years." in said
    assert "sha256-example" in said


def test_a_decision_explains_each_difference():
    paper = paper_of(LetterKind.DECISION)
    (table,) = [
        block
        for section in paper.sections
        for block in section.blocks
        if isinstance(block, Table)
    ]
    assert [row[0] for row in table.rows] == ["Care of older people", "Medication law"]
    assert all(all(row) for row in table.rows)


def test_a_decision_says_who_chooses_a_measure_and_until_when():
    paper = paper_of(LetterKind.DECISION)
    (section,) = [
        section
        for section in paper.sections
        if section.heading == "How you can make up for the differences"
    ]
    first, second = [block for block in section.blocks if isinstance(block, Rows)]
    assert dict(first.rows) == {
        "What": "Adaptation period",
        "How long at most": "18 months at most",
        "Who chooses": "You",
        "Choose by": "1 February 2027",
    }
    assert dict(second.rows) == {
        "What": "aptitude test",
        "How long at most": "1 month at most",
        "Until when": "2 May 2027",
    }


def test_a_refusal_names_no_effects_but_what_can_be_done_later():
    refused = {
        **SHORT[LetterKind.DECISION],
        "outcome": "refused",
        "does_not_allow": ["licence"],
        "later_possibilities": ["Ask again when the university has answered."],
        "remedy": REMEDY,
    }
    paper = paper_of(LetterKind.DECISION, refused)
    assert rows_of(paper)["Decision"] == "Not recognised"
    assert "Valid until" not in rows_of(paper)
    assert headings(paper) == [
        "What we assessed",
        "What you can do later",
        "If you do not agree",
    ]


def test_a_decision_by_rule_tells_its_reasons_and_names_its_basis():
    by_rule = {
        **SHORT[LetterKind.DECISION],
        "decided_by": "rule",
        "legal_basis": ["benelux-baltic-2024"],
        "reasons": [
            {
                "code": "listed_title",
                "params": {
                    "name": "The treaty",
                    "title": "Bakalaura diploms",
                    "party": "Latvia",
                    "level": "6",
                    "hub": "EQF",
                },
            }
        ],
    }
    paper = paper_of(LetterKind.DECISION, by_rule)
    said = body(paper)
    assert "The treaty lists “Bakalaura diploms” for Latvia at level 6 of EQF." in said
    assert "follows directly from a rule or a list" in said
    basis = rows_of(paper)["Legal basis"]
    assert basis == shipped_edition().tables.agreements["benelux-baltic-2024"].name
    assert rows_of(paper)["Valid until"] == "without end"
