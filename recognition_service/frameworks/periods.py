"""Periods as they stand in cells: ISO dates that sort as text, "" for open ends."""

from recognition_service.frameworks.files import RawRow


def is_reversed(begin: str, end: str) -> bool:
    """Tell whether a period ends before it begins; an open end never does."""
    return bool(begin and end) and end < begin


def overlap(
    one: RawRow, other: RawRow, begin: str = "valid_from", end: str = "valid_to"
) -> bool:
    """Tell whether two rows may hold on the same day.

    An empty begin is "not established": it may be any day, so it may overlap.
    """
    return not (
        is_reversed(one.cell(begin), other.cell(end))
        or is_reversed(other.cell(begin), one.cell(end))
    )
