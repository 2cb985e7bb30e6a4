"""The stories of the demonstration.

Rows, instruments and qualifications are real; persons, institutions' confirmations
and authorities are examples.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from recognition_service.attestations.models import Status
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
from recognition_service.cli.demo.theatre import Sample, Story, Theatre
from recognition_service.credentials import base64url
from recognition_service.recognition.vocabulary import Stage


def play_all(theatre: Theatre) -> list[Sample]:
    """Play all stories; return their attestations and a forged one."""
    samples = theatre.play(_Stories(theatre).all())
    return [*samples, _forged(samples[0])]


class _Stories:
    """What happens to whom; two of the stories are about the same person."""

    _older: Sample

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre

    def all(self) -> list[Story]:
        """Return the stories in the order in which they are told."""
        return [
            self._latvian_bachelor("Bērziņa", "Ilze", date(1994, 5, 17), days_ago=20),
            self._austrian_baker(),
            self._croatian_nurse(),
            self._moroccan_technician(),
            self._provisional_nurse(),
            self._suspended_bachelor(),
            self._replaced_bachelor(),
            self._superseded_bachelor(),
            self._office_that_closed(),
        ]

    # (i) A treaty gives the effect by itself; the statement only records it.

    def _latvian_bachelor(
        self, family_name: str, given_name: str, birth_date: date, *, days_ago: int
    ) -> Story:
        yield days_ago
        request_id, attestation_id = self._theatre.by_rule(
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
        return self._theatre.sample(
            "be-fl-demo",
            request_id,
            attestation_id,
            birth_date,
            label="valid",
            story="A Latvian bakalaura diploms in Flanders: the Benelux-Baltic treaty "
            "recognises its level without any procedure.",
        )

    # (iv) An ordinance equates two examinations; the rule decides.

    def _austrian_baker(self) -> Story:
        yield 15
        born = date(2003, 3, 8)
        request_id, attestation_id = self._theatre.by_rule(
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
        return self._theatre.sample(
            "de-chamber-demo",
            request_id,
            attestation_id,
            born,
            label="valid",
            story="An Austrian Lehrabschlussprüfung as baker in Germany: an ordinance "
            "equates it with the Gesellenprüfung.",
        )

    # (ii) The engine finds; an officer decides and another person signs.

    def _croatian_nurse(self) -> Story:
        yield 12
        born = date(1987, 11, 3)
        request_id, attestation_id = self._theatre.by_officer(
            "fr-nurses-demo", nurse_request(born, "2005-09-19"), conditional_nurse()
        )
        return self._theatre.sample(
            "fr-nurses-demo",
            request_id,
            attestation_id,
            born,
            label="conditional",
            story="A nurse's title of annex V from Croatia in France, training begun "
            "before the reference date: an adaptation period is imposed.",
        )

    # (iii) A level on a grid that no law adopted; partial, and later revoked.

    def _moroccan_technician(self) -> Story:
        yield 40
        born = date(1997, 1, 21)
        request_id, attestation_id = self._theatre.by_officer(
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
        yield 5
        self._theatre.change(
            "be-fr-demo", attestation_id, Status.REVOKED, "award_withdrawn"
        )
        return self._theatre.sample(
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

    def _provisional_nurse(self) -> Story:
        yield 300
        born = date(1990, 6, 2)
        last_day = (self._theatre.today - timedelta(days=30)).date()
        request_id, attestation_id = self._theatre.by_officer(
            "fr-nurses-demo",
            nurse_request(born, "2009-09-21", kind="provisional_authorisation"),
            provisional_nurse(last_day),
        )
        return self._theatre.sample(
            "fr-nurses-demo",
            request_id,
            attestation_id,
            born,
            label="expired",
            story="A provisional authorisation under supervision whose term has ended.",
        )

    def _suspended_bachelor(self) -> Story:
        sample = yield from self._latvian_bachelor(
            "Kalniņš", "Artūrs", date(1991, 9, 30), days_ago=90
        )
        yield 3
        self._theatre.change("be-fl-demo", UUID(sample.id), Status.SUSPENDED, "error")
        return _relabel(
            sample, "suspended", "Suspended while the authority looks into an error."
        )

    def _replaced_bachelor(self) -> Story:
        """A wrong name was found; another attestation will replace this one."""
        self._older = yield from self._latvian_bachelor(
            "Ozolina", "Anna", date(1995, 2, 11), days_ago=60
        )
        return _relabel(
            self._older, "superseded", "Replaced, because the name was misspelt."
        )

    def _superseded_bachelor(self) -> Story:
        newer = yield from self._latvian_bachelor(
            "Ozoliņa", "Anna", date(1995, 2, 11), days_ago=58
        )
        self._theatre.change(
            "be-fl-demo",
            UUID(self._older.id),
            Status.SUPERSEDED,
            "decision_amended",
            superseded_by=UUID(newer.id),
        )
        return _relabel(newer, "valid", "Replaces the one with the misspelt name.")

    def _office_that_closed(self) -> Story:
        yield 10
        born = date(1993, 12, 24)
        request_id, attestation_id = self._theatre.by_rule(
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
        self._theatre.stop_publishing("lu-closed-demo")
        return self._theatre.sample(
            "lu-closed-demo",
            request_id,
            attestation_id,
            born,
            label="stale",
            story="The issuer stopped publishing its status list: nobody can confirm.",
        )


def _relabel(sample: Sample, label: str, story: str) -> Sample:
    return replace(sample, label=label, story=story)


def _forged(genuine: Sample) -> Sample:
    """Return a copy in which somebody raised the level and kept the signature."""
    issuer_part, *disclosures = genuine.sd_jwt.split("~")
    return replace(
        genuine,
        label="forged",
        story="Somebody raised the level in a genuine attestation by hand.",
        token=_raised(genuine.token),
        sd_jwt="~".join((_raised(issuer_part), *disclosures)),
    )


def _raised(token: str) -> str:
    header, payload, signature = token.split(".")
    content = base64url.decode(payload.encode()).decode()
    changed = content.replace('"level":"6"', '"level":"8"')
    return f"{header}.{base64url.encode_text(changed.encode())}.{signature}"
