"""Webhooks on their way: sent beside the turns of the worker, by threads of their own.

A receiver may take fifteen seconds to answer. A turn waits for a moment only; what is
still on its way then is looked after in a later one.
"""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import partial
from time import monotonic

from recognition_service.delivery.webhook_collect import (
    EndpointKey,
    collect,
    endpoints_with_news,
)
from recognition_service.delivery.webhook_dispatch import (
    Outcome,
    Parcel,
    is_anything_due,
    record,
    take,
)
from recognition_service.runtime.runtime import Runtime
from recognition_service.worker.attempts import Attempt
from recognition_service.worker.errors import (
    TargetBlockedError,
    TargetUnreachableError,
)
from recognition_service.worker.outgoing import Outgoing

THREADS = 16
PATIENCE_SECONDS = 0.2
LONGEST_SECONDS = 60.0
"""Longer than any request is on its way."""
_MOST_ROUNDS = 20
_THOUSAND = 1000


class Courier:
    """Sends what is due. It starts with nothing and opens nothing before it must."""

    def __init__(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Begin; a turn waits so long for what it has sent."""
        self._patience_seconds = patience_seconds
        self._threads: ThreadPoolExecutor | None = None
        self._outgoing: Outgoing | None = None
        self._on_their_way: set[Future[None]] = set()

    def collect(self, runtime: Runtime, attempt: Attempt) -> bool:
        """Make deliveries of what has happened; return whether more is left.

        Each endpoint is served on its own, so that one that fails holds up no other.
        """
        with runtime.database.reading() as session:
            keys = endpoints_with_news(session)
        left: list[bool] = []

        def serve(key: EndpointKey) -> None:
            with runtime.database.transaction() as session:
                left.append(
                    collect(
                        session, key, public_url=runtime.public_url, now=runtime.now()
                    )
                )

        for key in keys:
            attempt("collect_webhooks", partial(serve, key))
        return any(left)

    def deliver(self, runtime: Runtime, attempt: Attempt) -> bool:
        """Send what is due, and wait a moment; return whether more may be due at once.

        That a receiver refuses or does not answer is no failure of a step.
        """
        for _ in range(_MOST_ROUNDS):
            taken = self._send(runtime)
            self._settle(attempt, self._patience_seconds)
            if not taken or self._on_their_way:
                return False
        return True

    def close(self, attempt: Attempt) -> None:
        """Wait for what is on its way, and hang up."""
        self._settle(attempt, None)
        if self._threads is not None:
            self._threads.shutdown()
        if self._outgoing is not None:
            self._outgoing.close()
        self._threads = self._outgoing = None

    def _send(self, runtime: Runtime) -> int:
        """Hand what is due to as many threads as are free; return how many."""
        free = THREADS - len(self._on_their_way)
        if free <= 0:
            return 0
        with runtime.database.reading() as session:
            if not is_anything_due(session, now=runtime.now()):
                return 0
        with runtime.database.transaction() as session:
            parcels = take(session, most=free, now=runtime.now())
        if self._threads is None:
            self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        if self._outgoing is None:
            self._outgoing = Outgoing(runtime.config.outgoing_test_ranges)
        for parcel in parcels:
            self._on_their_way.add(
                self._threads.submit(_carry, runtime, self._outgoing, parcel)
            )
        return len(parcels)

    def _settle(self, attempt: Attempt, seconds: float | None) -> None:
        """Wait for what is on its way, and tell what went wrong with recording it."""
        arrived, self._on_their_way = wait(self._on_their_way, seconds)
        for each in arrived:
            attempt("send_webhook", each.result)


def _carry(runtime: Runtime, outgoing: Outgoing, parcel: Parcel) -> None:
    """Send a parcel and write down how that went; no transaction is open meanwhile."""
    begun = monotonic()
    status, error, retry_after = None, None, None
    try:
        answer = outgoing.post(parcel.url, parcel.body, parcel.headers)
    except TargetBlockedError as blocked:
        error = f"blocked_{blocked.reason}"
    except TargetUnreachableError as unreachable:
        error = unreachable.reason
    else:
        status, retry_after = answer.status, answer.headers.get("retry-after")
    duration_ms = round((monotonic() - begun) * _THOUSAND)
    with runtime.database.transaction() as session:
        record(
            session,
            parcel,
            Outcome(status, error, retry_after, duration_ms),
            now=runtime.now(),
        )
