"""What can be wrong with a regime, or with a decision under it."""

from collections.abc import Mapping
from typing import Any

from recognition_service.errors import InvalidInputError, RecognitionError


class RegimeUnreadableError(RecognitionError):
    """A regime does not have the members it must have.

    Attributes:
        member: The member that is missing or wrong.
    """

    code = "regime_unreadable"
    title = "A regime cannot be read"

    def __init__(self, regime: str, member: str, problem: str) -> None:
        super().__init__(f"regime {regime}: {member}: {problem}")
        self.member = member


class ContentsMissingError(InvalidInputError):
    """The decision lacks what the law says it must contain."""

    code = "decision_contents_missing"
    title = "The decision lacks mandatory contents"

    def __init__(self, errors: tuple[Mapping[str, Any], ...]) -> None:
        super().__init__(f"{len(errors)} mandatory contents are missing.", errors)


class RegimeNotApplicableError(InvalidInputError):
    """The regime that a request asks for does not apply to it."""

    code = "regime_not_applicable"
    title = "The regime does not apply to this request"

    def __init__(self, wanted: str) -> None:
        super().__init__(
            f"{wanted} does not apply to this request.",
            (
                {
                    "pointer": "/regime",
                    "code": "regime_not_applicable",
                    "detail": "Leave it out to have the regime chosen.",
                },
            ),
        )
