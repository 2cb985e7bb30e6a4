"""A proxy before an installation, on which faults happen at drawn moments.

What has passed and what was taken in is all that a moment depends on, never time.
"""

import random
import re
import select
import socket
from collections import deque
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from threading import Event, Lock, Thread

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD_ENDS = b"\r\n\r\n"
_ONE_READ = 1 << 16
_LOOK_SECONDS = 0.001
MESSAGE, CALL = b"POST /exchange", b"PUT /api/"


class Place(Enum):
    """Where on the way of a request a fault happens."""

    REQUEST = "while it passes"
    TAKEN = "once it was taken in, before the answer comes"
    ANSWER = "while the answer passes"


@dataclass(frozen=True)
class Moment:
    """When a fault happens.

    Attributes:
        number: At which of the requests of its kind that begin from now on, from 1.
        share: Which share of the request or of its answer has passed, 0 to 1.
        kind: How the request begins.
    """

    number: int
    place: Place
    share: float
    kind: bytes = MESSAGE


def drawn_moment(chosen: random.Random, most: int, kind: bytes = MESSAGE) -> Moment:
    """Draw a moment; the ends of requests and answers are as likely as the middle."""
    return Moment(
        number=chosen.randint(1, most),
        place=chosen.choice(tuple(Place)),
        share=chosen.choice((0.0, 1.0, chosen.random(), chosen.random())),
        kind=kind,
    )


@dataclass(frozen=True)
class Fault:
    """What happens at a moment; the connection breaks then too.

    Attributes:
        act: Done when the moment has come.
        happened: Set afterwards.
    """

    moment: Moment
    act: Callable[[], None]
    happened: Event = field(default_factory=Event)

    def happen(self):
        self.act()
        self.happened.set()

    def at_byte(self, place, length):
        """Return at which byte of a request or answer it happens; None: elsewhere."""
        return int(length * self.moment.share) if self.moment.place is place else None


def nothing():
    """Do nothing besides breaking the connection."""


class Wire:
    """All proxies between two installations: counts requests and lets faults happen.

    Attributes:
        count_taken: Tells how many messages were taken in on all sides.
    """

    def __init__(self):
        self.count_taken = int
        self._faults = deque()
        self._seen = 0
        self._lock = Lock()
        self._is_open = Event()
        self._is_open.set()

    def plan(self, *faults):
        """Let faults happen, one after the other, instead of those planned before."""
        with self._lock:
            self._faults = deque(faults)
            self._seen = 0

    @contextmanager
    def held(self):
        """Let no message begin to pass meanwhile."""
        self._is_open.clear()
        try:
            yield
        finally:
            self._is_open.set()

    def begins(self, request):
        """Return the fault of a request that begins, or None."""
        if request.startswith(MESSAGE):
            self._is_open.wait()
        with self._lock:
            if not self._faults:
                return None
            moment = self._faults[0].moment
            if not request.startswith(moment.kind):
                return None
            self._seen += 1
            if self._seen < moment.number:
                return None
            self._seen = 0
            return self._faults.popleft()


class Proxy:
    """Passes requests on to a port of this machine, and answers back."""

    def __init__(self, wire):
        self.wire = wire
        self.backend = None
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        try:
            with client, socket.create_connection(("127.0.0.1", self.backend)) as there:
                while self._pass_one(client, there):
                    pass
        except OSError:
            return  # Nobody is there, or somebody has gone.

    def _pass_one(self, client, there):
        """Pass a request and its answer on; tell whether another one may follow."""
        request = _head(client, there)
        if not request:
            return False
        fault = self.wire.begins(request)
        taken = self.wire.count_taken() if fault else None
        if not _pass(request, client, there, fault, Place.REQUEST):
            return False
        if fault and fault.moment.place is Place.TAKEN:
            while not _is_ready(there) and self.wire.count_taken() == taken:
                pass
            fault.happen()
            return False
        answer = _head(there, client)
        return bool(answer) and _pass(answer, there, client, fault, Place.ANSWER)


def _is_ready(connection):
    ready, _, _ = select.select([connection], [], [], _LOOK_SECONDS)
    return bool(ready)


def _head(source, other):
    """Return what begins with the head of a request or answer; nothing: it is over.

    It is over too when the other side hangs up meanwhile.
    """
    data = b""
    while _HEAD_ENDS not in data:
        ready, _, _ = select.select([source, other], [], [])
        part = source.recv(_ONE_READ) if source in ready else b""
        if not part:
            return b""
        data += part
    return data


def _pass(data, source, target, fault, place):
    """Pass all on of what begins so; tell whether the connection still stands."""
    head, _, _ = data.partition(_HEAD_ENDS)
    stated = _LENGTH.search(head)
    left = len(head) + len(_HEAD_ENDS) + (int(stated[1]) if stated else 0)
    stop = fault.at_byte(place, left) if fault else None
    while data:
        if stop is not None and len(data) >= stop:
            target.sendall(data[:stop])
            fault.happen()
            return False
        target.sendall(data)
        left -= len(data)
        if left <= 0:
            return True
        if stop is not None:
            stop -= len(data)
        data = source.recv(_ONE_READ)
    return False
