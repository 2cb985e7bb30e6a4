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
