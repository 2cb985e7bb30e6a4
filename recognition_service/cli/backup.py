"""`recognition backup`: everything in one file."""

from pathlib import Path

import click

from recognition_service.cli.archive import database_file, write_archive
from recognition_service.cli.opening import installation
from recognition_service.cli.options import data_dir_option
from recognition_service.cli.output import say, tell
from recognition_service.clock import format_instant
from recognition_service.config import read_config
from recognition_service.storage.migrations import current_revision


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_dir_option
def backup(file: Path, data_dir: Path | None) -> None:
    """Write database, keys and settings into FILE; the service may be running.

    FILE must not exist. It holds private keys: keep it like the keys themselves.
    """
    database_file(read_config(data_dir))
    with installation(data_dir) as runtime:
        settings = {
            "made_at": format_instant(runtime.now()),
            "public_url": runtime.public_url,
            "schema": current_revision(runtime.database.engine),
        }
        count = write_archive(file, runtime.config, settings)
    say(str(file))
    tell(f"{count} private keys are in it; keep it like the keys themselves.")
