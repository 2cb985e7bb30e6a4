"""Many files as one archive, the same bytes for the same files."""

import re
import unicodedata
from collections.abc import Mapping
from io import BytesIO
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest instant that a ZIP file can hold: it says that none is told."""
_UNIX = 3
_READABLE = 0o644 << 16
_NOT_IN_NAMES = re.compile(r"[^\w .()+-]+")
_LONGEST_NAME = 80
_LONGEST_ENDING = 10
_NAMELESS = "document"
_TYPES = MimeTypes()
"""What Python itself knows; what a machine knows besides would change our archives."""


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


def file_name(given: str | None, media_type: str) -> str:
    """Return a name for a file of somebody else that is harmless on every system.

    Args:
        given: What they call it, or None.
        media_type: Says how the name ends where they do not.
    """
    composed = unicodedata.normalize("NFC", given or "")
    plain = _NOT_IN_NAMES.sub("_", composed).strip(" ._")
    ending = PurePosixPath(plain).suffix
    if not 1 < len(ending) <= _LONGEST_ENDING or " " in ending:
        ending = _TYPES.guess_extension(media_type) or ".bin"
    stem = plain.removesuffix(ending)[:_LONGEST_NAME].strip(" ._")
    return f"{stem or _NAMELESS}{ending}"
