"""Whether the copy and the decision were in force at the asked instant.

`exp` is about the copy: an expired copy is no news about the decision. The
decision's own validity stands in `validFrom` and `validUntil`.

Source: RFC 7519 sections 4.1.4 to 4.1.6; Verifiable Credentials Data Model v2.0
section 4.9.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from recognition_service.clock import format_instant, parse_instant
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.issuer import LEEWAY_SECONDS
from recognition_service.verification.values import value


@value
class DecisionDates:
    """The dates of the decision, read from a credential of the right shape."""

    decided_on: date
    valid_from: datetime
    valid_until: datetime | None


def read_dates(credential: Mapping[str, Any]) -> DecisionDates:
    """Return the decision's dates.

    Raises:
        CheckFailedError: One is no date of the calendar, or the end of validity is
            told only in one of its two places.
    """
    recognition = credential["credentialSubject"]["recognition"]
    if ("validUntil" in credential) != ("until" in recognition["validity"]):
        raise CheckFailedError(Code.SCHEMA_MISMATCH, {"pointer": "/validUntil"})
    try:
        until = credential.get("validUntil")
        return DecisionDates(
            date.fromisoformat(recognition["decisionDate"]),
            parse_instant(credential["validFrom"]),
            None if until is None else parse_instant(until),
        )
    except (ValueError, OverflowError) as error:
        raise CheckFailedError(
            Code.SCHEMA_MISMATCH, {"pointer": "/validFrom"}
        ) from error


def check_dates(
    opened: OpenedToken, dates: DecisionDates, at: datetime, checked_at: datetime
) -> None:
    """Check the copy's and the decision's dates against the asked instant.

    Clocks may differ by a minute. `iat` is compared with the present, because a
    fresh copy may be used to ask about an earlier date.

    Raises:
        CheckFailedError: Not yet, or no more.
    """
    asked = at.timestamp()
    if opened.expires_at is not None and asked >= opened.expires_at + LEEWAY_SECONDS:
        raise CheckFailedError(Code.COPY_EXPIRED)
    if opened.issued_at > checked_at.timestamp() + LEEWAY_SECONDS:
        raise CheckFailedError(Code.ISSUED_IN_FUTURE)
    starts = max(dates.valid_from.timestamp(), opened.not_before or 0)
    if asked + LEEWAY_SECONDS < starts:
        raise CheckFailedError(
            Code.NOT_YET_VALID, {"valid_from": format_instant(dates.valid_from)}
        )
    if dates.valid_until is not None and at > dates.valid_until:
        raise CheckFailedError(
            Code.DECISION_ENDED, {"valid_until": format_instant(dates.valid_until)}
        )
