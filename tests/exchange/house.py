"""An installation to which others write, and how what it keeps differs afterwards."""

from sqlalchemy import func, literal, select, union_all, update

from recognition_service.app import create_app
from recognition_service.authorities.models import Authority, Function, Peer
from recognition_service.exchange.deliver import Reply
from recognition_service.exchange.models import OutgoingMessage, ReceivedMessage
from recognition_service.exchange.post import State
from recognition_service.runtime.exchange_desk import MESSAGE_HEADER
from recognition_service.storage.base import Base
from recognition_service.storage.models import AuditEntry
from recognition_service.storage.settings import PUBLIC_URL, fix_setting
from tests.builders import Clock, an_installation
from tests.journeys.bodies import COORDINATOR, PROVIDER, a_body
from tests.peer import Peer as Elsewhere
from tests.peer import claims_of

PATH = "/mutual-requests"
JWT = "application/jwt"
KEPT_REFUSAL = {"received_message": 1, "audit_entry": 1, "audit_pending": 1}
"""What a signed refusal leaves behind: that it was given, and to whom."""
COMPETENT = frozenset({Function.COMPETENT_AUTHORITY})


class House:
    """The installation of the tests: a centre that asks, schools that answer."""

    def __init__(self, directory, database):
        self.clock = Clock()
        self.runtime = an_installation(directory, database, clock=self.clock)
        self.app = create_app(self.runtime)
        self.client = self.app.test_client()
        with self.runtime.database.transaction() as session:
            fix_setting(session, PUBLIC_URL, self.runtime.public_url)
        self.centre = self._found("centre", "BE-FL", COMPETENT)
        self.school = self._found("school", "BE-FL", PROVIDER)
        self.second = self._found("second", "BE-FL", PROVIDER)
        self.desk = self._found("desk", "BE-FL", COORDINATOR)
        self._second_centre = None
        self.runtime.publish_trust_list()

    def _found(self, name, jurisdiction, functions):
        return a_body(self.app, self.runtime, name, jurisdiction, functions)

    def second_centre(self):
        """Found another authority that is warned; once for all tests of a module."""
        if self._second_centre is None:
            self._second_centre = self._found("second-centre", "BE-FL", COMPETENT)
            self.runtime.publish_trust_list()
        return self._second_centre

    def issuer(self, name):
        return f"{self.runtime.public_url}/issuers/{name}"

    def meet(self, **more):
        """Return another installation that this one knows, and an authority of it."""
        peer = Elsewhere(**more)
        mallory = peer.authority("mallory")
        peer.introduce(self.runtime)
        peer.tell(self.runtime)
        return mallory

    def post(self, token, *, content_type=JWT):
        return self.client.post("/exchange", data=token, content_type=content_type)

    def post_bytes(self, token, content):
        return self.client.post(
            "/exchange/attachments",
            data=content,
            content_type="application/octet-stream",
            headers={MESSAGE_HEADER: token},
        )

    def ask(self, asked, **more):
        """Let the centre ask an authority of another installation."""
        body = {
            "kind": "award_verification",
            "to": {"authority": "mallory", "installation": asked.peer.name},
            "about": None,
            "proposed_answer_by": "2026-12-01",
        } | more
        answer = self.centre.post(PATH, body)
        assert answer.status_code == 201, answer.json
        return answer.json["id"]

    def outgoing(self, conversation):
        """Return what the house writes in a conversation, in order."""
        with self.runtime.database.reading() as session:
            return [
                row
                for row in session.scalars(
                    select(OutgoingMessage).order_by(
                        OutgoingMessage.recipient, OutgoingMessage.sequence
                    )
                )
                if str(row.conversation) == str(conversation)
            ]

    def received(self, conversation):
        with self.runtime.database.reading() as session:
            return [
                row
                for row in session.scalars(select(ReceivedMessage))
                if str(row.conversation) == str(conversation)
            ]

    def forget_post(self):
        """Give up what tests before have left unsent."""
        with self.runtime.database.transaction() as session:
            session.execute(update(OutgoingMessage).values(state=State.EXPIRED))

    def audit(self, authority_id, subject):
        """Return what the audit of an authority says about something."""
        with self.runtime.database.reading() as session:
            return list(
                session.scalars(
                    select(AuditEntry)
                    .where(
                        AuditEntry.authority_id == authority_id,
                        AuditEntry.subject == subject,
                    )
                    .order_by(AuditEntry.at, AuditEntry.id)
                )
            )

    def send(self, transport, rounds=5):
        """Deliver what is due; the transport answers for the other side."""
        for _ in range(rounds):
            due = self.runtime.due_messages(100)
            if not due:
                return
            for each in due:
                self.runtime.send_message(each, transport)

    def kept(self):
        """Return how much each table holds, and how often its rows were changed."""
        with self.runtime.database.reading() as session:
            found = {
                name: (rows, versions)
                for name, rows, versions in session.execute(_COUNTED)
            }
            for whole in (Peer, Authority):
                rows = session.execute(select(whole.__table__)).all()
                found[whole.__tablename__] = (len(rows), repr(sorted(rows)))
        return found


def _counted(table):
    versions = sum(
        (
            func.coalesce(func.sum(table.c[name]), 0)
            for name in ("version", "sequence", "attempts")
            if name in table.c
        ),
        literal(0),
    )
    return select(literal(table.name), func.count(), versions).select_from(table)


_COUNTED = union_all(*map(_counted, Base.metadata.sorted_tables))


def difference(before, after):
    """Return the tables that differ, and by how many rows."""
    return {
        name: after[name][0] - before[name][0]
        for name in before
        if before[name] != after[name]
    }


def receiving(answerer, **changes):
    """Return a transport behind which an authority receives everything."""

    def transport(_url, body, headers):
        token = headers.get(MESSAGE_HEADER) or body
        return Reply(202, answerer.receipt(token, **changes).encode())

    return transport


def refusal(answer):
    """Return why a receipt refuses, and whether to try again."""
    assert answer.status_code == 409, answer.get_data(as_text=True)
    claims = claims_of(answer.get_data(as_text=True))
    assert claims["status"] == "refused"
    return claims["code"], claims["retry"]


def receipt(answer):
    assert answer.status_code == 202, answer.get_data(as_text=True)
    return claims_of(answer.get_data(as_text=True))


def seen(office, request_id):
    answer = office.get(f"{PATH}/{request_id}")
    assert answer.status_code == 200, answer.json
    return answer.json
