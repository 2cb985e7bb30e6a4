"""Fees that an authority states itself: what an entry says, and which one holds: pure.

Amounts are decimals as text, as the authority wrote them: nothing is converted or
rounded, and nothing is added up.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

AMOUNT = re.compile(r"(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,3})?")
"""An amount of money: no sign, no needless zeros before it, no separators."""
CURRENCY = re.compile(r"[A-Z]{3}")
"""A code of a currency.

Source: ISO 4217 (alphabetic codes).
"""
_PLACES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """One entry of an authority's list of fees.

    Attributes:
        regime: Code of the rules to which it belongs; None: all for which the list has
            no entry of their own.
        purpose: What the qualification is to be used for; None: whatever it is.
        amount: What is usually paid, as text such as "200.00"; None: it differs
            within the range.
        least: The lower end of the range, or None.
        most: The upper end of the range, or None.
        currency: ISO 4217, such as "EUR".
        texts: What is paid for, by language; empty: the entry says no more.
        legal_basis: The act that sets the fee.
        valid_from: The first day on which it is asked for.
    """

    regime: str | None
    purpose: str | None
    amount: str | None
    least: str | None
    most: str | None
    currency: str
    texts: Mapping[str, str]
    legal_basis: str
    valid_from: date

    @property
    def is_free(self) -> bool:
        """Whether nothing is ever paid."""
        stated = [each for each in (self.amount, self.most) if each is not None]
        return bool(stated) and all(Decimal(each) == 0 for each in stated)


def read_fee(entry: Mapping[str, Any]) -> Fee:
    """Return an entry that was checked before it was stored."""
    return Fee(
        regime=entry["regime"],
        purpose=entry["purpose"],
        amount=entry["amount"],
        least=entry["from"],
        most=entry["until"],
        currency=entry["currency"],
        texts=entry["text"],
        legal_basis=entry["legal_basis"],
        valid_from=date.fromisoformat(entry["valid_from"]),
    )


def write_fee(fee: Fee) -> dict[str, Any]:
    """Return an entry as it is stored and shown."""
    return {
        "regime": fee.regime,
        "purpose": fee.purpose,
        "amount": fee.amount,
        "from": fee.least,
        "until": fee.most,
        "currency": fee.currency,
        "text": dict(fee.texts),
        "legal_basis": fee.legal_basis,
        "valid_from": fee.valid_from.isoformat(),
    }


def range_fault(fee: Fee) -> tuple[str, str] | None:
    """Return the member that does not go with the others, and a code; None: all do."""
    if fee.amount is None and fee.least is None and fee.most is None:
        return "amount", "required"
    stated = [
        (name, Decimal(value))
        for name, value in (
            ("from", fee.least),
            ("amount", fee.amount),
            ("until", fee.most),
        )
        if value is not None
    ]
    for (_, lower), (name, upper) in pairwise(stated):
        if upper < lower:
            return name, "outside_range"
    return None


def repeated_fees(fees: Iterable[Fee]) -> list[int]:
    """Return the places of entries that nobody could tell from an earlier one.

    Several fees may be asked for under the same rules from the same day on, if each
    says in words what it is for.
    """
    known: dict[tuple[object, ...], list[Mapping[str, str]]] = {}
    repeated = []
    for place, fee in enumerate(fees):
        key = (fee.regime, fee.purpose, fee.valid_from)
        earlier = known.setdefault(key, [])
        if any(not fee.texts or not each or each == fee.texts for each in earlier):
            repeated.append(place)
        earlier.append(fee.texts)
    return repeated


def fees_that_hold(
    fees: Collection[Fee], *, regime: str | None, purposes: Iterable[str], on: date
) -> list[Fee]:
    """Return the entries that hold for a request, in the order of the list.

    For each purpose those that name the regime come before those that name none, then
    those that name the purpose; of these, the ones that began last hold.

    Args:
        fees: The list of an authority.
        regime: The rules that apply; None: no rules are known.
        purposes: What the qualification is to be used for.
        on: The day that it is about.
    """
    chosen: list[Fee] = []
    for purpose in purposes:
        possible = [
            fee
            for fee in fees
            if fee.valid_from <= on
            and fee.regime in {None, regime}
            and fee.purpose in {None, purpose}
        ]
        narrowest = max((_narrowness(fee) for fee in possible), default=None)
        latest = max(
            (fee.valid_from for fee in possible if _narrowness(fee) == narrowest),
            default=None,
        )
        chosen += [
            fee
            for fee in possible
            if (_narrowness(fee), fee.valid_from) == (narrowest, latest)
        ]
    return [fee for fee in fees if fee in chosen]


def shown_amount(amount: str, currency: str) -> str:
    """Return an amount with its currency: "1200.00 EUR", alike in all languages."""
    number = Decimal(amount)
    places = max(_PLACES, -int(number.as_tuple().exponent))
    return f"{number:.{places}f} {currency}"


def _narrowness(fee: Fee) -> tuple[bool, bool]:
    return fee.regime is not None, fee.purpose is not None
