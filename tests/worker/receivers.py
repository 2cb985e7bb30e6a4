"""Hosts on this machine that answer requests, well or badly."""

import socket
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

LOOPBACK = (ip_network("127.0.0.0/8"),)


class Receiver:
    """A host that keeps what it was sent, and answers what it is told to.

    Attributes:
        requests: Method, path, headers by lower-case names, and body of each.
        answers: Status and headers of the next answers; the last one stays.
        connections: How many connections were made.
    """

    def __init__(self, server):
        self._server = server
        self.requests = []
        self.answers = [(204, {})]
        self.connections = 0
        self.body = b""
        self.scheme = "http"

    @property
    def port(self):
        return self._server.server_address[1]

    def url(self, path="/hook", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def next_answer(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class _Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.receiver.connections += 1

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        receiver = self.server.receiver
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver.requests.append((self.command, self.path, headers, sent))
        status, further = receiver.next_answer()
        self.send_response(status)
        for name, value in further.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(receiver.body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(receiver.body)

    def log_message(self, *_):
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Who hangs up early is no matter here."""


@contextmanager
def a_receiver(tls=None):
    """Listen on this machine; with `tls`, a context of the server, by https."""
    with _Server(("127.0.0.1", 0), _Requests) as server:
        receiver = server.receiver = Receiver(server)
        if tls is not None:
            server.socket = tls.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            receiver.scheme = "https"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def a_line(talk):
    """Listen on this machine; `talk(connection)` is all that is said there."""

    class Talk(socketserver.BaseRequestHandler):
        def handle(self):
            try:
                talk(self.request)
            except OSError:
                return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Talk) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/hook"
        finally:
            server.shutdown()
            thread.join()


def read_request(connection):
    """Read until the end of the headers."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65_536)
        if not part:
            return received
        received += part
    return received


def names(**addresses):
    """Return a look-up that knows these names, and a list of what it was asked."""
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        known = addresses.get(host.replace(".", "_"))
        if known is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in known
        ]

    return resolve, asked
