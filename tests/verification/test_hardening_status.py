"""Attacks on status lists, by the number of the case."""

import tracemalloc
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest

from recognition_service.credentials import base64url, token_status_list
from recognition_service.credentials.signer import KeyPurpose
from tests.credentials.builders import (
    PUBLIC_URL,
    STATUS_URI,
    MemorySigner,
    some_claims,
)
from tests.verification.world import (
    ATTESTATION_KEY,
    GOOD,
    INDEX,
    NOW,
    OTHER_STATUS_KEY,
    START,
    STATUS_KEY,
    a_payload,
    a_status,
    a_token,
    an_issuer,
    answer,
    inputs,
    issuer_key,
    signed,
    status_claims,
)


def test_case_16_an_old_status_list_is_stale():
    replayed = status_claims(0, issued_at=NOW - timedelta(days=2))
    status = a_status(replayed, fetched_at=NOW)
    assert answer(GOOD, inputs(status=status)) == ("cannot_confirm", "status_stale")
    held_back = a_status(fetched_at=NOW - timedelta(minutes=10))
    assert answer(GOOD, inputs(status=held_back)) == (
        "cannot_confirm",
        "status_stale",
    )


def status_of(entry):
    return signed(a_payload(status=entry))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (None, "status_not_declared"),
        ([], "status_not_declared"),
        ({}, "status_not_declared"),
        ({"status_list": {}}, "status_not_declared"),
        ({"status_list": {"idx": 1}}, "status_not_declared"),
        ({"status_list": {"idx": 1, "uri": 5}}, "status_not_declared"),
        ({"status_list": {"idx": 1, "uri": f"{STATUS_URI}8"}}, "status_missing"),
    ],
    ids=str,
)  # fmt: skip
def test_case_17_entries_that_lead_nowhere(entry, code):
    assert answer(status_of(entry)) == ("cannot_confirm", code)


@pytest.mark.parametrize("index", [1 << 20, 2**53 - 1, -1, "1", True, 1.0, None])
def test_case_17_indices_outside_the_list(index):
    entry = {"status_list": {"idx": index, "uri": STATUS_URI}}
    assert answer(status_of(entry)) == ("cannot_confirm", "status_index_out_of_range")


def test_case_17_an_attestation_without_status():
    payload = a_payload()
    del payload["status"]
    assert answer(signed(payload)) == ("cannot_confirm", "status_not_declared")


def test_case_17_lists_that_do_not_belong_there():
    def given(status):
        return answer(GOOD, inputs(status=status))

    elsewhere = status_claims(sub=f"{PUBLIC_URL}/status/tsl/8")
    assert given(a_status(elsewhere)) == ("cannot_confirm", "status_mismatch")
    assert given(a_status(signer=OTHER_STATUS_KEY)) == (
        "cannot_confirm",
        "status_key_unknown",
    )
    borrowed = MemorySigner()
    borrowed.kid = STATUS_KEY.kid
    assert given(a_status(signer=borrowed)) == (
        "cannot_confirm",
        "status_bad_signature",
    )
    assert given(a_status(signer=ATTESTATION_KEY)) == (
        "cannot_confirm",
        "status_key_unknown",
    )
    for token in ("", "x", "a.b.c", "é.é.é", GOOD.replace(".", "")):
        assert given(a_status(token=token)) == ("cannot_confirm", "status_malformed")


def test_case_17_a_status_key_that_was_retired_or_stolen():
    for dates in ({"retired_at": START}, {"compromised_at": NOW}):
        keys = (
            issuer_key(ATTESTATION_KEY),
            issuer_key(STATUS_KEY, KeyPurpose.STATUS, **dates),
        )
        assert answer(GOOD, inputs(an_issuer(keys=keys))) == (
            "cannot_confirm",
            "status_key_unknown",
        )
    broken = issuer_key(STATUS_KEY, KeyPurpose.STATUS, public_jwk={"kty": "EC"})
    keys = (issuer_key(ATTESTATION_KEY), broken)
    assert answer(GOOD, inputs(an_issuer(keys=keys))) == (
        "cannot_confirm",
        "status_key_unknown",
    )


def zeros(megabytes):
    """Compress a long list of zeros without ever holding it."""
    deflater = zlib.compressobj(1)
    parts = [deflater.compress(bytes(1 << 20)) for _ in range(megabytes)]
    return base64url.encode_text(b"".join([*parts, deflater.flush()]))


def test_case_18_a_bomb_instead_of_a_list():
    """256 MB lie in some hundred kilobytes; unpacking stops at 16 MB."""
    claims = status_claims(status_list={"bits": 2, "lst": zeros(256)})
    given = inputs(status=a_status(claims))
    tracemalloc.start()
    try:
        assert answer(GOOD, given) == ("cannot_confirm", "status_malformed")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 << 20


@pytest.mark.parametrize("lst", ["", "AAAA", "eNo", "!!"])
def test_case_18_what_is_no_compressed_list(lst):
    claims = status_claims(status_list={"bits": 2, "lst": lst})
    assert answer(GOOD, inputs(status=a_status(claims))) == (
        "cannot_confirm",
        "status_malformed",
    )


def test_case_19_no_answer_from_the_status_endpoint():
    assert answer(GOOD, inputs(status=None)) == ("cannot_confirm", "status_missing")


@pytest.mark.parametrize("value", [0, 1, 2, 3])
def test_case_19_no_answer_is_never_taken_from_an_older_list(value):
    old = a_status(status_claims(value, issued_at=NOW - timedelta(days=2)))
    assert answer(GOOD, inputs(status=old)) == ("cannot_confirm", "status_stale")


def test_case_20_a_suspension_that_ended_holds_for_its_own_days_only():
    history = [(0, 5), (2, 4), (0, 3), (2, 2), (2, 1)]
    lists = tuple(
        a_status(status_claims(value, issued_at=NOW - timedelta(days=days)))
        for value, days in history
    )
    now = inputs(status=a_status(status_claims(1)))
    given = replace(now, earlier_statuses={STATUS_URI: lists})
    for value, days in history:
        at = NOW - timedelta(days=days) + timedelta(hours=1)
        expected = ("not_valid", "suspended") if value else ("valid", "valid")
        assert answer(GOOD, given, at=at) == expected
    assert answer(GOOD, given) == ("not_valid", "revoked")


def test_case_21_a_place_that_two_copies_share_is_revoked_for_both():
    """The engine cannot tell them apart, and takes neither for valid."""
    revoked = inputs(status=a_status(status_claims(1)))
    for token in (GOOD, a_token(jti="another-copy")):
        assert answer(token, revoked) == ("not_valid", "revoked")


def test_case_22_of_a_replaced_attestation_only_the_new_one_holds():
    packed = bytearray(1 << 18)
    packed[INDEX // 4] = token_status_list.SUPERSEDED << (INDEX % 4 * 2)
    entries = {"bits": 2, "lst": token_status_list.compress(bytes(packed), 1)}
    given = inputs(status=a_status(status_claims(status_list=entries)))
    assert answer(GOOD, given) == ("not_valid", "superseded")
    successor = a_token(
        some_claims(attestation_id="0193a1c2-7d1b-7c55-9a51-0d6f2a7e9c99"),
        jti="its-own",
        status_index=INDEX + 1,
    )
    assert answer(successor, given) == ("valid", "valid")
