"""A written paper as values: who writes to whom, when, and what it says.

All texts are plain: nothing in them is markup, whatever it looks like.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from unicodedata import bidirectional

_FROM_RIGHT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

_LETTERS_FROM_RIGHT = frozenset({"AL", "R"})
ISOLATE, END_OF_ISOLATE = "\u2068", "\u2069"


class Direction(StrEnum):
    """How the lines of a language run."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


def isolated(text: str) -> str:
    """Return a text that, within a sentence, turns nothing of what stands around it.

    Source: Unicode Standard Annex 9, section 2.4.2 (first strong isolate).
    """
    if not any(bidirectional(letter) in _LETTERS_FROM_RIGHT for letter in text):
        return text
    inner = text.replace(ISOLATE, "").replace(END_OF_ISOLATE, "")
    return f"{ISOLATE}{inner}{END_OF_ISOLATE}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break in it stays one."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list in which the order says nothing."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """Values, each beside its label."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one line of headings.

    Attributes:
        head: One heading for each column, at least one.
        rows: Each with as many cells as there are headings.
        widths: Shares of the columns in the width of the page; empty: equal ones.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


Block = Paragraph | Items | Rows | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper.

    Attributes:
        heading: None: it goes on without one.
    """

    heading: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One paper, from its head to its end.

    Attributes:
        language: BCP 47, of what the paper itself says.
        title: What it is about, in one line.
        sender: Lines of the letterhead, the name first; at least one.
        recipient: Lines of the address, the name first; empty for a paper to nobody.
        facts: What is written beside the address, such as reference and date.
        reference: How the paper is told from others; stands on each page.
        dated: Date of the paper, and of the file.
        mark: A warning that stands on each page, such as that it is an example.
        notice: What must be read before all else, or None.
        opening: How the person is addressed, or None.
        closing: Lines after the last section; the last of them is who signs.
    """

    language: str
    title: str
    sender: tuple[str, ...]
    dated: date
    reference: str
    sections: tuple[Section, ...]
    recipient: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    mark: str | None = None
    notice: str | None = None
    opening: str | None = None
    closing: tuple[str, ...] = ()

    @property
    def direction(self) -> Direction:
        """How the lines of its language run."""
        language = self.language.partition("-")[0].lower()
        return (
            Direction.RIGHT_TO_LEFT
            if language in _FROM_RIGHT
            else Direction.LEFT_TO_RIGHT
        )
