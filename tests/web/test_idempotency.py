"""The same request twice has the effect of one, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest

from recognition_service.authorities.models import Role
from recognition_service.errors import ConflictError
from recognition_service.web.access import requires
from recognition_service.web.idempotent import idempotent
from recognition_service.web.openapi import Blueprint
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Name

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite", "postgresql"])


class Body(Input):
    title = Name(required=True)


class Shop:
    """Makes things and counts how many it made."""

    def __init__(self):
        self.made = 0
        self.fails = []
        self.may_go_on = Event()
        self.may_go_on.set()
        self.has_begun = Event()

    def make(self, title):
        self.has_begun.set()
        self.may_go_on.wait(10)
        if self.fails:
            raise self.fails.pop()
        self.made += 1
        return {"number": self.made, "title": title}


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def post(probe, shop, as_person):
    blueprint = Blueprint("probe", __name__)

    @blueprint.route("/things", methods=["POST"])
    @requires(Role.OFFICER)
    @idempotent
    @blueprint.arguments(Body)
    @blueprint.response(201)
    def post_thing(body):
        thing = shop.make(body["title"])
        return thing, 201, {"Location": f"/api/v1/things/{thing['number']}"}

    client = probe(blueprint)
    fresh = str(uuid4())

    def send(title="x", key=fresh, person="bruno", **options):
        headers = as_person(person)
        if key is not None:
            headers["Idempotency-Key"] = key
        return client.application.test_client().post(
            options.get("path", "/api/v1/things"),
            json={"title": title},
            headers=headers,
        )

    return send


def test_a_repeated_request_gets_the_first_answer(post, shop):
    first, second = post(), post()
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.data == first.data
    assert second.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert shop.made == 1


def test_without_a_key_every_request_counts(post, shop):
    post(key=None)
    post(key=None)
    assert shop.made == 2


def test_the_key_with_another_body_is_refused(post, shop):
    post("x")
    answer = post("y")
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert answer.json["errors"] == [{"parameter": "Idempotency-Key", "code": "reused"}]
    assert shop.made == 1


def test_the_key_with_another_query_is_refused(post):
    post()
    assert post(path="/api/v1/things?dry=1").status_code == 422


def test_keys_of_another_authority_are_others(post, shop):
    post(person="bruno")
    assert "Idempotent-Replayed" not in post(person="nadia").headers
    assert shop.made == 2


def test_a_failed_request_may_be_repeated_at_once(post, shop):
    shop.fails = [ConflictError("x"), RuntimeError("x")]
    assert post().status_code == 500
    assert post().status_code == 409
    assert post().status_code == 201
    assert shop.made == 1


def test_a_refused_body_leaves_no_trace(post):
    assert post("").status_code == 422
    assert post("x").status_code == 201


def test_a_request_at_the_same_time_waits_for_its_turn(post, shop):
    shop.may_go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post)
        assert shop.has_begun.wait(10)
        second = post()
        shop.may_go_on.set()
        assert first.result().status_code == 201
    assert (second.status_code, second.json["code"]) == (409, "idempotency_in_progress")
    assert second.headers["Retry-After"] == "1"
    assert shop.made == 1


def test_of_many_at_once_one_is_done(post, shop):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post(), range(16)))
    assert shop.made == 1
    assert {answer.status_code for answer in answers} <= {201, 409}


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(post, shop, key):
    answer = post(key=key)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == "Idempotency-Key"
    assert shop.made == 0
