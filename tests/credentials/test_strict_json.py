"""JSON that two readers could understand differently is refused."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import (
    base64url,
    strict_json,
    token_status_list,
    vc_jwt,
)
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.attestation_sd_jwt import attestation_sd_jwt
from recognition_service.credentials.errors import MalformedJSONError
from tests.credentials.builders import (
    PUBLIC_URL,
    MemorySigner,
    a_copy,
    all_claims,
    some_claims,
)
from tests.credentials.sd_jwt_builders import a_wallet


@pytest.mark.parametrize(
    ("document", "value"),
    [
        (b'[1, -2, 0.5, true, null, "\xc3\xa9"]', [1, -2, 0.5, True, None, "é"]),
        ('"\\u00e9 \\ud83d\\ude02"', "é 😂"),
        (' \n{"a":{}} ', {"a": {}}),
        ('"' + "[" * 100 + '"', "[" * 100),
        ("9007199254740991", 2**53 - 1),
        ("-9007199254740991", -(2**53) + 1),
    ],
)  # fmt: skip
def test_reads_ordinary_json(document, value):
    assert strict_json.parse(document) == value


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ('{"a":1,"a":2}', "duplicate_member"),
        ('{"b":{"a":1,"\\u0061":2}}', "duplicate_member"),
        ("NaN", "not_a_number"),
        ("[-Infinity]", "not_a_number"),
        ("1e400", "number_out_of_range"),
        ("9007199254740992", "number_out_of_range"),
        ("1" * 5000, "number_out_of_range"),
        ('{"exp":-99999999999999999999}', "number_out_of_range"),
        ('"\\ud800"', "lone_surrogate"),
        ('{"\\udc00":1}', "lone_surrogate"),
        ('["\\u0000"]', "nul"),
        ('"\0"', "not_json"),
        ("\ufeff{}", "byte_order_mark"),
        (b"\xef\xbb\xbf{}", "byte_order_mark"),
        (b'"\xff"', "not_utf8"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        ("\ud800", "not_utf8"),
        ("{} {}", "not_json"),
        ("{}x", "not_json"),
        ("{'a':1}", "not_json"),
        ("[1,]", "not_json"),
        ("", "not_json"),
        ("[" * 33 + "]" * 33, "too_deep"),
        ('{"a":' * 200 + "1" + "}" * 200, "too_deep"),
        ("[" * 100_000, "too_deep"),
        ("[" * 100_000 + "]" * 100_000, "too_deep"),
        ("x" * (strict_json.MAX_BYTES + 1), "too_large"),
        ("é" * (strict_json.MAX_BYTES - 1), "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_refuses_ambiguous_json(document, reason):
    with pytest.raises(MalformedJSONError) as raised:
        strict_json.parse(document)
    assert raised.value.reason == reason


def test_depth_counts_objects_and_arrays_alike():
    assert strict_json.parse("[" * 32 + "]" * 32)
    assert strict_json.parse('{"a":[' * 2 + "]}" * 2, max_depth=4)
    with pytest.raises(MalformedJSONError):
        strict_json.parse('{"a":[' * 2 + "]}" * 2, max_depth=3)


def test_an_object_may_be_demanded():
    with pytest.raises(MalformedJSONError) as raised:
        strict_json.parse_object("[]")
    assert raised.value.reason == "not_an_object"


# The short way and the long way give the same answer


def answer(document):
    try:
        return told(strict_json.parse(document))
    except MalformedJSONError as error:
        return error.reason


def told(value):
    """Return a value so that 1, 1.0 and True, or 0.0 and -0.0, are told apart."""
    if isinstance(value, dict):
        return ("object", [(name, told(item)) for name, item in value.items()])
    if isinstance(value, list):
        return ("array", [told(item) for item in value])
    return (type(value), repr(value))


def the_long_way(document):
    raw = document if isinstance(document, bytes) else document.encode()
    try:
        return told(strict_json._parse_the_long_way(raw, strict_json.MAX_DEPTH))
    except MalformedJSONError as error:
        return error.reason


def is_read_the_short_way(document):
    try:
        written = orjson.dumps(orjson.loads(document), option=orjson.OPT_STRICT_INTEGER)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return False
    return written == document and b"\\u" not in document


SPELLINGS = [
    "1e400", "-1e400", "-0", "0", "-0.0", "0.0", "1.0", "1E5", "1e5", "1e+16", "1e16",
    "1e-7", "1e-07", "100000.0", "123456789012345.6", "0.1", "5e-324", "1e-400",
    "1.7976931348623157e+308", "1.7976931348623159e308", "2e308", "01", "1.", ".5",
    "9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992",
    "9007199254740993", "18446744073709551615", "18446744073709551616",
    "9223372036854775808", "123456789012345678901234567890", "9007199254740993.0",
    "NaN", "Infinity", "-Infinity", "true", "false", "null", "True", "nan",
    '""', '"\\/"', '"/"', '"\\b\\f\\n\\r\\t\\"\\\\"', '"\\u0000"', '"\\u001f"',
    '"\\u007f"', '"\x7f"', '"\\u2028"', '"\u2028"', '"\\ud83d\\ude02"', '"😂"',
    '"\\ud83d"', '"\\udc00x"', '"\\u00E9"', '"é"', '"e\u0301"', '"\ufeff"', "\ufeff1",
    '{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '{"":0}', '{"a":1,"\\u0061":1}', "{}x",
    "[]", "[,]", "[1,]", "[1 ]", "{ }", "[[]", "1 2", "'a'", '{"a":01}', '{"a"}',
]  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS, ids=lambda text: repr(text)[:30])
def test_every_spelling_is_answered_alike_on_both_ways(text):
    for document in (
        text,
        f" {text}\n",
        f"[{text}]",
        f'{{"x":{text}}}',
        f'{{ "x" :\t{text}\r}}',
        f'[{text},"y",{text}]',
    ):
        assert answer(document) == the_long_way(document)
        assert answer(document.encode()) == the_long_way(document)


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":['])
@pytest.mark.parametrize("levels", [1, 15, 16, 17, 31, 32, 33, 40, 300, 2000])
def test_depth_is_answered_alike_on_both_ways(opening, levels):
    closing = opening.translate(str.maketrans("[{", "]}"))[::-1]
    closing = "".join(sign for sign in closing if sign in "]}")
    document = opening * levels + "1" + closing * levels
    assert answer(document) == the_long_way(document)
    wide = "[" + ",".join(["[1]"] * levels) + "]"
    assert answer(wide) == the_long_way(wide)


NUMBERS = st.one_of(
    st.integers(),
    st.integers(2**53 - 3, 2**53 + 3),
    st.integers(-(2**53) - 3, -(2**53) + 3),
    st.floats(),
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)
WRITERS = st.sampled_from(
    [
        lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False),
        lambda value: json.dumps(value, separators=(",", ":")),
        lambda value: json.dumps(value, indent=1, ensure_ascii=False),
        json.dumps,
    ]
)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(VALUES, WRITERS)
def test_any_written_value_is_answered_alike_on_both_ways(value, write):
    text = write(value)
    assert answer(text) == the_long_way(text)


TOKENS = st.lists(
    st.sampled_from(
        ["{", "}", "[", "]", ",", ":", '"a"', '"b"', '"\\u0061"', '"é"', " ", "1", "-0",
         "1.0", "1e5", "1E400", "true", "null", "NaN", '"', "\\", "9007199254740992",
         "\0", "\ufeff", '"\\ud800"', '"[{"']
    ),
    max_size=12,
)  # fmt: skip


@settings(derandomize=True, max_examples=200, deadline=None)
@given(TOKENS.map("".join))
def test_any_text_like_json_is_answered_alike_on_both_ways(text):
    assert answer(text) == the_long_way(text)
    assert answer(text.encode()) == the_long_way(text)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(VALUES, st.integers(0, 10_000), st.binary(min_size=1, max_size=2))
def test_any_damaged_text_is_answered_alike_on_both_ways(value, place, damage):
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    whole = text.encode("utf-8", "replace")
    place %= len(whole) + 1
    damaged = whole[:place] + damage + whole[place + 1 :]
    assert answer(damaged) == the_long_way(damaged)


def test_our_own_tokens_are_read_the_short_way():
    for claims in (some_claims(), all_claims()):
        credential = attestation_credential(claims, public_url=PUBLIC_URL)
        payload = vc_jwt.payload_bytes(credential, a_copy())
        assert is_read_the_short_way(payload)
        assert json.loads(payload) == strict_json.parse(payload)
    secured = attestation_sd_jwt(all_claims(), a_wallet(), public_url=PUBLIC_URL)
    assert is_read_the_short_way(secured.payload)
    for text in secured.disclosures:
        assert is_read_the_short_way(base64url.decode(text))
    status = token_status_list.sign({"sub": "x", "iat": 1}, MemorySigner())
    assert is_read_the_short_way(base64url.decode(status.split(".")[1]))


SPACED = [
    '{"a": "b  c", "d": [1, 2]}',
    '{"a":"b","c":1 }',
    '{"a" :{ },"b":[ ]}',
    '["a\tb"]',
    '["a\\"b", "c"]',
    '["a \\\\", " b"]',
    '[" ","" , " \u00a0"]',
    "[1 ,2]",
    "[1 2]",
    "[- 1]",
    "[1. 5]",
    "[1e 5]",
    "[tr ue]",
    "[1\u00a0]",
    "[1\f]",
    '{"a": 1, "a": 1}',
    '{"a": 1, "a" : 2}',
    '{"a": 1.0, "b": 1.00}',
    '{"a": -0}',
]


@pytest.mark.parametrize("text", SPACED, ids=repr)
def test_white_space_changes_nothing_between_tokens_and_everything_within(text):
    for document in (text, f"[{text}, {text}]", f'["{{",{text} ]', f"{text} x"):
        assert answer(document) == the_long_way(document)


def test_a_body_with_space_between_its_tokens_is_read_the_short_way():
    body = {"credential": "a.b", "peers": ["c d", {}], "at": None}
    written = orjson.dumps(body)
    for spaced in (json.dumps(body), json.dumps(body, indent=1)):
        assert strict_json._is_spaced(spaced.encode(), written)
        assert strict_json.parse(spaced) == body
    assert not strict_json._is_spaced(orjson.dumps(body | {"at": "x"}), written)


def answer_of_each(documents, **limits):
    try:
        return repr([strict_json.parse(document, **limits) for document in documents])
    except MalformedJSONError as error:
        return error.reason


def answer_of_all(documents, **limits):
    try:
        return repr(strict_json.parse_each(documents, **limits))
    except MalformedJSONError as error:
        return error.reason


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(VALUES, WRITERS).map(lambda pair: pair[1](pair[0]))
        | TOKENS.map("".join),
        max_size=4,
    )
)
def test_several_texts_are_read_like_each_by_itself(texts):
    documents = [text.encode("utf-8", "replace") for text in texts]
    assert answer_of_all(documents) == answer_of_each(documents)


@pytest.mark.parametrize(
    "documents",
    [
        [b'["a"', b'"b"]'],
        [b'["a"', b'"b"]', b'["c"],["d"]'],
        [b"[1", b"2],[3]"],
        [b"[1],[2]", b""],
        [b'"', b'"'],
        [b'{"a":1', b'"a":2}'],
        [b'["a"]', b'["\\u0000"]'],
        [b'["a"]', b'["\\\\u0000"]'],
        [b'["a\\"b"]', b"[1]"],
    ],
    ids=range(9),
)
def test_texts_that_make_sense_only_together_are_refused(documents):
    assert answer_of_all(documents) == answer_of_each(documents)


@pytest.mark.parametrize("levels", [1, 31, 32, 33])
@pytest.mark.parametrize("count", [1, 2, 40])
def test_the_limits_of_several_texts_are_those_of_each(levels, count):
    documents = [b"[" * levels + b"]" * levels] * count
    assert answer_of_all(documents) == answer_of_each(documents)
    limit = 2 * levels - 1
    assert answer_of_all(documents, max_bytes=limit) == "too_large"
    assert answer_of_all(documents, max_bytes=limit + 1) == answer_of_each(documents)
