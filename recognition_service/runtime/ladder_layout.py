"""Where the rungs, lines and words of ladders stand, in units of about a CSS pixel.

A picture is as wide as the text of a page on a telephone, so that its words keep
their size there. Ladders begin at different heights and marked rungs are higher than
others: no two rungs of different ladders stand side by side as if they were related.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recognition_service.equivalence.ladder import Ladder, Line, Picture, Rung

WIDTH = 328.0
TEXT_SIZE = 12.0
LINE_HEIGHT = 16.0
STEP = 24.0
RUNG_HEIGHT = 21.0
_INDENT = 9.0
_SHIFT = 8.0
_HEAD = 56.0
_BOX_HEIGHT = 30.0
_PADDING = 6.0
_COLUMNS = {1: (150.0, 0.0), 2: (100.0, 124.0), 3: (88.0, 29.0)}
_BOLD = 1.08
_WIDTHS = (
    (frozenset("iljftI.,:;|!'()[] \u2019"), 0.4),
    (frozenset("MWmw\u2014"), 0.98),
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `x` grows in the direction of reading."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def end(self) -> float:
        """Where it ends in the direction of reading."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class PlacedRung:
    """A rung and where it stands."""

    rung: Rung
    box: Box


@dataclass(frozen=True, slots=True)
class PlacedLadder:
    """A ladder and where its parts stand.

    Attributes:
        rail: Around all rungs, or around the words in their place.
        title: Where the title stands; `None` where no line begins at it.
    """

    ladder: Ladder
    head: Box
    rail: Box
    rungs: tuple[PlacedRung, ...]
    title: Box | None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line and its two ends."""

    line: Line
    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture with all its parts placed.

    Attributes:
        gap: Where words stand beside the ladder of the destination.
    """

    picture: Picture
    ladders: tuple[PlacedLadder, ...]
    lines: tuple[PlacedLine, ...]
    gap: Box
    height: float


def placed(picture: Picture) -> Panel:
    """Return where the parts of a picture stand."""
    count = len(picture.ladders)
    width, space = _COLUMNS[count]
    margin = (WIDTH - count * width - (count - 1) * space) / 2
    ladders = tuple(
        _ladder(
            picture,
            ladder,
            Box(margin + number * (width + space), number * _SHIFT, width, 0),
        )
        for number, ladder in enumerate(picture.ladders)
    )
    height = max(each.rail.y + each.rail.height for each in ladders)
    first = ladders[0]
    gap = Box(first.rail.end + _PADDING, _HEAD, space - 2 * _PADDING, height - _HEAD)
    return Panel(picture, ladders, tuple(_lines(picture, ladders)), gap, height)


def _ladder(picture: Picture, ladder: Ladder, column: Box) -> PlacedLadder:
    top, title = column.y + _HEAD, None
    begins = any(line.start is None for line in picture.lines)
    if ladder.has_title and (begins or not ladder.rungs):
        title = Box(column.x, top, column.width, _BOX_HEIGHT)
        top += STEP * 2
    y, rungs = top + _PADDING, []
    for rung in ladder.rungs:
        height = RUNG_HEIGHT + STEP * len(rung.marks)
        indent = min(rung.depth, 3) * _INDENT
        x, width = column.x + _PADDING + indent, column.width - 2 * _PADDING - indent
        rungs.append(PlacedRung(rung, Box(x, y, width, height)))
        y += height + STEP - RUNG_HEIGHT
    if not rungs:
        y += _BOX_HEIGHT
    rail = Box(column.x, top, column.width, y - top + _PADDING / 2)
    head = Box(column.x, 0, column.width, _HEAD)
    return PlacedLadder(ladder, head, rail, tuple(rungs), title)


def _lines(picture: Picture, ladders: Sequence[PlacedLadder]) -> Iterator[PlacedLine]:
    known: dict[tuple[str, str] | None, Box] = {}
    for each in ladders:
        if each.title is not None:
            known[None] = each.title
        for placed_rung in each.rungs:
            known[each.ladder.framework or "", placed_rung.rung.code] = placed_rung.box
    for line in picture.lines:
        start, end = known.get(line.start), known.get(line.end)
        if start is not None and end is not None:
            yield PlacedLine(line, (start.end, start.middle), (end.x, end.middle))


def text_width(words: str, size: float = TEXT_SIZE, *, is_bold: bool = False) -> float:
    """Return how wide words are at most in the usual fonts of screens."""
    em = sum(_em(sign) for sign in words)
    return em * size * (_BOLD if is_bold else 1)


def wrapped(words: str, width: float, *, is_bold: bool = False) -> list[str]:
    """Return words in lines that are not wider than a width.

    They are parted at blanks and after hyphens, and inside a word that is too wide.
    """
    lines = [""]
    for piece in words.replace("-", "-\0").replace(" ", " \0").split("\0"):
        if lines[-1] and not _fits(lines[-1] + piece, width, is_bold=is_bold):
            lines.append("")
        lines[-1] += piece
        while not _fits(lines[-1], width, is_bold=is_bold):
            cut = len(lines[-1]) - 1
            while cut > 1 and not _fits(lines[-1][:cut], width, is_bold=is_bold):
                cut -= 1
            lines[-1:] = [lines[-1][:cut], lines[-1][cut:]]
    return [line.strip() for line in lines if line.strip()]


def _fits(words: str, width: float, *, is_bold: bool) -> bool:
    is_one_sign = not words[1:]
    return is_one_sign or text_width(words.rstrip(), is_bold=is_bold) <= width


def _em(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in {"W", "F"}:
        return 1.05
    for signs, width in _WIDTHS:
        if sign in signs:
            return width
    return 0.73 if sign.isupper() else 0.62
