"""Bringing the database to the schema that this code needs."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from recognition_service.storage.errors import MigrationFailedError, SchemaBehindError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config as AlembicConfig
    from sqlalchemy import Connection, Engine

    from recognition_service.storage.engine import Database

NEWEST = "0027"
"""The revision that this code needs; a test compares it with the scripts.

Known without Alembic, whose import would take half of the time of a start.
"""


def migrations_dir() -> Path:
    """Return where the migration scripts lie, in a clone or in the wheel."""
    package = Path(str(files("recognition_service")))
    shipped = package / "shipped" / "migrations"
    return shipped if shipped.exists() else package.parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply all migrations up to a revision; does nothing if there are none.

    Raises:
        MigrationFailedError: Rows would refer to nothing afterwards; nothing changed.
    """
    from alembic import command  # noqa: PLC0415  # only schema changes need it

    with _changing(database) as config:
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to a revision; "base" empties the database.

    Raises:
        MigrationFailedError: Rows would refer to nothing afterwards; nothing changed.
    """
    from alembic import command  # noqa: PLC0415  # only schema changes need it

    with _changing(database) as config:
        command.downgrade(config, revision)


@contextmanager
def _changing(database: Database) -> Iterator[AlembicConfig]:
    """Open the one transaction in which the schema changes.

    SQLite changes a table by making it anew, and would refuse to drop one that others
    refer to. References are therefore looked at once, at the end.
    """
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield _config_of(connection)
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield _config_of(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                if broken is not None:
                    raise MigrationFailedError(
                        f"Rows of {broken[0]} would refer to nothing."
                    )
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def current_revision(engine: Engine) -> str | None:
    """Return the revision that the database is at, or None if it is empty."""
    with engine.execution_options(read_only=True).connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return str(found) if found is not None else None


def require_current(database: Database) -> None:
    """Refuse a database that has another schema than the code.

    Raises:
        SchemaBehindError: `recognition db upgrade` has not run, or a newer
            version of the service has used this database.
    """
    found, needed = current_revision(database.engine), NEWEST
    if found != needed:
        raise SchemaBehindError(
            f"The database is at schema {found}, this version needs {needed}; "
            "run `recognition db upgrade`."
        )


def _config_of(connection: Connection) -> AlembicConfig:
    config = _alembic_config()
    config.attributes["connection"] = connection
    return config


def _alembic_config() -> AlembicConfig:
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415  # as above

    config = AlembicConfig()
    config.set_main_option("script_location", str(migrations_dir()))
    return config
