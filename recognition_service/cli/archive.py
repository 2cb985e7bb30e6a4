"""One file with all that an installation consists of: database, keys, settings.

A database is copied through SQLite's own backup, so that a running service need not
stop. The keys are read after the database: none that it names can be missing.
"""

import json
import os
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

from recognition_service.cli.errors import BackupRefusedError
from recognition_service.config import Config

FORMAT = "recognition-backup/1"
DATABASE = "recognition.sqlite3"
SETTINGS = "settings.json"
_KEYS = "keys/"
_PRIVATE = 0o600
_PRIVATE_DIRECTORY = 0o700


def database_file(config: Config) -> Path:
    """Return where the embedded database lies.

    Raises:
        BackupRefusedError: The database is PostgreSQL.
    """
    scheme, _, path = config.database_url.partition(":///")
    if not scheme.startswith("sqlite"):
        raise BackupRefusedError(
            "PostgreSQL has its own backup: use pg_dump and pg_restore, and copy the "
            f"keys in {config.keys_dir} as well."
        )
    return Path(path)


def write_archive(target: Path, config: Config, settings: dict[str, Any]) -> int:
    """Write the archive and return how many keys are in it.

    Raises:
        BackupRefusedError: The target exists, or there is nothing to back up.
    """
    database = database_file(config)
    if not database.is_file():
        raise BackupRefusedError(f"There is no database {database}.")
    copy = target.with_name(f".{target.name}.database")
    try:
        with _created(target) as file, tarfile.open(fileobj=file, mode="w") as archive:
            _copy_database(database, copy)
            _add(
                archive,
                SETTINGS,
                json.dumps({"format": FORMAT, **settings}, indent=1).encode(),
            )
            archive.add(copy, DATABASE, filter=_anonymous)
            # There are no files where the keys lie on a token.
            keys = sorted(path for path in config.keys_dir.glob("*") if path.is_file())
            for key in keys:
                _add(archive, _KEYS + key.name, key.read_bytes())
    finally:
        copy.unlink(missing_ok=True)
    return sum(key.suffix == ".pem" for key in keys)


def read_archive(source: Path, config: Config) -> dict[str, Any]:
    """Put database and keys of an archive where an installation expects them.

    Raises:
        BackupRefusedError: Something is there already, or it is no such archive;
            nothing was written.
    """
    database = database_file(config)
    for place in (database, config.keys_dir):
        if place.is_file() or (place.is_dir() and any(place.iterdir())):
            raise BackupRefusedError(
                f"{place} exists already; restore into another directory."
            )
    try:
        with tarfile.open(source) as archive:
            members = {member.name: member for member in archive}
            settings = _settings(archive, members)
            _require_known(members)
            for directory in (database.parent, config.keys_dir):
                directory.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_DIRECTORY)
            for name, member in members.items():
                if name == DATABASE:
                    _extract(archive, member, database)
                elif name != SETTINGS:
                    _extract(
                        archive, member, config.keys_dir / name.removeprefix(_KEYS)
                    )
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefusedError(f"{source} is no backup: {error}.") from error
    _require_whole(database)
    return settings


def _created(path: Path) -> Any:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    except FileExistsError as error:
        raise BackupRefusedError(
            f"{path} exists already; a backup never overwrites."
        ) from error
    return os.fdopen(descriptor, "wb")


def _copy_database(database: Path, copy: Path) -> None:
    _created(copy).close()
    with (
        closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), _PRIVATE
    archive.addfile(member, BytesIO(content))


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.mode, member.uid, member.gid = _PRIVATE, 0, 0
    member.uname = member.gname = ""
    return member


def _settings(
    archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo]
) -> dict[str, Any]:
    file = archive.extractfile(members[SETTINGS]) if SETTINGS in members else None
    try:
        settings = json.load(file) if file is not None else None
    except ValueError:
        settings = None
    if not isinstance(settings, dict) or settings.get("format") != FORMAT:
        raise BackupRefusedError(f"The file is no backup of the form {FORMAT}.")
    return settings


def _require_known(members: dict[str, tarfile.TarInfo]) -> None:
    """Refuse what a backup never holds: other names, links, ways out."""
    for name in _unknown(members):
        raise BackupRefusedError(f"A backup does not hold {name!r}.")
    if DATABASE not in members:
        raise BackupRefusedError("The backup holds no database.")


def _unknown(members: dict[str, tarfile.TarInfo]) -> Iterator[str]:
    for name, member in members.items():
        key = name.removeprefix(_KEYS)
        is_key = name.startswith(_KEYS) and key == Path(key).name and key != ".."
        if not member.isreg() or not (is_key or name in {DATABASE, SETTINGS}):
            yield name


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    content = archive.extractfile(member)
    if content is not None:
        with content, _created(target) as file:
            while block := content.read(1 << 20):
                file.write(block)


def _require_whole(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        (found,) = connection.execute("PRAGMA quick_check").fetchone()
    if found != "ok":
        raise BackupRefusedError(f"The database of the backup is damaged: {found}.")
