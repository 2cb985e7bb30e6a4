"""What can go wrong when something is collected."""

from recognition_service.errors import (
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
)


class ClaimNotFoundError(NotFoundError):
    """The code and the birth date do not belong together, or the code is over.

    Which of the two is never said.
    """

    code = "claim_not_found"
    title = "Code and birth date do not match anything"


class ClaimTokenError(UnauthenticatedError):
    """The token of a claim is unknown or its time is over."""

    code = "claim_token_invalid"
    title = "Please enter code and birth date again"


class BirthDateUnknownError(NotFoundError):
    """A claim needs the applicant's birth date, and none is on file."""

    code = "birth_date_unknown"
    title = "The applicant's birth date is not on file"


class EligibilityRuleNotFoundError(NotFoundError):
    """There is no such rule of eligibility, or none of one's own."""

    code = "eligibility_rule_not_found"
    title = "There is no such rule of eligibility"


class EligibilityRuleInvalidError(InvalidInputError):
    """A rule of eligibility asks for what cannot be asked for."""

    code = "eligibility_rule_invalid"
    title = "The rule does not fit"


class OptInNotFoundError(NotFoundError):
    """The person takes part in no such rule."""

    code = "opt_in_not_found"
    title = "You do not take part"
