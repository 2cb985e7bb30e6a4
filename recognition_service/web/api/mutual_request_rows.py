"""Reading a request to another body whose list may have ten thousand rows.

Nearly all rows fit as they are; only the others are read by their schema.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recognition_service.errors import InvalidInputError
from recognition_service.web.api.casework_bodies import as_json
from recognition_service.web.api.mutual_request_bodies import (
    MOST_ITEMS,
    ListedIn,
    MutualRequestIn,
)
from recognition_service.web.bodies import bad_members, fit, read_json
from recognition_service.web.unchanged import compile_schema

LARGEST_LIST = 16 << 20
_NOT_SAID: Mapping[str, Any] = {
    "given_name": None,
    "birth_date": None,
    "birth_place": None,
    "email": None,
    "other_names": [],
}
_TOO_MANY = {
    "pointer": "/items",
    "code": "too_many",
    "detail": f"At most {MOST_ITEMS} rows are read.",
}
_BODY, _ROW = MutualRequestIn(), ListedIn()
_is_unchanged = compile_schema(_ROW)
_Row = Mapping[str, Any]
_Fault = Mapping[str, Any]


def read_mutual_request() -> dict[str, Any]:
    """Return the checked body, its rows as JSON values with dates as text.

    Raises:
        InvalidInputError: Members or rows do not fit; `errors` names each.
        MalformedJSONError: The body is not JSON.
    """
    value = read_json()
    rows = value.get("items") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        return _fitting(value)
    faults: list[_Fault] = []
    body: dict[str, Any] = {}
    try:
        body = _fitting({**value, "items": []})
    except InvalidInputError as error:
        faults += error.errors
    if len(rows) > MOST_ITEMS:
        raise bad_members([*faults, _TOO_MANY])
    body["items"] = list(_read_rows(rows, faults))
    if faults:
        raise bad_members(faults)
    return body


def _fitting(value: Any) -> dict[str, Any]:
    body: dict[str, Any] = fit(_BODY, value)
    return body


def _read_rows(rows: Sequence[Any], faults: list[_Fault]) -> Iterator[_Row]:
    """Yield the rows that fit, and add what is wrong with the others to `faults`."""
    for place, row in enumerate(rows):
        if _is_unchanged(row) and _is_named(row["held_qualification"]):
            yield {**row, "applicant": {**_NOT_SAID, **row["applicant"]}}
            continue
        try:
            yield as_json(fit(_ROW, row))
        except InvalidInputError as error:
            faults += [_in_row(place, each) for each in error.errors]


def _in_row(place: int, fault: _Fault) -> _Fault:
    pointer = f"/items/{place}{fault['pointer']}"
    return {**fault, "pointer": pointer, "row": place + 1}


def _is_named(held: Mapping[str, Any]) -> bool:
    return bool(held.get("title") or held.get("qualification"))
