"""Who pays for a unit: the shares of each kind of cost are the whole of it.

Source: IOM, "Migration et partenariats fondés sur les compétences", paragraph 30
(costs are shared among states, employers, investors and beneficiaries).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recognition_service.equivalence.amounts import ONE, read_amount, write_amount

WHOLE = 100 * ONE


class CostKind(StrEnum):
    """What is paid for."""

    TRAINING = "training"
    ASSESSMENT = "assessment"
    TRANSLATION = "translation"
    FEE = "fee"
    TRAVEL = "travel"


class Payer(StrEnum):
    """Who pays a share."""

    ORIGIN_STATE = "origin_state"
    DESTINATION_STATE = "destination_state"
    EMPLOYER = "employer"
    INVESTOR = "investor"
    BENEFICIARY = "beneficiary"
    OTHER = "other"


def cost_faults(
    units: Sequence[Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with the cost lines of units."""
    for number, unit in enumerate(units):
        place = f"/units/{number}/costs"
        sums: dict[str, int] = {}
        lines = unit.get("costs") or ()
        shares = [read_amount(line["share"]) for line in lines]
        for position, (line, share) in enumerate(zip(lines, shares, strict=True)):
            if share is None or not 0 <= share <= WHOLE:
                yield {
                    "pointer": f"{place}/{position}/share",
                    "code": "not_a_share",
                    "detail": "A share is a decimal from 0 to 100, in per cent.",
                }
            sums[line["kind"]] = sums.get(line["kind"], 0) + (share or 0)
        if None in shares:
            continue
        for kind, found in sums.items():
            if found != WHOLE:
                yield {
                    "pointer": place,
                    "code": "shares_do_not_sum",
                    "detail": f"The shares of {kind} are {write_amount(found)} per "
                    "cent together; they have to be 100.",
                }


@dataclass(frozen=True, slots=True)
class CostShare:
    """Which part of a kind of cost a payer bears, as the mean over units.

    Attributes:
        share: In per cent, with two places.
        units: How many units tell who pays for this kind.
    """

    kind: CostKind
    payer: Payer
    share: str
    units: int


def mean_shares(units: Iterable[Mapping[str, Any]]) -> list[CostShare]:
    """Return who bears which part of each kind of cost.

    No amounts of money are recorded, so each unit counts once.
    """
    told: Counter[CostKind] = Counter()
    sums: Counter[tuple[CostKind, Payer]] = Counter()
    for unit in units:
        lines = unit.get("costs") or ()
        told.update({CostKind(line["kind"]) for line in lines})
        for line in lines:
            place = CostKind(line["kind"]), Payer(line["payer"])
            sums[place] += read_amount(line["share"]) or 0
    return [
        CostShare(kind, payer, write_amount(round(sums[kind, payer] / number)), number)
        for kind in CostKind
        for payer in Payer
        if (number := told[kind]) and (kind, payer) in sums
    ]
