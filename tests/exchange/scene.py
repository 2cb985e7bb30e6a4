"""Two bodies in two installations that make one award."""

from tests.exchange.two import FLANDERS, RIGA, carry
from tests.journeys.paths import LIST, a_target, achieve, award, opened, put

TODAY = "2026-11-02"
JOINT = "/joint-awards"
UNITS = ("u1", "u2", "u3", "u4", "u5")
ISSUERS = [f"{RIGA}/issuers/ma-demo", f"{FLANDERS}/issuers/be-fl-demo"]


class Scene:
    """Ghent keeps the track in Flanders; Rabat, which is to award A, is at Riga."""

    def __init__(self, flanders, riga, wire):
        self.flanders, self.riga, self.wire = flanders, riga, wire
        self.sides = (flanders, riga)
        self.ghent = flanders.office("be-fl-demo")
        self.rabat = riga.office("ma-demo")
        targets = [a_target("A", authority="ma-demo@riga"), a_target("B")]
        self.track = achieve(self.ghent, opened(self.ghent, targets=targets), *UNITS)
        made = award(self.ghent, self.track, "B", awarded_on=TODAY)
        assert made.status_code == 200, made.json

    def carry(self):
        carry(self.wire, *self.sides)

    def sign(self):
        """Let Ghent sign; return the track."""
        track = self.read()
        answer = put(self.ghent, track, "joint/signature", {}, as_="signatory")
        assert answer.status_code == 200, answer.json
        return answer.json

    def read(self):
        return self.ghent.get(f"{LIST}/{self.track['id']}").json

    def award(self, target):
        (found,) = (each for each in self.read()["awards"] if each["target"] == target)
        return found

    def proposed(self):
        """Return the joint award that Rabat knows and that is not over, whole."""
        items = self.rabat.get(JOINT).json["items"]
        *_, item = sorted(items, key=lambda item: item["opened_at"])
        return self.rabat.get(f"{JOINT}/{item['id']}").json

    def decide(self, status="awarded", reason=None):
        body = {"status": status, "reason": reason}
        return act(self.rabat, self.proposed(), "award", body)

    def sign_proposed(self):
        return act(self.rabat, self.proposed(), "signature", as_="signatory")

    def both_sign(self):
        """Let both sign; return the ids of their attestations."""
        self.sign()
        self.carry()
        assert self.decide().status_code == 200
        assert self.sign_proposed().status_code == 200
        self.carry()
        return self.proposed()["attestation"], self.award("B")["attestation"]

    def status(self, office, attestation):
        document = office.get(f"/attestations/{attestation}").json
        return document["status"], document["status_reason"]


def act(office, found, path, body=None, **more):
    of = f"{JOINT}/{found['id']}"
    return office.change(f"{of}/{path}", body or {}, of=of, **more)
