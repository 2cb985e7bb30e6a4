"""Options that many commands share, and kinds of values given on the command line."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import click

from recognition_service.clock import parse_instant

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_LAST_SECOND = time(23, 59, 59, tzinfo=UTC)

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="RECOGNITION_DATA_DIR",
    show_envvar=True,
    help="Directory of the installation.",
)
authority_option = click.option(
    "--authority", "authority_id", required=True, help="Id of the authority."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON value."
)
language_option = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "fr"]),
    default="en",
    show_default=True,
    help="Language of the sentences.",
)


def day(text: str) -> date:
    """Read a date such as 2026-11-02.

    Raises:
        click.BadParameter: It is none.
    """
    found = _day_or_none(text)
    if found is None:
        raise click.BadParameter(f"{text!r} is not a date such as 2026-11-02.")
    return found


def instant(text: str) -> datetime:
    """Read an instant such as 2026-11-02T09:00:00Z.

    Raises:
        click.BadParameter: It is none, or lacks its zone.
    """
    try:
        return parse_instant(text)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(
            f"{text!r} is not an instant such as 2026-11-02T09:00:00Z."
        ) from error


def day_or_instant(text: str) -> datetime:
    """Read an instant, or a date, which means the end of that day in UTC.

    Raises:
        click.BadParameter: Neither.
    """
    found = _day_or_none(text)
    return datetime.combine(found, _LAST_SECOND) if found else instant(text)


def _day_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        return None
