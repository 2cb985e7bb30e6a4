"""A CSV file as a draft of an authority's own rows."""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response

from recognition_service.authorities.models import Role
from recognition_service.editions.drafts import NewDraft
from recognition_service.editions.errors import (
    DraftInvalidError,
    TablesFailedError,
)
from recognition_service.editions.import_rows import row_changes
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import Finding
from recognition_service.frameworks.schema import TableSchema
from recognition_service.runtime.drafts_desk import Drafting
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import query
from recognition_service.web.api.table_draft_bodies import LONGEST_TITLE
from recognition_service.web.api.table_drafts import SHAPE, show_draft
from recognition_service.web.bodies import (
    MOST_ERRORS,
    bad_parameter,
    media_type,
    read_bytes,
    read_query,
)
from recognition_service.web.current import runtime
from recognition_service.web.idempotent import idempotent
from recognition_service.web.openapi import Blueprint
from recognition_service.wording import text

blueprint = Blueprint(
    "table-draft-files",
    __name__,
    description="Rows of an authority's own from CSV files.",
)
CSV = "text/csv"
MOST_ROWS = 20_000
_LARGEST_FILE = 16 << 20
_CHANGE = re.compile(r"/changes/([0-9]+)(/.*)?")
_Fault = Mapping[str, Any]


@blueprint.route("/tables/csv-drafts", methods=["POST"])
@requires(Role.OFFICER)
@idempotent
@blueprint.doc(
    parameters=[
        query("table", "Which table the rows are of.", required=True),
        query("title", "What the edition is called that comes of it.", required=True),
    ],
    requestBody={
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}}},
    },
)
@blueprint.problems(403, 413, 415, 422)
@blueprint.response(201, SHAPE, example=examples.load("table_draft"))
def post_table_csv_draft() -> Response:
    """Draft the rows of a CSV file, up to 20,000 in 16 MiB, all or none.

    The columns are those of the table, named in the first row. Each row is added, or
    replaces the one with its id. What is wrong is told by `row`, the line in the file,
    and column. UTF-16 and the line ends of Windows are read; formulas are refused.
    """
    given = read_query(("table", "title"))
    table = runtime().table_schema.get(given.get("table", ""))
    if table is None:
        raise bad_parameter("table", "unknown_code", "There is no such table.")
    title = given.get("title", "").strip()
    if not 0 < len(title) <= LONGEST_TITLE:
        raise bad_parameter("title", "required", "Say what the draft is called.")
    media_type((CSV,))
    rows = _rows(read_bytes(_LARGEST_FILE), table)
    changes = list(row_changes(table.name, rows))
    try:
        draft = runtime().draft_rows(
            caller(), Drafting(draft=NewDraft(title=title, changes=changes))
        )
    except (DraftInvalidError, TablesFailedError) as error:
        error.errors = tuple(_by_line(each, rows) for each in error.errors)
        raise
    answer = show_draft(draft.id, 201)
    answer.headers["Location"] = f"/api/v1/tables/drafts/{draft.id}"
    return answer


def _rows(content: bytes, table: TableSchema) -> list[RawRow]:
    """Return the rows of a file.

    Raises:
        TablesFailedError: It cannot be read, or has too many rows.
    """
    rows: list[RawRow] = []
    faults: list[_Fault] = []
    for entry in _read(content, table):
        if isinstance(entry, RawRow):
            rows.append(entry)
        else:
            faults.append(finding_fault(entry))
        if len(faults) >= MOST_ERRORS or len(rows) > MOST_ROWS:
            break
    if len(rows) > MOST_ROWS:
        detail = f"At most {MOST_ROWS} rows are read."
        faults.append({"pointer": "", "code": "too_many", "detail": detail})
    if faults:
        raise TablesFailedError("The file cannot be taken.", tuple(faults))
    return rows


def _read(content: bytes, table: TableSchema) -> Iterator[RawRow | Finding]:
    yield from read_rows(io.BytesIO(content), table)


def finding_fault(finding: Finding) -> _Fault:
    """Return what keeps a file from being read, by line and column."""
    column = f"/{finding.column}" if finding.column else ""
    return {
        "pointer": f"/{finding.line}{column}",
        "row": finding.line,
        "code": finding.rule,
        "detail": text(f"tables.{finding.rule}", finding.params),
    }


def _by_line(fault: _Fault, rows: Sequence[RawRow]) -> _Fault:
    """Return a fault of a change with the line of the file that it came from."""
    found = _CHANGE.fullmatch(str(fault.get("pointer", "")))
    if found is None:
        return fault
    line = rows[int(found[1])].line
    member = (found[2] or "").replace("/content", "", 1)
    return {**fault, "pointer": f"/{line}{member}", "row": line}
