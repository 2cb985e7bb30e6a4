"""An office at work: the two people of an authority, each with an API key."""

from recognition_service.authorities.mandates import grant_mandate

API = "/api/v1"
CONFIRMED = {"grade": "confirmed_by_issuer", "established_on": "2026-11-02"}
RECOGNISED = {
    "recognised": "yes",
    "quality_assured": "yes",
    "source": "https://example.org/register",
}
REMEDY = {"body": "Administrative court", "route": "In writing", "within_days": 60}


class Office:
    """Calls the service as the officer or as the signatory of one authority."""

    def __init__(self, client, api_keys):
        self.client = client
        self.api_keys = api_keys

    def call(self, method, path, body=None, *, as_="officer", **headers):
        return self.client.open(
            API + path,
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.api_keys[as_]}", **headers},
        )

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body, **more):
        return self.call("POST", path, body, **more)

    def change(self, path, body, *, of, as_="officer", method="PUT"):
        """Change a sub-resource, naming the version of the object that was read."""
        etag = self.get(of, as_=as_).headers["ETag"]
        return self.call(method, path, body, as_=as_, **{"If-Match": etag})

    def decide(self, request_id, decision):
        of = f"/recognition-requests/{request_id}"
        return self.change(f"{of}/decision", decision, of=of)

    def sign(self, request_id, as_="signatory"):
        of = f"/recognition-requests/{request_id}"
        return self.change(f"{of}/decision/signature", {}, of=of, as_=as_)

    def token(self, attestation_id):
        answer = self.get(f"/attestations/{attestation_id}.jwt")
        assert answer.status_code == 200
        return answer.get_data(as_text=True)


def verify(client, token, **more):
    answer = client.post(f"{API}/verifications", json={"credential": token, **more})
    assert answer.status_code == 200
    return answer.json


def a_bachelor(**changes):
    """Ilze's request: a Latvian bachelor's degree in Flanders."""
    held = {
        "qualification": "lv-lki--bakalaura-diploms",
        "title": "Bakalaura diploms",
        "origin": "LV",
        "awarded_on": "2019-06-28",
        "training_started_on": "2016-09-01",
        "awarding_body": {"name": "Latvijas Universitāte", "country": "LV"},
        "institution_status": RECOGNISED,
        "authenticity": CONFIRMED,
    }
    return {
        "language": "en",
        "decision_kind": "level_comparability",
        "purpose": "general_employment",
        "stage": "pre_departure",
        "destination": {"jurisdiction": "BE-FL", "profession": None},
        "external_reference": "HR-77",
        "applicant": {
            "family_name": "Bērziņa",
            "given_name": "Ilze",
            "birth_date": "1994-05-17",
        },
        "held_qualifications": [held | changes.pop("held", {})],
    } | changes


def a_technician():
    """Yassine's request: a Moroccan diploma in the French Community of Belgium."""
    return a_bachelor(
        decision_kind="equivalence_finding",
        destination={"jurisdiction": "BE-FR"},
        applicant={
            "family_name": "El Amrani",
            "given_name": "Yassine",
            "birth_date": "1997-01-21",
            "other_names": [{"kind": "on_evidence", "name": "ياسين العمراني"}],
        },
        held={
            "qualification": "ma-cnc--specialised-technician-diploma",
            "title": None,
            "origin": "MA",
            "awarded_on": "2018-07-13",
        },
    )


def a_partial_decision(**changes):
    return {
        "outcome": "partial",
        "decision_kind": "equivalence_finding",
        "reference": {
            "qualification": "Deux années d'enseignement supérieur",
            "framework": "BE-FR-CFC",
            "level": "5",
        },
        "differences": [
            {
                "subject": "Final project",
                "why_essential": "The reference diploma ends in one.",
                "why_not_covered": "No practice in the field was shown.",
            }
        ],
        "limitations": [{"code": "no_academic_degree", "text": {"en": "No degree."}}],
        "legal_basis": ["Individual assessment"],
        "remedy": REMEDY,
        "text": {"en": "Two years are recognised."},
    } | changes


def allow_background_assessments(runtime):
    """Give be-fl-demo a mandate to state where people have worked."""
    with runtime.database.transaction() as session:
        grant_mandate(
            session,
            "be-fl-demo",
            {
                "jurisdictions": ["BE-FL"],
                "decision_kinds": ["background_assessment"],
                "basis": "Example mandate for experience",
                "valid_from": "2026-01-01",
            },
            actor="service",
            now=runtime.now(),
        )
    runtime.refresh()
