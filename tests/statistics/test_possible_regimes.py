"""All rules that may apply to a way are told, each with those whom it is for."""

from datetime import date

import pytest

from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.vocabulary import BeneficiaryBasis
from recognition_service.regimes.regime import RegimeStatus
from recognition_service.statistics.possible_regimes import KINDS, possible_regimes
from tests.equivalence.editions import shipped_edition
from tests.regimes.regime_page import shipped_regimes

REGIMES = shipped_regimes()
TODAY = date(2026, 11, 30)


def possible(origin, destination, purpose, profession=None, **more):
    known = {"on": TODAY, "instruments": (), "bindings": ()}
    found = possible_regimes(
        shipped_edition(),
        list(REGIMES.values()),
        origin,
        destination,
        purposes=[purpose],
        profession=profession,
        **(known | more),
    )
    return {each.regime.id: each for each in found}


def test_every_purpose_has_kinds_of_decisions():
    assert set(KINDS) == set(Purpose)


def test_something_always_applies():
    found = possible("NZ", "TN", Purpose.GENERAL_EMPLOYMENT)
    assert set(found) == {"neutral"}
    assert found["neutral"].beneficiaries == frozenset()
    assert found["neutral"].decision_kinds == {
        "level_comparability",
        "equivalence_finding",
    }


def test_whoever_the_rules_are_for_somebody_is_left_out_of_none():
    found = possible("FR", "ES", Purpose.REGULATED_PROFESSION, "nurse_general")
    usual = [each for each in found.values() if not each.is_on_request]
    people = [set(each.beneficiaries) for each in usual]
    assert set.union(*people) == set(BeneficiaryBasis)
    assert sum(map(len, people)) == len(BeneficiaryBasis)


def test_rules_on_request_are_apart():
    found = possible("TN", "DE", Purpose.REGULATED_PROFESSION, "nurse_general")
    assert {name for name, each in found.items() if each.is_on_request} == {
        "de-pflbg-81a"
    }


@pytest.mark.parametrize(
    ("more", "regime"),
    [
        ({"instruments": ["benelux-baltic-2024"]}, "benelux-baltic"),
        ({"bindings": ["legal"]}, "legal-equation"),
    ],
)
def test_rules_of_the_tables_come_first_and_for_everybody(more, regime):
    found = possible("LV", "BE-FL", Purpose.GENERAL_EMPLOYMENT, **more)
    first = next(iter(found.values()))
    assert (first.regime.id, first.is_by_tables) == (regime, True)
    assert first.beneficiaries == frozenset()


def test_what_is_not_in_force_yet_is_left_out():
    early = possible(
        "LV",
        "BE-FL",
        Purpose.GENERAL_EMPLOYMENT,
        on=date(1990, 1, 1),
        instruments=["benelux-baltic-2024"],
    )
    dated = {each.regime.valid_from for each in early.values()}
    assert all(day is None or day <= date(1990, 1, 1) for day in dated)


def test_rules_that_were_not_confirmed_stay_marked():
    found = possible("FR", "IT", Purpose.REGULATED_PROFESSION, "nurse_general")
    assert found["eu-sectoral"].regime.status is RegimeStatus.ADVISORY
