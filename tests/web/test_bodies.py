"""Bodies that are not strictly what they should be are refused, with the place."""

import json

import pytest

from recognition_service.web.bodies import LARGEST_BODY
from recognition_service.web.fields import Items, Part
from recognition_service.web.openapi import Blueprint
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Facts, Name

JSON = "application/json"


class Person(Input):
    name = Name(required=True)


class Body(Input):
    title = Name(required=True)
    people = Items(Part(Person))
    facts = Facts()


@pytest.fixture
def post(probe):
    blueprint = Blueprint("probe", __name__)

    @blueprint.route("/probe", methods=["POST"])
    @blueprint.arguments(Body)
    @blueprint.response(200)
    def post_probe(body):
        return body

    client = probe(blueprint)

    def send(body, content_type=JSON, **options):
        return client.post(
            "/api/v1/probe", data=body, content_type=content_type, **options
        )

    return send


def only_error(answer):
    (error,) = answer.json["errors"]
    return error


def test_a_good_body_is_read(post):
    answer = post('{"title": "Bakalaura diploms"}')
    assert (answer.status_code, answer.json) == (200, {"title": "Bakalaura diploms"})


@pytest.mark.parametrize(
    ("body", "offset"),
    [
        (b"", 0),
        (b"{", 1),
        (b'{"title": "x",}', 14),
        (b'{"title": "x"} x', 15),
        (b"{'title': 'x'}", 1),
        (b"\xef\xbb\xbf{}", 0),
        (b'{"title": "\xff"}', 11),
        ('{"title": "é" x}'.encode(), 15),
        (b'{"title": "a\x00b"}', 12),
    ],
)
def test_what_is_not_json_is_refused_with_its_offset(post, body, offset):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json["code"] == "malformed_json"
    assert only_error(answer)["offset"] == offset


@pytest.mark.parametrize(
    ("body", "reason", "pointer"),
    [
        ('{"title": "x", "title": "y"}', "duplicate_member", "/title"),
        (
            '{"people": [{"a~/b": 1, "a~/b": 2}]}',
            "duplicate_member",
            "/people/0/a~0~1b",
        ),
        ('{"title": NaN}', "not_a_number", "/title"),
        ('{"facts": {"n": -Infinity}}', "not_a_number", "/facts/n"),
        ('{"facts": {"n": 1e400}}', "number_out_of_range", "/facts/n"),
        ('{"facts": {"n": 9007199254740993}}', "number_out_of_range", "/facts/n"),
        ('{"facts": {"n": ' + "9" * 5000 + "}}", "number_out_of_range", "/facts/n"),
        ('{"title": "\\ud800"}', "lone_surrogate", "/title"),
        ('{"title": "a\\u0000b"}', "nul", "/title"),
        ('{"\\u0000": 1}', "nul", "/\0"),
        (
            '{"title": ' + "[" * 40 + "1" + "]" * 40 + "}",
            "too_deep",
            "/title" + "/0" * 31,
        ),
        ("[" * 100_000, "too_deep", ""),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_json_that_readers_could_read_differently_is_refused(
    post, body, reason, pointer
):
    answer = post(body)
    assert answer.status_code == 400
    assert answer.json["code"] == "malformed_json"
    error = only_error(answer)
    assert (error["code"], error["pointer"]) == (reason, pointer)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/problem+json",
        "application",
    ],
)
def test_another_content_type_is_refused(post, content_type):
    answer = post('{"title": "x"}', content_type)
    assert answer.status_code == 415
    assert answer.json["code"] == "unsupported_media_type"


def test_utf_8_may_be_said(post):
    assert (
        post('{"title": "x"}', 'application/json; charset="UTF-8"').status_code == 200
    )


def test_a_compressed_body_is_refused(post):
    assert post(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}).status_code == 415


def test_a_large_body_is_refused(post):
    answer = post(json.dumps({"title": "x" * LARGEST_BODY}))
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ("[]", "", "not_an_object"),
        ("3", "", "not_an_object"),
        ("null", "", "not_an_object"),
        ("{}", "/title", "required"),
        ('{"title": null}', "/title", "not_null"),
        ('{"title": 3}', "/title", "not_a_text"),
        ('{"title": "x", "id": "1"}', "/id", "unknown_member"),
        ('{"title": "x", "a/b~c": "1"}', "/a~1b~0c", "unknown_member"),
        ('{"title": "x", "people": {}}', "/people", "not_a_list"),
        ('{"title": "x", "people": [3]}', "/people/0", "not_an_object"),
        ('{"title": "x", "people": [{}]}', "/people/0/name", "required"),
        (
            '{"title": "x", "people": [{"name": "a", "role": "b"}]}',
            "/people/0/role",
            "unknown_member",
        ),
        ('{"title": "x", "facts": {"a": []}}', "/facts/a", "not_a_fact"),
    ],
)
def test_a_member_that_does_not_fit_is_named(post, body, pointer, code):
    answer = post(body)
    assert answer.status_code == 422
    assert answer.json["code"] == "invalid_body"
    error = only_error(answer)
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert error["detail"]


@pytest.mark.parametrize(
    "member", ["id", "authority_id", "tenant_id", "status", "issuer", "issued_at"]
)
def test_members_of_the_service_cannot_be_set(post, member):
    answer = post(json.dumps({"title": "x", member: "x"}))
    assert answer.status_code == 422
    assert only_error(answer)["code"] == "unknown_member"


def test_all_faults_are_told_at_once(post):
    answer = post('{"people": [{}], "nationality": "x"}')
    assert answer.json["detail"] == "3 members are wrong."
    assert {error["pointer"] for error in answer.json["errors"]} == {
        "/title",
        "/people/0/name",
        "/nationality",
    }


def test_ten_thousand_items_are_refused_without_reading_them(post):
    answer = post(json.dumps({"title": "x", "people": [{}] * 10_000}))
    assert only_error(answer)["code"] == "too_many"


def test_a_query_that_a_schema_reads_is_read_as_strictly(probe):
    blueprint = Blueprint("probe", __name__)

    @blueprint.route("/probe")
    @blueprint.arguments(Person, location="query")
    @blueprint.response(200)
    def get_probe(query):
        return query

    client = probe(blueprint)
    assert client.get("/api/v1/probe?name=x").json == {"name": "x"}
    for query, code in (
        ("", "required"),
        ("?name=x&name=y", "repeated_parameter"),
        ("?name=%E2%80%AE", "control_character"),
        ("?name=x&page=2", "unknown_parameter"),
    ):
        answer = client.get(f"/api/v1/probe{query}")
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")
        assert only_error(answer)["code"] == code
        assert only_error(answer)["parameter"] in {"name", "page"}
