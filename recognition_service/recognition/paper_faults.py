"""What is wrong with what is said about a paper, by the member that says it."""

from collections.abc import Iterator, Mapping
from datetime import date

Fault = Mapping[str, str]


def fault(pointer: str, code: str, detail: str) -> Fault:
    """Return one fault, as problem documents tell it."""
    return {"pointer": pointer, "code": code, "detail": detail}


def day_faults(
    days: Mapping[str, date | None], *, born_on: date | None, today: date
) -> Iterator[Fault]:
    """Yield the days that lie before the person's birth or in the future.

    Args:
        days: By the pointer of their members; None is let pass.
        born_on: The person's birth date, None if it is not known.
        today: The legal day at the authority.
    """
    for pointer, day in days.items():
        if day is None:
            continue
        if day > today:
            yield fault(pointer, "date_in_future", f"{day} lies in the future.")
        elif born_on is not None and day < born_on:
            yield fault(pointer, "date_before_birth", "The person was not born yet.")
