"""Whether facts meet a condition: yes, no, or not known well enough."""

from decimal import Decimal

import pytest

from recognition_service.equivalence.answer import Met
from recognition_service.equivalence.conditions import evaluate
from recognition_service.equivalence.facts import FORMS, faults_of, known_value
from recognition_service.equivalence.places import survey
from recognition_service.frameworks.conditions import (
    FACTS,
    FactKind,
    Quantity,
    parse_rules,
)
from tests.equivalence.editions import a_place

PLACES = survey(
    {
        code: a_place(code, part_of=whole)
        for code, whole in (("IT", None), ("IT-BZ", "IT"), ("AT", None))
    },
    {},
)


def met(rules, **facts):
    return evaluate(parse_rules(rules), facts, PLACES)


@pytest.mark.parametrize(
    ("rule", "fact", "expected"),
    [
        ("final_grade >= 8.0/10", "8.5/10", Met.YES),
        ("final_grade >= 8.0/10", "8/10", Met.YES),
        ("final_grade >= 8.0/10", "7.9999/10", Met.NO),
        ("final_grade >= 8.0/10", "5.0/6", Met.UNKNOWN),
        ("final_grade <= 2.5/6", "1.3/6", Met.YES),
        ("average_percent > 70", 70, Met.NO),
        ("average_percent > 70", "70.1", Met.YES),
        ("average_percent <= 69", "69", Met.YES),
        ("subject_count >= 5", 5, Met.YES),
        ("subject_count >= 5", "4", Met.NO),
        ("subject_count < 5", 4, Met.YES),
        ("school_years = 11", "11.0", Met.YES),
        ("credits >= 144 SKS", "144 SKS", Met.YES),
        ("credits >= 144 SKS", "180 ECTS", Met.UNKNOWN),
        ("subjects include english,mathematics", "mathematics,art,english", Met.YES),
        ("subjects include english,mathematics", "english", Met.NO),
        ("grade_class in bien,tres_bien", "bien", Met.YES),
        ("grade_class in bien,tres_bien", "passable", Met.NO),
        ("institution_class not in h_minus", "h_plus", Met.YES),
        ("institution_status in recognised", "not_recognised", Met.NO),
        ("field in 09,0421", "0912", Met.YES),
        ("field in 0912", "09", Met.UNKNOWN),
        ("field in 0912", "041", Met.NO),
        ("field not in 0912,0421", "0912", Met.NO),
        ("field not in 0912,0421", "09", Met.UNKNOWN),
        ("field not in 0912,0421", "0913", Met.YES),
        ("examination_place in IT-BZ", "IT-BZ", Met.YES),
        ("examination_place in IT-BZ", "IT", Met.UNKNOWN),
        ("examination_place in IT-BZ", "AT", Met.NO),
        ("examination_place in IT-BZ", "ZZ", Met.UNKNOWN),
        ("training_place in IT", "IT-BZ", Met.YES),
        ("training_place not in IT", "IT-BZ", Met.NO),
    ],
)
def test_a_fact_meets_a_condition_fails_it_or_says_too_little(rule, fact, expected):
    name = rule.partition(" ")[0]

    assert met(rule, **{name: fact}) == (expected,)


def test_decimals_are_compared_as_they_are_written():
    tenths = "; ".join(f"average_percent {sign} 0.3" for sign in (">=", "<=", "="))

    assert set(met(tenths, average_percent="0.3")) == {Met.YES}
    assert known_value({"average_percent": "0.1"}, "average_percent") == Quantity(
        Decimal("0.1")
    )


def test_each_condition_has_its_own_result():
    rules = "subject_count >= 5; subjects include english; average_percent > 60"
    facts = {"subject_count": 6, "subjects": "art"}

    assert met(rules, **facts) == (Met.YES, Met.NO, Met.UNKNOWN)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"final_grade": None},
        {"final_grade": "8.5"},
        {"final_grade": 8},
        {"final_grade": 8.5},
        {"final_grade": True},
        {"final_grade": ["8.5/10"]},
        {"final_grade": "A"},
        {"grade": "9/10"},
    ],
)
def test_a_fact_that_cannot_be_read_is_not_known(facts):
    assert met("final_grade >= 8.0/10", **facts) == (Met.UNKNOWN,)


def test_one_is_not_true_and_true_is_not_one():
    assert met("subject_count >= 1", subject_count=1) == (Met.YES,)
    assert met("subject_count >= 1", subject_count=True) == (Met.UNKNOWN,)


@pytest.mark.parametrize(
    "facts",
    [
        {"final_grade": "8.5/10", "credits": "144 SKS", "subjects": "english"},
        {"average_percent": 70, "duration_years": "3.5", "field": "0912"},
        {"accompanying_certificate": True, "training_place": None},
        {"institution_status": "recognised", "grade_class": "tres_bien"},
        {"accredited_under": "washington-accord"},
    ],
)
def test_known_facts_are_taken(facts):
    assert list(faults_of(facts)) == []


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"final_grad": "8.5/10"}, "unknown_fact"),
        ({"assessment_of_condition": True}, "unknown_fact"),
        ({"final_grade": "8.5"}, "not_a_fact_value"),
        ({"final_grade": 8}, "not_a_fact_value"),
        ({"duration_years": 3.5}, "not_a_fact_value"),
        ({"subject_count": True}, "not_a_fact_value"),
        ({"subject_count": -1}, "not_a_fact_value"),
        ({"duration_years": 10**5_000}, "not_a_fact_value"),
        ({"subjects": ["english"]}, "not_a_fact_value"),
        ({"subjects": "a," * 2_000 + "a"}, "not_a_fact_value"),
        ({"grade_class": "bien,tres_bien"}, "not_a_fact_value"),
        ({"accompanying_certificate": "true"}, "not_a_fact_value"),
        ({"field": 912}, "not_a_fact_value"),
        ({"accredited_under": "Washington Accord"}, "not_a_fact_value"),
    ],
)
def test_whatever_is_no_fact_is_named_with_what_would_fit(fact, code):
    (fault,) = faults_of(fact)

    assert (fault.name, fault.code) == (next(iter(fact)), code)
    if fault.name in FACTS:
        assert FORMS[FACTS[fault.name]] in fault.detail


def test_a_misspelled_fact_is_told_the_nearest():
    (fault,) = faults_of({"final_grad": "8.5/10"})
    assert "Did you mean final_grade, " in fault.detail


@pytest.mark.parametrize("kind", FactKind)
def test_the_form_of_every_kind_of_fact_is_told(kind):
    assert FORMS[kind]
