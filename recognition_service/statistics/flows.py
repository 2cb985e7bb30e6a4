"""Between which numbers a hidden count can lie, told exactly and without a solver.

A table with its totals is a circulation: the total flows from one end to the rows,
from each row through its cells to the columns, and from these to the other end and
back. What is published is an arc whose flow is known; along the hidden arcs flow can
be moved around without anything published changing. How far a hidden count can go up
or down is therefore a largest flow in what is hidden, in whole numbers.

Source: L. H. Cox, "Network models for complementary cell suppression", Journal of the
American Statistical Association 90 (1995); L. R. Ford and D. R. Fulkerson, "Flows in
Networks" (1962), chapter I.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

Node = str


@dataclass(slots=True)
class Arc:
    """A count of a table with its totals, between the two lines that it is part of.

    Attributes:
        count: What it truly is, never negative.
        is_hidden: Whether it is not published.
        may_hide: Whether it can be hidden for the sake of others.
    """

    tail: Node
    head: Node
    count: int
    is_hidden: bool = False
    may_hide: bool = True


class Circulation:
    """A table with its totals; what is hidden only ever grows."""

    def __init__(self, arcs: Sequence[Arc]) -> None:
        """Take over the counts; at each node as much must go in as goes out."""
        self.arcs = arcs
        self._leaving: dict[Node, list[int]] = {}
        self._entering: dict[Node, list[int]] = {}
        for number, arc in enumerate(arcs):
            self._leaving.setdefault(arc.tail, []).append(number)
            self._entering.setdefault(arc.head, []).append(number)
        self._most = 1 + max((arc.count for arc in arcs), default=0)

    def room(self, number: int, enough: int) -> tuple[int, int]:
        """Return how far a hidden count can go down and up, at most `enough` each."""
        arc = self.arcs[number]
        up, _ = self._move(number, arc.head, arc.tail, enough)
        most = min(arc.count, enough)
        down, _ = self._move(number, arc.tail, arc.head, most)
        return down, up

    def protect(self, width: int) -> bool:
        """Hide more until each hidden count could be anything over a range.

        Returns:
            Whether all ranges have become so wide.

        Args:
            width: By how much the ends of the range must differ at least.
        """
        waiting = deque(number for number, arc in enumerate(self.arcs) if arc.is_hidden)
        is_protected = True
        while waiting:
            number = waiting.popleft()
            while sum(self.room(number, width)) < width:
                path = self._cheapest_way(number, width)
                if not path:
                    is_protected = False
                    break
                for each in path:
                    self.arcs[each].is_hidden = True
                    waiting.append(each)
        return is_protected

    def _move(
        self, without: int, start: Node, end: Node, enough: int
    ) -> tuple[int, dict[int, int]]:
        """Move as much as possible from one node to another along hidden arcs.

        Returns:
            How much was moved, and by how much the count of each arc has changed.
        """
        moved: dict[int, int] = {}
        total = 0
        while total < enough:
            steps = self._way(without, start, end, moved)
            if steps is None:
                break
            most = min(
                [
                    enough - total,
                    *(
                        self.arcs[number].count + moved.get(number, 0)
                        for number, direction in steps
                        if direction < 0
                    ),
                ]
            )
            for number, direction in steps:
                moved[number] = moved.get(number, 0) + direction * most
            total += most
        return total, moved

    def _way(
        self, without: int, start: Node, end: Node, moved: dict[int, int]
    ) -> list[tuple[int, int]] | None:
        """Return a shortest way along hidden arcs; None: there is none."""
        came: dict[Node, tuple[Node, int, int]] = {}
        waiting, seen = deque([start]), {start}
        while waiting and end not in seen:
            node = waiting.popleft()
            for number, direction, neighbour in self._steps(node, moved):
                hidden = self.arcs[number].is_hidden and number != without
                if hidden and neighbour not in seen:
                    seen.add(neighbour)
                    came[neighbour] = node, number, direction
                    waiting.append(neighbour)
        return _back(came, start, end) if end in seen else None

    def _cheapest_way(self, number: int, enough: int) -> list[int]:
        """Return what must be hidden besides to give a count more room."""
        arc = self.arcs[number]
        _, moved = self._move(number, arc.head, arc.tail, enough)
        found = self._cheapest(number, arc.head, arc.tail, moved)
        if found:
            return found
        most = min(arc.count, enough)
        down, moved = self._move(number, arc.tail, arc.head, most)
        if down == most:
            return []
        return self._cheapest(number, arc.tail, arc.head, moved)

    def _cheapest(
        self, without: int, start: Node, end: Node, moved: dict[int, int]
    ) -> list[int]:
        """Return the arcs to hide on the cheapest way; fewest people lose a figure."""
        came: dict[Node, tuple[Node, int, int]] = {}
        best, waiting = {start: 0}, [(0, start)]
        while waiting:
            cost, node = heappop(waiting)
            if node == end:
                break
            if cost > best[node]:
                continue
            for number, direction, neighbour in self._steps(node, moved):
                price = self._price(number)
                if number == without or price is None:
                    continue
                if cost + price < best.get(neighbour, cost + price + 1):
                    best[neighbour] = cost + price
                    came[neighbour] = node, number, direction
                    heappush(waiting, (cost + price, neighbour))
        if end not in best:
            return []
        return [
            each for each, _ in _back(came, start, end) if not self.arcs[each].is_hidden
        ]

    def _price(self, number: int) -> int | None:
        """Return what hiding costs; a zero, which protects nobody, comes last."""
        arc = self.arcs[number]
        if arc.is_hidden:
            return 0
        if not arc.may_hide:
            return None
        return arc.count or self._most

    def _steps(
        self, node: Node, moved: dict[int, int]
    ) -> Iterator[tuple[int, int, Node]]:
        """Yield arcs along which something can be moved from a node, and whither."""
        for number in self._leaving.get(node, ()):
            yield number, 1, self.arcs[number].head
        for number in self._entering.get(node, ()):
            if self.arcs[number].count + moved.get(number, 0) > 0:
                yield number, -1, self.arcs[number].tail


def _back(
    came: dict[Node, tuple[Node, int, int]], start: Node, end: Node
) -> list[tuple[int, int]]:
    steps = []
    node = end
    while node != start:
        node, number, direction = came[node]
        steps.append((number, direction))
    return steps
