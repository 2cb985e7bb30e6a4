"""What verifiers see of the authorities of an installation."""

import pytest

from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Mode
from recognition_service.authorities.trust import trust_version, trusted_issuers
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
    assert len(issuer.keys) == 3
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
    assert before == 0
    assert founded == 5  # Founded, three keys, one mandate.
    assert rotated == founded + 2


def test_trust_that_ended_is_told(small, clock):
    presented = issued(small)
    with small.database.transaction() as session:
        get_authority(session, "be-fl").trusted_until = small.now()
    small.refresh()
    clock.pass_by(days=1)
    assert small.verify(presented).verdict != "valid"
