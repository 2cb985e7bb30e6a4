"""Status lists are signed, published, renewed, and never go back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from recognition_service.attestations import publish
from recognition_service.attestations.compressed_lists import CompressedLists
from recognition_service.attestations.errors import ClockBehindError
from recognition_service.attestations.marks import mark_places
from recognition_service.attestations.models import (
    Copy,
    ListForm,
    Status,
    StatusEntry,
    StatusList,
    StatusPublication,
)
from recognition_service.attestations.places import take_places
from recognition_service.attestations.status import change_status
from recognition_service.authorities.end_keys import mark_compromised
from recognition_service.authorities.errors import NoActiveKeyError
from recognition_service.credentials import (
    bitstring_status_list,
    jws,
    token_status_list,
)
from recognition_service.credentials.errors import SignerFaultError
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


def changed(runtime, attestation_id, status, superseded_by=None):
    with runtime.database.transaction() as session:
        change_status(
            session,
            AUTHORITY,
            attestation_id,
            status=status,
            superseded_by=superseded_by if status is Status.SUPERSEDED else None,
            reason="error",
            actor="person:1",
            now=runtime.now(),
        )


def places_of(runtime, attestation_id):
    """Return the indexes of all copies; they are in list 1."""
    with runtime.database.reading() as session:
        return session.scalars(
            select(Copy.status_index).where(Copy.attestation_id == attestation_id)
        ).all()


def served(runtime, number=1):
    return token_status_list.decode(runtime.status_list(AUTHORITY, number))


def bitstring(runtime, form, number=1):
    token = runtime.served_list(AUTHORITY, number, form).ready.content
    return bitstring_status_list.decode(token)


def value_of(runtime, attestation_id):
    """Return the value of an attestation, the same for all its copies."""
    listed = served(runtime).status_list()
    (value,) = {listed.value(index) for index in places_of(runtime, attestation_id)}
    return value


def versions(runtime):
    with runtime.database.reading() as session:
        row = session.get_one(StatusList, (AUTHORITY, 1))
        return row.wanted_version, row.published_version


def draft(runtime, lists=None):
    with runtime.database.reading() as session:
        return publish.draft_list(
            session,
            AUTHORITY,
            1,
            lists=lists or CompressedLists(),
            public_url=PUBLIC_URL,
            now=runtime.now(),
        )


def signed(runtime, drafted):
    signer = runtime._keys.signer(drafted.key.thumbprint, drafted.key.kid)
    return publish.sign_list(drafted, signer)


def kept(runtime, drafted, tokens):
    with runtime.database.transaction() as session:
        return publish.keep_list(session, drafted, tokens)


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
    # Revoked is 01, suspended 10: one bit each.
    assert told == sum(len(places_of(office, each)) for each in ids[1:])


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
    assert kept(office, older, text)
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
    status_key = draft(office).key.thumbprint
    with office.database.transaction() as session:
        mark_compromised(
            session,
            AUTHORITY,
            status_key,
            at=office.now(),
            actor="person:1",
            now=office.now(),
        )
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


def test_all_forms_of_a_list_are_signed_and_say_the_same(office):
    ids = [an_attestation(office) for _ in range(4)]
    statuses = [Status.REVOKED, Status.SUSPENDED, Status.SUPERSEDED]
    for attestation_id, status in zip(ids[1:], statuses, strict=True):
        changed(office, attestation_id, status, superseded_by=ids[0])
    office.publish_lists()
    expected = {
        ListForm.REVOCATION: [False, True, False, True],
        ListForm.SUSPENSION: [False, False, True, False],
    }
    keys = office.issuer_jwks(AUTHORITY)["keys"]
    for form, values in expected.items():
        parts, listed = bitstring(office, form)
        uri = f"{PUBLIC_URL}/status/bsl/be-fl/1/{form}"
        assert (listed.uri, listed.purposes) == (uri, (form,))
        assert listed.issuer == f"{PUBLIC_URL}/issuers/be-fl"
        assert listed.ttl_seconds == 600
        assert listed.valid_from == office.now()
        assert listed.valid_until == office.now() + timedelta(hours=24)
        for attestation_id, is_set in zip(ids, values, strict=True):
            for index in places_of(office, attestation_id):
                entry = bitstring_status_list.Entry(form, index, uri)
                assert listed.value(entry) == is_set
        name = parts.header["kid"].rpartition("#")[2]
        (key,) = [each for each in keys if each["kid"].endswith(name)]
        members = {name: key[name] for name in ("kty", "crv", "x", "y")}
        assert jws.verify_signature(parts, public_key(members))


def test_a_token_says_where_all_lists_of_the_authority_are(office):
    an_attestation(office)
    payload = json.loads(jws.split(office.status_list(AUTHORITY, 1)).payload)
    where = payload["status_list"]["aggregation_uri"]
    assert where == f"{PUBLIC_URL}/status/aggregation/be-fl"
    assert office.status_list_uris(AUTHORITY) == [URI]


def test_every_publication_is_kept_in_all_forms(office, clock):
    attestation_id = an_attestation(office)
    for status in (Status.SUSPENDED, Status.VALID, Status.REVOKED):
        clock.pass_by(minutes=1)
        changed(office, attestation_id, status)
        office.publish_lists()
    with office.database.reading() as session:
        kept_forms = session.execute(
            select(
                StatusPublication.sequence,
                StatusPublication.form,
                StatusPublication.version,
            ).order_by(StatusPublication.sequence, StatusPublication.form)
        ).all()
    forms = ("revocation", "suspension", "tsl")
    assert kept_forms == [(n, form, n) for n in (1, 2, 3, 4) for form in forms]


def test_what_a_process_keeps_only_saves_work(office):
    """Another process, or one that has forgotten all, signs the same list."""
    ids = [an_attestation(office) for _ in range(5)]
    lists = CompressedLists()
    draft(office, lists)
    for attestation_id in ids:
        changed(office, attestation_id, Status.SUSPENDED)
        signed(office, draft(office, lists))
    for attestation_id in ids[:3]:
        changed(office, attestation_id, Status.VALID)
    known, anew = draft(office, lists), draft(office)
    copies = len(places_of(office, ids[0]))
    assert (len(known.changes), len(anew.changes)) == (3 * copies, 5 * copies)
    contents = [
        token_status_list.decode(signed(office, each).tokens[ListForm.TSL])
        for each in (known, anew)
    ]
    assert contents[0].lst == contents[1].lst
    assert known.version == anew.version == 9


def test_drafts_that_overtake_each_other_do_not_undo_a_change(office):
    """Two threads draft; the later one signs first, then the earlier one."""
    attestation_id = an_attestation(office)
    lists = CompressedLists()
    changed(office, attestation_id, Status.SUSPENDED)
    earlier = draft(office, lists)
    changed(office, attestation_id, Status.VALID)
    later = draft(office, lists)
    newest = signed(office, later)
    overtaken = signed(office, earlier)
    assert (earlier.version, overtaken.version) == (2, 3)
    for each in (newest, overtaken):
        listed = token_status_list.decode(each.tokens[ListForm.TSL]).status_list()
        assert not any(listed.packed)


def test_a_database_that_was_put_back_is_believed(office):
    """After a restore, what this process remembers of the future is forgotten."""
    attestation_id = an_attestation(office)
    lists = CompressedLists()
    with office.database.transaction() as session:
        row = session.get_one(StatusList, (AUTHORITY, 1))
        before = row.wanted_version
    changed(office, attestation_id, Status.REVOKED)
    signed(office, draft(office, lists))
    with office.database.transaction() as session:
        session.execute(delete(StatusEntry))
        session.execute(update(StatusList).values(wanted_version=before))
    again = signed(office, draft(office, lists))
    listed = token_status_list.decode(again.tokens[ListForm.TSL]).status_list()
    assert (again.version, any(listed.packed)) == (before, False)


def test_of_two_processes_that_renew_a_list_one_does(office, clock):
    an_attestation(office)
    clock.pass_by(hours=7)
    first, second = draft(office), draft(office)
    assert kept(office, first, signed(office, first))
    assert kept(office, second, signed(office, second))
    with office.database.reading() as session:
        assert session.get_one(StatusList, (AUTHORITY, 1)).publications == 2


def test_a_list_that_is_paused_while_it_is_signed_is_not_served(office):
    attestation_id = an_attestation(office)
    changed(office, attestation_id, Status.REVOKED)
    drafted = draft(office)
    with office.database.transaction() as session:
        publish.pause_publication(session, AUTHORITY, now=office.now())
    kept(office, drafted, signed(office, drafted))
    assert value_of(office, attestation_id) == token_status_list.VALID


def test_a_renewed_list_is_smaller_and_says_the_same(office, clock):
    with office.database.transaction() as session:
        an_authority_list(session)
        values = {(1, index * 101): 1 + index % 3 for index in range(9000)}
        mark_places(session, AUTHORITY, values, now=office.now())
    office.publish_lists()
    hasty = served(office)
    clock.pass_by(hours=7)
    office.publish_lists()
    thorough = served(office)
    assert thorough.issued_at > hasty.issued_at
    assert thorough.status_list() == hasty.status_list()
    assert len(thorough.lst) < len(hasty.lst)


def an_authority_list(session):
    take_places(session, AUTHORITY, 1)


def test_case_60_lists_never_go_back_in_time(office, clock):
    attestation_id = an_attestation(office)
    first = served(office)
    clock.pass_by(minutes=-4)
    changed(office, attestation_id, Status.REVOKED)
    office.publish_lists()
    assert served(office).issued_at == first.issued_at
    assert value_of(office, attestation_id) == token_status_list.REVOKED


def test_case_60_a_clock_that_was_put_back_signs_nothing(office, clock):
    attestation_id = an_attestation(office)
    before = office.status_list(AUTHORITY, 1)
    clock.pass_by(minutes=-6)
    changed(office, attestation_id, Status.REVOKED)
    with pytest.raises(ClockBehindError, match="was signed at 2026-11-02T09:00:00Z"):
        office.publish_lists()
    assert office.status_list(AUTHORITY, 1) == before
    clock.pass_by(minutes=6)
    office.publish_lists()
    assert value_of(office, attestation_id) == token_status_list.REVOKED


def test_case_60_a_node_whose_clock_is_ahead_loses_no_newer_change(office, clock):
    """The node ahead publishes an older version while the newer one is signed."""
    attestation_id = an_attestation(office)
    changed(office, attestation_id, Status.SUSPENDED)
    clock.pass_by(seconds=3)
    ahead = draft(office)
    clock.pass_by(seconds=-3)
    changed(office, attestation_id, Status.REVOKED)
    behind = draft(office)
    assert kept(office, ahead, signed(office, ahead))
    assert not kept(office, behind, signed(office, behind))
    office.publish_lists()
    assert value_of(office, attestation_id) == token_status_list.REVOKED
    assert served(office).issued_at == int(office.now().timestamp()) + 3


def test_case_16_a_replayed_list_is_older_in_version_and_instant(office, clock):
    attestation_id = an_attestation(office)
    clock.pass_by(minutes=1)
    changed(office, attestation_id, Status.REVOKED)
    replayed = served(office)
    office.publish_lists()
    assert served(office).issued_at > replayed.issued_at
    # Who kept it relies on it until its ttl or exp at most.
    assert replayed.expires_at - replayed.issued_at == 86_400


def test_a_signature_that_does_not_verify_is_never_served(office):
    an_attestation(office)
    before = office.status_list(AUTHORITY, 1)
    drafted = draft(office)
    good = office._keys.signer(drafted.key.thumbprint, drafted.key.kid)

    class Broken:
        kid, alg, public_jwk = good.kid, good.alg, good.public_jwk

        def sign(self, message):
            return good.sign(message + b"!")

    with pytest.raises(SignerFaultError):
        publish.sign_list(drafted, Broken())
    with pytest.raises(SignerFaultError):
        publish.sign_list(replace(drafted, key=replace(drafted.key, kid="x")), good)
    assert office.status_list(AUTHORITY, 1) == before
