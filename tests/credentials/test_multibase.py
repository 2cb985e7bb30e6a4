"""Multibase text has one spelling per content, and nothing else is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import multibase
from recognition_service.credentials.errors import MalformedInputError

# The Base58 Encoding Scheme, draft-msporny-base58-03 section 5.
PUBLISHED = [
    (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    (
        b"The quick brown fox jumps over the lazy dog.",
        "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ),
    (bytes.fromhex("0000287fb4cd"), "11233QC4"),
]


@pytest.mark.parametrize(("content", "text"), PUBLISHED)
def test_writes_and_reads_what_the_draft_publishes(content, text):
    assert multibase.encode_base58btc(content) == "z" + text
    assert multibase.decode_base58btc("z" + text) == content


@settings(derandomize=True, max_examples=200)
@given(st.binary(max_size=100))
def test_every_content_comes_back_in_both_alphabets(content):
    assert multibase.decode(multibase.encode_base58btc(content)) == content
    assert multibase.decode(multibase.encode_base64url(content)) == content


@settings(derandomize=True, max_examples=200)
@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"))
def test_every_text_in_base_58_is_the_only_one_for_its_content(text):
    content = multibase.decode_base58btc("z" + text)
    assert multibase.encode_base58btc(content) == "z" + text


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "2NEpo7TZRRrLZSi2U", "Z2NEpo7TZRRrLZSi2U", "mAAAA", "f00",
        "z0", "zO", "zI", "zl", "z2NEpo7TZRRrLZSi2U ", "z2NEpo7TZRRrLZSi2U\n",
        "z\u0661", "z" + "2" * 257, "uAA=", "uA", "uAB", "u+A", "u A",
    ],
)  # fmt: skip
def test_refuses_everything_else(text):
    with pytest.raises(MalformedInputError) as caught:
        multibase.decode(text)
    assert caught.value.reason == "malformed_multibase"


def test_only_base_58_is_read_where_it_is_demanded():
    with pytest.raises(MalformedInputError):
        multibase.decode_base58btc("uAAAA")
