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
    if media_type(_ACCEPTED) != JSON:
        return _read_rows(_lines())
    value = read_json()
    if isinstance(value, list):
        return _read_rows(value)
    return new_track(fit(_SCHEMA, value))


def _lines() -> list[bytes]:
    return [line for line in read_bytes().split(b"\n") if line.strip()]


def _read_rows(rows: list[Any]) -> list[NewTrack]:
    if not rows:
        raise bad_member("", "too_few", "At least 1 row is needed.")
    if len(rows) > MOST_ROWS:
        raise bad_member("", "too_many", f"At most {MOST_ROWS} rows are read.")
    tracks: list[NewTrack] = []
    faults: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        try:
            value = parse_json(row) if isinstance(row, bytes) else row
            tracks.append(new_track(fit(_SCHEMA, value)))
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
