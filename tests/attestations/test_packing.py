"""Payloads and records are packed small, and can be unpacked for ever."""

import hashlib
import zlib
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.attestations.packing import PAYLOADS, RECORDS, pack, unpack

DICTIONARIES = files("recognition_service.attestations") / "dictionaries"
# What was packed with a dictionary can only be unpacked with the very same one.
FROZEN = {
    "1.txt": "b2fa56a8554d1ea69c1642e35ede55845a3b5a5f4e1212ae245a2121f4f2e07a",
    "2.txt": "6923c6c1ae0184542a77dc42fd8f3ee79be03888b1d1ec9e38658a019597cc41",
}


@pytest.mark.parametrize("name", FROZEN)
def test_a_dictionary_is_never_changed(name):
    content = (DICTIONARIES / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == FROZEN[name]


@settings(derandomize=True, max_examples=100)
@given(st.binary(max_size=5000), st.sampled_from([PAYLOADS, RECORDS]))
def test_anything_comes_back_as_it_was(content, dictionary):
    assert unpack(pack(content, dictionary)) == content


def test_what_was_packed_without_a_dictionary_is_read_too():
    assert unpack(zlib.compress(b"a payload of the first version")) == (
        b"a payload of the first version"
    )


def test_what_payloads_have_in_common_costs_next_to_nothing():
    common = (DICTIONARIES / "1.txt").read_bytes()[-2500:].rstrip(b"\n")
    assert len(pack(common)) < len(zlib.compress(common)) / 10
