"""Requests go to public hosts only, end in time, and answers stay small."""

import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from recognition_service.config import ConfigurationError, read_config
from recognition_service.worker.errors import (
    TargetBlockedError,
    TargetUnreachableError,
)
from recognition_service.worker.outgoing import Answer, Outgoing
from tests.worker.certificates import contexts_for
from tests.worker.receivers import (
    LOOPBACK,
    a_line,
    a_receiver,
    names,
    read_request,
)

PUBLIC = "93.184.215.14"


@pytest.fixture
def receiver():
    with a_receiver() as listening:
        yield listening


@pytest.fixture
def outgoing():
    door = Outgoing(LOOPBACK)
    yield door
    door.close()


@pytest.fixture
def guarded():
    """A door as operators have it: no network is let pass."""
    resolve, asked = names(
        inner_example=["10.0.0.7"],
        mixed_example=[PUBLIC, "127.0.0.1"],
        local_example=["::1"],
        localhost=["127.0.0.1"],
        public_example=[PUBLIC],
    )
    door = Outgoing(resolve=resolve)
    door.asked = asked
    yield door
    door.close()


def why_blocked(door, url):
    with pytest.raises(TargetBlockedError) as blocked:
        door.post(url, b"{}", {})
    assert blocked.value.members() == {"reason": blocked.value.reason}
    return blocked.value.reason


def why_unreachable(door, url, **limits):
    with pytest.raises(TargetUnreachableError) as unreachable:
        door.post(url, b"{}", {}, **limits)
    return unreachable.value.reason


def test_a_body_is_sent_and_the_answer_comes_back(outgoing, receiver):
    receiver.answers = [(201, {"X-Seen": "a"})]
    receiver.body = b"thanks"
    answer = outgoing.post(
        receiver.url("/hook?to=1"), b'{"a":1}', {"Content-Type": "application/json"}
    )
    assert (answer.status, answer.body) == (201, b"thanks")
    assert answer.headers["x-seen"] == "a"
    method, path, headers, body = receiver.requests[0]
    assert (method, path, body) == ("POST", "/hook?to=1", b'{"a":1}')
    assert headers["content-type"] == "application/json"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert headers["user-agent"] == "recognition-service"


def test_something_is_asked_for(outgoing, receiver):
    assert outgoing.get(receiver.url("/list"), {"Accept": "text/plain"}) == Answer(
        204, answer_headers(outgoing, receiver), b""
    )
    assert receiver.requests[0][:2] == ("GET", "/list")
    assert receiver.requests[0][2]["accept"] == "text/plain"


def answer_headers(outgoing, receiver):
    """The headers that this host always sends, at this second."""
    return outgoing.get(receiver.url("/list"), {"Accept": "text/plain"}).headers


def test_a_connection_serves_several_requests(outgoing, receiver):
    for _ in range(3):
        outgoing.post(receiver.url(), b"{}", {})
    assert (len(receiver.requests), receiver.connections) == (3, 1)


def test_threads_share_one_door(outgoing, receiver):
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda number: outgoing.post(receiver.url(f"/{number}"), b"{}", {}),
                range(40),
            )
        )
    assert {answer.status for answer in answers} == {204}
    assert {path for _, path, _, _ in receiver.requests} == {
        f"/{number}" for number in range(40)
    }


def test_proxies_of_the_environment_are_not_used(receiver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    door = Outgoing(LOOPBACK)
    assert door.post(receiver.url(), b"{}", {}).status == 204
    door.close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104  # asked for, not bound
        "192.0.0.9",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a00:1]",
        "[::7f00:1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::10.0.0.1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[2001:db8::1]",
        "[fc00::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "inner.example",
        "mixed.example",
        "local.example",
        "localhost",
        "localhost.",
    ],
)
def test_case_46_hosts_that_are_not_public_are_blocked(guarded, host):
    assert why_blocked(guarded, f"https://{host}/hook") == "address"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0",
        "2130706433",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "1.2.3.4.5",
        "host.0x7f",
        "host.12",
        "127.0.0.1.",
        "\u0661\u0662\u0667.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
        "[::1",
        "[fe80::1%25eth0]",
        "a b",
        "a%00b",
        "a..b",
        "ex%61mple.com",
    ],
)
def test_case_46_other_spellings_of_addresses_are_blocked(guarded, host):
    assert why_blocked(guarded, f"https://{host}/hook") in {"unreadable", "address"}
    assert guarded.asked == []


@pytest.mark.parametrize("port", [0, 21, 22, 25, 53, 110, 443_000, 445, 1023])
def test_case_46_ports_of_other_protocols_are_blocked(guarded, port):
    reason = why_blocked(guarded, f"https://public.example:{port}/hook")
    assert reason in {"port", "unreadable"}


@pytest.mark.parametrize(
    "scheme", ["ftp", "file", "gopher", "ws", "javascript", "data", ""]
)
def test_other_schemes_are_blocked(guarded, scheme):
    assert why_blocked(guarded, f"{scheme}://public.example/hook") == "scheme"


def test_a_public_host_is_asked_by_https_only(guarded):
    assert why_blocked(guarded, "http://public.example/hook") == "scheme"
    guarded.check("https://public.example/hook")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://user@public.example/", "userinfo"),
        ("https://user:secret@public.example/", "userinfo"),
        ("https://public.example@inner.example/", "userinfo"),
        ("https://public.example/\r\nX: y", "unreadable"),
        ("https://public.example/" + "a" * 2048, "unreadable"),
        ("public.example/hook", "scheme"),
    ],
)
def test_urls_that_mislead_are_blocked(guarded, url, reason):
    assert why_blocked(guarded, url) == reason


def test_an_operator_can_let_a_network_pass(tmp_path, monkeypatch, receiver):
    monkeypatch.setenv("OUTGOING_TEST_RANGES", "127.0.0.0/8, ::1/128")
    ranges = read_config(tmp_path).outgoing_test_ranges
    assert [str(network) for network in ranges] == ["127.0.0.0/8", "::1/128"]
    door = Outgoing(ranges)
    assert door.post(receiver.url(), b"{}", {}).status == 204
    assert why_blocked(door, "https://10.0.0.1/") == "address"
    door.close()


def test_no_network_is_let_pass_unless_it_is_named(tmp_path, monkeypatch):
    monkeypatch.delenv("OUTGOING_TEST_RANGES", raising=False)
    assert read_config(tmp_path).outgoing_test_ranges == ()
    monkeypatch.setenv("OUTGOING_TEST_RANGES", "127.0.0.1/8")
    with pytest.raises(ConfigurationError, match="OUTGOING_TEST_RANGES"):
        read_config(tmp_path)


def test_case_46_a_name_that_is_bound_anew_is_not_asked_twice(receiver):
    """The second look-up would lead elsewhere; it never happens."""
    turns = iter([["127.0.0.1"], ["127.0.0.2"]])
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        return [(2, 1, 6, "", (address, port)) for address in next(turns)]

    door = Outgoing(LOOPBACK, resolve=resolve)
    door.post(receiver.url(host="hook.example"), b"{}", {})
    door.close()
    assert asked == ["hook.example"]
    assert receiver.requests[0][2]["host"] == f"hook.example:{receiver.port}"


def test_a_name_is_checked_anew_for_every_request(receiver):
    """A connection that is kept does not spare the check."""
    turns = iter([["127.0.0.1"], ["10.0.0.1"]])

    def resolve(_, port, **__):
        return [(2, 1, 6, "", (address, port)) for address in next(turns)]

    door = Outgoing(LOOPBACK, resolve=resolve)
    door.post(receiver.url(host="hook.example"), b"{}", {})
    assert why_blocked(door, receiver.url(host="hook.example")) == "address"
    door.close()
    assert len(receiver.requests) == 1


def test_the_next_address_is_tried_where_one_refuses(receiver):
    resolve, _ = names(hook_example=["127.0.0.99", "127.0.0.1"])
    door = Outgoing(LOOPBACK, resolve=resolve)
    assert door.post(receiver.url(host="hook.example"), b"{}", {}).status == 204
    door.close()


def test_case_46_a_redirect_is_an_answer_and_not_followed(outgoing, receiver):
    receiver.answers = [(307, {"Location": receiver.url("/inner")})]
    answer = outgoing.post(receiver.url(), b"{}", {})
    assert answer.status == 307
    assert answer.headers["location"].endswith("/inner")
    assert [path for _, path, _, _ in receiver.requests] == ["/hook"]


def test_an_unknown_name_is_told(guarded):
    assert why_unreachable(guarded, "https://nowhere.example/") == "name"


def test_a_name_without_an_address_is_told():
    door = Outgoing(resolve=lambda *_, **__: [])
    assert why_unreachable(door, "https://nowhere.example/") == "name"
    door.close()


def test_a_refused_connection_is_told(outgoing):
    with a_receiver() as gone:
        url = gone.url()
    assert why_unreachable(outgoing, url) == "connection"


def test_a_name_server_that_does_not_answer_ends_in_time():
    hangs = threading.Event()
    door = Outgoing(resolve=lambda *_, **__: hangs.wait(30) and [])
    begun = monotonic()
    assert why_unreachable(door, "https://slow.example/", seconds=0.2) == "timeout"
    assert monotonic() - begun < 5
    hangs.set()
    door.close()


DRIPS = [
    pytest.param(lambda _: None, id="silence"),
    pytest.param(lambda connection: connection.sendall(b"H"), id="a letter"),
    pytest.param(
        lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nX-A: "),
        id="headers",
    ),
    pytest.param(
        lambda connection: connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"
        ),
        id="body",
    ),
]


@pytest.mark.parametrize("begin", DRIPS)
def test_case_46_a_host_that_sends_a_byte_now_and_then_is_given_up(outgoing, begin):
    """Each byte comes in time; all together do not."""
    over = threading.Event()

    def drip(connection):
        read_request(connection)
        begin(connection)
        while not over.wait(0.05):
            connection.sendall(b"a")

    with a_line(drip) as url:
        begun = monotonic()
        assert why_unreachable(outgoing, url, seconds=0.5) in {"timeout", "answer"}
        assert monotonic() - begun < 5
        over.set()


def test_a_host_that_does_not_read_is_given_up(outgoing):
    over = threading.Event()
    with a_line(lambda _: over.wait(30)) as url:
        begun = monotonic()
        with pytest.raises(TargetUnreachableError) as given_up:
            outgoing.post(url, b"a" * 50_000_000, {}, seconds=0.5)
        assert monotonic() - begun < 5
        over.set()
    assert given_up.value.reason == "timeout"


def test_case_46_an_answer_of_ten_megabytes_is_broken_off(outgoing, receiver):
    receiver.answers = [(200, {})]
    receiver.body = b"a" * 10_000_000
    assert why_unreachable(outgoing, receiver.url()) == "too_large"


def test_an_answer_may_be_as_large_as_was_said(outgoing, receiver):
    receiver.answers = [(200, {})]
    receiver.body = b"a" * 70_000
    answer = outgoing.post(receiver.url(), b"{}", {}, most_bytes=70_000)
    assert len(answer.body) == 70_000
    assert why_unreachable(outgoing, receiver.url(), most_bytes=69_999) == "too_large"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_is_told(outgoing, said):
    def talk(connection):
        read_request(connection)
        connection.sendall(said)

    with a_line(talk) as url:
        assert why_unreachable(outgoing, url) == "answer"


def test_a_certificate_must_fit_the_name(tmp_path):
    server, client = contexts_for("hook.example", tmp_path)
    resolve, _ = names(hook_example=["127.0.0.1"], other_example=["127.0.0.1"])
    door = Outgoing(LOOPBACK, resolve=resolve, trust=client)
    with a_receiver(server) as listening:
        answer = door.post(listening.url(host="hook.example"), b"{}", {})
        assert answer.status == 204
        # A connection to the same address for another name proves nothing.
        assert why_unreachable(door, listening.url(host="other.example")) == "tls"
        assert why_unreachable(door, listening.url()) == "tls"
    door.close()
    assert len(listening.requests) == 1


def test_a_certificate_must_be_signed_by_somebody_known(tmp_path):
    server, _ = contexts_for("hook.example", tmp_path)
    resolve, _ = names(hook_example=["127.0.0.1"])
    door = Outgoing(LOOPBACK, resolve=resolve)
    with a_receiver(server) as listening:
        assert why_unreachable(door, listening.url(host="hook.example")) == "tls"
    door.close()
