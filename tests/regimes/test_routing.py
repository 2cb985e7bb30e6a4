"""The most special regime that applies comes first, the neutral one last."""

from datetime import date

import pytest

from recognition_service.regimes.errors import RegimeNotApplicableError
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


SPECIAL = {
    "statement_bindings": [],
    "procedure": "case",
    "instrument": "none-such",
    "valid_from": "2000-01-01",
}


def special(regime_id="special", /, **applies):
    return read_regime(
        a_regime_tree(TREATY_REGIME, id=regime_id, applies=applies, **SPECIAL)
    )


def of_places(regime, origins, destinations, **more):
    return chosen(
        [NEUTRAL, regime],
        instrument=None,
        statement_binding=None,
        origins=origins,
        destinations=destinations,
        **more,
    )[0]


@pytest.mark.parametrize(
    ("origins", "destinations", "regime"),
    [
        (("BE-FL", "BE"), ("LV",), "special"),
        (("LV",), ("BE-FL", "BE"), "special"),
        (("MA",), ("BE-FL", "BE"), "neutral"),
        (("LV",), ("MA",), "neutral"),
        (("LV",), ("LV",), "neutral"),
        (("BE-FR", "BE"), ("BE-FL", "BE"), "neutral"),
        ((), (), "neutral"),
    ],
)
def test_a_regime_of_states_covers_their_parts_but_nothing_within_one_state(
    origins, destinations, regime
):
    found = special(origins=["BE", "LV"], destinations=["BE", "LV"])
    assert of_places(found, origins, destinations) == regime


def test_what_a_state_awarded_itself_is_not_foreign_there():
    found = special(destinations=["LV"])
    assert of_places(found, ("MA",), ("LV",)) == "special"
    assert of_places(found, ("LV",), ("LV",)) == "neutral"


def test_some_origins_can_be_left_out():
    found = special(origins_except=["BE"], destinations=["LV"])
    assert of_places(found, ("MA",), ("LV",)) == "special"
    assert of_places(found, ("BE-FL", "BE"), ("LV",)) == "neutral"


@pytest.mark.parametrize(
    ("applies", "profession", "regime"),
    [
        ({"professions": ["dentist"]}, "dentist", "special"),
        ({"professions": ["dentist"]}, "nurse", "neutral"),
        ({"professions": ["dentist"]}, None, "neutral"),
        ({"professions_except": ["dentist"]}, "nurse", "special"),
        ({"professions_except": ["dentist"]}, "dentist", "neutral"),
        ({"professions_except": ["dentist"]}, None, "neutral"),
    ],
)
def test_a_profession_that_is_not_named_may_be_the_exception(
    applies, profession, regime
):
    found = special(destinations=["LV"], **applies)
    assert of_places(found, ("MA",), ("LV",), profession=profession) == regime


@pytest.mark.parametrize("beneficiary", ["", "not_stated", "other"])
def test_only_who_may_rely_on_a_regime_comes_under_it(beneficiary):
    found = special(destinations=["LV"], beneficiaries=["refugee"])
    places = (("MA",), ("LV",))
    assert of_places(found, *places, beneficiary="refugee") == "special"
    assert of_places(found, *places, beneficiary=beneficiary) == "neutral"


@pytest.mark.parametrize("member", ["agreement", "instrument"])
def test_an_agreement_between_both_sides_leads_to_its_regime(member):
    found = special(agreements=["treaty"])
    given = {"instrument": None, "statement_binding": None, member: "treaty"}
    assert chosen([NEUTRAL, found], **given)[0] == "special"
    assert chosen([NEUTRAL, found], **(given | {member: "another"}))[0] == "neutral"


def test_of_several_the_one_of_the_highest_rank_is_chosen():
    regimes = [NEUTRAL, special("low", destinations=["LV"], rank=1)]
    regimes.append(special("high", destinations=["LV"], rank=2))
    for order in (regimes, regimes[::-1]):
        assert chosen(
            order, instrument=None, statement_binding=None, destinations=("LV",)
        ) == ("high", ["regime_applies"])


def test_a_regime_on_request_is_only_chosen_when_it_is_asked_for():
    found = special(destinations=["LV"], is_on_request=True)
    assert of_places(found, ("MA",), ("LV",)) == "neutral"
    assert of_places(found, ("MA",), ("LV",), wanted="special") == "special"


def test_a_regime_that_does_not_apply_cannot_be_asked_for():
    found = special(destinations=["LV"])
    for wanted in ("special", "none-such"):
        with pytest.raises(RegimeNotApplicableError) as refused:
            of_places(found, ("MA",), ("BE",), wanted=wanted)
        assert refused.value.errors[0]["pointer"] == "/regime"


def test_the_neutral_regime_can_always_be_asked_for():
    found = special(destinations=["LV"])
    assert of_places(found, ("MA",), ("LV",), wanted="neutral") == "neutral"


# Regimes that say to whom they apply.

GENERAL = {
    "origins": ["EU"],
    "destinations": ["ES"],
    "beneficiaries": ["eu_citizen"],
}


def a_special(regime_id="general-system", **applies):
    tree = a_regime_tree(id=regime_id, status="confirmed", applies=applies)
    return read_regime(tree)


def from_italy_to_catalonia(**more):
    known = {
        "instrument": None,
        "statement_binding": None,
        "is_decided_by_tables": False,
        "origins": ("IT", "EU"),
        "destinations": ("ES-CT", "ES", "EU"),
        "profession": "nurse",
        "beneficiary": "eu_citizen",
        "agreement": "directive-2005-36",
    }
    return known | more


def chosen_of(*special, **more):
    return chosen([NEUTRAL, *special], **from_italy_to_catalonia(**more))


def test_a_regime_applies_to_those_whom_it_names():
    assert chosen_of(a_special(**GENERAL)) == ("general-system", ["regime_applies"])


@pytest.mark.parametrize(
    "more",
    [
        {"origins": ("MA",)},
        {"destinations": ("FR", "EU")},
        {"beneficiary": ""},
        {"origins": ()},
    ],
)
def test_a_regime_applies_to_nobody_else(more):
    assert chosen_of(a_special(**GENERAL), **more) == ("neutral", ["no_special_regime"])


@pytest.mark.parametrize(
    ("applies", "fits"),
    [
        ({"professions": ["nurse", "midwife"]}, True),
        ({"professions": ["architect"]}, False),
        ({"agreements": ["directive-2005-36"]}, True),
        ({"agreements": ["ttmra"]}, False),
        ({"destinations": ["ES-CT"]}, True),
        ({"destinations": ["ES-MD"]}, False),
        ({"origins": ["IT"], "professions": ["architect"]}, False),
    ],
)
def test_each_side_that_a_regime_names_must_fit(applies, fits):
    expected = "general-system" if fits else "neutral"
    assert chosen_of(a_special(**applies))[0] == expected


def test_an_instrument_that_the_tables_found_is_an_agreement_too():
    special = a_special(agreements=["ttmra"])
    assert chosen_of(special, agreement=None, instrument="ttmra")[0] == special.id


def test_a_regime_that_names_nobody_is_chosen_for_nobody():
    for applies in ({}, {"rank": 9}):
        assert chosen_of(a_special(**applies))[0] == "neutral"


def test_the_highest_rank_is_chosen_and_of_equals_the_first():
    general = a_special(**GENERAL)
    sectoral = a_special("sectoral", **GENERAL, professions=["nurse"], rank=2)
    for regimes in ((general, sectoral), (sectoral, general)):
        assert chosen_of(*regimes)[0] == "sectoral"
    assert chosen_of(general, a_special("other", **GENERAL))[0] == "general-system"


def test_an_instrument_comes_before_the_highest_rank():
    treaty = read_regime(a_regime_tree(TREATY_REGIME, procedure="case"))
    special = a_special(**GENERAL, rank=9)
    assert chosen_of(special, treaty, instrument=TREATY)[0] == "benelux-baltic"


def test_a_regime_on_request_is_chosen_only_for_those_who_ask():
    card = a_special("card", **GENERAL, is_on_request=True, rank=9)
    assert chosen_of(card)[0] == "neutral"
    assert chosen_of(card, wanted="card") == ("card", ["regime_asked_for"])
    open_to_all = a_special("card", is_on_request=True)
    assert chosen_of(open_to_all, wanted="card") == ("card", ["regime_asked_for"])


def test_the_regime_asked_for_comes_before_all_others():
    sectoral = a_special("sectoral", **GENERAL, rank=2)
    general = a_special(**GENERAL)
    assert chosen_of(sectoral, general, wanted="general-system")[0] == "general-system"
    for wanted in ("neutral", "benelux-baltic"):
        route = choose_regime(REGIMES, circumstances(wanted=wanted))
        assert (route.regime.id, len(route.reasons)) == (wanted, 1)
    legal = circumstances(wanted="legal-equation")
    assert choose_regime(REGIMES, legal).regime.id == "legal-equation"


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        ("general-system", {"beneficiary": "third_country"}),
        ("general-system", {"decision_kind": "licence"}),
        ("general-system", {"purpose": "migration_points"}),
        ("none-such", {}),
        ("names-nobody", {}),
        ("benelux-baltic", {"is_decided_by_tables": True}),
        ("legal-equation", {"is_decided_by_tables": True}),
        ("benelux-baltic", {"instrument": TREATY}),
    ],
)
def test_a_regime_that_does_not_apply_is_refused_to_who_asks_for_it(wanted, more):
    regimes = [*REGIMES, a_special(**GENERAL), a_special("names-nobody")]
    given = circumstances(**from_italy_to_catalonia(**more), wanted=wanted)
    with pytest.raises(RegimeNotApplicableError, match=wanted) as refused:
        choose_regime(regimes, given)
    assert refused.value.errors[0]["pointer"] == "/regime"
