"""What counts as an examination where none was needed."""

import pytest

from recognition_service.recognition.short_path import (
    SHORT_PATH,
    Basis,
    ShortPath,
    is_examination,
    short_path_in,
    without_short_path,
)
from recognition_service.regimes.events import CaseEventKind

OTHER = {"code": "no_special_regime", "params": {}}


def a_path(**changes):
    known = {"basis": Basis.AGREED_LIST, "id": "treaty", "outcome": "automatic"}
    return ShortPath(**(known | changes))


def test_a_short_path_is_found_again_among_the_reasons_of_routing():
    reason = a_path(rows=("agreement_titles/one",)).reason()
    assert reason["code"] == SHORT_PATH
    assert short_path_in([OTHER, reason]) == {
        "basis": "agreed_list",
        "id": "treaty",
        "outcome": "automatic",
        "rows": ["agreement_titles/one"],
        "attestation": None,
        "decision": None,
    }
    assert without_short_path([OTHER, reason]) == [OTHER]
    assert short_path_in([OTHER]) is None


@pytest.mark.parametrize(
    ("event", "details"),
    [
        (CaseEventKind.SUBSTITUTE_PROCEDURE_BEGUN, None),
        (CaseEventKind.DECIDED, {"outcome": "refused"}),
        (CaseEventKind.DECIDED, {"outcome": "conditional"}),
        (CaseEventKind.DECIDED, {"outcome": "partial"}),
        ("assessment_saved", {"assessment_version": 1, "substantial_differences": 1}),
    ],
)
def test_these_are_examinations(event, details):
    assert is_examination(event, details, "full")


@pytest.mark.parametrize(
    ("event", "details"),
    [
        (CaseEventKind.DECIDED, {"outcome": "full"}),
        (CaseEventKind.DECIDED, {"outcome": "automatic"}),
        (CaseEventKind.ASSESSMENT_BEGUN, None),
        (CaseEventKind.COMPLETED, {"on": "2026-11-02"}),
        ("assessment_saved", {"assessment_version": 1}),
    ],
)
def test_these_are_not(event, details):
    assert not is_examination(event, details, "full")


def test_what_a_list_itself_leaves_open_is_no_examination():
    decided = {"outcome": "partial"}
    assert not is_examination(CaseEventKind.DECIDED, decided, "partial")
    assert is_examination(CaseEventKind.DECIDED, {"outcome": "refused"}, "partial")
