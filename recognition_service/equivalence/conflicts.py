"""All conflicts of one edition, in one call."""

from recognition_service.equivalence.conflict import Conflict
from recognition_service.equivalence.level_round_trips import climbing_levels
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.equivalence.statement_conflicts import differing_statements
from recognition_service.equivalence.title_round_trips import climbing_titles


def conflicts_of(snapshot: Snapshot) -> tuple[Conflict, ...]:
    """Return where rows of an edition contradict one another, and what drifts."""
    return (
        *differing_statements(snapshot),
        *climbing_levels(snapshot),
        *climbing_titles(snapshot),
    )
