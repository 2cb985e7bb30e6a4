"""Fields that hold dates, numbers, ids and lists; texts stand in `text_fields`."""

import math
import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import marshmallow as ma

from recognition_service.clock import parse_instant
from recognition_service.equivalence.amounts import read_amount, write_amount
from recognition_service.web.current import runtime
from recognition_service.web.schemas import COMMON_FAULTS, Fault, Messages, describe

_EARLIEST = date(1900, 1, 1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_EASTERNMOST_ZONE = timedelta(hours=14)

_DATE_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_a_date", "A date such as 2026-11-02 is expected."),
    "future": Fault("date_in_future", "{value} lies in the future."),
    "early": Fault("date_before_1900", "{value} lies before 1900."),
}
_INSTANT_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault(
        "not_an_instant", "An instant such as 2026-11-02T09:00:00Z is expected."
    ),
}
_IDENTIFIER_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid_uuid": Fault("not_an_id", "An id (UUID) is expected."),
}
_WHOLE_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_a_whole_number", "A whole number is expected."),
    "range": Fault("out_of_range", "A number from {least} to {largest} is expected."),
}
_AMOUNT_FAULTS: Messages = {
    **COMMON_FAULTS,
    "decimal": Fault(
        "not_a_decimal",
        'A decimal with at most two places is expected, as text such as "7.5".',
    ),
}
_YES_NO_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_a_boolean", "true or false is expected."),
}
_ITEMS_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_a_list", "A list is expected."),
    "too_many": Fault("too_many", "At most {most} items are read."),
    "too_few": Fault("too_few", "At least {least} are needed."),
}
_PART_FAULTS: Messages = dict(COMMON_FAULTS)


class DateField(ma.fields.Date):
    """A date as YYYY-MM-DD.

    Args:
        past: Whether dates are refused that lie in the future everywhere.
        since_1900: Whether earlier dates are refused as slips of the pen.
    """

    default_error_messages = _DATE_FAULTS

    def __init__(
        self,
        *,
        past: bool = False,
        since_1900: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.past = past
        self.since_1900 = since_1900

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> date:
        del attr, data, kwargs
        day = read_date(value)
        if day is None:
            raise self.make_error("invalid")
        if self.since_1900 and day < _EARLIEST:
            raise self.make_error("early", value=value)
        if self.past and day > _latest_today():
            raise self.make_error("future", value=value)
        return day


class InstantField(ma.fields.Field[datetime]):
    """An instant as RFC 3339 with a zone; it is read in UTC, in whole seconds."""

    default_error_messages = _INSTANT_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> datetime:
        del attr, data, kwargs
        if isinstance(value, str) and len(value) > len("2026-11-02"):
            try:
                return parse_instant(value)
            except (ValueError, OverflowError):
                pass
        raise self.make_error("invalid")


class Identifier(ma.fields.UUID):
    """A UUID, in lower case with hyphens."""

    default_error_messages = _IDENTIFIER_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> UUID:
        del attr, data, kwargs
        try:
            found = UUID(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None or str(found) != value:
            raise self.make_error("invalid_uuid")
        return found


class Whole(ma.fields.Integer):
    """A whole number within limits, never given as text or as a fraction."""

    default_error_messages = _WHOLE_FAULTS

    def __init__(
        self, *, least: int = 0, largest: int = 2**31 - 1, **kwargs: Any
    ) -> None:
        super().__init__(strict=True, **kwargs)
        self.least, self.largest = least, largest
        describe(self, minimum=least)
        describe(self, maximum=largest)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> int:
        del attr, data, kwargs
        if isinstance(value, float) and math.isfinite(value) and value.is_integer():
            value = int(value)  # JSON knows one kind of number: 3.0 is 3.
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.make_error("invalid")
        if not self.least <= value <= self.largest:
            raise self.make_error("range", least=self.least, largest=self.largest)
        return value


class Amount(ma.fields.Field[str | int]):
    """Credits, hours or a share: a decimal as text, or a whole number."""

    default_error_messages = _AMOUNT_FAULTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        describe(self, type=["string", "integer"])

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str | int:
        del attr, data, kwargs
        hundredths = read_amount(value)
        if hundredths is None:
            raise self.make_error("decimal")
        return value if isinstance(value, int) else write_amount(hundredths)


class YesNo(ma.fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    default_error_messages = _YES_NO_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Items(ma.fields.List[Any]):
    """A list of limited length."""

    default_error_messages = _ITEMS_FAULTS

    def __init__(
        self, inner: Any, *, least: int = 0, most: int = 100, **kwargs: Any
    ) -> None:
        super().__init__(inner, **kwargs)
        self.least, self.most = least, most
        describe(self, minItems=least)
        describe(self, maxItems=most)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        if len(value) > self.most:
            raise self.make_error("too_many", most=self.most)
        if len(value) < self.least:
            raise self.make_error("too_few", least=self.least)
        return super()._deserialize(value, attr, data, **kwargs)


class Part(ma.fields.Nested):
    """An object inside the object, read by a schema of its own."""

    default_error_messages = _PART_FAULTS


def read_date(value: object) -> date | None:
    """Return the date that a text such as "2026-11-02" names, or None."""
    if not isinstance(value, str) or not _DATE.match(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _latest_today() -> date:
    """Return the date where the day begins first: nowhere is it later."""
    return (runtime().now() + _EASTERNMOST_ZONE).date()
