"""`recognition serve`: an installation on the network."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from recognition_service.cli.opening import make_server, wanted_url
from recognition_service.cli.options import data_dir_option
from recognition_service.cli.output import tell
from recognition_service.cli.serving import (
    refuse_busy_port,
    require_closed_doors,
    require_protected,
)
from recognition_service.cli.serving import serve as serve_until_stopped
from recognition_service.config import DEFAULT_PORT, Config, read_config
from recognition_service.editions.errors import NoEditionError
from recognition_service.editions.find import edition_in_force
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.runtime.opening import NotInstalledError, open_runtime
from recognition_service.runtime.runtime import Runtime

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@click.command()
@data_dir_option
@click.option("--host", default="127.0.0.1", show_default=True, help="IP address.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True
)
@click.option(
    "--behind-proxy",
    "is_behind_proxy",
    is_flag=True,
    help="A proxy with TLS stands in front; any host may be served.",
)
def serve(
    data_dir: Path | None, host: str, port: int, *, is_behind_proxy: bool
) -> None:
    """Serve the pages and the interface of an installation.

    A new directory becomes an installation first: PUBLIC_URL is fixed in it and the
    shipped tables are loaded. SIGTERM stops the service cleanly.
    """
    address = require_protected(host, is_behind_proxy=is_behind_proxy)
    config = read_config(data_dir)
    require_closed_doors(config, address, is_behind_proxy=is_behind_proxy)
    refuse_busy_port(address, port)
    runtime = _opened(config, port)
    try:
        _load_tables(runtime)
        _warn_of_another_url(runtime, config, port)
    finally:
        runtime.close()
    serve_until_stopped(config, host=address, port=port)


def _opened(config: Config, port: int) -> Runtime:
    """Open the installation; make it first if the directory is new."""
    try:
        return open_runtime(config)
    except NotInstalledError:
        tell("Making a new installation ...")
        make_server(config, port)
        return open_runtime(config)


def _load_tables(runtime: Runtime) -> None:
    """Load the shipped tables unless an edition is in force."""
    try:
        with runtime.database.reading() as session:
            edition_in_force(session)
    except NoEditionError:
        tell("Loading the shipped tables ...")
        runtime.load_edition(read_package(shipped_tables_dir()))


def _warn_of_another_url(runtime: Runtime, config: Config, port: int) -> None:
    """Say that ids keep the URL with which the installation was made.

    An installation that is known under a name of its own is reached through a
    proxy: without PUBLIC_URL in the environment nothing contradicts that name.
    """
    fixed = runtime.public_url
    is_named = urlsplit(fixed).hostname not in _LOOPBACK
    wanted = wanted_url(config, port)
    if fixed != wanted and (config.public_url is not None or not is_named):
        tell(
            f"warning: this installation was made for {fixed}; its ids and links keep "
            f"that and do not begin with {wanted}."
        )
