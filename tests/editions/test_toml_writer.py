"""A regime that is written as TOML is the same tree when it is read again."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition_service.editions.toml_writer import to_toml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_what_is_read_is_what_was_written(tree):
    assert tomllib.loads(to_toml(tree)) == tree


def test_the_shipped_regimes_come_back(shipped_package):
    assert shipped_package.regimes
    for tree in shipped_package.regimes.values():
        assert tomllib.loads(to_toml(tree)) == tree


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ({"id": "a", "n": 3, "yes": True}, 'id = "a"\nn = 3\nyes = true\n'),
        ({"name": {"fr": "é"}, "id": "a"}, 'id = "a"\n\n[name]\nfr = "é"\n'),
        ({"a": {"b c": {"d": []}}}, '\n[a]\n\n[a."b c"]\nd = []\n'),
        ({"x": [{"a": 1}]}, "x = [{a = 1}]\n"),
    ],
)
def test_it_reads_as_a_person_would_write_it(tree, text):
    assert to_toml(tree) == text
