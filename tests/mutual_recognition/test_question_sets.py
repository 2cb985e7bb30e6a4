"""Questions have permanent ids, two languages and a closed way to be answered."""

import re
from string import Formatter

import pytest

from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import (
    MutualRequestInvalidError,
    QuestionSetNotFoundError,
)
from recognition_service.mutual_recognition.question_sets import (
    AnswerKind,
    all_question_sets,
    as_document,
    newest_set,
    question_set,
    require_answers,
    require_asked,
)
from recognition_service.wording import LANGUAGES

AWARD, CASE = "award-verification/1", "case-information/1"


def asked(set_id, *items, pointer="/questions"):
    require_asked(
        question_set(set_id),
        [{"params": {}} | item for item in items],
        pointer=pointer,
    )


def answers(set_id, given, *, questions=None, open_ones=None):
    known = questions or list(given)
    require_answers(
        question_set(set_id),
        [{"id": key, "answer": value} for key, value in given.items()],
        asked=known,
        unanswered=known if open_ones is None else open_ones,
        pointer="/questions",
    )


def faults(error):
    return [(each["pointer"], each["code"]) for each in error.value.errors]


def names_in(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("found", all_question_sets().values(), ids=str)
def test_every_question_is_there_in_every_language_with_the_same_names(found):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*/[1-9][0-9]*", found.id)
    assert all(found.title.get(language) for language in LANGUAGES)
    for question in found.questions.values():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", question.id)
        for language in LANGUAGES:
            assert names_in(question.text[language]) == set(question.params)


def test_the_questions_of_a_verification_have_these_ids():
    assert list(question_set(AWARD).questions) == [
        "awarded",
        "awarded_on_that_date",
        "award_date",
        "accredited_at_award",
        "same_person",
        "revoked_since",
        "programme_delivered",
    ]


def test_the_newest_set_of_a_kind_is_found():
    assert newest_set(Kind.AWARD_VERIFICATION).id == AWARD
    assert newest_set(Kind.CASE_INFORMATION).id == CASE
    assert newest_set(Kind.AGREEMENT_PROPOSAL) is None


def test_an_unknown_set_is_not_found():
    with pytest.raises(QuestionSetNotFoundError):
        question_set("award-verification/99")


def test_the_document_says_which_words_an_answer_may_be():
    found = {each["id"]: each for each in as_document(question_set(AWARD))["questions"]}
    every, always = ["yes", "no", "unknown", "not_applicable"], ["unknown"]
    assert found["awarded"]["values"] == every
    assert found["award_date"]["values"] == [*always, "not_applicable"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{"id": "nonsense"}], [("/questions/0/id", "unknown_question")]),
        (
            [{"id": "good_standing"}, {"id": "good_standing"}],
            [("/questions/1/id", "repeated")],
        ),
        ([{"id": "module_content"}], [("/questions/0/params", "required")]),
        (
            [{"id": "level", "params": {"module": "x"}}],
            [("/questions/0/params/module", "unknown_member")],
        ),
    ],
)
def test_questions_that_do_not_fit_are_named(items, expected):
    with pytest.raises(MutualRequestInvalidError) as refused:
        asked(CASE, *items)
    assert faults(refused) == expected


def test_questions_with_what_they_speak_about_are_taken():
    asked(CASE, {"id": "module_content", "params": {"module": "Anatomy"}})


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("awarded", "yes"),
        ("awarded", "not_applicable"),
        ("award_date", "2019-06-28"),
        ("award_date", "unknown"),
    ],
)
def test_answers_of_the_right_kind_are_taken(question, answer):
    answers(AWARD, {question: answer})


@pytest.mark.parametrize(
    ("set_id", "question", "answer"),
    [
        (AWARD, "awarded", "Yes"),
        (AWARD, "awarded", "2019-06-28"),
        (AWARD, "award_date", "yes"),
        (AWARD, "award_date", "20190628"),
        (AWARD, "award_date", "2019-02-30"),
        (AWARD, "award_date", ""),
        (CASE, "level", "x" * 501),
        (CASE, "level", "one\ntwo"),
    ],
)
def test_answers_of_another_kind_are_refused(set_id, question, answer):
    with pytest.raises(MutualRequestInvalidError) as refused:
        answers(set_id, {question: answer})
    assert faults(refused) == [("/questions/0/answer", "wrong_kind")]


def test_half_of_the_answers_are_none():
    with pytest.raises(MutualRequestInvalidError) as refused:
        answers(AWARD, {"awarded": "yes"}, questions=["awarded", "same_person"])
    assert faults(refused) == [("/questions", "unanswered")]
    assert "same_person" in refused.value.errors[0]["detail"]


def test_what_was_not_asked_is_not_answered():
    with pytest.raises(MutualRequestInvalidError) as refused:
        answers(AWARD, {"awarded": "yes"}, questions=["same_person"], open_ones=[])
    assert faults(refused) == [("/questions/0/id", "not_asked")]


def test_an_answer_is_given_once():
    twice = [{"id": "awarded", "answer": "yes"}] * 2
    with pytest.raises(MutualRequestInvalidError) as refused:
        require_answers(
            question_set(AWARD),
            twice,
            asked=["awarded"],
            unanswered=["awarded"],
            pointer="/questions",
        )
    assert faults(refused) == [("/questions/1/id", "repeated")]


def test_there_are_three_ways_to_answer():
    used = {
        question.answer
        for found in all_question_sets().values()
        for question in found.questions.values()
    }
    assert used == set(AnswerKind)
