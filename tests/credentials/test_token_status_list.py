"""Token status lists, against the published vectors and against bombs."""

import json
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import base64url, jws, token_status_list
from recognition_service.credentials.errors import (
    MalformedStatusListError,
    MalformedTokenError,
)
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.token_status_list import StatusList
from tests.credentials.builders import ISSUED_AT, STATUS_URI, MemorySigner

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors/token_status_list.json").read_text()
)


@pytest.mark.parametrize("vector", VECTORS["lists"], ids=lambda v: f"{v['bits']} bits")
def test_packs_the_published_lists(vector):
    packed = token_status_list.pack(vector["statuses"], vector["bits"])
    assert packed.hex() == vector["bytes"]
    assert token_status_list.decompress(vector["lst"]) == packed
    assert token_status_list.decompress(token_status_list.compress(packed)) == packed


@pytest.mark.parametrize("vector", VECTORS["large"], ids=lambda v: f"{v['bits']} bits")
def test_reads_the_published_large_lists(vector):
    packed = token_status_list.decompress(vector["lst"])
    entries = StatusList(vector["bits"], packed)
    assert len(entries) == vector["entries"]
    for index, value in vector["statuses"].items():
        assert entries.value(int(index)) == value
        assert entries.value(int(index) + 7) == 0
    set_bytes = len(packed) - packed.count(0)
    assert set_bytes <= len(vector["statuses"])


@settings(derandomize=True)
@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_each_entry_keeps_its_value(bits, data):
    values = data.draw(st.lists(st.integers(0, 2**bits - 1), min_size=1, max_size=40))
    entries = StatusList(bits, token_status_list.pack(values, bits))
    assert [entries.value(index) for index in range(len(values))] == values


@pytest.mark.parametrize("index", [-1, 4, 2**31, 2**70])
def test_an_index_outside_the_list_is_refused(index):
    entries = StatusList(2, token_status_list.pack([0, 1, 2, 3]))
    with pytest.raises(MalformedStatusListError) as raised:
        entries.value(index)
    assert raised.value.reason == "index_out_of_range"


def test_refuses_to_pack_what_does_not_fit():
    for values, bits in (([4], 2), ([-1], 2), ([0], 3), ([2], 1)):
        with pytest.raises(MalformedStatusListError):
            token_status_list.pack(values, bits)


@pytest.mark.parametrize(
    "compressed",
    [
        b"",
        b"no zlib",
        zlib.compress(b""),
        zlib.compress(b"\0" * 100)[:-1],
        zlib.compress(b"\0" * 100) + b"more",
        zlib.compress(b"\0" * 100)[2:-4],
    ],
    ids=["nothing", "text", "empty", "cut", "followed", "raw deflate"],
)
def test_refuses_what_is_not_one_zlib_stream(compressed):
    with pytest.raises(MalformedStatusListError):
        token_status_list.decompress(base64url.encode_text(compressed))


def test_case_18_a_bomb_is_stopped_at_the_limit():
    bomb = base64url.encode_text(zlib.compress(b"\0" * (256 << 20), 9))
    assert len(bomb) < 360_000
    with pytest.raises(MalformedStatusListError) as raised:
        token_status_list.decompress(bomb)
    assert raised.value.reason == "too_large"
    at_limit = base64url.encode_text(zlib.compress(b"\0" * 1000))
    assert len(token_status_list.decompress(at_limit, max_bytes=1000)) == 1000
    with pytest.raises(MalformedStatusListError):
        token_status_list.decompress(at_limit, max_bytes=999)


def claims(**changes):
    return (
        token_status_list.status_list_token(
            uri=STATUS_URI,
            issued_at=ISSUED_AT,
            expires_at=ISSUED_AT + timedelta(hours=24),
            ttl_seconds=600,
            bits=2,
            lst=token_status_list.compress(token_status_list.pack([0, 1, 2, 3])),
        )
        | changes
    )


def test_a_token_is_signed_and_read_back():
    signer = MemorySigner()
    token = token_status_list.sign(claims(), signer)
    decoded = token_status_list.decode(token)
    assert jws.verify_signature(decoded.jws, public_key(signer.public_jwk))
    assert dict(decoded.jws.header) == {
        "alg": "ES256",
        "typ": "statuslist+jwt",
        "kid": signer.kid,
    }
    assert decoded.uri == STATUS_URI
    assert decoded.expires_at - decoded.issued_at == 86_400
    assert decoded.ttl_seconds == 600
    entries = decoded.status_list()
    assert [entries.value(index) for index in range(4)] == [0, 1, 2, 3]


def test_names_the_aggregation_when_there_is_one():
    built = token_status_list.status_list_token(
        uri=STATUS_URI,
        issued_at=ISSUED_AT,
        expires_at=ISSUED_AT,
        ttl_seconds=600,
        bits=2,
        lst="AA",
        aggregation_uri="https://recognition.example/status",
    )
    assert built["status_list"]["aggregation_uri"].endswith("/status")


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": None},
        {"iat": None},
        {"iat": "2026"},
        {"iat": -1},
        {"iat": True},
        {"iat": 1e9},
        {"exp": "never"},
        {"exp": None},
        {"ttl": 0},
        {"ttl": -600},
        {"ttl": 10**15},
        {"status_list": None},
        {"status_list": {"bits": 2}},
        {"status_list": {"bits": 3, "lst": "AA"}},
        {"status_list": {"bits": True, "lst": "AA"}},
        {"status_list": {"bits": "2", "lst": "AA"}},
        {"status_list": {"bits": 2, "lst": 5}},
    ],
    ids=str,
)
def test_refuses_claims_that_are_not_of_their_kind(changes):
    token = token_status_list.sign(claims(**changes), MemorySigner())
    with pytest.raises(MalformedStatusListError):
        token_status_list.decode(token)


def test_refuses_tokens_of_another_type():
    signer = MemorySigner()
    for typ in ("vc+jwt", "JWT", "STATUSLIST+JWT"):
        header = jws.protected_header(alg=signer.alg, typ=typ, kid=signer.kid)
        token = jws.sign(header, json.dumps(claims()).encode(), signer)
        with pytest.raises(MalformedTokenError):
            token_status_list.decode(token)
    for token in ("é", "a.b.c", "x" * (token_status_list.MAX_TOKEN_BYTES + 1)):
        with pytest.raises(MalformedTokenError):
            token_status_list.decode(token)
