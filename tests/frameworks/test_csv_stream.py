"""A CSV file is read row by row, and what is no table is told with its place."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition_service.frameworks import csv_stream
from recognition_service.frameworks.csv_stream import read_rows
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import Finding
from tests.frameworks.small_edition import the_schema

TABLE = the_schema()["isced_fields"]
HEADER = ",".join(TABLE.fields)
ROW = "11,Arts,Lettres,unchecked,iscedf,,,1,"
CELLS = {
    "id": "11",
    "name_en": "Arts",
    "name_fr": "Lettres",
    "evidence": "unchecked",
    "source": "iscedf",
    "revision": "1",
}


def read(content, table=TABLE):
    if isinstance(content, str):
        content = content.encode()
    return list(read_rows(io.BytesIO(content), table))


def rows_in(content):
    found = read(content)
    assert all(isinstance(each, RawRow) for each in found), found
    return found


def places(content, table=TABLE):
    return [
        (each.line, each.column, each.rule)
        for each in read(content, table)
        if isinstance(each, Finding)
    ]


def test_a_row_is_read_with_its_line():
    assert rows_in(f"{HEADER}\n{ROW}\n") == [RawRow(2, CELLS)]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_encodings_and_line_ends_make_no_difference(encoding, ending):
    text = f"{HEADER}\n{ROW.replace('Lettres', 'Éducation')}\n".replace("\n", ending)
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    (row,) = rows_in((mark + text).encode(encoding))
    assert (row.line, row.cell("id"), row.cell("name_fr")) == (2, "11", "Éducation")


def test_a_line_break_in_quotation_marks_does_not_shift_the_lines_after_it():
    text = f'{HEADER}\n10,"A\nb\nc",,unchecked,iscedf,,,1,\n{ROW}\n'
    first, second = rows_in(text)
    assert (first.line, first.cell("name_en")) == (2, "A\nb\nc")
    assert second.line == 5


def test_columns_may_stand_in_another_order():
    names = list(TABLE.fields)[::-1]
    cells = ",".join(CELLS.get(name, "") for name in names)
    (row,) = rows_in(f"{','.join(names)}\n{cells}\n")
    assert row.cells == CELLS


def test_empty_lines_are_no_rows():
    assert [row.line for row in rows_in(f"{HEADER}\n\n{ROW}\n\n")] == [3]


def test_cells_beyond_the_header_are_counted():
    (row,) = rows_in(f"{HEADER}\n{ROW},x\n")
    assert row.surplus == 1


@pytest.mark.parametrize("sign", sorted(csv_stream.FORMULA_SIGNS))
def test_a_formula_is_refused_with_row_column_and_sign(sign):
    text = f"{HEADER}\n{ROW.replace('Arts', sign + 'cmd|calc!A0')}\n"
    formula, row = read(text)
    assert (formula.line, formula.column, formula.rule) == (2, "name_en", "formula")
    assert formula.params["sign"] == sign
    assert formula.params["row"] == "11"
    assert row.cell("name_en").startswith(sign)


def test_a_number_below_zero_is_no_formula():
    table = the_schema()["levels"]
    cells = {"id": "A:1", "ordinal": "-1", "code": "1"}
    row = ",".join(cells.get(name, "") for name in table.fields)
    assert places(f"{','.join(table.fields)}\n{row}\n", table) == []


def test_bytes_that_are_no_text_are_named_by_their_cell():
    text = f"{HEADER}\n{ROW}\n{ROW.replace('Arts', 'Kunst')}\n".encode()
    content = text.replace(b"Kunst", b"K\xfcnste")
    assert places(content) == [(3, "name_en", "not_utf8")]
    assert len(read(content)) == 2


def test_nul_is_kept_for_the_check_of_characters():
    (row,) = rows_in(f"{HEADER}\n{ROW.replace('Arts', 'A' + chr(0))}\n")
    assert row.cell("name_en") == "A\0"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b"\xff\xfe"])
def test_a_file_without_a_header_is_refused(content):
    assert places(content) == [(1, None, "header_missing")]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_another_separator_is_told_once(separator):
    text = f"{HEADER}\n{ROW}\n".replace(",", separator)
    assert places(text) == [(1, None, "not_separated_by_commas")]


def test_a_missing_an_unknown_and_a_repeated_column_end_the_reading():
    header = HEADER.replace("name_fr", "name_de").replace("note", "id")
    assert places(f"{header}\n{ROW}\n") == [
        (1, "name_fr", "missing_column"),
        (1, "note", "missing_column"),
        (1, "id", "column_twice"),
        (1, "name_de", "unknown_column"),
    ]


def test_a_quotation_mark_that_is_not_closed_is_found_at_its_row():
    text = f'{HEADER}\n{ROW}\n12,"never closed,,,,,,1,\n{ROW}\n'
    assert places(text) == [(3, None, "csv_unreadable")]


def test_a_row_without_end_is_given_up_early(monkeypatch):
    monkeypatch.setattr(csv_stream, "LONGEST_RECORD", 200)
    for endless in ("x" * 300, '"' + "x\n" * 150, '"a",\n"' + '",\n"'.join("b" * 150)):
        found = read(f"{HEADER}\n{ROW}\n{endless}")
        assert found[0].cell("id") == "11"
    assert places(f"{HEADER}\n" + "x" * 300) == [(2, None, "record_too_long")]
    assert places(f'{HEADER}\n"' + "x\n" * 150) == [(2, None, "record_too_long")]


def test_the_stream_stays_open():
    stream = io.BytesIO(f"{HEADER}\n{ROW}\n".encode())
    assert len(list(read_rows(stream, TABLE))) == 1
    assert not stream.closed


@given(st.binary(max_size=300))
def test_any_bytes_end_in_rows_or_findings(content):
    for each in read(f"{HEADER}\n".encode() + content) + read(content):
        assert isinstance(each, RawRow | Finding)
        assert each.line >= 1


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5)
)
def test_what_was_written_is_read(texts):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TABLE.fields)
    writer.writerows(["1", text, *["x"] * (len(TABLE.fields) - 2)] for text in texts)
    rows = [each for each in read(out.getvalue()) if isinstance(each, RawRow)]
    assert [row.cell("name_en") for row in rows] == texts
