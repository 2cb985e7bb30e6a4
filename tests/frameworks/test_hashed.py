import random

import pytest

from recognition_service.frameworks.growing import (
    MOST_VALUES,
    GrowingColumn,
    GrowingIds,
)
from recognition_service.frameworks.hashed import HashedPositions


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 254, 255, 256, 70_000])
def test_finds_every_key_where_it_stands_and_no_other(count):
    keys = [f"key-{number}" for number in range(count)]
    positions = HashedPositions(keys, count, keys.__getitem__)
    found = [positions.find(key, keys.__getitem__) for key in keys]
    assert found == list(range(count))
    for number in range(200):
        assert positions.find(f"other-{number}", keys.__getitem__) is None


def test_finds_keys_with_one_hash():
    keys = [number * (2**61 - 1) for number in range(50)]
    assert {hash(key) for key in keys} == {0}
    positions = HashedPositions(keys, 50, keys.__getitem__)
    found = [positions.find(key, keys.__getitem__) for key in keys]
    assert found == list(range(50))


def test_refuses_a_key_that_stands_at_two_positions():
    keys = ["a", "b", "a"]
    with pytest.raises(KeyError, match="'a'"):
        HashedPositions(keys, 3, keys.__getitem__)


def test_keys_are_added_while_there_is_room():
    keys = [str(number) for number in range(100)]
    positions = HashedPositions(keys[:10], 100, keys.__getitem__)
    for number in range(10, 100):
        assert positions.find(keys[number], keys.__getitem__) is None
        positions.add(keys[number], number)
    found = [positions.find(key, keys.__getitem__) for key in keys]
    assert found == list(range(100))


@pytest.mark.parametrize(
    "different", [1, 2, 256, 257, MOST_VALUES, MOST_VALUES + 1, 3 * MOST_VALUES, 30_000]
)
@pytest.mark.parametrize("has_empty_cells", [False, True])
def test_a_column_says_what_came_in_however_many_values_it_has(
    different, has_empty_cells
):
    rng = random.Random(different)  # noqa: S311  # Reproducible, not secret.
    texts = [f"é{number}" for number in range(different)]
    if has_empty_cells:
        texts[-1] = None
    cells = [*texts, *rng.choices(texts, k=5_000)]
    column = GrowingColumn()
    for start in range(0, len(cells), 1_000):
        column.extend(cells[start : start + 1_000])
    finished = column.finished()
    assert list(finished) == cells
    assert [finished[position] for position in range(0, len(cells), 97)] == cells[::97]
    assert (len(finished), len(finished.values)) == (len(cells), different)


def test_values_are_read_from_their_texts_however_many_they_are():
    for different in (10, 2 * MOST_VALUES):
        cells = [str(number % different) for number in range(3 * different)]
        column = GrowingColumn(int, absent=1)
        column.extend([*cells, None])
        assert list(column.finished()) == [*map(int, cells), 1]


def test_a_text_that_cannot_be_read_is_refused_however_many_there_are():
    column = GrowingColumn(int)
    column.extend(map(str, range(2 * MOST_VALUES)))
    with pytest.raises(ValueError, match="first"):
        column.extend(["first"])


def test_an_id_must_not_be_missing():
    with pytest.raises(KeyError):
        GrowingIds().extend(["a", None])
