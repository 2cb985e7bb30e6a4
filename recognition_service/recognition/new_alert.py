"""What an alert must say, and for which ground.

A suspicion never makes an alert: there is no ground for it.

Source: Directive 2005/36/EC, article 56a(1) to (3); BQFG section 12(5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from recognition_service.recognition.errors import AlertInvalidError


class Ground(StrEnum):
    """What others are warned of."""

    RESTRICTION = "restriction"
    PROHIBITION = "prohibition"
    FORGED_PAPERS = "forged_papers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """Who the person is, as far as an alert says it."""

    family_name: str
    given_name: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to be prepared.

    Attributes:
        request_id: The person's case here; None: `professional` says who it is.
        regime: Id of the regime that names the states to be warned; None: that of
            the case, else the neutral one.
        decided_by: The authority or court that decided.
        scope: Which activities; None: only where papers were forged.
        decided_on: Legal day of the decision.
        final_on: Legal day on which a court's finding became final, or None.
        remedy: How the person can contest the alert: {body, route, within_days,
            form}.
    """

    ground: Ground
    profession: str
    decided_by: str
    is_court: bool
    decided_on: date
    remedy: Mapping[str, Any]
    request_id: UUID | None = None
    professional: Professional | None = None
    regime: str | None = None
    scope: str | None = None
    applies_from: date | None = None
    applies_until: date | None = None
    final_on: date | None = None


def require_fitting(new: NewAlert, today: date) -> None:
    """Refuse what does not fit the ground, naming each member.

    Args:
        new: The alert.
        today: The legal day of the authority.

    Raises:
        AlertInvalidError: Something is missing, impossible, or not for the ground.
    """
    faults: list[tuple[str, str, str]] = []
    if (new.request_id is None) == (new.professional is None):
        faults.append(
            ("professional", "one_of_two", "Name either a request or a professional.")
        )
    if new.ground is Ground.FORGED_PAPERS:
        faults += _faults_of_forgery(new)
    else:
        faults += [
            (member, "required", f"An alert about a {new.ground} needs this.")
            for member, value in (
                ("scope", new.scope),
                ("period/from", new.applies_from),
            )
            if not value
        ]
        if new.final_on is not None:
            faults.append(
                ("final_on", "not_for_this_ground", "The day of the decision counts.")
            )
    if new.applies_from and new.applies_until and new.applies_until < new.applies_from:
        faults.append(("period/until", "before_the_start", "It ends before it begins."))
    faults += [
        (member, "date_in_future", f"{day} has not come.")
        for member, day in (("decided_on", new.decided_on), ("final_on", new.final_on))
        if day is not None and day > today
    ]
    if faults:
        raise AlertInvalidError(faults)


def _faults_of_forgery(new: NewAlert) -> list[tuple[str, str, str]]:
    """Forged papers need a case here, and the final finding of a court."""
    faults = [
        (member, "required", "An alert about forged papers needs this.")
        for member, value in (
            ("request", new.request_id),
            ("authority/is_court", new.is_court),
            ("final_on", new.final_on),
        )
        if not value
    ]
    if new.final_on is not None and new.final_on < new.decided_on:
        faults.append(
            ("final_on", "before_the_decision", "It was not final before it was made.")
        )
    faults += [
        (member, "not_for_this_ground", "The finding restricts nothing.")
        for member, value in (
            ("scope", new.scope),
            ("period", new.applies_from or new.applies_until),
        )
        if value
    ]
    return faults
