"""Answers are JSON in one spelling: compact, in UTF-8, and nothing but JSON."""

from datetime import UTC, datetime

import pytest

from recognition_service.verification.report import Verdict
from recognition_service.web.json_answers import json_bytes


def test_answers_are_compact_and_keep_their_letters():
    document = {"name": "Bērziņa", "list": [1, 0.5, None, True], "of": {"text": '"\n'}}
    assert json_bytes(document) == (
        '{"name":"Bērziņa","list":[1,0.5,null,true],"of":{"text":"\\"\\n"}}'.encode()
    )


def test_codes_are_answered_by_their_names_and_order_is_kept():
    assert json_bytes({"z": Verdict.VALID, "a": ("b",)}) == b'{"z":"valid","a":["b"]}'


@pytest.mark.parametrize("value", [datetime(2026, 11, 2, tzinfo=UTC), b"text", {1: 2}])
def test_what_is_no_json_is_an_error_and_never_guessed(value):
    with pytest.raises(TypeError):
        json_bytes({"value": value})
