"""A real server: up on a free port, gone after SIGTERM."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from recognition_service.cli.errors import PortTakenError, UnprotectedHostError
from recognition_service.cli.serving import refuse_busy_port, require_protected

_PATIENCE_SECONDS = 60


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Start the command line in a process of its own."""
    started = []

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))

    def run(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "recognition_service", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def fetched(process, url):
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        try:
            with urlopen(url, timeout=5) as response:  # noqa: S310  # our own server
                return json.load(response)
        except (URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


def is_free(port):
    try:
        refuse_busy_port("127.0.0.1", port)
    except PortTakenError:
        return False
    return True


def test_a_new_directory_is_served_and_ends_cleanly(start, free_port, tmp_path):
    server = start("serve", "--data-dir", tmp_path / "new", "--port", free_port)
    base = f"http://127.0.0.1:{free_port}"
    assert fetched(server, f"{base}/healthz") == {"status": "ok"}
    assert fetched(server, f"{base}/readyz")["status"] == "ready"
    second = start("serve", "--data-dir", tmp_path / "second", "--port", free_port)
    _, said = second.communicate(timeout=_PATIENCE_SECONDS)
    assert second.returncode == 2
    assert said == (
        f"error: Port {free_port} on 127.0.0.1 is taken; "
        "choose another one with --port.\n"
    )
    server.send_signal(signal.SIGTERM)
    out, said = server.communicate(timeout=_PATIENCE_SECONDS)
    assert (server.returncode, out) == (0, "")
    assert f"Serving on {base} " in said
    assert "Traceback" not in said
    assert is_free(free_port)


def test_the_vc_api_can_be_opened_to_this_machine(
    start, monkeypatch, free_port, data_dir
):
    monkeypatch.setenv("VC_API_OPEN", "true")
    server = start("serve", "--data-dir", data_dir, "--port", free_port)
    base = f"http://127.0.0.1:{free_port}"
    fetched(server, f"{base}/healthz")
    question = Request(  # noqa: S310  # our own server
        f"{base}/credentials/verify",
        data=b'{"verifiableCredential": {}}',
        headers={"Content-Type": "application/json"},
    )
    with pytest.raises(HTTPError) as answer:
        urlopen(question, timeout=5)  # noqa: S310  # our own server
    assert answer.value.code == 400
    assert json.load(answer.value)["verified"] is False
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=_PATIENCE_SECONDS)


def test_ids_keep_the_url_of_the_beginning(start, monkeypatch, free_port, data_dir):
    monkeypatch.setenv("PUBLIC_URL", "https://another.example")
    server = start("serve", "--data-dir", data_dir, "--port", free_port)
    base = f"http://127.0.0.1:{free_port}"
    issuer = fetched(server, f"{base}/issuers/be-fl")
    assert issuer["id"] == "https://recognition.example/issuers/be-fl"
    server.send_signal(signal.SIGINT)
    _, said = server.communicate(timeout=_PATIENCE_SECONDS)
    assert server.returncode == 0
    assert "warning: this installation was made for https://recognition.example" in said


def test_no_server_is_left_behind_when_its_parent_is_killed(start, free_port, data_dir):
    server = start("serve", "--data-dir", data_dir, "--port", free_port)
    fetched(server, f"http://127.0.0.1:{free_port}/healthz")
    server.kill()
    server.wait()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_free(free_port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert is_free(free_port)


def test_a_worker_alone_ends_cleanly(start, data_dir):
    worker = start("worker", "--data-dir", data_dir)
    assert worker.stderr.readline() == "Working (Ctrl-C stops it).\n"
    worker.send_signal(signal.SIGTERM)
    out, said = worker.communicate(timeout=_PATIENCE_SECONDS)
    assert (worker.returncode, out) == (0, "")
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "127.8.8.8"])
def test_this_machine_may_be_served_plainly(host):
    assert require_protected(host, is_behind_proxy=False) == host
    assert require_protected("localhost", is_behind_proxy=False) == "127.0.0.1"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])  # noqa: S104
def test_other_hosts_need_a_proxy_with_tls(host):
    with pytest.raises(UnprotectedHostError, match="--behind-proxy"):
        require_protected(host, is_behind_proxy=False)
    assert require_protected(host, is_behind_proxy=True) == host


def test_a_name_is_no_address():
    with pytest.raises(UnprotectedHostError, match="--host"):
        require_protected("recognition.example", is_behind_proxy=True)
