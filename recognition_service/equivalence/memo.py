"""What was concluded before, by kind of question and epoch, and what it rests on.

The memory is bounded: when it is full it is emptied, and conclusions are worked out
again. Entries are immutable and are replaced as a whole, so that threads need no
lock: at worst two of them work out the same conclusion.
"""

from collections.abc import Hashable
from typing import NamedTuple

from recognition_service.equivalence.answer import Conclusion
from recognition_service.frameworks.conditions import Condition

LIMIT = 20_000

Asked = tuple[tuple[Condition, ...], ...]
"""What statements ask for, by place."""


class Epoch(NamedTuple):
    """One conclusion and the days for which it holds, as ordinals.

    The award date lies in `since <= day < until`, the day of the question in
    `asked_since <= day < asked_until`.
    """

    since: int
    until: int
    asked_since: int
    asked_until: int
    conclusion: Conclusion


class Memo:
    """Conclusions by kind of question, each with its epochs.

    Attributes:
        entries: By kind of question and by which conditions the facts meet.
        asked: On which conditions answers may rest, by kind of question; only of
            kinds that have entries.
        limit: How many entries are remembered at most.
    """

    __slots__ = ("asked", "entries", "limit")

    def __init__(self, limit: int = LIMIT) -> None:
        self.entries: dict[Hashable, tuple[Epoch, ...]] = {}
        self.asked: dict[Hashable, Asked] = {}
        self.limit = limit

    def recall(self, key: Hashable, awarded: int, asked: int) -> Conclusion | None:
        """Return what was concluded for these days, or `None`.

        A kind of question has a handful of epochs: to look at each of them is
        quicker than to search among their first days.
        """
        for since, until, asked_since, asked_until, conclusion in self.entries.get(
            key, ()
        ):
            if since <= awarded < until and asked_since <= asked < asked_until:
                return conclusion
        return None

    def keep(self, key: Hashable, epoch: Epoch) -> None:
        """Remember a conclusion; epochs that it overlaps are forgotten."""
        if len(self.entries) >= self.limit:
            self.forget()
        apart = (
            other
            for other in self.entries.get(key, ())
            if other.until <= epoch.since or epoch.until <= other.since
        )
        self.entries[key] = (*apart, epoch)

    def forget(self) -> None:
        """Forget everything, so that it is worked out again."""
        self.entries.clear()
        self.asked.clear()
