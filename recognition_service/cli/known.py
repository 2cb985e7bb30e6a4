"""Which installations somebody made on this machine, so that their files are known.

Whoever packs a file can pack a trust list of their own beside it. So a directory in
which a file lies is believed only if an installation was made there by this user,
which is written down outside of it.
"""

from pathlib import Path

from recognition_service.config import state_dir

_LIST = "installations"
_MOST = 200


def remember(directory: Path) -> None:
    """Write down that an installation was made here; a read-only home is no fault."""
    place = state_dir()
    known = _read(place)
    path = str(directory.resolve())
    if path in known:
        return
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = [*known, path][-_MOST:]
        (place / _LIST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return


def installation_around(file: Path) -> Path | None:
    """Return the nearest folder above a file in which an installation was made."""
    known = set(_read(state_dir()))
    for folder in file.resolve().parents:
        if str(folder) in known:
            return folder
    return None


def _read(place: Path) -> list[str]:
    try:
        return (place / _LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []
