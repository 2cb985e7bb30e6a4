"""The headers of pictures: how large a picture says it is, and whether it is whole.

Nothing is decoded. A picture of a hundred kilobytes can have a thousand megapixels.
"""

import re

MOST_PIXELS = 40_000_000

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IHDR = b"\x00\x00\x00\rIHDR"
_IEND = b"\x00\x00\x00\x00IEND\xaeB`\x82"
_PNG_HEADER = 33
"""Signature, and the first chunk with its length, type, 13 bytes and check sum."""

_SOI, _EOI = b"\xff\xd8\xff", b"\xff\xd9"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LAST = frozenset({0xD9, 0xDA})
"""The scan, or the end, before which the frame must stand."""

_SEGMENT = re.compile(rb"\xff+([^\xff])(..)(?:.(..)(..))?", re.DOTALL)
"""Marker, length, and what are height and width if the segment is a frame."""

_MOST_SEGMENTS = 5_000


def png_fault(content: bytes) -> str | None:
    """Return what is wrong with a PNG, None if nothing is.

    Source: Portable Network Graphics (third edition), sections 5.2, 5.3, 11.2.1 and
    11.2.4.
    """
    if not content.startswith(_PNG_SIGNATURE + _IHDR):
        return "not_a_png"
    if len(content) < _PNG_HEADER:
        return "truncated"
    width = int.from_bytes(content[16:20], "big")
    height = int.from_bytes(content[20:24], "big")
    return _size_fault(width, height, "not_a_png") or _end_fault(content, _IEND)


def jpeg_fault(content: bytes) -> str | None:
    """Return what is wrong with a JPEG, None if nothing is.

    Phones add further pictures after the first one, so only the last bytes are looked
    at, and padding after them is let pass.

    Source: ITU-T T.81, annex B, sections B.1.1 and B.2.2.
    """
    if not content.startswith(_SOI):
        return "not_a_jpeg"
    frame = _first_frame(content)
    if frame is None:
        return "truncated"
    fault = _size_fault(*frame, "not_a_jpeg")
    if fault is None and not content.rstrip(b"\x00\r\n ").endswith(_EOI):
        return "trailing_bytes" if _EOI in content else "truncated"
    return fault


def _size_fault(width: int, height: int, without: str) -> str | None:
    if not width or not height:
        return without
    return "too_many_pixels" if width * height > MOST_PIXELS else None


def _end_fault(content: bytes, end: bytes) -> str | None:
    if content.endswith(end):
        return None
    return "trailing_bytes" if end in content else "truncated"


def _first_frame(content: bytes) -> tuple[int, int] | None:
    """Return width and height of the picture, None if its header is not there."""
    position = len(_SOI) - 1
    for _ in range(_MOST_SEGMENTS):
        found = _SEGMENT.match(content, position)
        if found is None or found[1][0] in _LAST:
            return None
        if found[1][0] in _FRAMES:
            if found[4] is None:
                return None
            return int.from_bytes(found[4], "big"), int.from_bytes(found[3], "big")
        position = found.start(2) + int.from_bytes(found[2], "big")
    return None
