"""Cursors belong to one list and one filter, and cannot be changed."""

import json

import pytest

from recognition_service.credentials import base64url
from recognition_service.web.errors import InvalidCursorError
from recognition_service.web.paging import read_cursor, write_cursor

NAME, FILTERS = "be-fl/requests", {"status": "submitted", "origin": None}
CURSOR = write_cursor(NAME, FILTERS, ["2026-11-02", 7])


def test_a_cursor_brings_its_position_back():
    assert read_cursor(NAME, FILTERS, CURSOR, 2) == ["2026-11-02", 7]


def test_without_a_cursor_there_is_no_position():
    assert read_cursor(NAME, FILTERS, None, 2) is None


@pytest.mark.parametrize(
    ("name", "filters", "length"),
    [
        ("ma/requests", FILTERS, 2),
        (NAME, {**FILTERS, "status": "decided"}, 2),
        (NAME, {}, 2),
        (NAME, FILTERS, 3),
    ],
)
def test_a_cursor_of_another_list_is_refused(name, filters, length):
    with pytest.raises(InvalidCursorError):
        read_cursor(name, filters, CURSOR, length)


def changed():
    raw = base64url.decode(CURSOR)
    yield base64url.encode_text(raw.replace(b"7", b"8"))
    yield base64url.encode_text(b"0" * 22 + raw[22:])
    yield base64url.encode_text(raw[22:])
    yield base64url.encode_text(b"\xff" + raw)
    yield base64url.encode_text(raw[:22] + b"[" * 600)
    yield from ("", "x", CURSOR[:-1], CURSOR + "A", CURSOR + "=", "é", "A" * 5_000)
    yield json.dumps(["2026-11-02", 7])


@pytest.mark.parametrize("cursor", tuple(changed()))
def test_a_changed_cursor_is_refused(cursor):
    with pytest.raises(InvalidCursorError):
        read_cursor(NAME, FILTERS, cursor, 2)


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "", "1.5", "٣", "9" * 400])
def test_a_limit_beyond_the_limits_is_refused(client, limit):
    answer = client.get("/api/v1/frameworks", query_string={"limit": limit})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == "limit"


def test_pages_neither_skip_nor_repeat(client):
    codes, cursor = [], None
    for _ in range(100):
        query = {"limit": "7"} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/frameworks", query_string=query).json
        codes += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    everything = client.get("/api/v1/frameworks?limit=200").json["items"]
    assert codes[:200] == [item["id"] for item in everything]
    assert len(codes) == len(set(codes)) > 50


def test_a_cursor_under_another_filter_is_a_problem(client):
    cursor = client.get("/api/v1/frameworks?limit=1").json["next"]
    answer = client.get(f"/api/v1/frameworks?kind=hub&cursor={cursor}")
    assert (answer.status_code, answer.json["code"]) == (400, "invalid_cursor")
    assert answer.json["errors"][0]["parameter"] == "cursor"
