"""The page for holders: the state of the case, and the attestations to take along."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request

from recognition_service.delivery.claim import Claim
from recognition_service.delivery.errors import ClaimNotFoundError, ClaimTokenError
from recognition_service.errors import TooManyTriesError
from recognition_service.web.current import runtime
from recognition_service.web.pages.complaints import Complaint, ComplaintError
from recognition_service.web.pages.rendering import page

_FIELDS = ("code", "birth_day", "birth_month", "birth_year")
_UNPROCESSABLE, _TOO_MANY = 422, 429
_LONGEST_CODE = 60
_EARLIEST_YEAR = 1900


def ask() -> Response:
    """Show the form."""
    return page("claim.html", complaints=[], entered=dict.fromkeys(_FIELDS, ""))


def answer() -> Response:
    """Show the case and the attestations that code and birth date open.

    A wrong pair is answered without telling which half was wrong.
    """
    entered = {name: request.form.get(name, "").strip() for name in _FIELDS}
    complaints = _complaints(entered)
    if complaints:
        return _again(complaints, entered)
    try:
        found = runtime().claim(entered["code"], _birth_date(entered))
    except ClaimNotFoundError:
        return _again([Complaint("claim_not_found", "code")], entered)
    except TooManyTriesError as error:
        response = _again([Complaint("claim_locked")], entered, _TOO_MANY)
        response.headers["Retry-After"] = str(max(1, error.retry_after_seconds))
        return response
    return show_claim(found)


def show_claim(found: Claim) -> Response:
    """Show what belongs to a code and a birth date."""
    return page(
        "claimed.html",
        token=found.token,
        case=found.case,
        attestations=found.attestations,
    )


def collect(attestation_id: UUID) -> Response:
    """Answer the signed token of a claimed attestation as a file."""
    token = request.form.get("token", "")
    try:
        content = runtime().claimed_token(token, attestation_id)
    except ClaimTokenError:
        return _again([Complaint("claim_over")], dict.fromkeys(_FIELDS, ""))
    response = Response(content, content_type="application/vc+jwt")
    response.headers.set(
        "Content-Disposition",
        "attachment",
        filename=f"attestation-{attestation_id}.jwt",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _complaints(entered: dict[str, str]) -> list[Complaint]:
    found = []
    if not 0 < len(entered["code"]) <= _LONGEST_CODE:
        found.append(Complaint("claim_code_missing", "code"))
    try:
        _birth_date(entered)
    except ComplaintError as refusal:
        found.append(refusal.complaint)
    return found


def _birth_date(entered: dict[str, str]) -> date:
    """Read the three fields; digits of any script count.

    Raises:
        ComplaintError: Not a date of the calendar.
    """
    try:
        year, month, day = (
            int(entered[name]) for name in ("birth_year", "birth_month", "birth_day")
        )
        found = date(year, month, day)
    except ValueError as error:
        raise ComplaintError(Complaint("claim_birth_wrong", "birth_day")) from error
    if not _EARLIEST_YEAR <= found.year <= runtime().now().year:
        raise ComplaintError(Complaint("claim_birth_wrong", "birth_day"))
    return found


def _again(
    complaints: list[Complaint], entered: dict[str, Any], status: int = _UNPROCESSABLE
) -> Response:
    return page("claim.html", status, complaints=complaints, entered=entered)
