"""Conditions are said in words, and what has to be known where they are open."""

import pytest

from recognition_service.frameworks.conditions import (
    FACTS,
    OPERATORS,
    FactKind,
    parse_rules,
)
from recognition_service.runtime.spoken import with_condition_texts
from recognition_service.wording import LANGUAGES, catalogue

VALUES = {
    FactKind.GRADE: "8.5/10",
    FactKind.NUMBER: "3.5",
    FactKind.PERCENT: "60",
    FactKind.COUNT: "5",
    FactKind.CREDITS: "144 SKS",
    FactKind.WORD: "bien,tres_bien",
    FactKind.WORDS: "english",
    FactKind.STATUS: "recognised",
    FactKind.FIELD: "0912",
    FactKind.PLACE: "IT-BZ",
}
RULES = [
    f"{fact} {operator} {VALUES[kind]}"
    for fact, kind in FACTS.items()
    for operator in OPERATORS[kind]
]


def said(rule, met="unknown", language="en"):
    (condition,) = parse_rules(rule)
    item = {"id": condition.fact, "met": met, "missing_fact": None, "rule": rule}
    (spoken,) = with_condition_texts([item], language)
    return spoken["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_and_operator_has_its_words(language):
    known = catalogue(language)
    for rule in RULES:
        (condition,) = parse_rules(rule)
        text = said(rule, language=language)
        assert known[f"fact.{condition.fact}"] in text
        assert "{" not in text
        assert "condition_rule" not in text


@pytest.mark.parametrize(
    ("rule", "met", "text"),
    [
        ("final_grade >= 8.0/10", "yes", "Final grade: at least 8.0/10"),
        (
            "credits >= 144 SKS",
            "unknown",
            "Credits: at least 144 SKS; needs the credits (in SKS)",
        ),
        ("examination_place in IT-BZ", "no", "Place of the examination: IT-BZ"),
        (
            "field not in 0421,0912",
            "no",
            "Field of study (ISCED-F): none of 0421, 0912",
        ),
    ],
)
def test_what_has_to_be_known_is_said_only_while_it_is_open(rule, met, text):
    assert said(rule, met) == text


def test_words_without_a_rule_keep_their_sentence():
    item = {"id": "stated_condition", "met": "unknown", "missing_fact": None}
    (spoken,) = with_condition_texts([item], "en")

    assert spoken == {**item, "text": "The condition that the statement sets"}
