"""CSV files about cohorts: their columns, and their rows as checked values.

Source: RFC 4180 section 2.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import marshmallow as ma

from recognition_service.dual_certification.apply_rows import FileRow, refused
from recognition_service.dual_certification.lifecycle import Course, How
from recognition_service.editions.csv_lines import CSVLines
from recognition_service.equivalence.standards import ResultKind
from recognition_service.errors import InvalidInputError
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.schema import FieldSchema, FieldType, TableSchema
from recognition_service.web.api.casework_bodies import as_json
from recognition_service.web.api.dual_certification_bodies import (
    DecidedStatus,
    TargetKey,
    UnitId,
)
from recognition_service.web.bodies import MOST_ERRORS, fit
from recognition_service.web.fields import DateField, Identifier
from recognition_service.web.schemas import Fault, Input
from recognition_service.web.text_fields import Choice, Code, Digest, Name, Text
from recognition_service.wording import text

LARGEST_FILE = 16 << 20
MOST_ROWS = 10_000
_ONE_NAME = Fault("track_or_participant", "Give either track or participant_ref.")
_CONSENT = Fault("required", "Say when the consent was given.")
_TRACK, _PARTICIPANT = "track", "participant_ref"


class Answer(StrEnum):
    """Whether something is so, in a cell."""

    YES = "yes"
    NO = "no"


class EnrolmentRowIn(Input):
    """Who is enrolled, as a row."""

    participant_ref = Code(required=True, longest=120)
    family_name = Name()
    given_name = Name()
    name_on_evidence = Name()
    birth_date = DateField(past=True)
    track = Choice(Course)
    enrolled_on = DateField(past=True)
    joint_form = Choice(Answer)
    follow_up = Choice(Answer)
    consent_given_on = DateField(past=True)

    @ma.validates_schema
    def _is_dated(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        given = {data.get("joint_form"), data.get("follow_up")}
        if Answer.YES in given and data.get("consent_given_on") is None:
            raise ma.ValidationError({"consent_given_on": [_CONSENT]})


class _OfATrack(Input):
    """A row about a track: by its id, or by what the participant is called."""

    track = Identifier()
    participant_ref = Code(longest=120)

    @ma.validates_schema
    def _is_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if (_TRACK in data) == (_PARTICIPANT in data):
            raise ma.ValidationError({_TRACK: [_ONE_NAME]})


class ResultRowIn(_OfATrack):
    """That a unit was achieved, as a row."""

    unit = UnitId(required=True)
    achieved_on = DateField(past=True, required=True)
    assessor = Name(required=True)
    evidence = Digest(required=True)
    kind = Choice(ResultKind)


class AwardRowIn(_OfATrack):
    """What a body decides about its award, as a row."""

    target = TargetKey(required=True)
    status = Choice(DecidedStatus, required=True)
    awarded_on = DateField(past=True)
    how = Choice(How)
    rests_on = Identifier()
    reason = Text(longest=2000)


class SignatureRowIn(_OfATrack):
    """A track whose joint award is to be signed, as a row."""


class CSVForm:
    """What the rows of a kind of file look like.

    Args:
        name: Of the file.
        schema: Of a row; its members are the columns.
        key: The columns that no two rows have in common.
    """

    def __init__(self, name: str, schema: Input, key: Sequence[str]) -> None:
        """Make the form of a kind of file."""
        self._schema, self._key = schema, key
        self.columns = tuple(schema.fields)
        self._table = TableSchema(
            name=name,
            path=f"{name}.csv",
            fields={column: _field(column) for column in self.columns},
            foreign_keys=(),
            id_template=None,
        )

    def template(self) -> bytes:
        """Return a file with the columns and no row."""
        return CSVLines(self.columns).header()

    def read(self, content: bytes) -> list[FileRow]:
        """Return the rows of a file, checked each by itself.

        Raises:
            CohortFileInvalidError: It cannot be read, or cells do not fit; each is
                named by its line and column.
        """
        rows: list[FileRow] = []
        faults: list[dict[str, Any]] = []
        for entry in read_rows(io.BytesIO(content), self._table):
            if len(faults) >= MOST_ERRORS or len(rows) > MOST_ROWS:
                break
            if not isinstance(entry, RawRow):
                detail = text(f"tables.{entry.rule}", entry.params)
                faults.append(_fault(entry.line, entry.column, entry.rule, detail))
                continue
            found, cells = self._cells(entry)
            faults += found
            rows.append(FileRow(entry.line, cells))
        if len(rows) > MOST_ROWS:
            detail = f"At most {MOST_ROWS} rows are read."
            faults.append(_fault(1, None, "too_many", detail))
        if not rows and not faults:
            faults.append(_fault(1, None, "too_few", "At least 1 row is needed."))
        faults += self._doubles(rows)
        if faults:
            raise refused(faults)
        return rows

    def _cells(self, row: RawRow) -> tuple[list[dict[str, Any]], Mapping[str, Any]]:
        """Return what is wrong with a row, and its cells as values."""
        if row.surplus:
            detail = text("tables.ragged_row", {"surplus": row.surplus})
            return [_fault(row.line, None, "ragged_row", detail)], {}
        try:
            return [], as_json(fit(self._schema, dict(row.cells)))
        except InvalidInputError as error:
            return [
                _fault(
                    row.line,
                    fault["pointer"].removeprefix("/"),
                    fault["code"],
                    fault["detail"],
                )
                for fault in error.errors
            ], {}

    def _doubles(self, rows: Sequence[FileRow]) -> Iterator[dict[str, Any]]:
        """Yield rows that are about what an earlier row is about."""
        first: dict[tuple[Any, ...], int] = {}
        for row in rows:
            about = tuple(row.cells.get(column) for column in self._key)
            if not any(about):
                continue  # Its own faults are told.
            earlier = first.setdefault(about, row.line)
            if earlier != row.line:
                detail = f"Line {earlier} is about the same."
                yield _fault(row.line, self._key[0], "duplicate_row", detail)


def _field(column: str) -> FieldSchema:
    return FieldSchema(
        name=column,
        type=FieldType.STRING,
        description="",
        required=False,
        unique=False,
        words=(),
        pattern=None,
        minimum=None,
        separator=None,
        is_uri=False,
    )


def _fault(line: int, column: str | None, code: str, detail: str) -> dict[str, Any]:
    place = f"/{column}" if column else ""
    return {"pointer": f"/{line}{place}", "row": line, "code": code, "detail": detail}


ENROLMENTS = CSVForm("enrolments", EnrolmentRowIn(), (_PARTICIPANT,))
RESULTS = CSVForm("results", ResultRowIn(), (_PARTICIPANT, _TRACK, "unit"))
AWARDS = CSVForm("awards", AwardRowIn(), (_PARTICIPANT, _TRACK, "target"))
SIGNATURES = CSVForm("joint-signatures", SignatureRowIn(), (_PARTICIPANT, _TRACK))
FORMS: Mapping[str, CSVForm] = {
    "enrolments": ENROLMENTS,
    "results": RESULTS,
    "awards": AWARDS,
    "joint-signatures": SIGNATURES,
}
"""By the names that templates are asked for."""
