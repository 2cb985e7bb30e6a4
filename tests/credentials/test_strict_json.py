"""JSON that two readers could understand differently is refused."""

import pytest

from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import MalformedJSONError


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
