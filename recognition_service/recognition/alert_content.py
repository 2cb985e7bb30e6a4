"""What others may know of an alert, where it may be read, and where it stands.

Source: Directive 2005/36/EC, article 56a(2) and (7).
"""

from datetime import date
from enum import StrEnum
from typing import Any

from recognition_service.recognition.alert_models import Alert, AlertElsewhere


class AlertState(StrEnum):
    """Where an alert stands; `over` ones are deleted by the worker."""

    PREPARED = "prepared"
    SENT = "sent"
    OVER = "over"


def state_of(alert: Alert, today: date) -> AlertState:
    """Return where an alert stands on a legal day of its authority."""
    if alert.revoked_on is not None or has_run_out(alert, today):
        return AlertState.OVER
    return AlertState.PREPARED if alert.sent_at is None else AlertState.SENT


def has_run_out(alert: Alert | AlertElsewhere, today: date) -> bool:
    """Tell whether the last day has passed, on a legal day of who sent the alert."""
    return alert.applies_until is not None and alert.applies_until < today


def reaches(alert: Alert | AlertElsewhere, jurisdiction: str) -> bool:
    """Tell whether the instrument of an alert holds somewhere.

    The code of a part begins with that of its state.

    Source: ISO 3166-2.
    """
    state = jurisdiction.partition("-")[0]
    return not {jurisdiction, state}.isdisjoint(alert.destinations)


def five_things(alert: Alert | AlertElsewhere) -> dict[str, Any]:
    """Return who, which profession, who decided, scope and period; and the appeal."""
    return {
        "professional": {
            "family_name": alert.family_name,
            "given_name": alert.given_name,
            "birth_date": _iso(alert.birth_date),
            "birth_place": alert.birth_place,
        },
        "profession": alert.profession,
        "authority": {"name": alert.decided_by, "is_court": alert.is_court},
        "scope": alert.scope,
        "period": {
            "from": alert.applies_from.isoformat(),
            "until": _iso(alert.applies_until),
        }
        if alert.applies_from
        else None,
        "appeal": alert.appeal,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
