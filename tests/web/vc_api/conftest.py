"""An installation whose VC-API is open, and people who bring credentials to it."""

import pytest

from recognition_service.app import create_app
from recognition_service.authorities.access import issue_api_key
from recognition_service.authorities.found import NewAuthority, add_principal
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.config import Config
from recognition_service.credentials import multikey
from recognition_service.credentials.data_integrity import Cryptosuite, add_proof
from recognition_service.credentials.jwk import public_key
from recognition_service.runtime.opening import make_installation, open_runtime
from tests.builders import Clock
from tests.conftest import NOW, drop_postgres_database, make_postgres_database
from tests.credentials.builders import MemorySigner

PUBLIC_URL = "https://recognition.example"
BASE = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
AUTHORITY = NewAuthority(
    id="be-fl",
    name="Recognition centre of Flanders (example)",
    country="BE",
    jurisdiction="BE-FL",
    mode=Mode.TEST,
)
PEOPLE = {"bruno": Role.OFFICER, "sofia": Role.SIGNATORY, "chen": Role.OBSERVER}


class Somebody:
    """Someone with a `did:key`, who signs credentials and presentations."""

    def __init__(self):
        self.signer = MemorySigner("EdDSA")
        key = public_key(self.signer.public_jwk)
        self.id = multikey.did_key(key)
        self.method = multikey.did_key_method(key)
        self.signer.kid = self.method

    def sign(self, document, suite=Cryptosuite.EDDSA_RDFC_2022, **options):
        return add_proof(
            document,
            suite=suite,
            verification_method=self.method,
            created=NOW,
            signer=self.signer,
            **options,
        )


def a_credential(**changes):
    return {
        "@context": [BASE, EXAMPLES],
        "id": "urn:uuid:0193a1c2-7b1e-7c55-9a51-0d6f2a7e9c11",
        "type": ["VerifiableCredential", "ExampleTrainingCredential"],
        "validFrom": "2026-11-01T09:00:00Z",
        "credentialSubject": {"id": "did:example:amina", "name": "Amina Haddad"},
    } | changes


def a_presentation(*credentials, **changes):
    return {
        "@context": [BASE],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(credentials),
    } | changes


class Door:
    """Calls the VC-API at the root."""

    def __init__(self, client):
        self.client = client

    def post(self, path, body, **more):
        return self.client.post(path, json=body, **more)

    def issue(self, credential, **options):
        answer = self.post(
            "/credentials/issue", {"credential": credential, "options": options}
        )
        assert answer.status_code == 201, answer.json
        return answer.json

    def verify(self, credential, **options):
        return told(
            self.post(
                "/credentials/verify",
                {"verifiableCredential": credential, "options": options},
            )
        )

    def verify_presentation(self, presentation, **options):
        return told(
            self.post(
                "/presentations/verify",
                {"verifiablePresentation": presentation, "options": options},
            )
        )


def told(answer):
    """Return the codes of the problems, none for something verified."""
    body = answer.json
    assert answer.mimetype == "application/json"
    assert body["verified"] is (answer.status_code == 200)
    if body["verified"]:
        assert body["problemDetails"] == []
        return []
    assert answer.status_code == 400
    assert body["errors"] == body["problemDetails"]
    for problem in body["problemDetails"]:
        assert problem["type"].endswith(f"#{problem['title']}")
        assert problem["detail"]
    return [problem["code"] for problem in body["problemDetails"]]


def config_of(directory, url, *, is_open=True):
    return Config(
        data_dir=directory,
        database_url=url,
        keys_dir=directory / "keys",
        keys_passphrase="correct horse battery staple",
        public_url=PUBLIC_URL,
        fixed_now=None,
        vc_api_open=is_open,
    )


def people(runtime):
    """Found an authority with its people; return their API keys."""
    runtime.found(AUTHORITY)
    keys = {}
    with runtime.database.transaction() as session:
        for name, role in PEOPLE.items():
            principal = add_principal(
                session,
                AUTHORITY.id,
                kind=PrincipalKind.PERSON,
                name=name,
                roles=frozenset({role}),
                actor="service",
                now=NOW,
            )
            keys[name] = issue_api_key(
                session, AUTHORITY.id, principal, actor="service", now=NOW
            )
    return keys


def open_installation(config, clock):
    """Make an installation with the throw-away issuer, and people of an authority."""
    make_installation(config, public_url=PUBLIC_URL, is_demo=True)
    runtime = open_runtime(config, clock)
    runtime.open_vc_api()
    return runtime, people(runtime)


@pytest.fixture(scope="session")
def shared_clock():
    return Clock()


@pytest.fixture
def clock(shared_clock):
    """The clock of the shared installations; what a test moves is put back."""
    yield shared_clock
    shared_clock.at = NOW


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory, shared_clock):
    """A runtime that all tests share, and the API keys."""
    directory = tmp_path_factory.mktemp("vc-api-sqlite")
    url = f"sqlite:///{directory / 'recognition.sqlite3'}"
    opened = open_installation(config_of(directory, url), shared_clock)
    yield opened
    opened[0].close()


@pytest.fixture(scope="session")
def on_postgresql(tmp_path_factory, postgres_server, shared_clock):
    directory = tmp_path_factory.mktemp("vc-api-postgres")
    url = make_postgres_database(postgres_server)
    opened = open_installation(config_of(directory, url), shared_clock)
    yield opened
    opened[0].close()
    drop_postgres_database(postgres_server, url)


@pytest.fixture
def installation(on_sqlite):
    """SQLite, unless a test asks for both databases."""
    return on_sqlite


@pytest.fixture
def runtime(installation):
    return installation[0]


@pytest.fixture(scope="session")
def made_apps():
    return {}


@pytest.fixture
def client(runtime, made_apps):
    if id(runtime) not in made_apps:
        made_apps[id(runtime)] = create_app(runtime, is_on_loopback=True)
    return made_apps[id(runtime)].test_client()


@pytest.fixture
def door(client):
    return Door(client)


@pytest.fixture
def issuer_id(runtime):
    """The id of the throw-away issuer."""
    return runtime.issuer_ids("vc-api")[0]


@pytest.fixture
def as_person(installation):
    """Headers that carry a person's key."""
    return lambda name: {"Authorization": f"Bearer {installation[1][name]}"}
