"""Many cases of an authority, submitted and decided on days of the past."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.recognition.decide import prepare_decision, sign_decision
from recognition_service.recognition.submit import NewApplicant, NewRequest, submit
from recognition_service.storage.ids import new_id
from tests.journeys.office import REMEDY

NAMES = ("Bērziņa", "Haddad", "El Amrani")


@dataclass(frozen=True)
class Group:
    """So many people with one thing in common."""

    count: int
    origin: str = "MA"
    sex: str | None = None
    birth_date: date | None = date(1994, 5, 17)
    outcome: str | None = "full"
    profession: str | None = None
    title: str = "Diplôme"


def day(text, hour=9):
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=UTC)


def a_person(authority_id, now):
    return Caller(
        authority_id,
        new_id(now),
        PrincipalKind.PERSON,
        "Bruno",
        frozenset({Role.OFFICER, Role.SIGNATORY}),
        Mode.TEST,
    )


def a_crowd(runtime, authority_id, groups, *, submitted="2026-07-06", decided=None):
    """Let the people of groups ask, and be decided about, on given days."""
    edition = runtime.edition(authority_id)
    asked_at = day(submitted)
    with runtime.database.transaction() as session:
        place = get_authority(session, authority_id).jurisdiction
        people = [a_person(authority_id, asked_at) for _ in range(2)]
        for group in groups:
            for number in range(group.count):
                request, _ = submit(
                    session,
                    people[0],
                    a_request(place, group, number),
                    edition=edition,
                    now=asked_at,
                )
                if decided is not None and group.outcome is not None:
                    content = a_decision(group.outcome)
                    decide(session, people, request.id, content, edition, day(decided))
    runtime.refresh()


def decide(session, people, request_id, content, edition, now):  # noqa: PLR0917
    bruno, sofia = people
    prepare_decision(session, bruno, request_id, content, edition=edition, now=now)
    sign_decision(session, sofia, request_id, edition=edition, now=now)


def a_decision(outcome):
    """All that any outcome must say."""
    return {
        "outcome": outcome,
        "decision_kind": "level_comparability",
        "reference": {"framework": "EQF", "level": "6"},
        "legal_basis": ["Decree of 28 June 2013, article 12"],
        "text": {"en": "As the file shows."},
        "remedy": REMEDY,
        "differences": [
            {"subject": "Law", "why_essential": "Core.", "why_not_covered": "Absent."}
        ],
        "later_possibilities": ["Ask again with a transcript."],
    }


def a_request(place, group, number):
    return NewRequest(
        decision_kind="level_comparability",
        purpose="general_employment",
        jurisdiction=place,
        profession=group.profession,
        applicant=NewApplicant(
            family_name=NAMES[number % len(NAMES)],
            given_name="Ilze",
            birth_date=group.birth_date,
            sex=group.sex,
        ),
        held=({"title": group.title, "origin": group.origin},),
    )
