"""Answers of many participants out of a CSV file, all or none."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from recognition_service.dual_certification.errors import FollowUpInvalidError
from recognition_service.dual_certification.follow_up import (
    PERIODS,
    FollowUpAnswer,
)
from recognition_service.dual_certification.record_follow_ups import (
    NewFollowUp,
    record_follow_ups,
    tracks_named,
)
from recognition_service.errors import InvalidInputError, RecognitionError
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.schema import FieldSchema, FieldType, TableSchema
from recognition_service.web.access import caller, requires
from recognition_service.web.api.dual_certifications import KEEPERS
from recognition_service.web.api.follow_ups import FollowUpIn
from recognition_service.web.api.shapes import query
from recognition_service.web.api.table_draft_files import CSV, finding_fault
from recognition_service.web.bodies import (
    MOST_ERRORS,
    fit,
    media_type,
    read_bytes,
    read_choice,
    read_query,
)
from recognition_service.web.current import runtime
from recognition_service.web.fields import Whole
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.text_fields import Code

blueprint = Blueprint(
    "follow-up-files",
    __name__,
    description="Answers to follow-ups from CSV files.",
)
MOST_ROWS = 10_000
_LARGEST_FILE = 4 << 20
_WORDS = {"yes": True, "no": False}
_EXAMPLE = (
    "programme,participant_ref,months,answered_on,employed,occupation,same_sector,"
    "residence\r\nprog-example-1,P-0042,6,2026-10-20,yes,3113,yes,BE-FL\r\n"
)
_NAMES = tuple(_EXAMPLE.partition("\r\n")[0].split(","))
_TABLE = TableSchema(
    name="follow_ups",
    path="follow_ups.csv",
    fields={
        name: FieldSchema(
            name=name,
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
        for name in _NAMES
    },
    foreign_keys=(),
    id_template=None,
)
_Fault = dict[str, Any]


class _FollowUpRowIn(FollowUpIn):
    """A row: whom it is about, and what was answered."""

    programme = Code(longest=120, load_default="")
    participant_ref = Code(required=True, longest=120)
    months = Whole(required=True)


_ROW = _FollowUpRowIn()


@blueprint.route("/dual-certifications/follow-ups", methods=["POST"])
@requires(*KEEPERS)
@idempotent
@blueprint.doc(
    parameters=[
        query(
            "dry_run",
            "Whether the file is only checked.",
            enum=["true", "false"],
            default="false",
        )
    ],
    requestBody={
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}, "example": _EXAMPLE}},
    },
)
@blueprint.problems(403, 413, 415, 422)
@blueprint.response(
    200,
    {"type": "object", "required": ["rows", "recorded", "dry_run"]},
    example={"rows": 1, "recorded": 1, "dry_run": False},
)
def post_follow_ups() -> Response:
    """Record the answers of a CSV file, up to 10,000 rows in 4 MiB, all or none.

    The columns are `programme`, `participant_ref`, `months`, `answered_on`,
    `employed`, `occupation`, `same_sector` and `residence`, named in the first row.
    `employed` and `same_sector` are `yes` or `no`; an empty cell was not told. Each
    row follows the rules for a single answer; what is wrong is told by `row`, the
    line in the file, and column. UTF-16 and the line ends of Windows are read.
    """
    is_trial = read_choice(read_query(("dry_run",)), "dry_run", ("true", "false"))
    media_type((CSV,))
    rows = _rows(read_bytes(_LARGEST_FILE))
    values, faults = _values(rows)
    if not faults:
        faults = _record(values, is_trial=is_trial == "true")
    if faults:
        raise FollowUpInvalidError(
            "Rows of the file do not fit; nothing was recorded.",
            tuple(faults[:MOST_ERRORS]),
        )
    recorded = 0 if is_trial == "true" else len(rows)
    return json_answer(
        {"rows": len(rows), "recorded": recorded, "dry_run": is_trial == "true"}
    )


def _rows(content: bytes) -> list[RawRow]:
    """Return the rows of a file.

    Raises:
        FollowUpInvalidError: It cannot be read, or has no rows or too many.
    """
    rows: list[RawRow] = []
    faults: list[Mapping[str, Any]] = []
    for entry in read_rows(io.BytesIO(content), _TABLE):
        if isinstance(entry, RawRow):
            rows.append(entry)
        else:
            faults.append(finding_fault(entry))
        if len(faults) >= MOST_ERRORS or len(rows) > MOST_ROWS:
            break
    if len(rows) > MOST_ROWS:
        detail = f"At most {MOST_ROWS} rows are read."
        faults.append({"pointer": "", "code": "too_many", "detail": detail})
    if not rows and not faults:
        detail = "At least 1 row is needed."
        faults.append({"pointer": "", "code": "too_few", "detail": detail})
    if faults:
        raise FollowUpInvalidError("The file cannot be taken.", tuple(faults))
    return rows


def _values(
    rows: Sequence[RawRow],
) -> tuple[list[tuple[int, dict[str, Any]]], list[_Fault]]:
    """Return the lines that fit with their values, and what is wrong with others."""
    values: list[tuple[int, dict[str, Any]]] = []
    faults: list[_Fault] = []
    lines: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if row.surplus:
            detail = f"The row has {len(_NAMES) + row.surplus} cells."
            faults.append(_fault(row.line, "", "wrong_number_of_cells", detail))
            continue
        try:
            value = fit(_ROW, _typed(row))
        except InvalidInputError as error:
            faults += _in_line(row.line, error)
            continue
        key = value["programme"], value["participant_ref"], value["months"]
        first = lines.setdefault(key, row.line)
        if value["months"] not in PERIODS:
            detail = "People are asked after 6, 12 and 24 months."
            faults.append(_fault(row.line, "/months", "not_in_enum", detail))
        elif first != row.line:
            detail = f"Row {first} has an answer of the same participant."
            faults.append(_fault(row.line, "", "duplicate_row", detail))
        else:
            values.append((row.line, value))
    return values, faults


def _typed(row: RawRow) -> dict[str, Any]:
    """Return the cells of a row as a JSON value; what has another form stays text."""
    typed: dict[str, Any] = dict(row.cells)
    for name in ("employed", "same_sector"):
        if name in typed:
            typed[name] = _WORDS.get(typed[name], typed[name])
    months = typed.get("months", "")
    if months.isascii() and months.isdigit():
        typed["months"] = int(months[:3])
    return typed


def _record(
    values: Sequence[tuple[int, dict[str, Any]]], *, is_trial: bool
) -> list[_Fault]:
    """Record the answers of all lines; return what is wrong, if nothing was."""
    by, now = caller(), runtime().now()
    snapshot = runtime().edition(by.authority_id).compiled.snapshot
    names = [
        (value.pop("programme"), value.pop("participant_ref")) for _, value in values
    ]
    with runtime().database.transaction() as session:
        known = tracks_named(session, by.authority_id, names)
        answers = [
            NewFollowUp(known.get(name), value.pop("months"), FollowUpAnswer(**value))
            for name, (_, value) in zip(names, values, strict=True)
        ]
        refusals = record_follow_ups(
            session, by, answers, snapshot=snapshot, now=now, is_trial=is_trial
        )
    return [
        fault
        for (line, _), refusal in zip(values, refusals, strict=True)
        if refusal is not None
        for fault in _in_line(line, refusal)
    ]


def _in_line(line: int, error: RecognitionError) -> list[_Fault]:
    """Return what an error says, as faults of a line of the file."""
    said = getattr(error, "errors", ()) or (
        {"pointer": "", "code": error.code, "detail": str(error)},
    )
    return [
        _fault(line, each["pointer"], each["code"], each["detail"]) for each in said
    ]


def _fault(line: int, pointer: str, code: str, detail: str) -> _Fault:
    return {"pointer": f"/{line}{pointer}", "row": line, "code": code, "detail": detail}
