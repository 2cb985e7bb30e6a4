"""Two people state fees; the list in force holds until another one is approved."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    FeesChangedError,
    SecondPersonNeededError,
    StandingOrderNotFoundError,
)
from recognition_service.authorities.state_fees import (
    approve_fees,
    end_fees,
    fee_lists,
    propose_fees,
    stated_fees,
)
from recognition_service.storage.models import AuditEntry
from tests.authorities.test_fees import a_fee
from tests.builders import NOW, an_authority

BRUNO, SOFIA = "person:bruno", "person:sofia"


class Fees:
    """The fees of one authority, a transaction for each act."""

    def __init__(self, database, authority_id="be-fl"):
        self.database, self.authority_id = database, authority_id

    def propose(self, *amounts, actor=BRUNO):
        entries = [
            a_fee(each, texts={"en": f"Fee {number}"})
            for number, each in enumerate(amounts)
        ]
        with self.database.transaction() as session:
            return propose_fees(
                session,
                self.authority_id,
                entries,
                actor=actor,
                note="Board",
                now=NOW,
            ).version

    def approve(self, version, actor=SOFIA, now=NOW):
        with self.database.transaction() as session:
            approve_fees(session, self.authority_id, version, actor=actor, now=now)

    def end(self, actor=BRUNO):
        with self.database.transaction() as session:
            end_fees(session, self.authority_id, actor=actor, now=NOW)

    def stated(self):
        with self.database.reading() as session:
            found = stated_fees(session, [self.authority_id, "nobody"])
        return [fee.amount for each in found for fee in each.fees]

    def versions(self):
        with self.database.reading() as session:
            return [
                None if each is None else each.version
                for each in fee_lists(session, self.authority_id)
            ]


@pytest.fixture
def fees(small):
    an_authority(small)
    return Fees(small.database)


@pytest.fixture
def fees_on_sqlite(small_on_sqlite):
    an_authority(small_on_sqlite)
    return Fees(small_on_sqlite.database)


def test_a_list_is_stated_once_a_second_person_approved(fees):
    assert (fees.stated(), fees.versions()) == ([], [None, None])
    version = fees.propose("200.00", "80.00")
    assert (version, fees.stated(), fees.versions()) == (1, [], [None, 1])
    fees.approve(version)
    assert (fees.stated(), fees.versions()) == (["200.00", "80.00"], [1, None])


def test_the_list_in_force_holds_until_the_next_is_approved(fees):
    fees.approve(fees.propose("200.00"))
    fees.propose("250.00")
    assert (fees.stated(), fees.versions()) == (["200.00"], [1, 2])
    fees.approve(2)
    assert (fees.stated(), fees.versions()) == (["250.00"], [2, None])


def test_nobody_approves_a_list_that_was_not_read(fees):
    fees.propose("200.00")
    fees.propose("999.00")
    for version in (1, 3):
        with pytest.raises(FeesChangedError, match="version 2, and waits"):
            fees.approve(version)
    fees.approve(2)
    with pytest.raises(FeesChangedError, match="does not wait"):
        fees.approve(2)
    assert fees.stated() == ["999.00"]


def test_who_proposed_cannot_approve(fees):
    version = fees.propose("200.00")
    with pytest.raises(SecondPersonNeededError):
        fees.approve(version, actor=BRUNO)
    assert fees.stated() == []


@pytest.mark.parametrize(
    ("proposer", "approver"),
    [("system:1", SOFIA), (BRUNO, "system:1"), ("service", SOFIA), (BRUNO, "service")],
)
def test_neither_half_can_be_a_system(fees_on_sqlite, proposer, approver):
    version = fees_on_sqlite.propose("200.00", actor=proposer)
    with pytest.raises(SecondPersonNeededError):
        fees_on_sqlite.approve(version, actor=approver)
    assert fees_on_sqlite.stated() == []


def test_one_person_ends_all_at_once_and_no_older_list_comes_back(fees):
    fees.approve(fees.propose("200.00"))
    fees.approve(fees.propose("250.00"))
    fees.propose("300.00")
    fees.end()
    assert (fees.stated(), fees.versions()) == ([], [None, None])
    with pytest.raises(StandingOrderNotFoundError):
        fees.approve(3)
    with pytest.raises(StandingOrderNotFoundError):
        fees.end()
    fees.approve(fees.propose("350.00"))
    assert (fees.stated(), fees.versions()) == (["350.00"], [4, None])


def test_nothing_can_be_approved_or_ended_that_nobody_proposed(fees):
    with pytest.raises(StandingOrderNotFoundError):
        fees.approve(1)
    with pytest.raises(StandingOrderNotFoundError):
        fees.end()


def test_fees_are_one_authoritys_own(small, fees):
    an_authority(small, "ma")
    others = Fees(small.database, "ma")
    fees.approve(fees.propose("200.00"))
    others.approve(others.propose("300.00"))
    assert (fees.stated(), others.stated()) == (["200.00"], ["300.00"])
    with pytest.raises(AuthorityNotFoundError):
        Fees(small.database, "nobody").propose("1")


def test_the_day_of_statement_is_that_of_the_authority(small):
    an_authority(small, time_zone="Asia/Tokyo")
    fees = Fees(small.database)
    late = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
    fees.approve(fees.propose("200.00"), now=late)
    with small.database.reading() as session:
        (found,) = stated_fees(session, ["be-fl"])
    assert found.stated_on == date(2026, 11, 3)
    assert found.fees == (replace(a_fee("200.00"), texts={"en": "Fee 0"}),)


def test_lists_that_are_proposed_at_once_get_versions_of_their_own(fees):
    versions = []

    def one(amount):
        versions.append(fees.propose(amount))

    threads = [threading.Thread(target=one, args=(str(n),)) for n in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(versions) == list(range(1, 9))


def test_each_act_is_audited_with_the_digest_of_the_list(small, fees):
    fees.approve(fees.propose("200.00"))
    fees.propose("250.00")
    fees.end(SOFIA)
    with small.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.subject.like("fees/%"))
        ).all()
    first, second = "fees/1", "fees/2"
    assert {(each.action, each.subject, each.actor) for each in entries} == {
        ("fees.proposed", first, BRUNO),
        ("fees.approved", first, SOFIA),
        ("fees.proposed", second, BRUNO),
        ("fees.ended", first, SOFIA),
        ("fees.ended", second, SOFIA),
    }
    digests = {
        subject: {e.content["digest"] for e in entries if e.subject == subject}
        for subject in (first, second)
    }
    assert [len(each) for each in digests.values()] == [1, 1]
    assert digests[first] != digests[second]
