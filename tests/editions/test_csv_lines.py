"""Tables are written as `csv.writer` writes them."""

import csv
import io

import pytest

from recognition_service.editions.csv_lines import CSVLines, write_csv

COLUMNS = ("id", "name", "note")


@pytest.mark.parametrize(
    "cell",
    [
        "plain",
        "a,b",
        'a "word"',
        '"',
        "two\nlines",
        "two\r\nlines",
        "a\rb",
        " blank ",
        "a\0b",
        "série\u2028",
        "'",
        "a;b\tc",
    ],
)
def test_a_cell_is_written_and_read_as_by_the_csv_module(cell):
    cells = {"id": "1", "note": cell}
    written = CSVLines(COLUMNS).row(cells).decode()
    out = io.StringIO(newline="")
    csv.writer(out).writerow(["1", "", cell])
    assert written == out.getvalue().removesuffix("\r\n") + "\n"
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert list(reader) == [["1", "", cell]]


def test_cells_stand_in_the_order_of_the_columns():
    lines = CSVLines(COLUMNS)
    assert lines.header() == b"id,name,note\n"
    assert lines.row({"note": "x", "colour": "red", "id": "1"}) == b"1,,x\n"


def test_a_row_without_any_text_is_still_a_row():
    assert CSVLines(("id",)).row({}) == b'""\n'


def test_a_table_is_written_whole(tmp_path):
    path = tmp_path / "table.csv"
    write_csv(path, ("id", "na,me"), [{"id": "1"}, {"na,me": "x"}])
    assert path.read_bytes() == b'id,"na,me"\n1,\n,x\n'
