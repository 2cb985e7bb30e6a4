"""Answers that are ready to be sent, as many as fit into a bounded room."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

_MOST_BYTES = 32 << 20


@dataclass(frozen=True, slots=True)
class ReadyBytes:
    """A document, as it is and compressed.

    Attributes:
        gzipped: The same document as one gzip member.
        etag: Changes whenever the document does.
    """

    content: bytes
    gzipped: bytes
    etag: str


class ReadyDocuments:
    """The documents that were asked for last. Safe for many threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: OrderedDict[Hashable, ReadyBytes] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, key: Hashable) -> ReadyBytes | None:
        """Return a document, or None if it is not at hand."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, document: ReadyBytes) -> None:
        """Keep a document; those that were not asked for longest make room."""
        with self._lock:
            if key not in self._kept:
                self._bytes += _weight(document)
                self._kept[key] = document
            while self._bytes > _MOST_BYTES and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._bytes -= _weight(dropped)


def _weight(document: ReadyBytes) -> int:
    return len(document.content) + len(document.gzipped)
