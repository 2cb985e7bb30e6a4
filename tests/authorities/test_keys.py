"""Keys are announced, take over, are retired and, if need be, declared compromised."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    KeyInUseError,
    KeyNotFoundError,
    KeyRetiredError,
    NoActiveKeyError,
)
from recognition_service.authorities.keys import (
    OVERLAP,
    active_key,
    all_keys,
    may_seal,
)
from recognition_service.credentials import jws
from recognition_service.credentials.jwk import Algorithm
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.keys_desk import AT_ONCE
from recognition_service.storage.models import AuditEntry
from tests.builders import a_standing_order, an_attestation_by_rule, an_authority, token

ATTESTATIONS = KeyPurpose.ATTESTATIONS


def active(runtime, purpose=ATTESTATIONS, algorithm=Algorithm.ES256):
    with runtime.database.reading() as session:
        return active_key(session, "be-fl", purpose, runtime.now(), algorithm)


def key_records(runtime):
    with runtime.database.reading() as session:
        return {key.thumbprint: key for key in all_keys(session, "be-fl")}


def rotated(runtime, purpose=ATTESTATIONS, **more):
    return runtime.rotate_key("be-fl", purpose, **more)


def life_of(runtime, thumbprint):
    record = key_records(runtime)[thumbprint]
    return record.active_from, record.retired_at


def test_no_key_serves_two_purposes(small):
    an_authority(small)
    used = {
        active(small, purpose).thumbprint
        for purpose in (
            KeyPurpose.ATTESTATIONS,
            KeyPurpose.STATUS,
            KeyPurpose.RECEIPTS,
            KeyPurpose.EXCHANGE,
        )
    }
    used.add(active(small, algorithm=Algorithm.EDDSA).thumbprint)
    assert len(used) == 5


def test_a_new_key_is_announced_before_it_takes_over(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    clock.pass_by(days=30)
    change = small.now() + OVERLAP
    new = rotated(small)
    assert key_records(small)[new].created_at == small.now()
    assert (life_of(small, old)[1], life_of(small, new)) == (change, (change, None))
    clock.pass_by(minutes=9, seconds=59)
    assert active(small).thumbprint == old
    clock.pass_by(seconds=1)
    assert active(small).thumbprint == new


def test_a_rotation_changes_one_purpose_and_one_algorithm_only(small):
    an_authority(small)
    before = key_records(small)
    rotated(small, algorithm=Algorithm.EDDSA)
    ended = {
        (key.purpose, key.algorithm)
        for key in key_records(small).values()
        if key.retired_at is not None
    }
    assert ended == {("attestations", "EdDSA")}
    assert len(key_records(small)) == len(before) + 1


def test_a_key_can_take_over_at_once(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    clock.pass_by(days=30)
    new = rotated(small, overlap=AT_ONCE)
    assert active(small).thumbprint == new
    assert life_of(small, old)[1] == small.now()


def test_keys_rotated_within_one_second_leave_one_that_signs(small):
    an_authority(small)
    for _ in range(3):
        new = rotated(small, overlap=AT_ONCE)
        assert active(small).thumbprint == new


def test_announced_keys_follow_each_other(small, clock):
    an_authority(small)
    start = small.now()
    old = active(small).thumbprint
    first = rotated(small)
    clock.pass_by(minutes=4)
    second = rotated(small)
    takes_over = [start + OVERLAP, start + timedelta(minutes=14)]
    assert life_of(small, old)[1] == takes_over[0]
    assert life_of(small, first) == tuple(takes_over)
    assert life_of(small, second) == (takes_over[1], None)
    signers = []
    for minute in (5, 10, 14):
        clock.at = start + timedelta(minutes=minute)
        signers.append(active(small).thumbprint)
    assert signers == [old, first, second]


def test_a_key_that_takes_over_at_once_replaces_one_that_was_announced(small, clock):
    an_authority(small)
    announced = rotated(small)
    clock.pass_by(minutes=1)
    urgent = rotated(small, overlap=AT_ONCE)
    assert life_of(small, announced)[1] == small.now()
    for minutes in (0, 20):
        clock.pass_by(minutes=minutes)
        assert active(small).thumbprint == urgent


def test_a_first_key_signs_at_once_and_a_second_needs_an_instant(small, clock):
    an_authority(small)
    first = small.create_key("be-fl", KeyPurpose.WALLET)
    assert active(small, KeyPurpose.WALLET).thumbprint == first
    store = set(small.config.keys_dir.iterdir())
    with pytest.raises(KeyInUseError, match=f"be-fl has the key {first} for wallet"):
        small.create_key("be-fl", KeyPurpose.WALLET)
    assert set(small.config.keys_dir.iterdir()) == store
    change = small.now() + timedelta(days=7)
    second = small.create_key("be-fl", KeyPurpose.WALLET, active_from=change)
    assert life_of(small, first)[1] == change
    assert active(small, KeyPurpose.WALLET).thumbprint == first
    clock.pass_by(days=7)
    assert active(small, KeyPurpose.WALLET).thumbprint == second


def test_without_a_predecessor_a_rotation_is_immediate(small):
    an_authority(small)
    new = rotated(small, KeyPurpose.WALLET)
    assert active(small, KeyPurpose.WALLET).thumbprint == new


def test_what_was_signed_with_a_retired_key_stays_valid(small, clock):
    an_authority(small)
    a_standing_order(small)
    attestation = an_attestation_by_rule(small)
    clock.pass_by(hours=1)
    new = rotated(small, overlap=AT_ONCE)
    assert small.verify(token(small, attestation)).verdict == "valid"
    later = an_attestation_by_rule(small)
    header = jws.split(token(small, later).encode()).header
    assert header["kid"].endswith(f"#{new}")


def test_a_new_status_key_signs_the_lists_when_it_takes_over(small, clock):
    def signer():
        return jws.split(small.status_list("be-fl", 1)).header["kid"].split("#")[1]

    an_authority(small)
    a_standing_order(small)
    an_attestation_by_rule(small)
    old = active(small, KeyPurpose.STATUS).thumbprint
    clock.pass_by(minutes=1)
    announced = rotated(small, KeyPurpose.STATUS)
    assert signer() == old
    urgent = rotated(small, KeyPurpose.STATUS, overlap=AT_ONCE)
    assert signer() == urgent != announced


def test_lists_that_a_compromised_key_has_signed_are_signed_anew(small, clock):
    an_authority(small)
    a_standing_order(small)
    attestation = an_attestation_by_rule(small)
    clock.pass_by(minutes=1)
    old = active(small, KeyPurpose.STATUS).thumbprint
    new = small.mark_compromised("be-fl", old, at=small.now())
    header = jws.split(small.status_list("be-fl", 1)).header
    assert header["kid"].endswith(f"#{new}")
    assert small.verify(token(small, attestation)).verdict == "valid"


def test_a_retired_key_signs_nothing_and_no_key_is_made(small, clock):
    an_authority(small)
    key = active(small).thumbprint
    clock.pass_by(days=1)
    assert not small.retire_key("be-fl", key)
    assert life_of(small, key)[1] == small.now()
    with pytest.raises(NoActiveKeyError, match="no key for attestations that may sign"):
        active(small)
    with pytest.raises(KeyRetiredError, match=f"{key} signs nothing since 2026-11-03"):
        small.retire_key("be-fl", key)


def test_an_announced_key_takes_over_from_one_that_is_retired(small, clock):
    an_authority(small)
    key = active(small).thumbprint
    announced = rotated(small)
    clock.pass_by(minutes=3)
    assert small.retire_key("be-fl", key)
    assert active(small).thumbprint == announced
    assert life_of(small, announced) == (small.now(), None)


def test_a_key_whose_successor_is_given_up_stays_in_use(small, clock):
    an_authority(small)
    key = active(small).thumbprint
    announced = rotated(small)
    clock.pass_by(minutes=3)
    assert small.retire_key("be-fl", announced)
    assert life_of(small, key)[1] is None
    clock.pass_by(days=1)
    assert active(small).thumbprint == key


def test_in_the_place_of_a_compromised_key_a_new_one_signs_at_once(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    clock.pass_by(days=1)
    new = small.mark_compromised("be-fl", old, at=small.now() - timedelta(hours=5))
    assert active(small).thumbprint == new != old
    assert life_of(small, old)[1] == small.now()


def test_an_announced_key_takes_over_from_one_that_is_compromised(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    announced = rotated(small)
    clock.pass_by(minutes=3)
    assert small.mark_compromised("be-fl", old, at=small.now()) is None
    assert active(small).thumbprint == announced


def test_when_a_key_is_compromised_that_is_only_announced_the_present_one_stays(
    small, clock
):
    an_authority(small)
    old = active(small).thumbprint
    announced = rotated(small)
    assert small.mark_compromised("be-fl", announced, at=small.now()) is None
    clock.pass_by(days=1)
    assert active(small).thumbprint == old


def test_of_a_compromised_key_the_earliest_date_ever_stated_holds(small, clock):
    an_authority(small)
    thumbprint = active(small).thumbprint
    stated = small.now() + timedelta(days=2)
    clock.pass_by(days=10)
    made = []
    for days in (3, 0, 5):
        made.append(
            small.mark_compromised(
                "be-fl", thumbprint, at=stated + timedelta(days=days)
            )
        )
        clock.pass_by(days=1)
    record = key_records(small)[thumbprint]
    assert record.compromised_at == stated
    assert record.retired_at == stated + timedelta(days=8)
    assert made == [active(small).thumbprint, None, None]


def test_a_key_that_was_retired_before_stays_retired_since_then(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    clock.pass_by(days=1)
    new = rotated(small, overlap=AT_ONCE)
    retired_at = small.now()
    clock.pass_by(days=1)
    assert small.mark_compromised("be-fl", old, at=small.now()) is None
    assert life_of(small, old)[1] == retired_at
    assert active(small).thumbprint == new


def test_a_key_seals_after_its_end_what_was_reserved_before_unless_compromised(
    small, clock
):
    def may(thumbprint):
        with small.database.reading() as session:
            return may_seal(session, "be-fl", thumbprint)

    an_authority(small)
    key = active(small).thumbprint
    rotated(small)
    clock.pass_by(hours=1)
    assert may(key)
    small.mark_compromised("be-fl", key, at=small.now())
    assert not may(key)
    assert not may("unknown")


def test_a_key_does_not_sign_before_it_was_made(small, clock):
    an_authority(small)
    clock.pass_by(seconds=-1)
    with pytest.raises(NoActiveKeyError):
        active(small)


def test_an_authority_has_no_key_for_a_purpose_that_nobody_gave_it(small):
    an_authority(small)
    with pytest.raises(NoActiveKeyError, match="no key for wallet"):
        active(small, KeyPurpose.WALLET)
    with pytest.raises(NoActiveKeyError, match="no EdDSA key for status"):
        active(small, KeyPurpose.STATUS, Algorithm.EDDSA)


def test_says_which_key_or_authority_there_is_not(small):
    an_authority(small)
    an_authority(small, "ma")
    key = active(small).thumbprint
    for authority, unknown in (("be-fl", "abc"), ("ma", key)):
        with pytest.raises(KeyNotFoundError, match=f"{authority} has no key {unknown}"):
            small.mark_compromised(authority, unknown, at=small.now())
        with pytest.raises(KeyNotFoundError):
            small.retire_key(authority, unknown)
    assert life_of(small, key)[1] is None
    for change in (small.rotate_key, small.create_key):
        with pytest.raises(AuthorityNotFoundError):
            change("nowhere", KeyPurpose.STATUS)
    with pytest.raises(AuthorityNotFoundError):
        small.retire_key("nowhere", key)


def test_each_change_of_a_key_is_audited(small, clock):
    an_authority(small)
    old = active(small).thumbprint
    new = rotated(small, actor="person:1")
    small.mark_compromised("be-fl", old, at=small.now(), actor="person:2")
    clock.pass_by(days=1)
    small.retire_key("be-fl", new, actor="person:3")
    with small.database.reading() as session:
        entries = [
            (entry.action, entry.subject, entry.actor)
            for entry in session.scalars(select(AuditEntry))
            if entry.actor.startswith("person:")
        ]
    assert set(entries) == {
        ("key.brought_forward", f"key/{new}", "person:2"),
        ("key.compromised", f"key/{old}", "person:2"),
        ("key.created", f"key/{new}", "person:1"),
        ("key.retired", f"key/{new}", "person:3"),
        ("key.retired", f"key/{old}", "person:1"),
    }
