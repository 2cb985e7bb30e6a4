"""An officer hands in rows as a file from a spreadsheet; all are drafted, or none."""

import csv
import io

import pytest

from recognition_service.web.api.table_draft_files import MOST_ROWS
from tests.journeys.test_own_rows import (
    STATEMENT,
    STATEMENTS,
    a_body,
    a_source,
    a_statement,
    approve,
    compared,
    published,
)

PATH = "/api/v1/tables/csv-drafts"


@pytest.fixture
def flanders(office_of):
    office = office_of("be-fl-demo")
    published(office, a_source(), a_body())
    return office


def a_file(runtime, *rows, table=STATEMENTS, line_end="\r\n"):
    """Write rows as a spreadsheet program does."""
    out = io.StringIO()
    columns = list(runtime.table_schema[table].fields)
    writer = csv.DictWriter(out, columns, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def a_row(number=1, **cells):
    identifier = f"{STATEMENT}-{number}" if number > 1 else STATEMENT
    return a_statement()["content"] | {"id": identifier} | cells


def hand_in(office, content, table=STATEMENTS, content_type="text/csv", **more):
    return office.client.post(
        PATH,
        query_string={"table": table, "title": "From a spreadsheet"} | more,
        data=content,
        headers={
            "Authorization": f"Bearer {office.api_keys['officer']}",
            "Content-Type": content_type,
        },
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_becomes_rows_that_answer(client, flanders, runtime, encoding):
    content = a_file(runtime, a_row()).encode(encoding)
    draft = hand_in(flanders, content)
    assert draft.status_code == 201, draft.json["errors"]
    assert draft.headers["Location"].endswith(draft.json["id"])
    assert approve(flanders, draft.json["id"]).status_code == 200
    assert compared(client, "be-fl-demo")["decides"] is True


def test_what_is_wrong_is_told_by_line_and_column(flanders, runtime):
    rows = [a_row(1), a_row(2, destination="NL"), a_row(3, outcome="splendid")]
    refused = hand_in(flanders, a_file(runtime, *rows))
    (fault,) = refused.json["errors"]
    assert (fault["row"], fault["pointer"]) == (3, "/3/destination")
    assert fault["code"] == "no_mandate"
    refused = hand_in(flanders, a_file(runtime, rows[0], rows[2]))
    named = [(each["row"], each["pointer"]) for each in refused.json["errors"]]
    assert (3, "/3/outcome") in named
    assert flanders.get("/tables/drafts?state=draft").json["items"] == []


def test_a_formula_is_refused_and_nothing_is_taken(flanders, runtime):
    content = a_file(runtime, a_row(1), a_row(2, title="=cmd|' /C calc'!A0"))
    refused = hand_in(flanders, content)
    assert (refused.status_code, refused.json["code"]) == (422, "tables_failed")
    (fault,) = refused.json["errors"]
    assert (fault["pointer"], fault["code"]) == ("/3/title", "formula")
    assert flanders.get("/tables/drafts?state=draft").json["items"] == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "header_missing"),
        (b"id;title\r\n1;x\r\n", "not_separated_by_commas"),
        (b"\x00\x01\x02", "unknown_column"),
    ],
)
def test_a_file_that_is_no_table_is_refused(flanders, content, code):
    refused = hand_in(flanders, content)
    assert refused.status_code == 422
    assert code in {fault["code"] for fault in refused.json["errors"]}


def test_too_many_rows_are_refused(flanders, runtime):
    rows = (a_row(number) for number in range(1, MOST_ROWS + 3))
    refused = hand_in(flanders, a_file(runtime, *rows))
    assert refused.json["errors"][-1]["code"] == "too_many"


def test_what_is_no_csv_or_of_no_table_is_refused(flanders, runtime):
    content = a_file(runtime, a_row())
    other = hand_in(flanders, content, content_type="application/json")
    assert (other.status_code, other.json["code"]) == (415, "unsupported_media_type")
    for changes in ({"table": "nothing"}, {"title": " "}):
        refused = hand_in(flanders, content, **changes)
        assert (refused.status_code, refused.json["code"]) == (
            422,
            "invalid_parameters",
        )
