"""`recognition db`: the schema of the database."""

from pathlib import Path

import click

from recognition_service.cli.opening import make_server
from recognition_service.cli.options import data_dir_option, json_option
from recognition_service.cli.output import say, say_json
from recognition_service.config import Config, read_config
from recognition_service.storage.engine import Database
from recognition_service.storage.migrations import NEWEST, current_revision


@click.group()
def db() -> None:
    """Bring the database to the schema of this version."""


@db.command()
@data_dir_option
def upgrade(data_dir: Path | None) -> None:
    """Upgrade the schema; an empty database becomes an installation.

    PUBLIC_URL is fixed in a new installation and never changes afterwards.
    """
    config = read_config(data_dir)
    make_server(config)
    say(f"The database is at schema {_current(config)}.")


@db.command()
@data_dir_option
@json_option
def current(data_dir: Path | None, *, as_json: bool) -> None:
    """Show the schema of the database and the one that this version needs."""
    found, needed = _current(read_config(data_dir)), NEWEST
    if as_json:
        say_json({"current": found, "needed": needed})
    elif found == needed:
        say(f"{found} (up to date)")
    else:
        say(f"{found or 'empty'}; this version needs {needed}: recognition db upgrade")


def _current(config: Config) -> str | None:
    database = Database(config.database_url)
    try:
        return current_revision(database.engine)
    finally:
        database.close()
