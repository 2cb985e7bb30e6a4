"""The language of conditions: what is read prints to the same text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition_service.frameworks.conditions import (
    CREDIT_UNITS,
    FACTS,
    OPERATORS,
    SEPARATOR,
    STATUSES,
    Condition,
    FactKind,
    Operator,
    Quantity,
    UnreadableConditionError,
    parse_rules,
    read_value,
)

WORDS = st.lists(
    st.sampled_from(["english", "tres_bien", "capes_5", "a", "x" * 40]),
    min_size=1,
    max_size=3,
    unique=True,
).map(tuple)
NUMBERS = st.builds(
    lambda number, places: Decimal(number).scaleb(-places),
    st.integers(0, 10_000),
    st.integers(2, 4),
)
VALUES = {
    FactKind.GRADE: st.builds(Quantity, NUMBERS, st.sampled_from(["100", "100.5"])),
    FactKind.NUMBER: NUMBERS.map(Quantity),
    FactKind.PERCENT: NUMBERS.map(Quantity),
    FactKind.COUNT: st.integers(0, 999).map(lambda count: Quantity(Decimal(count))),
    FactKind.CREDITS: st.builds(Quantity, NUMBERS, st.sampled_from(CREDIT_UNITS)),
    FactKind.STATUS: st.sampled_from(STATUSES).map(lambda word: (word,)),
    FactKind.FIELD: st.sampled_from([("09",), ("0912", "041"), ("10",)]),
    FactKind.PLACE: st.sampled_from([("IT",), ("IT-BZ", "BE-FL")]),
    FactKind.WORD: WORDS,
    FactKind.WORDS: WORDS,
}


@st.composite
def conditions(draw):
    fact = draw(st.sampled_from([f for f, kind in FACTS.items() if OPERATORS[kind]]))
    kind = FACTS[fact]
    operator = draw(st.sampled_from(OPERATORS[kind]))
    return Condition(fact, operator, draw(VALUES[kind]))


@given(st.lists(conditions(), min_size=1, max_size=5, unique_by=str))
def test_what_is_printed_is_read_as_the_same_and_prints_to_the_same_text(wanted):
    text = SEPARATOR.join(map(str, wanted))

    assert parse_rules(text) == tuple(wanted)
    assert SEPARATOR.join(map(str, parse_rules(text))) == text


@given(
    st.text(st.sampled_from("final_grade >=<0123456789./;,in ECTSclude"), max_size=40)
)
def test_what_is_read_at_all_prints_to_the_same_text(text):
    try:
        read = parse_rules(text)
    except UnreadableConditionError:
        return
    assert SEPARATOR.join(map(str, read)) == text


def test_a_grade_keeps_its_scale_and_its_zeros():
    (grade,) = parse_rules("final_grade >= 8.0/10")

    assert grade == Condition(
        "final_grade", Operator.AT_LEAST, Quantity(Decimal("8.0"), "10")
    )
    assert str(grade) == "final_grade >= 8.0/10"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "final_grade",
        "final_grade >= 8",
        "final_grade >= 8.0/0",
        "final_grade >= 8.0/10.0",
        "final_grade >= 11/10",
        "final_grade>=8/10",
        "final_grade >=  8/10",
        "final_grade in 8/10",
        "average_percent >= 101",
        "average_percent >= -1",
        "average_percent >= 1e2",
        "subject_count >= 5.5",
        "credits >= 144",
        "credits >= 144 sks",
        "credits >= 144 HOURS",
        "subjects >= 5",
        "subjects in english",
        "subjects include english, mathematics",
        "subjects include english,english",
        "subjects include English",
        "institution_status in excellent",
        "field in 11",
        "field in 09121",
        "training_place in it-bz",
        "duration_years >= 3;duration_years <= 4",
        "duration_years >= 3; duration_years >= 3",
        "duration_years >= 3; ",
        "accompanying_certificate in yes",
        "final_grade >= \uff18/10",
    ],
)
def test_whatever_is_written_otherwise_is_no_condition(text):
    with pytest.raises(UnreadableConditionError) as refused:
        parse_rules(text)
    assert refused.value.fact is None


def test_an_unknown_fact_is_named():
    with pytest.raises(UnreadableConditionError) as refused:
        parse_rules("subject_count >= 5; shoe_size >= 40")
    assert refused.value.fact == "shoe_size"


def test_a_flag_has_no_value_in_words():
    assert read_value(FactKind.FLAG, "true") is None
