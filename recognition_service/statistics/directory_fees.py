"""Which fees are told of a way: those that its competent authorities state."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from recognition_service.authorities.fees import Fee, fees_that_hold
from recognition_service.authorities.state_fees import StatedFees


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldFee:
    """A fee, by whom it is stated, and under which of the possible rules it holds.

    Attributes:
        regimes: Ids, in the order of the possible regimes; empty: none is possible.
        stated_on: The day on which two people of the authority stated it.
    """

    authority_id: str
    name: str
    regimes: tuple[str, ...]
    fee: Fee
    stated_on: date


def told_fees(
    lists: Iterable[StatedFees],
    regimes: Sequence[str],
    *,
    purposes: Collection[str],
    on: date,
) -> list[ToldFee]:
    """Return the fees that hold, by authority, in the order of its list.

    Args:
        lists: What the competent authorities state.
        regimes: Ids of the rules that may apply.
        purposes: What the qualification is to be used for.
        on: The day that it is about.
    """
    told = []
    for each in lists:
        held: dict[int, list[str]] = {}
        for regime in regimes or (None,):
            for fee in fees_that_hold(
                each.fees, regime=regime, purposes=purposes, on=on
            ):
                places = held.setdefault(each.fees.index(fee), [])
                if regime is not None:
                    places.append(regime)
        told += [
            ToldFee(
                authority_id=each.authority_id,
                name=each.name,
                regimes=tuple(held[place]),
                fee=each.fees[place],
                stated_on=each.stated_on,
            )
            for place in sorted(held)
        ]
    return told
