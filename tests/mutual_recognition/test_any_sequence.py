"""Whatever anybody does in whatever order, a request never leaves the graph."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.answer import NewAnswer, answer
from recognition_service.mutual_recognition.ask_more import FurtherQuestions, ask_more
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.close import close
from recognition_service.mutual_recognition.conversation import (
    FINAL,
    State,
    allowed_events,
)
from recognition_service.mutual_recognition.errors import (
    EventNotAllowedError,
    MutualRequestInvalidError,
    MutualRequestNotFoundError,
)
from recognition_service.mutual_recognition.forward import forward
from recognition_service.mutual_recognition.models import MutualEvent, MutualRequest
from recognition_service.mutual_recognition.negotiate_deadline import (
    negotiate_deadline,
)
from recognition_service.mutual_recognition.refer import overdue_requests, refer
from recognition_service.mutual_recognition.refuse import refuse
from recognition_service.mutual_recognition.sides import place_of
from recognition_service.mutual_recognition.split import split
from recognition_service.mutual_recognition.withdraw import withdraw
from tests.builders import AUTHORITY, NOW, PUBLIC_URL, bruno
from tests.mutual_recognition.bodies import (
    COORDINATES,
    COORDINATOR,
    RABAT,
    RIGA,
    a_body,
    asked,
    bodies,
)

WAITING = {"accepted", "declined", "forwarded", "withdrawn", "referred_to_coordinator"}
DATES = {"deadline_proposed", "deadline_agreed"}
GRAPH = {
    "draft": {"sent"},
    "sent": WAITING | DATES,
    "forwarded": WAITING | DATES,
    "deadline_proposed": WAITING | DATES,
    "deadline_agreed": WAITING,
    "accepted": {"answered", "forwarded", "withdrawn", "referred_to_coordinator"},
    "answered": {"closed", "more_info_requested"},
    "more_info_requested": {"answered", "withdrawn", "referred_to_coordinator"},
    "referred_to_coordinator": {
        *("accepted", "answered", "declined", "forwarded", "withdrawn"),
    },
    "declined": set(),
    "withdrawn": set(),
    "closed": set(),
}
IN_STEP = {("forwarded", "sent")}
WHO = (AUTHORITY, RIGA, RABAT, COORDINATOR)
DAYS = (date(2026, 12, 1), date(2026, 12, 10))
MORE = FurtherQuestions(free_text={"en": "Why?"}, answer_by=DAYS[0])
ACTS = (
    *(("accept",), ("answer",), ("half",), ("refuse",), ("withdraw",), ("close",)),
    *(("split",), ("ask_more",), ("refer",)),
    *(("forward", who) for who in WHO),
    *(("deadline", day) for day in DAYS),
)
BY_EVENT = {
    "accepted": [("accept",)],
    "answered": [("answer",)],
    "declined": [("refuse",)],
    "withdrawn": [("withdraw",)],
    "closed": [("close",)],
    "split": [("split",)],
    "more_info_requested": [("ask_more",)],
    "forwarded": [("forward", who) for who in WHO],
    "deadline_proposed": [("deadline", DAYS[1])],
    "deadline_agreed": [("deadline", DAYS[0])],
}
REFUSALS = (
    EventNotAllowedError,
    MutualRequestInvalidError,
    MutualRequestNotFoundError,
)


class Conversation:
    """One request to Riga, and everybody who may try something with it."""

    def __init__(self, runtime):
        self.runtime = runtime
        self.people = {who: bruno(runtime, who) for who in WHO}
        self.request_id = asked(runtime, self.people[AUTHORITY]).id

    def rows(self):
        with self.runtime.database.reading() as session:
            found = session.query(MutualRequest).filter_by(id=self.request_id)
            return {row.authority_id: row for row in found}

    def events(self):
        with self.runtime.database.reading() as session:
            return session.query(MutualEvent).count()

    def choose(self, number):
        """Return who tries what; three of four times something that is allowed."""
        allowed = [
            (who, act)
            for who, row in sorted(self.rows().items())
            for event in allowed_events(place_of(row))
            for act in BY_EVENT[event]
        ]
        tries = [(who, act) for who in WHO for act in ACTS]
        among = allowed if allowed and number % 4 else tries
        return among[number // 4 % len(among)]

    def step(self, who, name, *subject):
        """Try one act; nothing happens in the conversation where it is refused."""
        caller, now = self.people[who], self.runtime.now()
        with self.runtime.database.transaction() as session:
            if name == "refer":
                self.refer(session)
                return
            mine = session.get(MutualRequest, (who, self.request_id))
            act, more = {
                "accept": (accept, {}),
                "answer": (answer, self.answers(mine, whole=True)),
                "half": (answer, self.answers(mine, whole=False)),
                "refuse": (refuse, {}),
                "withdraw": (withdraw, {}),
                "close": (close, {}),
                "split": (split, {"questions": ["programme_delivered"]}),
                "ask_more": (ask_more, {"new": MORE}),
                "forward": (forward, {"to": subject and subject[0]}),
                "deadline": (negotiate_deadline, {"answer_by": subject and subject[0]}),
            }[name]
            act(session, caller, self.request_id, now=now, **more)

    def refer(self, session):
        late = NOW.replace(month=12, day=28)
        for overdue in overdue_requests(session, now=late):
            refer(session, overdue, now=late)

    def answers(self, row, *, whole):
        asked_now = row.questions if row else []
        given = [{"id": each["id"], "answer": "unknown"} for each in asked_now]
        return {
            "new": NewAnswer(questions=given if whole else given[: len(given) // 2]),
            "service": Service(self.runtime.edition(AUTHORITY), PUBLIC_URL),
        }


@pytest.fixture
def everybody(small_on_sqlite):
    runtime = bodies(small_on_sqlite)
    a_body(runtime, COORDINATOR, "LV", COORDINATES)
    return runtime


@settings(
    derandomize=True,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.integers(0, 10_000), min_size=1, max_size=14))
def test_no_sequence_leaves_the_graph(everybody, steps):
    conversation = Conversation(everybody)
    for number in steps:
        who, act = conversation.choose(number)
        before, told = conversation.rows(), conversation.events()
        try:
            conversation.step(who, *act)
        except REFUSALS:
            assert conversation.events() == told
            assert states(conversation.rows()) == states(before)
        else:
            check_the_step(before, conversation.rows())


def check_the_step(before, after):
    for who, row in after.items():
        old = before[who].status if who in before else "draft"
        entered = {*GRAPH[old], *({"forwarded", *GRAPH} if who not in before else ())}
        assert row.status == old or row.status in entered, (who, old, row.status)
    here, there = after[AUTHORITY], after[after[AUTHORITY].answerer]
    pair = (here.status, there.status)
    assert here.status == there.status or pair in IN_STEP
    assert here.sequence == there.sequence
    assert (here.due_on is None) >= (here.status in FINAL)
    assert here.passed == there.passed
    assert len({*here.passed, here.answerer, AUTHORITY}) == len(here.passed) + 2


def states(rows):
    return {who: (row.status, row.version, row.questions) for who, row in rows.items()}


def test_the_graph_has_every_state():
    assert set(GRAPH) == set(State)
    assert set.union(*GRAPH.values()) | {"draft"} == set(State)
