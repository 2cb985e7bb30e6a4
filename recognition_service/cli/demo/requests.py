"""What the people of the stories ask for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from recognition_service.recognition.submit import NewApplicant, NewRequest
from recognition_service.recognition.vocabulary import Stage

_RECOGNISED = {
    "recognised": "yes",
    "quality_assured": "yes",
    "source": "Example: confirmed by the awarding body in writing",
}


def a_request(
    kind: str,
    destination: str,
    applicant: NewApplicant,
    holds: Mapping[str, Any],
    *,
    stage: Stage = Stage.IN_DESTINATION,
) -> NewRequest:
    """Return a request for general employment."""
    return NewRequest(
        decision_kind=kind,
        purpose="general_employment",
        jurisdiction=destination,
        applicant=applicant,
        held=(holds,),
        stage=stage,
        external_reference="example",
    )


def nurse_request(
    born: date, started_on: str, kind: str = "professional_access"
) -> NewRequest:
    """Return a Croatian nurse's request for access to the profession in France."""
    return NewRequest(
        decision_kind=kind,
        purpose="regulated_profession",
        jurisdiction="FR",
        profession="nurse_general",
        applicant=person("Horvat", "Marija", born),
        held=(
            held(
                "hr--svjedodzba-prvostupnik-baccalaureus-prvostupnica-baccalaurea-"
                "sestrinstva",
                "HR",
                awarded_on=f"{int(started_on[:4]) + 3}-07-04",
                training_started_on=started_on,
                awarding_body="Zdravstveno veleučilište (example)",
            ),
        ),
        external_reference="example",
    )


def person(
    family_name: str, given_name: str, born: date, on_evidence: str | None = None
) -> NewApplicant:
    """Return a person of the stories."""
    names = ({"kind": "on_evidence", "name": on_evidence},) if on_evidence else ()
    return NewApplicant(
        family_name=family_name,
        given_name=given_name,
        birth_date=born,
        other_names=names,
    )


def held(
    qualification: str,
    origin: str,
    *,
    awarded_on: str,
    awarding_body: str,
    training_started_on: str | None = None,
) -> dict[str, Any]:
    """Return a held qualification, confirmed by the body that awarded it."""
    return {
        "qualification": qualification,
        "origin": origin,
        "awarded_on": awarded_on,
        "training_started_on": training_started_on,
        "awarding_body": {"name": awarding_body, "country": origin, "id": None},
        "institution_status": _RECOGNISED,
        "authenticity": {
            "grade": "confirmed_by_issuer",
            "established_on": awarded_on,
        },
    }
