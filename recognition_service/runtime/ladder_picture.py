"""The ladders of an answer as a picture (SVG), for pages and for files.

Nothing is told by colour or height alone: marks and absences stand there in words,
and every line is said again below. On a page the style sheet of the site gives the
colours; a file brings its own.

Source: SVG 2 sections 5.8 (title and desc) and 11.7 (direction); WAI-ARIA graphics.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from html import escape

from recognition_service.equivalence.answer import PathKind
from recognition_service.equivalence.ladder import Line, Mark, Picture
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.runtime.ladder_layout import (
    LINE_HEIGHT,
    STEP,
    WIDTH,
    Box,
    Panel,
    PlacedLadder,
    PlacedLine,
    placed,
    wrapped,
)
from recognition_service.runtime.spoken_ladder import absence_words, line_words, told
from recognition_service.runtime.spoken_names import Names
from recognition_service.wording import text

_BASELINE = 4.3
_SAMPLE = 34.0
_BETWEEN = 26.0
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_STYLE = """
.ladder{font:12px/1.3 system-ui,"Noto Sans","DejaVu Sans",sans-serif;background:#fff}
.ladder text{fill:#17212b}
.ladder .strong{font-weight:600}
.ladder .quiet{fill:#4a5560}
.ladder .paper{fill:#fff}
.ladder .rail{fill:#f4f3ee;stroke:#6d7680}
.ladder .empty{fill:none;stroke:#6d7680;stroke-dasharray:4 3}
.ladder .rung{fill:#fff;stroke:#cfccc1}
.ladder .held{stroke:#17212b;stroke-width:3}
.ladder .passed{stroke:#163a5f;stroke-width:2}
.ladder .answer{fill:#163a5f;stroke:#163a5f}
.ladder .on-answer{fill:#fff}
.ladder .tie{fill:none;stroke:#163a5f;stroke-width:2.5}
.ladder .derived{stroke-dasharray:7 5}
.ladder .end{fill:#163a5f;stroke:#fff;stroke-width:1.5}
.ladder .absent{fill:none;stroke:#46406e;stroke-width:2;stroke-dasharray:4 3}
"""


def ladder_picture(
    pictures: Sequence[Picture],
    snapshot: Snapshot,
    language: str,
    *,
    direction: str = "ltr",
    is_file: bool = False,
) -> str:
    """Return the pictures of an answer, one below the other, as one SVG element.

    Args:
        pictures: What to draw; at least one.
        snapshot: The edition in which the names stand.
        language: Of the words.
        direction: "rtl" puts what is held to the right.
        is_file: Whether it stands alone, with a style and a declaration of its own.
    """
    return _Drawing(snapshot, language, direction).svg(pictures, is_file=is_file)


class _Drawing:
    """Draws in one language and direction."""

    def __init__(self, snapshot: Snapshot, language: str, direction: str) -> None:
        self.names = Names(snapshot, language)
        self.language, self.direction = language, direction

    def svg(self, pictures: Sequence[Picture], *, is_file: bool) -> str:
        """Return the element with all that stands in it."""
        parts, y = [], 0.0
        for picture in pictures:
            panel = placed(picture)
            body = "".join(self._panel(panel))
            moved = f' transform="translate(0 {_n(y)})"' if y else ""
            parts.append(f'<g text-anchor="middle"{moved}>{body}</g>')
            y += panel.height + _BETWEEN
        key = "".join(self._key(pictures, y))
        height = y + self._key_height(pictures) - LINE_HEIGHT / 2
        title = _safe(self._say("title"))
        about = " ".join(told(picture, self.names) for picture in pictures)
        head = (
            f'<svg class="ladder" xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {_n(WIDTH)} {_n(height)}" role="img" '
            f'aria-labelledby="ladder-title ladder-desc" lang="{self.language}" '
            f'direction="{self.direction}">'
            f'<title id="ladder-title">{title}</title>'
            f'<desc id="ladder-desc">{_safe(about)}</desc>'
        )
        if not is_file:
            return f"{head}{''.join(parts)}{key}</svg>"
        paper = f'<rect class="paper" width="{_n(WIDTH)}" height="{_n(height)}"/>'
        drawn = f"{head}<style>{_STYLE}</style>{paper}{''.join(parts)}{key}</svg>"
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawn}'

    def _panel(self, panel: Panel) -> Iterator[str]:
        for ladder in panel.ladders:
            yield from self._ladder(ladder)
        for line in panel.lines:
            yield self._tie(line)
        if panel.picture.absence is not None:
            yield from self._absence(panel.picture.absence, panel)

    def _ladder(self, placed_ladder: PlacedLadder) -> Iterator[str]:
        ladder, head = placed_ladder.ladder, placed_ladder.head
        yield self._middle(self._say(f"role_{ladder.role}"), head, 8, "quiet")
        code = ladder.framework or self._say("no_framework")
        for number, words in enumerate(wrapped(code, head.width, is_bold=True)):
            y = 8 + LINE_HEIGHT * (number + 1)
            yield self._middle(words, head, y, "strong", is_code=True)
        if placed_ladder.title is not None:
            yield self._rect(placed_ladder.title, "rung held", radius=12)
            words, box = self._say("the_title"), placed_ladder.title
            yield self._middle(words, box, box.middle, "strong")
        rail = placed_ladder.rail
        yield self._rect(rail, "rail" if ladder.rungs else "empty")
        if not ladder.rungs:
            yield self._middle(self._say("no_levels"), rail, rail.middle, "quiet")
        plain = [each.box for each in placed_ladder.rungs if not each.rung.marks]
        if plain:
            shape = "".join(self._outline(box) for box in plain)
            yield f'<path class="rung" d="{shape}"/>'
        for each in placed_ladder.rungs:
            yield from self._rung(each.rung.code, each.rung.marks, each.box)

    def _rung(self, code: str, marks: Sequence[Mark], box: Box) -> Iterator[str]:
        kind = marks[-1].value if marks else ""
        if marks:
            yield self._rect(box, f"rung {kind}")
        style = "strong" if marks else ""
        if kind == Mark.ANSWER:
            style += " on-answer"
        first = wrapped(code, box.width)[0]
        shown = first if first == code else f"{first[:-1]}…"
        y = box.middle - STEP / 2 * len(marks) + len(marks) * 2
        yield self._middle(shown, box, y, style, is_code=True)
        for number, mark in enumerate(marks, 1):
            height = y + number * (STEP - 4)
            yield self._middle(self._say(f"mark_{mark}"), box, height, style)

    def _tie(self, placed_line: PlacedLine) -> str:
        kind = self._tie_class(placed_line.line.kind)
        (x1, y1), (x2, y2) = placed_line.start, placed_line.end
        x1, x2 = self._x(x1), self._x(x2)
        ends = "".join(
            f'<circle class="end" cx="{_n(x)}" cy="{_n(y)}" r="4"/>'
            for x, y in ((x1, y1), (x2, y2))
        )
        return f'<path class="{kind}" d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}"/>{ends}'

    def _tie_class(self, kind: PathKind) -> str:
        return "tie" if kind is PathKind.DIRECT else "tie derived"

    def _absence(self, code: str, panel: Panel) -> Iterator[str]:
        gap = panel.gap
        lines = wrapped(absence_words(code, self.language), gap.width)
        y = max(gap.y + 14, gap.middle - len(lines) * LINE_HEIGHT / 2)
        x = self._x(gap.x + gap.width / 2)
        yield f'<circle class="absent" cx="{_n(x)}" cy="{_n(y)}" r="12"/>'
        yield f'<path class="tie" d="M{_n(x - 5)} {_n(y)}h10"/>'
        for number, words in enumerate(lines, 1):
            yield self._middle(words, gap, y + 10 + LINE_HEIGHT * number, "")

    def _key(self, pictures: Sequence[Picture], y: float) -> Iterator[str]:
        for kind in _kinds(pictures):
            style, middle = self._tie_class(kind), y - 4
            start, end = self._x(2), self._x(_SAMPLE - 8)
            yield f'<path class="{style}" d="M{_n(start)} {_n(middle)}H{_n(end)}"/>'
            for words in wrapped(self._say(f"kind_{kind}"), WIDTH - _SAMPLE):
                yield self._start(words, _SAMPLE, y, "")
                y += LINE_HEIGHT
        for words, style in self._key_lines(pictures):
            if words:
                yield self._start(words, 0, y, style)
            y += LINE_HEIGHT if words else LINE_HEIGHT / 2

    def _key_height(self, pictures: Sequence[Picture]) -> float:
        samples = sum(
            len(wrapped(self._say(f"kind_{kind}"), WIDTH - _SAMPLE))
            for kind in _kinds(pictures)
        )
        lines = sum(1 if words else 0.5 for words, _ in self._key_lines(pictures))
        return LINE_HEIGHT * (samples + lines)

    def _key_lines(self, pictures: Sequence[Picture]) -> Iterator[tuple[str, str]]:
        """Yield words with their style; no words part one group from the next."""
        for line in _once(pictures):
            for words in wrapped(line_words(line, self.names), WIDTH, is_bold=True):
                yield words, "strong"
        if _once(pictures):
            yield "", ""
        codes = (ladder.framework for each in pictures for ladder in each.ladders)
        for code in dict.fromkeys(filter(None, codes)):
            row = self.names.snapshot.tables.frameworks.get(code)
            params = {"code": code, "name": row.name_en if row else code}
            named = text("ladder.framework", params, self.language)
            for words in wrapped(named, WIDTH):
                yield words, ""
        yield "", ""
        for words in wrapped(self._say("heights"), WIDTH):
            yield words, "quiet"

    def _say(self, code: str) -> str:
        return text(f"ladder.{code}", {}, self.language)

    def _x(self, x: float) -> float:
        return WIDTH - x if self.direction == "rtl" else x

    def _outline(self, box: Box) -> str:
        x = WIDTH - box.end if self.direction == "rtl" else box.x
        width, height = _n(box.width), _n(box.height)
        return f"M{_n(x)} {_n(box.y)}h{width}v{height}h-{width}z"

    def _rect(self, box: Box, style: str, *, radius: int = 3) -> str:
        x = WIDTH - box.end if self.direction == "rtl" else box.x
        return (
            f'<rect class="{style}" x="{_n(x)}" y="{_n(box.y)}" '
            f'width="{_n(box.width)}" height="{_n(box.height)}" rx="{radius}"/>'
        )

    def _middle(
        self, words: str, box: Box, y: float, style: str, *, is_code: bool = False
    ) -> str:
        x = self._x(box.x + box.width / 2)
        turned = is_code and self.direction == "rtl"
        more = ' direction="ltr"' if turned else ""
        return _text(words, x, round(y + _BASELINE), style, more)

    def _start(self, words: str, x: float, y: float, style: str) -> str:
        return _text(words, self._x(x), y, style, "")


def _text(words: str, x: float, y: float, style: str, more: str) -> str:
    named = f' class="{style.strip()}"' if style.strip() else ""
    return f'<text x="{_n(x)}" y="{_n(y)}"{named}{more}>{_safe(words)}</text>'


def _once(pictures: Sequence[Picture]) -> list[Line]:
    return list(dict.fromkeys(line for each in pictures for line in each.lines))


def _kinds(pictures: Sequence[Picture]) -> list[PathKind]:
    return list(dict.fromkeys(line.kind for line in _once(pictures)))


def _n(value: float) -> str:
    """Return a number as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0")


def _safe(words: str) -> str:
    """Return words that can neither leave their element nor turn around."""
    return escape(
        "".join(
            "\ufffd" if unicodedata.category(sign) in _HIDDEN else sign
            for sign in words
        )
    )
