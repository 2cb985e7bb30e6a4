"""Each difference of a decision is counted once, by what makes up for it."""

import pytest

from recognition_service.recognition.found_differences import found_differences


def compensated(subject, *kinds):
    return {"subject": subject, "covered_by": [{"kind": kind} for kind in kinds]}


@pytest.mark.parametrize(
    ("named", "made_up_for", "found"),
    [
        (None, None, ()),
        ([], [], ()),
        ([{"subject": "Law"}, {"subject": "Safety"}], None, ("open", "open")),
        (None, [compensated("Law", "experience")], ("experience",)),
        (
            [{"subject": "Law"}],
            [compensated("Safety", "programme_unit")],
            ("open", "programme_unit"),
        ),
        (
            None,
            [compensated("Law", "experience", "experience")],
            ("experience",),
        ),
        (None, [compensated("Law", "experience", "programme_unit")], ("several",)),
        # What the decision names itself is open, however it is written.
        ([{"subject": " law "}], [compensated("Law", "experience")], ("open",)),
        ([{"subject": "Law"}, {"subject": "LAW"}], None, ("open",)),
        # Without a subject none is known again.
        ([{"why_essential": "a"}, {"why_essential": "b"}], None, ("open", "open")),
    ],
)
def test_each_difference_is_counted_once(named, made_up_for, found):
    content = {"differences": named, "compensated": made_up_for}
    assert found_differences(content) == found


def test_a_decision_without_either_has_none():
    assert found_differences({}) == ()
