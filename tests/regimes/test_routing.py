"""The most special regime that applies comes first, the neutral one last."""

from datetime import date

import pytest

from recognition_service.regimes.regime import read_regime
from recognition_service.regimes.routing import Circumstances, choose_regime
from tests.builders import TREATY, TREATY_REGIME, a_regime_tree

NEUTRAL = read_regime(a_regime_tree())
FOR_THE_TREATY = read_regime(a_regime_tree(TREATY_REGIME))
FOR_STATEMENTS = read_regime(
    a_regime_tree(
        TREATY_REGIME,
        id="legal-equation",
        instrument="none-such",
        statement_bindings=["legal"],
    )
)
REGIMES = [NEUTRAL, FOR_STATEMENTS, FOR_THE_TREATY]


def circumstances(**more):
    known = {
        "decision_kind": "level_comparability",
        "purpose": "general_employment",
        "instrument": TREATY,
        "statement_binding": "legal",
        "is_decided_by_tables": True,
        "on": date(2026, 11, 2),
    }
    return Circumstances(**(known | more))


def chosen(regimes=REGIMES, **more):
    route = choose_regime(regimes, circumstances(**more))
    return route.regime.id, [code for code, _ in route.reasons]


def test_an_instrument_comes_before_a_statement_in_any_order():
    for regimes in (REGIMES, REGIMES[::-1]):
        assert chosen(regimes) == ("benelux-baltic", ["both_parties_in_force"])


def test_a_statement_comes_before_the_neutral_regime():
    for other in (None, "another-treaty"):
        assert chosen(instrument=other) == (
            "legal-equation",
            ["statement_has_legal_force"],
        )


@pytest.mark.parametrize(
    "more",
    [
        {"instrument": None, "statement_binding": None},
        {"instrument": None, "statement_binding": "advice"},
        {"decision_kind": "licence"},
        {"decision_kind": "study_recognition"},
        {"purpose": "regulated_profession"},
        {"is_decided_by_tables": False},
        {"on": date(2024, 4, 30)},
    ],
)
def test_where_nothing_special_applies_the_neutral_regime_does(more):
    assert chosen(**more) == ("neutral", ["no_special_regime"])


def test_a_regime_with_a_case_applies_though_no_rule_decides():
    with_case = read_regime(a_regime_tree(TREATY_REGIME, procedure="case"))
    assert chosen([NEUTRAL, with_case], is_decided_by_tables=False)[0] == (
        "benelux-baltic"
    )


def test_the_reason_names_the_instrument():
    route = choose_regime(REGIMES, circumstances())
    assert route.reasons == (("both_parties_in_force", {"instrument": TREATY}),)
