"""A case as it is played: day by day, by an office, under the rules that apply."""

from datetime import datetime

from recognition_service.authorities.found import NewAuthority
from recognition_service.authorities.models import Mode
from recognition_service.cli.demo.cast import Plan, open_office
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.worker.loop import turn
from tests.journeys.office import REMEDY, Office
from tests.recognition.files import a_pdf

CASES = "/recognition-requests"
PLANS = {
    "ES": ("es-office", "Ministerio (ejemplo)", "ES", "Europe/Madrid"),
    "DE": ("de-office", "Anerkennungsstelle (Beispiel)", "DE", "Europe/Berlin"),
    "DE-BE": ("de-be-office", "Berlin (Beispiel)", "DE", "Europe/Berlin"),
    "CA-QC": ("qc-office", "Ordre (exemple)", "CA", "America/Toronto"),
    "FR": ("fr-office", "Ordre (exemple)", "FR", "Europe/Paris"),
    "NL": ("nl-office", "Dienst (voorbeeld)", "NL", "Europe/Amsterdam"),
    "BE-FR": ("fwb-office", "Service (exemple)", "BE", "Europe/Brussels"),
}


def found(runtime, place):
    """Found an office with a mandate for a place; return the keys of its people."""
    name, title, country, zone = PLANS[place]
    authority = NewAuthority(
        id=name,
        name=title,
        country=country,
        jurisdiction=place,
        mode=Mode.TEST,
        time_zone=zone,
    )
    plan = Plan(authority, {"jurisdictions": [place]})
    return dict(open_office(runtime, plan).api_keys)


class Play:
    """One case, the office that handles it, and the clock of both."""

    def __init__(self, runtime, clock, client, api_keys):
        self.runtime = runtime
        self.clock = clock
        self.office = Office(client, api_keys)
        self.client = client
        self.id = None

    def on(self, instant):
        """Let time pass until an instant such as "2026-11-02T09:00+01:00"."""
        self.clock.instant = datetime.fromisoformat(instant)
        return self

    def night(self):
        """Let the worker do what is due until nothing is left."""
        while turn(self.runtime):
            pass
        turn(self.runtime)
        return self

    @property
    def of(self):
        return f"{CASES}/{self.id}"

    @property
    def case(self):
        return self.office.get(self.of).json

    def submit(self, body):
        answer = self.office.post(CASES, body)
        assert answer.status_code == 201, answer.json
        self.id = answer.json["id"]
        return answer.json

    def try_step(self, name, **members):
        return self.office.post(f"{self.of}/steps", {"step": name, **members})

    def step(self, name, **members):
        answer = self.try_step(name, **members)
        assert answer.status_code == 200, answer.json
        return answer.json

    def hand_in(self, *kinds):
        """Hand papers in, all of them scans."""
        for kind in kinds:
            content = a_pdf(b"1 0 obj\n<< /Title (%s) >>\nendobj" % kind.encode())
            paper = {
                "kind": kind,
                "title": kind,
                "media_type": "application/pdf",
                "bytes": len(content),
                "digest": digest_of_bytes(content),
                "channel": "portal",
            }
            announced = self.office.post(f"{self.of}/papers", paper)
            assert announced.status_code == 201, announced.json
            key = self.office.api_keys["officer"]
            answer = self.client.put(
                announced.headers["Location"],
                data=content,
                headers={"Authorization": f"Bearer {key}"},
            )
            assert answer.status_code == 201, answer.json

    def limit(self, name):
        """Return one time limit: its last day and its state."""
        for each in self.case["time_limits"]:
            if each["id"] == name:
                return each["due_on"], each["state"]
        return None

    def decide(self, **decision):
        prepared = self.office.decide(self.id, decision)
        assert prepared.status_code == 200, prepared.json
        signed = self.office.sign(self.id)
        assert signed.status_code == 200, signed.json
        return signed.json

    def change(self, path, body):
        answer = self.office.change(f"{self.of}/{path}", body, of=self.of)
        assert answer.status_code == 200, answer.json
        return answer.json

    def attested(self):
        """Return the attestation of the decision that holds."""
        attestation = self.case["attestation"]["id"]
        return self.office.get(f"/attestations/{attestation}").json

    def verdict(self, attestation=None):
        """Return what a verifier is told about an attestation of the case."""
        attestation = attestation or self.case["attestation"]["id"]
        token = self.office.token(attestation)
        answer = self.client.post("/api/v1/verifications", json={"credential": token})
        return answer.json["verdict"], answer.json["code"]

    def letters(self):
        """Return the kinds of the letters that were written, oldest first."""
        listed = self.office.get(f"{self.of}/letters").json["items"]
        return [letter["kind"] for letter in listed]

    def happened(self):
        return [event["event"] for event in self.case["history"]]


def a_request(origin, destination, title, **more):
    """Return a request for access to a profession, or for another decision."""
    applicant = {
        "family_name": "Haddad",
        "given_name": "Amina",
        "birth_date": "1996-02-29",
        "beneficiary_basis": more.pop("beneficiary", "not_stated"),
    }
    held = {"title": title, "origin": origin, "awarded_on": "2019-06-28"}
    return {
        "language": "fr",
        "decision_kind": "professional_access",
        "purpose": "regulated_profession",
        "destination": {
            "jurisdiction": destination,
            "profession": more.pop("profession", None),
        },
        "applicant": applicant,
        "held_qualifications": [held | more.pop("held", {})],
    } | more


A_DIFFERENCE = {
    "subject": "Clinical practice in psychiatry",
    "why_essential": "Nurses of the destination work in psychiatric care.",
    "why_not_covered": "The practice shown is in surgery only.",
}
REFERENCE = {"profession": "nurse_general"}


def a_decision(outcome, **more):
    """Return a decision with everything that any regime asks for."""
    said = {
        "outcome": outcome,
        "decision_kind": "professional_access",
        "reference": REFERENCE,
        "legal_basis": ["Individual assessment"],
        "remedy": REMEDY,
        "text": {"en": "Decided after assessing your papers."},
    }
    if outcome != "full":
        said["differences"] = [A_DIFFERENCE]
    if outcome in {"conditional", "partial"}:
        said |= {"level_required": "d", "level_held": "c"}
        said["existing_qualifications"] = ["Training of three years"]
    if outcome == "conditional":
        said["measures"] = [{"code": "aptitude_test"}, {"code": "adaptation_period"}]
    if outcome == "refused":
        said["later_possibilities"] = {"en": "Apply again after further training."}
    return said | more
