import random
import string
from datetime import date, timedelta
from enum import StrEnum
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pytest

from recognition_service.frameworks.errors import UnreadableRowError
from recognition_service.frameworks.growing import MOST_VALUES
from recognition_service.frameworks.packed_rows import PackedRows, cells, rows_with
from recognition_service.frameworks.parse import PACKED_FROM, parse_tables
from recognition_service.frameworks.tables import Tables
from tests.frameworks.small_edition import a_small_edition

ROW_CLASSES = {
    table: get_args(hint)[1] for table, hint in get_type_hints(Tables).items()
}
LETTERS = string.ascii_letters + " '-ēßЖ学🎓"
every_table = pytest.mark.parametrize("table", ROW_CLASSES)


def a_text(hint, rng):
    """Return a cell that can be read as a type."""
    if get_origin(hint) is UnionType or isinstance(hint, UnionType):
        hint = next(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return ";".join(a_text(str, rng) for _ in range(rng.randrange(1, 4)))
    if issubclass(hint, StrEnum):
        return rng.choice(list(hint)).value
    if hint is bool:
        return rng.choice(["yes", "no"])
    if hint is int:
        return str(rng.randrange(1, 12))
    if hint is date:
        return (date(1950, 1, 1) + timedelta(days=rng.randrange(40_000))).isoformat()
    return "".join(rng.choices(LETTERS, k=rng.randrange(1, 12)))


def raw_rows(table, count, seed=20261121):
    """Return rows of a table in which any cell that may be empty is so at times."""
    rng = random.Random(seed)  # noqa: S311  # Reproducible, not secret.
    row_class = ROW_CLASSES[table]
    hints = get_type_hints(row_class)
    empty = {
        name
        for name, hint in hints.items()
        if name == "revision"
        or get_origin(hint) is tuple
        or (isinstance(hint, UnionType) and type(None) in get_args(hint))
    }
    rows = []
    for number in range(count):
        row = {
            name: a_text(hint, rng)
            for name, hint in hints.items()
            if name not in empty or rng.random() < 0.6
        }
        rows.append({**row, "id": f"{table}-{number * 7919 % count}é"})
    return rows


def both_forms(table, rows):
    """Return a table as a dict of rows, and packed."""
    kept = getattr(parse_tables({table: rows}), table)
    packed = getattr(parse_tables({table: rows}, packed_from=0), table)
    assert isinstance(kept, dict)
    assert isinstance(packed, PackedRows)
    return kept, packed


@every_table
def test_a_packed_table_has_the_same_rows_in_the_same_order(table):
    kept, packed = both_forms(table, raw_rows(table, 300))
    assert list(packed) == list(kept)
    assert list(packed.keys()) == list(kept.keys())
    assert list(packed.values()) == list(kept.values())
    assert list(packed.items()) == list(kept.items())
    assert len(packed) == len(packed.values()) == len(packed.items()) == len(kept)
    assert packed == kept
    assert kept == packed


@every_table
def test_a_row_that_is_asked_for_is_the_row_that_was_kept_before(table):
    kept, packed = both_forms(table, raw_rows(table, 300))
    for row_id, row in kept.items():
        made = packed[row_id]
        assert made == row
        assert type(made) is type(row)
        assert hash(made) == hash(row)
        assert repr(made) == repr(row)
        assert packed.get(row_id) == row
        assert row_id in packed
        assert row in packed.values()
        assert (row_id, row) in packed.items()


def test_an_id_that_no_row_has_is_not_found():
    rows = raw_rows("levels", 300)
    _, packed = both_forms("levels", rows)
    for row_id in ("", "levels-300é", "levels-0", None, 0):
        assert row_id not in packed
        assert packed.get(row_id) is None
        assert packed.get(row_id, "none") == "none"
        with pytest.raises(KeyError, match=repr(row_id)):
            packed[row_id]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 255, 256, 257])
def test_tables_of_any_length_are_packed(count):
    kept, packed = both_forms("qualifications", raw_rows("qualifications", count))
    assert packed == kept
    assert [packed[row_id] for row_id in kept] == list(kept.values())


def test_columns_with_many_values_say_the_same():
    """Texts, dates and lists stand as texts; so does a column with empty cells."""
    count = MOST_VALUES * 2
    rows = raw_rows("comparability_statements", count)
    for number, row in enumerate(rows):
        row["objects"] = f"reference-{number};ß"
        row["conditions"] = f"grade {number}"
        row["awarded_from"] = str(date(1900, 1, 1) + timedelta(days=number))
        if number % 5 == 0:
            del row["objects"], row["conditions"], row["awarded_from"]
    kept, packed = both_forms("comparability_statements", rows)
    assert list(packed.values()) == list(kept.values())
    first = rows[0]["id"]
    assert packed[first].objects == ()
    assert packed[first].conditions is None
    assert packed[first].awarded_from is None


def test_texts_with_half_a_surrogate_pair_are_kept():
    rows = [{**row, "note": f"\ud83c{row['id']}"} for row in raw_rows("levels", 9_000)]
    kept, packed = both_forms("levels", rows)
    assert list(packed.values()) == list(kept.values())


def test_packed_rows_cannot_be_changed():
    _, packed = both_forms("levels", raw_rows("levels", 3))
    with pytest.raises(AttributeError):
        packed["levels-0é"].ordinal = 9
    with pytest.raises(TypeError):
        packed["levels-0é"] = None


def test_only_large_tables_are_packed():
    rows = raw_rows("levels", PACKED_FROM)
    tables = parse_tables({"levels": rows, "jurisdictions": []})
    assert isinstance(tables.levels, PackedRows)
    assert isinstance(tables.jurisdictions, dict)
    assert isinstance(parse_tables({"levels": rows[1:]}).levels, dict)


@every_table
def test_columns_can_be_read_without_making_rows(table):
    kept, packed = both_forms(table, raw_rows(table, 100))
    names = tuple(get_type_hints(ROW_CLASSES[table]))
    told = [tuple(getattr(row, name) for name in names) for row in kept.values()]
    assert list(cells(kept, *names)) == told
    assert list(cells(packed, *names)) == told


def test_rows_are_chosen_by_what_they_say_in_a_column():
    kept, packed = both_forms("levels", raw_rows("levels", 300))
    for wanted in ({3}, {1, 5}, {99}, set()):
        chosen = [row for row in kept.values() if row.ordinal in wanted]
        assert list(rows_with(kept, "ordinal", wanted)) == chosen
        assert list(rows_with(packed, "ordinal", wanted)) == chosen


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("ordinal", "first", "'first' is not a value of this column"),
        ("evidence", "certain", "'certain' is not a value of this column"),
        ("valid_from", "2024-02-30", "'2024-02-30' is not a value of this column"),
        ("ordinal", None, "a value is missing"),
        ("framework", None, "a value is missing"),
        ("colour", "red", "unknown column"),
        ("id", "levels-0é", "the id occurs twice"),
    ],
)
def test_says_what_is_wrong_with_a_row_as_for_a_small_table(column, text, message):
    rows = raw_rows("levels", 20)
    if text is None:
        del rows[11][column]
    else:
        rows[11][column] = text
    for packed_from in (0, PACKED_FROM):
        with pytest.raises(UnreadableRowError, match=message) as raised:
            parse_tables({"levels": rows}, packed_from=packed_from)
        assert (raised.value.table, raised.value.row) == ("levels", rows[11]["id"])
        assert raised.value.column == column


def test_refuses_an_unknown_table_however_large():
    with pytest.raises(UnreadableRowError, match="there is no such table"):
        parse_tables({"secrets": []}, packed_from=0)


def test_a_whole_edition_reads_the_same_in_both_forms():
    raw = {
        table: [{name: text for name, text in row.items() if text} for row in rows]
        for table, rows in a_small_edition().items()
    }
    assert parse_tables(raw, packed_from=0) == parse_tables(raw)
