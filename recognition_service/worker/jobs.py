"""What is done in every turn besides the messages, each job on its own."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from recognition_service.attestations.models import Batch
from recognition_service.attestations.published import list_versions
from recognition_service.authorities.found import all_authorities
from recognition_service.authorities.trust import trust_version
from recognition_service.delivery import webhook_deliveries
from recognition_service.editions.errors import NoEditionError
from recognition_service.editions.find import edition_in_force
from recognition_service.mutual_recognition.forget_closed import forget_closed
from recognition_service.mutual_recognition.refer import (
    Overdue,
    overdue_requests,
    refer,
)
from recognition_service.recognition.alert_lists import remove_alerts
from recognition_service.recognition.alerts_elsewhere import (
    tell_newcomers,
    unheard_alerts,
)
from recognition_service.recognition.erase_papers import erase_papers
from recognition_service.recognition.follow_alerts import remove_alerts_elsewhere
from recognition_service.recognition.retention import ClosedCase
from recognition_service.runtime.runtime import Runtime
from recognition_service.storage import audit, idempotency
from recognition_service.worker.attempts import Attempt
from recognition_service.worker.post_office import PostOffice
from recognition_service.worker.webhooks import Courier

CHECKPOINT_EVERY = timedelta(hours=1)
INPUTS_RENEWED_EVERY = timedelta(minutes=1)
FORGOTTEN_EVERY = timedelta(minutes=10)
ALERTS_REMOVED_EVERY = timedelta(hours=1)
ALERTS_TOLD_EVERY = timedelta(hours=1)
ERASED_EVERY = timedelta(hours=1)
RETENTION_EVERY = timedelta(hours=24)
RETAINED_AT_ONCE = 100
REFERRED_EVERY = timedelta(minutes=1)
LIMITS_AT_ONCE = 200


@dataclass(slots=True)
class Memory:
    """What one worker remembers from turn to turn; it starts with nothing.

    Attributes:
        seen: The state of the installation in the turn before.
        trust_seen: How many changes the trust list had had then.
        trust_renewed_at: When it was last seen to that the list is published.
        refreshed_at: When verification inputs were read last.
        checkpointed_at: When the ends of the audit chains were signed last.
        forgotten_at: When expired idempotency keys were deleted last.
        alerts_removed_at: When alerts that hold no longer were looked for last.
        alerts_told_at: When those were looked for last who were not told of alerts.
        erased_at: When sensitive papers whose time is over were looked for last.
        exchanges_forgotten_at: When long closed requests were looked for last.
        retention_begun_at: When closed cases were looked through last.
        retained: The closed case that was looked at last in this round; None: the
            round is over.
        referred_at: When overdue requests between bodies were looked for last.
        post_office: Who carries messages to other installations.
        deliveries_forgotten_at: When old deliveries of webhooks were looked for last.
        courier: Who sends webhooks beside the turns.
        has_more: Whether something is left to do, so that the next turn is due at once.
    """

    seen: Hashable = None
    trust_seen: int | None = None
    trust_renewed_at: datetime | None = None
    refreshed_at: datetime | None = None
    checkpointed_at: datetime | None = None
    forgotten_at: datetime | None = None
    alerts_removed_at: datetime | None = None
    alerts_told_at: datetime | None = None
    erased_at: datetime | None = None
    exchanges_forgotten_at: datetime | None = None
    retention_begun_at: datetime | None = None
    retained: ClosedCase | None = None
    referred_at: datetime | None = None
    post_office: PostOffice = field(default_factory=PostOffice)
    deliveries_forgotten_at: datetime | None = None
    courier: Courier = field(default_factory=Courier)
    has_more: bool = False


def renew_trust_list(runtime: Runtime, memory: Memory) -> None:
    """Publish the trust list when it has changed; look once a minute whether it is due.

    After a failure the next turn tries again.
    """
    now = runtime.now()
    with runtime.database.reading() as session:
        seen = trust_version(session)
    if seen == memory.trust_seen and not _is_due(
        memory.trust_renewed_at, INPUTS_RENEWED_EVERY, now
    ):
        return
    runtime.publish_trust_list()
    memory.trust_seen, memory.trust_renewed_at = seen, now


def run_batches(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Work on each batch for a while, and remember whether more is left.

    One that cannot go on holds up no other.
    """
    left: list[bool] = []

    def work(batch: Batch) -> None:
        left.append(runtime.run_batch(batch))

    for batch in runtime.running_batches():
        attempt("run_batch", partial(work, batch))
    memory.has_more = any(left)


def let_limits_pass(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Let time limits pass that have ended, each on its own.

    A turn takes some of them; the rest is due at once. One that cannot be let pass
    holds up no other.
    """
    passed = runtime.passed_cases(LIMITS_AT_ONCE)
    for each in passed:
        attempt("let_limits_pass", partial(runtime.let_limits_pass, each))
    memory.has_more |= bool(passed)


def refer_overdue(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Tell coordinators once a minute which answers are overdue, each on its own."""
    now = runtime.now()
    if not _is_due(memory.referred_at, REFERRED_EVERY, now):
        return
    with runtime.database.reading() as session:
        overdue = overdue_requests(session, now=now)
    for request in overdue:
        attempt("refer_overdue", partial(_refer, runtime, request))
    memory.referred_at = now


def notice_changes(runtime: Runtime, memory: Memory) -> None:
    """Look up anew what another process has changed, and keep it for offline use.

    Once a minute this happens without a change too: inputs grow stale.
    """
    now, seen = runtime.now(), _state(runtime)
    if seen == memory.seen and not _is_due(
        memory.refreshed_at, INPUTS_RENEWED_EVERY, now
    ):
        return
    runtime.refresh()
    runtime.save_inputs()
    memory.seen, memory.refreshed_at = seen, now


def seal_audit(runtime: Runtime, attempt: Attempt) -> None:
    """Link new audit entries into their chains, each authority on its own."""
    with runtime.database.reading() as session:
        waiting = audit.authorities_to_seal(session)
    for authority_id in waiting:
        attempt("seal_audit", partial(_seal, runtime, authority_id))


def sign_checkpoints(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Sign once an hour where the chain of each authority ends.

    The platform's own chain is sealed but not signed: it has no issuer.
    """
    now = runtime.now()
    if not _is_due(memory.checkpointed_at, CHECKPOINT_EVERY, now):
        return
    with runtime.database.reading() as session:
        authorities = [authority.id for authority in all_authorities(session)]
    for authority_id in authorities:
        attempt("sign_checkpoint", partial(_checkpoint, runtime, authority_id))
    memory.checkpointed_at = now


def forget_expired(runtime: Runtime, memory: Memory) -> None:
    """Delete the answers that were kept for repeated requests long enough."""
    now = runtime.now()
    if not _is_due(memory.forgotten_at, FORGOTTEN_EVERY, now):
        return
    with runtime.database.transaction() as session:
        idempotency.forget_expired(session, now=now)
    runtime.forget_abandoned_batches()
    memory.forgotten_at = now


def erase_sensitive(runtime: Runtime, memory: Memory) -> None:
    """Erase once an hour the sensitive papers that are not kept any longer.

    Where more are due than one transaction erases, the next turn goes on.
    """
    now = runtime.now()
    if not _is_due(memory.erased_at, ERASED_EVERY, now):
        return
    with runtime.database.transaction() as session:
        erased = erase_papers(session, now=now)
    if not erased:
        memory.erased_at = now


def forget_exchanges(runtime: Runtime, memory: Memory) -> None:
    """Forget once an hour what long closed requests between bodies said.

    Where more are due than one transaction forgets, the next turn goes on.
    """
    now, kept_months = runtime.now(), runtime.config.exchange_kept_months
    if kept_months is None or not _is_due(
        memory.exchanges_forgotten_at, ERASED_EVERY, now
    ):
        return
    with runtime.database.transaction() as session:
        forgotten = forget_closed(session, kept_months=kept_months, now=now)
    if not forgotten:
        memory.exchanges_forgotten_at = now


def keep_to_retention(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Look once a day through closed cases that were kept long enough, some a turn.

    A round that was broken off begins anew; what was done is not done again. One case
    that fails holds up no other.
    """
    now = runtime.now()
    if memory.retained is None:
        if not _is_due(memory.retention_begun_at, RETENTION_EVERY, now):
            return
        memory.retention_begun_at = now
    cases = runtime.closed_cases(memory.retained, RETAINED_AT_ONCE)
    for case in cases:
        attempt("keep_to_retention", partial(runtime.keep_to_retention, case))
    has_more = len(cases) == RETAINED_AT_ONCE
    memory.retained = cases[-1] if has_more else None
    memory.has_more |= has_more


def remove_ended_alerts(runtime: Runtime, memory: Memory) -> None:
    """Delete once an hour the alerts that do not hold any more, all of them.

    With own ones goes what other installations have told us.
    """
    now = runtime.now()
    if not _is_due(memory.alerts_removed_at, ALERTS_REMOVED_EVERY, now):
        return
    with runtime.database.transaction() as session:
        removed = remove_alerts(session, now=now)
        remove_alerts_elsewhere(session, now=now)
    if not removed:
        memory.alerts_removed_at = now


def tell_alerts(runtime: Runtime, memory: Memory) -> None:
    """Tell once an hour who may read an alert elsewhere by now and was never told."""
    now = runtime.now()
    if not _is_due(memory.alerts_told_at, ALERTS_TOLD_EVERY, now):
        return
    with runtime.database.reading() as session:
        unheard = unheard_alerts(session, now=now)
    for authority_id, alert_id in unheard:
        with runtime.database.transaction() as session:
            tell_newcomers(session, authority_id, alert_id, now=now)
    memory.alerts_told_at = now


def exchange_messages(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Fetch the trust lists of other installations, and send them what is due."""
    memory.post_office.renew_lists(runtime, attempt)
    memory.post_office.renew_status_lists(runtime, attempt)
    memory.has_more |= memory.post_office.deliver(runtime, attempt)


def send_webhooks(runtime: Runtime, memory: Memory, attempt: Attempt) -> None:
    """Make deliveries of what was sealed, and send what is due.

    A slow receiver holds up neither the turn nor others.
    """
    memory.has_more |= memory.courier.collect(runtime, attempt)
    memory.has_more |= memory.courier.deliver(runtime, attempt)


def forget_deliveries(runtime: Runtime, memory: Memory) -> None:
    """Forget once an hour the deliveries of webhooks that were over a month ago.

    Where more are due than one transaction forgets, the next turn goes on.
    """
    now = runtime.now()
    if not _is_due(memory.deliveries_forgotten_at, ERASED_EVERY, now):
        return
    with runtime.database.transaction() as session:
        forgotten = webhook_deliveries.forget_deliveries(session, now=now)
    if not forgotten:
        memory.deliveries_forgotten_at = now


def _state(runtime: Runtime) -> Hashable:
    """Return what differs as soon as answers of this installation may differ."""
    with runtime.database.reading() as session:
        try:
            edition = edition_in_force(session).base
        except NoEditionError:
            edition = None
        return edition, trust_version(session), list_versions(session)


def _refer(runtime: Runtime, request: Overdue) -> None:
    with runtime.database.transaction() as session:
        refer(session, request, now=runtime.now())


def _seal(runtime: Runtime, authority_id: str) -> None:
    sealed = None
    while sealed != 0:
        with runtime.database.transaction() as session:
            sealed = audit.seal(session, authority_id)


def _checkpoint(runtime: Runtime, authority_id: str) -> None:
    now = runtime.now()
    with runtime.database.reading() as session:
        end = audit.unsigned_end(session, authority_id)
    if end is None:
        return
    token = runtime.sign_checkpoint(authority_id, end.claims(now))
    with runtime.database.transaction() as session:
        audit.keep_checkpoint(session, end, token, now=now)


def _is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Tell whether the time has come; a clock that was set back does not stop it."""
    return last is None or not last <= now < last + every
