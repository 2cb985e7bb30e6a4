"""Rows of one table by what they share.

The groups of a small table hold its rows. Those of a packed table hold positions,
and make the rows when a group is asked for.
"""

from array import array
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, repeat
from operator import add, attrgetter, itemgetter, mul
from typing import Any, TypeVar

from recognition_service.frameworks.columns import Column, narrowest
from recognition_service.frameworks.growing import packed_column
from recognition_service.frameworks.hashed import HashedPositions
from recognition_service.frameworks.packed_rows import PackedRows, cells

_Row = TypeVar("_Row")
Key = tuple[str, ...]


def grouped(
    rows: Mapping[str, _Row],
    names: Sequence[str],
    keys: Callable[..., Iterable[Key]],
) -> Mapping[Key, tuple[_Row, ...]]:
    """Return the rows of a table by keys, each group in the order of the table.

    Args:
        rows: The table.
        names: The columns on which the keys rest.
        keys: Returns the keys of a row from its cells in these columns; a row may
            have none. All keys have the same number of parts.
    """
    if isinstance(rows, PackedRows):
        return PackedGroups(rows, names, keys)
    groups: dict[Key, list[_Row]] = {}
    for row, told in zip(rows.values(), cells(rows, *names), strict=True):
        for key in keys(*told):
            groups.setdefault(key, []).append(row)
    return {key: tuple(group) for key, group in groups.items()}


def members_with(
    groups: Mapping[Key, tuple[_Row, ...]],
    key: Key,
    name: str,
    wanted: Container[Any],
) -> Iterable[_Row]:
    """Return the rows of a group that have one of some values in a column."""
    if isinstance(groups, PackedGroups):
        return groups.members_with(key, name, wanted)
    told = attrgetter(name)
    return [row for row in groups.get(key, ()) if told(row) in wanted]


def told_in(
    groups: Mapping[Key, tuple[Any, ...]], key: Key, name: str
) -> Iterable[Any]:
    """Return what the rows of a group say in a column."""
    if isinstance(groups, PackedGroups):
        return groups.told_in(key, name)
    return map(attrgetter(name), groups.get(key, ()))


class PackedGroups(Mapping[Key, tuple[_Row, ...]]):
    """The positions of the rows of a packed table by keys."""

    __slots__ = ("_found", "_keys", "_members", "_rows", "_starts")

    def __init__(
        self,
        rows: PackedRows[_Row],
        names: Sequence[str],
        keys: Callable[..., Iterable[Key]],
    ) -> None:
        """Group the rows of a table; see `grouped`."""
        numbers, pairs = _numbered([rows.column(name) for name in names], keys)
        self._rows = rows
        self._starts, self._members = _in_groups(
            *pairs, count=len(numbers), most=len(rows)
        )
        parts = len(next(iter(numbers), ()))
        self._keys = tuple(
            packed_column(map(itemgetter(part), numbers)) for part in range(parts)
        )
        self._found = HashedPositions(numbers, len(numbers), self._key_at)

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[Key]:
        return map(self._key_at, range(len(self)))

    def __contains__(self, key: object) -> bool:
        return self._found.find(key, self._key_at) is not None

    def __getitem__(self, key: Key) -> tuple[_Row, ...]:
        positions = self._positions(key)
        if not positions:  # No group is empty.
            raise KeyError(key)
        return tuple(map(self._rows.row_at, positions))

    def members_with(
        self, key: Key, name: str, wanted: Container[Any]
    ) -> Iterator[_Row]:
        """Yield the rows of a group with one of some values; make no others."""
        column = self._rows.column(name)
        codes, values = column.codes, column.values
        for position in self._positions(key):
            if values[codes[position]] in wanted:
                yield self._rows.row_at(position)

    def told_in(self, key: Key, name: str) -> Iterator[Any]:
        """Return what the rows of a group say in a column, without making them."""
        return map(self._rows.column(name).__getitem__, self._positions(key))

    def _positions(self, key: Key) -> "array[int]":
        """Return the positions of the rows of a group, none if there is no group."""
        group = self._found.find(key, self._key_at)
        if group is None:
            return self._members[:0]
        return self._members[self._starts[group] : self._starts[group + 1]]

    def _key_at(self, group: int) -> Key:
        return tuple([part[group] for part in self._keys])


def _numbered(
    columns: Sequence[Column], keys: Callable[..., Iterable[Key]]
) -> tuple[dict[Key, int], tuple["array[int]", "array[int]"]]:
    """Return the groups by key, and in two rows which row stands in which group.

    The keys are worked out once for all rows that say the same.
    """
    numbers: dict[Key, int] = {}
    known: dict[int, tuple[int, ...]] = {}
    groups, positions = array("I"), array("I")
    for position, code in enumerate(_together(columns)):
        into = known.get(code)
        if into is None:
            told = [column[position] for column in columns]
            into = tuple(numbers.setdefault(key, len(numbers)) for key in keys(*told))
            known[code] = into
        for group in into:
            groups.append(group)
            positions.append(position)
    return numbers, (groups, positions)


def _together(columns: Sequence[Column]) -> Iterable[int]:
    """Return for each row one number for all that it says in some columns."""
    first, *others = columns
    codes: Iterable[int] = first.codes
    for column in others:
        codes = map(add, map(mul, codes, repeat(len(column.values))), column.codes)
    return codes


def _in_groups(
    groups: "array[int]", positions: "array[int]", *, count: int, most: int
) -> tuple["array[int]", "array[int]"]:
    """Return where each group begins, and the positions group by group.

    Args:
        groups: The group of each member.
        positions: The position of each member.
        count: How many groups there are.
        most: More than any position.
    """
    sizes = array("I", [0]) * count
    for group in groups:
        sizes[group] += 1
    starts = array(narrowest(len(groups)), accumulate(sizes, initial=0))
    free = starts[:-1]
    members = array(narrowest(most), [0]) * len(positions)
    for group, position in zip(groups, positions, strict=True):
        members[free[group]] = position
        free[group] += 1
    return starts, members
