"""What a PDF would do to its reader, found without reading it as a PDF.

The names of what may run, start or carry something are looked for in the bytes, also
where their characters are written as `#xx`, and in objects that are packed together.

Source: ISO 32000-2, sections 7.3.5 (names), 7.5.2 and 7.5.5 (header and trailer), 7.5.7
(object streams), 7.6 (encryption), 7.11.4 (embedded files) and 12.6.4 (actions).
"""

import re
import zlib

_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_END = b"%%EOF"
_PADDING = b"\x00\t\n\x0c\r "
_PIECE = 1 << 14
_MOST_UNPACKED = 64 << 20
"""How many bytes are read and made in all while object streams are unpacked.

They are counted by pieces, so that of the smallest streams there may be four thousand.
"""


def _spelled(*words: str) -> str:
    """Return a pattern of words, each of their characters plain or as `#xx`."""
    patterns = []
    for word in words:
        letters = []
        for letter in word:
            code = "".join(
                f"[{digit}{digit.upper()}]" if digit.isalpha() else digit
                for digit in f"{ord(letter):02x}"
            )
            letters.append(f"(?:{letter}|#{code})")
        patterns.append("".join(letters))
    return "|".join(patterns)


_ACTIVE_NAMES = (
    "JavaScript",
    "Rendition",
    "Launch",
    "EmbeddedFile",
    "EmbeddedFiles",
    "FileAttachment",
)
# Three bytes stand by chance in any picture: these count outside of streams only. An
# action with `JS` is one of those above, by its type.
_SHORT_NAMES = ("JS", "EF")
_NAME_ENDS = r"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"
_NAMES = re.compile(
    (
        "/(?=[EFJLOR#])(?:"
        f"(?P<pdf_encrypted>{_spelled('Encrypt')})"
        f"|(?P<pdf_active>{_spelled(*_ACTIVE_NAMES)})"
        f"|(?P<short>{_spelled(*_SHORT_NAMES)})"
        f"|(?P<packed>{_spelled('ObjStm')})"
        f"){_NAME_ENDS}"
    ).encode("ascii")
)
_SHORT = re.compile(f"/(?:{_spelled(*_SHORT_NAMES)}){_NAME_ENDS}".encode("ascii"))
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_STREAM_END = b"endstream"
# An object stream begins with pairs of numbers; what else comes out was packed twice.
_PAIRS = re.compile(rb"[\t\n\x0c\r ]*[0-9]+[\t\n\x0c\r ]+[0-9]+")


def pdf_fault(content: bytes) -> str | None:
    """Return what is wrong with a PDF, None if nothing was found."""
    if not _HEADER.match(content):
        return "not_a_pdf"
    end = content.rfind(_END)
    if end < 0:
        return "truncated"
    if content[end + len(_END) :].strip(_PADDING):
        return "trailing_bytes"
    return _named_fault(content)


def _named_fault(content: bytes) -> str | None:
    """Return what the names say that the PDF does."""
    has_short, packed = False, list[int]()
    for found in _NAMES.finditer(content):
        match found.lastgroup:
            case "short":
                has_short = True
            case "packed":
                if not packed or packed[-1] < found.end():
                    stream = _STREAM.search(content, found.end())
                    packed.append(stream.end() if stream else len(content))
            case fault:
                return fault
    if has_short and _SHORT.search(_outside(content)):
        return "pdf_active"
    return _packed_fault(content, packed)


def _outside(content: bytes) -> bytes:
    """Return what does not lie in streams."""
    pieces, position = [], 0
    while (found := _STREAM.search(content, position)) is not None:
        end = content.find(_STREAM_END, found.end())
        if end < 0:
            break
        pieces.append(content[position : found.start()])
        position = end + len(_STREAM_END)
    return b" ".join([*pieces, content[position:]])


def _packed_fault(content: bytes, starts: list[int]) -> str | None:
    """Look into the objects that are packed together, one stream after the other."""
    left = _MOST_UNPACKED
    for start in starts:
        unpacked, used = _unpacked(content, start, left)
        left -= used
        if unpacked is None or (unpacked and not _PAIRS.match(unpacked)):
            return "pdf_unreadable"
        if _NAMES.search(unpacked):
            return "pdf_active"
    return None


def _unpacked(content: bytes, start: int, most: int) -> tuple[bytes | None, int]:
    """Return what a stream holds, None if that cannot be told, and the bytes used."""
    inflater, pieces, used = zlib.decompressobj(), [], 0
    position = start
    try:
        while not inflater.eof and used < most:
            piece = inflater.unconsumed_tail
            if not piece:
                piece = content[position : position + _PIECE]
                position += len(piece)
                used += len(piece)
                if not piece:
                    return None, used
            made = inflater.decompress(piece, _PIECE)
            used += len(made)
            pieces.append(made)
    except zlib.error:
        return None, used
    return (b"".join(pieces) if inflater.eof else None), used
