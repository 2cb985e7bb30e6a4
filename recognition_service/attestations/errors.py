"""What can go wrong with attestations."""

from collections.abc import Mapping
from typing import Any

from recognition_service.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    UnavailableError,
)


class AttestationNotFoundError(NotFoundError):
    """The authority has no such attestation."""

    code = "attestation_not_found"
    title = "There is no such attestation"


class StatusTransitionError(ConflictError):
    """The attestation's status cannot become what was asked.

    Attributes:
        allowed: What it can become.
    """

    code = "status_transition_not_allowed"
    title = "The status cannot change like this"

    def __init__(self, current: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"An attestation that is {current} cannot become {wanted}.")
        self.allowed = allowed

    def members(self) -> Mapping[str, Any]:
        """Return `allowed`."""
        return {"allowed": list(self.allowed)}


class SuccessorNeededError(InvalidInputError):
    """Only another valid attestation of the authority can supersede one."""

    code = "successor_needed"
    title = "A successor must be named"


class StatusListFullError(UnavailableError):
    """No free place was found in the status list."""

    code = "status_list_full"
    title = "The status list is full"


class AlreadyAttestedError(ConflictError):
    """The decision has an attestation already, issued or about to be."""

    code = "already_attested"
    title = "The decision is attested already"


class RefusalNotAttestedError(ConflictError):
    """A refusal is told to the applicant; nothing is attested over it."""

    code = "refusal_not_attested"
    title = "A refusal is not attested"


class AttestationPendingError(ConflictError):
    """The attestation was reserved, but is not signed yet."""

    code = "attestation_pending"
    title = "The attestation is not signed yet"


class CopyNotAllowedError(ConflictError):
    """Further copies are issued only of attestations that hold."""

    code = "copy_not_allowed"
    title = "No further copy can be issued"


class ClockBehindError(UnavailableError):
    """A status list was signed at an instant that lies in the future here."""

    code = "clock_behind"
    title = "The clock of the service was put back"


class BatchNotFoundError(NotFoundError):
    """The authority has no such batch."""

    code = "batch_not_found"
    title = "There is no such batch"
