"""Keys are announced, rotated, retired and, if need be, declared compromised."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    KeyNotFoundError,
    NoActiveKeyError,
)
from recognition_service.authorities.keys import active_key, all_keys
from recognition_service.credentials import jws
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage.models import AuditEntry
from tests.builders import (
    a_standing_order,
    an_attestation_by_rule,
    an_authority,
    token,
)


def active(runtime, purpose=KeyPurpose.ATTESTATIONS):
    with runtime.database.reading() as session:
        return active_key(session, "be-fl", purpose, runtime.now())


def key_records(runtime):
    with runtime.database.reading() as session:
        return {key.thumbprint: key for key in all_keys(session, "be-fl")}


def test_no_key_serves_two_purposes(small):
    an_authority(small)
    used = {
        active(small, purpose).thumbprint
        for purpose in (
            KeyPurpose.ATTESTATIONS,
            KeyPurpose.STATUS,
            KeyPurpose.RECEIPTS,
        )
    }
    assert len(used) == 3


def test_after_a_rotation_the_new_key_signs_and_the_old_one_is_retired(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    clock.pass_by(days=30)
    new = small.rotate_key("be-fl", KeyPurpose.ATTESTATIONS)
    assert active(small).thumbprint == new != old
    records = key_records(small)
    assert records[old].retired_at == small.now()
    assert records[new].retired_at is None
    assert [r.retired_at for r in records.values() if r.purpose == "status"] == [None]


def test_keys_rotated_within_one_second_leave_one_that_signs(small):
    an_authority(small)
    for _ in range(3):
        new = small.rotate_key("be-fl", KeyPurpose.ATTESTATIONS)
        assert active(small).thumbprint == new


def test_what_was_signed_with_a_retired_key_stays_valid(small, clock):
    an_authority(small)
    a_standing_order(small)
    attestation = an_attestation_by_rule(small)
    clock.pass_by(hours=1)
    new = small.rotate_key("be-fl", KeyPurpose.ATTESTATIONS)
    assert small.verify(token(small, attestation)).verdict == "valid"
    later = an_attestation_by_rule(small)
    header = jws.split(token(small, later).encode()).header
    assert header["kid"].endswith(f"#{new}")


def test_a_new_status_key_signs_the_lists_at_once(small, clock):
    an_authority(small)
    a_standing_order(small)
    an_attestation_by_rule(small)
    clock.pass_by(minutes=1)
    new = small.rotate_key("be-fl", KeyPurpose.STATUS)
    header = jws.split(small.status_list("be-fl", 1)).header
    assert header["kid"].endswith(f"#{new}")


def test_of_a_compromised_key_the_earliest_date_ever_stated_holds(small, clock):
    an_authority(small)
    thumbprint = active(small).thumbprint
    stated = small.now() + timedelta(days=2)
    clock.pass_by(days=10)
    for days in (3, 0, 5):
        small.mark_compromised("be-fl", thumbprint, at=stated + timedelta(days=days))
        clock.pass_by(days=1)
    record = key_records(small)[thumbprint]
    assert record.compromised_at == stated
    assert record.retired_at == stated + timedelta(days=8)
    with pytest.raises(
        NoActiveKeyError, match="no key for attestations that may sign now"
    ):
        active(small)
    assert small.rotate_key("be-fl", KeyPurpose.ATTESTATIONS) == (
        active(small).thumbprint
    )


def test_a_key_that_was_retired_before_stays_retired_since_then(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    clock.pass_by(days=1)
    small.rotate_key("be-fl", KeyPurpose.ATTESTATIONS)
    retired_at = small.now()
    clock.pass_by(days=1)
    small.mark_compromised("be-fl", old, at=small.now())
    assert key_records(small)[old].retired_at == retired_at


def test_tokens_of_a_compromised_key_cannot_be_confirmed(small, clock):
    an_authority(small)
    a_standing_order(small)
    attestation = an_attestation_by_rule(small)
    thumbprint = active(small).thumbprint
    small.mark_compromised("be-fl", thumbprint, at=small.now() - timedelta(days=1))
    assert small.verify(token(small, attestation)).verdict == "not_valid"
    clock.pass_by(days=1)


def test_a_key_does_not_sign_before_it_was_made(small, clock):
    an_authority(small)
    clock.pass_by(seconds=-1)
    with pytest.raises(NoActiveKeyError):
        active(small)


def test_an_authority_has_no_key_for_a_purpose_that_nobody_gave_it(small):
    an_authority(small)
    with pytest.raises(NoActiveKeyError, match="no key for wallet"):
        active(small, KeyPurpose.WALLET)


def test_says_which_key_or_authority_there_is_not(small):
    an_authority(small)
    with pytest.raises(KeyNotFoundError, match="be-fl has no key abc"):
        small.mark_compromised("be-fl", "abc", at=small.now())
    with pytest.raises(AuthorityNotFoundError):
        small.rotate_key("nowhere", KeyPurpose.STATUS)


def test_each_change_of_a_key_is_audited(small):
    an_authority(small)
    old = active(small).thumbprint
    new = small.rotate_key("be-fl", KeyPurpose.ATTESTATIONS, actor="person:1")
    small.mark_compromised("be-fl", old, at=small.now(), actor="person:2")
    with small.database.reading() as session:
        entries = [
            (entry.action, entry.subject, entry.actor)
            for entry in session.scalars(select(AuditEntry))
            if entry.actor.startswith("person:")
        ]
    assert sorted(entries) == [
        ("key.compromised", f"key/{old}", "person:2"),
        ("key.created", f"key/{new}", "person:1"),
        ("key.retired", f"key/{old}", "person:1"),
    ]
