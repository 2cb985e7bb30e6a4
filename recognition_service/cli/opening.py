"""Opening the installation that a command is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recognition_service.cli.known import remember
from recognition_service.config import DEFAULT_PORT, Config, read_config
from recognition_service.runtime.opening import make_installation, open_runtime
from recognition_service.runtime.runtime import Runtime


@contextmanager
def installation(data_dir: Path | None) -> Iterator[Runtime]:
    """Open the installation of a directory, or of the environment.

    Raises:
        NotInstalledError: There is none.
        KeyStoreError: A private key cannot be opened.
    """
    runtime = open_runtime(read_config(data_dir))
    try:
        yield runtime
    finally:
        runtime.close()


def wanted_url(config: Config, port: int = DEFAULT_PORT) -> str:
    """Return the public URL that a new installation gets."""
    return config.public_url or f"http://127.0.0.1:{port}"


def make_server(config: Config, port: int = DEFAULT_PORT) -> None:
    """Make an installation that is no demonstration, or upgrade its schema."""
    make_installation(config, public_url=wanted_url(config, port), is_demo=False)
    remember(config.data_dir)
