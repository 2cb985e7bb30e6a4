from datetime import date

import pytest

from recognition_service.equivalence.answer import (
    Met,
    NoAnswer,
    Result,
    RuleOutcome,
)
from recognition_service.equivalence.statements import stood_on
from recognition_service.frameworks.instruments import (
    Binding,
    ObjectKind,
    Outcome,
    Purpose,
)
from recognition_service.frameworks.rows import Evidence, LevelStatus
from tests.equivalence.editions import (
    TODAY,
    a_place,
    a_qualification,
    a_reference,
    a_statement,
    a_treaty,
    ask,
    edition,
    reason,
    row_ids,
    two_countries,
)


def published(*rows):
    return edition(
        two_countries(
            a_qualification(
                "aa-apprentice",
                framework=None,
                level=None,
                level_status=LevelStatus.UNVERIFIED,
            ),
            [a_reference(), a_reference("bb-other", title="Other")],
            *rows,
        )
    )


def ask_title(snapshot, **changes):
    return ask(snapshot, **{"qualification": "aa-apprentice", **changes})


def test_a_binding_statement_that_was_read_decides():
    answer = ask_title(published(a_statement()))

    assert answer.result is Result.STATEMENT
    assert answer.decides is True
    assert answer.outcome is RuleOutcome.FULL
    counterpart = answer.conclusion.object
    assert counterpart.kind is ObjectKind.REFERENCE_QUALIFICATION
    assert [each.title for each in counterpart.qualifications] == ["Gesellenprüfung"]
    assert row_ids(answer) == {"statement-1", "bb-journeyman"}


def test_a_statement_binds_the_parts_of_its_destination():
    snapshot = published(a_statement(), a_place("BB-X", part_of="BB"))

    assert ask_title(snapshot, destination="BB-X").decides is True


def test_what_predates_the_record_is_informed_only():
    snapshot = published(a_statement(as_of="2019-06-29"))

    before = ask_title(snapshot, awarded_on=date(2019, 6, 28))
    after = ask_title(snapshot, awarded_on=date(2019, 6, 29))

    assert (before.result, before.decides) == (Result.STATEMENT, False)
    assert reason(before, "award_before_record")["as_of"] == "2019-06-29"
    assert after.decides is True


def test_an_established_first_day_needs_no_date_of_record():
    snapshot = published(a_statement(valid_from=date(1990, 5, 1), as_of=None))

    assert ask_title(snapshot, awarded_on=date(1991, 6, 1)).decides is True


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"conditions": "with good grades"}, "condition_needs_assessment"),
        ({"outcome": Outcome.CONDITIONAL}, "condition_needs_assessment"),
        ({"binding": Binding.ADVICE}, "statement_is_advice"),
        ({"binding": Binding.PRECEDENT}, "statement_is_precedent"),
        ({"evidence": Evidence.DOCUMENT_CONFIRMED}, "statement_not_read"),
        ({"as_of": None}, "statement_undated"),
        ({"as_of": "spring 2015"}, "statement_undated"),
        ({"valid_to": date(2026, 11, 20)}, "statement_not_in_force"),
        ({"valid_from": date(2026, 11, 22)}, "statement_not_in_force"),
        ({"awarded_to": date(2019, 6, 27)}, "award_outside_statement"),
        ({"awarded_from": date(2019, 6, 29)}, "award_outside_statement"),
        ({"instrument": "ended"}, "instrument_not_in_force"),
        ({"instrument": "unread"}, "instrument_parties_not_established"),
    ],
)
def test_a_statement_that_falls_short_informs_and_says_why(changes, code):
    agreements = [
        a_treaty("ended", decides=None, ended_on=TODAY),
        a_treaty("unread", decides=None, parties_established=False),
    ]
    answer = ask_title(published(a_statement(**changes), agreements))

    assert answer.result is Result.STATEMENT
    assert answer.decides is False
    assert code in answer.reason_codes


def test_a_condition_in_words_stays_open_whatever_the_caller_says():
    snapshot = published(a_statement(conditions="with good grades"))
    answer = ask_title(snapshot, facts={"assessment_of_condition": True})

    (condition,) = answer.conclusion.conditions
    assert condition.id == "stated_condition"
    assert condition.met is Met.UNKNOWN
    assert condition.missing_fact == "assessment_of_condition"
    assert answer.decides is False


def test_a_counterpart_that_was_not_read_lets_the_statement_only_inform():
    unread = a_reference(evidence=Evidence.UNCHECKED)

    assert ask_title(published(a_statement(), unread)).decides is False


def test_a_statement_for_another_purpose_informs_without_an_outcome():
    snapshot = published(a_statement(purpose=Purpose.ACADEMIC_ACCESS))
    answer = ask_title(snapshot)

    assert answer.result is Result.STATEMENT
    assert (answer.decides, answer.outcome) == (False, None)
    params = reason(answer, "statement_for_other_purpose")
    assert params["purpose"] == "academic_access"


def test_a_statement_for_the_purpose_asked_comes_first():
    academic = a_statement("a-first", purpose=Purpose.ACADEMIC_ACCESS)
    answer = ask_title(published(academic, a_statement()))

    assert answer.decides is True
    assert "statement-1" in row_ids(answer)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": Outcome.REFUSED}, "statement_refuses"),
        (
            {"outcome": Outcome.NEEDS_INDIVIDUAL_ASSESSMENT},
            "statement_asks_for_assessment",
        ),
        ({"object_kind": ObjectKind.CASE_BY_CASE}, "statement_asks_for_assessment"),
        ({"object_kind": ObjectKind.NONE}, "statement_asks_for_assessment"),
    ],
)
def test_a_refusal_is_never_automatic(changes, code):
    answer = ask_title(published(a_statement(**changes)))

    assert answer.result is Result.NONE
    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert answer.reason_codes[0] == code
    assert answer.decides is False
    assert "statement-1" in row_ids(answer)


def test_several_counterparts_are_one_answer():
    both = a_statement(
        object_kind=ObjectKind.ONE_OF, objects=("bb-journeyman", "bb-other")
    )
    answer = ask_title(published(both))

    assert answer.conclusion.object.kind is ObjectKind.ONE_OF
    assert len(answer.conclusion.object.qualifications) == 2
    assert "several_counterparts" in answer.reason_codes


def test_binding_statements_that_differ_need_an_officer():
    rival = a_statement("statement-2", objects=("bb-other",))
    answer = ask_title(published(a_statement(), rival))

    assert answer.decides is False
    assert reason(answer, "statements_differ")["statements"] == ("statement-2",)
    assert {"statement-1", "statement-2"} <= row_ids(answer)


def test_advice_does_not_stand_against_an_ordinance():
    advice = a_statement("advice", objects=("bb-other",), binding=Binding.ADVICE)
    answer = ask_title(published(a_statement(), advice))

    assert answer.decides is True
    assert "advice" not in row_ids(answer)


def test_other_statements_are_named_when_none_decides():
    one = a_statement(conditions="grade A")
    other = a_statement("statement-2", conditions="grade B", objects=("bb-other",))
    answer = ask_title(published(one, other))

    assert reason(answer, "other_statements")["statements"] == ("statement-2",)


def test_a_statement_comes_before_level_information():
    title = a_qualification("aa-apprentice", level="4")
    answer = ask_title(published(a_statement(), title))

    assert answer.result is Result.STATEMENT


def test_a_statement_about_a_regulated_profession_is_still_no_licence():
    statement = a_statement(purpose=Purpose.REGULATED_PROFESSION)
    answer = ask_title(published(statement), purpose=Purpose.REGULATED_PROFESSION)

    assert answer.decides is True
    assert "licence_is_separate" in answer.reason_codes


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-03-26", date(2022, 3, 26)),
        ("2022-02", date(2022, 2, 28)),
        ("2023", date(2023, 12, 31)),
        ("2022-13", None),
        ("2022-02-30", None),
        ("2013 / 2022-03", None),
        (None, None),
    ],
)
def test_a_record_known_to_the_year_was_made_by_its_last_day(text, day):
    assert stood_on(text) == day


def of_a_level(identifier="statement-1", **cells):
    """A statement about all qualifications at level 4 of the framework of AA."""
    subject = {"subject_framework": "AA-QF", "subject_levels": ("4",)}
    return a_statement(identifier, qualification=None, **(subject | cells))


def levelled(*rows):
    return edition(
        two_countries(
            a_qualification("aa-one", framework="AA-QF", level="4"),
            a_qualification("aa-two", framework="AA-QF", level="5"),
            [a_reference(), a_reference("bb-other", title="Other")],
            *rows,
        )
    )


def test_a_statement_about_a_level_answers_for_every_type_there():
    snapshot = levelled(of_a_level())

    assert ask(snapshot, qualification="aa-one").decides is True
    assert ask(snapshot, framework="AA-QF", level="4").result is Result.STATEMENT
    assert ask(snapshot, qualification="aa-two").result is not Result.STATEMENT


def test_a_statement_about_the_type_itself_comes_first():
    own = a_statement("own", qualification="aa-one", objects=("bb-other",))
    answer = ask(levelled(of_a_level(), own), qualification="aa-one")

    assert "own" in row_ids(answer)
    assert answer.decides is False
    assert reason(answer, "statements_differ")["statements"] == ("statement-1",)


def test_a_level_that_nobody_has_read_lets_no_statement_about_it_decide():
    snapshot = edition(
        two_countries(
            a_qualification(
                "aa-one", framework="AA-QF", level="4", evidence_covers="title"
            ),
            a_reference(),
            of_a_level(),
        )
    )
    answer = ask(snapshot, qualification="aa-one")

    assert (answer.result, answer.decides) == (Result.STATEMENT, False)
    assert reason(answer, "level_of_title_unchecked")


def test_a_type_without_a_level_is_not_meant_by_a_statement_about_one():
    snapshot = published(of_a_level())

    assert ask_title(snapshot).result is not Result.STATEMENT
