"""What verifiers see of the authorities of an installation."""

from datetime import timedelta
from uuid import UUID

import pytest

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    TrustEndedError,
)
from recognition_service.authorities.mandates import end_mandate, mandates_of
from recognition_service.authorities.models import Mode
from recognition_service.authorities.trust import (
    end_trust,
    trust_version,
    trusted_issuers,
)
from recognition_service.credentials.signer import KeyPurpose
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
def server(small):
    """The same installation, but it is no demonstration."""
    small.is_demo = False
    return small


def trust_ends(runtime, authority_id="be-fl"):
    with runtime.database.transaction() as session:
        end_trust(session, authority_id, actor="service", now=runtime.now())
    runtime.refresh()


def issued(runtime, **more):
    an_authority(runtime, **more)
    a_standing_order(runtime)
    return token(runtime, an_attestation_by_rule(runtime))


def test_an_issuer_is_listed_with_its_keys_and_mandates(small):
    an_authority(small)
    with small.database.reading() as session:
        issuers = trusted_issuers(session, PUBLIC_URL, with_test=True)
    (issuer,) = issuers.values()
    assert issuers.keys() == {ISSUER}
    assert issuer.registered_name == "Recognition centre of Flanders (example)"
    assert (issuer.domain, issuer.country) == ("recognition.example", "BE")
    assert len(issuer.keys) == 5
    assert all(key.kid.startswith(f"{ISSUER}#") for key in issuer.keys)
    assert [mandate.jurisdictions for mandate in issuer.mandates] == [("BE-FL",)]


def test_live_issuers_are_believed(server):
    assert server.verify(issued(server, mode=Mode.LIVE)).verdict == "valid"


def test_test_issuers_are_believed_in_a_demonstration_only(small):
    presented = issued(small)
    assert small.verify(presented).verdict == "valid"
    small.is_demo = False
    small.refresh()
    report = small.verify(presented)
    assert (report.verdict, report.code) == ("cannot_confirm", "issuer_is_test")
    with small.database.reading() as session:
        assert trusted_issuers(session, PUBLIC_URL, with_test=False) == {}


def test_an_issuer_of_another_installation_is_not_known(small, tmp_path, database):
    presented = issued(small)
    other = an_installation(tmp_path / "other", database)
    report = other.verify(presented)
    assert (report.verdict, report.code) == ("cannot_confirm", "issuer_unknown")


def test_the_version_grows_with_each_change_that_verifiers_see(small):
    def version():
        with small.database.reading() as session:
            return trust_version(session)

    before = version()
    an_authority(small)
    founded = version()
    small.rotate_key("be-fl", KeyPurpose.STATUS)
    rotated = version()
    with small.database.transaction() as session:
        (mandate,) = mandates_of(session, "be-fl", ISSUER)
        end_mandate(
            session,
            "be-fl",
            UUID(mandate.id),
            on=small.now().date(),
            actor="service",
            now=small.now(),
        )
    ended = version()
    trust_ends(small)
    assert before == 0
    assert founded == 7  # Founded, five keys, one mandate.
    assert rotated == founded + 2
    assert (ended, version()) == (rotated + 1, rotated + 2)


def test_trust_that_ended_is_told(small, clock):
    presented = issued(small)
    trusted_until = small.now()
    trust_ends(small)
    clock.pass_by(days=1)
    report = small.verify(presented)
    assert (report.verdict, report.code) == (
        "cannot_confirm",
        "issuer_no_longer_trusted",
    )
    assert small.verify(presented, at=trusted_until).verdict == "valid"


def test_trust_ends_once(small, clock):
    an_authority(small)
    trust_ends(small)
    clock.pass_by(days=1)
    with pytest.raises(TrustEndedError, match="ended at 2026-11-02T09:00:00Z"):
        trust_ends(small)
    with pytest.raises(AuthorityNotFoundError):
        trust_ends(small, "nowhere")


def test_a_mandate_that_ended_is_missing_for_later_decisions_only(small, clock):
    early = issued(small)
    clock.pass_by(days=1)
    late = token(small, an_attestation_by_rule(small))
    with small.database.transaction() as session:
        (mandate,) = mandates_of(session, "be-fl", ISSUER)
        end_mandate(
            session,
            "be-fl",
            UUID(mandate.id),
            on=(small.now() - timedelta(days=1)).date(),
            actor="service",
            now=small.now(),
        )
    small.refresh()
    assert small.verify(early).verdict == "valid"
    report = small.verify(late)
    assert (report.verdict, report.code) == ("not_valid", "mandate_missing")
