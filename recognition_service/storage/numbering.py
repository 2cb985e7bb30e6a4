"""Human numbers such as "REC-2026-004211": one series per authority and year."""

from sqlalchemy.orm import Session

from recognition_service.storage.models import NumberSeries
from recognition_service.storage.upsert import insert_for


def next_number(session: Session, authority_id: str, prefix: str, year: int) -> str:
    """Return the next number of a series, counted from 1 each year.

    The caller owns the transaction; a roll-back gives the number back.
    """
    series = f"{prefix}-{year}"
    last = session.scalar(
        insert_for(session, NumberSeries)
        .values(authority_id=authority_id, series=series, last=1)
        .on_conflict_do_update(
            index_elements=["authority_id", "series"],
            set_={"last": NumberSeries.last + 1},
        )
        .returning(NumberSeries.last)
    )
    return f"{series}-{last:06d}"
