"""Joint awards that bodies of other installations propose, signed with our keys."""

from collections.abc import Callable
from uuid import UUID

from recognition_service.attestations.joint_parts import get_part
from recognition_service.authorities.access import Caller
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.dual_certification.proposed_awards import (
    decide_proposed,
    require_signatory,
    version_of,
)
from recognition_service.runtime.joint_desk import JointDesk

VersionCheck = Callable[[int], None]


class ProposalsDesk(JointDesk):
    """Decides and signs for a body whose track is kept elsewhere."""

    def decide_proposed(
        self,
        caller: Caller,
        group: UUID,
        status: AwardStatus,
        reason: str | None,
        *,
        check: VersionCheck,
    ) -> None:
        """Make the award that was proposed to the caller's authority, or refuse it.

        Raises:
            RecognitionError: As `proposed_awards.decide_proposed`.
            UnavailableError: A list could not be signed now; the decision holds.
        """
        with self.database.transaction() as session:
            check(version_of(get_part(session, caller.authority_id, group)))
            part = decide_proposed(
                session, caller, group, status, reason, now=self.now()
            )
            bodies = list(part.required)
        if status is AwardStatus.REFUSED:
            self._publish_lists_of(bodies)

    def sign_proposed(
        self, caller: Caller, group: UUID, *, check: VersionCheck
    ) -> None:
        """Sign a proposed joint award for the caller's authority.

        Raises:
            RecognitionError: As `proposed_awards.require_signatory` and `sign_joint`.
        """
        with self.database.reading() as session:
            check(version_of(get_part(session, caller.authority_id, group)))
            prepared_by = require_signatory(session, caller, group)
        self.sign_joint(
            caller.authority_id, group, prepared_by=prepared_by, actor=caller.actor
        )
