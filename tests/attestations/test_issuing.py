"""Issuing is three steps, and what breaks between them is finished later."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from recognition_service.attestations import issue, places, publish
from recognition_service.attestations.drafts import NewCopy
from recognition_service.attestations.errors import (
    AlreadyAttestedError,
    AttestationNotFoundError,
    AttestationPendingError,
    StatusListFullError,
)
from recognition_service.attestations.models import (
    Attestation,
    Copy,
    CopyFormat,
    CopyState,
    StatusList,
)
from recognition_service.attestations.read import find_by_request, token_of
from recognition_service.attestations.reserve import reserve
from recognition_service.authorities.errors import MandateMissingError, NoActiveKeyError
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Mandate
from recognition_service.credentials import base64url, jws, sd_jwt_vc
from recognition_service.credentials.errors import SignerFaultError
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.storage.models import AuditEntry, NumberSeries
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    a_signed_decision,
    an_attestation,
    an_authority,
    found_attestation,
    token,
)

ONE_COPY = (NewCopy(CopyFormat.VC_JWT),)


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def reserved(runtime, decision=None, copies=ONE_COPY):
    """Take the first step only, as if somebody pulled the plug after it."""
    decision = decision or a_signed_decision(runtime)
    with runtime.database.transaction() as session:
        reservation = reserve(
            session,
            AUTHORITY,
            replace(decision.attestation, copies=copies),
            public_url=PUBLIC_URL,
            actor="person:1",
            now=runtime.now(),
        )
    return reservation.intents[0]


def signer_of(runtime, intent):
    return runtime._keys.signer(intent.thumbprint, intent.kid)


def sealed_by(runtime, intent):
    return issue.seal(intent, signer_of(runtime, intent))


def recorded(runtime, sealed):
    with runtime.database.transaction() as session:
        return issue.record(session, [sealed], actor="person:1", now=runtime.now())


def copies(runtime, kind=CopyFormat.VC_JWT):
    with runtime.database.reading() as session:
        return session.scalars(
            select(Copy).where(Copy.format == kind).order_by(Copy.id)
        ).all()


def count(runtime, model):
    with runtime.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model))


def actions(runtime):
    with runtime.database.reading() as session:
        return [
            entry.action.removeprefix("attestation.")
            for entry in session.scalars(select(AuditEntry))
            if entry.action.startswith("attestation.")
        ]


def test_three_steps_make_an_attestation(office):
    decision = a_signed_decision(office)
    intent = reserved(office, decision)
    assert recorded(office, sealed_by(office, intent)) == [intent.attestation_id]
    attestation = found_attestation(office, intent.attestation_id)
    assert attestation.number == "ATT-2026-000001"
    assert attestation.decision_digest == decision.decision.decision_digest
    assert attestation.mandate == f"{PUBLIC_URL}/issuers/be-fl/competence/2024"
    assert (attestation.status, attestation.version) == ("valid", 1)
    assert attestation.issued_at == office.now()
    assert sorted(actions(office)) == ["issued", "reserved"]


def test_the_kept_token_is_the_sealed_one_to_the_byte(office):
    intent = reserved(office)
    sealed = sealed_by(office, intent)
    recorded(office, sealed)
    signature = base64url.encode_text(sealed.signature)
    text = f"{intent.message.decode()}.{signature}"
    assert token(office, intent.attestation_id) == text


def test_every_common_form_says_the_same_and_has_a_place_of_its_own(office):
    attestation_id = an_attestation(office)
    (credential,) = copies(office)
    (wallet,) = copies(office, CopyFormat.SD_JWT_VC)
    assert credential.status_index != wallet.status_index
    assert credential.jti != wallet.jti
    attestation = found_attestation(office, attestation_id)
    with office.database.reading() as session:
        text = token_of(session, AUTHORITY, attestation_id, CopyFormat.SD_JWT_VC)
    claims = sd_jwt_vc.decode(text).payload
    assert claims["recognition"]["decision_digest"] == attestation.decision_digest
    payload = json.loads(jws.split(token(office, attestation_id).encode()).payload)
    said = payload["credentialSubject"]["recognition"]
    assert said["decisionDigest"] == attestation.decision_digest
    assert payload["credentialStatus"] == [
        {
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(credential.status_index),
            "statusListCredential": f"{PUBLIC_URL}/status/bsl/be-fl/1/{purpose}",
        }
        for purpose in ("revocation", "suspension")
    ]


def test_a_kept_token_is_small(office):
    an_attestation(office)
    (credential,) = copies(office)
    (wallet,) = copies(office, CopyFormat.SD_JWT_VC)
    assert len(credential.payload) + len(credential.signature) < 1500
    assert len(wallet.payload) + len(wallet.disclosures) + len(wallet.signature) < 3000


def test_the_payload_names_the_copy_and_not_the_attestation(office):
    attestation_id = an_attestation(office)
    (copy,) = copies(office)
    payload = json.loads(jws.split(token(office, attestation_id).encode()).payload)
    assert payload["jti"] == copy.jti
    assert len(copy.jti) == 22
    assert str(attestation_id) not in copy.jti
    assert payload["status"] == {
        "status_list": {
            "idx": copy.status_index,
            "uri": f"{PUBLIC_URL}/status/tsl/be-fl/1",
        }
    }
    assert payload["iat"] == int(office.now().timestamp())
    assert "exp" not in payload


def test_places_in_the_list_are_random_and_never_given_twice(office):
    for _ in range(8):
        an_attestation(office)
    indexes = [copy.status_index for copy in copies(office)]
    assert len(set(indexes)) == 8
    assert indexes != sorted(indexes)
    assert all(0 <= index < places.LIST_SIZE for index in indexes)
    assert {copy.list_number for copy in copies(office)} == {1}
    with office.database.reading() as session:
        assert session.get(StatusList, (AUTHORITY, 1)).taken == 16


def test_taken_places_are_tried_again_until_the_list_is_full(office, monkeypatch):
    monkeypatch.setattr(places, "LIST_SIZE", 4)
    decisions = [a_signed_decision(office) for _ in range(5)]
    for decision in decisions[:4]:
        reserved(office, decision)
    assert sorted(copy.status_index for copy in copies(office)) == [0, 1, 2, 3]
    with pytest.raises(StatusListFullError):
        reserved(office, decisions[4])
    assert count(office, Attestation) == 4


def test_a_list_that_is_half_full_is_followed_by_another(office, monkeypatch):
    monkeypatch.setattr(places, "_FULL_AT", 2)
    for _ in range(5):
        reserved(office)
    assert sorted(copy.list_number for copy in copies(office)) == [1, 1, 2, 2, 3]
    assert count(office, StatusList) == 3


def test_a_decision_that_no_mandate_covers_leaves_nothing(small):
    an_authority(small, mandate={"jurisdictions": ["NL"]})
    decision = a_signed_decision_of_flanders(small)
    before = count(small, AuditEntry)
    with pytest.raises(MandateMissingError):
        small.issue(AUTHORITY, decision, actor="person:1")
    assert count(small, Attestation) == count(small, Copy) == 0
    assert count(small, StatusList) == 0
    assert count(small, AuditEntry) == before
    with small.database.reading() as session:
        assert session.get(NumberSeries, (AUTHORITY, "ATT-2026")) is None


def a_signed_decision_of_flanders(runtime):
    """A decision of an authority whose mandate was taken away meanwhile."""
    with runtime.database.transaction() as session:
        mandate = session.scalars(select(Mandate)).one()
        mandate.content = mandate.content | {"jurisdictions": ["BE-FL"]}
    decision = a_signed_decision(runtime)
    with runtime.database.transaction() as session:
        mandate = session.scalars(select(Mandate)).one()
        mandate.content = mandate.content | {"jurisdictions": ["NL"]}
    return decision


def test_a_mandate_that_comes_later_lets_the_decision_be_attested(small):
    an_authority(small, mandate={"valid_from": "2027-01-01"})
    decision = a_signed_decision(small)
    with pytest.raises(MandateMissingError):
        small.issue(AUTHORITY, decision, actor="person:1")
    an_older = {"jurisdictions": ["BE-FL"], "valid_from": "2020-01-01"}
    with small.database.transaction() as session:
        grant_mandate(session, AUTHORITY, an_older, actor="service", now=small.now())
    assert small.issue(AUTHORITY, decision, actor="person:1")


def test_without_a_key_nothing_is_reserved(office):
    decision = a_signed_decision(office)
    with office.database.reading() as session:
        key = active_key(session, AUTHORITY, KeyPurpose.ATTESTATIONS, office.now())
    office.retire_key(AUTHORITY, key.thumbprint)
    with pytest.raises(NoActiveKeyError):
        office.issue(AUTHORITY, decision, actor="person:1")
    assert count(office, Attestation) == 0


def test_one_decision_has_one_attestation(office):
    decision = a_signed_decision(office)
    office.issue(AUTHORITY, decision, actor="person:1")
    with pytest.raises(AlreadyAttestedError, match="ATT-2026-000001"):
        office.issue(AUTHORITY, decision, actor="person:1")
    assert count(office, Attestation) == 1
    with office.database.reading() as session:
        assert session.get(NumberSeries, (AUTHORITY, "ATT-2026")).last == 1


def test_another_key_than_the_reserved_one_is_refused(office):
    intent = reserved(office)
    other = office.rotate_key(AUTHORITY, KeyPurpose.ATTESTATIONS)
    wrong_name = office._keys.signer(other, f"{PUBLIC_URL}/issuers/be-fl#{other}")
    with pytest.raises(SignerFaultError, match="another_key"):
        issue.seal(intent, wrong_name)


def test_recording_twice_keeps_the_first_signature(office):
    intent = reserved(office)
    first, second = (sealed_by(office, intent) for _ in range(2))
    assert first.signature != second.signature
    assert recorded(office, first) == [intent.attestation_id]
    assert recorded(office, second) == []
    assert token(office, intent.attestation_id).endswith(
        base64url.encode_text(first.signature)
    )
    assert actions(office).count("issued") == 1


def test_what_is_reserved_is_neither_listed_nor_served(office):
    decision = a_signed_decision(office)
    intent = reserved(office, decision)
    with office.database.reading() as session:
        assert find_by_request(session, AUTHORITY, decision.decision.request_id) == []
        with pytest.raises(AttestationPendingError):
            token_of(session, AUTHORITY, intent.attestation_id)
        with pytest.raises(AttestationNotFoundError):
            token_of(session, "ma", intent.attestation_id)


def test_an_unfinished_copy_is_finished_from_the_very_same_payload(office, clock):
    intent = reserved(office)
    clock.pass_by(seconds=30)
    assert office.finish_issuing() == 0
    clock.pass_by(seconds=1)
    assert office.finish_issuing() == 1
    assert office.finish_issuing() == 0
    parts = jws.split(token(office, intent.attestation_id).encode())
    assert parts.signing_input == intent.message
    attestation = found_attestation(office, intent.attestation_id)
    assert attestation.issued_at == office.now()
    report = office.verify(token(office, intent.attestation_id))
    assert report.verdict == "valid"


def test_several_unfinished_copies_are_finished_each(office, clock):
    intents = [reserved(office) for _ in range(3)]
    clock.pass_by(minutes=5)
    assert office.finish_issuing() == 3
    for intent in intents:
        assert office.verify(token(office, intent.attestation_id)).verdict == "valid"


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_copy_whose_key_may_not_sign_any_more_is_given_up(office, clock, is_lost):
    intent = reserved(office)
    clock.pass_by(minutes=2)
    if is_lost:
        (office.config.keys_dir / f"{intent.thumbprint}.pem").unlink()
    else:
        office.mark_compromised(AUTHORITY, intent.thumbprint, at=office.now())
    assert office.finish_issuing() == 1
    assert office.finish_issuing() == 0
    assert [copy.state for copy in copies(office)] == [CopyState.VOID]
    assert sorted(actions(office)) == ["reserved", "voided"]
    with (
        office.database.reading() as session,
        pytest.raises(AttestationPendingError),
    ):
        token_of(session, AUTHORITY, intent.attestation_id)


def test_a_decision_whose_copy_was_given_up_is_attested_with_the_same_number(
    office, clock
):
    decision = a_signed_decision(office)
    intent = reserved(office, decision)
    clock.pass_by(minutes=2)
    office.mark_compromised(AUTHORITY, intent.thumbprint, at=office.now())
    office.finish_issuing()
    attestation_id = office.issue(AUTHORITY, decision, actor="person:1")
    assert attestation_id == intent.attestation_id
    assert len(copies(office, CopyFormat.SD_JWT_VC)) == 1
    assert sorted(copy.state for copy in copies(office)) == [
        CopyState.ISSUED,
        CopyState.VOID,
    ]
    assert found_attestation(office, attestation_id).number == "ATT-2026-000001"
    assert office.verify(token(office, attestation_id)).verdict == "valid"


def test_a_copy_that_was_recorded_meanwhile_is_not_given_up(office):
    intent = reserved(office)
    recorded(office, sealed_by(office, intent))
    with office.database.transaction() as session:
        issue.void(session, intent, now=office.now())
    assert [copy.state for copy in copies(office)] == [CopyState.ISSUED]
    office.publish_lists()
    assert office.verify(token(office, intent.attestation_id)).verdict == "valid"


def test_a_copy_that_was_given_up_is_not_recorded(office):
    intent = reserved(office)
    with office.database.transaction() as session:
        issue.void(session, intent, now=office.now())
    recorded(office, sealed_by(office, intent))
    assert [copy.state for copy in copies(office)] == [CopyState.VOID]
    assert found_attestation(office, intent.attestation_id).issued_at is None


def test_a_first_list_is_published_with_the_first_attestation(office, clock):
    assert office.status_list(AUTHORITY, 1) is None
    an_attestation(office)
    served = office.status_list(AUTHORITY, 1)
    assert served is not None
    clock.pass_by(hours=1)
    an_attestation(office)
    assert office.status_list(AUTHORITY, 1) == served
    with office.database.reading() as session:
        assert publish.lists_due(session, now=office.now()) == []
        later = office.now() + timedelta(hours=6)
        assert publish.lists_due(session, now=later) == [(AUTHORITY, 1)]
