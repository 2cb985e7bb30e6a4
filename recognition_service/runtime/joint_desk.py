"""Joint awards: each body signs for itself, and all become valid at once."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from uuid import UUID

from recognition_service.attestations import joint_expiry, joint_issue
from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.errors import (
    JointAwardClosedError,
    JointAwardNotFoundError,
)
from recognition_service.attestations.joint_elsewhere import untold_joints
from recognition_service.attestations.joint_parts import lock_group, part_of
from recognition_service.attestations.models import CopyFormat
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.errors import UnavailableError
from recognition_service.runtime.editions_desk import SERVICE
from recognition_service.runtime.trust_desk import TrustDesk


class JointDesk(TrustDesk):
    """Signs joint awards; no transaction is open while a key is used."""

    def open_joint(
        self, record: DecisionRecord, *, expires_on: date, by: str, actor: str
    ) -> UUID:
        """Give every body its part in a joint award, and return the group.

        Raises:
            AuthorityNotFoundError: A body is no authority of this installation.
            JointAwardInvalidError: The record is none of a joint award.
        """
        with self.database.transaction() as session:
            return joint_issue.open_joint(
                session,
                record,
                expires_on=expires_on,
                by=by,
                actor=actor,
                now=self.now(),
            )

    def sign_joint(
        self,
        authority_id: str,
        group_id: UUID,
        *,
        request_id: UUID | None = None,
        prepared_by: str | None = None,
        actor: str,
    ) -> UUID:
        """Issue one body's attestation of a joint award; release all with the last.

        Whatever it is interrupted by: repeating it, or the worker, completes what is
        there and makes nothing twice. `request_id` names the body's own case, and
        `prepared_by` who prepared the award there, if there is one.

        Returns:
            The id of the body's attestation.

        Raises:
            JointAwardNotFoundError: The authority has no part in such an award.
            JointAwardClosedError: It was withdrawn or cancelled, even meanwhile, or
                its last day is over.
            MandateMissingError: No mandate covers the body's own award.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        now = self.now()
        self._require_clock(authority_id, now)
        with self.database.transaction() as session:
            reservation = joint_issue.reserve_joint(
                session,
                authority_id,
                group_id,
                public_url=self.public_url,
                request_id=request_id,
                prepared_by=prepared_by,
                actor=actor,
                now=now,
            )
        self.finish(reservation.intents, actor=actor)
        self.release_joint(group_id, by=authority_id, actor=actor)
        return reservation.attestation_id

    def release_joint(
        self, group_id: UUID, *, by: str | None = None, actor: str = SERVICE
    ) -> bool:
        """Make a joint award valid once all bodies have signed; tell whether it is.

        Raises:
            JointAwardClosedError: It was withdrawn or cancelled.
            UnavailableError: The list of one body could not be signed now.
        """
        with self.database.transaction() as session:
            is_complete = joint_issue.release_joint(
                session, group_id, by=by, actor=actor, now=self.now()
            )
            parties = [part.authority_id for part in lock_group(session, group_id)]
        if is_complete:
            self._publish_lists_of(parties)
        return is_complete

    def cancel_joint(self, authority_id: str, group_id: UUID, *, actor: str) -> None:
        """Give up a joint award that is not complete; what was signed is revoked.

        Raises:
            JointAwardNotFoundError: The authority has no part in such an award.
            JointAwardClosedError: It is complete, or a body has withdrawn.
            UnavailableError: The list of one body could not be signed now.
        """
        with self.database.transaction() as session:
            parties = [part.authority_id for part in lock_group(session, group_id)]
            joint_issue.cancel_joint(
                session, group_id, by=authority_id, actor=actor, now=self.now()
            )
        self._publish_lists_of(parties)

    def withdraw_from_joint(
        self,
        authority_id: str,
        attestation_id: UUID,
        *,
        note: str | None = None,
        actor: str,
    ) -> None:
        """Revoke one body's attestation of a joint award; the others are suspended.

        Raises:
            JointAwardNotFoundError: It is no part of a joint award.
            AttestationPendingError: It is not signed yet.
            StatusTransitionError: It is superseded.
            UnavailableError: The list of one body could not be signed now.
        """
        with self.database.transaction() as session:
            joint_issue.withdraw_from_joint(
                session,
                authority_id,
                attestation_id,
                note=note,
                actor=actor,
                now=self.now(),
            )
        self.publish_change(authority_id, attestation_id)

    def publish_change(self, authority_id: str, attestation_id: UUID) -> None:
        """Publish the lists that a change of an attestation's status concerns.

        Raises:
            UnavailableError: One could not be signed; the others are published.
        """
        with self.database.reading() as session:
            try:
                part = part_of(session, authority_id, attestation_id)
            except JointAwardNotFoundError:
                parties = [authority_id]
            else:
                parties = part.required
        self._publish_lists_of(parties)

    def issue_copy(
        self, authority_id: str, attestation_id: UUID, new: NewCopy, *, actor: str
    ) -> UUID:
        """Issue a further copy of an attestation and return the copy's id.

        An endorsement of a joint award pins the tokens of the other bodies.

        Raises:
            AttestationNotFoundError: The authority has no such attestation.
            AttestationPendingError: Not every body of the joint award has signed.
            CopyNotAllowedError: It does not hold any more.
            NoActiveKeyError: The authority has no key.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        if new.format is CopyFormat.ENDORSEMENT and not new.pinned:
            with (
                suppress(JointAwardNotFoundError),
                self.database.transaction() as session,
            ):
                part = part_of(session, authority_id, attestation_id)
                _, new = joint_issue.joint_endorsement(
                    session, authority_id, part.group_id
                )
        return super().issue_copy(authority_id, attestation_id, new, actor=actor)

    def endorse_joint(self, authority_id: str, group_id: UUID, *, actor: str) -> UUID:
        """Issue a body's endorsement that pins the tokens of the others.

        Returns:
            The id of the copy.

        Raises:
            JointAwardNotFoundError: The authority has no part in such an award.
            AttestationPendingError: Not every body has signed.
            CopyNotAllowedError: The award is not complete.
            NoActiveKeyError: The authority has no key for endorsements.
            UnavailableError: The key cannot be used now, or the clock was put back.
        """
        with self.database.transaction() as session:
            attestation_id, new = joint_issue.joint_endorsement(
                session, authority_id, group_id
            )
        return self.issue_copy(authority_id, attestation_id, new, actor=actor)

    def settle_joints(self) -> None:
        """Release what is complete, and cancel what was not in time.

        Bodies elsewhere are told of signatures that they do not know of.

        The lists are published with all others that are due.
        """
        now = self.now()
        with self.database.reading() as session:
            ready = {*joint_expiry.ready_joints(session), *untold_joints(session)}
            overdue = joint_expiry.overdue_joints(session, now=now)
        for group_id in sorted(ready):
            with (
                suppress(JointAwardClosedError),
                self.database.transaction() as session,
            ):
                joint_issue.release_joint(
                    session, group_id, by=None, actor=SERVICE, now=now
                )
        if overdue:
            with self.database.transaction() as session:
                joint_expiry.expire_joints(session, now=now)

    def _publish_lists_of(self, authorities: Iterable[str]) -> None:
        failed: UnavailableError | None = None
        for authority_id in authorities:
            if is_elsewhere(authority_id):
                continue
            try:
                self.publish_lists(authority_id)
            except UnavailableError as error:
                failed = error
        if failed is not None:
            raise failed
