"""Human numbers such as "REC-2026-004211": one series per authority and year."""

from typing import Any

from sqlalchemy import Dialect, bindparam
from sqlalchemy.orm import Session

from recognition_service.storage.models import NumberSeries
from recognition_service.storage.prepared import Prepared
from recognition_service.storage.upsert import insert_on


def _count_up(dialect: Dialect) -> Any:
    insert = insert_on(dialect, NumberSeries)
    return (
        insert.values(
            {name: bindparam(name) for name in ("authority_id", "series", "last")}
        )
        .on_conflict_do_update(
            index_elements=["authority_id", "series"],
            set_={"last": NumberSeries.last + insert.excluded.last},
        )
        .returning(NumberSeries.last)
    )


_COUNT_UP = Prepared(_count_up)


def next_number(session: Session, authority_id: str, prefix: str, year: int) -> str:
    """Return the next number of a series, counted from 1 each year.

    The caller owns the transaction; a roll-back gives the number back.
    """
    return next_numbers(session, authority_id, prefix, year, count=1)[0]


def next_numbers(
    session: Session, authority_id: str, prefix: str, year: int, *, count: int
) -> list[str]:
    """Return the next numbers of a series in their order, without a gap.

    The caller owns the transaction; a roll-back gives the numbers back.
    """
    series = f"{prefix}-{year}"
    row = _COUNT_UP.first(session, authority_id=authority_id, series=series, last=count)
    last = row[0] if row else count
    return [f"{series}-{last - count + place:06d}" for place in range(1, count + 1)]
