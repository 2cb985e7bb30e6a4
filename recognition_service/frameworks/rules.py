"""What a rule over rows is, and how rules are held against a table of any length.

A rule sees one row, or the rows that have something in common. Neither keeps the rows:
of each only a hash of 64 bits is kept for each rule that compares rows, and those whose
hash returns are gone through once more, sorted so that one stands beside the other.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from operator import itemgetter

from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import Finding

RowRule = Callable[[RawRow], Iterable[Finding]]
"""Finds what is wrong with one row, given what the rule knows of other tables."""

Key = tuple[str, ...]

_UNCOUNTED = 0xFFFF
_KEY = 0xFFFFFFFFFFFF0000
_LEAST_KEY = 0x10000
# Stands for a row that the rule is not about.
_NO_KEY = 0

Entry = tuple[str, int, RawRow]
"""What a row has in common with others, its place among all rows, and the row."""

Sort = Callable[[Iterable[Entry], Sequence[str]], Iterable[Entry]]
"""Sorts entries by their first two members; of the rows it may keep only the id, the
place and the columns that are named."""


@dataclass(frozen=True, slots=True)
class GroupRule:
    """A rule about rows with something in common, such as the question they answer.

    Attributes:
        table: The table of the rows.
        key: What a row has in common with others; `None` if the rule is not about it.
        said: What a row says. Two rows that say the same never break the rule; a row
            of which `None` is returned may break it with any other.
        columns: What `check` reads of a row, beside its id and its place.
        check: Finds what is wrong among the rows of one key, in the order of the
            table. A row that is alone must not be found.
    """

    table: str
    key: Callable[[RawRow], Key | None]
    said: Callable[[RawRow], Key | None]
    columns: tuple[str, ...]
    check: Callable[[Iterable[RawRow]], Iterator[Finding]]


@dataclass(frozen=True, slots=True, order=True)
class _Earlier:
    """What is kept of a row that later ones are compared with."""

    number: int
    id: str
    line: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows that say the same: one of them, where each is, and whom they contradict."""

    example: RawRow
    rows: list[_Earlier]
    opposed: list[list[_Earlier]]


def sort_in_memory(entries: Iterable[Entry], columns: Sequence[str]) -> list[Entry]:
    """Sort entries that fit in memory; the rows stay whole."""
    del columns
    return sorted(entries, key=itemgetter(0, 1))


def check_rows(
    rows: Iterable[RawRow],
    row_rules: Sequence[RowRule],
    group_rules: Sequence[GroupRule],
    sort: Sort,
) -> Iterator[Finding]:
    """Yield what the rows of one table break: row by row, then between rows."""
    seen = [_Seen(rule) for rule in group_rules]
    for row in rows:
        for rule in row_rules:
            yield from rule(row)
        for each in seen:
            each.note(row)
    asked = [each for each in enumerate(seen) if each[1].find_suspects()]
    if asked:
        columns = sorted({column for rule in group_rules for column in rule.columns})
        entries = sort(_entries(rows, asked), columns)
        for key, group in groupby(entries, key=itemgetter(0)):
            place, _, _ = key.partition(":")
            yield from group_rules[int(place)].check(row for _, _, row in group)


def anything(row: RawRow) -> None:
    """Say of a row that it may break a rule with any other."""
    del row


class _Seen:
    """What is kept of each row for one rule: a number of 64 bits.

    Its upper 48 bits are a hash of the key; the lower 16 count what rows say. So a key
    that returns with another number is one whose rows are to be looked at. Keys that
    share a hash are looked at in vain, and none is missed: where more is said than can
    be counted, it is taken to be different each time.
    """

    __slots__ = ("_key_of", "_numbers", "_said", "_said_by", "_suspects", "rule")

    def __init__(self, rule: GroupRule) -> None:
        self.rule = rule
        self._key_of = rule.key
        self._said_by = rule.said
        self._numbers = array("Q")
        self._said: dict[Key, int] = {}
        self._suspects: set[int] = set()

    def note(self, row: RawRow) -> None:
        """Take note of the next row."""
        key = self._key_of(row)
        if key is None:
            self._numbers.append(_NO_KEY)
            return
        number = hash(key) & _KEY or _LEAST_KEY
        said = self._said_by(row)
        count = _UNCOUNTED if said is None else self._said.get(said)
        self._numbers.append(number | (self._count(said) if count is None else count))

    def _count(self, said: Key | None) -> int:
        """Return a number for what was not said before, as long as there are any."""
        count = len(self._said)
        if said is None or count >= _UNCOUNTED:
            return _UNCOUNTED
        self._said[said] = count
        return count

    def find_suspects(self) -> bool:
        """Find out which keys return with something else; call it after all rows."""
        self._suspects = {
            one & _KEY
            for one, other in pairwise(sorted(self._numbers))
            if one & _KEY == other & _KEY
            and (one != other or one & _UNCOUNTED == _UNCOUNTED)
        }
        return bool(self._suspects)

    def is_suspect(self, number: int) -> bool:
        """Tell whether the row of a number is to be looked at together with others."""
        return self._numbers[number] & _KEY in self._suspects


def contradictions(
    rows: Iterable[RawRow],
    said: Sequence[str],
    contradict: Callable[[RawRow, RawRow], bool],
) -> Iterator[tuple[_Earlier, RawRow]]:
    """Yield each row with every earlier one that it contradicts.

    Args:
        rows: Rows that could, such as those that answer one question.
        said: The columns from which `contradict` tells; rows that have the same in all
            of them are compared once.
        contradict: Tells it of two rows, in whichever order.
    """
    kinds: dict[Key, _Kind] = {}
    for number, row in enumerate(rows):
        what = tuple(map(row.cell, said))
        kind = kinds.get(what)
        if kind is None:
            kind = kinds[what] = _Kind(row, [], [])
            for other in kinds.values():
                if contradict(other.example, row):
                    kind.opposed.append(other.rows)
                    if other is not kind:
                        other.opposed.append(kind.rows)
        for earlier in sorted(chain.from_iterable(kind.opposed)):
            yield earlier, row
        kind.rows.append(_Earlier(number, row.cell("id"), row.line))


def _entries(
    rows: Iterable[RawRow], asked: Sequence[tuple[int, _Seen]]
) -> Iterator[Entry]:
    for number, row in enumerate(rows):
        for place, seen in asked:
            if seen.is_suspect(number):
                yield f"{place}:{seen.rule.key(row)!r}", number, row
