"""Lists are read by an index, page after page, and show an authority its own."""

from datetime import date, timedelta
from itertools import chain

import pytest
from sqlalchemy import event

from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.conversation import Kind, Side
from recognition_service.mutual_recognition.forward import forward
from recognition_service.mutual_recognition.inbox import Filter, list_requests
from recognition_service.mutual_recognition.indicators import count_requests
from recognition_service.mutual_recognition.refuse import refuse
from tests.builders import AUTHORITY, bruno
from tests.mutual_recognition.bodies import (
    RABAT,
    RIGA,
    accepted_and_answered,
    answered,
    asked,
    document,
    done,
)

DAYS = [date(2026, 12, day) for day in (3, 1, 2, 1, 5)]


def pages(runtime, owner, wanted, limit):
    """Read a list to its end; return the ids, page by page."""
    found, after = [], None
    with runtime.database.reading() as session:
        while page := list_requests(session, owner, wanted, after=after, limit=limit):
            found.append([row.id for row in page])
            after = (page[-1].due_on, page[-1].id)
    return found


def in_one(runtime, owner=RIGA, **wanted):
    (page,) = pages(runtime, owner, Filter(**wanted), 100) or [[]]
    return page


@pytest.fixture
def filled(office):
    """Five requests to Riga with different days, and one to Rabat."""
    caller = bruno(office)
    office.sent = [asked(office, caller, answer_by=day).id for day in DAYS]
    office.other = asked(office, caller, to=RABAT).id
    return office


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_pages_join_without_gap_and_without_repetition(filled, limit):
    newest = pages(filled, RIGA, Filter(box="in"), limit)
    assert list(chain(*newest)) == filled.sent[::-1]
    by_day = pages(filled, RIGA, Filter(due_before=date(2026, 12, 4)), limit)
    assert list(chain(*by_day)) == [filled.sent[place] for place in (1, 3, 2, 0)]
    both = pages(filled, AUTHORITY, Filter(), limit)
    assert list(chain(*both)) == [filled.other, *filled.sent[::-1]]


def test_what_came_in_and_what_was_sent_are_two_boxes(filled):
    riga = bruno(filled, RIGA)
    own = asked(filled, riga, to=RABAT).id
    assert in_one(filled, box="out") == [own]
    assert in_one(filled, box="in") == filled.sent[::-1]
    assert in_one(filled) == [own, *filled.sent[::-1]]
    assert in_one(filled, AUTHORITY, box="in") == []


def test_filters_narrow_the_list(filled):
    riga, first = bruno(filled, RIGA), filled.sent[0]
    done(filled, accept, riga, first)
    information = asked(filled, bruno(filled), kind=Kind.CASE_INFORMATION).id
    assert in_one(filled, status="accepted") == [first]
    assert in_one(filled, kind="case_information") == [information]
    assert in_one(filled, kind="case_information", status="accepted") == []
    assert in_one(filled, box="out", status="sent") == []


def test_what_is_answered_is_not_due_any_more(filled):
    accepted_and_answered(filled, bruno(filled, RIGA), filled.sent[1])
    due = in_one(filled, due_before=date(2026, 12, 2))
    assert due == [filled.sent[3]]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Filter(box="in"), "ix_mutual_request_box"),
        (Filter(box="in", status="sent"), "ix_mutual_request_status"),
        (Filter(box="in", kind="award_verification"), "ix_mutual_request_kind"),
        (
            Filter(box="in", kind="award_verification", status="sent"),
            "ix_mutual_request_kind_status",
        ),
        (Filter(box="in", due_before=date(2026, 12, 4)), "ix_mutual_request_due"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_every_page_is_read_by_its_index_without_sorting(
    office_on_sqlite, wanted, index, is_first
):
    told = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        told.append((statement, parameters))

    last = asked(office_on_sqlite, bruno(office_on_sqlite)).id
    engine = office_on_sqlite.database.engine
    event.listen(engine, "before_cursor_execute", note)
    after = None if is_first else (date(2026, 12, 1), last)
    with office_on_sqlite.database.reading() as session:
        told.clear()
        list_requests(session, RIGA, wanted, after=after, limit=50)
    event.remove(engine, "before_cursor_execute", note)
    ((statement, parameters),) = [each for each in told if "mutual_request" in each[0]]
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        text = " ".join(str(row) for row in plan)
    assert f"INDEX {index} " in text
    assert "TEMP B-TREE" not in text


def test_indicators_count_each_side_of_an_authority(filled, clock):
    flanders, riga, rabat = (bruno(filled, each) for each in (AUTHORITY, RIGA, RABAT))
    first, second, third, fourth, _ = filled.sent
    accepted_and_answered(filled, riga, first)
    clock.pass_by(days=8)
    done(filled, accept, riga, second)
    done(filled, refuse, riga, third)
    done(filled, forward, riga, fourth, RABAT)
    done(filled, accept, rabat, fourth)
    clock.pass_by(days=25)
    answered(filled, riga, second)
    asked(filled, flanders, answer_by=None)

    def counts(owner, side):
        with filled.database.reading() as session:
            found = count_requests(
                session,
                owner,
                side,
                since=filled.now() - timedelta(days=365),
                until=filled.now() + timedelta(days=1),
                today=filled.now().date(),
            )
        return {name: getattr(found, name) for name in found.__slots__}

    assert counts(RIGA, Side.ANSWERER) == {
        "sent": 5,
        "accepted": 2,
        "accepted_within_a_week": 1,
        "answered": 2,
        "with_agreed_date": 2,
        "answered_by_agreed_date": 1,
        "overdue": 0,
    }
    assert counts(RABAT, Side.ANSWERER)["accepted_within_a_week"] == 1
    assert counts(RABAT, Side.ANSWERER)["overdue"] == 2
    assert counts(AUTHORITY, Side.ASKER) == {
        "sent": 7,
        "accepted": 3,
        "accepted_within_a_week": 1,
        "answered": 2,
        "with_agreed_date": 2,
        "answered_by_agreed_date": 1,
        "overdue": 2,
    }
    assert counts(AUTHORITY, Side.ANSWERER)["sent"] == 0


def test_the_document_of_a_request_says_the_same(filled, clock):
    riga = bruno(filled, RIGA)
    clock.pass_by(days=8)
    accepted_and_answered(filled, riga, filled.sent[1])
    assert document(filled, RIGA, filled.sent[1])["indicators"] == {
        "accepted_within_a_week": False,
        "answered_by_agreed_date": True,
    }
