"""The standards that a track's curriculum can be held against."""

from recognition_service.dual_certification.track_file import TrackFile
from recognition_service.equivalence.destination_gaps import Gap, gap_report
from recognition_service.equivalence.standard_faults import counting_for
from recognition_service.equivalence.standards import Destination
from recognition_service.equivalence.standards_document import (
    read_curriculum,
    read_destinations,
)
from recognition_service.frameworks.tables import Tables


def gaps_of(file: TrackFile, tables: Tables, destination: str | None) -> list[Gap]:
    """Return the gaps of a track towards destinations.

    The track's own awards are destinations too: by their key, or by the jurisdiction
    that their qualification belongs to.

    Args:
        file: The track's file.
        tables: The tables in force for whoever asks.
        destination: A key or a jurisdiction; None: all of them.
    """
    named = [
        (each.code, each.code, each) for each in read_destinations(file.curriculum)
    ]
    curriculum = read_curriculum(file.curriculum)
    for target in curriculum.targets:
        row = tables.qualifications.get(target.qualification)
        place = row.jurisdiction if row is not None else target.key
        counting = frozenset(unit.id for unit in counting_for(curriculum, target.key))
        standard = Destination(
            place, target.qualification, target.requirements, counting=counting
        )
        named.append((target.key, place, standard))
    wanted = [
        standard
        for key, place, standard in named
        if destination is None or destination in {key, place}
    ]
    return list(gap_report(file.plan(), wanted, file.achieved()))
