"""Payloads and records, compressed with a dictionary of what they have in common.

The first byte names the dictionary; what was packed once can be unpacked for ever,
so a dictionary that was in use is never changed. Texts packed without one begin with
the first byte of a zlib stream.
"""

import zlib
from functools import cache
from importlib.resources import files
from typing import Any

import orjson
from sqlalchemy import Dialect, LargeBinary, TypeDecorator

PAYLOADS, RECORDS = 1, 2
"""The newest dictionary for each kind of text."""

_LEVEL = 3
_WINDOW_BITS = 13
_MEMORY = 6
_PLAIN_ZLIB = 0x78


def pack(content: bytes, dictionary: int = PAYLOADS) -> bytes:
    """Return the content compressed."""
    compressor = _primed(dictionary).copy()
    return bytes((dictionary,)) + compressor.compress(content) + compressor.flush()


def unpack(packed: bytes) -> bytes:
    """Return the content that was packed.

    Raises:
        zlib.error: These bytes were never packed.
    """
    if packed[0] == _PLAIN_ZLIB:
        return zlib.decompress(packed)
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS, zdict=_dictionary(packed[0]))
    return decompressor.decompress(packed[1:])


@cache
def _primed(dictionary: int) -> "zlib._Compress":
    """Return a compressor that has read a dictionary; it is copied for each use."""
    return zlib.compressobj(
        _LEVEL, zlib.DEFLATED, -_WINDOW_BITS, _MEMORY, zdict=_dictionary(dictionary)
    )


@cache
def _dictionary(version: int) -> bytes:
    directory = files("recognition_service.attestations") / "dictionaries"
    return (directory / f"{version}.txt").read_bytes().rstrip(b"\n")


class Packed(bytes):
    """A record that is packed already, for several rows that hold the same."""

    __slots__ = ()


class PackedJSON(TypeDecorator[dict[str, Any]]):
    """A JSON object in a column, packed as a record.

    It may be given as JSON text too, where that was written for another purpose, or
    packed already.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        """Pack an object."""
        del dialect
        if value is None or isinstance(value, Packed):
            return value
        text = value if isinstance(value, bytes) else orjson.dumps(value)
        return pack(text, RECORDS)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Unpack it again."""
        del dialect
        return None if value is None else orjson.loads(unpack(value))
