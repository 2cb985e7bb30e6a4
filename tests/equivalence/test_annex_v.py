from datetime import date

import pytest

from recognition_service.equivalence.annex_v import Route, route
from recognition_service.equivalence.answer import (
    Met,
    NoAnswer,
    Result,
    RuleOutcome,
)
from recognition_service.frameworks.instruments import Purpose
from recognition_service.frameworks.rows import Evidence, LevelStatus
from tests.equivalence.editions import (
    a_directive,
    a_party,
    a_place,
    a_profession,
    a_qualification,
    an_annex_title,
    ask,
    edition,
    reason,
    row_ids,
    two_countries,
)

BEFORE = date(2005, 9, 1)
AFTER = date(2009, 9, 1)


def nurses(*rows):
    return edition(
        two_countries(
            a_directive(),
            [a_party(place, "directive") for place in ("AA", "BB")],
            [a_profession(), a_profession("midwife")],
            a_qualification(
                "aa-nurse",
                title="Diploma of nursing",
                level=None,
                level_status=LevelStatus.UNVERIFIED,
            ),
            an_annex_title(),
            *rows,
        )
    )


def ask_nurse(snapshot, **changes):
    members = {
        "qualification": "aa-nurse",
        "purpose": Purpose.REGULATED_PROFESSION,
        "training_started_on": AFTER,
        **changes,
    }
    return ask(snapshot, **members)


def conditions(answer):
    return {
        each.id: (each.met, each.missing_fact) for each in answer.conclusion.conditions
    }


def test_training_begun_after_the_reference_date_is_found_automatic():
    answer = ask_nurse(nurses())

    assert answer.result is Result.TREATY_RULE
    assert answer.reason_codes[0] == "annex_v_automatic"
    assert answer.outcome is RuleOutcome.AUTOMATIC
    assert answer.conclusion.instrument == "directive"
    assert answer.conclusion.object.profession == "nurse"
    assert answer.conclusion.object.annex_point == "5.2.2"


def test_a_finding_never_decides_and_is_no_licence():
    answer = ask_nurse(nurses())

    assert answer.decides is False
    assert {"officer_decides", "licence_is_separate"} <= set(answer.reason_codes)


def test_training_begun_on_the_reference_date_counts_as_after_it():
    answer = ask_nurse(nurses(), training_started_on=date(2007, 1, 1))

    assert answer.reason_codes[0] == "annex_v_automatic"


def test_training_begun_before_the_reference_date_is_a_case_of_acquired_rights():
    answer = ask_nurse(nurses(), training_started_on=BEFORE)

    assert answer.reason_codes[0] == "annex_v_acquired_rights"
    assert answer.outcome is None
    assert conditions(answer) == {
        "acquired_rights_certificate": (Met.UNKNOWN, "acquired_rights_certificate")
    }


def test_an_unknown_start_of_training_is_the_missing_fact():
    answer = ask_nurse(nurses(), training_started_on=None)

    assert answer.result is Result.NONE
    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert ("training_started_on_or_after_reference_date") in conditions(answer)
    assert "training_started_on" in {
        each.missing_fact for each in answer.conclusion.conditions
    }


def test_conflicting_reference_dates_need_an_officer_when_the_answer_differs():
    conflict = an_annex_title(number=2, reference_date=date(2003, 10, 1))
    answer = ask_nurse(nurses(conflict), training_started_on=BEFORE)

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    params = reason(answer, "reference_dates_conflict")
    assert params["dates"] == ("2003-10-01", "2007-01-01")


def test_conflicting_reference_dates_are_only_told_when_the_answer_is_the_same():
    conflict = an_annex_title(number=2, reference_date=date(2003, 10, 1))
    answer = ask_nurse(nurses(conflict))

    assert answer.reason_codes[0] == "annex_v_automatic"
    assert "reference_dates_differ" in answer.reason_codes
    assert {"nurse-aa-1", "nurse-aa-2"} <= row_ids(answer)


@pytest.mark.parametrize(
    ("facts", "met"),
    [
        ({}, Met.UNKNOWN),
        ({"accompanying_certificate": True}, Met.YES),
        ({"accompanying_certificate": False}, Met.NO),
        ({"accompanying_certificate": "true"}, Met.UNKNOWN),
    ],
)
def test_an_accompanying_certificate_is_a_condition(facts, met):
    title = an_annex_title(accompanying_certificate="Certificate of practice")
    answer = ask_nurse(nurses(title), facts=facts)

    assert conditions(answer)["accompanying_certificate"][0] is met


def test_an_unchecked_row_warns():
    answer = ask_nurse(nurses(an_annex_title(evidence=Evidence.UNCHECKED)))

    assert reason(answer, "row_unchecked") == {"rows": ("nurse-aa-1",)}


def test_a_title_that_is_not_listed_goes_through_the_general_system():
    other = a_qualification("aa-other", title="Other nurse")
    answer = ask_nurse(nurses(other), qualification="aa-other")

    assert answer.result is Result.LEVEL_INFORMATION
    assert "general_system_applies" in answer.reason_codes
    assert "does_not_open_regulated_profession" in answer.reason_codes


def test_a_title_is_known_by_its_spelling_too():
    twin = a_qualification("aa-twin", title="DIPLOMA  of Nursing")
    answer = ask_nurse(nurses(twin), qualification="aa-twin")

    assert answer.reason_codes[0] == "annex_v_automatic"


def test_a_profession_narrows_the_question():
    found = ask_nurse(nurses(), purpose=Purpose.GENERAL_EMPLOYMENT, profession="nurse")
    other = ask_nurse(nurses(), profession="midwife")

    assert found.reason_codes[0] == "annex_v_automatic"
    assert "general_system_applies" in other.reason_codes


def test_a_title_listed_for_two_professions_needs_the_profession():
    second = an_annex_title(number=2, profession="midwife", annex_point="5.5.2")
    answer = ask_nurse(nurses(second))

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert reason(answer, "profession_needed")["professions"] == ("midwife", "nurse")


def test_without_a_regulated_profession_the_annex_is_silent():
    answer = ask_nurse(nurses(), purpose=Purpose.GENERAL_EMPLOYMENT)

    assert answer.result is Result.NONE
    assert not any(code.startswith("annex_v") for code in answer.reason_codes)


def test_a_destination_outside_the_directive_gets_no_finding():
    answer = ask_nurse(nurses(a_place("CC")), destination="CC")

    assert answer.conclusion.instrument is None


@pytest.mark.parametrize(
    "row",
    [
        an_annex_title(valid_to=date(2020, 12, 31)),
        a_party("AA", "directive", withdrawn_on=date(2021, 1, 1)),
    ],
    ids=["the title ended", "the party withdrew"],
)
def test_a_state_that_left_is_judged_by_the_award_date(row):
    snapshot = nurses(row)

    before = ask_nurse(snapshot, awarded_on=date(2020, 12, 31))
    after = ask_nurse(snapshot, awarded_on=date(2021, 1, 1))
    unknown = ask_nurse(snapshot, awarded_on=None)

    assert before.reason_codes[0] == "annex_v_automatic"
    assert after.outcome is None
    assert "party_left_before_award" in after.reason_codes
    assert unknown.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert "awarded_on" in {each.missing_fact for each in unknown.conclusion.conditions}


def test_a_destination_that_left_is_not_bound_today():
    gone = a_party("BB", "directive", withdrawn_on=date(2021, 1, 1))
    answer = ask_nurse(nurses(gone))

    assert answer.outcome is None
    assert reason(answer, "party_left")["party"] == "BB"


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        (date(1987, 10, 1), Route.ACQUIRED_RIGHTS),
        (date(1988, 10, 1), Route.ACADEMIC_YEAR_BOUNDARY),
        (date(1989, 2, 1), Route.AUTOMATIC),
        (None, Route.TRAINING_START_UNKNOWN),
    ],
)
def test_architects_are_judged_by_an_academic_year(started, expected):
    row = an_annex_title(reference_date=None, reference_academic_year="1988/1989")

    assert route(row, started) is expected


def test_a_row_without_any_reference_date_leaves_the_route_open():
    row = an_annex_title(reference_date=None)

    assert route(row, AFTER) is Route.REFERENCE_DATE_NOT_ESTABLISHED
