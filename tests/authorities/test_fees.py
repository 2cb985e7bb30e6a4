"""Which entry of a list of fees holds, and which entries are refused."""

from datetime import date

import pytest

from recognition_service.authorities.fees import (
    Fee,
    fees_that_hold,
    range_fault,
    read_fee,
    repeated_fees,
    shown_amount,
    write_fee,
)

TODAY = date(2026, 11, 2)
ACCESS, WORK = "academic_access", "general_employment"


def a_fee(amount="200.00", **changes):
    return Fee(
        **{
            "regime": None,
            "purpose": None,
            "amount": amount,
            "least": None,
            "most": None,
            "currency": "EUR",
            "texts": {},
            "legal_basis": "Decree, article 3",
            "valid_from": date(2026, 1, 1),
            **changes,
        }
    )


def holding(fees, regime="neutral", purposes=(WORK,), on=TODAY):
    found = fees_that_hold(fees, regime=regime, purposes=purposes, on=on)
    return [fee.amount for fee in found]


def test_an_entry_without_a_regime_is_for_all_that_have_none_of_their_own():
    fees = [a_fee("200"), a_fee("80", regime="lrc-academic")]
    assert holding(fees) == ["200"]
    assert holding(fees, "lrc-academic") == ["80"]


def test_an_entry_for_a_regime_comes_before_one_for_a_purpose():
    fees = [a_fee("1", purpose=WORK), a_fee("2", regime="neutral"), a_fee("3")]
    assert holding(fees) == ["2"]
    assert holding(fees, "eu-general") == ["1"]
    assert holding(fees, "eu-general", [ACCESS]) == ["3"]


def test_each_purpose_has_its_own_entry():
    fees = [a_fee("1", purpose=WORK), a_fee("2", purpose=ACCESS)]
    assert holding(fees, purposes=[ACCESS, WORK]) == ["1", "2"]
    assert holding(fees, purposes=["migration_points"]) == []


def test_the_latest_entry_that_has_begun_holds():
    fees = [
        a_fee("1", valid_from=date(2025, 1, 1)),
        a_fee("2", valid_from=date(2026, 11, 2)),
        a_fee("3", valid_from=date(2026, 11, 3)),
    ]
    assert holding(fees) == ["2"]
    assert holding(fees, on=date(2026, 11, 1)) == ["1"]
    assert holding(fees, on=date(2024, 12, 31)) == []


def test_several_fees_hold_at_once_where_each_says_what_it_is_for():
    fees = [
        a_fee("200", texts={"en": "Application"}),
        a_fee("350", texts={"en": "Aptitude test"}),
    ]
    assert repeated_fees(fees) == []
    assert holding(fees) == ["200", "350"]


@pytest.mark.parametrize(
    ("first", "second", "repeated"),
    [
        ({}, {}, [1]),
        ({}, {"texts": {"en": "Application"}}, [1]),
        ({"texts": {"en": "Application"}}, {"texts": {"en": "Application"}}, [1]),
        ({"regime": "neutral"}, {}, []),
        ({"purpose": WORK}, {}, []),
        ({"valid_from": date(2025, 1, 1)}, {}, []),
    ],
)
def test_entries_that_nobody_can_tell_apart_are_found(first, second, repeated):
    assert repeated_fees([a_fee(**first), a_fee(**second)]) == repeated


@pytest.mark.parametrize(
    ("least", "amount", "most", "fault"),
    [
        (None, None, None, ("amount", "required")),
        (None, "200.00", None, None),
        ("100.00", None, None, None),
        (None, None, "600.00", None),
        ("100.00", "100.00", "100.00", None),
        ("100.00", "99.99", None, ("amount", "outside_range")),
        ("100.00", None, "99.99", ("until", "outside_range")),
        (None, "600.01", "600.00", ("until", "outside_range")),
        ("9.00", "10.00", "11.00", None),  # As numbers, not as texts.
    ],
)
def test_amount_and_range_must_agree(least, amount, most, fault):
    assert range_fault(a_fee(amount, least=least, most=most)) == fault


@pytest.mark.parametrize(
    ("least", "amount", "most", "is_free"),
    [
        (None, "0", None, True),
        (None, "0.00", "0", True),
        (None, None, "0", True),
        ("0", None, None, False),
        ("0", None, "600", False),
        (None, "0", "600", False),
        (None, "0.01", None, False),
    ],
)
def test_only_what_is_never_paid_is_free(least, amount, most, is_free):
    assert a_fee(amount, least=least, most=most).is_free is is_free


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("1200", "1200.00 EUR"),
        ("1200.5", "1200.50 EUR"),
        ("0.125", "0.125 EUR"),
        ("999999999999.99", "999999999999.99 EUR"),
    ],
)
def test_amounts_are_shown_exactly(amount, shown):
    assert shown_amount(amount, "EUR") == shown


def test_an_entry_is_read_as_it_was_written():
    fee = a_fee(
        regime="neutral", purpose=WORK, least="1", most="900", texts={"fr": "Demande"}
    )
    assert read_fee(write_fee(fee)) == fee
