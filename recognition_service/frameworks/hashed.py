"""Finds where a key stands among many, without a second copy of the keys."""

from array import array
from collections.abc import Callable, Hashable, Iterable

from recognition_service.frameworks.columns import narrowest


class HashedPositions:
    """The positions of keys by their hashes, in six to twelve bytes a key.

    A third to two thirds of the slots are taken. A slot holds a position counted
    from 1, or 0 if it is free; a key whose slot is taken stands in the next free one.

    Source: Knuth, The Art of Computer Programming 3, section 6.4, algorithm L.
    """

    __slots__ = ("_mask", "_slots")

    def __init__(
        self, keys: Iterable[Hashable], room: int, key_at: Callable[[int], Hashable]
    ) -> None:
        """Note the positions of keys.

        Args:
            keys: In the order of their positions.
            room: How many they are, or may become.
            key_at: Returns the key that stands at a position.

        Raises:
            KeyError: A key stands at two positions.
        """
        size = 1 << (room + room // 2).bit_length()
        mask = size - 1
        kind = narrowest(room)
        slots = array(kind, bytes(size * array(kind).itemsize))
        for number, key in enumerate(keys, start=1):
            place = hash(key) & mask
            while earlier := slots[place]:
                if key_at(earlier - 1) == key:
                    raise KeyError(key)
                place = (place + 1) & mask
            slots[place] = number
        self._mask = mask
        self._slots = slots

    def find(self, key: Hashable, key_at: Callable[[int], Hashable]) -> int | None:
        """Return the position of a key, `None` if it stands nowhere.

        Args:
            key: What is looked for.
            key_at: Returns the key that stands at a position.
        """
        slots, mask = self._slots, self._mask
        place = hash(key) & mask
        while number := slots[place]:
            if key_at(number - 1) == key:
                return number - 1
            place = (place + 1) & mask
        return None

    def add(self, key: Hashable, position: int) -> None:
        """Note the position of a key that was not there, while there is room."""
        place = hash(key) & self._mask
        while self._slots[place]:
            place = (place + 1) & self._mask
        self._slots[place] = position + 1
