"""What an authority may send about its fees."""

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma

from recognition_service.authorities.fees import Fee, range_fault, repeated_fees
from recognition_service.frameworks.instruments import Purpose
from recognition_service.web.fields import DateField, Items, Part, Whole
from recognition_service.web.schemas import Fault, Input
from recognition_service.web.text_fields import (
    Choice,
    Code,
    Currency,
    LanguageMap,
    Money,
    Text,
)

_MOST_FEES = 100
_LONGEST_TEXT = 500
_RANGE_FAULTS = {
    "required": Fault("required", "Give an amount, or a range."),
    "outside_range": Fault(
        "outside_range", "from, amount and until must not decrease in this order."
    ),
}
_REPEATED = Fault(
    "repeated_fee",
    "An earlier entry names the same regime, purpose and day; each such entry must "
    "say in a text of its own what it is for.",
)


class FeeIn(Input):
    """One fee: for which requests, how much, by which act and from which day on."""

    regime = Code(longest=80, load_default=None, allow_none=True)
    purpose = Choice(Purpose, load_default=None, allow_none=True)
    amount = Money(load_default=None, allow_none=True)
    least = Money(data_key="from", load_default=None, allow_none=True)
    most = Money(data_key="until", load_default=None, allow_none=True)
    currency = Currency(required=True)
    texts = LanguageMap(data_key="text", longest=_LONGEST_TEXT, load_default=None)
    legal_basis = Text(longest=_LONGEST_TEXT, lines=False, required=True)
    valid_from = DateField(required=True)

    @ma.post_load
    def _entry(self, data: Mapping[str, Any], **_kwargs: Any) -> Fee:
        fee = Fee(**{**data, "texts": data["texts"] or {}})
        fault = range_fault(fee)
        if fault is not None:
            member, code = fault
            raise ma.ValidationError({member: [_RANGE_FAULTS[code]]})
        return fee


class FeeListIn(Input):
    """All fees of an authority; the list replaces the one before."""

    fees = Items(Part(FeeIn), least=1, most=_MOST_FEES, required=True)
    note = Text(load_default=None, allow_none=True)

    @ma.validates_schema
    def _differ(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        fees: Sequence[Fee] = data.get("fees", ())
        repeated = repeated_fees(fees)
        if repeated:
            raise ma.ValidationError(
                {"fees": {place: [_REPEATED] for place in repeated}}
            )


class FeeApprovalIn(Input):
    """Which version of the list was read and is approved."""

    version = Whole(least=1, required=True)
