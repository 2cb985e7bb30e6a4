"""A day that remembers how far the answer found for it holds.

Whoever concludes asks the day itself whether a boundary has been reached. Two days
on the same side of every boundary asked about lead to the same conclusion, so the
days between the nearest boundaries form one epoch, and one conclusion serves it.
"""

from datetime import date

FOREVER = date.max.toordinal() + 1
UNKNOWN = 0  # The ordinal that stands for "no date known"; real ones start at 1.


class Day:
    """A day asked about, and the epoch around it.

    Attributes:
        ordinal: The day, as `date.toordinal` counts.
        since: First day of the epoch.
        until: Day after the last day of the epoch.
    """

    __slots__ = ("ordinal", "since", "until")

    def __init__(self, on: date) -> None:
        self.ordinal = on.toordinal()
        self.since = date.min.toordinal()
        self.until = FOREVER

    def has_reached(self, first: date) -> bool:
        """Return whether the day is `first` or later."""
        return self._has_reached(first.toordinal())

    def is_past(self, last: date) -> bool:
        """Return whether the day is later than `last`."""
        return self._has_reached(last.toordinal() + 1)

    def is_within(self, first: date | None, last: date | None) -> bool:
        """Return whether the day lies in a period; `None` is an open end."""
        return (first is None or self.has_reached(first)) and not (
            last is not None and self.is_past(last)
        )

    def _has_reached(self, boundary: int) -> bool:
        if boundary <= self.ordinal:
            self.since = max(self.since, boundary)
            return True
        self.until = min(self.until, boundary)
        return False
