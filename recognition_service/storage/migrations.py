"""Bringing the database to the schema that this code needs."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from recognition_service.storage.engine import Database
from recognition_service.storage.errors import SchemaBehindError


def migrations_dir() -> Path:
    """Return where the migration scripts lie, in a clone or in the wheel."""
    package = Path(str(files("recognition_service")))
    shipped = package / "shipped" / "migrations"
    return shipped if shipped.exists() else package.parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply all migrations up to a revision; does nothing if there are none."""
    with database.engine.begin() as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to a revision; "base" empties the database."""
    with database.engine.begin() as connection:
        config = _alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def current_revision(engine: Engine) -> str | None:
    """Return the revision that the database is at, or None if it is empty."""
    with engine.execution_options(read_only=True).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the revision that this code needs."""
    return ScriptDirectory.from_config(_alembic_config()).get_current_head()


def require_current(database: Database) -> None:
    """Refuse a database that has another schema than the code.

    Raises:
        SchemaBehindError: `recognition db upgrade` has not run, or a newer
            version of the service has used this database.
    """
    found, needed = current_revision(database.engine), newest_revision()
    if found != needed:
        raise SchemaBehindError(
            f"The database is at schema {found}, this version needs {needed}; "
            "run `recognition db upgrade`."
        )


def _alembic_config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(migrations_dir()))
    return config
