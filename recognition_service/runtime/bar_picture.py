"""Counts as bars (SVG), each with its name and number in words.

Nothing is told by colour or length alone: a number stands at each bar, and a count
that is not shown is a dashed outline with a word. The page has the same in a table.

Source: SVG 2 section 5.8 (title and desc); WAI-ARIA graphics.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from recognition_service.runtime.ladder_layout import LINE_HEIGHT, WIDTH, wrapped

_NAMES = 118.0
_BEGIN = _NAMES + 8.0
_NUMBERS = 72.0
_BAR = 14.0
_BETWEEN = 5.0
_OVER_HEAD = 10.0
_UNKNOWN_LENGTH = 30.0
_THIN = 2.0
_BASELINE = 4.3


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with its name.

    Attributes:
        value: None: it is not shown.
        written: The number, or that it is not shown, as it is read.
    """

    name: str
    value: float | None
    written: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars under a head, or without one where that is empty."""

    head: str
    bars: Sequence[Bar]


def bar_picture(
    name: str,
    title: str,
    groups: Sequence[BarGroup],
    language: str,
    *,
    direction: str = "ltr",
) -> str:
    """Return groups of bars, one below the other, as one SVG element.

    Args:
        name: Of the picture on its page, from which the ids of its parts are made.
        title: What is drawn.
        groups: What to draw; at least one bar.
        language: Of the words.
        direction: "rtl" lets bars grow from the right.
    """
    values = [bar.value or 0 for group in groups for bar in group.bars]
    drawing = _Drawing(max(values) or 1, direction)
    parts = "".join(drawing.lines(groups))
    about = escape(" ".join(_told(group) for group in groups))
    return (
        f'<svg class="bars" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_n(WIDTH)} {_n(drawing.y)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" lang="{language}" '
        f'direction="{direction}">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{about}</desc>{parts}</svg>'
    )


class _Drawing:
    """Draws from the top down; the next line begins at the height `y`."""

    def __init__(self, longest: float, direction: str) -> None:
        self.y = 2.0
        self._longest, self._is_turned = longest, direction == "rtl"

    def lines(self, groups: Sequence[BarGroup]) -> Iterator[str]:
        for group in groups:
            if group.head:
                self.y += _OVER_HEAD
                for words in wrapped(group.head, WIDTH, is_bold=True):
                    yield self._text(words, 0, self.y + LINE_HEIGHT / 2, "strong")
                    self.y += LINE_HEIGHT
            for bar in group.bars:
                yield from self._line(bar)

    def _line(self, bar: Bar) -> Iterator[str]:
        lines = wrapped(bar.name, _NAMES)
        height = max(LINE_HEIGHT * len(lines), _BAR)
        middle = self.y + height / 2
        for number, words in enumerate(lines):
            yield self._text(words, 0, self.y + LINE_HEIGHT * (number + 0.5), "")
        if bar.value is None:
            length, style = _UNKNOWN_LENGTH, "unknown"
        else:
            most = WIDTH - _BEGIN - _NUMBERS
            length, style = max(most * bar.value / self._longest, _THIN), "bar"
        yield self._rect(_BEGIN, middle - _BAR / 2, length, style)
        yield self._text(bar.written, _BEGIN + length + 5, middle, "strong")
        self.y += height + _BETWEEN

    def _rect(self, x: float, y: float, length: float, style: str) -> str:
        x = WIDTH - x - length if self._is_turned else x
        return (
            f'<rect class="{style}" x="{_n(x)}" y="{_n(y)}" '
            f'width="{_n(length)}" height="{_n(_BAR)}"/>'
        )

    def _text(self, words: str, x: float, y: float, style: str) -> str:
        x = WIDTH - x if self._is_turned else x
        named = f' class="{style}"' if style else ""
        height = _n(y + _BASELINE)
        return f'<text x="{_n(x)}" y="{height}"{named}>{escape(words)}</text>'


def _told(group: BarGroup) -> str:
    bars = ", ".join(f"{bar.name} {bar.written}" for bar in group.bars)
    return f"{group.head}: {bars}." if group.head else f"{bars}."


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
