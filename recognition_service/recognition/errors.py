"""What can go wrong with a request for recognition."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)


class RequestNotFoundError(NotFoundError):
    """The authority has no such request."""

    code = "request_not_found"
    title = "There is no such request"


class DecisionNotFoundError(NotFoundError):
    """Nobody has prepared a decision on this request."""

    code = "decision_not_found"
    title = "There is no decision yet"


class LetterNotFoundError(NotFoundError):
    """The case has no such letter."""

    code = "letter_not_found"
    title = "There is no such letter"


class LetterPendingError(ConflictError):
    """The letter is written, but its file is not made yet."""

    code = "letter_pending"
    title = "The letter is not laid out yet"


class LetterIncompleteError(InvalidInputError):
    """A letter would leave out what it is written for."""

    code = "letter_incomplete"
    title = "The letter lacks what it has to say"

    def __init__(self, kind: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"The letter {kind} needs {', '.join(missing)}.",
            tuple(
                {
                    "pointer": f"/{name}",
                    "code": "required",
                    "detail": "The letter has to say this.",
                }
                for name in missing
            ),
        )


class TransitionNotAllowedError(ConflictError):
    """The request is in a state in which this cannot be done.

    Attributes:
        allowed: What it can become.
    """

    code = "transition_not_allowed"
    title = "The request's state forbids this"

    def __init__(self, current: str, wanted: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"A request that is {current} cannot become {wanted}.",
            tuple(str(state) for state in allowed),
        )


class TimeLimitPassedError(ConflictError):
    """A time limit has passed, and what silence does by law is done."""

    code = "time_limit_passed"
    title = "The time limit has passed"

    def __init__(self, limit: str, due_on: date | None, effect: str) -> None:
        super().__init__(
            f"The time limit “{limit}” ended on {due_on}; its effect is {effect}.", ()
        )


class NotCompetentError(InvalidInputError):
    """The authority does not decide for this destination."""

    code = "not_competent"
    title = "The authority does not decide for this destination"


class RecordInvalidError(InvalidInputError):
    """A decision of another case system does not fit the authority or the tables."""

    code = "record_invalid"
    title = "The record does not fit"


class RequestInvalidError(InvalidInputError):
    """A member of the request does not fit the tables."""

    code = "request_invalid"
    title = "The request does not fit the tables"


class SameSignatoryError(ForbiddenError):
    """Who prepared a decision cannot sign it."""

    code = "same_signatory"
    title = "Another person must sign"


class SystemCannotSignError(ForbiddenError):
    """A system prepares decisions; a person signs them."""

    code = "system_cannot_sign"
    title = "A person must sign"


Fault = tuple[str, str, str]
"""A member of a body that does not fit, the code of why, and a sentence."""


class StepInvalidError(InvalidInputError):
    """A step in a case does not say what it must, or what it says does not fit."""

    code = "step_invalid"
    title = "The step does not fit the case"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("The step does not fit the case.", _named(faults))


class ProvisionalInvalidError(InvalidInputError):
    """A provisional decision does not say under what conditions it holds."""

    code = "provisional_invalid"
    title = "The provisional decision is not complete"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("The provisional decision is not complete.", _named(faults))


def _named(faults: Iterable[Fault]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"pointer": f"/{member}", "code": code, "detail": detail}
        for member, code, detail in faults
    )


class AssessmentInvalidError(InvalidInputError):
    """An assessment names what the case does not have."""

    code = "assessment_invalid"
    title = "The assessment does not fit the case"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("The assessment does not fit the case.", _named(faults))


class DifferenceCompensatedError(InvalidInputError):
    """A decision names a difference that a passed unit makes up for."""

    code = "difference_compensated"
    title = "A passed unit makes up for this difference"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("What was made up for is no difference.", _named(faults))


class ExperienceInvalidError(InvalidInputError):
    """What is said of somebody's work does not fit."""

    code = "experience_invalid"
    title = "The experience does not fit"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("The experience does not fit.", _named(faults))


class ConditionInvalidError(InvalidInputError):
    """A condition of a decision names what there is not."""

    code = "condition_invalid"
    title = "The condition does not fit"


class AppealNotOpenError(ConflictError):
    """No appeal is open here, or none is pending."""

    code = "appeal_not_open"
    title = "No appeal is open"


class PaperNotFoundError(NotFoundError):
    """The request has no such paper, or its bytes are not there."""

    code = "paper_not_found"
    title = "There is no such paper"


class PaperInvalidError(InvalidInputError):
    """What is said about a paper does not fit the case."""

    code = "paper_invalid"
    title = "This does not fit the paper or the case"


class PaperMismatchError(InvalidInputError):
    """The bytes of a paper are others than were announced."""

    code = "paper_mismatch"
    title = "These are not the bytes that were announced"


class PaperUnsafeError(InvalidInputError):
    """The bytes of a paper are of another type, damaged, or dangerous to open."""

    code = "paper_unsafe"
    title = "This file is not taken"


class PaperStateError(ConflictError):
    """The paper is in a state in which this cannot be done."""

    code = "paper_state"
    title = "The paper's state forbids this"


class PaperTooLateError(ConflictError):
    """The request is over; nothing is added to it any more."""

    code = "paper_too_late"
    title = "The request is over"


class TooManyPapersError(ConflictError):
    """The request has as many papers as it may have."""

    code = "too_many_papers"
    title = "The request has too many papers"


class AlertNotFoundError(NotFoundError):
    """The authority has no such alert, or it does not hold any more."""

    code = "alert_not_found"
    title = "There is no such alert"


class AlertInvalidError(InvalidInputError):
    """What an alert says does not fit its ground."""

    code = "alert_invalid"
    title = "The alert does not fit its ground"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("The alert does not fit its ground.", _named(faults))


class AlertStateError(ConflictError):
    """The alert is in a state in which this cannot be done."""

    code = "alert_state"
    title = "The alert's state forbids this"


class CaseBlockedError(ForbiddenError):
    """The case is closed, and the time is over for which it may be read.

    Source: Regulation (EU) 2016/679, articles 4(3) and 18(2).
    """

    code = "case_blocked"
    title = "The case is blocked"


class CaseOpenError(ConflictError):
    """What belongs to a case is not erased as long as somebody may decide or appeal."""

    code = "case_open"
    title = "The case is still open"


class LegalHoldError(ConflictError):
    """Somebody has ordered that nothing of the case is erased."""

    code = "legal_hold"
    title = "The case is kept for a legal claim"


class RectificationInvalidError(InvalidInputError):
    """What is to be corrected is not named, or the right value does not fit."""

    code = "rectification_invalid"
    title = "What is to be corrected does not fit"

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("What is to be corrected does not fit.", _named(faults))


class RevocationNotOpenError(ConflictError):
    """There is no decision that can be revoked, or it is revoked already."""

    code = "revocation_not_open"
    title = "There is nothing to revoke"
