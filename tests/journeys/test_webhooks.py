"""Webhooks by REST: written, tried, looked after, sent again, and given up."""

import json
import re
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path

import pytest

import recognition_service
from recognition_service.app import create_app
from recognition_service.delivery.webhook_events import EVENT_TYPES
from recognition_service.worker.loop import turn
from tests.journeys.office import a_technician
from tests.journeys.test_hostile_bodies import (
    HOSTILE,
    members,
    replaced,
    require_problem,
    send,
)
from tests.worker.receivers import LOOPBACK, a_receiver

GUIDE = Path(recognition_service.__file__).parent.parent / "docs" / "api.md"
TYPE = "attestation.revoked"
PUBLIC = "https://93.184.215.14/hook"


@pytest.fixture
def app(runtime):
    """An application whose operator lets webhooks go to this machine."""
    ranges = (*LOOPBACK, ip_network("192.0.2.0/24"))
    runtime.config = replace(runtime.config, outgoing_test_ranges=ranges)
    return create_app(runtime)


@pytest.fixture
def office(office_of):
    return Desk(office_of("be-fr-demo"))


@pytest.fixture
def receiver():
    with a_receiver() as listening:
        yield listening


class Desk:
    """Calls as the operator of an authority."""

    def __init__(self, office):
        self.office = office

    def call(self, method, path, body=None, as_="operator", **headers):
        return self.office.call(method, path, body, as_=as_, **headers)

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, {} if body is None else body, **more)

    def webhook(self, url, **members):
        answer = self.post("/webhooks", {"url": url, **members})
        assert answer.status_code == 201, answer.json
        return answer


def case(office):
    answer = office.office.post("/recognition-requests", a_technician())
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def faults(answer):
    return [(each["pointer"], each["code"]) for each in answer.json["errors"]]


def test_a_webhook_is_written_and_its_secret_is_shown_once(office, receiver):
    added = office.webhook(
        receiver.url(), description="Register", event_types=["attestation.revoked"]
    )
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", added.json["secret"])
    assert added.headers["Location"] == f"/api/v1/webhooks/{added.json['id']}"
    assert added.headers["Cache-Control"] == "no-store"
    shown = office.get(f"/webhooks/{added.json['id']}")
    assert shown.json == {
        "id": added.json["id"],
        "url": receiver.url(),
        "description": "Register",
        "event_types": ["attestation.revoked"],
        "state": "active",
        "disabled_because": None,
        "disabled_at": None,
        "failing_since": None,
        "previous_secret_until": None,
        "created_at": "2026-11-02T09:00:00Z",
        "created_by": shown.json["created_by"],
    }
    listed = office.get("/webhooks")
    assert listed.json == {"items": [shown.json], "next": None}
    assert b"whsec_" not in listed.data + shown.data


def test_a_case_is_told_to_the_receiver(office, receiver, runtime):
    office.webhook(receiver.url())
    request = case(office)
    turn(runtime)
    ((_, _, _, body),) = receiver.requests
    told = json.loads(body)
    assert told["type"] == "recognition_request.submitted"
    assert told["data"]["recognition_request"] == request
    read = office.office.client.get(
        told["data"]["href"].removeprefix("https://recognition.example"),
        headers={"Authorization": f"Bearer {office.office.api_keys['officer']}"},
    )
    assert read.json["id"] == request


def test_another_authority_is_told_nothing(office_of, receiver, runtime, office):
    other = Desk(office_of("be-fl-demo"))
    other.webhook(receiver.url())
    case(office)
    turn(runtime)
    assert receiver.requests == []


def test_a_test_is_sent_and_its_delivery_can_be_read(office, receiver, runtime):
    receiver.answers = [(500, {}), (204, {})]
    webhook = office.webhook(receiver.url()).json["id"]
    sent = office.post(f"/webhooks/{webhook}/test")
    assert (sent.status_code, sent.json["state"]) == (201, "pending")
    turn(runtime)
    path = f"/webhooks/{webhook}/deliveries"
    (failed,) = office.get(f"{path}?state=failed").json["items"]
    assert (failed["last_status"], failed["attempt_count"]) == (500, 1)
    assert failed["next_attempt_at"] == "2026-11-02T09:00:05Z"
    again = office.post(f"{path}/{failed['id']}/replay")
    assert (again.status_code, again.json["state"]) == (200, "pending")
    turn(runtime)
    whole = office.get(f"{path}/{failed['id']}").json
    assert (whole["state"], whole["next_attempt_at"]) == ("delivered", None)
    assert [each["status"] for each in whole["attempts"]] == [500, 204]
    assert json.loads(whole["body"])["type"] == "webhook.test"
    assert len({headers["webhook-id"] for _, _, headers, _ in receiver.requests}) == 1
    assert office.get(f"{path}?state=failed").json["items"] == []


def test_deliveries_are_listed_by_pages_newest_first(office, receiver):
    webhook = office.webhook(receiver.url()).json["id"]
    made = [office.post(f"/webhooks/{webhook}/test").json["id"] for _ in range(5)]
    path, found = f"/webhooks/{webhook}/deliveries?limit=2", []
    page = office.get(path).json
    found += page["items"]
    while page["next"]:
        page = office.get(f"{path}&cursor={page['next']}").json
        found += page["items"]
    assert [each["id"] for each in found] == made[::-1]
    other = office.webhook(receiver.url()).json["id"]
    cursor = office.get(path).json["next"]
    answer = office.get(f"/webhooks/{other}/deliveries?limit=2&cursor={cursor}")
    assert answer.json["code"] == "invalid_cursor"


def test_a_span_of_time_is_sent_again(office, receiver, runtime, clock):
    webhook = office.webhook(receiver.url()).json["id"]
    case(office)
    turn(runtime)
    clock.instant += timedelta(hours=1)
    case(office)
    turn(runtime)
    span = {"from": "2026-11-02T09:00:00Z", "to": "2026-11-02T10:00:00Z"}
    assert office.post(f"/webhooks/{webhook}/replay", span).json == {"replayed": 1}
    turn(runtime)
    first, second, again = [headers for _, _, headers, _ in receiver.requests]
    assert again["webhook-id"] == first["webhook-id"] != second["webhook-id"]


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        ("2026-11-01T00:00:00Z", ("/to", "ends_before_it_begins")),
        ("2026-12-03T00:00:00Z", ("/to", "too_long")),
        ("2026-11-02", ("/to", "not_an_instant")),
    ],
)
def test_a_span_that_is_none_is_refused(office, to, fault):
    webhook = office.webhook(PUBLIC).json["id"]
    span = {"from": "2026-11-02T00:00:00Z", "to": to}
    answer = office.post(f"/webhooks/{webhook}/replay", span)
    assert (answer.status_code, faults(answer)) == (422, [fault])


def test_too_much_is_not_sent_again_at_once(office, receiver, monkeypatch):
    monkeypatch.setattr(
        "recognition_service.delivery.webhook_deliveries.MOST_REPLAYED", 1
    )
    webhook = office.webhook(receiver.url()).json["id"]
    for _ in range(2):
        office.post(f"/webhooks/{webhook}/test")
    span = {"from": "2026-11-02T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
    answer = office.post(f"/webhooks/{webhook}/replay", span)
    assert answer.json["code"] == "webhook_replay_too_large"


def test_a_webhook_is_changed_with_the_version_that_was_read(office, receiver):
    added = office.webhook(receiver.url())
    path = f"/webhooks/{added.json['id']}"
    body = {"url": PUBLIC, "state": "disabled"}
    assert office.call("PUT", path, body).status_code == 428
    tag = {"If-Match": added.headers["ETag"]}
    changed = office.call("PUT", path, body, **tag)
    assert changed.status_code == 200, changed.json
    assert (changed.json["url"], changed.json["disabled_because"]) == (
        PUBLIC,
        "by_hand",
    )
    assert office.call("PUT", path, body, **tag).status_code == 412
    assert office.call("DELETE", path, **tag).status_code == 412
    for act in ("test", "replay"):
        span = {"from": "2026-11-02T00:00:00Z", "to": "2026-11-03T00:00:00Z"}
        answer = office.post(f"{path}/{act}", span if act == "replay" else {})
        assert (answer.status_code, answer.json["code"]) == (409, "webhook_disabled")
    tag = {"If-Match": changed.headers["ETag"]}
    assert office.call("DELETE", path, **tag).status_code == 204
    assert office.get(path).json["code"] == "webhook_not_found"


def test_a_secret_is_replaced(office, receiver, runtime):
    added = office.webhook(receiver.url())
    newer = office.post(f"/webhooks/{added.json['id']}/secret")
    assert newer.status_code == 201
    assert newer.json["secret"] != added.json["secret"]
    assert newer.json["previous_secret_until"] == "2026-11-03T09:00:00Z"
    office.post(f"/webhooks/{added.json['id']}/test")
    turn(runtime)
    ((_, _, headers, _),) = receiver.requests
    assert len(headers["webhook-signature"].split()) == 2


def test_what_is_asked_twice_with_one_key_is_done_once(office, receiver):
    body, key = {"url": receiver.url()}, {"Idempotency-Key": "hook-1"}
    first = office.post("/webhooks", body, **key)
    assert office.post("/webhooks", body, **key).json == first.json
    assert len(office.get("/webhooks").json["items"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://0/",
        "https://2130706433/",
        "https://93.184.215.14:22/",
        "https://user:pw@93.184.215.14/",
        "http://93.184.215.14/",
        "ftp://93.184.215.14/",
        "hook",
    ],
)
def test_case_46_a_url_to_which_nothing_would_be_sent_is_refused(office, url):
    answer = office.post("/webhooks", {"url": url})
    assert (answer.status_code, faults(answer)) == (422, [("/url", "target_blocked")])
    added = office.webhook(PUBLIC)
    answer = office.call(
        "PUT",
        f"/webhooks/{added.json['id']}",
        {"url": url},
        **{"If-Match": added.headers["ETag"]},
    )
    assert faults(answer) == [("/url", "target_blocked")]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"url": None}, ("/url", "not_null")),
        ({"url": "https://a.example/" + "a" * 2048}, ("/url", "too_long")),
        ({"event_types": []}, ("/event_types", "too_few")),
        ({"event_types": ["alert.sent"]}, ("/event_types/0", "not_in_enum")),
        ({"event_types": "all"}, ("/event_types", "not_a_list")),
        ({"secret": "whsec_x"}, ("/secret", "unknown_member")),
        ({"state": "disabled"}, ("/state", "unknown_member")),
        ({"description": "a\u202eb"}, ("/description", "control_character")),
    ],
)
def test_what_does_not_fit_is_refused(office, changes, fault):
    answer = office.post("/webhooks", {"url": PUBLIC} | changes)
    assert (answer.status_code, faults(answer)) == (422, [fault])
    assert office.get("/webhooks").json["items"] == []


def test_whatever_stands_in_a_body_is_no_failure(office):
    webhook = office.webhook(PUBLIC).json["id"]
    bodies = {
        "/webhooks": {"url": PUBLIC, "description": "a", "event_types": [TYPE]},
        f"/webhooks/{webhook}/replay": {
            "from": "2026-11-02T00:00:00Z",
            "to": "2026-11-03T00:00:00Z",
        },
    }
    key = office.office.api_keys["operator"]
    by_operator = {"Authorization": f"Bearer {key}"}
    for path, body in bodies.items():
        for place in members(body):
            for value in (*HOSTILE, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
                changed = replaced(body, place, value)
                answer = send(office.office, "POST", path, changed, by_operator)
                if answer.status_code != 409:
                    require_problem(answer, changed)


def test_an_authority_has_twenty_webhooks_at_most(office):
    for _ in range(20):
        office.webhook(PUBLIC)
    answer = office.post("/webhooks", {"url": PUBLIC})
    assert (answer.status_code, answer.json["code"]) == (409, "too_many_webhooks")


def test_only_an_operator_looks_after_webhooks(office, client):
    webhook = office.webhook(PUBLIC).json["id"]
    for post in ("officer", "signatory"):
        for method, path, body in (
            ("GET", "/webhooks", None),
            ("POST", "/webhooks", {"url": PUBLIC}),
            ("GET", f"/webhooks/{webhook}", None),
            ("POST", f"/webhooks/{webhook}/secret", {}),
        ):
            answer = office.call(method, path, body, as_=post)
            assert answer.json["code"] == "role_missing"
    assert client.get("/api/v1/webhooks").status_code == 401
    assert office.get("/recognition-requests").json["code"] == "role_missing"


def test_the_types_stand_in_the_interface_description(client):
    schemas = client.get("/openapi.json").json["components"]["schemas"]
    types = schemas["WebhookIn"]["properties"]["event_types"]
    assert types["items"]["enum"] == list(EVENT_TYPES)


def documented_receiver(secret):
    """Return the module that the guide shows, with this secret."""
    section = GUIDE.read_text(encoding="utf-8").partition("\n## Webhooks\n")[2]
    source = re.search(r"<<'END'\n(.*?)\nEND\n", section, re.DOTALL)[1]
    module = {"__name__": "receiver"}
    environment = pytest.MonkeyPatch()
    environment.setenv("WEBHOOK_SECRET", secret)
    exec(compile(source, "receiver.py", "exec"), module)  # noqa: S102  # our own guide
    environment.undo()
    return module, source


def test_the_receiver_of_the_guide_takes_what_is_genuine(
    office, receiver, runtime, capsys
):
    added = office.webhook(receiver.url(), event_types=["webhook.disabled"]).json
    module, _ = documented_receiver(added["secret"])
    office.post(f"/webhooks/{added['id']}/test")
    turn(runtime)
    ((_, _, headers, body),) = receiver.requests
    at = int(headers["webhook-timestamp"])
    genuine = module["is_genuine"]
    assert genuine(headers, body, now=at + 299)
    assert not genuine(headers, body, now=at + 301)
    assert not genuine(headers, body + b" ", now=at)
    assert not genuine(headers | {"webhook-id": "evt_1"}, body, now=at)
    assert not genuine(headers | {"webhook-signature": "v1,x"}, body, now=at)
    assert not genuine(headers | {"webhook-signature": ""}, body, now=at)
    rotated = headers["webhook-signature"]
    assert genuine(headers | {"webhook-signature": f"v1,x {rotated}"}, body, now=at)
    assert not genuine({}, body, now=at)
    assert capsys.readouterr().out == ""


def test_the_receiver_of_the_guide_answers_and_prints(office, runtime, clock, capsys):
    clock.instant = recognition_service.clock.system_clock()
    with a_receiver() as taken:
        url = taken.url()
    port = int(url.rpartition(":")[2].partition("/")[0])
    added = office.webhook(url).json
    module, _ = documented_receiver(added["secret"])
    with ThreadingHTTPServer(("127.0.0.1", port), module["Receiver"]) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        sent = office.post(f"/webhooks/{added['id']}/test").json
        path = f"/webhooks/{added['id']}/deliveries/{sent['id']}"
        for _ in range(2):
            turn(runtime)
            assert office.get(path).json["state"] == "delivered"
            office.post(f"{path}/replay")
        server.shutdown()
        thread.join()
    assert capsys.readouterr().out.count("webhook.test") == 1


def test_the_receiver_of_the_guide_needs_nothing_but_python(office):
    _, source = documented_receiver(office.webhook(PUBLIC).json["secret"])
    modules = set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE))
    known = subprocess.run(
        [sys.executable, "-c", "import sys; print(*sys.stdlib_module_names)"],
        capture_output=True,
        check=True,
        text=True,
    )
    assert modules <= set(known.stdout.split())
