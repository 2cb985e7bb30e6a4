"""Two connected installations that run, and what both of them keep."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all

from recognition_service.attestations.models import Copy, CopyState
from recognition_service.exchange.models import OutgoingMessage, ReceivedMessage
from recognition_service.exchange.post import State
from recognition_service.storage.engine import Database
from recognition_service.storage.models import OutboxMessage
from tests.exchange.processes import introduce, until

_ALL_IS_TRIED_AGAIN_SECONDS = 121
"""After so long whatever a killed process had begun is begun anew."""
_DUE = union_all(
    select(OutgoingMessage.due_at).where(OutgoingMessage.state == State.WAITING),
    select(OutboxMessage.due_at).where(OutboxMessage.status == "waiting"),
).subquery()
_BEGUN = union_all(
    select(OutboxMessage.id).where(OutboxMessage.status == "running"),
    select(Copy.id).where(Copy.state == CopyState.RESERVED),
).subquery()
_TAKEN = select(func.count()).select_from(ReceivedMessage)
_STANDING = select(
    select(func.count()).select_from(OutgoingMessage).scalar_subquery(),
    _TAKEN.scalar_subquery(),
    select(func.count()).select_from(_BEGUN).scalar_subquery(),
    select(func.min(_DUE.c.due_at)).scalar_subquery(),
)


@dataclass(frozen=True)
class Standing:
    """What an installation has still to do.

    Attributes:
        written: How many messages it has written in all.
        taken: How many it has taken in.
        begun: How many things were begun and have not ended.
        due_at: When the next waiting thing is due, or None.
    """

    written: int
    taken: int
    begun: int
    due_at: datetime | None


class Pair:
    """Two installations that know one another."""

    def __init__(self, first, second, clock):
        self.sides = (first, second)
        self.clock = clock
        self._databases = {
            side.name: Database(side.config.database_url) for side in self.sides
        }
        introduce(first, second)

    def start(self):
        for side in self.sides:
            side.start()

    def close(self):
        for side in self.sides:
            side.close()
        for database in self._databases.values():
            database.close()

    def read(self, side, query):
        """Return rows of a side."""
        with self._databases[side.name].reading() as session:
            return session.execute(query).all()

    def restart(self, side):
        """Start a side that was killed, and let what it had begun be tried again."""
        side.restart()
        self.clock.pass_by(seconds=_ALL_IS_TRIED_AGAIN_SECONDS)

    def settle(self):
        """Wait until nothing is left to be done on either side."""
        until(self._is_settled, "both sides have done everything")

    def _is_settled(self):
        """Tell whether all is done; let the time pass that is waited for.

        What goes from one side to the other between two looks changes a count.
        """
        found = self._standings()
        due = [each.due_at for each in found if each.due_at is not None]
        if due and min(due) > self.clock():
            self.clock.set(min(due))
        if due or any(each.begun for each in found):
            return False
        return found == self._standings()

    def _standings(self):
        return [Standing(*self.read(side, _STANDING)[0]) for side in self.sides]

    def count_taken(self):
        """Return how many messages both sides have taken in."""
        return sum(self.read(side, _TAKEN)[0][0] for side in self.sides)
