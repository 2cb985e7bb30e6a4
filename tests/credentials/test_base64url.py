"""Base64url has one spelling for every byte string."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import base64url
from recognition_service.credentials.errors import MalformedBase64Error


@settings(derandomize=True)
@given(st.binary(max_size=200))
def test_what_is_encoded_is_decoded(content):
    text = base64url.encode(content)
    assert text == base64.urlsafe_b64encode(content).rstrip(b"=")
    assert base64url.decode(text) == content
    assert base64url.decode(base64url.encode_text(content)) == content


@settings(derandomize=True)
@given(st.text(alphabet="AQgwEBab-_9", max_size=8))
def test_what_is_decoded_is_encoded_to_the_same_text(text):
    try:
        content = base64url.decode(text)
    except MalformedBase64Error:
        return
    assert base64url.encode_text(content) == text


PADDED, OTHER_LENGTHS = ["AA==", "AAA="], ["A", "AAAAA"]
OTHER_ALPHABETS = ["+A", "A/", "Aé", "A\0", "A A", "AAAA\n"]
BITS_OF_NO_BYTE = ["AB", "AAB"]


@pytest.mark.parametrize(
    "text", PADDED + OTHER_LENGTHS + OTHER_ALPHABETS + BITS_OF_NO_BYTE
)
def test_refuses_other_spellings(text):
    with pytest.raises(MalformedBase64Error):
        base64url.decode(text)


TEXTS = st.binary(min_size=1, max_size=9).map(base64url.encode) | st.text(
    alphabet="AQgwEBab-_9+/=~\n", min_size=1, max_size=8
).map(str.encode)


def each_by_itself(read, texts):
    """Return what was read, or that some of it was refused."""
    try:
        return [read(text) for text in texts]
    except MalformedBase64Error:
        return None


@settings(derandomize=True, max_examples=200)
@given(st.lists(TEXTS, max_size=4))
def test_several_texts_are_read_like_each_by_itself(texts):
    try:
        found = base64url.decode_each(texts)
    except MalformedBase64Error:
        found = None
    assert found == each_by_itself(base64url.decode, texts)


def test_none_of_several_texts_may_be_empty():
    assert base64url.decode_each([]) == []
    with pytest.raises(MalformedBase64Error):
        base64url.decode_each([b"AA", b""])
