"""Many files as one archive, the same bytes for the same files."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest instant that a ZIP file can hold: it says that none is told."""
_UNIX = 3
_READABLE = 0o644 << 16


def to_zip(folder: str, contents: Mapping[str, bytes]) -> bytes:
    """Return files in one folder as a ZIP file, by name.

    They are not compressed: what a compressor makes differs between its versions, and
    a PDF is compressed already. No time of making is written down.

    Args:
        folder: Name of the folder.
        contents: By path within the folder, with "/" between its parts.
    """
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for path in sorted(contents):
            entry = ZipInfo(f"{folder}/{path}", _BEGINNING)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, contents[path])
    return made.getvalue()
