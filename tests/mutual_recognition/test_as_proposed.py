"""What an officer decides by following a proposal, and when there is none."""

import pytest

from recognition_service.mutual_recognition.as_proposed import decision_as_proposed
from recognition_service.mutual_recognition.errors import (
    NoProposalError,
    ProposalChangedError,
)

KIND = "level_comparability"
TITLE = {"id": "be--associate", "title": "Gegradueerde"}
COMPARED = {
    "kind": "reference_qualification",
    "qualifications": [TITLE],
    "framework": "BE-FL-VKS",
    "levels": ["5"],
}


def a_proposal(**changes):
    return {
        "result": "statement",
        "decides": True,
        "outcome": "full",
        "object": COMPARED,
        "instrument": "agr-1",
        "rows": [{"source": "decree"}, {"source": "decree"}, {"source": "list"}],
    } | changes


def followed(**changes):
    proposal = a_proposal(**changes)
    return decision_as_proposed(proposal, proposal, KIND)


def test_outcome_reference_and_basis_are_those_of_the_proposal():
    decision = followed()
    assert (decision["decision_kind"], decision["outcome"]) == (KIND, "full")
    assert decision["reference"] == {
        "qualification": "be--associate",
        "framework": "BE-FL-VKS",
        "level": "5",
    }
    assert decision["legal_basis"] == ["agr-1"]
    assert set(decision["text"]) == {"en", "fr"}
    assert decision["text"]["en"].startswith("The published statement or rule")


def test_without_an_instrument_the_sources_are_the_basis():
    assert followed(instrument=None)["legal_basis"] == ["decree", "list"]


def test_several_counterparts_are_not_one_reference():
    several = COMPARED | {"qualifications": [TITLE, TITLE], "levels": ["5", "6"]}
    assert followed(object=several)["reference"] == {
        "qualification": None,
        "framework": "BE-FL-VKS",
        "level": None,
    }


def test_a_level_that_a_treaty_lists_is_the_reference():
    listed = {"kind": "listed_level", "framework": "BE-FL-VKS", "level": "6"}
    decision = followed(result="treaty_rule", outcome="automatic", object=listed)
    assert decision["reference"]["level"] == "6"


@pytest.mark.parametrize(
    "changes",
    [
        {"result": "level_information"},
        {"result": "none"},
        {"decides": False},
        {"outcome": None},
    ],
)
def test_information_is_never_followed(changes):
    with pytest.raises(NoProposalError):
        followed(**changes)


def test_a_title_that_no_table_knows_has_no_proposal():
    with pytest.raises(NoProposalError):
        decision_as_proposed(None, None, KIND)


@pytest.mark.parametrize(
    "changes",
    [{"decides": False}, {"outcome": "partial"}, {"instrument": "agr-2"}],
)
def test_what_the_tables_say_otherwise_by_now_is_not_followed(changes):
    with pytest.raises(ProposalChangedError):
        decision_as_proposed(a_proposal(), a_proposal(**changes), KIND)


def test_what_the_tables_do_not_know_any_more_is_not_followed():
    with pytest.raises(ProposalChangedError):
        decision_as_proposed(a_proposal(), None, KIND)
