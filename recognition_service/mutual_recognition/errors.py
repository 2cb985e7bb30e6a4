"""What can go wrong when bodies ask one another."""

from collections.abc import Iterable, Mapping
from typing import Any

from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RecognitionError,
)


class MutualRequestNotFoundError(NotFoundError):
    """The authority takes part in no such request."""

    code = "mutual_request_not_found"
    title = "There is no such request between authorities"


class EventNotAllowedError(ConflictError):
    """The request stands where this side cannot do this.

    Attributes:
        allowed: What this side can do now.
    """

    code = "mutual_request_state"
    title = "The request between authorities does not allow this now"

    def __init__(self, state: str, event: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"“{event}” cannot follow here: the request is {state}.", allowed
        )


class AttachmentChangedError(ConflictError):
    """What was sent once under a name or a digest came again as something else."""

    code = "attachment_changed"
    title = "An attachment cannot be changed once it was sent"


class AttachmentNotFoundError(NotFoundError):
    """No document of this digest was sent along, or its bytes did not come."""

    code = "attachment_not_found"
    title = "There is no such attachment"


class AttachmentMismatchError(InvalidInputError):
    """The bytes are others than those that were announced."""

    code = "attachment_mismatch"
    title = "These are not the bytes that were announced"


class AttachmentOfAnotherError(ForbiddenError):
    """The bytes of a document come from who has sent it along."""

    code = "attachment_of_another"
    title = "The other side has sent this attachment along"


class AttachmentTooLateError(ConflictError):
    """The request is over, and takes no documents any more."""

    code = "attachment_too_late"
    title = "The request is over"


class MutualRequestInvalidError(InvalidInputError):
    """A member does not fit the request, the questions or the authorities."""

    code = "mutual_request_invalid"
    title = "The request between authorities does not fit"


class NoProposalError(ConflictError):
    """The tables propose nothing for a row that could be decided as proposed."""

    code = "no_proposal"
    title = "There is no proposal to follow"


class ProposalChangedError(ConflictError):
    """The tables propose something else for a row than they did when it came."""

    code = "proposal_changed"
    title = "The proposal has changed"


class DecisionChangedError(ConflictError):
    """The decision about a row was written anew after it was to be signed."""

    code = "decision_changed"
    title = "The decision was written anew meanwhile"


class AgreementNotFoundError(NotFoundError):
    """The authority is party to no such agreement."""

    code = "agreement_not_found"
    title = "There is no such agreement"


class AgreementStateError(ConflictError):
    """The agreement stands where this party cannot do this.

    Attributes:
        allowed: What this party can do now.
    """

    code = "agreement_state"
    title = "The agreement does not allow this now"

    def __init__(self, state: str, act: str, allowed: Iterable[str]) -> None:
        super().__init__(
            f"“{act}” cannot follow here: the agreement is {state}.", allowed
        )


class AgreementSignatureError(InvalidInputError):
    """The signature of a party in another installation is not believed."""

    code = "agreement_signature"
    title = "The signature under the agreement is not believed"


class QuestionSetNotFoundError(NotFoundError):
    """There is no set of questions of this id."""

    code = "question_set_not_found"
    title = "There is no such set of questions"


def misfit(pointer: str, code: str, detail: str) -> MutualRequestInvalidError:
    """Return the error for one member that does not fit."""
    return misfits([fault(pointer, code, detail)])


def misfits(faults: Iterable[Mapping[str, Any]]) -> MutualRequestInvalidError:
    """Return the error for members that do not fit."""
    return MutualRequestInvalidError("The request does not fit.", tuple(faults))


def problem_of(error: RecognitionError) -> dict[str, Any]:
    """Return what a row of a list keeps of an error."""
    return {
        "code": error.code,
        "title": error.title,
        "detail": str(error),
        **error.members(),
    }


def fault(pointer: str, code: str, detail: str) -> dict[str, str]:
    """Return what is wrong with one member."""
    return {"pointer": pointer, "code": code, "detail": detail}
