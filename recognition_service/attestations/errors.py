"""What can go wrong with attestations."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

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
        super().__init__(
            f"An attestation that is {current} cannot become {wanted}.", allowed
        )


class SuccessorNeededError(InvalidInputError):
    """Only another valid attestation of the authority can supersede one."""

    code = "successor_needed"
    title = "A successor must be named"


class StatusListFullError(UnavailableError):
    """No free place was found in the status list."""

    code = "status_list_full"
    title = "The status list is full"


class AgreementNotInForceError(ConflictError):
    """The decision rests on an agreement that does not bind the authority now."""

    code = "agreement_not_in_force"
    title = "The agreement is not in force"


class BaseNotValidError(ConflictError):
    """What the decision rests on is no valid attestation, or ends before it.

    Attributes:
        base: Id of the attestation.
        ends_on: Its last day, where only that stands in the way.
    """

    code = "base_not_valid"
    title = "What it rests on is not valid for so long"

    def __init__(self, base: UUID, ends_on: date | None = None) -> None:
        super().__init__(
            f"There is no valid attestation {base} of that authority."
            if ends_on is None
            else f"The attestation {base} ends on {ends_on}; so must what rests on it."
        )
        self.base = base
        self.ends_on = ends_on

    def members(self) -> Mapping[str, Any]:
        """Return `base` and `ends_on`."""
        last = None if self.ends_on is None else self.ends_on.isoformat()
        return {"base": str(self.base), "ends_on": last}


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


class JointAwardNotFoundError(NotFoundError):
    """The authority has no part in such a joint award."""

    code = "joint_award_not_found"
    title = "There is no such joint award"


class JointAwardInvalidError(InvalidInputError):
    """What was named cannot be a joint award."""

    code = "joint_award_invalid"
    title = "This cannot be a joint award"


class JointAwardNotEarnedError(ConflictError):
    """A joint award takes that each of its awards was earned.

    Attributes:
        targets: Keys of those that were not.
        missing: What they lack, by key.
    """

    code = "joint_award_not_earned"
    title = "Not every award was earned"

    def __init__(
        self, targets: tuple[str, ...], missing: Mapping[str, Sequence[Any]]
    ) -> None:
        super().__init__(f"Not earned and awarded: {', '.join(targets)}.")
        self.targets = targets
        self.missing = missing

    def members(self) -> Mapping[str, Any]:
        """Return `targets` and `missing`."""
        missing = {key: list(lacks) for key, lacks in self.missing.items()}
        return {"targets": list(self.targets), "missing": missing}


class JointAwardClosedError(ConflictError):
    """The joint award is complete, withdrawn, cancelled or past its last day.

    Attributes:
        state: What it is.
    """

    code = "joint_award_closed"
    title = "The joint award can no longer be signed"

    def __init__(self, state: str) -> None:
        super().__init__(f"The joint award is {state}.")
        self.state = state

    def members(self) -> Mapping[str, Any]:
        """Return `state`."""
        return {"state": self.state}


class JointAwardHeldError(ConflictError):
    """A joint attestation gets this status with those of the others, or not at all.

    Attributes:
        allowed: What its status can become.
    """

    code = "joint_award_held"
    title = "The attestation only counts together with others"

    def __init__(self, state: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(
            f"The joint award is {state}, so its attestation cannot become {wanted}.",
            allowed,
        )


class ListRefusedError(InvalidInputError):
    """A status list of another installation is not believed."""

    code = "status_list_refused"
    title = "The status list is not believed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The list is refused: {reason}.")
        self.reason = reason
