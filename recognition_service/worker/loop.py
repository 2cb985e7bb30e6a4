"""The loop of the worker: one turn after the other until it is told to stop.

It runs in a thread beside the web server, or alone in a process of its own; any
number may run side by side.
"""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread

import structlog

from recognition_service.errors import RecognitionError
from recognition_service.runtime import logs
from recognition_service.runtime.runtime import Runtime
from recognition_service.storage import outbox
from recognition_service.storage.outbox import Message
from recognition_service.worker import jobs
from recognition_service.worker.attempts import Attempt
from recognition_service.worker.errors import PERMANENT
from recognition_service.worker.messages import carry_out
from recognition_service.worker.webhooks import LONGEST_SECONDS, Courier

PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_BATCH = 20
_MOST_BATCHES = 100
_STOP_SECONDS = 10.0
_PERMANENT_FAULTS = frozenset(error.code for error in PERMANENT)
_log = structlog.get_logger()


def run(runtime: Runtime, stop: Event, pause_seconds: float = PAUSE_SECONDS) -> None:
    """Take turns until `stop` is set.

    After a turn in which something failed the pause doubles, up to half a minute,
    so that a database that is away is not hammered and logs stay readable.
    """
    logs.configure()
    memory, pause = jobs.Memory(), pause_seconds
    try:
        while not stop.is_set():
            failures = turn(runtime, memory)
            pause = (
                min(pause * 2, _LONGEST_PAUSE_SECONDS) if failures else pause_seconds
            )
            stop.wait(0 if memory.has_more and not failures else pause)
    finally:
        memory.courier.close(_attempt)
        memory.post_office.close()


def start_embedded(runtime: Runtime) -> Callable[[], None]:
    """Start the loop in a thread; return how to stop it.

    Stopping waits until the turn at hand has ended, ten seconds at most.
    """
    stop = Event()
    thread = Thread(target=run, args=(runtime, stop), name="worker", daemon=True)
    thread.start()

    def stop_and_wait() -> None:
        stop.set()
        thread.join(_STOP_SECONDS)

    return stop_and_wait


def turn(runtime: Runtime, memory: jobs.Memory | None = None) -> int:
    """Do everything that is due now; return how many steps failed.

    Without a `memory` that lasts, what is on its way is waited for.
    """
    remembered = memory or jobs.Memory(courier=Courier(LONGEST_SECONDS))
    failures = 0

    def attempt(step: str, action: Callable[[], object]) -> str | None:
        nonlocal failures
        fault = _attempt(step, action)
        failures += fault is not None
        return fault

    attempt("finish_issuing", runtime.finish_issuing)
    attempt("settle_joints", runtime.settle_joints)
    attempt("run_batches", partial(jobs.run_batches, runtime, remembered, attempt))
    attempt(
        "let_limits_pass", partial(jobs.let_limits_pass, runtime, remembered, attempt)
    )
    attempt("publish_lists", runtime.publish_lists)
    attempt("renew_trust_list", partial(jobs.renew_trust_list, runtime, remembered))
    attempt("deliver", partial(_deliver, runtime, attempt))
    attempt(
        "exchange_messages",
        partial(jobs.exchange_messages, runtime, remembered, attempt),
    )
    attempt("refer_overdue", partial(jobs.refer_overdue, runtime, remembered, attempt))
    attempt("seal_audit", partial(jobs.seal_audit, runtime, attempt))
    attempt(
        "sign_checkpoints", partial(jobs.sign_checkpoints, runtime, remembered, attempt)
    )
    attempt("send_webhooks", partial(jobs.send_webhooks, runtime, remembered, attempt))
    attempt("forget_expired", partial(jobs.forget_expired, runtime, remembered))
    attempt("erase_sensitive", partial(jobs.erase_sensitive, runtime, remembered))
    attempt("forget_exchanges", partial(jobs.forget_exchanges, runtime, remembered))
    attempt(
        "keep_to_retention",
        partial(jobs.keep_to_retention, runtime, remembered, attempt),
    )
    attempt("forget_deliveries", partial(jobs.forget_deliveries, runtime, remembered))
    attempt("remove_alerts", partial(jobs.remove_ended_alerts, runtime, remembered))
    attempt("tell_alerts", partial(jobs.tell_alerts, runtime, remembered))
    attempt("notice_changes", partial(jobs.notice_changes, runtime, remembered))
    if memory is None:
        remembered.courier.close(attempt)
    return failures


def _attempt(step: str, action: Callable[[], object]) -> str | None:
    """Carry out a step; return the name of what went wrong, or None.

    A fault of ours is logged with its place; neither carries any text of the data.
    """
    try:
        action()
    except RecognitionError as error:
        _log.warning("step_failed", step=step, code=error.code)
        return _name(error)
    except Exception as error:  # noqa: BLE001  # the loop outlives every fault
        _log.error("step_failed", step=step, exception=logs.chain(error))
        return _name(error)
    return None


def _deliver(runtime: Runtime, attempt: Attempt) -> None:
    """Carry out the messages that are due, until none is left."""
    for _ in range(_MOST_BATCHES):
        with runtime.database.transaction() as session:
            messages = outbox.take(session, now=runtime.now(), limit=_BATCH)
        for message in messages:
            _settle(runtime, message, attempt)
        if len(messages) < _BATCH:
            return


def _settle(runtime: Runtime, message: Message, attempt: Attempt) -> None:
    """Carry out one message and write down how it went."""
    fault = attempt(message.kind, partial(carry_out, runtime, message))
    with runtime.database.transaction() as session:
        if fault is None:
            outbox.finish(session, message)
            return
        given_up = outbox.fail(
            session,
            message,
            error=fault,
            permanent=fault in _PERMANENT_FAULTS,
            now=runtime.now(),
        )
    if given_up:
        _log.error("message_given_up", kind=message.kind, message=str(message.id))


def _name(error: Exception) -> str:
    """Return what may stand in a log: no message, which could quote a person."""
    return error.code if isinstance(error, RecognitionError) else type(error).__name__
