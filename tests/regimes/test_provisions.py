"""Provisions are read whole, or refused with the member that is to blame."""

import pytest

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.practice import Language, Practice
from recognition_service.regimes.provisions import (
    Appeal,
    Applies,
    Chooser,
    MeasureKind,
    Measures,
    Papers,
    Provisions,
    Retention,
    read_provisions,
)
from recognition_service.regimes.regime import read_regime
from tests.builders import a_regime_tree

WHOLE = {
    "applies": {
        "origins": ["EU"],
        "origins_except": ["FR"],
        "destinations": ["ES"],
        "professions": ["nurse"],
        "professions_except": ["dentist"],
        "beneficiaries": ["eu_citizen"],
        "agreements": ["directive-2005-36"],
        "is_on_request": True,
        "rank": 2,
    },
    "measures": {
        "allowed": ["aptitude_test", "adaptation_period"],
        "chosen_by": "applicant",
        "by_levels": {"a>c": "authority", "a>d": "both_imposed"},
        "adaptation_months_max": 36,
        "attempts_max": 2,
        "article": "14",
    },
    "papers": {
        "required": ["qualification", "identity"],
        "max_age_months": {"good_standing": 3},
        "substituted": True,
        "is_legalisation_excluded": True,
        "article": "50",
    },
    "appeal": {"outcomes": ["refused"], "on_silence": True, "article": "51(3)"},
    "retention": {
        "file": 120,
        "papers": 24,
        "sensitive": 6,
        "article": "9",
        "is_confirmed": True,
    },
}


def read(**tree):
    return read_provisions("a-regime", tree)


def test_a_regime_that_says_nothing_provides_nothing():
    assert read() == Provisions()
    assert not Provisions().applies.names_somebody
    assert Provisions().measures.allowed == frozenset()
    assert Provisions().retention == Retention(is_confirmed=False)


def test_provisions_are_read_with_all_their_members():
    found = read(**WHOLE)
    assert found.applies == Applies(
        origins=frozenset(["EU"]),
        origins_except=frozenset(["FR"]),
        destinations=frozenset(["ES"]),
        professions=frozenset(["nurse"]),
        professions_except=frozenset(["dentist"]),
        beneficiaries=frozenset(["eu_citizen"]),
        agreements=frozenset(["directive-2005-36"]),
        is_on_request=True,
        rank=2,
    )
    assert found.measures == Measures(
        frozenset(MeasureKind),
        Chooser.APPLICANT,
        {("a", "c"): Chooser.AUTHORITY, ("a", "d"): Chooser.BOTH_IMPOSED},
        36,
        2,
        "14",
    )
    assert found.papers == Papers(
        ("identity", "qualification"),
        {"good_standing": 3},
        substituted=True,
        is_legalisation_excluded=True,
        article="50",
    )
    assert found.appeal == Appeal(
        frozenset(["refused"]), on_silence=True, article="51(3)"
    )
    assert found.retention == Retention(120, 24, 6, "9", is_confirmed=True)


@pytest.mark.parametrize(
    ("held", "required", "chooser"),
    [
        ("a", "c", Chooser.AUTHORITY),
        ("a", "d", Chooser.BOTH_IMPOSED),
        ("c", "a", Chooser.APPLICANT),
        (None, "c", Chooser.APPLICANT),
        (None, None, Chooser.APPLICANT),
    ],
)
def test_the_levels_say_who_chooses_the_measure(held, required, chooser):
    assert read(**WHOLE).measures.chooser(held, required) is chooser


@pytest.mark.parametrize("side", ["origins", "professions", "beneficiaries"])
def test_one_side_is_enough_to_name_somebody(side):
    assert read(applies={side: ["x"]}).applies.names_somebody
    assert not read(applies={side: [], "rank": 1}).applies.names_somebody


@pytest.mark.parametrize("part", sorted(WHOLE))
def test_a_member_that_nobody_knows_is_named(part):
    with pytest.raises(RegimeUnreadableError) as refused:
        read(**{part: WHOLE[part] | {"colour": "red"}})
    assert refused.value.member == f"{part}.colour"


@pytest.mark.parametrize(
    ("part", "members", "problem"),
    [
        ("applies", {"origins": "EU"}, "'EU' is not a list of words"),
        ("applies", {"agreements": [1]}, r"\[1\] is not a list of words"),
        ("applies", {"is_on_request": 1}, "1 is neither true nor false"),
        ("applies", {"rank": "high"}, "'high' is not a whole number"),
        ("applies", {"rank": 1.5}, "1.5 is not a whole number"),
        ("applies", {"rank": True}, "True is not a whole number"),
        ("measures", {"allowed": ["prayer"]}, "'prayer' is not a valid MeasureKind"),
        ("measures", {"chosen_by": "lot"}, "'lot' is not a valid Chooser"),
        ("measures", {"by_levels": {"a>c": "lot"}}, "'lot' is not a valid Chooser"),
        (
            "measures",
            {"by_levels": {"ac": "authority"}},
            "'ac' does not name two levels",
        ),
        (
            "measures",
            {"by_levels": {"a>": "authority"}},
            "'a>' does not name two levels",
        ),
        (
            "measures",
            {"by_levels": {">c": "authority"}},
            "'>c' does not name two levels",
        ),
        ("measures", {"adaptation_months_max": 0}, "0 is not a number from 1 to 1200"),
        ("measures", {"attempts_max": True}, "True is not a number from 1 to 1200"),
        ("papers", {"required": ["qualification", 1]}, "is not a list of words"),
        ("papers", {"max_age_months": {"health": -3}}, "-3 is not a number from 1"),
        ("papers", {"max_age_months": {"health": "3"}}, "'3' is not a number from 1"),
        ("papers", {"substituted": "yes"}, "'yes' is neither true nor false"),
        ("papers", {"is_legalisation_excluded": 0}, "0 is neither true nor false"),
        ("appeal", {"outcomes": "refused"}, "'refused' is not a list of words"),
        ("appeal", {"on_silence": None}, "None is neither true nor false"),
        ("retention", {"file": 1201}, "1201 is not a number from 1 to 1200"),
        ("retention", {"papers": 1.5}, "1.5 is not a number from 1 to 1200"),
        ("retention", {"sensitive": "6"}, "'6' is not a number from 1 to 1200"),
        ("retention", {"is_confirmed": "yes"}, "'yes' is neither true nor false"),
    ],
)
def test_members_of_the_wrong_kind_are_refused(part, members, problem):
    with pytest.raises((TypeError, ValueError), match=problem):
        read(**{part: members})
    with pytest.raises(RegimeUnreadableError, match=problem):
        read_regime(a_regime_tree(**{part: members}))


@pytest.mark.parametrize("part", sorted(WHOLE))
def test_a_part_that_is_no_table_is_refused(part):
    with pytest.raises(RegimeUnreadableError, match=f"{part} is not a table"):
        read_regime(a_regime_tree(**{part: ["all"]}))


def test_one_can_appeal_only_against_outcomes_of_the_regime():
    with pytest.raises(RegimeUnreadableError) as refused:
        read_regime(a_regime_tree(appeal={"outcomes": ["partial_access"]}))
    assert refused.value.member == "appeal.outcomes"
    found = read_regime(a_regime_tree(appeal={"outcomes": ["refused"]}))
    assert found.provisions.appeal.outcomes == {"refused"}


PRACTICE = {
    "id": "acquired_rights",
    "months": 36,
    "within_months": 60,
    "is_consecutive": True,
    "article": "23",
    "is_confirmed": False,
}


def test_practice_and_language_are_read():
    language = {"is_after_recognition": True, "article": "53"}
    found = read_provisions("x", {"practice": [PRACTICE], "language": language})
    assert found.practice == (
        Practice("acquired_rights", 36, 60, True, "23", False),  # noqa: FBT003
    )
    assert found.language == Language(True, "53")  # noqa: FBT003
    assert Provisions().practice == ()
    assert not Provisions().language.is_after_recognition


@pytest.mark.parametrize(
    ("practice", "problem"),
    [
        ({}, "practice is not a list of tables"),
        ([PRACTICE | {"months": 61}], "61 months do not lie within 60"),
        ([PRACTICE | {"months": "36"}], "'36' is not a number from 1 to 1200"),
        ([PRACTICE | {"is_confirmed": 1}], "practice.is_confirmed is neither"),
        ([PRACTICE | {"years": 3}], "is not known"),
    ],
)
def test_impossible_practice_is_refused(practice, problem):
    with pytest.raises(RegimeUnreadableError) as refused:
        read_regime(a_regime_tree() | {"practice": practice})
    assert problem in str(refused.value)


def test_practice_without_a_member_is_refused():
    practice = {name: value for name, value in PRACTICE.items() if name != "article"}
    with pytest.raises(RegimeUnreadableError) as refused:
        read_regime(a_regime_tree() | {"practice": [practice]})
    assert "article" in str(refused.value)
