"""Experience that a body attests: what it says, and how a case takes it over.

It is attested as a `background_assessment`, which recognises nothing: it states where
somebody has worked, and how that was established. What it says stands in
`reference.experience` of the decision; the attestation carries it as limitations of
what is said, and employer and place as what is held, for the holder to disclose.

Source: EQPR methodology (Council of Europe): an assessment of a background is no act
of recognition.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.attestations.bases import BaseName, within_base
from recognition_service.attestations.errors import BaseNotValidError
from recognition_service.attestations.joint_record import is_joint
from recognition_service.attestations.read import get_attestation
from recognition_service.clock import parse_day
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.errors import ExperienceInvalidError, Fault
from recognition_service.recognition.experience_faults import period_faults
from recognition_service.recognition.vocabulary import DecisionKind, Grade
from recognition_service.wording import LANGUAGES, text

EXPERIENCE = "experience"
"""Code of the limitation that tells what was worked."""


def with_experience(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision in which stated experience is told in words too.

    The words are part of the decision from then on, so that they stay as they are
    signed. A decision that states no experience is returned as it is.

    Raises:
        ExperienceInvalidError: The decision is of a kind that states no experience, or
            a period does not fit.
    """
    stated = (decision.get("reference") or {}).get(EXPERIENCE)
    if not stated:
        return dict(decision)
    faults = list(_faults(decision, stated))
    if faults:
        raise ExperienceInvalidError(faults)
    told = [
        each for each in decision.get("limitations") or () if each["code"] != EXPERIENCE
    ]
    return {**decision, "limitations": [*told, *map(_clause, stated)]}


def attested_periods(
    session: Session, file: CaseFile, base: BaseName, *, now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the periods that a valid attestation states, as a case keeps them.

    Raises:
        BaseNotValidError: It is not valid.
        ExperienceInvalidError: It states no experience, or that of another person.
    """
    named = {"authority": base.authority_id, "id": str(base.id)}
    within_base(session, {"attestation": named}, now=now)
    found = get_attestation(session, base.authority_id, base.id)
    inputs = found.record["inputs"]
    if is_joint(inputs):
        raise BaseNotValidError(base.id)
    stated = ((inputs["decision"] or {}).get("reference") or {}).get(EXPERIENCE)
    if not stated:
        raise ExperienceInvalidError(
            [("attestations", "states_no_experience", "It states no experience.")]
        )
    born_on = file.applicant.birth_date
    other = parse_day(inputs["holder"].get("birth_date"))
    if born_on is not None and other is not None and born_on != other:
        raise ExperienceInvalidError(
            [("attestations", "of_another_person", "It states another birth date.")]
        )
    for each in stated:
        yield {
            "paper": None,
            "tasks": [],
            "supervision": None,
            "hours_per_week": None,
            "full_time_hours": None,
            "occupation": None,
            "employer": None,
            "place": None,
            "ended_on": None,
            **each,
            "attestation": named,
            "authenticity": {
                "grade": Grade.ISSUER_SIGNED.value,
                "established_by": f"authority:{base.authority_id}",
                "established_on": inputs["decided_on"],
            },
        }


def _faults(
    decision: Mapping[str, Any], stated: list[Mapping[str, Any]]
) -> Iterator[Fault]:
    if decision["decision_kind"] != DecisionKind.BACKGROUND_ASSESSMENT:
        yield (
            "reference/experience",
            "not_a_background_assessment",
            "Experience is stated by a background_assessment alone.",
        )
    for number, each in enumerate(stated):
        member = f"reference/experience/{number}"
        yield from period_faults(member, each)


def _clause(stated: Mapping[str, Any]) -> dict[str, Any]:
    """Return a period as a clause: what and how long, neither where nor for whom."""
    return {
        "code": EXPERIENCE,
        "text": {language: _told(stated, language) for language in LANGUAGES},
    }


def _told(stated: Mapping[str, Any], language: str) -> str:
    period = {
        "activity": stated["activity"],
        "from": stated["began_on"],
        "until": stated["ended_on"],
    }
    parts = [
        text("experience.period", period, language),
        *(
            text(f"experience.{name}", {"value": stated[name]}, language)
            for name in ("occupation", "hours_per_week")
            if stated.get(name)
        ),
    ]
    if stated.get("supervision"):
        parts.append(text(f"experience.{stated['supervision']}", {}, language))
    if stated.get("tasks"):
        tasks = "; ".join(stated["tasks"])
        parts.append(text("experience.tasks", {"tasks": tasks}, language))
    return " ".join(parts)
