"""What can go wrong with authorities, their people, keys and mandates."""

from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    UnauthenticatedError,
    UnavailableError,
)


class AuthorityNotFoundError(NotFoundError):
    """No such authority in this installation."""

    code = "authority_not_found"
    title = "There is no such authority"


class AuthorityExistsError(ConflictError):
    """An authority of this id exists already."""

    code = "authority_exists"
    title = "There is such an authority already"


class UnknownAPIKeyError(UnauthenticatedError):
    """The API key is unknown, withdrawn, or belongs to a principal who left."""

    code = "api_key_unknown"
    title = "The API key is not valid"


class APIKeyNotFoundError(NotFoundError):
    """The authority has no API key in use that begins like this."""

    code = "api_key_not_found"
    title = "There is no such API key in use"


class PrincipalNotFoundError(NotFoundError):
    """The authority has no such person or system."""

    code = "principal_not_found"
    title = "There is no such person or system"


class PrincipalLeftError(ConflictError):
    """The person or system has left the authority already."""

    code = "principal_left"
    title = "This person or system has left"


class TrustEndedError(ConflictError):
    """The authority is no longer on the trust list already."""

    code = "trust_ended"
    title = "Trust in this authority has ended already"


class RoleMissingError(ForbiddenError):
    """The caller's roles do not include the one that is needed."""

    code = "role_missing"
    title = "Another role is needed for this"


class NoActiveKeyError(UnavailableError):
    """The authority has no key that may sign for this purpose now."""

    code = "no_active_key"
    title = "The authority has no key for this"


class KeyNotFoundError(NotFoundError):
    """The authority has no such key."""

    code = "key_not_found"
    title = "There is no such key"


class KeyInUseError(ConflictError):
    """The authority has a key for this already."""

    code = "key_in_use"
    title = "There is a key for this already"


class KeyRetiredError(ConflictError):
    """The key signs nothing already."""

    code = "key_retired"
    title = "This key has been retired already"


class MandateMissingError(ForbiddenError):
    """No mandate of the authority covers this decision."""

    code = "mandate_missing"
    title = "The authority has no mandate for this decision"


class MandateInvalidError(InvalidInputError):
    """The mandate's document does not fit."""

    code = "mandate_invalid"
    title = "The mandate does not fit"


class MandateNotFoundError(NotFoundError):
    """The authority has no such mandate."""

    code = "mandate_not_found"
    title = "There is no such mandate"


class SecondPersonNeededError(ForbiddenError):
    """The same principal would be both halves of a four-eyes act."""

    code = "second_person_needed"
    title = "Another person must do this"


class StandingOrderNotFoundError(NotFoundError):
    """Nobody has proposed this standing order, or it was ended."""

    code = "standing_order_not_found"
    title = "There is no such standing order"


class FeesChangedError(ConflictError):
    """Another list of fees was proposed last, or it is approved already."""

    code = "fees_changed"
    title = "Another list of fees stands there now"


class PeerNotFoundError(NotFoundError):
    """No other installation of this name is registered, or it was ended."""

    code = "peer_not_found"
    title = "There is no such installation"


class PeerExistsError(ConflictError):
    """The name or the URL of another installation is taken."""

    code = "peer_exists"
    title = "This installation is registered already"


class PeerInvalidError(InvalidInputError):
    """What is to be registered of another installation does not fit."""

    code = "peer_invalid"
    title = "The installation cannot be registered like this"


class PeerListRefusedError(ConflictError):
    """The trust list of another installation is not believed.

    Attributes:
        reason: Permanent name of the reason, see `trust_list.Refusal`.
    """

    code = "peer_list_refused"
    title = "The trust list of the other installation is not believed"

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The trust list of {name} is not believed: {reason}.")
        self.reason = reason
