"""The theatre of the demonstration: it plays the acts of all stories by their days.

What happens in an act goes through the same use cases as by REST.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Any
from uuid import UUID

from recognition_service.attestations.models import CopyFormat, Status
from recognition_service.attestations.publish import pause_publication
from recognition_service.attestations.read import token_of
from recognition_service.attestations.status import change_status
from recognition_service.cli.demo.cast import Office
from recognition_service.delivery.claim import issue_claim_code
from recognition_service.recognition.decide import prepare_decision, sign_decision
from recognition_service.recognition.submit import NewRequest, submit
from recognition_service.runtime.runtime import Runtime


class PlayedClock:
    """A clock that the stories set, so that some of them lie in the past."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """Return the instant that was set last."""
        return self.instant


@dataclass(frozen=True, slots=True)
class Sample:
    """One attestation of the demonstration.

    Attributes:
        label: The state that it is in, such as "revoked".
        story: What happened, in one sentence.
        token: The signed `vc+jwt`.
        sd_jwt: The same for wallets, `dc+sd-jwt`.
        birth_date: Of the person, for a claim.
        claim_code: Shown to the person, None if nobody claims.
    """

    id: str
    authority: str
    label: str
    story: str
    token: str
    sd_jwt: str
    request_id: UUID
    birth_date: date
    claim_code: str | None = None


Story = Generator[int, None, Sample]
"""Says before each act how many days ago it happened; returns its attestation."""


class Theatre:
    """An installation on which stories are played at the instants that they need.

    Attributes:
        today: The instant at which the demonstration is shown.
    """

    def __init__(
        self, runtime: Runtime, clock: PlayedClock, offices: Mapping[str, Office]
    ) -> None:
        self.today = clock.instant
        self._runtime = runtime
        self._clock = clock
        self._offices = offices

    def play(self, stories: list[Story]) -> list[Sample]:
        """Play all stories and publish what has changed; return the attestations."""
        samples = self._in_order(stories)
        self._clock.instant = self.today
        self._runtime.publish_lists()
        return samples

    def _in_order(self, stories: list[Story]) -> list[Sample]:
        """Play the acts of all stories in the order of their days."""
        samples: dict[int, Sample] = {}
        agenda = [(-next(story), place) for place, story in enumerate(stories)]
        heapify(agenda)
        while agenda:
            days, place = heappop(agenda)
            self._clock.instant = self.today + timedelta(days=days)
            try:
                heappush(agenda, (-next(stories[place]), place))
            except StopIteration as ended:
                samples[place] = ended.value
        return [samples[place] for place in sorted(samples)]

    def by_rule(self, office: str, new: NewRequest) -> tuple[UUID, UUID]:
        """Submit what a rule decides; return the ids of request and attestation."""
        runtime, officer = self._runtime, self._offices[office].callers["officer"]
        with runtime.database.transaction() as session:
            request, signed = submit(
                session,
                officer,
                new,
                edition=runtime.edition(office),
                now=runtime.now(),
            )
        if signed is None:
            raise RuntimeError([reason["code"] for reason in request.routing_reasons])
        return request.id, self._issued(office, signed, officer.actor)

    def by_officer(
        self, office: str, new: NewRequest, decision: Mapping[str, Any]
    ) -> tuple[UUID, UUID]:
        """Submit, decide and sign; return the ids of request and attestation."""
        runtime, callers = self._runtime, self._offices[office].callers
        edition, now = runtime.edition(office), runtime.now()
        with runtime.database.transaction() as session:
            request, _ = submit(
                session, callers["officer"], new, edition=edition, now=now
            )
        with runtime.database.transaction() as session:
            prepare_decision(
                session,
                callers["officer"],
                request.id,
                decision,
                edition=edition,
                now=now,
            )
        with runtime.database.transaction() as session:
            _, signed = sign_decision(
                session, callers["signatory"], request.id, edition=edition, now=now
            )
        return request.id, self._issued(office, signed, callers["signatory"].actor)

    def _issued(self, office: str, signed: Any, actor: str) -> UUID:
        attestation_id = self._runtime.issue(office, signed, actor=actor)
        if attestation_id is None:
            raise RuntimeError(office)
        return attestation_id

    def change(
        self,
        office: str,
        attestation_id: UUID,
        status: Status,
        reason: str,
        superseded_by: UUID | None = None,
    ) -> None:
        """Change the status of an attestation and publish it."""
        with self._runtime.database.transaction() as session:
            change_status(
                session,
                office,
                attestation_id,
                status=status,
                reason=reason,
                note="Example",
                superseded_by=superseded_by,
                actor=self._offices[office].callers["officer"].actor,
                now=self._clock.instant,
            )
        self._runtime.publish_lists(office)

    def stop_publishing(self, office: str) -> None:
        """Let an office publish no status list any more."""
        with self._runtime.database.transaction() as session:
            pause_publication(session, office, now=self._clock.instant)

    def sample(
        self,
        office: str,
        request_id: UUID,
        attestation_id: UUID,
        birth_date: date,
        *,
        label: str,
        story: str,
    ) -> Sample:
        """Return an attestation in all the forms that are shown."""
        with self._runtime.database.reading() as session:
            token = token_of(session, office, attestation_id)
            sd_jwt = token_of(session, office, attestation_id, CopyFormat.SD_JWT_VC)
        return Sample(
            str(attestation_id),
            office,
            label,
            story,
            token,
            sd_jwt,
            request_id,
            birth_date,
        )


def claim_code_for(runtime: Runtime, office: Office, sample: Sample) -> str:
    """Return a claim code for the person of a sample."""
    with runtime.database.transaction() as session:
        code, _ = issue_claim_code(
            session, office.callers["officer"], sample.request_id, now=runtime.now()
        )
    return code
