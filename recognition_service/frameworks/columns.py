"""Columns of a large table, each kept as small as its values allow.

Most columns of a table say few different things: their values stand once, and a row
has only the number of its value, in one to four bytes. Where the values are many,
they stand as the texts they were read from, one after the other in one piece.
"""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol

Converter = Callable[[str], Any]


class Codes(Protocol):
    """The numbers of the values of a column, row by row."""

    def __len__(self) -> int: ...

    def __getitem__(self, position: int, /) -> int: ...

    def __iter__(self) -> Iterator[int]: ...


class Values(Protocol):
    """The different values of a column by their numbers."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...


class Texts:
    """Many texts in one piece, each made, and converted, when it is asked for.

    A string takes 50 bytes beside its letters, here a text takes four.
    """

    __slots__ = ("_absent", "_absent_at", "_convert", "_pieces", "_starts")

    def __init__(
        self,
        pieces: bytes,
        starts: "array[int]",
        absent_at: int = -1,
        convert: Converter | None = None,
        absent: Any = None,
    ) -> None:
        """Keep texts.

        Args:
            pieces: The texts one after the other, in UTF-8.
            starts: Where each begins, and where the last one ends.
            absent_at: The number of the one that is `None`, -1 if there is none.
            convert: From a text to its value; `None` keeps the text.
            absent: The value that stands for `None`.
        """
        self._pieces = pieces
        self._starts = starts
        self._absent_at = absent_at
        self._convert = convert
        self._absent = absent

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int, /) -> Any:
        if number == self._absent_at:
            return self._absent
        piece = self._pieces[self._starts[number] : self._starts[number + 1]]
        text = piece.decode("utf-8", "surrogatepass")
        return text if self._convert is None else self._convert(text)

    def __iter__(self) -> Iterator[Any]:
        return map(self.__getitem__, range(len(self)))


class Same:
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


def narrowest(most: int) -> str:
    """Return the type of array with the fewest bytes for numbers up to the most."""
    return next(kind for kind in "BHIQ" if most < 1 << 8 * array(kind).itemsize)
