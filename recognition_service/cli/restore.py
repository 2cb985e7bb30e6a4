"""`recognition restore`: an installation from a backup."""

from pathlib import Path

import click

from recognition_service.cli.archive import read_archive
from recognition_service.cli.known import remember
from recognition_service.cli.options import data_dir_option
from recognition_service.cli.output import plain, say
from recognition_service.config import read_config


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@data_dir_option
def restore(file: Path, data_dir: Path | None) -> None:
    """Make an installation from the backup FILE; nothing is ever overwritten."""
    config = read_config(data_dir)
    settings = read_archive(file, config)
    remember(config.data_dir)
    say(
        plain(
            f"Restored {settings.get('public_url')} as of {settings.get('made_at')} "
            f"into {config.data_dir}."
        )
    )
