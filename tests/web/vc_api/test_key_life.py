"""Case 13: a retired key still proves what it signed, a compromised one nothing."""

import json
from datetime import timedelta

import pytest

from recognition_service.app import create_app
from recognition_service.authorities.keys import all_keys
from recognition_service.credentials import vc_jwt
from recognition_service.credentials.data_integrity import Cryptosuite, add_proof
from recognition_service.credentials.key_document import data_integrity_method
from recognition_service.credentials.signer import KeyPurpose
from tests.builders import Clock
from tests.conftest import NOW
from tests.web.vc_api.conftest import (
    AUTHORITY,
    PUBLIC_URL,
    a_credential,
    config_of,
    open_installation,
    told,
)

ISSUER = f"{PUBLIC_URL}/issuers/{AUTHORITY.id}"
FORMS = {
    "eddsa-rdfc-2022": ("EdDSA", {"cryptosuite": "eddsa-rdfc-2022"}),
    "eddsa-jcs-2022": ("EdDSA", {"cryptosuite": "eddsa-jcs-2022"}),
    "ecdsa-rdfc-2019": ("ES256", {"cryptosuite": "ecdsa-rdfc-2019"}),
    "vc+jwt": ("ES256", {"format": "vc+jwt"}),
}
every_form = pytest.mark.parametrize("form", FORMS)


class Bureau:
    """An authority whose keys come and go, and whoever verifies what it signs."""

    def __init__(self, directory):
        self.clock = Clock()
        url = f"sqlite:///{directory / 'recognition.sqlite3'}"
        self.runtime, keys = open_installation(config_of(directory, url), self.clock)
        self.client = create_app(self.runtime, is_on_loopback=True).test_client()
        self._bruno, self._sofia = (
            {"Authorization": f"Bearer {keys[name]}"} for name in ("bruno", "sofia")
        )

    def issue(self, form):
        body = {"credential": a_credential(), "options": FORMS[form][1]}
        answer = self.client.post(
            f"/issuers/{AUTHORITY.id}/credentials/issue", json=body, headers=self._sofia
        )
        return answer.json["verifiableCredential"]

    def faults(self, credential):
        """Return what the door of the authority and the open door both say."""
        body = {"verifiableCredential": credential}
        path = f"/issuers/{AUTHORITY.id}/credentials/verify"
        answer = self.client.post(path, json=body, headers=self._bruno)
        assert answer.status_code == 200
        codes = [problem["code"] for problem in answer.json["problemDetails"]]
        assert answer.json["verified"] is (not codes)
        assert told(self.client.post("/credentials/verify", json=body)) == codes
        return codes

    def key(self, form):
        """Return the key that signs a form now."""
        algorithm = FORMS[form][0]
        with self.runtime.database.reading() as session:
            (key,) = (
                key
                for key in all_keys(session, AUTHORITY.id)
                if (key.purpose, key.algorithm) == ("attestations", algorithm)
                and key.retired_at is None
            )
        return key

    def rotate(self, form):
        self.runtime.rotate_key(
            AUTHORITY.id,
            KeyPurpose.ATTESTATIONS,
            algorithm=self.key(form).algorithm,
            overlap=timedelta(),
        )

    def sign_with(self, key, form, when):
        """Sign as whoever holds the private half can, whatever the records say."""
        credential = a_credential(issuer=ISSUER)
        if form == "vc+jwt":
            kid = f"{ISSUER}#{key.thumbprint}"
            claims = credential | {"iat": int(when.timestamp())}
            signer = self.runtime._keys.signer(key.thumbprint, kid)
            payload = json.dumps(claims).encode()
            return vc_jwt.envelope(vc_jwt.encode_payload(payload, signer))
        method = (
            data_integrity_method(ISSUER, key.public_jwk)
            if key.algorithm == "EdDSA"
            else f"{ISSUER}#{key.thumbprint}"
        )
        return add_proof(
            credential,
            suite=Cryptosuite(form),
            verification_method=method,
            created=when,
            signer=self.runtime._keys.signer(key.thumbprint, method),
        )


@pytest.fixture
def bureau(tmp_path):
    opened = Bureau(tmp_path)
    yield opened
    opened.runtime.close()


@every_form
def test_what_a_key_signed_before_its_retirement_stays_verified(bureau, form):
    issued = bureau.issue(form)
    bureau.clock.pass_by(days=1)
    bureau.rotate(form)
    assert bureau.faults(issued) == []
    bureau.clock.pass_by(days=3650)
    assert bureau.faults(issued) == []
    assert bureau.faults(bureau.issue(form)) == []


@every_form
def test_what_a_key_signed_after_its_retirement_is_not(bureau, form):
    old = bureau.key(form)
    bureau.clock.pass_by(days=1)
    bureau.rotate(form)
    bureau.clock.pass_by(days=1)
    assert bureau.faults(bureau.sign_with(old, form, NOW)) == []
    late = bureau.sign_with(old, form, NOW + timedelta(days=1, seconds=1))
    assert bureau.faults(late) == ["key_retired"]
    undated = bureau.sign_with(old, form, NOW)
    if "proof" in undated:  # Who removes the date breaks the proof as well.
        del undated["proof"]["created"]
        assert bureau.faults(undated) == ["key_retired"]


@every_form
def test_what_a_compromised_key_signed_is_not_verified_whenever_that_was(bureau, form):
    old, issued = bureau.key(form), bureau.issue(form)
    bureau.clock.pass_by(days=2)
    bureau.runtime.mark_compromised(
        AUTHORITY.id, old.thumbprint, at=NOW + timedelta(days=1)
    )
    after = bureau.sign_with(old, form, NOW + timedelta(days=1, hours=1))
    for credential in (issued, after):
        assert bureau.faults(credential) == ["key_unknown"]
    assert bureau.faults(bureau.issue(form)) == []


@every_form
def test_a_retired_key_that_turns_out_to_be_compromised_proves_nothing(bureau, form):
    old, issued = bureau.key(form), bureau.issue(form)
    bureau.clock.pass_by(days=1)
    bureau.rotate(form)
    assert bureau.faults(issued) == []
    bureau.runtime.mark_compromised(AUTHORITY.id, old.thumbprint, at=bureau.clock())
    assert bureau.faults(issued) == ["key_unknown"]
