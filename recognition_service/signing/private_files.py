"""Files with secrets: made and read for their owner only."""

import os
import secrets
import stat
from pathlib import Path

from recognition_service.signing.errors import KeyStoreError

PASSPHRASE_FILE = "passphrase"  # noqa: S105  # the name of a file
_KEY_FILES = ("*.pem", "*.key")


def make_private_directory(directory: Path) -> None:
    """Make a directory for its owner only, unless it is there.

    Raises:
        KeyStoreError: It cannot be made.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise KeyStoreError(
            f"The key directory {directory} cannot be made: {error.strerror}."
        ) from error


def own_passphrase(directory: Path) -> str:
    """Return the passphrase that lies in a directory; a new directory gets one.

    Raises:
        KeyStoreError: It is missing, empty, or not for its owner only.
    """
    path = directory / PASSPHRASE_FILE
    if not path.exists():
        if any(any(directory.glob(pattern)) for pattern in _KEY_FILES):
            raise KeyStoreError(
                f"{path} is missing; set RECOGNITION_KEYS_PASSPHRASE or restore it."
            )
        write_private(path, secrets.token_urlsafe(32).encode())
    passphrase = read_private(path).decode().strip()
    if not passphrase:
        raise KeyStoreError(f"{path} is empty; restore it from the backup.")
    return passphrase


def write_private(path: Path, content: bytes) -> None:
    """Write a new file for its owner only; it is on the disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read_private(path: Path) -> bytes:
    """Return the content of a file that only its owner can read.

    Raises:
        KeyStoreError: A link, a file of another user, or one that others can read.
    """
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise KeyStoreError(f"{path} is a link; put the file itself there.")
        if found.st_mode & 0o077:
            raise KeyStoreError(f"{path} can be read by others; run: chmod 600 {path}")
        if found.st_uid != os.getuid():
            raise KeyStoreError(
                f"{path} belongs to another user; run: chown {os.getuid()} {path}"
            )
        return path.read_bytes()
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read: {error.strerror}.") from error
