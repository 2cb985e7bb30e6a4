"""Two installations side by side, joined by a wire that a test can cut and repeat."""

from urllib.parse import urlsplit

from recognition_service.app import create_app
from recognition_service.authorities.peers import add_peer
from recognition_service.cli.demo.cast import PLANS, Plan, open_office
from recognition_service.cli.demo.theatre import PlayedClock
from recognition_service.config import Config
from recognition_service.editions.package import read_package, shipped_tables_dir
from recognition_service.errors import UnavailableError
from recognition_service.exchange.deliver import Reply
from recognition_service.runtime.opening import make_installation, open_runtime
from recognition_service.verification.recognized_entities import list_issuer
from tests.conftest import NOW
from tests.journeys.bodies import a_body
from tests.journeys.office import Office

FLANDERS, RIGA = "https://recognition.example", "https://riga.example"
CALLED = {FLANDERS: "flanders", RIGA: "riga"}


class CutError(UnavailableError):
    """The wire is cut."""

    code = "cut"


class Side:
    """One installation: its runtime, its application and its offices."""

    def __init__(self, url, runtime, clock):
        self.url = url
        self.runtime = runtime
        self.clock = clock
        self.app = create_app(runtime)
        self.offices = {}

    def office(self, name):
        return self.offices[name]

    def found(self, name, jurisdiction, functions):
        office = a_body(self.app, self.runtime, name, jurisdiction, functions)
        self.offices[name] = office
        self.runtime.publish_trust_list()
        return office


class Wire:
    """Carries requests between the applications of installations.

    Attributes:
        log: (URL, body, reply) of all that arrived, in order.
        faults: What is done to the next requests: "cut" (nothing arrives), "lost" (it
            arrives, the answer does not), "twice".
    """

    def __init__(self):
        self.sides = {}
        self.log = []
        self.faults = []

    def __call__(self, url, body, headers):
        fault = self.faults.pop(0) if self.faults else None
        if fault == "cut":
            raise CutError("Nobody answers.")
        reply = self._carry(url, body, headers)
        if fault == "twice":
            reply = self._carry(url, body, headers)
        if fault == "lost":
            raise CutError("The answer is lost.")
        return reply

    def _carry(self, url, body, headers):
        parts = urlsplit(url)
        side = self.sides[f"{parts.scheme}://{parts.netloc}"]
        answer = side.app.test_client().post(parts.path, data=body, headers=headers)
        reply = Reply(answer.status_code, answer.get_data())
        self.log.append((url, body, reply))
        return reply


def config_of(directory, url, database_url):
    return Config(
        data_dir=directory,
        database_url=database_url,
        keys_dir=directory / "keys",
        keys_passphrase="correct horse battery staple",
        public_url=url,
        fixed_now=None,
    )


def build(directory, url, database_url, names):
    """Make an installation with the shipped tables; return API keys of some offices."""
    config = config_of(directory, url, database_url)
    make_installation(config, public_url=url, is_demo=True)
    runtime = open_runtime(config, PlayedClock(NOW))
    runtime.load_edition(read_package(shipped_tables_dir()))
    plans = [plan for plan in PLANS if plan.authority.id in names]
    keys = {
        plan.authority.id: dict(
            open_office(runtime, Plan(plan.authority, plan.mandate)).api_keys
        )
        for plan in plans
    }
    runtime.close()
    return keys


def opened(directory, url, database_url, keys):
    """Open an installation that was built, with its offices."""
    clock = PlayedClock(NOW)
    runtime = open_runtime(config_of(directory, url, database_url), clock)
    side = Side(url, runtime, clock)
    for name, api_keys in keys.items():
        side.offices[name] = Office(side.app.test_client(), api_keys)
    return side


def connect(wire, *sides):
    """Let installations know one another, as their operators would."""
    for side in sides:
        wire.sides[side.url] = side
        side.runtime.publish_trust_list()
    for side in sides:
        for other in sides:
            if other is not side:
                introduce(side, other)


def introduce(side, other):
    """Let one installation know another one."""
    name = CALLED.get(other.url, urlsplit(other.url).hostname.partition(".")[0])
    with side.runtime.database.transaction() as session:
        anchors = anchors_of(other.runtime)
        add_peer(session, name, other.url, anchors, actor="service", now=NOW)
    renew(side, other)


def renew(side, other):
    """Let one installation read the trust list of another one anew."""
    other.runtime.publish_trust_list()
    name = CALLED.get(other.url, urlsplit(other.url).hostname.partition(".")[0])
    side.runtime.accept_peer_list(name, [other.runtime.signed_trust_list()])


def anchors_of(runtime):
    """Return the operator's key as an operator would hand it over."""
    document = runtime.trust_keys()
    assert document["id"] == list_issuer(runtime.public_url)
    return {"keys": [m["publicKeyJwk"] for m in document["verificationMethod"]]}


def carry(wire, *sides, rounds=20):
    """Deliver what is due on all sides until nothing is left."""
    for _ in range(rounds):
        due = [(s, m) for s in sides for m in s.runtime.due_messages(100)]
        if not due:
            return
        for side, message in due:
            side.runtime.send_message(message, wire)
    raise AssertionError("Messages do not come to an end.")
