"""Builders of tracks to two awards: A of ma-demo, B of be-fl-demo.

Bruno is an officer: of ma-demo, which keeps the tracks, or of be-fl-demo.
"""

from datetime import date

from sqlalchemy import select

from recognition_service.dual_certification.award_rules import AwardDecision
from recognition_service.dual_certification.decide_award import decide_award
from recognition_service.dual_certification.enrolment import NewParticipant, NewTrack
from recognition_service.dual_certification.lifecycle import AwardStatus, How
from recognition_service.dual_certification.open_track import open_track
from recognition_service.dual_certification.record_result import record_result
from recognition_service.dual_certification.track_file import open_file
from recognition_service.equivalence.standards import Result, ResultKind
from recognition_service.storage.models import AuditEntry
from tests.builders import an_authority, bruno

MOROCCO, FLANDERS, THIRD = "ma-demo", "be-fl-demo", "nl-demo"
EVIDENCE = "sha256-" + "A" * 43
BOTH = ({"target": "A", "rule": "std-a-4.2"}, {"target": "B", "rule": "std-b-7"})
QUALIFICATIONS = {
    "A": "ma-cnc--specialised-technician-diploma",
    "B": "be-fl-vks--associate-degree",
    "C": "nl-nlqf--associate-degree",
}
BODIES = {"A": MOROCCO, "B": FLANDERS, "C": THIRD}
AMINA = NewParticipant(
    family_name="Haddad", given_name="Amina", birth_date=date(2003, 5, 17)
)


def a_corridor(runtime):
    """Found the authorities of Morocco, Flanders and the Netherlands."""
    for authority_id, country, jurisdiction in (
        (MOROCCO, "MA", "MA"),
        (FLANDERS, "BE", "BE-FL"),
        (THIRD, "NL", "NL"),
    ):
        an_authority(runtime, authority_id, country=country, jurisdiction=jurisdiction)
    return runtime


def a_target(key, **more):
    return {
        "key": key,
        "qualification": QUALIFICATIONS[key],
        "authority": BODIES[key],
        "requirements": {"credits": 60},
        "depends_on": None,
        "basis": "programme",
    } | more


def a_unit(number, **more):
    return {
        "id": f"u{number}",
        "title": f"Unit {number}",
        "credits": "30",
        "hours": None,
        "provider": "Example school",
        "place": "MA",
        "phase": 1,
        "counts_for": list(BOTH),
        "learning_outcomes": [],
        "covers_differences": [],
        "costs": [],
    } | more


def a_curriculum(*, targets=None, units=None, destinations=()):
    return {
        "targets": targets or [a_target("A"), a_target("B")],
        "units": units or [a_unit(1), a_unit(2)],
        "destinations": list(destinations),
    }


def a_new_track(**more):
    curriculum = {
        name: more.pop(name)
        for name in ("targets", "units", "destinations")
        if name in more
    }
    known = {
        "participant_ref": "P-0042",
        "curriculum": a_curriculum(**curriculum),
        "programme": "prog-example-1",
        "participant": AMINA,
    }
    return NewTrack(**(known | more))


def opened(runtime, caller=None, **more):
    caller = caller or bruno(runtime, MOROCCO)
    with runtime.database.transaction() as session:
        return open_track(
            session,
            caller,
            a_new_track(**more),
            edition=runtime.edition(caller.authority_id),
            now=runtime.now(),
        )


def file_of(runtime, track, authority_id=MOROCCO):
    with runtime.database.reading() as session:
        return open_file(session, authority_id, track)


def achieve(runtime, track, *units, kind=ResultKind.ASSESSED, caller=None):
    result = Result(date(2026, 10, 1), "Example assessor", EVIDENCE, kind)
    caller = caller or bruno(runtime, MOROCCO)
    for unit in units:
        with runtime.database.transaction() as session:
            record_result(session, caller, track, unit, result, now=runtime.now())


def decide(runtime, track, target, caller=None, **decision):
    """Decide about an award; without more it is earned."""
    known = {
        "status": AwardStatus.AWARDED,
        "how": How.EARNED,
        "awarded_on": date(2026, 10, 30),
    }
    caller = caller or bruno(runtime, BODIES[target])
    with runtime.database.transaction() as session:
        decide_award(
            session,
            caller,
            track,
            target,
            AwardDecision(**(decision or known)),
            now=runtime.now(),
        )


def revoke(runtime, track, target):
    reason = "The evidence was forged."
    decide(runtime, track, target, status=AwardStatus.REVOKED, reason=reason)


def standing(runtime, track):
    """The status of each award by its key."""
    return {award.target: award.status for award in file_of(runtime, track).awards}


def audited(runtime, authority_id):
    """Actions about tracks in an authority's audit, with actor and content."""
    with runtime.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.authority_id == authority_id,
                AuditEntry.action.startswith("dual_certification."),
            )
            .order_by(AuditEntry.at, AuditEntry.id)
        )
        return [
            (
                entry.action.removeprefix("dual_certification."),
                entry.actor,
                entry.content,
            )
            for entry in entries
        ]
