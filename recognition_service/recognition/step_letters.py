"""Which letter goes with what happens in a case, and what it says.

Source: Directive 2005/36/EC, articles 4d, 14(6) and 51; BQFG sections 5, 6 and 15;
Lisbon Recognition Convention, article III.5.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service import wording
from recognition_service.authorities.found import legal_day
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.case_limits import limits_of, rules_of
from recognition_service.recognition.letter_kinds import LetterKind
from recognition_service.recognition.letters import write_letter
from recognition_service.regimes.due_dates import Due
from recognition_service.regimes.events import CaseEventKind as Event
from recognition_service.regimes.holds import HoldRule
from recognition_service.regimes.regime import Regime

_DECIDE = "decide"
_Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What happened, as letters look at it.

    Attributes:
        details: Of the event.
        text: What the officer wrote.
        on: The legal day, "2026-11-02".
        limits: The time limits of the case as they are now.
    """

    regime: Regime
    details: Mapping[str, Any]
    text: str | None
    on: str
    limits: tuple[Due, ...]

    def due_on(self, limit_id: str) -> str | None:
        """Return the last day of a time limit, None while it is held or not begun."""
        for due in self.limits:
            if due.limit.id == limit_id and due.due_on is not None:
                return due.due_on.isoformat()
        return None


def tell_applicant(
    session: Session,
    file: CaseFile,
    event: Event,
    *,
    details: Mapping[str, Any],
    text: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Write the letter that goes with an event, if one does.

    The caller owns the transaction and has let the event happen. A suspicion of fraud
    is told nobody.
    """
    found = _LETTERS.get(event)
    if found is None or file.request.number is None:
        return
    kind, params_of = found
    told = Told(
        rules_of(session, file.request),
        details,
        text,
        details.get("on") or legal_day(file.authority, now).isoformat(),
        limits_of(session, file.request, now=now),
    )
    params = params_of(told)
    if params is not None:
        write_letter(session, file.request, kind, params=params, actor=actor, now=now)


def named(family: str, code: str) -> dict[str, str]:
    """Return the name of a code in all languages."""
    return {
        language: wording.text(f"{family}.{code}", {}, language)
        for language in wording.LANGUAGES
    }


def _acknowledgement(told: Told) -> _Params | None:
    """Say how long it takes; without time limits submitting said it all."""
    limit = told.regime.timing.limit(_DECIDE)
    if not told.regime.timing.limits:
        return None
    params: dict[str, Any] = {"received_on": told.on}
    if limit is None or limit.period is None:
        return params
    return {
        **params,
        "limit": {"number": limit.period.length, "unit": f"{limit.period.unit}s"},
        "starts": "received" if Event.SUBMITTED in limit.starts else "complete",
        "due_on": told.due_on(_DECIDE),
        "is_confirmed": told.regime.is_confirmed and limit.is_confirmed,
    }


def _is_held(told: Told, asked: str) -> bool:
    return told.regime.holds.get(asked, HoldRule.NONE) is not HoldRule.NONE


def _missing_documents(told: Told) -> _Params:
    return {
        "documents": [named("paper", kind) for kind in told.details["papers"]],
        "until": told.details["answer_by"],
        "holds_clock": _is_held(told, "documents"),
    }


def _information(told: Told) -> _Params:
    return {
        "documents": [told.text],
        "until": told.details["answer_by"],
        "holds_clock": _is_held(told, "applicant_information"),
    }


def _warning(told: Told) -> _Params:
    return {"missing": [told.text], "until": told.details["answer_by"]}


def _extension(told: Told) -> _Params | None:
    due_on = told.due_on(told.details["limit"])
    return None if due_on is None else {"reason": told.text, "due_on": due_on}


def _measure(told: Told) -> _Params:
    return {
        "measure": named("measure", told.details["measure"]),
        "result": told.details["result"],
        "taken_on": told.on,
        "next_steps": told.text,
    }


def _referral(told: Told) -> _Params:
    return {
        "reason": told.text,
        "to": told.details.get("authority"),
        "is_forwarded": bool(told.details.get("is_forwarded")),
    }


def _lapse(told: Told) -> _Params:
    reason = told.text or named("letter_reason", "applicant_silent")
    return {"lapsed_on": told.on, "reason": reason}


def _appeal(told: Told) -> _Params:
    against = told.details["against"]
    return {
        "received_on": told.on,
        "against": "decision" if against == "decision" else "missed_time_limit",
        "body": told.details["body"],
    }


def _missed(told: Told) -> _Params:
    return {"due_on": told.details["due_on"]}


def _may_start(told: Told) -> _Params:
    return {"due_on": told.on, "reason": named("letter_reason", "service_may_start")}


_LETTERS: Mapping[Event, tuple[LetterKind, Callable[[Told], _Params | None]]] = {
    Event.ACKNOWLEDGED: (LetterKind.ACKNOWLEDGEMENT, _acknowledgement),
    Event.DOCUMENTS_REQUESTED: (LetterKind.MISSING_DOCUMENTS, _missing_documents),
    Event.INFORMATION_REQUESTED: (LetterKind.MISSING_DOCUMENTS, _information),
    Event.COOPERATION_WARNED: (LetterKind.COOPERATION_WARNING, _warning),
    Event.LIMIT_EXTENDED: (LetterKind.EXTENSION, _extension),
    Event.MEASURE_PASSED: (LetterKind.MEASURE_RESULT, _measure),
    Event.MEASURE_FAILED: (LetterKind.MEASURE_RESULT, _measure),
    Event.FORWARDED: (LetterKind.REFERRAL, _referral),
    Event.NOT_COMPETENT: (LetterKind.REFERRAL, _referral),
    Event.LAPSED: (LetterKind.LAPSE, _lapse),
    Event.APPEAL_LODGED: (LetterKind.APPEAL_RECEIVED, _appeal),
    Event.LIMIT_MISSED: (LetterKind.TIME_LIMIT_MISSED, _missed),
    Event.SERVICE_MAY_START: (LetterKind.TIME_LIMIT_MISSED, _may_start),
}
"""Decisions, withdrawals, tacit grants and results of appeals write their own."""
