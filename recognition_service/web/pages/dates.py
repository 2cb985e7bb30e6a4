"""Dates as people write them, in their language; instants in UTC."""

from datetime import UTC, date, datetime, time

from recognition_service.runtime.spoken_names import day as spoken_day
from recognition_service.web.pages.complaints import Complaint, ComplaintError
from recognition_service.web.pages.names import visible
from recognition_service.web.pages.rendering import page_language, t

_EARLIEST_YEAR = 1800


def day(value: str | date | None) -> str:
    """Return a date such as "21 November 2026"; text that is none stays as it is."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            return visible(value)
    return spoken_day(value, page_language())


def instant(value: str | datetime | None) -> str:
    """Return an instant such as "21 November 2026, 10:00 UTC"."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return visible(value)
    moment = value.astimezone(UTC)
    return t("page.instant", date=day(moment.date()), time=f"{moment:%H:%M}")


def read_day(entered: str, name: str) -> date | None:
    """Read an optional date field; empty is `None`.

    Raises:
        ComplaintError: Not a date of the calendar.
    """
    if not entered.strip():
        return None
    try:
        found = date.fromisoformat(entered.strip())
    except ValueError as error:
        raise ComplaintError(Complaint("wrong_date", name)) from error
    if found.year < _EARLIEST_YEAR:
        raise ComplaintError(Complaint("wrong_date", name))
    return found


def end_of(last: date) -> datetime:
    """Return the last second of a day, UTC."""
    return datetime.combine(last, time(23, 59, 59), UTC)
