"""Bitstring status lists, against the published example and against bombs."""

import gzip
import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import base64url, jws
from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials.bitstring_status_list import Bitstring, Entry
from recognition_service.credentials.errors import (
    MalformedStatusListError,
    MalformedTokenError,
)
from recognition_service.credentials.jwk import public_key
from tests.credentials.builders import ISSUED_AT, MemorySigner

VECTOR = json.loads(
    (Path(__file__).parent.parent / "vectors/bitstring_status_list.json").read_text()
)
URI = "https://recognition.example/status/bsl/be-fl/1/revocation"
ISSUER = "https://recognition.example/issuers/be-fl"
SIZE = bitstring.LEAST_ENTRIES
ENTRY = Entry("revocation", 94567, URI)


def packed(content):
    return "u" + base64url.encode_text(gzip.compress(content, mtime=0))


def bits(*indexes, size=SIZE):
    content = bytearray(size // 8)
    for index in indexes:
        bitstring.put(content, index, is_set=True)
    return bytes(content)


def a_credential(*indexes, **changes):
    known = {
        "uri": URI,
        "issuer": ISSUER,
        "purpose": "revocation",
        "valid_from": ISSUED_AT,
        "valid_until": ISSUED_AT + timedelta(hours=24),
        "ttl_seconds": 600,
        "encoded_list": bitstring.compress(bits(*indexes)),
    }
    return bitstring.list_credential(**(known | changes))


def with_subject(**changes):
    credential = a_credential()
    credential["credentialSubject"] |= changes
    return credential


def refused(reason, act, *arguments, **named):
    with pytest.raises(MalformedStatusListError) as raised:
        act(*arguments, **named)
    assert raised.value.reason == reason


def test_reads_the_published_example():
    listed = bitstring.read_credential(VECTOR["credential"])
    assert bitstring.decompress(listed.encoded_list) == bytes(VECTOR["bytes"])
    entry = bitstring.read_entry(VECTOR["entries"][0])
    assert entry == Entry(
        "revocation", 94567, "https://example.com/credentials/status/3"
    )
    assert listed.value(entry) == 0
    assert (listed.issuer, listed.valid_until) == ("did:example:12345", None)
    refused("another_list", listed.value, bitstring.read_entry(VECTOR["entries"][1]))


def test_index_zero_is_the_left_most_bit():
    assert bits(0)[:2] == b"\x80\x00"
    assert bits(7, 8)[:2] == b"\x01\x80"
    assert bits(SIZE - 1)[-1] == 1
    content = bytearray(bits(0, 1, 9))
    bitstring.put(content, 1, is_set=False)
    assert content[:2] == b"\x80\x40"


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.sets(st.integers(0, SIZE - 1), max_size=30), st.integers(0, SIZE - 1))
def test_each_entry_keeps_its_bit(indexes, asked):
    listed = Bitstring(bitstring.decompress(bitstring.compress(bits(*indexes))))
    for index in {*indexes, asked}:
        assert listed.value(index) == (index in indexes)


def test_an_entry_of_several_bits_is_one_number():
    content = bytearray(SIZE * 2 // 8)
    content[0] = 0b00_01_10_11
    listed = Bitstring(bytes(content))
    assert [listed.value(index, 2) for index in range(4)] == [0, 1, 2, 3]
    refused("index_out_of_range", listed.value, SIZE, 2)
    refused("too_short", Bitstring(bits()).value, 0, 2)


@pytest.mark.parametrize("index", [-1, SIZE, 2**31, 10**19])
def test_case_17_an_index_outside_the_list_is_refused(index):
    refused("index_out_of_range", Bitstring(bits()).value, index)


def test_case_17_a_list_for_another_purpose_or_address_is_refused():
    listed = bitstring.read_credential(a_credential(94567))
    assert listed.value(ENTRY) == 1
    assert listed.value(Entry("revocation", 94568, URI)) == 0
    refused("wrong_purpose", listed.value, Entry("suspension", 94567, URI))
    refused("another_list", listed.value, Entry("revocation", 94567, URI + "/2"))


def test_a_list_may_serve_several_purposes():
    listed = bitstring.read_credential(
        with_subject(statusPurpose=["revocation", "suspension"])
    )
    assert listed.value(Entry("suspension", 1, URI)) == 0


def test_a_list_of_few_gives_no_privacy_and_is_refused():
    short = bitstring.read_credential(a_credential(encoded_list=packed(bytes(16_383))))
    refused("too_short", short.value, ENTRY)


def test_case_18_a_bomb_is_stopped_at_the_limit():
    bomb = packed(bytes(256 << 20))
    assert len(bomb) < 360_000
    refused("too_large", bitstring.decompress, bomb)
    at_limit = packed(bytes(1000))
    assert len(bitstring.decompress(at_limit, max_bytes=1000)) == 1000
    refused("too_large", bitstring.decompress, at_limit, max_bytes=999)


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "u",
        packed(bytes(9))[1:],
        "z" + packed(bytes(9))[1:],
        packed(bytes(9)) + "==",
        "uAAAA",
        "u" + base64url.encode_text(gzip.compress(bytes(9))[:-1]),
        "u" + base64url.encode_text(gzip.compress(bytes(9)) + b"more"),
        "u" + base64url.encode_text(gzip.compress(bytes(9)) * 2),
    ],
    ids=range(9),
)
def test_refuses_what_is_not_one_gzip_member(encoded):
    refused("not_compressed_data", bitstring.decompress, encoded)


def test_the_entry_of_a_credential_names_its_place_as_text():
    member = bitstring.status_entry(ENTRY)
    assert member == {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": URI,
    }
    assert bitstring.read_entry(member) == ENTRY


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "StatusList2021Entry"},
        {"statusPurpose": None},
        {"statusPurpose": 1},
        {"statusListIndex": 94567},
        {"statusListIndex": "-1"},
        {"statusListIndex": "+1"},
        {"statusListIndex": "0x10"},
        {"statusListIndex": "01"},
        {"statusListIndex": "1.0"},
        {"statusListIndex": "1\n"},
        {"statusListIndex": "٣"},
        {"statusListIndex": "9" * 5000},
        {"statusListIndex": ""},
        {"statusListCredential": "no address"},
        {"statusListCredential": None},
        {"statusListCredential": "http://[x"},
        {"statusSize": 0},
        {"statusSize": "1"},
        {"statusSize": True},
        {"statusSize": 1.0},
        {"statusSize": 2},
        {"statusSize": 10**9},
        {"statusMessage": [{"status": "0x0", "message": "one"}]},
        {"statusMessage": [{"status": "0", "message": "m"}] * 2},
        {"statusMessage": [{"status": "0x0"}] * 2},
        {"statusMessage": "one, two"},
        {"statusReference": "no address"},
        {"statusReference": 5},
        {"id": URI},
        {"id": 5},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_refuses_entries_that_break_a_rule(changes):
    refused("entry", bitstring.read_entry, bitstring.status_entry(ENTRY) | changes)


def test_reads_an_entry_with_messages():
    member = bitstring.status_entry(ENTRY) | {
        "id": URI + "#94567",
        "statusPurpose": "message",
        "statusSize": 2,
        "statusMessage": [
            {"status": f"0x{value}", "message": f"state {value}"} for value in range(4)
        ],
        "statusReference": ["https://recognition.example/states"],
    }
    assert bitstring.read_entry(member) == Entry("message", 94567, URI, 2)


def test_a_list_is_signed_and_read_back():
    signer = MemorySigner()
    token = bitstring.sign(a_credential(5), signer)
    parts, listed = bitstring.decode(token)
    assert jws.verify_signature(parts, public_key(signer.public_jwk))
    assert dict(parts.header) == {
        "alg": "ES256",
        "typ": "vc+jwt",
        "cty": "vc",
        "kid": signer.kid,
    }
    assert (listed.uri, listed.issuer) == (URI, ISSUER)
    assert listed.purposes == ("revocation",)
    assert listed.ttl_seconds == 600
    assert listed.valid_from == ISSUED_AT
    assert listed.valid_until == ISSUED_AT + timedelta(hours=24)
    assert listed.value(Entry("revocation", 5, URI)) == 1


def test_the_list_is_a_credential_of_version_two():
    payload = a_credential()
    assert payload["@context"] == ["https://www.w3.org/ns/credentials/v2"]
    assert payload["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert payload["validFrom"].endswith("Z")
    assert payload["credentialSubject"]["ttl"] == 600_000  # Milliseconds.
    assert payload["credentialSubject"]["id"] != payload["id"]


def test_an_issuer_may_be_an_object_and_the_id_may_be_absent():
    credential = a_credential(5) | {"issuer": {"id": ISSUER, "name": "Flanders"}}
    del credential["id"]
    listed = bitstring.read_credential(credential)
    assert (listed.uri, listed.issuer) == (None, ISSUER)
    assert listed.value(Entry("revocation", 5, "https://elsewhere.example")) == 1


@pytest.mark.parametrize(
    "credential",
    [
        a_credential() | {"type": ["VerifiableCredential"]},
        a_credential() | {"type": None},
        a_credential() | {"issuer": None},
        a_credential() | {"issuer": {"name": "nobody"}},
        a_credential() | {"id": 5},
        a_credential() | {"credentialSubject": []},
        a_credential() | {"validFrom": "yesterday"},
        a_credential() | {"validUntil": "2026-11-02T09:00:00"},
        a_credential() | {"validUntil": None},
        a_credential() | {"validUntil": 5},
        a_credential() | {"validFrom": "0001-01-01T00:00:00+14:00"},
        a_credential() | {"validUntil": "9999-12-31T23:59:59-14:00"},
        with_subject(type="StatusList2021"),
        with_subject(statusPurpose=[]),
        with_subject(statusPurpose=[5]),
        with_subject(statusPurpose=None),
        with_subject(encodedList=None),
        with_subject(ttl="600"),
        with_subject(ttl=0),
        with_subject(ttl=True),
        with_subject(ttl=float("inf")),
    ],
    ids=range(21),
)
def test_refuses_credentials_that_are_no_such_list(credential):
    refused("claims", bitstring.read_credential, credential)


def test_refuses_tokens_of_another_type():
    signer = MemorySigner()
    payload = json.dumps(a_credential()).encode()
    for typ in ("statuslist+jwt", "JWT", "VC+JWT"):
        header = jws.protected_header(alg=signer.alg, typ=typ, kid=signer.kid)
        with pytest.raises(MalformedTokenError):
            bitstring.decode(jws.sign(header, payload, signer))
    for token in ("é", "a.b.c", "x" * (bitstring.MAX_TOKEN_BYTES + 1)):
        with pytest.raises(MalformedTokenError):
            bitstring.decode(token)
