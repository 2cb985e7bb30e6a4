"""Every migration goes up and down, with data, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from recognition_service.storage import migrations
from recognition_service.storage.base import Base
from recognition_service.storage.errors import SchemaBehindError
from recognition_service.storage.models import NumberSeries
from recognition_service.storage.numbering import next_number


def revisions():
    directory = ScriptDirectory.from_config(migrations._alembic_config())
    return [script.revision for script in directory.walk_revisions()][::-1]


def test_the_code_knows_its_newest_revision():
    assert revisions()[-1] == migrations.NEWEST


def test_the_models_and_the_migrations_say_the_same(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Base.metadata)
    assert [d for d in differences if "_search" not in str(d)] == []


@pytest.mark.parametrize("revision", revisions())
def test_a_revision_goes_down_and_up_again_and_keeps_the_data(database, revision):
    with database.transaction() as session:
        next_number(session, "a", "REC", 2026)
    order = revisions()
    before = order[order.index(revision) - 1] if order.index(revision) else None
    if before is None:
        migrations.downgrade(database, "base")
        tables = set(inspect(database.engine).get_table_names())
        assert tables <= {"alembic_version"}
        migrations.upgrade(database)
        return
    migrations.downgrade(database, before)
    migrations.upgrade(database)
    with database.reading() as session:
        assert session.get(NumberSeries, ("a", "REC-2026")).last == 1


def test_a_database_of_another_schema_is_refused_with_the_command_that_helps(database):
    migrations.require_current(database)
    migrations.downgrade(database, "base")
    with pytest.raises(SchemaBehindError, match="recognition db upgrade"):
        migrations.require_current(database)
