"""The least set of units that meets several needs at once.

A weighted covering problem: each unit has a workload and gives something towards
some of the needs. The search is exact unless it visits too many nodes; then it says
so, and what it returns still meets every need without a unit too many.

Source: Nemhauser and Wolsey, Integer and Combinatorial Optimization (1988), chapter
II.4 (branch and bound); Bertsimas and Vohra, Rounding algorithms for covering
problems, Mathematical Programming 80 (1998), section 2 (dual bounds).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from operator import gt, mul, sub
from typing import NamedTuple

MOST_NODES = 10_000
_SHADE, _SLACK = 1 - 1e-12, 1e-6
"""By how much a bound is lowered, so that rounding never makes it too high."""


class Column(NamedTuple):
    """What one unit costs and what it gives.

    Attributes:
        workload: In hundredths of hours.
        gives: Towards each need, in the order of the needs.
    """

    workload: int
    gives: tuple[int, ...]


class Cover(NamedTuple):
    """Units that together meet all needs.

    Attributes:
        chosen: Positions of the columns, ascending.
        is_exact: Whether it is known that no better set exists.
    """

    chosen: tuple[int, ...]
    is_exact: bool


class _Taken(NamedTuple):
    """A set in the making: its columns and their workload."""

    numbers: tuple[int, ...]
    workload: int


def smallest_cover(
    needs: Sequence[int], columns: Sequence[Column], *, most_nodes: int = MOST_NODES
) -> Cover | None:
    """Return the set with the least workload, then the fewest units, then the first.

    "First" is the order of the columns: of two sets that cost the same, the one that
    has the earlier of the first units in which they differ.

    Args:
        needs: How much of each is needed, above zero.
        columns: The units in the order of the path.
        most_nodes: How many partial sets are looked at.

    Returns:
        None if all units together do not meet the needs.
    """
    if any(
        sum(column.gives[place] for column in columns) < need
        for place, need in enumerate(needs)
    ):
        return None
    forced = _forced(needs, columns)
    left = tuple(
        max(0, need - sum(columns[each].gives[place] for each in forced))
        for place, need in enumerate(needs)
    )
    if not any(left):
        return Cover(tuple(sorted(forced)), is_exact=True)
    open_needs = [place for place, need in enumerate(left) if need]
    free = [
        number
        for number, column in enumerate(columns)
        if number not in forced and any(column.gives[place] for place in open_needs)
    ]
    search = _Search(
        [left[place] for place in open_needs],
        [
            Column(
                columns[number].workload,
                tuple(columns[number].gives[place] for place in open_needs),
            )
            for number in free
        ],
        most_nodes,
    )
    found = search.run()
    chosen = (*forced, *(free[place] for place in found))
    return Cover(tuple(sorted(chosen)), not search.is_cut_off)


def _forced(needs: Sequence[int], columns: Sequence[Column]) -> set[int]:
    """Return the units without which all others fall short of a need."""
    forced = set()
    for place, need in enumerate(needs):
        spare = sum(column.gives[place] for column in columns) - need
        forced |= {
            number
            for number, column in enumerate(columns)
            if column.gives[place] > spare
        }
    return forced


@dataclass(slots=True)
class _Search:
    """Depth first in the order of the columns, taking each before leaving it.

    So of all sets with one cost the first that is found is the one wanted. Columns
    that cost and give the same are taken in their order only.
    """

    needs: list[int]
    columns: list[Column]
    most_nodes: int
    nodes: int = 0
    is_cut_off: bool = False
    best: tuple[int, ...] = ()
    cost: tuple[int, int] = (0, 0)
    is_found: bool = False
    twins: list[tuple[int, ...]] = field(default_factory=list)
    prices: list[tuple[float, ...]] = field(default_factory=list)
    most: list[tuple[int, ...]] = field(default_factory=list)

    def run(self) -> tuple[int, ...]:
        """Return the positions of the best set."""
        self.best = _lean(self.needs, self.columns)
        workload = sum(self.columns[each].workload for each in self.best)
        self.cost = workload, len(self.best)
        self.twins = _twins(self.columns)
        self.prices = _prices(self.needs, self.columns)
        self.most = _most(self.columns, len(self.needs))
        width = range(len(self.needs))
        available = [sum(each.gives[place] for each in self.columns) for place in width]
        self._visit(0, self.needs, available, _Taken((), 0), 0)
        return _without_surplus(self.needs, self.columns, self.best)

    def _visit(
        self,
        start: int,
        needs: list[int],
        available: list[int],
        taken: "_Taken",
        closed: int,
    ) -> None:
        """Look at all sets that begin with `taken` and go on from `start`.

        Args:
            start: First column about which nothing is decided.
            needs: What is still needed; zero where nothing is.
            available: What the undecided columns give.
            taken: The set so far.
            closed: Bits of columns that are left out already, as twins.
        """
        if not any(needs):
            cost = taken.workload, len(taken.numbers)
            if cost < self.cost or (cost == self.cost and not self.is_found):
                self.best, self.cost, self.is_found = taken.numbers, cost, True
            return
        for number in range(start, len(self.columns)):
            if closed >> number & 1:
                continue
            if self.nodes >= self.most_nodes:
                self.is_cut_off = True
                return
            self.nodes += 1
            if self._is_hopeless(number, needs, available, taken):
                return
            column = self.columns[number]
            rest = _less(available, column.gives)
            if any(map(min, needs, column.gives)):
                self._visit(
                    number + 1,
                    [max(0, need) for need in _less(needs, column.gives)],
                    rest,
                    _Taken((*taken.numbers, number), taken.workload + column.workload),
                    closed,
                )
            for twin in self.twins[number]:
                closed |= 1 << twin
                rest = _less(rest, self.columns[twin].gives)
            available = rest

    def _is_hopeless(
        self, start: int, needs: list[int], available: list[int], taken: "_Taken"
    ) -> bool:
        """Return whether no set that goes on from here is better than the best."""
        if any(map(gt, needs, available)):
            return True
        rest: float = max(sum(map(mul, needs, price)) for price in self.prices)
        least = taken.workload + ceil(rest * _SHADE - _SLACK)
        if least != self.cost[0]:
            return least > self.cost[0]
        fewest = len(taken.numbers) + max(
            -(-need // most)
            for need, most in zip(needs, self.most[start], strict=True)
            if need
        )
        return fewest > self.cost[1] or (fewest == self.cost[1] and self.is_found)


def _less(amounts: list[int], taken: Sequence[int]) -> list[int]:
    return list(map(sub, amounts, taken))


def _lean(needs: Sequence[int], columns: Sequence[Column]) -> tuple[int, ...]:
    """Return a set that meets the needs, found by taking what gives most for least."""
    left, free = list(needs), set(range(len(columns)))
    while any(left):
        best = max(
            free,
            key=lambda number: (
                sum(
                    min(gives, need) / need
                    for gives, need in zip(columns[number].gives, left, strict=True)
                    if need
                )
                / max(columns[number].workload, 1),
                -number,
            ),
        )
        free.remove(best)
        left = [max(0, need) for need in _less(left, columns[best].gives)]
    taken = [number for number in range(len(columns)) if number not in free]
    return _without_surplus(needs, columns, taken)


def _without_surplus(
    needs: Sequence[int], columns: Sequence[Column], taken: Sequence[int]
) -> tuple[int, ...]:
    """Leave out what is not needed, the dearest and latest first."""
    spare = [
        sum(columns[number].gives[place] for number in taken) - need
        for place, need in enumerate(needs)
    ]
    kept = set(taken)
    for number in sorted(taken, key=lambda each: (-columns[each].workload, -each)):
        without = _less(spare, columns[number].gives)
        if min(without) >= 0:
            kept.remove(number)
            spare = without
    return tuple(sorted(kept))


def _twins(columns: Sequence[Column]) -> list[tuple[int, ...]]:
    """Return for each column the later ones that cost and give the same."""
    alike: dict[Column, list[int]] = {}
    for number, column in enumerate(columns):
        alike.setdefault(column, []).append(number)
    return [
        tuple(each for each in alike[column] if each > number)
        for number, column in enumerate(columns)
    ]


def _prices(needs: Sequence[int], columns: Sequence[Column]) -> list[tuple[float, ...]]:
    """Return prices of the needs at which no column gives more than it costs.

    What is needed, at such prices, is a workload that no set can go below. Each
    need in turn is priced first, as high as the columns allow.
    """
    width = range(len(needs))
    found = []
    for first in width:
        order = sorted(width, key=lambda place: (place != first, -needs[place]))
        left = [float(column.workload) for column in columns]
        price = [0.0] * len(needs)
        for place in order:
            asked = [
                (each.gives[place], rest)
                for each, rest in zip(columns, left, strict=True)
                if each.gives[place]
            ]
            price[place] = max(0.0, min(rest / gives for gives, rest in asked))
            left = [
                rest - price[place] * each.gives[place]
                for each, rest in zip(columns, left, strict=True)
            ]
        found.append(tuple(price))
    return list(dict.fromkeys(found))


def _most(columns: Sequence[Column], width: int) -> list[tuple[int, ...]]:
    """Return the most that one column gives to each need, from each column on."""
    most, rows = (0,) * width, []
    for column in reversed(columns):
        most = tuple(map(max, most, column.gives))
        rows.append(most)
    return rows[::-1]
