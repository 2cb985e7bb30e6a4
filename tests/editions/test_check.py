"""A package is checked whole: its tables and its regimes."""

import pytest

from recognition_service.editions.check import check_package
from tests.builders import TREATY_REGIME, a_package, a_regime_tree
from tests.frameworks.small_edition import a_small_edition, row_of


def places(package):
    return [
        (finding.file, finding.column, finding.rule)
        for finding in check_package(package)
    ]


def with_regime(file="treaty.toml", /, **members):
    """Return a package with the neutral regime and one more."""
    return a_package(
        regimes={
            "neutral.toml": a_regime_tree(),
            file: a_regime_tree(TREATY_REGIME, id="treaty") | members,
        }
    )


def without(*names):
    tree = a_regime_tree(TREATY_REGIME, id="treaty")
    for name in names:
        del tree[name]
    return a_package(regimes={"neutral.toml": a_regime_tree(), "treaty.toml": tree})


def test_nothing_is_wrong_with_the_small_package():
    assert check_package(a_package()) == []
    assert check_package(with_regime()) == []


def test_nothing_is_wrong_with_the_shipped_package(shipped_package):
    assert check_package(shipped_package) == []


def test_what_is_wrong_with_tables_and_regimes_is_told_at_once():
    edition = a_small_edition()
    row_of(edition, "jurisdictions", "LV")["kind"] = "planet"
    found = places(a_package(edition, {"neutral.toml": a_regime_tree(source="?")}))
    assert found == [
        ("jurisdictions.csv", "kind", "unknown_word"),
        ("regimes/neutral.toml", "source", "unknown_source"),
    ]


@pytest.mark.parametrize(
    "member",
    [
        "name",
        "source",
        "evidence",
        "status",
        "procedure",
        "four_eyes",
        "decision_kinds",
        "purposes",
        "outcomes",
        "mandatory_contents",
        "does_not_allow",
        "force",
    ],
)
def test_names_the_member_that_a_regime_lacks(member):
    (finding,) = check_package(without(member))
    assert (finding.file, finding.line) == ("regimes/treaty.toml", 0)
    assert (finding.column, finding.rule) == (member, "regime_unreadable")
    assert finding.params == {"problem": f"regime treaty: {member}: is missing"}


def test_a_regime_without_id_is_unreadable():
    assert places(without("id")) == [("regimes/treaty.toml", "id", "regime_unreadable")]


@pytest.mark.parametrize(
    "members",
    [
        {"id": 5},
        {"id": ["treaty"]},
        {"source": 5},
        {"source": ["treaty"]},
        {"evidence": {}},
        {"instrument": ["benelux-baltic-2024"]},
        {"name": "Treaty"},
        {"force": ["x"]},
        {"force": {"fr": "seulement"}},
        {"four_eyes": "no"},
        {"status": "maybe"},
        {"procedure": "long"},
        {"outcomes": "automatic"},
        {"outcomes": ["automatic", "full"]},
        {"outcomes": []},
        {"purposes": [1]},
        {"mandatory_contents": ["legal_basis"]},
        {"mandatory_contents": {"automatic": "legal_basis"}},
        {"does_not_allow_by_kind": []},
        {"applies": []},
        {"applies": {"origin": ["LV"]}},
        {"papers": {"required": ["photograph"]}},
        {"papers": {"max_age_months": {"photograph": 3}}},
        {"statement_bindings": "legal"},
        {"valid_from": "soon"},
        {"valid_from": 2024},
        {"valid_to": "2024-04-30"},
    ],
)
def test_a_regime_with_impossible_members_is_unreadable(members):
    (finding,) = check_package(with_regime(**members))
    assert (finding.file, finding.rule) == ("regimes/treaty.toml", "regime_unreadable")


@pytest.mark.parametrize(
    ("package", "place"),
    [
        (with_regime("other.toml"), ("regimes/other.toml", "id", "regime_id")),
        (
            with_regime(source="hearsay"),
            ("regimes/treaty.toml", "source", "unknown_source"),
        ),
        (
            with_regime(instrument="eu-2005-36"),
            ("regimes/treaty.toml", "instrument", "regime_instrument"),
        ),
        (
            with_regime(mandatory_contents={"automatic": ["legal_basis", "stamp"]}),
            ("regimes/treaty.toml", "mandatory_contents.automatic", "regime_content"),
        ),
        (
            with_regime(
                outcomes=["automatic", "splendid"],
                mandatory_contents={"automatic": [], "splendid": []},
            ),
            ("regimes/treaty.toml", "outcomes", "regime_outcome"),
        ),
        (a_package(regimes={}), ("regimes/neutral.toml", None, "regime_missing")),
    ],
)
def test_each_rule_about_regimes_names_its_place(package, place):
    assert places(package) == [place]


def test_the_contents_that_nobody_knows_are_named():
    unknown = {"automatic": ["stamp", "legal_basis", "photograph"]}
    (finding,) = check_package(with_regime(mandatory_contents=unknown))
    assert finding.params == {"row": "treaty", "contents": "photograph, stamp"}


@pytest.mark.parametrize(
    ("member", "ids", "table"),
    [
        ("origins", ["LV", "ATLANTIS"], "jurisdictions.csv"),
        ("origins_except", ["ATLANTIS"], "jurisdictions.csv"),
        ("destinations", ["BE-FL", "ATLANTIS"], "jurisdictions.csv"),
        ("professions", ["dentist", "wizard"], "professions.csv"),
        ("professions_except", ["wizard"], "professions.csv"),
        ("agreements", ["benelux-baltic-2024", "eu-2005-36"], "agreements.csv"),
    ],
)
def test_a_regime_names_only_what_has_a_row(member, ids, table):
    (finding,) = check_package(with_regime(applies={member: ids}))
    assert (finding.column, finding.rule) == (f"applies.{member}", "regime_unknown_id")
    assert finding.params == {"row": "treaty", "ids": ids[-1], "table": table}
