"""An authority orders only what can ever decide; other orders would be empty words."""

import pytest

from recognition_service.authorities.keys import active_key
from recognition_service.cli.demo.cast import PLANS
from recognition_service.credentials.signer import KeyPurpose
from tests.journeys.office import a_bachelor

ORDERS = "/standing-orders"


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


def faults(answer):
    assert answer.status_code == 422, answer.json
    return [(each["parameter"], each["code"]) for each in answer.json["errors"]]


@pytest.mark.parametrize(
    "instrument",
    [
        "benelux-baltic-2024",  # A treaty whose listed titles decide.
        "stm-de-at-lehre",  # The source of an ordinance that equates titles.
        "benelux-2015",  # An agreement that a published list carries out.
        "retention",  # What was kept long enough goes, though nobody confirmed it.
    ],
)
def test_what_decides_or_erases_can_be_ordered(flanders, instrument):
    proposed = flanders.call("PUT", f"{ORDERS}/{instrument}", {"note": "Board"})
    assert proposed.status_code == 200, proposed.json
    assert proposed.json["in_force"] is False
    approval = f"{ORDERS}/{instrument}/approval"
    approved = flanders.call("PUT", approval, {}, as_="signatory")
    assert approved.json["in_force"] is True


@pytest.mark.parametrize(
    "instrument",
    [
        "eu-2005-36-sectoral",  # It finds; an officer decides.
        "lrc-1997",  # A convention under which each case is assessed.
        "stm-at-sfry-si",  # Advice.
        "stm-pt-auto",  # A list that was not read in its source.
        "stm-uk-in",  # Ordered by the id of its agreement, gb-in-2022.
    ],
)
def test_what_never_decides_cannot_be_ordered(flanders, instrument):
    before = flanders.get(ORDERS).json
    refused = flanders.call("PUT", f"{ORDERS}/{instrument}", {})
    assert faults(refused) == [("instrument", "never_decides")]
    assert flanders.get(ORDERS).json == before


def test_what_no_table_knows_cannot_be_ordered(flanders):
    refused = flanders.call("PUT", f"{ORDERS}/nothing", {})
    assert faults(refused) == [("instrument", "unknown_code")]


def test_the_offices_of_the_demonstration_order_what_decides(office_of):
    for plan in PLANS:
        office = office_of(plan.authority.id)
        for instrument in plan.orders:
            answer = office.call("PUT", f"{ORDERS}/{instrument}", {})
            assert answer.status_code == 200, answer.json


def test_callers_are_not_told_commands_of_the_operator(flanders, runtime):
    with runtime.database.reading() as session:
        key = active_key(session, "be-fl-demo", KeyPurpose.ATTESTATIONS, runtime.now())
    runtime.retire_key("be-fl-demo", key.thumbprint)
    answer = flanders.post("/recognition-requests", a_bachelor())
    assert answer.json["code"] == "no_active_key", answer.json
    assert answer.status_code == 503
    assert answer.json["detail"] == (
        "be-fl-demo has no key for attestations that may sign now."
    )
