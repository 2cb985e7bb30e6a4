"""An authority that warns, and one in the other installation that may read it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Mandate
from recognition_service.exchange.models import OutgoingMessage
from recognition_service.storage.base import Base
from recognition_service.worker.jobs import Memory, remove_ended_alerts, tell_alerts
from tests.exchange.house import COMPETENT
from tests.exchange.two import CALLED, carry, renew
from tests.peer import claims_of

ALERT = {
    "ground": "prohibition",
    "professional": {
        "family_name": "Moreau",
        "given_name": "Alix",
        "birth_date": "1980-03-09",
        "birth_place": "Namur",
    },
    "regime": "eu-sectoral",
    "profession": "nurse_general",
    "authority": {"name": "Disciplinary court", "is_court": True},
    "scope": "All nursing activities",
    "period": {"from": "2026-11-01", "until": "2026-11-30"},
    "decided_on": "2026-11-01",
    "remedy": {"body": "Council of State", "within_days": 60},
}
NOTICE = {"notice": {"en": "Others were warned."}}


class Alarm:
    """Nurses of one installation warn; those of the other one read it.

    Attributes:
        sender: The side that warns.
        reader: The side that reads.
        called: What who warns is called at the reader's.
    """

    def __init__(self, sender, reader, wire):
        self.sender, self.reader, self.wire = sender, reader, wire
        self.sides = (sender, reader)
        self.nurses = sender.found("warning-nurses", "BE-FL", COMPETENT)
        self.others = reader.found("reading-nurses", "LV", COMPETENT)
        self.called = f"warning-nurses@{CALLED[sender.url]}"
        self.renew()

    def renew(self):
        renew(self.sender, self.reader)
        renew(self.reader, self.sender)

    def carry(self):
        carry(self.wire, *self.sides)

    def prepare(self, **more):
        answer = self.nurses.post("/alerts", ALERT | more)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    def send(self, alert):
        return self.change(alert, "sending", NOTICE, as_="signatory")

    def sent(self, **more):
        alert = self.prepare(**more)
        self.send(alert)
        return alert

    def change(self, alert, act, body, **more):
        of = f"/alerts/{alert}"
        answer = self.nurses.change(f"{of}/{act}", body, of=of, **more)
        assert answer.status_code == 200, answer.json
        return answer.json

    def read(self, office=None):
        answer = (office or self.others).get("/alerts?view=received")
        assert answer.status_code == 200, answer.json
        return answer.json["items"]

    def told(self, alert):
        """Return the messages about an alert, in the order of their recipients."""
        with self.sender.runtime.database.reading() as session:
            return list(
                session.scalars(
                    select(OutgoingMessage)
                    .where(OutgoingMessage.conversation == UUID(alert))
                    .order_by(OutgoingMessage.recipient, OutgoingMessage.sequence)
                )
            )

    def recipients(self, alert):
        return [row.recipient.partition("@")[0] for row in self.told(alert)]

    def bodies(self):
        """Return the bodies of all messages about alerts that arrived, in order."""
        arrived = [claims_of(body) for _, body, _ in self.wire.log]
        return [each["body"] for each in arrived if each["type"] == "alert.state"]

    def pass_by(self, **time):
        """Let time pass on both sides, which keep reading each other's trust list."""
        for side in self.sides:
            side.clock.instant += timedelta(**time)
        self.renew()

    def work(self, *sides):
        """Let the workers look after alerts as they do once an hour."""
        for side in sides or self.sides:
            memory = Memory()
            while memory.alerts_removed_at is None:
                remove_ended_alerts(side.runtime, memory)
            tell_alerts(side.runtime, memory)

    def replace_mandate(self, name, *documents):
        """Give an authority of the reader's other mandates, or none any more."""
        with self.reader.runtime.database.transaction() as session:
            session.execute(delete(Mandate).where(Mandate.authority_id == name))
            for document in documents:
                now = self.reader.runtime.now()
                grant_mandate(session, name, document, actor="service", now=now)
        self.renew()


def mentions(side, word):
    """Return the tables of an installation in which a word stands."""
    with side.runtime.database.reading() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if any(word in repr(row) for row in session.execute(select(table)))
        }
