"""What the answers to a verification say about an award."""

from collections.abc import Mapping
from enum import StrEnum

from recognition_service.mutual_recognition.question_sets import Reply


class AwardVerdict(StrEnum):
    """Whether an award was confirmed by who was asked."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    OPEN = "open"


_DENYING = {
    "awarded": Reply.NO,
    "awarded_on_that_date": Reply.NO,
    "same_person": Reply.NO,
    "revoked_since": Reply.YES,
}
_CONFIRMING = {"awarded": Reply.YES, "same_person": Reply.YES}


def award_verdict(answers: Mapping[str, str | None]) -> AwardVerdict:
    """Return what answers say; one that denies outweighs all that confirm."""
    if any(answers.get(asked) == reply for asked, reply in _DENYING.items()):
        return AwardVerdict.DENIED
    if all(answers.get(asked) == reply for asked, reply in _CONFIRMING.items()):
        return AwardVerdict.CONFIRMED
    return AwardVerdict.OPEN


def was_accredited(answers: Mapping[str, str | None]) -> bool | None:
    """Tell whether institution and programme had their status; None: not said."""
    match answers.get("accredited_at_award"):
        case Reply.YES:
            return True
        case Reply.NO:
            return False
        case _:
            return None
