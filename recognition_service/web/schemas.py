"""The base schema of the REST interface, and faults that carry a code."""

from typing import Any, Self

import marshmallow as ma

Messages = dict[str, str | list[Any] | dict[Any, Any]]


class Fault(str):
    """A sentence about a fault, with the permanent code of the fault."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, code: str, detail: str) -> Self:
        """Return a fault."""
        fault = super().__new__(cls, detail)
        fault.code = code
        return fault

    def format(self, *args: object, **kwargs: object) -> "Fault":
        """Return the fault with its placeholders filled; the code stays."""
        return Fault(self.code, super().format(*args, **kwargs))


COMMON_FAULTS: Messages = {
    "required": Fault("required", "This member is required."),
    "null": Fault("not_null", "This member may not be null."),
    "validator_failed": Fault("invalid", "This value does not fit."),
}


_INPUT_FAULTS: dict[str, str] = {
    "unknown": Fault("unknown_member", "This member is not known."),
    "type": Fault("not_an_object", "A JSON object is expected."),
}


class Input(ma.Schema):
    """What a caller may send; unknown members are refused."""

    class Meta:
        """No member is ever ignored."""

        unknown = ma.RAISE

    error_messages = _INPUT_FAULTS


def describe(field: ma.fields.Field[Any], **keywords: Any) -> None:
    """Tell the OpenAPI document what a field accepts, unless it is told already."""
    field.metadata = {**keywords, **field.metadata}
