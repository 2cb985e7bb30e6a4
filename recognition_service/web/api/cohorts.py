"""Lists of participants who are enrolled together: a JSON array, or lines of JSON."""

from collections.abc import Iterator
from typing import Any

from recognition_service.dual_certification.enrolment import NewTrack
from recognition_service.dual_certification.open_track import in_row
from recognition_service.errors import InvalidInputError, RecognitionError
from recognition_service.web.api import examples
from recognition_service.web.api.dual_certification_bodies import (
    DualCertificationIn,
    new_track,
)
from recognition_service.web.bodies import (
    JSON,
    bad_member,
    fit,
    media_type,
    parse_json,
    read_bytes,
    read_json,
)

LINES = "application/jsonl"
MOST_ROWS = 1_000
_ACCEPTED = (JSON, LINES, "application/x-ndjson")
_MOST_ERRORS = 100
_SCHEMA = DualCertificationIn()
ENROLMENT: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "oneOf": [
                    DualCertificationIn,
                    {"type": "array", "items": DualCertificationIn},
                ]
            },
            "example": examples.load("dual_certification_body"),
        },
        LINES: {"schema": {"type": "string", "description": "One participant a line."}},
    },
}
"""How OpenAPI describes what is read."""


def read_enrolment() -> NewTrack | list[NewTrack]:
    """Return the track that the body describes, or those of a list.

    Raises:
        InvalidInputError: Members or rows do not fit; `errors` names each.
        MalformedJSONError: The body is not JSON.
    """
    value = _read_value()
    if isinstance(value, list):
        return _read_tracks(value)
    return new_track(fit(_SCHEMA, value))


def read_rows() -> list[Any]:
    """Return the rows of a list: JSON values, or bytes that are still to be parsed.

    Raises:
        InvalidInputError: The body is no list of 1 to 1,000 rows.
        MalformedJSONError: The body is not JSON.
    """
    value = _read_value()
    if not isinstance(value, list):
        raise bad_member("", "not_a_list", "A list of rows is expected.")
    _require_number(value)
    return value


def row_value(row: Any) -> Any:
    """Return the JSON value of a row.

    Raises:
        MalformedJSONError: Its line is not JSON.
    """
    return parse_json(row) if isinstance(row, bytes) else row


def _read_value() -> Any:
    """Return the body: a JSON value, or a list of lines that are not parsed yet."""
    if media_type(_ACCEPTED) != JSON:
        return [line for line in read_bytes().split(b"\n") if line.strip()]
    return read_json()


def _require_number(rows: list[Any]) -> None:
    if not rows:
        raise bad_member("", "too_few", "At least 1 row is needed.")
    if len(rows) > MOST_ROWS:
        raise bad_member("", "too_many", f"At most {MOST_ROWS} rows are read.")


def _read_tracks(rows: list[Any]) -> list[NewTrack]:
    _require_number(rows)
    tracks: list[NewTrack] = []
    faults: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        try:
            tracks.append(new_track(fit(_SCHEMA, row_value(row))))
        except RecognitionError as error:
            faults.extend(in_row(number, fault) for fault in _faults(error))
    if faults:
        raise InvalidInputError(
            "Rows of the list do not fit; nobody was enrolled.",
            tuple(faults[:_MOST_ERRORS]),
        )
    return tracks


def _faults(error: RecognitionError) -> Iterator[dict[str, Any]]:
    """Yield what is wrong in a row; the offset of a fault is one within its line."""
    for fault in getattr(error, "errors", ()) or ({"code": error.code},):
        yield {"detail": str(error), **fault}
