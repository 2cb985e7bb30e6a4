"""A package of tables is read as it lies on disk, with the lines of its rows."""

import json
from datetime import date

import pytest

from recognition_service.editions.errors import TablesUnreadableError
from recognition_service.editions.package import read_package
from tests.builders import a_package, write_a_package


@pytest.fixture
def directory(tmp_path):
    """The small package, written down."""
    write_a_package(tmp_path, a_package())
    return tmp_path


def jurisdictions(directory):
    return read_package(directory).files["jurisdictions"]


def write_jurisdictions(directory, content):
    (directory / "jurisdictions.csv").write_bytes(content)


def test_reads_what_was_written(directory):
    package, expected = read_package(directory), a_package()
    assert package.description == expected.description
    assert package.files == expected.files
    assert package.regimes == {"neutral.toml": expected.regimes["neutral.toml"]}


def test_reads_the_shipped_package(shipped_package):
    assert shipped_package.files["qualifications"].rows
    assert "neutral.toml" in shipped_package.regimes


def test_dates_of_a_regime_become_text(directory):
    (directory / "regimes" / "dated.toml").write_text(
        "valid_from = 2024-05-01\n[inner]\ndays = [2024-05-01]\nat = 07:30:00\n"
    )
    assert read_package(directory).regimes["dated.toml"] == {
        "valid_from": "2024-05-01",
        "inner": {"days": ["2024-05-01"], "at": "07:30:00"},
    }


def test_rows_know_the_line_on_which_they_begin(directory):
    write_jurisdictions(
        directory, b'id,note\nBE,"two\nlines"\n\nLV,\nNL,"a ""quoted"" word"\n'
    )
    assert [(row.line, dict(row.cells)) for row in jurisdictions(directory).rows] == [
        (2, {"id": "BE", "note": "two\nlines"}),
        (5, {"id": "LV"}),
        (6, {"id": "NL", "note": 'a "quoted" word'}),
    ]


@pytest.mark.parametrize(
    "sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"]
)
def test_signs_that_only_look_like_the_end_of_a_line_part_no_rows(directory, sign):
    write_jurisdictions(directory, f"id,note\nBE,one{sign}two\nLV,\n".encode())
    assert [(row.line, dict(row.cells)) for row in jurisdictions(directory).rows] == [
        (2, {"id": "BE", "note": f"one{sign}two"}),
        (3, {"id": "LV"}),
    ]


def test_lines_that_end_as_on_other_systems_are_read_alike(directory):
    write_jurisdictions(directory, b"id,note\r\nBE,one\r\nLV,\r\n")
    assert [(row.line, dict(row.cells)) for row in jurisdictions(directory).rows] == [
        (2, {"id": "BE", "note": "one"}),
        (3, {"id": "LV"}),
    ]


def test_ragged_rows_say_by_how_many_cells(directory):
    write_jurisdictions(directory, b"id,note\nBE,a,b,c\nLV\n")
    assert [row.surplus for row in jurisdictions(directory).rows] == [2, -1]


@pytest.mark.parametrize("content", [b"", b"id,note\n", b"\n"])
def test_a_file_without_rows_has_none(directory, content):
    write_jurisdictions(directory, content)
    assert jurisdictions(directory).rows == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xef\xbb\xbfid,note\n", "jurisdictions.csv begins with a byte order mark"),
        (b"id,note\nBE,caf\xe9\n", r"jurisdictions.csv is not UTF-8 \(byte 14\)"),
        (b'id,note\nBE,"a" b\nLV,\n', "jurisdictions.csv, line 2: "),
        (b'id,note\nLV,\nBE,"never closed\n', "jurisdictions.csv, line 3: "),
        (b'id,note\nBE,"' + b"x" * 200_000 + b'"\n', "jurisdictions.csv, line 2: "),
    ],
)
def test_refuses_a_table_that_cannot_be_read(directory, content, message):
    write_jurisdictions(directory, content)
    with pytest.raises(TablesUnreadableError, match=message):
        read_package(directory)


def test_a_large_table_stays_on_disk_and_can_be_read_again(directory):
    expected = a_package().files["jurisdictions"]
    size = (directory / "jurisdictions.csv").stat().st_size
    assert read_package(directory, size).files["jurisdictions"] == expected
    file = read_package(directory, size - 1).files["jurisdictions"]
    assert file.header == expected.header
    assert tuple(file.rows) == expected.rows
    assert tuple(file.rows) == expected.rows
    write_jurisdictions(directory, b"id\nBE\n")
    assert [row.cell("id") for row in file.rows] == ["BE"]


def test_a_table_that_stays_on_disk_is_refused_when_its_rows_are_read(directory):
    write_jurisdictions(directory, b"id,note\nLV,x\nBE,caf\xe9\n")
    with pytest.raises(TablesUnreadableError, match=r"not UTF-8 \(byte 19\)"):
        list(read_package(directory, 0).files["jurisdictions"].rows)


@pytest.mark.parametrize(
    "name", ["jurisdictions.csv", "edition.toml", "datapackage.json"]
)
def test_names_a_file_that_is_missing(directory, name):
    (directory / name).unlink()
    with pytest.raises(TablesUnreadableError, match=f"{name} is missing"):
        read_package(directory)


def test_names_a_directory_where_a_file_should_be(directory):
    (directory / "jurisdictions.csv").unlink()
    (directory / "jurisdictions.csv").mkdir()
    with pytest.raises(TablesUnreadableError, match=r"jurisdictions\.csv"):
        read_package(directory)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("edition.toml", "id = "),
        ("edition.toml", 'id = "x"\ntitle = "y"'),
        ("edition.toml", 'id = "x"\ntitle = "y"\ndate = "soon"'),
        ("edition.toml", 'id = "x"\ntitle = "y"\ndate = 5'),
        ("edition.toml", 'id = 5\ntitle = "y"\ndate = 2026-11-01'),
        ("edition.toml", 'id = "x"\ntitle = ["y"]\ndate = 2026-11-01'),
        ("edition.toml", 'id = "x"\ntitle = "y"\ndate = 2026-11-01\nchanges = "z"'),
        ("regimes/neutral.toml", "id = neutral"),
        ("datapackage.json", "{"),
        ("datapackage.json", "[]"),
        ("datapackage.json", "{}"),
    ],
)
def test_names_a_description_that_cannot_be_read(directory, name, content):
    (directory / name).write_text(content)
    with pytest.raises(TablesUnreadableError, match=name.rpartition("/")[2]):
        read_package(directory)


def test_the_description_of_an_edition_is_dated(directory):
    description = read_package(directory).description
    assert description.dated == date(2026, 11, 1)
    assert json.dumps(description.changes) == '["First."]'
