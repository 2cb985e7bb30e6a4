"""What bodies attest over tracks, with the key of each between two transactions."""

from collections.abc import Callable
from uuid import UUID

from recognition_service.attestations.errors import JointAwardNotFoundError
from recognition_service.attestations.issue import intents_of
from recognition_service.attestations.reserve import reserve
from recognition_service.authorities.access import Caller
from recognition_service.dual_certification.attest_award import (
    attest_alone,
    note_joint_signature,
    note_own_attestation,
    open_joint_award,
    own_attestation,
)
from recognition_service.dual_certification.track_file import get_track, open_file
from recognition_service.runtime.joint_desk import JointDesk

VersionCheck = Callable[[int], None]


class TracksDesk(JointDesk):
    """Signs for the bodies of a track."""

    def sign_track(
        self, caller: Caller, track_id: UUID, *, check: VersionCheck
    ) -> None:
        """Sign the joint award of a track for the caller's authority.

        The first one who signs freezes what all attest. What is signed is held until
        the last body has signed. Whatever it is interrupted by: repeating it goes on.

        Raises:
            RecognitionError: As `open_joint_award` and `sign_joint`.
        """
        edition = self.edition(caller.authority_id)
        with self.database.transaction() as session:
            check(get_track(session, caller.authority_id, track_id).version)
            group, prepared_by = open_joint_award(
                session,
                caller,
                track_id,
                edition=edition,
                public_url=self.public_url,
                now=self.now(),
            )
        attestation_id = self.sign_joint(
            caller.authority_id, group, prepared_by=prepared_by, actor=caller.actor
        )
        with self.database.transaction() as session:
            note_joint_signature(
                session, caller, track_id, attestation_id, now=self.now()
            )

    def attest_award(
        self, caller: Caller, track_id: UUID, target: str, *, check: VersionCheck
    ) -> None:
        """Attest one award of a track alone, for the body that made it.

        What is attested already is left as it is; what waits for its signature gets it.

        Raises:
            RecognitionError: As `attest_alone` and `reserve`.
        """
        edition, now = self.edition(caller.authority_id), self.now()
        self._require_clock(caller.authority_id, now)
        with self.database.transaction() as session:
            check(get_track(session, caller.authority_id, track_id).version)
            new = attest_alone(session, caller, track_id, target, edition=edition)
            known = own_attestation(session, caller, track_id, target)
            if known is not None:
                intents = intents_of(session, caller.authority_id, [known])
            else:
                reservation = reserve(
                    session,
                    caller.authority_id,
                    new,
                    public_url=self.public_url,
                    actor=caller.actor,
                    now=now,
                )
                intents = reservation.intents
                reserved = reservation.attestations[0]
                note_own_attestation(
                    session, caller, track_id, target, reserved, now=now
                )
        self.finish(intents, actor=caller.actor)

    def cancel_track(
        self, caller: Caller, track_id: UUID, *, check: VersionCheck
    ) -> None:
        """Give up the joint award of a track that is not complete.

        Raises:
            TrackNotFoundError: The authority takes part in no such track.
            JointAwardNotFoundError: It has no part in a joint award of it.
            JointAwardClosedError: That is complete, or a body has withdrawn.
        """
        with self.database.reading() as session:
            track = get_track(session, caller.authority_id, track_id)
            check(track.version)
            group = track.joint_group
        if group is None:
            raise JointAwardNotFoundError("No joint award was opened.")
        self.cancel_joint(caller.authority_id, group, actor=caller.actor)

    def publish_track(self, caller: Caller, track_id: UUID) -> None:
        """Publish the lists of all bodies of a track, after an award was revoked.

        Raises:
            UnavailableError: One could not be signed; the others are published.
        """
        with self.database.reading() as session:
            file = open_file(session, caller.authority_id, track_id)
            bodies = {award.authority_id for award in file.awards}
        self._publish_lists_of(sorted(bodies))
