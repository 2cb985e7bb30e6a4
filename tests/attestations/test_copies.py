"""Further copies: for a wallet's key, for wallets of badges, after a compromise."""

import json

import pytest

from recognition_service.attestations.copies import (
    copy_text,
    get_copy,
    issued_copies,
    signed_digest,
)
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.errors import (
    AttestationNotFoundError,
    CopyNotAllowedError,
)
from recognition_service.attestations.models import CopyFormat, Status
from recognition_service.attestations.status import change_status
from recognition_service.authorities.keys import active_key, all_keys
from recognition_service.credentials import data_integrity, open_badge, sd_jwt_vc
from recognition_service.credentials.did_web import did_of
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.key_document import data_integrity_method
from recognition_service.credentials.signer import KeyPurpose
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    an_attestation,
    an_authority,
    found_attestation,
    token,
)
from tests.credentials.builders import MemorySigner

WALLET = MemorySigner()


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def issued(office, attestation_id, new):
    copy_id = office.issue_copy(AUTHORITY, attestation_id, new, actor="person:1")
    with office.database.reading() as session:
        copy = get_copy(session, AUTHORITY, attestation_id, copy_id)
        return copy, copy_text(session, copy)


def change(office, attestation_id, status):
    with office.database.transaction() as session:
        change_status(
            session,
            AUTHORITY,
            attestation_id,
            status=status,
            reason="error",
            actor="person:1",
            now=office.now(),
        )


def test_a_wallet_gets_a_copy_bound_to_its_key(office):
    attestation_id = an_attestation(office)
    new = NewCopy(CopyFormat.SD_JWT_VC, holder_jwk=WALLET.public_jwk)
    copy, text = issued(office, attestation_id, new)
    claims = sd_jwt_vc.decode(text).payload
    assert claims["cnf"] == {"jwk": WALLET.public_jwk}
    assert copy.holder_thumbprint == public_key(WALLET.public_jwk).thumbprint
    attestation = found_attestation(office, attestation_id)
    assert claims["recognition"]["decision_digest"] == attestation.decision_digest
    assert office.verify(text).verdict == "valid"
    with office.database.reading() as session:
        copies = issued_copies(session, attestation)
    assert len({each.jti for each in copies}) == 3
    assert len({each.status_index for each in copies}) == 3


def test_an_endorsement_carries_the_digest_and_a_proof_that_holds(office):
    attestation_id = an_attestation(office)
    copy, text = issued(office, attestation_id, NewCopy(CopyFormat.ENDORSEMENT))
    document = json.loads(text)
    with office.database.reading() as session:
        (key,) = [
            key
            for key in all_keys(session, AUTHORITY)
            if key.algorithm == "EdDSA" and key.purpose == "attestations"
        ]
    data_integrity.check_proof(
        document, document["proof"], public_key(key.public_jwk), now=office.now()
    )
    issuer = did_of(f"{PUBLIC_URL}/issuers/{AUTHORITY}")
    assert document["issuer"]["id"] == issuer
    method = data_integrity_method(issuer, key.public_jwk)
    assert document["proof"]["verificationMethod"] == method
    published = office.issuer_did_document(AUTHORITY)["verificationMethod"]
    assert method in {each["id"] for each in published}
    assert document["credentialStatus"]["statusListIndex"] == str(copy.status_index)
    attestation = found_attestation(office, attestation_id)
    digest = open_badge.decision_digest(document, str(attestation.decision_id))
    assert digest == attestation.decision_digest
    with office.database.reading() as session:
        assert signed_digest(session, attestation) == digest


def test_the_comment_of_an_endorsement_says_what_was_decided(office):
    _, text = issued(office, an_attestation(office), NewCopy(CopyFormat.ENDORSEMENT))
    comment = json.loads(text)["credentialSubject"]["endorsementComment"]
    assert comment.startswith("Recognition centre of Flanders (example) decided on")
    assert "It does not allow:" in comment


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.REVOKED])
def test_what_does_not_hold_gets_no_further_copy(office, status):
    attestation_id = an_attestation(office)
    change(office, attestation_id, status)
    with pytest.raises(CopyNotAllowedError, match=status):
        issued(office, attestation_id, NewCopy(CopyFormat.VC_JWT))


def test_another_authority_gets_no_copy(office):
    an_authority(office, "ma")
    attestation_id = an_attestation(office)
    with pytest.raises(AttestationNotFoundError):
        office.issue_copy(
            "ma", attestation_id, NewCopy(CopyFormat.VC_JWT), actor="person:1"
        )


def test_after_a_compromise_valid_attestations_get_fresh_copies(office):
    with office.database.reading() as session:
        key = active_key(session, AUTHORITY, KeyPurpose.ATTESTATIONS, office.now())
    kept, revoked = an_attestation(office), an_attestation(office)
    bound = NewCopy(CopyFormat.SD_JWT_VC, holder_jwk=WALLET.public_jwk)
    issued(office, kept, bound)
    change(office, revoked, Status.REVOKED)
    office.mark_compromised(AUTHORITY, key.thumbprint, at=office.now())
    assert office.verify(token(office, kept)).verdict == "not_valid"
    assert list(office.issue_fresh_copies(AUTHORITY, key.thumbprint)) == [1]
    assert list(office.issue_fresh_copies(AUTHORITY, key.thumbprint)) == []
    report = office.verify(token(office, kept))
    assert report.verdict == "valid"
    with office.database.reading() as session:
        *_, _, _, wallet = issued_copies(session, found_attestation(office, kept))
        claims = sd_jwt_vc.decode(copy_text(session, wallet)).payload
        assert len(issued_copies(session, found_attestation(office, kept))) == 6
        assert len(issued_copies(session, found_attestation(office, revoked))) == 2
    assert claims["cnf"] == {"jwk": WALLET.public_jwk}
