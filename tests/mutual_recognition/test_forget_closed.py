"""What closed requests said is forgotten; that they were made is not."""

from datetime import timedelta

from recognition_service.mutual_recognition.close import close
from recognition_service.mutual_recognition.forget_closed import forget_closed
from tests.builders import AUTHORITY, bruno
from tests.mutual_recognition.bodies import (
    RIGA,
    accepted_and_answered,
    asked,
    document,
    row_of,
)

MONTHS = 6


def forget(runtime, *, days):
    with runtime.database.transaction() as session:
        now = runtime.now() + timedelta(days=days)
        return forget_closed(session, kept_months=MONTHS, now=now)


def closed(runtime):
    caller = bruno(runtime)
    request = asked(runtime, caller, free_text={"en": "About Amina Haddad."})
    accepted_and_answered(runtime, bruno(runtime, RIGA), request.id)
    with runtime.database.transaction() as session:
        close(session, caller, request.id, now=runtime.now())
    return request.id


def test_a_closed_request_is_forgotten_on_both_sides_and_its_dates_stay(office):
    request_id = closed(office)
    before = {each: document(office, each, request_id) for each in (AUTHORITY, RIGA)}
    assert "Amina" in str(before)
    assert forget(office, days=200) == 2
    for each in (AUTHORITY, RIGA):
        after = document(office, each, request_id)
        assert "Amina" not in str(after)
        assert (after["status"], after["kind"]) == ("closed", before[each]["kind"])
        assert {asked["answer"] for asked in after["questions"]} == {None}
        assert [event["at"] for event in after["history"]] == [
            event["at"] for event in before[each]["history"]
        ]
        assert row_of(office, each, request_id).forgotten_at is not None


def test_nothing_is_forgotten_before_its_time_or_twice(office):
    closed(office)
    assert forget(office, days=150) == 0
    assert forget(office, days=200) == 2
    assert forget(office, days=400) == 0


def test_an_open_request_is_kept_however_old_it_is(office):
    request = asked(office, bruno(office), free_text={"en": "About Amina Haddad."})
    assert forget(office, days=2_000) == 0
    assert "Amina" in str(document(office, AUTHORITY, request.id))
