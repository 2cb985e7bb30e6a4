"""What can go wrong on a track to several awards."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from recognition_service.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
)


class TrackNotFoundError(NotFoundError):
    """The authority takes part in no such track."""

    code = "track_not_found"
    title = "There is no such track"


class UnitNotFoundError(NotFoundError):
    """The track's curriculum has no such unit."""

    code = "unit_not_found"
    title = "There is no such unit on the track"


class ResultNotFoundError(NotFoundError):
    """The unit has no result."""

    code = "result_not_found"
    title = "Result not found"


class JointAwardOfTrackError(ConflictError):
    """The joint award was opened over a track that is kept here."""

    code = "joint_award_of_track"
    title = "The award is decided about on its track"


class TargetNotFoundError(NotFoundError):
    """The track leads to no such award."""

    code = "target_not_found"
    title = "The track leads to no such award"


class EnrolmentInvalidError(InvalidInputError):
    """A participant cannot be enrolled like this."""

    code = "enrolment_invalid"
    title = "The enrolment does not fit"


class CohortFileInvalidError(InvalidInputError):
    """Rows of a file cannot be taken; nothing of it was."""

    code = "cohort_file_invalid"
    title = "The file cannot be taken"


class CohortFileNotFoundError(NotFoundError):
    """The authority has handed in no such file."""

    code = "cohort_file_not_found"
    title = "There is no such file"


class TrackChangeInvalidError(InvalidInputError):
    """What is said of an interruption or a return does not fit the track."""

    code = "track_change_invalid"
    title = "The change does not fit the track"


class AwardInvalidError(InvalidInputError):
    """The decision on an award lacks something, or says too much."""

    code = "award_invalid"
    title = "The decision on the award does not fit"


class NotKeeperError(ForbiddenError):
    """Another body keeps the track."""

    code = "not_keeper"
    title = "Another body keeps this track"


class NotAwardingBodyError(ForbiddenError):
    """The award is another body's."""

    code = "not_awarding_body"
    title = "The award is another body's"


class RequirementsOpenError(ConflictError):
    """The award is not earned yet.

    Attributes:
        missing: The open requirements, as documents.
    """

    code = "requirements_open"
    title = "The award is not earned yet"

    def __init__(self, target: str, missing: Sequence[Mapping[str, Any]]) -> None:
        named = ", ".join(str(each["requirement"]) for each in missing)
        super().__init__(f"For {target} there are open requirements: {named}.")
        self.missing = missing

    def members(self) -> Mapping[str, Any]:
        """Return `missing`."""
        return {"missing": list(self.missing)}


class BaseNotAwardedError(ConflictError):
    """The award that this one depends or rests on was not made, or is gone.

    Attributes:
        base: Key of that award.
        status: Where it stands.
    """

    code = "base_not_awarded"
    title = "The award that this one depends on was not made"

    def __init__(self, target: str, base: str, status: str) -> None:
        super().__init__(f"{target} depends on {base}, which is {status}.")
        self.base = base
        self.status = status

    def members(self) -> Mapping[str, Any]:
        """Return the other award and where it stands."""
        return {"depends_on": self.base, "base_status": self.status}


class AwardTransitionError(ConflictError):
    """The decision on the award cannot become what was asked.

    Attributes:
        allowed: What it can become.
    """

    code = "award_transition_not_allowed"
    title = "The award cannot be decided like this any more"

    def __init__(self, current: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"An award that is {current} cannot become {wanted}.", allowed)


class TrackTransitionError(ConflictError):
    """The track is in a state in which this cannot be done.

    Attributes:
        allowed: What it can become.
    """

    code = "track_transition_not_allowed"
    title = "The track's state forbids this"

    def __init__(self, current: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"A track that is {current} cannot become {wanted}.", allowed)


class JointFormNotWantedError(ConflictError):
    """The participant has not consented to a joint attestation, or is not named."""

    code = "joint_form_not_wanted"
    title = "The participant does not want the joint form"


class FollowUpNotFoundError(NotFoundError):
    """Nobody is asked after so many months."""

    code = "follow_up_not_found"
    title = "Nobody is asked after so many months"


class FollowUpInvalidError(InvalidInputError):
    """The answer to a follow-up breaks a rule."""

    code = "follow_up_invalid"
    title = "The answer does not fit"


class FollowUpNotConsentedError(ConflictError):
    """The participant has not consented to a follow-up, or not on that day."""

    code = "follow_up_not_consented"
    title = "The participant does not consent to a follow-up"


class FollowUpTooEarlyError(ConflictError):
    """So many months after the awards are not over.

    Attributes:
        due_on: From when on the answer can be given; None: there is no award yet, and
            the track has not ended.
    """

    code = "follow_up_too_early"
    title = "It is too early for this follow-up"

    def __init__(self, months: int, due_on: date | None) -> None:
        day = "the awards" if due_on is None else due_on.isoformat()
        super().__init__(
            f"The answer after {months} months can be given from {day} on."
        )
        self.due_on = due_on

    def members(self) -> Mapping[str, Any]:
        """Return from when on the answer can be given."""
        return {"due_on": self.due_on.isoformat() if self.due_on else None}


class ResultSettledError(ConflictError):
    """An award was earned with the result, so that it stays as it is."""

    code = "result_settled"
    title = "An award rests on this result"


class OwnAwardError(ConflictError):
    """The authority that is asked has made the award itself."""

    code = "own_award"
    title = "Nobody recognises an award of their own"


class ParticipantUnnamedError(ConflictError):
    """The keeper has not told who the participant is."""

    code = "participant_unnamed"
    title = "The participant has no name yet"


class NoTrackBehindError(ConflictError):
    """What is held in a case is no award of a track."""

    code = "no_track_behind"
    title = "No track is behind what is held"


class TrackOfAnotherPersonError(ConflictError):
    """Case and track are about two persons."""

    code = "track_of_another_person"
    title = "The track is another person's"
