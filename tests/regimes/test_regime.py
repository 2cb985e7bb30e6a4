"""A regime is read whole or refused with the member that is to blame."""

from datetime import date

import pytest

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.regime import Procedure, RegimeStatus, read_regime
from tests.builders import TREATY_REGIME, a_regime_tree


def test_a_regime_is_read_with_all_its_members():
    regime = read_regime(a_regime_tree(TREATY_REGIME))
    assert (regime.id, regime.instrument) == ("benelux-baltic", "benelux-baltic-2024")
    assert (regime.status, regime.procedure) == (
        RegimeStatus.CONFIRMED,
        Procedure.NONE,
    )
    assert regime.four_eyes is False
    assert (regime.valid_from, regime.valid_to) == (date(2024, 5, 1), None)
    assert regime.mandatory_contents == {"automatic": ("legal_basis",)}
    assert regime.statement_bindings == frozenset()
    assert regime.force == {"en": "The treaty itself recognises the level."}


def test_what_is_stored_is_read_alike():
    regime = read_regime(a_regime_tree(valid_from="2024-05-01"))
    assert regime == read_regime(a_regime_tree(valid_from=date(2024, 5, 1)))


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("level_comparability", ("regulated_profession", "licence")),
        ("professional_access", ("licence",)),
        ("no_such_kind", ("regulated_profession", "licence")),
    ],
)
def test_what_a_decision_does_not_allow_depends_on_its_kind(kind, codes):
    assert read_regime(a_regime_tree()).not_allowed(kind) == codes


@pytest.mark.parametrize(
    ("period", "day", "holds"),
    [
        ({}, date(1900, 1, 1), True),
        ({"valid_from": "2024-05-01"}, date(2024, 4, 30), False),
        ({"valid_from": "2024-05-01"}, date(2024, 5, 1), True),
        ({"valid_to": "2024-05-01"}, date(2024, 5, 1), True),
        ({"valid_to": "2024-05-01"}, date(2024, 5, 2), False),
    ],
)
def test_a_regime_holds_within_its_days(period, day, holds):
    assert read_regime(a_regime_tree(**period)).is_in_force(day) is holds


def test_the_member_that_is_missing_is_named():
    for member in ("name", "source", "outcomes", "force", "status"):
        tree = a_regime_tree()
        del tree[member]
        with pytest.raises(RegimeUnreadableError, match=f"neutral: {member}") as found:
            read_regime(tree)
        assert found.value.member == member


@pytest.mark.parametrize(
    ("members", "member"),
    [
        ({"outcomes": ["full"]}, "outcomes"),
        (
            {"outcomes": ["full", "partial", "refused", "conditional"]},
            "mandatory_contents",
        ),
        ({"valid_from": "2024-05-02", "valid_to": "2024-05-01"}, "valid_to"),
        ({"force": {"en": ""}}, "force.en"),
        ({"force": {}}, "force.en"),
        ({"purposes": "all"}, "a member"),
        ({"four_eyes": 1}, "a member"),
        ({"valid_from": "1 May"}, "a member"),
        ({"holds": {"award_verification": "for_ever"}}, "a member"),
    ],
)
def test_what_cannot_be_is_refused(members, member):
    with pytest.raises(RegimeUnreadableError) as found:
        read_regime(a_regime_tree(**members))
    assert found.value.member == member


def test_a_regime_without_id_is_named_as_such():
    with pytest.raises(RegimeUnreadableError, match="without id"):
        read_regime({})


def test_a_regime_says_how_long_a_question_holds_the_clock():
    assert read_regime(a_regime_tree()).holds == {}
    tree = a_regime_tree(holds={"case_information": "until_authority_deadline"})
    assert read_regime(tree).holds == {"case_information": "until_authority_deadline"}
