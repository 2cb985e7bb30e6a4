"""Status lists as this process keeps them: compressed, up to a version.

What is kept only saves work. It is brought up to date from the rows that are newer
than it, and made anew from all rows when it was lost or the database went back.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from recognition_service.attestations.models import ListForm
from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials import token_status_list as tsl
from recognition_service.credentials.deflate_blocks import DeflatedBlocks

_MOST_KEPT = 32
_BYTE_BITS = 8
_REVOKED = frozenset({tsl.REVOKED, tsl.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class ChangedPlace:
    """The value of a place and the version of the list that brought it."""

    index: int
    value: int
    version: int


class CompressedList:
    """The places of one list in all published forms. Safe for many threads.

    Attributes:
        version: The changes that it contains; it only grows.
    """

    def __init__(self, size: int) -> None:
        """Begin with a list of valid places."""
        self.version = 0
        self._statuses = DeflatedBlocks(size * tsl.BITS // _BYTE_BITS)
        self._revoked = DeflatedBlocks(size // _BYTE_BITS)
        self._suspended = DeflatedBlocks(size // _BYTE_BITS)
        self._lock = Lock()

    def encoded(
        self, changes: Iterable[ChangedPlace], version: int, *, thoroughly: bool = False
    ) -> tuple[int, Mapping[ListForm, str]]:
        """Return the list in each form, as token and credentials carry it.

        Args:
            changes: All changes between `self.version`, as it was when they were
                read, and `version`.
            version: What the list must contain at least.
            thoroughly: Take the time to make it small.

        Returns:
            The version that it contains: a later one, when another thread has
            brought it further meanwhile.
        """
        with self._lock:
            for change in changes:
                if change.version > self.version:
                    self._put(change.index, change.value)
            self.version = max(self.version, version)
            lists = (self._statuses, self._revoked, self._suspended)
            if thoroughly:
                for each in lists:
                    each.compress_thoroughly()
            return self.version, {
                ListForm.TSL: tsl.encoded(self._statuses.zlib_stream()),
                ListForm.REVOCATION: bitstring.encoded(self._revoked.gzip_stream()),
                ListForm.SUSPENSION: bitstring.encoded(self._suspended.gzip_stream()),
            }

    def _put(self, index: int, value: int) -> None:
        tsl.put(self._statuses, index, value)
        bitstring.put(self._revoked, index, is_set=value in _REVOKED)
        bitstring.put(self._suspended, index, is_set=value == tsl.SUSPENDED)


class CompressedLists:
    """The lists that this process has published last. Safe for many threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[tuple[str, int], CompressedList] = OrderedDict()
        self._lock = Lock()

    def version_of(self, authority_id: str, number: int) -> int:
        """Return the version of a list that is known here, 0 when it is not."""
        with self._lock:
            kept = self._kept.get((authority_id, number))
            return kept.version if kept is not None else 0

    def find(self, authority_id: str, number: int, size: int) -> CompressedList:
        """Return a list as far as it is known here; a new one when it is not."""
        key = (authority_id, number)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = CompressedList(size)
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]

    def forget(self, authority_id: str, number: int) -> None:
        """Have a list made anew from all its rows."""
        with self._lock:
            self._kept.pop((authority_id, number), None)
