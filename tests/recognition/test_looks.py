"""Who looks at a whole case is written down once an hour, and told by role."""

import pytest

from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.recognition.looks import (
    must_note_look,
    note_look,
    readings_for_person,
)
from tests.builders import (
    AUTHORITY,
    a_caller,
    a_request,
    an_authority,
    an_unknown_diploma,
    bruno,
    submitted,
)


@pytest.fixture
def case(small):
    an_authority(small)
    found, _ = submitted(small, bruno(small), a_request(an_unknown_diploma()))
    return found.id


def look(runtime, caller, case):
    """Look as a view does; return whether it was written down."""
    now = runtime.now()
    with runtime.database.reading() as session:
        is_new = must_note_look(session, caller, case, now=now)
    if is_new:
        with runtime.database.transaction() as session:
            note_look(session, caller, case, now=now)
    return is_new


def readings(runtime, case):
    with runtime.database.reading() as session:
        return readings_for_person(session, AUTHORITY, case)


def test_one_row_an_hour_and_person(small, clock, case):
    officer, auditor = bruno(small), a_caller(small, Role.AUDITOR)
    written = [look(small, officer, case), look(small, officer, case)]
    written.append(look(small, auditor, case))
    clock.pass_by(minutes=59)
    written.append(look(small, officer, case))
    clock.pass_by(minutes=1)
    written.append(look(small, officer, case))
    assert written == [True, False, True, False, True]
    told = sorted((each["at"], each["roles"]) for each in readings(small, case))
    assert told == [
        ("2026-11-02T09:00:00Z", ["auditor"]),
        ("2026-11-02T09:00:00Z", ["officer"]),
        ("2026-11-02T10:00:00Z", ["officer"]),
    ]


def test_two_looks_at_once_are_one(small, case):
    officer = bruno(small)
    for _ in range(2):
        with small.database.transaction() as session:
            note_look(session, officer, case, now=small.now())
    assert len(readings(small, case)) == 1


def test_a_system_is_not_written_down(small, case):
    system = a_caller(small, Role.OFFICER, kind=PrincipalKind.SYSTEM)
    assert look(small, system, case) is False
    assert readings(small, case) == []
