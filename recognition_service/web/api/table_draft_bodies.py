"""What callers may send about rows of their own in the tables."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from recognition_service.editions.confirmations import Confirmation, ReadSource
from recognition_service.editions.drafts import NewDraft
from recognition_service.editions.overlay import RowChange
from recognition_service.runtime.drafts_desk import Drafting
from recognition_service.web.fields import DateField, Identifier, Items, Part, Whole
from recognition_service.web.schemas import COMMON_FAULTS, Fault, Input, Messages
from recognition_service.web.text_fields import Code, Text

MOST_CHANGES = 5_000
_MOST_CONFIRMATIONS, _MOST_PRECEDENTS = 500, 100
LONGEST_TITLE = 300
_LONGEST_ID, _LONGEST_CELL = 200, 4_000
_ROW_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_a_row", "An object of columns and texts is expected."),
}


class RowField(ma.fields.Field[dict[str, str]]):
    """A row: column to text; null and "" are empty cells."""

    default_error_messages = _ROW_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, str]:
        del attr, data, kwargs
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        cell, cells, faults = Text(longest=_LONGEST_CELL, lines=False), {}, {}
        for column, content in value.items():
            try:
                if content not in {None, ""}:
                    cells[column] = str(cell.deserialize(content))
            except ma.ValidationError as error:
                faults[column] = error.messages
            except TypeError:
                faults[column] = self.make_error("invalid").messages
        if faults:
            raise ma.ValidationError(faults)
        return cells


class RowChangeIn(Input):
    """A row that is added or replaced, or withdrawn."""

    table = Code(required=True, longest=60)
    id = Code(required=True, longest=_LONGEST_ID)
    content = RowField(required=True, allow_none=True)


class ReadSourceIn(Input):
    """The document in which somebody read what a row says."""

    title = Text(required=True, longest=500, lines=False)
    read_on = DateField(required=True, past=True)
    url = Code(longest=1_000, allow_none=True, load_default=None)
    publisher = Text(longest=300, lines=False, allow_none=True, load_default=None)
    year = Whole(least=1, largest=9999, allow_none=True, load_default=None)
    licence = Text(longest=200, lines=False, allow_none=True, load_default=None)


class ConfirmationIn(Input):
    """A row that was found to say what its source says."""

    table = Code(required=True, longest=60)
    id = Code(required=True, longest=_LONGEST_ID)
    covers = Items(Code(longest=60), most=30, load_default=list)
    source = Part(ReadSourceIn, required=True)


class TableDraftIn(Input):
    """Changes of an authority's own rows."""

    title = Text(required=True, longest=LONGEST_TITLE, lines=False)
    told = Items(Text(longest=500, lines=False), most=50, load_default=list)
    changes = Items(Part(RowChangeIn), most=MOST_CHANGES, load_default=list)
    confirmations = Items(
        Part(ConfirmationIn), most=_MOST_CONFIRMATIONS, load_default=list
    )
    precedents = Items(Identifier(), most=_MOST_PRECEDENTS, load_default=list)


def drafting(body: Mapping[str, Any]) -> Drafting:
    """Return the draft that a checked body describes."""
    changes = [_change(each) for each in body["changes"]]
    return Drafting(
        draft=NewDraft(title=body["title"], told=body["told"], changes=changes),
        confirmations=[
            Confirmation(
                table=each["table"],
                id=each["id"],
                covers=each["covers"],
                source=ReadSource(**each["source"]),
            )
            for each in body["confirmations"]
        ],
        precedents=body["precedents"],
    )


def _change(each: Mapping[str, Any]) -> RowChange:
    """Return a change; the id stands in the row too."""
    content = each["content"]
    whole = None if content is None else {"id": each["id"], **content}
    return RowChange(each["table"], each["id"], whole)
