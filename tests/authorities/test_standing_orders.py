"""Two people switch on that rules decide; one can switch it off."""

import pytest
from sqlalchemy import select

from recognition_service.authorities.errors import (
    SecondPersonNeededError,
    StandingOrderNotFoundError,
)
from recognition_service.authorities.standing_orders import (
    approve_standing_order,
    end_standing_order,
    instruments_ordered,
    propose_standing_order,
)
from recognition_service.storage.models import AuditEntry
from tests.builders import NOW, an_authority

BRUNO, SOFIA = "person:bruno", "person:sofia"


@pytest.fixture
def orders(small):
    an_authority(small)
    return Orders(small.database)


@pytest.fixture
def orders_on_sqlite(small_on_sqlite):
    an_authority(small_on_sqlite)
    return Orders(small_on_sqlite.database)


class Orders:
    """The standing orders of one authority, a transaction for each act."""

    def __init__(self, database, authority_id="be-fl"):
        self.database, self.authority_id = database, authority_id

    def _act(self, act, actor, instrument, **more):
        with self.database.transaction() as session:
            return act(
                session, self.authority_id, instrument, actor=actor, now=NOW, **more
            )

    def propose(self, actor, instrument="treaty"):
        return self._act(propose_standing_order, actor, instrument, note="why not")

    def approve(self, actor, instrument="treaty"):
        return self._act(approve_standing_order, actor, instrument)

    def end(self, actor, instrument="treaty"):
        return self._act(end_standing_order, actor, instrument)

    def in_force(self):
        with self.database.reading() as session:
            return instruments_ordered(session, self.authority_id)


def test_an_order_is_in_force_once_a_second_person_approved(orders):
    assert orders.in_force() == set()
    orders.propose(BRUNO)
    assert orders.in_force() == set()
    order = orders.approve(SOFIA)
    assert (order.proposed_by, order.approved_by) == (BRUNO, SOFIA)
    assert (order.approved_at, order.note) == (NOW, "why not")
    assert orders.in_force() == {"treaty"}


def test_who_proposed_cannot_approve(orders):
    orders.propose(BRUNO)
    with pytest.raises(SecondPersonNeededError):
        orders.approve(BRUNO)
    assert orders.in_force() == set()


@pytest.mark.parametrize(
    ("proposer", "approver"),
    [("system:1", SOFIA), (BRUNO, "system:1"), ("service", SOFIA), (BRUNO, "service")],
)
def test_neither_half_can_be_a_system(orders_on_sqlite, proposer, approver):
    orders_on_sqlite.propose(proposer)
    with pytest.raises(SecondPersonNeededError):
        orders_on_sqlite.approve(approver)
    assert orders_on_sqlite.in_force() == set()


def test_one_person_ends_an_order_at_once(orders):
    orders.propose(BRUNO)
    orders.approve(SOFIA)
    orders.end(BRUNO)
    assert orders.in_force() == set()


def test_an_ended_order_must_be_proposed_again(orders):
    orders.propose(BRUNO)
    orders.approve(SOFIA)
    orders.end(SOFIA)
    with pytest.raises(StandingOrderNotFoundError):
        orders.approve(SOFIA)
    assert orders.in_force() == set()
    orders.propose(BRUNO)
    assert orders.in_force() == set()
    orders.approve(SOFIA)
    assert orders.in_force() == {"treaty"}


def test_a_new_proposal_needs_a_new_approval(orders):
    orders.propose(BRUNO)
    orders.approve(SOFIA)
    orders.propose(SOFIA)
    assert orders.in_force() == set()
    with pytest.raises(SecondPersonNeededError):
        orders.approve(SOFIA)


def test_nothing_can_be_approved_or_ended_that_nobody_proposed(orders):
    for act in (orders.approve, orders.end):
        with pytest.raises(StandingOrderNotFoundError, match="under treaty"):
            act(SOFIA)


def test_orders_are_one_authoritys_own(small, orders):
    an_authority(small, "ma")
    others = Orders(small.database, "ma")
    orders.propose(BRUNO)
    orders.approve(SOFIA)
    assert others.in_force() == set()
    with pytest.raises(StandingOrderNotFoundError):
        others.approve(SOFIA)


def test_each_act_is_audited(small, orders):
    orders.propose(BRUNO)
    orders.approve(SOFIA)
    orders.end(BRUNO)
    with small.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == "standing_order/treaty")
        ).all()
    assert {(entry.action, entry.actor) for entry in entries} == {
        ("standing_order.proposed", BRUNO),
        ("standing_order.approved", SOFIA),
        ("standing_order.ended", BRUNO),
    }
