"""The signed list of an installation: when it is published, and what it says."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from recognition_service.authorities.mandates import end_mandate, mandates_of
from recognition_service.authorities.models import (
    Mode,
    TrustKey,
    TrustListPublication,
)
from recognition_service.authorities.trust import end_trust
from recognition_service.authorities.trust_list import (
    draft_trust_list,
    keep_trust_list,
    publication,
    sign_trust_list,
)
from recognition_service.credentials.errors import SignerFaultError
from recognition_service.credentials.jwk import public_key
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.credentials.vc_jwt import decode
from recognition_service.errors import UnavailableError
from recognition_service.signing.errors import KeyUnavailableError
from recognition_service.storage.models import AuditEntry
from recognition_service.verification.trust import VerificationInputs
from recognition_service.verification.trust_list import (
    AcceptedList,
    Refusal,
    TrustAnchors,
    accept,
    version_floor,
)
from recognition_service.verification.verify import verify
from tests.builders import (
    PUBLIC_URL,
    a_standing_order,
    an_attestation_by_rule,
    an_authority,
    an_installation,
    token,
)

ISSUER = f"{PUBLIC_URL}/issuers/be-fl"


@pytest.fixture
def listed(small):
    """An installation with one issuer; a demonstration."""
    an_authority(small)
    return small


def pinned(runtime):
    """Return what somebody pins who trusts the operator today."""
    methods = runtime.trust_keys()["verificationMethod"]
    return TrustAnchors(
        tuple(
            public_key(method["publicKeyJwk"])
            for method in methods
            if "retiredAt" not in method
        )
    )


def accepted(runtime, anchors=None, held=None):
    return accept(
        (runtime.signed_trust_list(),),
        anchors or pinned(runtime),
        held,
        now=runtime.now(),
    )


def drafted(runtime):
    with runtime.database.reading() as session:
        return draft_trust_list(
            session, PUBLIC_URL, is_demo=runtime.is_demo, now=runtime.now()
        )


def signer_of(runtime, draft):
    return runtime._keys.signer(draft.thumbprint, draft.kid)


def ends_mandate(runtime):
    with runtime.database.transaction() as session:
        (mandate,) = mandates_of(session, "be-fl", ISSUER)
        end_mandate(
            session,
            "be-fl",
            UUID(mandate.id),
            on=runtime.now().date(),
            actor="service",
            now=runtime.now(),
        )


def ends_trust(runtime):
    with runtime.database.transaction() as session:
        end_trust(session, "be-fl", actor="service", now=runtime.now())


def test_the_list_is_signed_by_the_operator_and_says_what_the_installation_knows(
    listed,
):
    version = listed.publish_trust_list()
    found = accepted(listed)
    assert found.issuer == f"{PUBLIC_URL}/trust"
    assert found.snapshot.version == version == version_floor(listed.now())
    assert found.snapshot == listed.verification_inputs().trust
    assert found.snapshot.fresh_until == listed.now() + timedelta(days=7)
    assert len(found.snapshot.issuers[ISSUER].keys) >= 3


def test_a_verification_by_the_list_alone_comes_out_alike(listed):
    a_standing_order(listed)
    presented = token(listed, an_attestation_by_rule(listed))
    listed.publish_trust_list()
    statuses = listed.verification_inputs().statuses
    inputs = VerificationInputs(accepted(listed).snapshot, statuses)
    instants = {"at": listed.now(), "checked_at": listed.now()}
    report = verify(presented, inputs, **instants)
    assert report.verdict == "valid"
    assert report == listed.verify(presented)


def test_nothing_is_published_while_nothing_changes(listed, clock):
    first = listed.publish_trust_list()
    clock.pass_by(hours=23, minutes=59)
    assert listed.publish_trust_list() is None
    clock.pass_by(minutes=1)
    assert listed.publish_trust_list() > first


@pytest.mark.parametrize("change", [ends_mandate, ends_trust])
def test_what_changes_an_issuer_is_published_at_once(listed, change):
    first = listed.publish_trust_list()
    change(listed)
    assert listed.publish_trust_list() == first + 1
    assert listed.publish_trust_list() is None


def test_case_14_an_authority_taken_off_stays_listed_with_the_date(listed, clock):
    listed.publish_trust_list()
    before = accepted(listed)
    clock.pass_by(hours=1)
    ends_trust(listed)
    listed.publish_trust_list()
    after = accepted(listed, held=before)
    assert after.snapshot.issuers[ISSUER].trusted_until == listed.now()


def test_new_keys_of_an_issuer_are_published(listed, clock):
    listed.publish_trust_list()
    clock.pass_by(hours=1)
    listed.rotate_key("be-fl", KeyPurpose.ATTESTATIONS)
    assert listed.publish_trust_list() is not None


def test_every_version_is_kept_and_audited(listed):
    first = listed.publish_trust_list()
    kept = listed.signed_trust_list()
    ends_trust(listed)
    second = listed.publish_trust_list()
    assert listed.signed_trust_list(first) == kept
    assert listed.signed_trust_list(second) == listed.signed_trust_list() != kept
    assert listed.signed_trust_list(second + 1) is None
    with listed.database.reading() as session:
        noted = session.scalars(
            select(AuditEntry.subject)
            .where(AuditEntry.action == "trust_list.published")
            .order_by(AuditEntry.id)
        ).all()
    assert noted == [f"trust_list/{first}", f"trust_list/{second}"]


def test_a_demonstration_says_that_it_believes_test_issuers(listed):
    listed.publish_trust_list()
    found = accepted(listed).snapshot
    assert (found.accept_test, found.issuers[ISSUER].mode) == (True, "test")


def test_test_issuers_are_never_in_the_list_of_a_server(small):
    small.is_demo = False
    an_authority(small)
    assert small.publish_trust_list() is None
    assert small.signed_trust_list() is None
    an_authority(small, "fr-live", mode=Mode.LIVE, country="FR", jurisdiction="FR")
    assert small.publish_trust_list() is not None
    found = accepted(small).snapshot
    assert found.issuers.keys() == {f"{PUBLIC_URL}/issuers/fr-live"}
    assert found.accept_test is False


def test_before_the_first_list_the_live_issuers_count(listed):
    found = listed.verification_inputs().trust
    assert (found.version, found.as_of) == (0, listed.now())
    assert ISSUER in found.issuers


def test_case_15_freeze_also_stops_the_own_verification(listed, clock):
    """Whose worker has stood still for a week confirms nothing."""
    a_standing_order(listed)
    presented = token(listed, an_attestation_by_rule(listed))
    listed.publish_trust_list()
    clock.pass_by(days=7, seconds=1)
    listed.publish_lists()
    assert listed.verify(presented).code == "trust_stale"
    listed.publish_trust_list()
    assert listed.verify(presented).verdict == "valid"


def test_case_60_a_clock_that_was_set_back_signs_no_list(listed, clock):
    listed.publish_trust_list()
    clock.pass_by(hours=-1)
    assert listed.publish_trust_list() is None
    ends_trust(listed)
    with pytest.raises(UnavailableError, match="2026-11-02T09:00:00Z"):
        listed.publish_trust_list()


def test_case_63_after_the_restoring_of_an_old_backup_versions_jump_forward(
    listed, clock
):
    listed.publish_trust_list()
    clock.pass_by(days=3)
    ends_mandate(listed)
    listed.publish_trust_list()
    seen = accepted(listed)
    with listed.database.transaction() as session:  # As it was three days ago.
        session.delete(publication(session))
    clock.pass_by(hours=1)
    ends_trust(listed)
    assert listed.publish_trust_list() > seen.snapshot.version
    assert isinstance(accepted(listed, held=seen), AcceptedList)


def test_of_two_nodes_one_publishes(listed):
    listed.publish_trust_list()
    ends_trust(listed)
    mine, theirs = drafted(listed), drafted(listed)
    kept = []
    for draft in (mine, theirs):
        signed = sign_trust_list(draft, signer_of(listed, draft))
        with listed.database.transaction() as session:
            kept.append(keep_trust_list(session, draft, signed, actor="service"))
    assert kept == [True, False]
    with listed.database.reading() as session:
        versions = session.scalars(select(TrustListPublication.version)).all()
    assert len(versions) == 2


def test_a_signature_is_verified_before_the_list_is_kept(listed):
    listed.publish_trust_list()
    ends_trust(listed)
    draft = drafted(listed)
    signer = signer_of(listed, draft)

    class Faulty:
        kid, alg, public_jwk = signer.kid, signer.alg, signer.public_jwk

        def sign(self, message):
            return signer.sign(message + b".")

    with pytest.raises(SignerFaultError):
        sign_trust_list(draft, Faulty())


def test_a_list_whose_key_is_gone_is_not_published_and_the_last_one_stays(
    listed, clock
):
    listed.publish_trust_list()
    kept = listed.signed_trust_list()
    ends_trust(listed)
    (listed.config.keys_dir / f"{drafted(listed).thumbprint}.pem").unlink()
    later = an_installation(listed.config.data_dir, listed.database, clock=clock)
    with pytest.raises(KeyUnavailableError):
        later.publish_trust_list()
    later.save_inputs()  # Goes on with what was published last.
    assert later.signed_trust_list() == kept


def test_the_operator_has_one_key_until_it_is_changed(listed):
    listed.publish_trust_list()
    with listed.database.reading() as session:
        (key,) = session.scalars(select(TrustKey))
    header = decode(listed.signed_trust_list()).jws.header
    assert header["kid"] == f"{PUBLIC_URL}/trust#{key.thumbprint}"
    assert (header["typ"], header["alg"]) == ("vc+jwt", "ES256")


def test_a_new_key_of_the_operator_signs_the_next_list_and_must_be_pinned(
    listed, clock
):
    listed.publish_trust_list()
    old, held = pinned(listed), accepted(listed)
    clock.pass_by(hours=1)
    thumbprint = listed.rotate_trust_key()
    assert listed.publish_trust_list() is not None
    assert accepted(listed, old, held) == Refusal.THRESHOLD_NOT_MET
    found = accepted(listed, pinned(listed), held)
    assert found.signers == {thumbprint}
    methods = listed.trust_keys()["verificationMethod"]
    assert ["retiredAt" in method for method in methods] == [True, False]


def test_the_list_names_no_person(listed):
    a_standing_order(listed)
    an_attestation_by_rule(listed)
    listed.publish_trust_list()
    text = json.dumps(dict(decode(listed.signed_trust_list()).payload))
    assert "Bruno" not in text
    assert "Ilze" not in text
