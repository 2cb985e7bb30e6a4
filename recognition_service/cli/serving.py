"""Serving an installation: one worker process of granian, with threads.

The application stands a floor above this door and the background worker next door.
Both are named here and found when the server starts, as every WSGI server does.
"""

import errno
import ipaddress
import os
import signal
import socket
from functools import partial
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pkgutil import resolve_name
from threading import Thread
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from recognition_service.cli.errors import PortTakenError, UnprotectedHostError
from recognition_service.cli.output import tell
from recognition_service.config import Config
from recognition_service.runtime.opening import open_runtime
from recognition_service.runtime.settling import settle

_APPLICATION = "recognition_service.app:create_app"
_BACKGROUND_WORK = "recognition_service.worker.loop:start_embedded"
_THREADS = 12
_STOP_SECONDS = 15
_LOGS = {
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "generic",
            "stream": "ext://sys.stderr",
        },
    },
    "loggers": {
        "_granian": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}


def refuse_busy_port(host: str, port: int) -> None:
    """Make sure that the port is free.

    The server's own socket would share a port with another instance of itself.

    Raises:
        PortTakenError: Somebody listens there, or may not be listened there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = (
                "is taken"
                if error.errno == errno.EADDRINUSE
                else f"cannot be used ({error.strerror})"
            )
            raise PortTakenError(
                f"Port {port} on {host} {reason}; choose another one with --port."
            ) from error


def require_protected(host: str, *, is_behind_proxy: bool) -> str:
    """Return the address to listen on; without TLS only this machine may be served.

    Raises:
        UnprotectedHostError: Another host than loopback, and no proxy in front; or
            no address at all.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError as error:
        raise UnprotectedHostError(
            f"{host} is no address; give an IP address such as 127.0.0.1 with --host."
        ) from error
    if not address.is_loopback and not is_behind_proxy:
        raise UnprotectedHostError(
            f"{host} can be reached from elsewhere and this server speaks plain http; "
            "put a proxy with TLS in front of it and say --behind-proxy."
        )
    return str(address)


def require_closed_doors(
    config: Config, address: str, *, is_behind_proxy: bool = False
) -> None:
    """Make sure that nobody but this machine reaches doors that need no key.

    Raises:
        UnprotectedHostError: `VC_API_OPEN` is set, and others can connect, by
            themselves or through a proxy.
    """
    if not config.vc_api_open:
        return
    if is_behind_proxy:
        raise UnprotectedHostError(
            "VC_API_OPEN lets anybody sign, and a proxy lets others in; unset it, or "
            "serve without --behind-proxy."
        )
    if not _is_loopback(address):
        raise UnprotectedHostError(
            f"VC_API_OPEN lets anybody sign, and {address} can be reached from "
            "elsewhere; unset it, or serve on 127.0.0.1."
        )


def serve(config: Config, *, host: str, port: int) -> None:
    """Serve an installation until SIGTERM or SIGINT.

    The worker process opens the installation, does the background work in a thread
    and ends cleanly with this one.

    Raises:
        PortTakenError: The port is not free.
    """
    refuse_busy_port(host, port)
    server = Server(
        _APPLICATION,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        blocking_threads=_THREADS,
        websockets=False,
        workers_kill_timeout=_STOP_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=_LOGS,
    )
    shown = f"[{host}]" if ":" in host else host
    server.on_startup(
        lambda: tell(f"Serving on http://{shown}:{port} (Ctrl-C stops it).")
    )
    server.serve(target_loader=partial(_load, config, host), wrap_loader=False)


def _load(config: Config, host: str) -> Any:
    """Return the application; runs in the worker process, once."""
    _end_with_parent()
    runtime = open_runtime(config)
    stop = resolve_name(_BACKGROUND_WORK)(runtime)
    Finalize(None, stop, exitpriority=10)
    Thread(target=settle, args=(runtime,), name="settle", daemon=True).start()
    return resolve_name(_APPLICATION)(runtime, is_on_loopback=_is_loopback(host))


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _end_with_parent() -> None:
    """Stop this process when its parent is gone without having told it to stop."""
    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

        Thread(target=follow, name="parent", daemon=True).start()
