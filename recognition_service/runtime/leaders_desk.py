"""Acts of bodies here in requests that another installation leads."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from recognition_service.authorities.access import Caller
from recognition_service.mutual_recognition.act_kinds import ActKind
from recognition_service.mutual_recognition.acts import Act, ActDesk
from recognition_service.mutual_recognition.ask_leader import (
    ask_leader,
    is_led_elsewhere,
)
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.sides import VersionCheck, any_version
from recognition_service.mutual_recognition.sign_agreement import Publisher
from recognition_service.runtime.keys_desk import KeysDesk


class LeadersDesk(KeysDesk):
    """Asks the installation that leads a request."""

    @cached_property
    def _publisher(self) -> Publisher:
        return Publisher(self.public_url, self.table_schema)

    def ask_leader(
        self,
        caller: Caller,
        request_id: UUID,
        kind: ActKind,
        given: Mapping[str, Any],
        *,
        check: VersionCheck,
    ) -> bool:
        """Ask that an act happens if another installation leads; tell whether it does.

        Raises:
            MutualRequestNotFoundError: The authority takes part in no such request.
            ActPendingError: Another act of it is on its way.
            RecognitionError: The act cannot be done; as its use case.
        """
        now = self.now()
        with self.database.reading() as session:
            if not is_led_elsewhere(session, caller.authority_id, request_id):
                return False
        desk = self._act_desk(caller.authority_id, caller.authority_id, check)
        with self.database.transaction() as session:
            ask_leader(
                session, caller, request_id, Act(kind, given, now), desk, now=now
            )
        return True

    def _act_desk(
        self, leader: str, forwarded_to: str, check: VersionCheck = any_version
    ) -> ActDesk:
        return ActDesk(
            Service(self.edition(leader), self.public_url),
            self._publisher,
            self.edition(forwarded_to),
            check,
        )
