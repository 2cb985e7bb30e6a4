"""Credentials that name only lists of bits are judged by both of these lists."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials.bitstring_status_list import Entry
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.verification.trust import StatusInput, VerificationInputs
from tests.credentials.builders import ISSUER, PUBLIC_URL, STATUS_URI, MemorySigner
from tests.verification.world import (
    ATTESTATION_KEY,
    GOOD_STATUS,
    INDEX,
    NOW,
    OTHER_ISSUER,
    OTHER_STATUS_KEY,
    STATUS_KEY,
    a_payload,
    a_status,
    an_issuer,
    check,
    issuer_key,
    signed,
    status_claims,
    trust,
)

REVOCATIONS = f"{PUBLIC_URL}/status/bsl/7r"
SUSPENSIONS = f"{PUBLIC_URL}/status/bsl/7s"
MADE_AT = NOW - timedelta(minutes=5)


def entries(index=INDEX):
    return [
        bitstring.status_entry(Entry("revocation", index, REVOCATIONS)),
        bitstring.status_entry(Entry("suspension", index, SUSPENSIONS)),
    ]


def without_token_list(status=None, **changes):
    payload = a_payload(credentialStatus=entries() if status is None else status)
    del payload["status"]
    return signed(payload | changes)


def a_list(purpose="revocation", *, is_set=False, signer=STATUS_KEY, size=1, **changes):
    bits = bytearray(bitstring.LEAST_ENTRIES // 8)
    if is_set:
        bitstring.put(bits, INDEX, is_set=True)
    members = {
        "uri": REVOCATIONS if purpose == "revocation" else SUSPENSIONS,
        "issuer": ISSUER,
        "purpose": purpose,
        "valid_from": MADE_AT,
        "valid_until": MADE_AT + timedelta(hours=24),
        "ttl_seconds": 600,
        "encoded_list": bitstring.compress(bytes(bits[: len(bits) // size])),
    }
    credential = bitstring.list_credential(**members | changes)
    return bitstring.sign(credential, signer)


def given(revocations=None, suspensions=None, *issuers, fetched_at=None):
    lists = {
        REVOCATIONS: revocations or a_list(),
        SUSPENSIONS: suspensions or a_list("suspension"),
    }
    fetched_at = fetched_at or NOW - timedelta(minutes=1)
    statuses = {
        uri: StatusInput(uri, token, fetched_at) for uri, token in lists.items()
    }
    return VerificationInputs(trust(*issuers), statuses)


def answer(token, inputs=None, at=NOW):
    report = check(token, inputs or given(), at=at)
    return report.verdict.value, report.code.value


def test_bits_that_are_not_set_are_valid():
    report = check(without_token_list(), given())
    assert (report.verdict.value, report.code.value) == ("valid", "valid")
    assert report.status.value == "valid"
    assert report.status.fresh_until == NOW + timedelta(minutes=9)


def test_a_set_bit_means_what_its_list_is_for():
    revoked = given(a_list(is_set=True))
    assert answer(without_token_list(), revoked) == ("not_valid", "revoked")
    assert check(without_token_list(), revoked).status.source == REVOCATIONS
    suspended = given(suspensions=a_list("suspension", is_set=True))
    assert answer(without_token_list(), suspended) == ("not_valid", "suspended")
    assert check(without_token_list(), suspended).status.source == SUSPENSIONS


def test_the_token_list_decides_where_both_are_named():
    token = signed(a_payload(credentialStatus=entries()))
    lists = given(a_list(is_set=True)).statuses | {STATUS_URI: GOOD_STATUS}
    assert answer(token, VerificationInputs(trust(), lists)) == ("valid", "valid")
    revoked = lists | {STATUS_URI: a_status(status_claims(1))}
    assert answer(token, VerificationInputs(trust(), revoked))[1] == "revoked"
    assert answer(token) == ("cannot_confirm", "status_missing")


@pytest.mark.parametrize(
    "status",
    [
        [],
        {},
        "x",
        None,
        [5],
        entries()[0],
        entries()[:1],
        entries()[1:],
        [entries()[0], entries()[0]],
        entries() * 5,
        [{"type": "StatusList2021Entry"}],
    ],
    ids=str,
)
def test_case_17_both_purposes_must_be_named(status):
    token = without_token_list([] if status is None else status)
    assert answer(token) == ("cannot_confirm", "status_not_declared")


@pytest.mark.parametrize("index", ["-1", "x", "01", 5, "1" * 30, None])
def test_case_17_entries_that_are_none(index):
    status = [entry | {"statusListIndex": index} for entry in entries()]
    assert answer(without_token_list(status)) == (
        "cannot_confirm",
        "status_not_declared",
    )


@pytest.mark.parametrize("index", [bitstring.LEAST_ENTRIES, 10**18])
def test_case_17_bits_outside_the_list(index):
    assert answer(without_token_list(entries(index))) == (
        "cannot_confirm",
        "status_index_out_of_range",
    )


@pytest.mark.parametrize(
    ("revocations", "code"),
    [
        (a_list(uri=SUSPENSIONS), "status_mismatch"),
        (a_list(purpose="suspension", uri=REVOCATIONS), "status_mismatch"),
        (a_list(issuer=OTHER_ISSUER), "status_mismatch"),
        (a_list(signer=OTHER_STATUS_KEY), "status_key_unknown"),
        (a_list(signer=ATTESTATION_KEY), "status_key_unknown"),
        (a_list(signer=MemorySigner()), "status_key_unknown"),
        (a_list()[:-8] + "AAAAAAAA", "status_bad_signature"),
        (a_list(size=2), "status_malformed"),
        (a_list(encoded_list="u"), "status_malformed"),
        (a_list(encoded_list=""), "status_malformed"),
        (GOOD_STATUS.token, "status_malformed"),
        ("x", "status_malformed"),
        (a_list(valid_until=NOW), "status_stale"),
        (a_list(valid_until=NOW - timedelta(days=2)), "status_stale"),
    ],
    ids=lambda value: value if len(value) < 40 else "",
)
def test_case_17_lists_of_bits_that_do_not_belong_there(revocations, code):
    assert answer(without_token_list(), given(revocations)) == ("cannot_confirm", code)


def test_case_17_a_missing_list_of_bits():
    inputs = VerificationInputs(trust(), {REVOCATIONS: given().statuses[REVOCATIONS]})
    assert answer(without_token_list(), inputs) == ("cannot_confirm", "status_missing")


def test_case_16_a_list_of_bits_that_was_held_back_is_stale():
    held = given(fetched_at=NOW - timedelta(minutes=10))
    assert answer(without_token_list(), held) == ("cannot_confirm", "status_stale")


def test_case_18_a_bomb_instead_of_bits():
    bomb = bitstring.compress(b"\0" * (64 << 20))
    assert answer(without_token_list(), given(a_list(encoded_list=bomb))) == (
        "cannot_confirm",
        "status_malformed",
    )


def test_instants_outside_all_calendars_break_nothing():
    credential = bitstring.list_credential(
        uri=REVOCATIONS,
        issuer=ISSUER,
        purpose="revocation",
        valid_from=MADE_AT,
        valid_until=MADE_AT,
        ttl_seconds=1,
        encoded_list=bitstring.compress(bytes(16384)),
    )
    for changes in (
        {"validFrom": "0001-01-01T00:00:00+14:00"},
        {"validUntil": "9999-12-31T23:59:59-14:00"},
    ):
        token = bitstring.sign(credential | changes, STATUS_KEY)
        assert answer(without_token_list(), given(token)) == (
            "cannot_confirm",
            "status_malformed",
        )
    endless = a_list(ttl_seconds=10**12)
    assert answer(without_token_list(), given(endless)) == ("valid", "valid")


def test_a_retired_key_may_have_signed_lists_before():
    for retired_at, expected in (
        (NOW, ("valid", "valid")),
        (MADE_AT - timedelta(days=1), ("cannot_confirm", "status_key_unknown")),
    ):
        key = issuer_key(STATUS_KEY, KeyPurpose.STATUS, retired_at=retired_at)
        issuer = replace(an_issuer(), keys=(an_issuer().keys[0], key))
        assert answer(without_token_list(), given(None, None, issuer)) == expected


def test_later_lists_of_bits_answer_for_earlier_days_as_the_other_kind_does():
    last_week = NOW - timedelta(days=7)
    report = check(without_token_list(), given(), at=last_week)
    assert report.verdict.value == "valid"
    (status,) = [entry for entry in report.checks if entry.id == "status"]
    assert status.code == "status_from_later_list"
    revoked = given(a_list(is_set=True))
    assert answer(without_token_list(), revoked, at=last_week) == (
        "cannot_confirm",
        "status_not_as_of_date",
    )
