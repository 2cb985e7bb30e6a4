"""Status lists are signed, published, renewed, and never go back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from recognition_service.attestations import publish
from recognition_service.attestations.models import Copy, Status, StatusList
from recognition_service.attestations.status import change_status
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.credentials import jws, token_status_list
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    an_attestation,
    an_authority,
    token,
)

URI = f"{PUBLIC_URL}/status/tsl/be-fl/1"


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def changed(runtime, attestation_id, status):
    with runtime.database.transaction() as session:
        change_status(
            session,
            AUTHORITY,
            attestation_id,
            status=status,
            reason="error",
            actor="person:1",
            now=runtime.now(),
        )


def index_of(runtime, attestation_id):
    with runtime.database.reading() as session:
        return session.scalars(
            select(Copy.status_index).where(Copy.attestation_id == attestation_id)
        ).one()


def served(runtime, number=1):
    return token_status_list.decode(runtime.status_list(AUTHORITY, number))


def value_of(runtime, attestation_id):
    return served(runtime).status_list().value(index_of(runtime, attestation_id))


def versions(runtime):
    with runtime.database.reading() as session:
        row = session.get_one(StatusList, (AUTHORITY, 1))
        return row.wanted_version, row.published_version


def draft(runtime):
    with runtime.database.reading() as session:
        return publish.draft_list(
            session, AUTHORITY, 1, public_url=PUBLIC_URL, now=runtime.now()
        )


def signed(runtime, drafted):
    signer = runtime._keys.signer(drafted.thumbprint, drafted.kid)
    return publish.sign_list(drafted, signer, now=runtime.now())


def kept(runtime, drafted, text):
    with runtime.database.transaction() as session:
        publish.keep_list(session, drafted, text, now=runtime.now())


def test_a_list_tells_the_value_at_each_index_and_nothing_else(office):
    ids = [an_attestation(office) for _ in range(4)]
    for attestation_id, status in zip(
        ids[1:], [Status.REVOKED, Status.SUSPENDED, Status.SUSPENDED], strict=True
    ):
        changed(office, attestation_id, status)
    office.publish_lists()
    assert [value_of(office, each) for each in ids] == [
        token_status_list.VALID,
        token_status_list.REVOKED,
        token_status_list.SUSPENDED,
        token_status_list.SUSPENDED,
    ]
    listed = served(office).status_list()
    assert (listed.bits, len(listed)) == (2, 1 << 20)
    told = sum(byte.bit_count() for byte in listed.packed)
    assert told == 3  # Revoked is 01, suspended 10: one bit each.


def test_a_list_is_a_signed_token_of_a_day(office):
    an_attestation(office)
    listed = served(office)
    now = int(office.now().timestamp())
    assert (listed.uri, listed.issued_at) == (URI, now)
    assert (listed.expires_at, listed.ttl_seconds) == (now + 86_400, 600)
    header = jws.split(office.status_list(AUTHORITY, 1)).header
    assert (header["typ"], header["alg"]) == ("statuslist+jwt", "ES256")
    (key,) = [
        key
        for key in office.issuer_jwks(AUTHORITY)["keys"]
        if key["kid"] in {header["kid"], header["kid"].rpartition("#")[2]}
    ]
    members = {name: key[name] for name in ("kty", "crv", "x", "y")}
    parts = jws.split(office.status_list(AUTHORITY, 1))
    assert jws.verify_signature(parts, public_key(members))


def test_a_change_makes_the_list_due_until_it_is_published(office):
    attestation_id = an_attestation(office)
    assert versions(office) == (1, 1)
    changed(office, attestation_id, Status.SUSPENDED)
    changed(office, attestation_id, Status.REVOKED)
    assert versions(office) == (3, 1)
    assert value_of(office, attestation_id) == token_status_list.VALID
    office.publish_lists()
    assert versions(office) == (3, 3)
    assert value_of(office, attestation_id) == token_status_list.REVOKED


def test_an_older_list_never_replaces_a_newer_one(office):
    attestation_id = an_attestation(office)
    older = draft(office)
    text = signed(office, older)
    changed(office, attestation_id, Status.REVOKED)
    office.publish_lists()
    newer = office.status_list(AUTHORITY, 1)
    kept(office, older, text)
    assert office.status_list(AUTHORITY, 1) == newer
    assert value_of(office, attestation_id) == token_status_list.REVOKED


def test_a_list_is_renewed_before_it_goes_stale(office, clock):
    attestation_id = an_attestation(office)
    first = office.status_list(AUTHORITY, 1)
    clock.pass_by(hours=6)
    office.publish_lists()
    assert office.status_list(AUTHORITY, 1) == first
    clock.pass_by(seconds=1)
    office.publish_lists()
    assert served(office).issued_at == int(office.now().timestamp())
    assert office.verify(token(office, attestation_id)).verdict == "valid"


def test_a_list_that_nobody_renewed_cannot_confirm(office, clock):
    attestation_id = an_attestation(office)
    clock.pass_by(hours=24, seconds=1)
    office.refresh()
    report = office.verify(token(office, attestation_id))
    assert (report.verdict, report.code) == ("cannot_confirm", "status_stale")


def test_a_paused_list_goes_stale_and_stays_so(office, clock):
    attestation_id = an_attestation(office)
    first = office.status_list(AUTHORITY, 1)
    with office.database.transaction() as session:
        publish.pause_publication(session, AUTHORITY, actor="service", now=office.now())
    changed(office, attestation_id, Status.REVOKED)
    clock.pass_by(days=2)
    office.publish_lists()
    office.publish_list(AUTHORITY, 1)
    office.rotate_key(AUTHORITY, KeyPurpose.STATUS)
    assert draft(office) is None
    assert office.status_list(AUTHORITY, 1) == first
    office.refresh()
    report = office.verify(token(office, attestation_id))
    assert (report.verdict, report.code) == ("cannot_confirm", "status_stale")


def test_one_authority_without_a_key_holds_up_no_other(office, clock):
    an_attestation(office)
    an_authority(office, "ma")
    an_attestation(office, authority_id="ma")
    status_key = draft(office).thumbprint
    office.mark_compromised(AUTHORITY, status_key, at=office.now())
    clock.pass_by(hours=7)
    with pytest.raises(NoActiveKeyError, match="be-fl has no key for status"):
        office.publish_lists()
    listed = token_status_list.decode(office.status_list("ma", 1))
    assert listed.issued_at == int(office.now().timestamp())


def test_there_is_no_list_that_nobody_published(office):
    assert office.status_list(AUTHORITY, 1) is None
    assert office.status_list("nowhere", 1) is None
    an_attestation(office)
    assert office.status_list(AUTHORITY, 2) is None


def test_lists_hold_no_person(office):
    an_attestation(office)
    payload = jws.split(office.status_list(AUTHORITY, 1)).payload.decode()
    for name in ("Bērziņa", "Ilze", "1994"):
        assert name not in payload


def test_only_lists_that_are_due_are_published(office):
    an_authority(office, "ma")
    an_attestation(office)
    an_attestation(office, authority_id="ma")
    with office.database.reading() as session:
        assert publish.lists_due(session, now=office.now()) == []
        due = publish.lists_due(session, now=office.now() + timedelta(hours=7))
    assert sorted(due) == [("be-fl", 1), ("ma", 1)]
