"""An answer is told in one paragraph, whole, and in no other words than it has."""
# ruff: noqa: RUF001 - apostrophes as the sentences have them

import re
from datetime import date

import pytest

from recognition_service.equivalence.answer import ConditionResult
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.conditions import FACTS
from recognition_service.frameworks.instruments import Binding, ObjectKind, Purpose
from recognition_service.frameworks.rows import (
    Direction,
    Endorsement,
    Evidence,
    LevelStatus,
    Organisation,
    Relation,
)
from recognition_service.runtime.explanation import explanation
from recognition_service.wording import LANGUAGES, catalogue
from tests.equivalence.editions import (
    READ,
    TODAY,
    a_listed_title,
    a_party,
    a_place,
    a_qualification,
    a_reference,
    a_statement,
    a_treaty,
    aligned,
    ask,
    compared,
    edition,
    shipped_edition,
    shipped_tables,
    tables_of,
    two_countries,
)

SPOKEN_FAMILIES = ("corridor.", "explanation.", "ladder.", "list.")
UNPLACED = {"framework": None, "level": None, "level_status": LevelStatus.UNVERIFIED}
GAPS = r"[{}\x00-\x1f]|\b(explanation|list|reason)\.[a-z]"
every_language = pytest.mark.parametrize("language", LANGUAGES)


def tell(snapshot, *places, language="en", **question):
    return explanation(ask(snapshot, *places, **question), snapshot, language)


def tell_level(*rows, **question):
    snapshot = edition(two_countries(*rows))
    return tell(snapshot, **{"framework": "AA-QF", "level": "6", **question})


def tell_statement(*rows, language="en", question=None, **changes):
    snapshot = edition(
        two_countries(
            a_qualification("aa-apprentice", **UNPLACED),
            a_reference(),
            a_statement(**changes),
            *rows,
        )
    )
    asked = {"qualification": "aa-apprentice", **(question or {})}
    return tell(snapshot, language=language, **asked)


def test_a_derived_level_is_told_with_its_way_and_its_edition():
    told = tell(shipped_edition(), "LV", "BE-FR", framework="LV-LKI", level="6")

    for words in (
        "a qualification at level 6 of the framework “Latvian Qualifications",
        "awarded on 28 June 2019",
        "origin: Latvia; destination: Belgium (French Community)",
        "purpose: employment in general",
        "Derived in one step through the regional framework “European Qualifications",
        "(EQF), level 6,",
        "beside level 6 of the framework “Francophone Qualifications",
        "(weakest relation on the way: corresponds)",
        "they bind no authority",
        "The 2 sources are “",
        "A level is not a decision",
        "for 21 November 2026 from the edition of the tables of 20 November 2026",
        "(sha256-shipped)",
    ):
        assert words in told
    assert "equivalent" not in told.lower()


def test_the_same_is_told_in_french():
    told = tell(
        shipped_edition(), "LV", "BE-FR", language="fr", framework="LV-LKI", level="6"
    )

    spoken = told.replace("\u00a0", " ")
    for words in (
        "délivrée le 28 juin 2019",
        "origine : Lettonie ; destination : Belgique (Communauté française)",
        "en regard du niveau 6 du cadre « Francophone",
        "Les 2 sources sont « ",
        "Un niveau n’est pas une décision",
        "l’édition des tableaux du 20 novembre 2026",
    ):
        assert words in spoken
    assert "équivalent" not in told.lower()


@pytest.mark.parametrize(
    ("language", "levels", "one_set"),
    [
        ("en", "level 4, 5 or 6 of", "These 3 levels are one set"),
        ("fr", "niveau 4, 5 ou 6 du", "Ces 3 niveaux forment un ensemble"),
    ],
)
def test_a_set_of_levels_is_told_as_a_set(language, levels, one_set):
    rows = [aligned(f"BB-QF:{level}:HUB:6", Relation.NARROW) for level in "45"]
    told = tell_level(rows, language=language)

    assert levels in told
    assert one_set in told


def test_one_level_is_no_set():
    assert "one set" not in tell_level()


def test_a_published_table_is_told_as_published():
    told = tell_level(compared("AA-QF:6:BB-QF:5"))

    assert "A published table puts this level beside level 5" in told
    assert "derived" not in told.lower()


def test_a_table_read_backwards_is_told_as_derived():
    table = compared("BB-QF:5:AA-QF:6", direction=Direction.A_TO_B)

    assert "read backwards, beside level 5" in tell_level(table)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [compared("AA-QF:6:BB-QF:6", endorsement=Endorsement.NOT_ENDORSED)],
            "must not be used for recognition",
        ),
        ([compared("AA-QF:6:BB-QF:none")], "has no counterpart in “BB-QF” (BB-QF)"),
        ([aligned("AA-QF:6:HUB:6", endorsement=Endorsement.WITHDRAWN)], "withdrawn"),
    ],
)
def test_no_answer_is_told_with_its_reason_and_no_level(rows, words):
    told = tell_level(rows)

    assert "The tables give no answer: " in told
    assert words in told
    assert "beside level" not in told
    assert "the competent authority can assess it" in told


def test_doubts_are_not_left_out():
    doubtful = aligned(
        "AA-QF:6:HUB:6",
        Relation.BEST_FIT,
        endorsement=Endorsement.DRAFT,
        evidence=Evidence.UNCHECKED,
    )
    told = tell_level(doubtful)

    assert "fits best, with doubts" in told
    assert "The relation is a draft." in told
    assert "this calls for caution" in told


@every_language
def test_a_missing_award_date_is_named_as_what_is_missing(language):
    told = tell_level(awarded_on=None, language=language)
    words = {
        "en": ("without a date of award", "One fact is missing: the date of the award"),
        "fr": ("sans date de délivrance", "manque\u00a0: la date de délivrance"),
    }
    for each in words[language]:
        assert each in told


def test_several_missing_facts_are_counted():
    told = tell_statement(conditions="grade 2 or better", question={"awarded_on": None})

    assert "condition that must be assessed: “grade 2 or better”" in told
    assert (
        "2 facts are missing: the date of the award and an assessment of the stated "
        "condition. Until they are known, nothing is decided." in told
    )


def test_a_statement_names_its_counterpart_its_issuer_and_its_force():
    told = tell_statement(legal_basis="Ordinance of 1999, section 2")

    assert "with this qualification of the destination: “Gesellenprüfung”." in told
    assert "published by ministry, on this basis: Ordinance of 1999, section 2." in told
    assert "It has the force of law." in told
    assert "A rule may decide about this type of qualification" in told
    assert "no decision about a person" in told


def test_a_statement_that_informs_does_not_decide():
    told = tell_statement(binding=Binding.ADVICE)

    assert "general advice and binds nobody" in told
    assert "It has the force of law" not in told
    assert "decides nothing by itself" in told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "with one of these 2 qualifications of the destination: “A” (An A) or “B”",
        ),
        (
            "fr",
            (
                "l’une de ces 2 qualifications de la destination\u00a0: "
                "«\u00a0A\u00a0» (An A) ou «\u00a0B\u00a0»"
            ),
        ),
    ],
)
def test_several_counterparts_are_alternatives(language, words):
    told = tell_statement(
        a_reference("bb-a", title="A", title_en="An A"),
        a_reference("bb-b", title="B", title_en="B"),
        language=language,
        object_kind=ObjectKind.ONE_OF,
        objects=("bb-a", "bb-b"),
    )

    assert words in told


def test_an_agreement_as_issuer_is_not_said_to_publish():
    parties = Organisation(
        id="ministry", name="Agreement of 1998", kind="treaty_parties", **READ
    )
    told = tell_statement(parties)

    assert "The statement stands in: Agreement of 1998." in told
    assert "was published by" not in told


def test_other_statements_are_counted():
    others = [
        a_statement(f"statement-{number}", binding=Binding.ADVICE, objects=())
        for number in (2, 3)
    ]
    told = tell_statement(others, conditions="a condition")

    assert "2 other published statements about this title" in told


def tell_treaty(*parties, language="en"):
    snapshot = edition(
        two_countries(
            a_treaty(),
            *parties,
            a_listed_title("AA", "6", "aa-bachelor"),
            a_listed_title("BB", "6", title="First"),
            a_listed_title("BB", "6", "other", title="Second"),
            a_qualification(),
        )
    )
    return tell(snapshot, qualification="aa-bachelor", language=language)


def test_a_treaty_is_told_with_its_level_its_titles_and_its_parties():
    told = tell_treaty(a_party("AA"), a_party("BB"))

    for words in (
        "In its own system this title stands at level 6",
        "“Treaty on levels” lists this title at level 6 of the framework “HUB”",
        "these 2 titles of the destination: “First” and “Second”",
        "this is level 6 of the framework “BB-QF”",
        "“Recognised automatically by treaty or law”",
        "It has bound both sides since 1 May 2024.",
        "it opens no regulated profession",
    ):
        assert words in told


def test_parties_that_were_bound_on_different_days_are_told_apart():
    told = tell_treaty(a_party("AA"), a_party("BB", in_force_from=date(2025, 1, 1)))

    assert "since 1 May 2024: AA." in told
    assert "since 1 January 2025: BB." in told


def test_a_party_without_a_date_is_told_as_not_established():
    told = tell_treaty(a_party("AA"), a_party("BB", in_force_from=None))

    assert "It is not established since when Treaty on levels binds: BB." in told
    assert "since 1 May 2024: AA." in told


def test_annex_v_is_told_as_a_finding_with_the_day_that_matters():
    row = shipped_tables().annex_v_titles["nurse_general-ro-1"]
    told = tell(
        shipped_edition(),
        "RO",
        "DE",
        qualification=row.qualification,
        purpose=Purpose.REGULATED_PROFESSION,
        training_started_on=date(2009, 10, 1),
    )

    assert "The training began on 1 October 2009." in told
    assert "on or after the reference date (1 January 2007)" in told
    assert "This is a finding, not yet a decision" in told


def test_the_rows_of_an_authority_are_named():
    snapshot = Snapshot.build(
        tables_of(two_countries()), "sha256-base", TODAY, overlay="sha256-own"
    )
    told = tell(snapshot, framework="AA-QF", level="6")

    assert "(sha256-base) with the authority’s own rows (sha256-own)" in told


def test_answers_of_other_days_are_not_mixed_up():
    snapshot = edition(two_countries())
    first = tell(snapshot, framework="AA-QF", level="6", awarded_on=date(2001, 2, 3))
    second = tell(snapshot, framework="AA-QF", level="6", asked_on=date(2027, 1, 1))

    assert "awarded on 3 February 2001" in first
    assert "awarded on 28 June 2019" in second
    assert "the answer for 1 January 2027" in second


def test_a_title_cannot_open_places_of_a_sentence():
    title = a_qualification(title="{digest} {0.__class__}")
    snapshot = edition(two_countries(title))

    told = tell(snapshot, qualification="aa-bachelor")
    assert "“{digest} {0.__class__}”" in told


def test_a_place_is_called_by_its_name():
    snapshot = edition(two_countries(a_place("CC")))

    assert "destination: CC;" in tell(
        snapshot, destination="CC", framework="AA-QF", level="6"
    )


@every_language
def test_every_shipped_statement_is_told_without_gaps(language):
    snapshot, wrong = shipped_edition(), []
    for row in snapshot.tables.comparability_statements.values():
        if row.qualification is None:
            continue
        for awarded_on in (None, date(2024, 6, 28)):
            told = tell(
                snapshot,
                row.origin,
                row.destination,
                language=language,
                qualification=row.qualification,
                purpose=row.purpose,
                awarded_on=awarded_on,
            )
            if re.search(GAPS, told):
                wrong.append((row.id, told))

    assert wrong == []


@every_language
def test_every_shipped_level_is_told_without_gaps(language):
    snapshot, wrong = shipped_edition(), []
    for row in snapshot.tables.levels.values():
        origin = snapshot.tables.frameworks[row.framework].jurisdiction
        if origin is None:
            continue
        told = tell(
            snapshot,
            origin,
            "IE",
            language=language,
            framework=row.framework,
            level=row.code,
        )
        if re.search(GAPS, told):
            wrong.append((row.id, told))

    assert wrong == []


def test_every_fact_that_can_be_missing_has_a_name():
    facts = {
        "awarded_on",
        "profession",
        "training_started_on",
        "assessment_of_condition",
    }
    assert "missing_fact" in ConditionResult.__slots__
    named = {f"explanation.fact_{fact}" for fact in facts}
    named |= {f"fact.{fact}" for fact in FACTS}
    for language in LANGUAGES:
        assert named <= set(catalogue(language))


def test_all_languages_have_the_same_sentences_with_the_same_places():
    def places(language):
        return {
            name: set(re.findall(r"\{(\w+)\}", sentence))
            for name, sentence in catalogue(language).items()
            if name.startswith(SPOKEN_FAMILIES)
        }

    english = places("en")
    assert english
    for language in LANGUAGES:
        assert places(language) == english
