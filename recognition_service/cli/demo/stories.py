"""The stories of the demonstration, played through the same use cases as by REST.

Rows, instruments and qualifications are real; persons, institutions' confirmations
and authorities are examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from recognition_service.attestations.models import Status
from recognition_service.attestations.publish import pause_publication
from recognition_service.attestations.read import token_of
from recognition_service.attestations.status import change_status
from recognition_service.cli.demo.cast import Office
from recognition_service.cli.demo.decisions import (
    conditional_nurse,
    partial_technician,
    provisional_nurse,
)
from recognition_service.cli.demo.requests import (
    a_request,
    held,
    nurse_request,
    person,
)
from recognition_service.credentials import base64url
from recognition_service.delivery.claim import issue_claim_code
from recognition_service.recognition.decide import prepare_decision, sign_decision
from recognition_service.recognition.submit import NewRequest, submit
from recognition_service.recognition.vocabulary import Stage
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
        token: The signed token.
        birth_date: Of the person, for a claim.
        claim_code: Shown to the person, None if nobody claims.
    """

    id: str
    authority: str
    label: str
    story: str
    token: str
    request_id: UUID
    birth_date: date
    claim_code: str | None = None


class Theatre:
    """Plays stories on an installation, at the instants that they need."""

    def __init__(
        self, runtime: Runtime, clock: PlayedClock, offices: Mapping[str, Office]
    ) -> None:
        self._runtime = runtime
        self._clock = clock
        self._offices = offices
        self._today = clock.instant

    def play(self) -> list[Sample]:
        """Play all stories and return their attestations."""
        samples = [
            self._latvian_bachelor("Bērziņa", "Ilze", date(1994, 5, 17), days_ago=20),
            self._austrian_baker(),
            self._croatian_nurse(),
            self._moroccan_technician(),
            self._provisional_nurse(),
            self._suspended_bachelor(),
            *self._superseded_bachelor(),
            self._office_that_closed(),
        ]
        self._clock.instant = self._today
        self._runtime.publish_lists()
        return [*samples, _forged(samples[0])]

    # (i) A treaty gives the effect by itself; the statement only records it.

    def _latvian_bachelor(
        self, family_name: str, given_name: str, birth_date: date, *, days_ago: int
    ) -> Sample:
        self._go_back(days_ago)
        request_id, attestation_id = self._by_rule(
            "be-fl-demo",
            a_request(
                "level_comparability",
                "BE-FL",
                person(family_name, given_name, birth_date),
                held(
                    "lv-lki--bakalaura-diploms",
                    "LV",
                    awarded_on="2019-06-28",
                    training_started_on="2016-09-01",
                    awarding_body="Latvijas Universitāte",
                ),
                stage=Stage.PRE_DEPARTURE,
            ),
        )
        return self._sample(
            "be-fl-demo",
            request_id,
            attestation_id,
            birth_date,
            label="valid",
            story="A Latvian bakalaura diploms in Flanders: the Benelux-Baltic treaty "
            "recognises its level without any procedure.",
        )

    # (iv) An ordinance equates two examinations; the rule decides.

    def _austrian_baker(self) -> Sample:
        self._go_back(15)
        born = date(2003, 3, 8)
        request_id, attestation_id = self._by_rule(
            "de-chamber-demo",
            a_request(
                "equivalence_finding",
                "DE",
                person("Huber", "Lukas", born),
                held(
                    "at--lehrabschlusspruefung-im-lehrberuf-baecker",
                    "AT",
                    awarded_on="2023-07-07",
                    training_started_on="2020-08-01",
                    awarding_body="Lehrlingsstelle (example)",
                ),
            ),
        )
        return self._sample(
            "de-chamber-demo",
            request_id,
            attestation_id,
            born,
            label="valid",
            story="An Austrian Lehrabschlussprüfung as baker in Germany: an ordinance "
            "equates it with the Gesellenprüfung.",
        )

    # (ii) The engine finds; an officer decides and another person signs.

    def _croatian_nurse(self) -> Sample:
        self._go_back(12)
        born = date(1987, 11, 3)
        request_id, attestation_id = self._by_officer(
            "fr-nurses-demo", nurse_request(born, "2005-09-19"), conditional_nurse()
        )
        return self._sample(
            "fr-nurses-demo",
            request_id,
            attestation_id,
            born,
            label="conditional",
            story="A nurse's title of annex V from Croatia in France, training begun "
            "before the reference date: an adaptation period is imposed.",
        )

    # (iii) A level on a grid that no law adopted; partial, and later revoked.

    def _moroccan_technician(self) -> Sample:
        self._go_back(40)
        born = date(1997, 1, 21)
        request_id, attestation_id = self._by_officer(
            "be-fr-demo",
            a_request(
                "equivalence_finding",
                "BE-FR",
                person("El Amrani", "Yassine", born, "ياسين العمراني"),
                held(
                    "ma-cnc--specialised-technician-diploma",
                    "MA",
                    awarded_on="2018-07-13",
                    awarding_body="Institut de formation (example)",
                ),
            ),
            partial_technician(),
        )
        self._go_back(5)
        self._change("be-fr-demo", attestation_id, Status.REVOKED, "award_withdrawn")
        return self._sample(
            "be-fr-demo",
            request_id,
            attestation_id,
            born,
            label="revoked",
            story="A Moroccan Technicien spécialisé in the French Community of "
            "Belgium: partial equivalence by an officer, revoked when the awarding "
            "body withdrew the diploma.",
        )

    # A decision whose last day is over.

    def _provisional_nurse(self) -> Sample:
        self._go_back(300)
        born = date(1990, 6, 2)
        last_day = (self._today - timedelta(days=30)).date()
        request_id, attestation_id = self._by_officer(
            "fr-nurses-demo",
            nurse_request(born, "2009-09-21", kind="provisional_authorisation"),
            provisional_nurse(last_day),
        )
        return self._sample(
            "fr-nurses-demo",
            request_id,
            attestation_id,
            born,
            label="expired",
            story="A provisional authorisation under supervision whose term has ended.",
        )

    def _suspended_bachelor(self) -> Sample:
        sample = self._latvian_bachelor(
            "Kalniņš", "Artūrs", date(1991, 9, 30), days_ago=90
        )
        self._go_back(3)
        self._change("be-fl-demo", UUID(sample.id), Status.SUSPENDED, "error")
        return self._relabel(
            sample, "suspended", "Suspended while the authority looks into an error."
        )

    def _superseded_bachelor(self) -> list[Sample]:
        """A wrong name was found; a new attestation replaces the first one."""
        older = self._latvian_bachelor(
            "Ozolina", "Anna", date(1995, 2, 11), days_ago=60
        )
        newer = self._latvian_bachelor(
            "Ozoliņa", "Anna", date(1995, 2, 11), days_ago=58
        )
        self._change(
            "be-fl-demo",
            UUID(older.id),
            Status.SUPERSEDED,
            "decision_amended",
            superseded_by=UUID(newer.id),
        )
        return [
            self._relabel(
                older, "superseded", "Replaced, because the name was misspelt."
            ),
            self._relabel(newer, "valid", "Replaces the one with the misspelt name."),
        ]

    def _office_that_closed(self) -> Sample:
        self._go_back(10)
        born = date(1993, 12, 24)
        request_id, attestation_id = self._by_rule(
            "lu-closed-demo",
            a_request(
                "level_comparability",
                "LU",
                person("Jansone", "Elīna", born),
                held(
                    "lv-lki--bakalaura-diploms",
                    "LV",
                    awarded_on="2016-06-30",
                    awarding_body="Rīgas Tehniskā universitāte",
                ),
            ),
        )
        with self._runtime.database.transaction() as session:
            pause_publication(session, "lu-closed-demo", now=self._clock.instant)
        return self._sample(
            "lu-closed-demo",
            request_id,
            attestation_id,
            born,
            label="stale",
            story="The issuer stopped publishing its status list: nobody can confirm.",
        )

    def _go_back(self, days: int) -> None:
        self._clock.instant = self._today - timedelta(days=days)

    def _by_rule(self, office: str, new: NewRequest) -> tuple[UUID, UUID]:
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

    def _by_officer(
        self, office: str, new: NewRequest, decision: Mapping[str, Any]
    ) -> tuple[UUID, UUID]:
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

    def _change(
        self,
        office: str,
        attestation_id: UUID,
        status: Status,
        reason: str,
        superseded_by: UUID | None = None,
    ) -> None:
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

    def _sample(
        self,
        office: str,
        request_id: UUID,
        attestation_id: UUID,
        birth_date: date,
        *,
        label: str,
        story: str,
    ) -> Sample:
        with self._runtime.database.reading() as session:
            token = token_of(session, office, attestation_id)
        return Sample(
            str(attestation_id), office, label, story, token, request_id, birth_date
        )

    @staticmethod
    def _relabel(sample: Sample, label: str, story: str) -> Sample:
        return replace(sample, label=label, story=story)


def claim_code_for(runtime: Runtime, office: Office, sample: Sample) -> str:
    """Return a claim code for the person of a sample."""
    with runtime.database.transaction() as session:
        code, _ = issue_claim_code(
            session, office.callers["officer"], sample.request_id, now=runtime.now()
        )
    return code


def _forged(genuine: Sample) -> Sample:
    """Return a copy in which somebody raised the level and kept the signature."""
    header, payload, signature = genuine.token.split(".")
    content = base64url.decode(payload.encode()).decode()
    changed = content.replace('"level":"6"', '"level":"8"')
    forged = f"{header}.{base64url.encode_text(changed.encode())}.{signature}"
    return replace(
        genuine,
        label="forged",
        story="Somebody raised the level in a genuine attestation by hand.",
        token=forged,
    )
