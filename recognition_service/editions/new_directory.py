"""A directory that is there with all of its files, or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from recognition_service.editions.errors import DirectoryInUseError

_MODE = 0o755


@contextmanager
def new_directory(directory: Path) -> Iterator[Path]:
    """Yield a place beside the directory; it takes the name when all went well.

    Raises:
        DirectoryInUseError: There is a file of that name, or something in it.
    """
    if directory.is_symlink() or (
        directory.exists() and (not directory.is_dir() or any(directory.iterdir()))
    ):
        raise DirectoryInUseError(
            f"{directory} is not empty; name a directory that is new or empty."
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    place = Path(mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        yield place
        place.chmod(_MODE)
        place.rename(directory)
    finally:
        shutil.rmtree(place, ignore_errors=True)
