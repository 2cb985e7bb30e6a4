"""Lists are kept for ever: what they said at an instant can be asked later."""

from datetime import timedelta

import pytest

from recognition_service.attestations import publish, published
from recognition_service.attestations.models import ListForm, Status
from recognition_service.attestations.read import Filters, list_attestations
from recognition_service.attestations.status import change_status
from recognition_service.authorities.errors import AuthorityNotFoundError
from recognition_service.credentials import token_status_list
from tests.builders import (
    AUTHORITY,
    NOW,
    PUBLIC_URL,
    an_attestation,
    an_authority,
    token,
)

TSL = f"{PUBLIC_URL}/status/tsl/be-fl/1"
BITSTRING = f"{PUBLIC_URL}/status/bsl/be-fl/1"
BITSTRINGS = {f"{BITSTRING}/revocation", f"{BITSTRING}/suspension"}


@pytest.fixture
def office(small):
    an_authority(small)
    return small


@pytest.fixture
def told(office, clock):
    """An office whose list said: valid, suspended after 1 h, revoked after 2 h."""
    attestation_id = an_attestation(office)
    for status in (Status.SUSPENDED, Status.REVOKED):
        clock.pass_by(hours=1)
        with office.database.transaction() as session:
            change_status(
                session,
                AUTHORITY,
                attestation_id,
                status=status,
                reason="error",
                actor="person:1",
                now=office.now(),
            )
        office.publish_lists()
    return office


def values_in(token):
    """Return the values in a list besides valid ones."""
    packed = token_status_list.decode(token).status_list().packed
    told = {byte >> place & 3 for byte in set(packed) for place in (0, 2, 4, 6)}
    return told - {0}


def served(runtime, form=ListForm.TSL, number=1, **span):
    return runtime.served_list(AUTHORITY, number, form, at=NOW + timedelta(**span))


@pytest.mark.parametrize(
    ("hours", "values"),
    [(0, set()), (0.99, set()), (1, {2}), (1.5, {2}), (2, {1}), (5, {1}), (26, {1})],
)
def test_each_instant_is_answered_with_the_list_that_was_served_then(
    told, hours, values
):
    found = served(told, hours=hours)
    assert values_in(found.ready.content) == values
    listed = token_status_list.decode(found.ready.content)
    at = int((NOW + timedelta(hours=hours)).timestamp())
    assert listed.issued_at <= at <= listed.expires_at
    assert found.is_current == (hours >= 2)


@pytest.mark.parametrize("hours", [-1, 26.1, 10**5])
def test_there_is_no_answer_for_other_instants(told, hours):
    assert served(told, hours=hours) is None
    assert served(told, ListForm.REVOCATION, hours=hours) is None


def test_an_instant_in_a_gap_is_not_answered(told, clock):
    """Nobody renewed the list for two days; for that time nothing is stated."""
    clock.pass_by(days=2)
    told.publish_lists()
    assert served(told, hours=30) is None
    assert values_in(served(told, hours=50).ready.content) == {1}


def test_all_forms_answer_for_the_same_instant(told):
    lengths = {
        form: [
            len(served(told, form, hours=hours).ready.content) for hours in (0, 1, 2)
        ]
        for form in (ListForm.REVOCATION, ListForm.SUSPENSION)
    }
    nothing, suspended, revoked = lengths[ListForm.REVOCATION]
    assert nothing == suspended < revoked
    nothing, suspended, revoked = lengths[ListForm.SUSPENSION]
    assert nothing == revoked < suspended


def test_of_two_lists_of_one_second_the_later_one_answers(office):
    attestation_id = an_attestation(office)
    with office.database.transaction() as session:
        change_status(
            session,
            AUTHORITY,
            attestation_id,
            status=Status.REVOKED,
            reason="error",
            actor="person:1",
            now=office.now(),
        )
    office.publish_lists()
    assert values_in(served(office).ready.content) == {1}


def test_a_list_that_nobody_has_has_no_past(told):
    assert served(told, number=2) is None
    assert told.served_list("nobody", 1, at=NOW) is None


def test_verifications_get_every_form_by_its_address(told):
    with told.database.reading() as session:
        inputs = published.status_inputs(session, public_url=PUBLIC_URL, now=told.now())
    assert inputs.keys() == {TSL, *BITSTRINGS}
    assert {each.fetched_at for each in inputs.values()} == {told.now()}
    assert values_in(inputs[TSL].token) == {1}
    for form in ListForm:
        uri = TSL if form is ListForm.TSL else f"{BITSTRING}/{form}"
        served_now = told.served_list(AUTHORITY, 1, form).ready.content
        assert inputs[uri].uri == uri
        assert inputs[uri].token.encode() == served_now


def test_verifications_get_the_lists_as_they_were_at_an_instant(told):
    for hours, values in ((-1, None), (0, set()), (1.5, {2}), (3, {1}), (40, {1})):
        at = NOW + timedelta(hours=hours)
        with told.database.reading() as session:
            inputs = published.status_inputs_at(session, at, public_url=PUBLIC_URL)
        if values is None:
            assert inputs == {}
            continue
        assert inputs.keys() == {TSL, *BITSTRINGS}
        assert values_in(inputs[TSL].token) == values
        assert {each.fetched_at for each in inputs.values()} == {at}


def test_a_list_that_was_paused_counts_as_fetched_when_it_was_signed(told, clock):
    with told.database.transaction() as session:
        publish.pause_publication(session, AUTHORITY, now=told.now())
    signed_at = told.now()
    clock.pass_by(hours=3)
    with told.database.reading() as session:
        now = published.status_inputs(session, public_url=PUBLIC_URL, now=told.now())
        before = published.status_inputs_at(
            session, signed_at - timedelta(minutes=5), public_url=PUBLIC_URL
        )
        after = published.status_inputs_at(session, told.now(), public_url=PUBLIC_URL)
    assert now[TSL].fetched_at == after[TSL].fetched_at == signed_at
    assert before[TSL].fetched_at == signed_at - timedelta(minutes=5)


def test_only_published_lists_are_aggregated(told):
    assert told.status_list_uris(AUTHORITY) == [TSL]
    an_authority(told, "ma")
    assert told.status_list_uris("ma") == []
    with pytest.raises(AuthorityNotFoundError):
        told.status_list_uris("nobody")


def test_a_verification_says_what_held_at_an_instant(told):
    with told.database.reading() as session:
        (attestation,) = list_attestations(
            session, AUTHORITY, filters=Filters(), after=None, limit=2
        )
    presented = token(told, attestation.id)
    begun = attestation.issued_at

    def code(**span):
        return told.verify(presented, at=begun + timedelta(**span)).code

    assert code(minutes=30) == "valid"
    assert code(minutes=90) == "suspended"
    assert told.verify(presented).code == "revoked"
