"""What a track has shown so far, as values that a case can rest on."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from recognition_service.dual_certification.models import TrackAward
from recognition_service.dual_certification.track_file import TrackFile
from recognition_service.equivalence.compensation import (
    DifferenceSource,
    KnownDifference,
    PassedUnit,
)
from recognition_service.equivalence.standards import lies_in
from recognition_service.equivalence.standards_document import read_destinations
from recognition_service.recognition.record_training import Training


def training_on(file: TrackFile, destination: str) -> Training:
    """Return the passed units of a track, and what is known to be looked for.

    Args:
        file: The track's file.
        destination: Code of the jurisdiction in which the case is.
    """
    track = file.track
    return Training(
        track.authority_id,
        track.id,
        tuple(_passed(file)),
        tuple(
            KnownDifference(subject=subject, source=DifferenceSource.STANDARD)
            for each in read_destinations(file.curriculum)
            if lies_in(destination, each.code)
            for subject in each.differences
        ),
    )


def find_award(
    session: Session, authority_id: str, attestation_id: UUID
) -> TrackAward | None:
    """Return the award of a track that an authority's attestation is over, or None."""
    return session.scalars(
        select(TrackAward).where(
            TrackAward.authority_id == authority_id,
            or_(
                TrackAward.attestation_id == attestation_id,
                TrackAward.own_attestation_id == attestation_id,
            ),
        )
    ).first()


def _passed(file: TrackFile) -> Iterator[PassedUnit]:
    for unit in file.curriculum["units"]:
        result = file.results.get(unit["id"])
        if result is not None:
            yield PassedUnit(
                id=unit["id"],
                title=unit["title"],
                provider=unit["provider"],
                achieved_on=result.achieved_on,
                assessor=result.assessor,
                evidence=result.evidence,
                kind=result.kind,
                covers=tuple(unit["covers_differences"]),
            )
