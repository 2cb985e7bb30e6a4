"""Columns of a large table, each kept as small as its values allow.

Most columns of a table say few different things: their values stand once, and a row
has only the number of its value, in one to four bytes. Where the values are many,
they stand as the texts they were read from, one after the other in one piece.
"""

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import MISSING, dataclass
from itertools import accumulate, repeat
from typing import Any, Protocol

Converter = Callable[[str], Any]

MOST_VALUES = 4_096
"""How many values of a column are kept as values.

Up to here they take less than a megabyte, and are quicker to reach than texts.
"""


class Codes(Protocol):
    """The numbers of the values of a column, row by row."""

    def __len__(self) -> int: ...

    def __getitem__(self, position: int, /) -> int: ...

    def __iter__(self) -> Iterator[int]: ...


class Values(Protocol):
    """The different values of a column by their numbers."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Any: ...


class Texts:
    """Many texts in one piece, each made, and converted, when it is asked for.

    A string takes 50 bytes beside its letters, here a text takes four.
    """

    __slots__ = ("_absent", "_absent_at", "_convert", "_pieces", "_starts")

    def __init__(
        self,
        texts: Collection[str | None],
        convert: Converter | None = None,
        absent: Any = None,
    ) -> None:
        """Keep texts in their order.

        Args:
            texts: Different from one another; one of them may be `None`.
            convert: From the text to the value; `None` keeps the text.
            absent: The value that stands for `None`.
        """
        pieces = [
            b"" if text is None else text.encode("utf-8", "surrogatepass")
            for text in texts
        ]
        self._pieces = b"".join(pieces)
        self._starts = array(
            narrowest(len(self._pieces)), accumulate(map(len, pieces), initial=0)
        )
        self._convert = convert
        self._absent = absent
        self._absent_at = next(
            (number for number, text in enumerate(texts) if text is None), -1
        )

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int, /) -> Any:
        if number == self._absent_at:
            return self._absent
        piece = self._pieces[self._starts[number] : self._starts[number + 1]]
        text = piece.decode("utf-8", "surrogatepass")
        return text if self._convert is None else self._convert(text)


class _Same:
    """The codes of a column in which all rows say the same."""

    __slots__ = ("_length",)

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, position: int, /) -> int:
        return 0

    def __iter__(self) -> Iterator[int]:
        return repeat(0, self._length)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: which of its values every row has.

    Attributes:
        codes: By position of the row.
        values: By code; each stands once.
    """

    codes: Codes
    values: Values

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, position: int, /) -> Any:
        return self.values[self.codes[position]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.codes)


def packed_column(
    texts: Sequence[str | None], convert: Converter | None, absent: Any
) -> Column:
    """Return a column of texts as one of values.

    Args:
        texts: The cells; `None` is an empty one.
        convert: From a cell that is not empty; `None` keeps the text.
        absent: The value of an empty cell, or `MISSING` if there must be one.

    Raises:
        KeyError: A text is not one of the known words, or is missing.
        ValueError: A text is not a number or a date.
    """
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    if absent is MISSING and None in numbers:
        raise KeyError(None)
    values = tuple(
        absent if text is None else convert(text) if convert else text
        for text in numbers
    )
    kept = values if len(values) <= MOST_VALUES else Texts(numbers, convert, absent)
    if len(numbers) == 1:
        return Column(_Same(len(texts)), kept)
    if len(numbers) == len(texts):
        return Column(range(len(texts)), kept)
    codes = array(narrowest(len(numbers)), map(numbers.__getitem__, texts))
    return Column(codes, kept)


def narrowest(most: int) -> str:
    """Return the type of array with the fewest bytes for numbers up to the most."""
    return next(kind for kind in "BHIQ" if most < 1 << 8 * array(kind).itemsize)
