import pytest

from recognition_service.equivalence.errors import (
    QuestionNotClearError,
    UnknownCodeError,
    nearest,
)
from recognition_service.errors import InvalidInputError, NotFoundError
from tests.equivalence.editions import (
    a_profession,
    a_qualification,
    ask,
    edition,
    two_countries,
)

LEVEL = {"framework": "AA-QF", "level": "6"}


def known():
    return edition(two_countries(a_qualification(), a_profession("nurse")))


@pytest.mark.parametrize(
    ("question", "kind", "likely"),
    [
        ({**LEVEL, "origin": "AB"}, "jurisdiction", "AA"),
        ({**LEVEL, "destination": "B"}, "jurisdiction", "BB"),
        ({"framework": "AA-QQ", "level": "6"}, "framework", "AA-QF"),
        ({"framework": "AA-QF", "level": "9"}, "level of AA-QF", "4"),
        ({"qualification": "aa-bachelr"}, "qualification", "aa-bachelor"),
        ({**LEVEL, "profession": "nurses"}, "profession", "nurse"),
        ({**LEVEL, "target_framework": "bb-qf"}, "framework", "BB-QF"),
    ],
)
def test_an_unknown_code_is_refused_with_the_nearest_ones(question, kind, likely):
    with pytest.raises(UnknownCodeError) as refusal:
        ask(known(), **question)

    assert refusal.value.kind == kind
    assert likely in refusal.value.nearest
    assert refusal.value.code == "unknown_code"
    assert isinstance(refusal.value, NotFoundError)
    assert likely in refusal.value.members()["nearest"]


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ({}, "framework"),
        ({"framework": "AA-QF"}, "level"),
        ({"level": "6"}, "framework"),
        ({**LEVEL, "qualification": "aa-bachelor"}, "qualification"),
    ],
)
def test_a_question_names_either_a_title_or_a_level(question, parameter):
    with pytest.raises(QuestionNotClearError) as refusal:
        ask(known(), **question)

    assert refusal.value.members()["errors"][0]["parameter"] == parameter
    assert isinstance(refusal.value, InvalidInputError)


def test_a_refused_question_is_not_remembered():
    snapshot = known()

    with pytest.raises(UnknownCodeError):
        ask(snapshot, framework="XX", level="1")

    assert snapshot.memo.entries == {}


def test_looks_only_among_codes_that_begin_alike_when_there_are_very_many():
    codes = [f"q{number:05}" for number in range(20_000)] + ["zz-bachelor"]

    assert nearest("zz-bachelr", codes) == ("zz-bachelor",)
    assert len(nearest("q00017x", codes)) == 5


def test_an_endless_code_costs_no_more_than_a_long_one():
    assert nearest("x" * 1_000_000, ["x" * 90]) == ("x" * 90,)
