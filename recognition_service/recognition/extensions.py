"""Extending a time limit: in time, with a reason, and no further than the text allows.

Source: the regime of the case; BGB section 190 (from the end of the earlier period);
BQFG section 6(3); Directive 2005/36/EC, article 4d(3).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.recognition.case_limits import limits_of
from recognition_service.recognition.errors import (
    StepInvalidError,
    TimeLimitPassedError,
)
from recognition_service.recognition.models import RecognitionRequest
from recognition_service.regimes.due_dates import Running
from recognition_service.regimes.regime import Regime
from recognition_service.regimes.time_limits import Extension


def check_extension(
    session: Session,
    request: RecognitionRequest,
    regime: Regime,
    members: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Refuse an extension that the regime does not allow.

    Args:
        session: A writing session.
        request: The request, locked.
        regime: Its regime.
        members: `limit`, `length`, `unit` and, where needed, `reason`.
        now: The instant.

    Raises:
        StepInvalidError: There is no such limit, it does not run, it cannot be
            extended (again), or not for so long or for this reason.
        TimeLimitPassedError: It was asked for too late.
    """
    running = {due.limit.id: due for due in limits_of(session, request, now=now)}
    due = running.get(members["limit"])
    if due is None or due.running in {Running.MET, Running.MET_LATE}:
        open_ones = ", ".join(running) or "none"
        raise StepInvalidError(
            [("limit", "no_such_limit", f"Time limits that run: {open_ones}.")]
        )
    if due.running is Running.PASSED:
        raise TimeLimitPassedError(due.limit.id, due.due_on, due.effect)
    allowed = due.limit.extensions
    if due.extended >= len(allowed):
        raise StepInvalidError(
            [
                (
                    "limit",
                    "not_extendable",
                    f"{regime.id} allows {len(allowed)} extensions of it.",
                )
            ]
        )
    _check_length(allowed[due.extended], members)


def _check_length(extension: Extension, members: Mapping[str, Any]) -> None:
    longest = extension.period
    if longest is not None and (
        members["unit"] != longest.unit or members["length"] > longest.length
    ):
        raise StepInvalidError(
            [("length", "too_long", f"At most {longest.length} {longest.unit}.")]
        )
    if extension.only_for is not None and members.get("reason") != extension.only_for:
        raise StepInvalidError(
            [("reason", "reason_not_enough", f"Only for {extension.only_for}.")]
        )
