"""The worker lays letters out, whatever it is interrupted by."""

import pytest

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.recognition.letters import (
    RENDER_LETTER,
    file_of_letter,
    letters_of,
)
from recognition_service.storage import outbox
from recognition_service.storage.models import OutboxMessage
from recognition_service.worker.loop import turn
from tests.builders import (
    AUTHORITY,
    a_request,
    an_authority,
    an_unknown_diploma,
    bruno,
    submitted,
)
from tests.documents.papers import is_archival


@pytest.fixture
def office(small):
    an_authority(small)
    return small


@pytest.fixture
def case(office):
    request, _ = submitted(office, bruno(office), a_request(an_unknown_diploma()))
    return request.id


def letter_of(runtime, case):
    with runtime.database.reading() as session:
        (letter,) = letters_of(session, AUTHORITY, case)
        return letter


def states(runtime):
    with runtime.database.reading() as session:
        return {
            (row.status, row.last_error)
            for row in session.query(OutboxMessage).filter_by(kind=RENDER_LETTER)
        }


def test_a_letter_is_laid_out_by_the_next_turn(office, case):
    assert turn(office) == 0
    letter = letter_of(office, case)
    with office.database.reading() as session:
        pdf = file_of_letter(session, AUTHORITY, case, letter.id)
    assert is_archival(pdf)
    assert (letter.digest, letter.size) == (digest_of_bytes(pdf), len(pdf))
    assert states(office) == {("done", None)}


def test_a_message_that_comes_again_changes_nothing(office, case):
    turn(office)
    before = letter_of(office, case)
    with office.database.transaction() as session:
        outbox.put(
            session,
            AUTHORITY,
            kind=RENDER_LETTER,
            content={"letter": str(before.id)},
            now=office.now(),
        )
    assert turn(office) == 0
    after = letter_of(office, case)
    assert (after.digest, after.rendered_at) == (before.digest, before.rendered_at)


def test_a_worker_that_died_before_it_could_say_so_is_repaired(office, case, clock):
    """Its lease ends; the next one finds the file and is content."""
    with office.database.transaction() as session:
        (message,) = outbox.take(session, now=office.now())
    assert office.render_letter(AUTHORITY, letter_of(office, case).id)
    assert not office.render_letter(AUTHORITY, letter_of(office, case).id)
    before = letter_of(office, case).digest
    clock.pass_by(minutes=3)
    assert turn(office) == 0
    assert letter_of(office, case).digest == before
    assert message.kind == RENDER_LETTER
    assert states(office) == {("done", None)}


def test_a_message_without_a_letter_is_given_up(office):
    with office.database.transaction() as session:
        outbox.put(session, AUTHORITY, kind=RENDER_LETTER, content={}, now=office.now())
    assert turn(office) == 1
    assert states(office) == {("failed", "message_unreadable")}
