"""What can go wrong when something is collected, or sent to a receiver."""

from recognition_service.errors import (
    ConflictError,
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


class WebhookNotFoundError(NotFoundError):
    """The authority has no such endpoint of webhooks."""

    code = "webhook_not_found"
    title = "There is no such webhook"


class WebhookDeliveryNotFoundError(NotFoundError):
    """The endpoint has no such delivery, or it was forgotten."""

    code = "webhook_delivery_not_found"
    title = "There is no such delivery"


class WebhookDisabledError(ConflictError):
    """Nothing is sent to an endpoint that is disabled."""

    code = "webhook_disabled"
    title = "The webhook is disabled"


class TooManyWebhooksError(ConflictError):
    """The authority has as many endpoints as it may have."""

    code = "too_many_webhooks"
    title = "The authority has too many webhooks"


class ReplayTooLargeError(InvalidInputError):
    """More deliveries lie between two instants than are replayed at once."""

    code = "webhook_replay_too_large"
    title = "Too many deliveries at once"
