"""The shares of each kind of cost are the whole of it."""

import pytest

from recognition_service.dual_certification.costs import cost_faults


def faults(*lines):
    costs = [
        {"kind": kind, "payer": payer, "share": share} for kind, payer, share in lines
    ]
    found = cost_faults([{"id": "u1"}, {"id": "u2", "costs": costs}])
    return [(each["pointer"], each["code"]) for each in found]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("training", "employer", "100")],
        [("training", "employer", "33.34"), ("training", "beneficiary", "66.66")],
        [("fee", "beneficiary", 100), ("travel", "employer", 100)],
    ],
)
def test_shares_that_are_whole_are_accepted(lines):
    assert faults(*lines) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [("training", "employer", "60"), ("training", "beneficiary", "30")],
            [("/units/1/costs", "shares_do_not_sum")],
        ),
        (
            [("training", "employer", "60"), ("fee", "employer", "40")],
            [("/units/1/costs", "shares_do_not_sum")] * 2,
        ),
        (
            [("fee", "employer", "-1"), ("fee", "other", "101")],
            [
                ("/units/1/costs/0/share", "not_a_share"),
                ("/units/1/costs/1/share", "not_a_share"),
            ],
        ),
        (
            [("fee", "employer", "half")],
            [("/units/1/costs/0/share", "not_a_share")],
        ),
    ],
)
def test_shares_that_are_not_whole_are_named(lines, expected):
    assert faults(*lines) == expected


def test_the_sum_is_told():
    (fault,) = cost_faults(
        [{"costs": [{"kind": "fee", "payer": "employer", "share": "60.5"}]}]
    )

    assert "60.5 per cent" in fault["detail"]
