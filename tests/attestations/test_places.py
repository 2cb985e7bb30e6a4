"""Places in status lists are taken at random and never twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from recognition_service.attestations import places
from recognition_service.attestations.errors import StatusListFullError
from recognition_service.attestations.models import (
    Copy,
    IssuedCredential,
    ListPurpose,
    StatusEntry,
    StatusList,
)
from recognition_service.attestations.places import (
    LIST_SIZE,
    credential_status_entries,
    take_places,
)
from recognition_service.storage.ids import new_id
from tests.builders import AUTHORITY, an_attestation, an_authority

CREDENTIALS = ListPurpose.CREDENTIALS


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def keep(session, places_taken, now):
    """Let credentials stand at places, as if they had been issued."""
    for number, index in places_taken:
        identity = new_id(now)
        session.add(
            IssuedCredential(
                authority_id=AUTHORITY,
                id=identity,
                credential_id=f"urn:uuid:{identity}",
                list_number=number,
                status_index=index,
                issued_at=now,
                issued_by="person:1",
            )
        )
    session.flush()


def lists_of(runtime):
    with runtime.database.reading() as session:
        return [
            (row.number, row.purpose, row.taken)
            for row in session.scalars(select(StatusList).order_by(StatusList.number))
        ]


def test_case_21_a_thousand_places_are_taken_at_once_and_each_once(office):
    with office.database.transaction() as session:
        taken = take_places(session, AUTHORITY, 1000)
    assert len(set(taken)) == 1000
    assert {number for number, _ in taken} == {1}
    assert all(0 <= index < LIST_SIZE for _, index in taken)
    assert lists_of(office) == [(1, "attestations", 1000)]


def test_case_21_places_tell_nothing_about_the_order(office):
    """In each sixteenth of the list lies about a sixteenth of the places."""
    with office.database.transaction() as session:
        taken = [index for _, index in take_places(session, AUTHORITY, 4000)]
    assert taken != sorted(taken)
    shares = Counter(index * 16 // LIST_SIZE for index in taken)
    assert set(shares) == set(range(16))
    assert all(150 < share < 350 for share in shares.values())  # 6 deviations.
    later = sum(second > first for first, second in pairwise(taken))
    assert 1800 < later < 2200


def test_case_21_a_place_is_never_given_again(office, monkeypatch):
    """In a list of four places, four are taken and a fifth is not to be had."""
    monkeypatch.setattr(places, "LIST_SIZE", 4)
    monkeypatch.setattr(places, "_FULL_AT", 100)
    with office.database.transaction() as session:
        taken = []
        for _ in range(4):
            (place,) = take_places(session, AUTHORITY, 1, CREDENTIALS)
            keep(session, [place], office.now())
            taken.append(place)
        assert sorted(index for _, index in taken) == [0, 1, 2, 3]
        with pytest.raises(StatusListFullError):
            take_places(session, AUTHORITY, 1, CREDENTIALS)


def test_case_21_the_database_refuses_a_place_that_is_taken(office):
    with office.database.transaction() as session:
        place = take_places(session, AUTHORITY, 1, CREDENTIALS)
        keep(session, place, office.now())
    with pytest.raises(IntegrityError), office.database.transaction() as session:
        keep(session, place, office.now())
    an_attestation(office)
    with office.database.reading() as session:
        first, second = session.scalars(select(Copy)).all()
    moved = update(Copy).where(Copy.id == second.id)
    moved = moved.values(list_number=first.list_number, status_index=first.status_index)
    with pytest.raises(IntegrityError), office.database.transaction() as session:
        session.execute(moved)


def test_case_21_two_who_take_at_once_get_different_places(office, monkeypatch):
    """Four threads share a list that they fill to the last place."""
    monkeypatch.setattr(places, "LIST_SIZE", 42)
    monkeypatch.setattr(places, "_FULL_AT", 1000)
    monkeypatch.setattr(places, "_TRIES", 5000)
    barrier = Barrier(4)

    def take_two():
        with office.database.transaction() as session:
            taken = take_places(session, AUTHORITY, 2, CREDENTIALS)
            keep(session, taken, office.now())
        return taken

    def take_ten(_):
        barrier.wait()
        return [place for _ in range(5) for place in take_two()]

    taken = take_two()  # Begins the list, which two at once might do twice.
    with ThreadPoolExecutor(4) as pool:
        taken += [place for got in pool.map(take_ten, range(4)) for place in got]
    assert len(set(taken)) == 42
    assert lists_of(office) == [(1, "credentials", 42)]


def test_a_list_that_is_half_full_is_followed_by_another(office):
    with office.database.transaction() as session:
        take_places(session, AUTHORITY, 1)
        session.execute(update(StatusList).values(taken=LIST_SIZE // 2))
        assert take_places(session, AUTHORITY, 1)[0][0] == 2
        assert take_places(session, AUTHORITY, 1)[0][0] == 2


def test_attestations_and_other_credentials_never_share_a_list(office):
    with office.database.transaction() as session:
        numbers = [
            take_places(session, AUTHORITY, 1, purpose)[0][0]
            for purpose in (CREDENTIALS, ListPurpose.ATTESTATIONS) * 2
        ]
    assert numbers == [1, 2, 1, 2]


def test_no_place_at_all_touches_nothing(office):
    with office.database.transaction() as session:
        assert take_places(session, AUTHORITY, 0) == []
    assert lists_of(office) == []


def test_an_issued_copy_leaves_no_trace_in_the_list(office):
    """Places that are not taken cannot be told from valid ones."""
    an_attestation(office)
    with office.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StatusEntry)) == 0


def test_a_copy_names_the_same_place_in_both_bitstring_lists():
    here = "https://recognition.example/status/bsl/be-fl/7"
    assert credential_status_entries(
        "https://recognition.example", "be-fl", 7, 48213
    ) == [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": "48213",
            "statusListCredential": f"{here}/{purpose}",
        }
        for purpose in ("revocation", "suspension")
    ]
