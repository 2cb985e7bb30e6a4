"""Rows that rules compare are sorted on disk as in memory."""

import pytest

from recognition_service.editions.sort_on_disk import sort_on_disk
from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.rules import sort_in_memory


def test_rows_come_back_sorted_by_key_and_place():
    entries = [
        (key, number, RawRow(number + 2, {"id": f"r{number}", "name": name}, file="x"))
        for number, (key, name) in enumerate(
            [("b", "one"), ("a", "Zoë \0"), ("b", '"two"'), ("a", "\n")]
        )
    ]
    shuffled = [entries[place] for place in (2, 0, 3, 1)]
    assert list(sort_on_disk(shuffled, ["name"])) == sort_in_memory(entries, ["name"])


def test_only_what_is_asked_for_is_kept():
    row = RawRow(2, {"id": "r", "name": "x", "note": "y"})
    ((_, _, kept),) = sort_on_disk([("k", 0, row)], ["name", "url"])
    assert kept.cells == {"id": "r", "name": "x", "url": ""}


def test_a_disk_that_takes_no_more_is_told_as_such(file_size_limit):
    file_size_limit(1_000_000)
    text = "x" * 1000
    entries = ((text, number, RawRow(2, {"id": text})) for number in range(40_000))
    with pytest.raises(OSError, match="rows could not be sorted"):
        list(sort_on_disk(entries, []))
