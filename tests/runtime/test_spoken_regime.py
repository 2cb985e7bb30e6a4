"""Every shipped regime can be told in words, in every language."""

import json
from dataclasses import replace

import pytest

from recognition_service.recognition.vocabulary import BeneficiaryBasis
from recognition_service.runtime.spoken_names import Names
from recognition_service.runtime.spoken_regime import regime_document
from recognition_service.statistics.possible_regimes import PossibleRegime
from recognition_service.wording import LANGUAGES
from tests.equivalence.editions import shipped_edition
from tests.regimes.regime_page import shipped_regimes

REGIMES = shipped_regimes()


def told(regime, language="en", **more):
    found = PossibleRegime(
        regime,
        ("regime_applies", {"regime": regime.id}),
        regime.decision_kinds,
        frozenset(BeneficiaryBasis),
    )
    names = Names(shipped_edition(), language)
    return regime_document(replace(found, **more), names)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("regime", REGIMES.values(), ids=REGIMES)
def test_nothing_is_left_without_words(regime, language):
    written = json.dumps(told(regime, language), ensure_ascii=False)
    for family in ("directory", "letter", "paper", "measure", "outcome"):
        assert f'"{family}.' not in written
        assert f" {family}." not in written
    for limit in told(regime, language)["time_limits"]:
        assert "{" not in limit["text"]
        assert limit["silence_text"]


def test_a_limit_of_a_name_that_nobody_knows_is_spelled_out():
    regime = REGIMES["eu-general"]
    (limit, *_) = regime.timing.limits
    timing = replace(regime.timing, limits=(replace(limit, id="hear_the_person"),))
    (found,) = told(replace(regime, timing=timing))["time_limits"]
    assert found["text"] == (
        "hear the person: 1 month, counted from the day on which the request came in. "
        "The text was not confirmed."
    )


def test_whoever_it_is_for_is_named():
    people = frozenset({BeneficiaryBasis.EU_CITIZEN, BeneficiaryBasis.FAMILY_MEMBER})
    found = told(REGIMES["eu-general"], beneficiaries=people)["beneficiaries"]
    assert found["codes"] == ["eu_citizen", "family_member"]
    assert found["text"].endswith("or members of their families")
