"""One works for all who wait: what many ask for at once is done in one go.

A transaction costs nearly the same for one row as for fifty. Whoever comes while
nobody works does the work, and takes along what others have asked for meanwhile; the
next one of those who wait follows. Where several were just served together, a moment
is left for them to come back with their next question: without it groups would be large
and small by turns. Who is alone waits for nobody.
"""

from collections.abc import Callable, Sequence
from threading import Event, Lock
from time import sleep
from typing import Generic, TypeVar

from recognition_service.errors import RecognitionError

_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")
MOST_AT_ONCE = 64
_MOMENT_SECONDS = 0.001


class _Waiting(Generic[_Asked, _Answer]):
    """What one thread has asked for."""

    __slots__ = ("answer", "asked", "error", "is_leader", "woken")

    def __init__(self, asked: _Asked) -> None:
        self.asked = asked
        self.answer: list[_Answer] = []
        self.error: BaseException | None = None
        self.is_leader = False
        self.woken = Event()


class Turns(Generic[_Asked, _Answer]):
    """Gathers what threads ask for, and has it worked on together.

    Safe for use by many threads; the work itself runs in one thread at a time.
    """

    def __init__(
        self,
        work: Callable[[Sequence[_Asked]], Sequence[_Answer | RecognitionError]],
    ) -> None:
        """Take over how to work.

        `work` returns for each thing asked for its answer or why it is refused, in
        their order; what it raises is raised for all of them.
        """
        self._work = work
        self._lock = Lock()
        self._waiting: list[_Waiting[_Asked, _Answer]] = []
        self._is_working = False
        self._is_busy = False

    def ask(self, asked: _Asked) -> _Answer:
        """Have something worked on, with what others ask for, and return the answer.

        Raises:
            RecognitionError: It was refused.
        """
        mine = _Waiting[_Asked, _Answer](asked)
        with self._lock:
            self._waiting.append(mine)
            mine.is_leader, self._is_working = not self._is_working, True
        if not mine.is_leader:
            mine.woken.wait()
        if mine.is_leader:
            if self._is_busy:
                sleep(_MOMENT_SECONDS)
            self._lead()
        if mine.error is not None:
            raise mine.error
        return mine.answer[0]

    def _lead(self) -> None:
        """Work on what waits now, the own question among it; then hand over."""
        with self._lock:
            group = self._waiting[:MOST_AT_ONCE]
            self._waiting = self._waiting[MOST_AT_ONCE:]
        self._is_busy = len(group) > 1
        try:
            self._settle(group)
        finally:
            with self._lock:
                following = self._waiting[0] if self._waiting else None
                self._is_working = following is not None
            if following is not None:
                following.is_leader = True
                following.woken.set()
            for each in group:
                each.woken.set()

    def _settle(self, group: list[_Waiting[_Asked, _Answer]]) -> None:
        try:
            results = self._work([each.asked for each in group])
        except BaseException as error:
            for each in group:
                each.error = error
            raise
        for each, result in zip(group, results, strict=True):
            if isinstance(result, RecognitionError):
                each.error = result
            else:
                each.answer.append(result)
