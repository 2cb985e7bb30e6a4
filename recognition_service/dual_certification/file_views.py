"""What the rules about tracks read of a file, however its rows were loaded.

One track is opened with its objects; of a whole cohort plain rows are read.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

from recognition_service.dual_certification.errors import TargetNotFoundError
from recognition_service.equivalence.standards import Result, ResultKind


class AwardView(Protocol):
    """An award as its body has decided it; see `TrackAward`."""

    @property
    def authority_id(self) -> str:
        """The body that makes it."""

    @property
    def target(self) -> str:
        """Its key in the curriculum."""

    @property
    def status(self) -> str:
        """An `AwardStatus`."""

    @property
    def how(self) -> str | None:
        """A `How`, or None."""

    @property
    def awarded_on(self) -> date | None:
        """The date of the award, or None."""

    @property
    def decided_on(self) -> date | None:
        """The legal day of the last decision, or None."""

    @property
    def decided_by(self) -> str | None:
        """Who decided last, or None."""

    @property
    def rests_on_target(self) -> str | None:
        """The award that was recognised as this one, or None."""


class ResultView(Protocol):
    """That a unit was achieved; see `UnitResult`."""

    @property
    def achieved_on(self) -> date:
        """When."""

    @property
    def assessor(self) -> str:
        """Who found so."""

    @property
    def evidence(self) -> str:
        """Digest of what shows it."""

    @property
    def kind(self) -> str:
        """A `ResultKind`."""


class PersonView(Protocol):
    """Who is on the track; see `TrackParticipant`."""

    @property
    def family_name(self) -> str | None:
        """None where it was not told."""

    @property
    def given_name(self) -> str | None:
        """None where it was not told."""

    @property
    def birth_date(self) -> date | None:
        """None where it was not told."""

    @property
    def other_names(self) -> list[Any]:
        """Names in other scripts or of other times."""


class TrackView(Protocol):
    """A track; see `Track`."""

    @property
    def enrolled_on(self) -> date:
        """When the participant was enrolled."""

    @property
    def consent(self) -> dict[str, Any]:
        """What the participant consents to."""


class FileView(Protocol):
    """A track with all that belongs to it; see `TrackFile`."""

    @property
    def track(self) -> TrackView:
        """The track."""

    @property
    def curriculum(self) -> Mapping[str, Any]:
        """`targets`, `units` and `destinations` as JSON values."""

    @property
    def participant(self) -> PersonView:
        """The person."""

    @property
    def awards(self) -> Sequence[AwardView]:
        """In the order of the targets."""

    @property
    def results(self) -> Mapping[str, ResultView]:
        """By the id of the unit."""


_Award = TypeVar("_Award", bound=AwardView)


def award_of(awards: Iterable[_Award], target: str) -> _Award:
    """Return the award of a target.

    Raises:
        TargetNotFoundError: The track leads to no such award.
    """
    for award in awards:
        if award.target == target:
            return award
    raise TargetNotFoundError(f"The track leads to no award {target}.")


def results_in(rows: Mapping[str, ResultView]) -> dict[str, Result]:
    """Return results as values, by the id of the unit."""
    return {
        unit: Result(row.achieved_on, row.assessor, row.evidence, ResultKind(row.kind))
        for unit, row in rows.items()
    }
