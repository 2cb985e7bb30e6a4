"""A list of bytes that stays compressed: a change compresses one block anew.

The content is cut into blocks, each deflated on its own, so that it refers to nothing
before it, and ended by a full flush, so that the next one begins at a whole byte. The
compressed blocks behind one another are a plain deflate stream, whichever of them were
made anew. The checksums of the whole follow from the difference that a block made.

Source: RFC 1950 sections 2.2 and 9 (zlib, Adler-32); RFC 1951 section 3.2; RFC 1952
sections 2.3 and 8 (gzip, CRC-32).
"""

import zlib
from functools import lru_cache

BLOCK_BYTES = 8192
AT_ONCE, THOROUGH = 6, 9
_RAW_DEFLATE = -15
_BYTE_BITS = 8
_ZLIB_HEADER = b"\x78\x9c"
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
"""Empty and marked as the last one; what is before it ends at a whole byte."""
_ADLER_MODULUS = 65_521
_CRC_POLYNOMIAL = 0xEDB88320
_CRC_ONE = 1 << 31
_CRC_X = 1 << 30
_WORD = 0xFFFFFFFF


class DeflatedBlocks:
    """Bytes of a fixed number, all zero at first. Not safe for several threads."""

    def __init__(self, size: int) -> None:
        """Begin with `size` zero bytes."""
        self._content = bytearray(size)
        self._starts = range(0, size, BLOCK_BYTES)
        self._adler = zlib.adler32(self._content)
        self._crc = zlib.crc32(self._content)
        self._checksums = [_checksums(self._block(start)) for start in self._starts]
        self._deflated = [b""] * len(self._starts)
        self._changed = set(range(len(self._starts)))
        self._hasty = set(self._changed)

    def __len__(self) -> int:
        """Return the number of bytes before compression."""
        return len(self._content)

    def __getitem__(self, offset: int) -> int:
        """Return one byte."""
        return self._content[offset]

    def __setitem__(self, offset: int, value: int) -> None:
        """Change one byte; its block is compressed when a stream is asked for."""
        if self._content[offset] != value:
            self._content[offset] = value
            self._changed.add(offset // BLOCK_BYTES)

    @property
    def content(self) -> bytes:
        """The bytes before compression."""
        return bytes(self._content)

    def zlib_stream(self) -> bytes:
        """Return the whole content as one zlib stream."""
        body = self._body()
        return _ZLIB_HEADER + body + self._adler.to_bytes(4, "big")

    def gzip_stream(self) -> bytes:
        """Return the whole content as one gzip member, without a name or a time."""
        body = self._body()
        size = len(self._content) & _WORD
        trailer = self._crc.to_bytes(4, "little") + size.to_bytes(4, "little")
        return _GZIP_HEADER + body + trailer

    def compress_thoroughly(self) -> None:
        """Compress anew, at the highest level, what was compressed in haste.

        That takes twenty times as long and saves a sixth of the size.
        """
        for number in sorted(self._hasty | self._changed):
            self._compress(number, THOROUGH)
        self._hasty.clear()
        self._changed.clear()

    def _body(self) -> bytes:
        for number in sorted(self._changed):
            self._compress(number, AT_ONCE)
        self._hasty |= self._changed
        self._changed.clear()
        return b"".join((*self._deflated, _LAST_BLOCK))

    def _compress(self, number: int, level: int) -> None:
        block = self._block(self._starts[number])
        # A compressor takes more memory than most lists, so none is kept.
        compressor = zlib.compressobj(level, zlib.DEFLATED, _RAW_DEFLATE)
        self._deflated[number] = compressor.compress(block) + compressor.flush(
            zlib.Z_FULL_FLUSH
        )
        self._count_in(number, _checksums(block))

    def _count_in(self, number: int, now: tuple[int, int]) -> None:
        """Bring the checksums of the whole up to date with those of a block."""
        before, self._checksums[number] = self._checksums[number], now
        if before == now:
            return
        end = min(self._starts[number] + BLOCK_BYTES, len(self._content))
        bytes_after = len(self._content) - end
        self._adler = _adler_with(self._adler, before[0], now[0], bytes_after)
        # CRC-32 is linear: the difference counts as if zeros came behind it.
        self._crc ^= _multiplied(
            _x_to_the(bytes_after * _BYTE_BITS), before[1] ^ now[1]
        )

    def _block(self, start: int) -> bytearray:
        return self._content[start : start + BLOCK_BYTES]


def _checksums(block: bytearray) -> tuple[int, int]:
    return zlib.adler32(block), zlib.crc32(block)


def _adler_with(whole: int, before: int, now: int, bytes_after: int) -> int:
    """Return the Adler-32 of a whole in which a block was exchanged.

    The low half is the sum of all bytes; the high half is the sum of all low halves,
    and counts a byte once for itself and once for each byte behind it.
    """
    low = (now & 0xFFFF) - (before & 0xFFFF)
    high = (now >> 16) - (before >> 16) + low * bytes_after
    return ((whole >> 16) + high) % _ADLER_MODULUS << 16 | (
        (whole & 0xFFFF) + low
    ) % _ADLER_MODULUS


def _multiplied(factor: int, value: int) -> int:
    """Return the product of two polynomials modulo that of CRC-32.

    The coefficient of the lowest power stands in the highest bit.
    """
    product = 0
    while factor:
        if factor & _CRC_ONE:
            product ^= value
        factor = factor << 1 & _WORD
        value = value >> 1 ^ (_CRC_POLYNOMIAL if value & 1 else 0)
    return product


@lru_cache(maxsize=4096)
def _x_to_the(exponent: int) -> int:
    """Return a power of x modulo the polynomial of CRC-32."""
    power, square = _CRC_ONE, _CRC_X
    while exponent:
        if exponent & 1:
            power = _multiplied(square, power)
        square = _multiplied(square, square)
        exponent >>= 1
    return power
