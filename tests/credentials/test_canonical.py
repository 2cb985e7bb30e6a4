"""RFC 8785 and the digests that rest on it."""

import json
import struct
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials.canonical import (
    canonical_bytes,
    canonical_part,
    digest,
)
from recognition_service.credentials.errors import NotCanonicalizableError

VECTORS = json.loads(
    (Path(__file__).parent.parent / "vectors/rfc8785_canonical.json").read_text()
)


@pytest.mark.parametrize("vector", VECTORS["documents"], ids=["weird", "values"])
def test_writes_the_published_documents(vector):
    value = json.loads(vector["input"])
    assert canonical_bytes(value).decode() == vector["output"]


@pytest.mark.parametrize("vector", VECTORS["numbers"], ids=lambda v: v["text"])
def test_writes_the_published_numbers(vector):
    (number,) = struct.unpack(">d", bytes.fromhex(vector["ieee754"]))
    assert canonical_bytes(number).decode() == vector["text"]


def test_the_order_of_members_does_not_change_the_digest():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({}) == "sha256-RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o"


@pytest.mark.parametrize(
    "rest",
    [1, "Bērziņa", 1.5, {"\U0001f600": 1, "\ufb33": 2}],
    ids=["whole", "letters", "fraction", "names_beyond_16_bits"],
)
def test_parts_that_were_written_before_give_the_same_text(rest):
    shared = {"levels": ["6"], "é": 2.5, "z": None}
    whole = canonical_bytes({"b": shared, "a": [rest, {"c": shared}]})
    part = canonical_part(shared)
    assert canonical_bytes({"b": part, "a": [rest, {"c": part}]}) == whole


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        {1: "a"},
        {"a": {1, 2}},
        b"bytes",
        "\ud800",
        {"\ud800": 1},
        deep(100_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refuses_what_has_no_canonical_form(value):
    with pytest.raises(NotCanonicalizableError):
        canonical_bytes(value)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner)
    ),
    max_leaves=20,
)


@settings(derandomize=True, max_examples=200)
@given(json_values)
def test_the_short_way_writes_what_the_long_way_writes(value):
    try:
        expected = rfc8785.dumps(value)
    except ValueError:
        with pytest.raises(NotCanonicalizableError):
            canonical_bytes(value)
    else:
        assert canonical_bytes(value) == expected


@pytest.mark.parametrize(
    "value", ["\ud800", {"a": "\udfff"}, float("nan"), 2**53, {1: 2}, (1, float("inf"))]
)
def test_what_has_no_canonical_form_is_refused_on_either_way(value):
    with pytest.raises(NotCanonicalizableError):
        canonical_bytes(value)
