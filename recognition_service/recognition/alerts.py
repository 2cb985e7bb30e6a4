"""Alerts: other authorities are warned of a restriction, or of papers found forged.

One person prepares an alert, another one sends it, within three days of the decision;
the person concerned is told at the same time.

Source: Directive 2005/36/EC, article 56a; Implementing Regulation (EU) 2015/983,
chapter III; BQFG section 12(5).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import day_begins, get_authority, legal_day
from recognition_service.authorities.models import PrincipalKind, Role
from recognition_service.recognition.alert_content import AlertState, state_of
from recognition_service.recognition.alert_models import Alert
from recognition_service.recognition.alerts_elsewhere import tell_alert
from recognition_service.recognition.case_file import (
    EditionAtHand,
    get_request,
    open_file,
)
from recognition_service.recognition.errors import (
    AlertInvalidError,
    AlertNotFoundError,
    AlertStateError,
    SameSignatoryError,
    SystemCannotSignError,
)
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.letters import write_letter
from recognition_service.recognition.new_alert import (
    NewAlert,
    Professional,
    require_fitting,
)
from recognition_service.regimes.routing import NEUTRAL
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id

SENT_WITHIN = timedelta(days=3)
"""How long after the decision an alert may be sent at the latest.

Counted in days of the calendar, which is never later than the law allows.
"""
GONE_WITHIN = timedelta(days=3)
"""How long an alert may stay at most once it does not hold any more."""


def prepare_alert(
    session: Session,
    caller: Caller,
    new: NewAlert,
    *,
    edition: EditionAtHand,
    now: datetime,
) -> Alert:
    """Write an alert down, to be sent by somebody else.

    The caller owns the transaction.

    Raises:
        RequestNotFoundError: The authority has no such request.
        AlertInvalidError: A member is missing, or does not fit the ground.
    """
    authority = get_authority(session, caller.authority_id)
    require_fitting(new, legal_day(authority, now))
    person, of_case = _person(session, caller, new)
    regime = edition.compiled.regimes.get(new.regime or of_case)
    if regime is None:
        raise AlertInvalidError([("regime", "unknown_code", "No regime has this id.")])
    found_on = new.final_on or new.decided_on
    due_on = found_on + SENT_WITHIN
    alert = Alert(
        authority_id=caller.authority_id,
        id=new_id(now),
        request_id=new.request_id,
        ground=new.ground,
        regime=regime.id,
        destinations=sorted(regime.provisions.applies.destinations),
        family_name=person.family_name,
        given_name=person.given_name,
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        profession=new.profession,
        decided_by=new.decided_by,
        is_court=new.is_court,
        scope=new.scope,
        applies_from=new.applies_from,
        applies_until=new.applies_until,
        found_on=found_on,
        due_on=due_on,
        due_at=day_begins(authority, due_on + timedelta(days=1)),
        prepared_by=caller.actor,
        prepared_at=now,
        remedy=dict(new.remedy),
        version=1,
    )
    session.add(alert)
    _note(session, alert, "prepared", caller.actor, now)
    return alert


def send_alert(
    session: Session,
    caller: Caller,
    alert_id: UUID,
    *,
    notice: Mapping[str, str],
    now: datetime,
) -> Alert:
    """Let other authorities read an alert, as the second person.

    The caller owns the transaction. What is late is sent all the same. From then on
    other installations are told each change in the transaction in which it happens.

    Args:
        session: A writing session.
        caller: Who sends it.
        alert_id: The alert.
        notice: What the person is told in writing, by language.
        now: The instant.

    Raises:
        AlertNotFoundError: The authority has no such alert.
        AlertStateError: It is sent already, or does not hold any more.
        SameSignatoryError: The caller prepared it.
        SystemCannotSignError: The caller is no person.
    """
    alert = _open(session, caller, alert_id, AlertState.PREPARED, now=now)
    if caller.kind is not PrincipalKind.PERSON:
        raise SystemCannotSignError("An alert is sent by a person.")
    if alert.prepared_by == caller.actor:
        raise SameSignatoryError("Who prepared the alert cannot send it.")
    alert.sent_by, alert.sent_at = caller.actor, now
    _tell_person(session, alert, notice, actor=caller.actor, now=now)
    _changed(session, alert, "sent", caller.actor, now)
    return alert


def _tell_person(
    session: Session,
    alert: Alert,
    notice: Mapping[str, str],
    *,
    actor: str,
    now: datetime,
) -> None:
    """Tell the person in writing, with the remedies, in the transaction of the sending.

    The person reads it with the case; where there is one, a letter goes with it.

    Source: Directive 2005/36/EC, article 56a(6).
    """
    alert.notice, alert.told_at = dict(notice), now
    if alert.request_id is None:
        return
    write_letter(
        session,
        get_request(session, alert.authority_id, alert.request_id),
        LetterKind.ALERT_NOTICE,
        params={
            "text": dict(notice),
            "scope": alert.scope,
            "applies_from": _iso(alert.applies_from),
            "applies_until": _iso(alert.applies_until),
            "remedy": dict(alert.remedy),
        },
        actor=actor,
        now=now,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def note_alert_appeal(
    session: Session,
    caller: Caller,
    alert_id: UUID,
    *,
    body: str | None,
    lodged_on: date | None,
    now: datetime,
) -> Alert:
    """Note in the alert that it is contested; without a body, that this is over.

    The caller owns the transaction. `body` decides about the challenge; `lodged_on` is
    the legal day on which it came in, None: today.

    Raises:
        AlertNotFoundError: The authority has no such alert.
        AlertStateError: It does not hold any more.
        AlertInvalidError: The day does not fit.
    """
    alert = _open(
        session, caller, alert_id, AlertState.PREPARED, AlertState.SENT, now=now
    )
    today = _today(session, alert, now)
    day = lodged_on or today
    if not alert.found_on <= day <= today:
        raise AlertInvalidError(
            [("lodged_on", "date_not_possible", f"{alert.found_on} to {today}.")]
        )
    alert.appeal = {"body": body, "lodged_on": day.isoformat()} if body else None
    action = "appeal_noted" if body else "appeal_over"
    _changed(session, alert, action, caller.actor, now)
    return alert


def end_alert(
    session: Session,
    caller: Caller,
    alert_id: UUID,
    *,
    until: date | None,
    revoked_on: date | None,
    now: datetime,
) -> Alert:
    """Correct the last day of an alert, or take it back.

    The caller owns the transaction. Nobody else reads it any more from the moment in
    which it does not hold; the worker deletes it.

    Args:
        session: A writing session.
        caller: Who corrects it.
        alert_id: The alert.
        until: The last day of the restriction; None with no `revoked_on`: unknown.
        revoked_on: The day on which it was taken back, or None.
        now: The instant.

    Raises:
        AlertNotFoundError: The authority has no such alert.
        AlertStateError: It does not hold any more.
        AlertInvalidError: A day does not fit.

    Source: Directive 2005/36/EC, article 56a(5) and (7).
    """
    alert = _open(
        session, caller, alert_id, AlertState.PREPARED, AlertState.SENT, now=now
    )
    if revoked_on is not None:
        today = _today(session, alert, now)
        if not alert.found_on <= revoked_on <= today:
            raise AlertInvalidError(
                [("revoked_on", "date_not_possible", f"{alert.found_on} to {today}.")]
            )
        alert.revoked_on = revoked_on
        _changed(session, alert, "revoked", caller.actor, now)
        return alert
    if alert.applies_from is None:
        raise AlertInvalidError(
            [("until", "not_for_this_ground", "It is revoked, it does not end.")]
        )
    if until is not None and until < alert.applies_from:
        raise AlertInvalidError(
            [("until", "before_the_start", f"It began on {alert.applies_from}.")]
        )
    alert.applies_until = until
    _changed(session, alert, "end_corrected", caller.actor, now)
    return alert


def get_alert(
    session: Session, authority_id: str, alert_id: UUID, *, to_change: bool = False
) -> Alert:
    """Return an authority's own alert, locked if it is to be changed.

    Raises:
        AlertNotFoundError: The authority has no such alert.
    """
    alert = session.get(Alert, (authority_id, alert_id), with_for_update=to_change)
    if alert is None:
        raise AlertNotFoundError(f"There is no alert {alert_id}.")
    return alert


def is_overdue(alert: Alert, now: datetime) -> bool:
    """Tell whether an alert should have been sent by now and was not."""
    return alert.sent_at is None and alert.due_at <= now


def _person(
    session: Session, caller: Caller, new: NewAlert
) -> tuple[Professional, str]:
    """Return who is meant, and the regime of their case; without one the neutral."""
    if new.professional is not None:
        return new.professional, NEUTRAL
    if new.request_id is None:
        raise AlertInvalidError([("professional", "required", "Say who it is.")])
    file = open_file(session, caller.authority_id, new.request_id, despite_block=True)
    person = file.applicant
    return (
        Professional(
            family_name=person.family_name,
            given_name=person.given_name,
            birth_date=person.birth_date,
            birth_place=person.birth_place,
        ),
        file.request.regime,
    )


def _open(
    session: Session,
    caller: Caller,
    alert_id: UUID,
    *states: AlertState,
    now: datetime,
) -> Alert:
    caller.require(Role.OFFICER, Role.SIGNATORY)
    alert = get_alert(session, caller.authority_id, alert_id, to_change=True)
    state = state_of(alert, _today(session, alert, now))
    if state not in states:
        raise AlertStateError(f"The alert is {state}.", ())
    return alert


def _today(session: Session, alert: Alert, now: datetime) -> date:
    return legal_day(get_authority(session, alert.authority_id), now)


def _changed(
    session: Session, alert: Alert, action: str, actor: str, now: datetime
) -> None:
    """Count and note a change of an alert, and tell it to other installations."""
    alert.version += 1
    _note(session, alert, action, actor, now)
    tell_alert(session, alert, actor=actor, now=now)


def _note(
    session: Session, alert: Alert, action: str, actor: str, now: datetime
) -> None:
    audit.append(
        session,
        alert.authority_id,
        actor=actor,
        action=f"alert.{action}",
        subject=f"alert/{alert.id}",
        content={"ground": alert.ground, "regime": alert.regime},
        now=now,
    )
