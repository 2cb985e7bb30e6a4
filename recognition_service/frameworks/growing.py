"""Columns of a large table while its rows come in, some thousand at a time.

What is read is not kept: a text that was read stands in memory among others of its
row, and kept by itself it would keep all of them from being given back.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import MISSING
from itertools import islice
from typing import Any

from recognition_service.frameworks.columns import (
    Column,
    Converter,
    Same,
    Texts,
    narrowest,
)
from recognition_service.frameworks.hashed import HashedPositions

MOST_VALUES = 4_096
"""How many values of a column are kept as values.

Up to here they take less than a megabyte, and are quicker to reach than texts.
"""

TAKEN_AT_ONCE = 2_000
"""How many rows are best added to a column at once.

While the interpreter works on one part of a column no other thread can answer.
"""


class GrowingTexts:
    """Texts in one piece, to which others are added."""

    __slots__ = ("_absent_at", "_pieces", "_starts")

    def __init__(self) -> None:
        self._pieces = bytearray()
        self._starts = array("Q", [0])
        self._absent_at = -1

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int, /) -> str | None:
        if number == self._absent_at:
            return None
        piece = self._pieces[self._starts[number] : self._starts[number + 1]]
        return piece.decode("utf-8", "surrogatepass")

    def append(self, text: str | None) -> None:
        """Add a text at the end; of all together one may be `None`."""
        if text is None:
            self._absent_at = len(self)
        else:
            self._pieces += text.encode("utf-8", "surrogatepass")
        self._starts.append(len(self._pieces))

    def finished(self, convert: Converter | None = None, absent: Any = None) -> Texts:
        """Return the texts in as few bytes as they need; see `Texts`."""
        starts = array(narrowest(len(self._pieces)), self._starts)
        return Texts(bytes(self._pieces), starts, self._absent_at, convert, absent)


class GrowingIds:
    """The column of the ids; it is taken that all differ."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts = GrowingTexts()

    def extend(self, texts: Sequence[str | None]) -> None:
        """Add the cells of some more rows.

        Raises:
            KeyError: An id is missing.
        """
        if None in texts:
            raise KeyError(None)
        for text in texts:
            self._texts.append(text)

    def finished(self) -> Column:
        """Return the column of all rows."""
        texts = self._texts.finished()
        return Column(range(len(texts)), texts)


class GrowingColumn:
    """Any other column. As long as all rows say the same they are only counted."""

    __slots__ = (
        "_absent",
        "_codes",
        "_convert",
        "_length",
        "_numbers",
        "_positions",
        "_room",
        "_texts",
    )

    def __init__(self, convert: Converter | None = None, absent: Any = None) -> None:
        """Begin without rows.

        Args:
            convert: From a cell that is not empty; `None` keeps the text.
            absent: The value of an empty cell, or `MISSING` if there must be one.
        """
        self._convert = convert
        self._absent = absent
        self._texts = GrowingTexts()
        self._numbers: dict[str | None, int] = {}
        self._room = MOST_VALUES
        self._positions: HashedPositions | None = None
        self._codes = array("B")
        self._length = 0

    def extend(self, texts: Iterable[str | None]) -> None:
        """Add the cells of some more rows; `None` is an empty one.

        Raises:
            KeyError: A text is not one of the known words, or is missing.
            ValueError: A text is not a number or a date.
        """
        cells = list(texts)
        numbers = {text: self._number_of(text) for text in dict.fromkeys(cells)}
        if len(self._texts) > 1:
            if not self._codes:
                self._codes.frombytes(bytes(self._length))
            kind = narrowest(len(self._texts) - 1)
            if kind != self._codes.typecode:
                self._codes = array(kind, self._codes)
            self._codes.extend(map(numbers.__getitem__, cells))
        self._length += len(cells)

    def finished(self) -> Column:
        """Return the column of all rows."""
        texts = self._texts.finished(self._convert, self._absent)
        values = tuple(texts) if len(texts) <= MOST_VALUES else texts
        if len(values) == 1:
            return Column(Same(self._length), values)
        if len(values) == self._length:
            return Column(range(self._length), values)
        return Column(self._codes[:], values)

    def _number_of(self, text: str | None) -> int:
        number = (
            self._numbers.get(text)
            if self._positions is None
            else self._positions.find(text, self._texts.__getitem__)
        )
        return self._added(text) if number is None else number

    def _added(self, text: str | None) -> int:
        """Take up a text that was not there before, and return its number."""
        if text is None:
            if self._absent is MISSING:
                raise KeyError(text)
        elif self._convert is not None:
            self._convert(text)
        number = len(self._texts)
        self._texts.append(text)
        if number == self._room:
            self._room *= 2
            texts = self._texts
            known = map(texts.__getitem__, range(len(texts)))
            self._positions = HashedPositions(known, self._room, texts.__getitem__)
            self._numbers = {}
        elif self._positions is not None:
            self._positions.add(text, number)
        else:
            self._numbers[text] = number
        return number


def packed_column(texts: Iterable[str]) -> Column:
    """Return a column of texts."""
    column, source = GrowingColumn(), iter(texts)
    while part := list(islice(source, TAKEN_AT_ONCE)):
        column.extend(part)
    return column.finished()
