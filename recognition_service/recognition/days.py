"""The legal day on which something in a case happened, as somebody states it."""

from datetime import date, datetime

from recognition_service.authorities.found import legal_day
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.errors import StepInvalidError


def require_day(file: CaseFile, day: date, *, now: datetime) -> None:
    """Refuse a day before the request or in the future.

    Raises:
        StepInvalidError: Naming the member `on`.
    """
    submitted_on = legal_day(file.authority, file.request.submitted_at)
    if day < submitted_on:
        raise StepInvalidError(
            [("on", "before_the_request", f"It was submitted on {submitted_on}.")]
        )
    if day > legal_day(file.authority, now):
        raise StepInvalidError([("on", "date_in_future", f"{day} has not come.")])
