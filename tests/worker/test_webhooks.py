"""What happens is sent to receivers: signed, again and again, and never to us."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from recognition_service.credentials import standard_webhooks
from recognition_service.delivery import webhook_deliveries, webhook_dispatch
from recognition_service.delivery.webhook_deliveries import DeliveryState
from recognition_service.delivery.webhook_models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
)
from recognition_service.delivery.webhook_schedule import DELAYS
from recognition_service.delivery.webhooks import (
    EndpointState,
    NewEndpoint,
    add_endpoint,
    change_endpoint,
    get_endpoint,
    remove_endpoint,
    rotate_secret,
)
from recognition_service.storage import audit
from recognition_service.worker.jobs import Memory
from recognition_service.worker.loop import turn
from recognition_service.worker.outgoing import Outgoing
from tests.worker.installations import NOW, OFFICE, hire, issue, put_forward, revoke
from tests.worker.receivers import LOOPBACK, a_line, a_receiver, read_request

WORK = "tests.worker.work_on_webhooks"
ISSUED = [
    "recognition_request.submitted",
    "recognition_request.decided",
    "attestation.issued",
]


@pytest.fixture
def runtime(runtime):
    """An installation whose operator lets webhooks go to this machine."""
    runtime.config = replace(runtime.config, outgoing_test_ranges=LOOPBACK)
    turn(runtime)
    return runtime


@pytest.fixture
def receiver():
    with a_receiver() as listening:
        yield listening


@pytest.fixture
def emil(runtime):
    return hire(runtime, "Emil")


def an_endpoint(runtime, emil, url, *types):
    with runtime.database.transaction() as session:
        new = NewEndpoint(url=url, event_types=types)
        return add_endpoint(session, emil, new, now=runtime.now())


def endpoint_of(runtime, endpoint):
    with runtime.database.reading() as session:
        return get_endpoint(session, OFFICE, endpoint.id)


def deliveries(runtime, endpoint=None):
    with runtime.database.reading() as session:
        found = session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id))
        return [
            each
            for each in found
            if endpoint is None or each.endpoint_id == endpoint.id
        ]


def attempts(runtime):
    with runtime.database.reading() as session:
        found = session.scalars(select(WebhookAttempt).order_by(WebhookAttempt.number))
        return [(each.number, each.status, each.error) for each in found]


def told(receiver):
    """What a receiver knows, in the order in which it happened."""
    events = [json.loads(body) for _, _, _, body in receiver.requests]
    return sorted(events, key=lambda event: event["sequence"] or 0)


def types(receiver):
    return [event["type"] for event in told(receiver)]


def pass_by(runtime, span):
    put_forward(runtime, runtime.now() + span)


def a_test(runtime, endpoint):
    with runtime.database.transaction() as session:
        own = get_endpoint(session, OFFICE, endpoint.id, to_change=True)
        return webhook_deliveries.send_test(
            session, own, mode="test", now=runtime.now()
        )


def test_what_happens_is_told_with_ids_and_codes_only(runtime, emil, receiver):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    attestation = issue(runtime)
    assert turn(runtime) == 0
    assert types(receiver) == ISSUED
    submitted, decided, issued = told(receiver)
    assert issued == {
        "id": issued["id"],
        "type": "attestation.issued",
        "timestamp": "2026-11-02T09:00:00Z",
        "sequence": issued["sequence"],
        "authority": OFFICE,
        "mode": "test",
        "data": {
            "attestation": str(attestation),
            "href": f"https://recognition.example/api/v1/attestations/{attestation}",
        },
    }
    assert set(decided["data"]) == {
        "recognition_request",
        "regime",
        "decision",
        "outcome",
        "decision_digest",
        "href",
    }
    assert submitted["data"]["recognition_request"] in submitted["data"]["href"]
    sent = b"".join(body for _, _, _, body in receiver.requests)
    for name in (b"Haddad", b"Amina", b"1994", b"person:", b"payload_digest"):
        assert name not in sent
    assert {each.state for each in deliveries(runtime, endpoint)} == {"delivered"}


def test_it_is_signed_as_the_standard_says(runtime, emil, receiver):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    turn(runtime)
    ((_, _, headers, body),) = receiver.requests
    assert headers["webhook-id"] == json.loads(body)["id"]
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"
    assert headers["webhook-signature"] == standard_webhooks.signature(
        endpoint.secret, headers["webhook-id"], int(NOW.timestamp()), body
    )


def test_a_receiver_gets_the_types_that_it_asks_for(runtime, emil, receiver):
    an_endpoint(runtime, emil, receiver.url(), "attestation.revoked")
    attestation = issue(runtime)
    revoke(runtime, attestation)
    turn(runtime)
    assert types(receiver) == ["attestation.revoked"]
    assert told(receiver)[0]["data"]["reason"] == "error"


def test_of_several_copies_the_attestation_is_told_once(runtime, emil, receiver):
    an_endpoint(runtime, emil, receiver.url(), "attestation.issued")
    issue(runtime)
    issue(runtime)
    turn(runtime)
    ids = [event["data"]["attestation"] for event in told(receiver)]
    assert len(set(ids)) == len(ids) == 2


def test_what_was_before_the_endpoint_is_not_told(runtime, emil, receiver):
    issue(runtime)
    turn(runtime)
    an_endpoint(runtime, emil, receiver.url())
    turn(runtime)
    assert receiver.requests == []


def test_each_endpoint_is_told_under_the_same_id(runtime, emil, receiver):
    first = an_endpoint(runtime, emil, receiver.url("/a"))
    second = an_endpoint(runtime, emil, receiver.url("/b"))
    assert first.secret != second.secret
    issue(runtime)
    turn(runtime)
    by_path = {"/a": [], "/b": []}
    for _, path, headers, _ in receiver.requests:
        by_path[path].append(headers["webhook-id"])
    assert len(by_path["/a"]) == 3
    assert sorted(by_path["/a"]) == sorted(by_path["/b"])


def test_an_entry_that_is_committed_late_is_not_missed(runtime, emil, receiver):
    """Its id and instant lie before what was served already."""
    an_endpoint(runtime, emil, receiver.url(), "attestation.revoked")
    for number, hours in enumerate((0, 1)):
        with runtime.database.transaction() as session:
            audit.append(
                session,
                OFFICE,
                actor="service",
                action="attestation.revoked",
                subject=f"attestation/{number}",
                content={"reason": "error"},
                now=NOW - timedelta(hours=hours),
            )
        turn(runtime)
    assert [event["data"]["attestation"] for event in told(receiver)] == ["0", "1"]


def test_a_transaction_that_ends_late_is_not_missed(runtime, emil, receiver):
    """It began first, and what began later was served before it ended."""
    if runtime.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time.")
    an_endpoint(runtime, emil, receiver.url(), "attestation.revoked")

    def note(session, number):
        audit.append(
            session,
            OFFICE,
            actor="service",
            action="attestation.revoked",
            subject=f"attestation/{number}",
            content={"reason": "error"},
            now=runtime.now(),
        )

    with runtime.database.transaction() as late:
        note(late, 1)
        with runtime.database.transaction() as early:
            note(early, 2)
        turn(runtime)
        assert [event["data"]["attestation"] for event in told(receiver)] == ["2"]
    turn(runtime)
    assert [event["data"]["attestation"] for event in told(receiver)] == ["2", "1"]


def test_many_events_are_read_in_parts(runtime, emil, receiver, monkeypatch):
    monkeypatch.setattr("recognition_service.delivery.webhook_collect._READ_AT_ONCE", 2)
    an_endpoint(runtime, emil, receiver.url())
    issue(runtime)
    memory = Memory()
    turn(runtime, memory)
    assert memory.has_more
    while memory.has_more:
        turn(runtime, memory)
    memory.courier.close(lambda _, action: action())
    turn(runtime)
    assert types(receiver) == ISSUED


def test_case_59_a_failing_receiver_is_tried_by_the_schedule_then_disabled(
    runtime, emil, receiver
):
    receiver.answers = [(500, {})]
    with a_receiver() as other:
        endpoint = an_endpoint(runtime, emil, receiver.url())
        an_endpoint(runtime, emil, other.url(), "webhook.disabled")
        a_test(runtime, endpoint)
        turn(runtime)
        for number, delay in enumerate(DELAYS, start=1):
            assert len(receiver.requests) == number
            (delivery,) = deliveries(runtime, endpoint)
            assert (delivery.state, delivery.last_status) == ("failed", 500)
            assert delivery.next_at == runtime.now() + delay
            pass_by(runtime, delay - timedelta(seconds=1))
            turn(runtime)
            assert len(receiver.requests) == number, "Not before its time."
            pass_by(runtime, timedelta(seconds=1))
            turn(runtime)
        (delivery,) = deliveries(runtime, endpoint)
        assert (delivery.state, delivery.attempts) == ("abandoned", 10)
        assert delivery.finished_at == runtime.now()
        ids = {headers["webhook-id"] for _, _, headers, _ in receiver.requests}
        assert ids == {delivery.event_id}
        stopped = endpoint_of(runtime, endpoint)
        assert (stopped.state, stopped.disabled_because) == ("disabled", "failing")
        turn(runtime)
        assert types(other) == ["webhook.disabled"]
        assert told(other)[0]["data"]["reason"] == "failing"
    statuses = [status for _, status, _ in attempts(runtime)]
    assert statuses.count(500) == 10


def test_case_59_a_receiver_that_is_gone_is_asked_no_more(runtime, emil, receiver):
    receiver.answers = [(410, {})]
    endpoint = an_endpoint(runtime, emil, receiver.url(), "attestation.revoked")
    a_test(runtime, endpoint)
    turn(runtime)
    stopped = endpoint_of(runtime, endpoint)
    assert (stopped.state, stopped.disabled_because) == ("disabled", "gone")
    pass_by(runtime, timedelta(days=2))
    turn(runtime)
    assert len(receiver.requests) == 1
    assert deliveries(runtime)[0].state == "abandoned"


def test_a_success_lets_failures_be_forgotten(runtime, emil, receiver):
    receiver.answers = [(500, {}), (204, {})]
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    turn(runtime)
    assert endpoint_of(runtime, endpoint).failing_since == NOW
    pass_by(runtime, timedelta(seconds=5))
    turn(runtime)
    assert endpoint_of(runtime, endpoint).failing_since is None
    (delivery,) = deliveries(runtime)
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    assert attempts(runtime) == [(1, 500, None), (2, 204, None)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_receiver_that_asks_for_time_gets_it(runtime, emil, receiver, status):
    receiver.answers = [(status, {"Retry-After": "3600"}), (204, {})]
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    turn(runtime)
    a_test(runtime, endpoint)
    pass_by(runtime, timedelta(minutes=59))
    turn(runtime)
    assert len(receiver.requests) == 1, "The next event waits too."
    pass_by(runtime, timedelta(minutes=1))
    turn(runtime)
    assert len(receiver.requests) == 3


def test_a_receiver_that_fails_is_not_tried_with_all_that_waits(
    runtime, emil, receiver
):
    receiver.answers = [(500, {})]
    endpoint = an_endpoint(runtime, emil, receiver.url())
    for _ in range(30):
        a_test(runtime, endpoint)
    turn(runtime)
    pass_by(runtime, timedelta(minutes=10))
    before = len(receiver.requests)
    turn(runtime)
    assert len(receiver.requests) == before + 1
    receiver.answers = [(204, {})]
    pass_by(runtime, timedelta(minutes=10))
    for _ in range(10):
        turn(runtime)
    assert {each.state for each in deliveries(runtime)} == {"delivered"}


def test_while_a_secret_is_replaced_both_sign(runtime, emil, receiver):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    with runtime.database.transaction() as session:
        own = get_endpoint(session, OFFICE, endpoint.id, to_change=True)
        newer = rotate_secret(session, emil, own, now=runtime.now())
    a_test(runtime, endpoint)
    turn(runtime)
    pass_by(runtime, timedelta(hours=24))
    a_test(runtime, endpoint)
    turn(runtime)
    for (_, _, headers, body), secrets in zip(
        receiver.requests, [(newer, endpoint.secret), (newer,)], strict=True
    ):
        assert headers == headers | standard_webhooks.headers(
            secrets, headers["webhook-id"], int(headers["webhook-timestamp"]), body
        )


def test_case_59_a_worker_that_dies_before_it_says_so_sends_the_same_id_again(
    runtime, emil, receiver
):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    with runtime.database.transaction() as session:
        (parcel,) = webhook_dispatch.take(session, most=16, now=runtime.now())
    door = Outgoing(LOOPBACK)
    assert door.post(parcel.url, parcel.body, parcel.headers).status == 204
    door.close()
    # Here it dies. Nobody touches the delivery as long as it might still live.
    turn(runtime)
    assert len(receiver.requests) == 1
    pass_by(runtime, webhook_dispatch.LEASE + timedelta(seconds=1))
    turn(runtime)
    first, second = receiver.requests
    assert first[2]["webhook-id"] == second[2]["webhook-id"]
    assert first[3] == second[3]
    assert deliveries(runtime)[0].state == "delivered"


def test_case_59_a_worker_that_is_killed_while_sending_loses_nothing(runtime, emil):
    arrived, received = Event(), []

    def talk(connection):
        received.append(read_request(connection))
        if len(received) == 1:
            arrived.set()
            connection.recv(1)  # Nothing comes any more.
        else:
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with a_line(talk) as url:
        a_test(runtime, an_endpoint(runtime, emil, url))
        place = (str(runtime.config.data_dir), runtime.config.database_url)
        worker = subprocess.Popen(
            [sys.executable, "-m", WORK, *place, NOW.isoformat()],
            cwd=Path(__file__).parents[2],
        )
        assert arrived.wait(90)
        worker.kill()
        worker.wait()
        (delivery,) = deliveries(runtime)
        assert (delivery.state, delivery.attempts) == ("pending", 1)
        pass_by(runtime, webhook_dispatch.LEASE + timedelta(seconds=1))
        turn(runtime)
    (delivery,) = deliveries(runtime)
    assert (delivery.state, delivery.attempts) == ("delivered", 2)
    named = f"webhook-id: {delivery.event_id}".encode()
    assert [named in request for request in received] == [True, True]


def test_a_delivery_is_on_its_way_once_at_a_time(runtime, emil, receiver):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    for _ in range(3):
        a_test(runtime, endpoint)

    def take(_):
        with runtime.database.transaction() as session:
            return webhook_dispatch.take(session, most=2, now=runtime.now())

    with ThreadPoolExecutor(4) as workers:
        taken = [
            each.delivery_id for some in workers.map(take, range(4)) for each in some
        ]
    assert len(taken) == len(set(taken))


def test_what_a_late_worker_tells_changes_nothing_but_a_success(
    runtime, emil, receiver
):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    parcels = []
    for _ in range(2):
        with runtime.database.transaction() as session:
            parcels += webhook_dispatch.take(session, most=1, now=runtime.now())
        pass_by(runtime, webhook_dispatch.LEASE + timedelta(seconds=1))

    def tell(parcel, status):
        outcome = webhook_dispatch.Outcome(status, None, None, 1)
        with runtime.database.transaction() as session:
            return webhook_dispatch.record(session, parcel, outcome, now=runtime.now())

    late, present = parcels
    assert tell(late, 500) is DeliveryState.PENDING
    assert tell(late, 204) is DeliveryState.DELIVERED
    assert tell(present, 500) is DeliveryState.DELIVERED


def test_a_slow_receiver_holds_up_nobody(runtime, emil, receiver):
    over = Event()

    def talk(connection):
        read_request(connection)
        over.wait(60)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    memory = Memory()
    with a_line(talk) as url:
        slow = an_endpoint(runtime, emil, url)
        quick = an_endpoint(runtime, emil, receiver.url())
        for _ in range(10):
            a_test(runtime, slow)
        for number in (1, 2):
            a_test(runtime, quick)
            for _ in range(100):
                assert turn(runtime, memory) == 0
                if len(receiver.requests) == number:
                    break
            assert len(receiver.requests) == number
        assert {each.state for each in deliveries(runtime, slow)} == {"pending"}
        over.set()
        memory.courier.close(lambda _, action: action())
    states = [each.state for each in deliveries(runtime, slow)]
    assert states.count("delivered") == 4


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://127.0.0.1/hook", "blocked_address"),
        ("https://[::1]/hook", "blocked_address"),
        ("https://169.254.169.254/latest/meta-data", "blocked_address"),
        ("https://0/", "blocked_unreadable"),
        ("https://2130706433/", "blocked_unreadable"),
        ("https://93.184.215.14:22/", "blocked_port"),
        ("http://93.184.215.14/", "blocked_scheme"),
    ],
)
def test_case_46_nothing_is_sent_where_requests_do_not_go(runtime, emil, url, error):
    """Whatever let the URL pass when it was written, or the host it stood for."""
    runtime.config = replace(runtime.config, outgoing_test_ranges=())
    endpoint = an_endpoint(runtime, emil, url)
    a_test(runtime, endpoint)
    assert turn(runtime) == 0
    (delivery,) = deliveries(runtime)
    assert (delivery.state, delivery.last_error) == ("failed", error)
    assert attempts(runtime) == [(1, None, error)]


def test_case_46_a_redirect_is_a_failure_and_not_followed(runtime, emil, receiver):
    receiver.answers = [(307, {"Location": receiver.url("/inner")})]
    a_test(runtime, an_endpoint(runtime, emil, receiver.url()))
    turn(runtime)
    assert [path for _, path, _, _ in receiver.requests] == ["/hook"]
    assert deliveries(runtime)[0].last_status == 307


def test_case_46_an_endless_answer_is_a_failure(runtime, emil, receiver):
    receiver.answers, receiver.body = [(200, {})], b"a" * 10_000_000
    a_test(runtime, an_endpoint(runtime, emil, receiver.url()))
    turn(runtime)
    assert deliveries(runtime)[0].last_error == "too_large"


def test_a_host_that_is_away_is_tried_again(runtime, emil):
    with a_receiver() as gone:
        url = gone.url()
    a_test(runtime, an_endpoint(runtime, emil, url))
    assert turn(runtime) == 0
    (delivery,) = deliveries(runtime)
    assert (delivery.state, delivery.last_error) == ("failed", "connection")


def test_an_endpoint_that_is_enabled_again_gets_what_happened_meanwhile(
    runtime, emil, receiver
):
    receiver.answers = [(500, {})]
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    turn(runtime)
    new = NewEndpoint(url=receiver.url())

    def set_state(state):
        with runtime.database.transaction() as session:
            own = get_endpoint(session, OFFICE, endpoint.id, to_change=True)
            change_endpoint(session, emil, own, new, state=state, now=runtime.now())

    set_state(EndpointState.DISABLED)
    receiver.answers = [(204, {})]
    issue(runtime)
    pass_by(runtime, timedelta(days=1))
    turn(runtime)
    assert types(receiver) == ["webhook.test"]
    set_state(EndpointState.ACTIVE)
    turn(runtime)
    assert sorted(types(receiver)) == sorted([*ISSUED, "webhook.test", "webhook.test"])


def test_an_endpoint_that_is_removed_meanwhile_is_no_failure(runtime, emil, receiver):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    a_test(runtime, endpoint)
    turn(runtime)
    a_test(runtime, endpoint)
    with runtime.database.transaction() as session:
        (parcel,) = webhook_dispatch.take(session, most=16, now=runtime.now())
    with runtime.database.transaction() as session:
        own = get_endpoint(session, OFFICE, endpoint.id, to_change=True)
        remove_endpoint(session, emil, own, now=runtime.now())
    outcome = webhook_dispatch.Outcome(204, None, None, 1)
    with runtime.database.transaction() as session:
        assert (
            webhook_dispatch.record(session, parcel, outcome, now=runtime.now()) is None
        )
        assert session.scalars(select(WebhookEndpoint)).all() == []
        assert session.scalars(select(WebhookDelivery)).all() == []
        assert session.scalars(select(WebhookAttempt)).all() == []


def test_what_was_delivered_is_forgotten_after_a_month(runtime, emil, receiver):
    a_test(runtime, an_endpoint(runtime, emil, receiver.url()))
    turn(runtime)
    pass_by(runtime, timedelta(days=30))
    turn(runtime)
    assert len(deliveries(runtime)) == 1
    pass_by(runtime, timedelta(seconds=1))
    turn(runtime)
    assert deliveries(runtime) == []


def test_of_the_attempts_the_last_twenty_are_kept(runtime, emil, receiver):
    endpoint = an_endpoint(runtime, emil, receiver.url())
    delivery = a_test(runtime, endpoint)
    for _ in range(22):
        turn(runtime)
        with runtime.database.transaction() as session:
            own = get_endpoint(session, OFFICE, endpoint.id, to_change=True)
            webhook_deliveries.replay_delivery(
                session, emil, own, delivery.id, now=runtime.now()
            )
    assert [number for number, _, _ in attempts(runtime)] == list(range(3, 23))
    assert len({headers["webhook-id"] for _, _, headers, _ in receiver.requests}) == 1
