"""Whole cohorts, decided and attested in chunks; lists are published at the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from recognition_service.attestations import issue
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.joint_many import (
    JointReservations,
    release_joints,
    reserve_joints,
)
from recognition_service.authorities.access import Caller
from recognition_service.dual_certification.attest_cohort import (
    OpenedJoints,
    note_joint_signatures,
    open_joint_awards,
)
from recognition_service.dual_certification.cohort_files import Curricula, open_files
from recognition_service.dual_certification.decide_many import (
    WantedAward,
    decide_awards,
)
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.errors import RecognitionError
from recognition_service.runtime.tracks_desk import TracksDesk

CHUNK = 200
_Each = TypeVar("_Each")


@dataclass(frozen=True, slots=True)
class SignedTrack:
    """What a body has attested over a track.

    Attributes:
        parties: All bodies of the award, once it is complete.
    """

    group: UUID
    attestation_id: UUID
    parties: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all bodies have signed by now."""
        return bool(self.parties)


class CohortDesk(TracksDesk):
    """Decides and signs for the bodies of many tracks; a row that fails stops no other.

    No transaction is open while a key is used.
    """

    def decide_cohort(
        self, caller: Caller, wanted: Sequence[WantedAward]
    ) -> list[RecognitionError | None]:
        """Decide about many awards, all of a chunk in one transaction.

        Returns:
            Why each row was refused, with nothing changed by it; None where it was
            decided.

        Raises:
            UnavailableError: The list of one body could not be signed now.
        """
        curricula, results = Curricula(), list[RecognitionError | None]()
        for chunk in _chunks(wanted):
            with self.database.transaction() as session:
                results += decide_awards(
                    session, caller, chunk, curricula=curricula, now=self.now()
                )
        taken_back = [
            each.track_id
            for each, error in zip(wanted, results, strict=True)
            if error is None and each.decision.status is AwardStatus.REVOKED
        ]
        if taken_back:
            self._publish_lists_of(self._bodies_of(caller, taken_back))
        return results

    def sign_cohort(
        self, caller: Caller, tracks: Sequence[UUID], copies: tuple[NewCopy, ...]
    ) -> dict[UUID, SignedTrack | RecognitionError]:
        """Sign the joint awards of many tracks for the caller's authority.

        What is not open yet is frozen. Whatever it is interrupted by: repeating it goes
        on, and makes nothing twice.

        Returns:
            By track what was attested, or why nothing was.

        Raises:
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        curricula = Curricula()
        results: dict[UUID, SignedTrack | RecognitionError] = {}
        for chunk in _chunks(list(dict.fromkeys(tracks))):
            self._require_clock(caller.authority_id, self.now())
            opened, reserved = self.reserve_cohort(caller, chunk, copies, curricula)
            results |= self.record_cohort(caller, opened, reserved, curricula)
        parties = {caller.authority_id} if results else set()
        for found in results.values():
            if isinstance(found, SignedTrack):
                parties.update(found.parties)
        self._publish_lists_of(sorted(parties))
        return results

    def reserve_cohort(
        self,
        caller: Caller,
        tracks: Sequence[UUID],
        copies: tuple[NewCopy, ...],
        curricula: Curricula,
    ) -> tuple[OpenedJoints, JointReservations]:
        """Freeze the joint awards of some tracks and reserve what is to be signed."""
        edition, now = self.edition(caller.authority_id), self.now()
        with self.database.transaction() as session:
            opened = open_joint_awards(
                session,
                caller,
                tracks,
                curricula=curricula,
                edition=edition,
                public_url=self.public_url,
                now=now,
            )
            reserved = reserve_joints(
                session,
                caller.authority_id,
                list(opened.wanted.values()),
                public_url=self.public_url,
                actor=caller.actor,
                now=now,
                copies=copies,
            )
        return opened, reserved

    def record_cohort(
        self,
        caller: Caller,
        opened: OpenedJoints,
        reserved: JointReservations,
        curricula: Curricula,
    ) -> dict[UUID, SignedTrack | RecognitionError]:
        """Sign what was reserved, record it, and release what is complete by that."""
        sealed, now = self.seal(reserved.intents), self.now()
        results: dict[UUID, SignedTrack | RecognitionError] = dict(opened.refused)
        with self.database.transaction() as session:
            files = open_files(session, caller.authority_id, opened.wanted, curricula)
            issue.record(session, sealed, actor=caller.actor, now=now)
            releases = release_joints(
                session,
                reserved.attestations,
                by=caller.authority_id,
                actor=caller.actor,
                now=now,
            )
            refused = reserved.refused | releases.refused
            for track_id, each in opened.wanted.items():
                group = each.group_id
                results[track_id] = refused.get(group) or SignedTrack(
                    group,
                    reserved.attestations[group],
                    releases.complete.get(group, ()),
                )
            signed = {
                track_id: found.attestation_id
                for track_id, found in results.items()
                if isinstance(found, SignedTrack)
            }
            note_joint_signatures(session, caller, files, signed, now=now)
        return results

    def _bodies_of(self, caller: Caller, tracks: Sequence[UUID]) -> list[str]:
        with self.database.transaction() as session:
            files = open_files(session, caller.authority_id, tracks, Curricula())
            return sorted(
                {award.authority_id for file in files.values() for award in file.awards}
            )


def _chunks(rows: Sequence[_Each]) -> Iterator[Sequence[_Each]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
