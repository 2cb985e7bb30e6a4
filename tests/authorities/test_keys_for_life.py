"""The life of a key, told by the tokens that it signed."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from recognition_service.attestations.affected import keys_affected
from recognition_service.attestations.drafts import COMMON_COPIES
from recognition_service.attestations.errors import ClockBehindError
from recognition_service.attestations.models import Attestation
from recognition_service.attestations.reserve import reserve
from recognition_service.authorities.keys import OVERLAP, active_key
from recognition_service.credentials import jws
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.keys_desk import AT_ONCE
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    a_signed_decision,
    an_attestation,
    an_authority,
    token,
)

ISSUER = f"{PUBLIC_URL}/issuers/{AUTHORITY}"
ATTESTATIONS = KeyPurpose.ATTESTATIONS
DAY = timedelta(days=1)


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def active(runtime):
    with runtime.database.reading() as session:
        return active_key(session, AUTHORITY, ATTESTATIONS, runtime.now()).thumbprint


def signer_of(presented):
    return jws.peek_header(presented)["kid"].rpartition("#")[2]


def signed_by(runtime, thumbprint, presented, at):
    """Return a token signed anew by somebody who has a key, dated as they like."""
    parts = jws.split(presented.encode())
    claims = json.loads(parts.payload) | {"iat": int(at.timestamp())}
    kid = f"{ISSUER}#{thumbprint}"
    header = jws.protected_header(alg="ES256", typ="vc+jwt", cty="vc", kid=kid)
    signer = runtime._keys.signer(thumbprint, kid)
    return jws.sign(header, json.dumps(claims).encode(), signer)


def answer(runtime, presented):
    """Return verdict, code, and what the check of the key says about dates."""
    report = runtime.verify(presented)
    (found,) = (check for check in report.checks if check.id == "key")
    return report.verdict, report.code, dict(found.params or {})


def published(runtime):
    """Return the thumbprints that a verifier finds who fetches the keys now."""
    return {key["kid"] for key in runtime.issuer_jwks(AUTHORITY)["keys"]}


def time_passes(runtime, clock, **spans):
    """Move the clock; the worker keeps lists fresh and looks up what changed."""
    clock.pass_by(**spans)
    runtime.publish_lists()
    runtime.refresh()


def affected(runtime, thumbprint):
    with runtime.database.reading() as session:
        return keys_affected(session, AUTHORITY, thumbprint)


def test_case_13_what_a_key_signed_before_its_retirement_is_valid_for_life(
    office, clock
):
    presented = token(office, an_attestation(office))
    key = signer_of(presented)
    clock.pass_by(hours=1)
    office.rotate_key(AUTHORITY, ATTESTATIONS)
    assert answer(office, presented) == ("valid", "valid", {})  # It will be retired.
    for days in (1, 30, 3650):
        time_passes(office, clock, days=days)
        assert answer(office, presented) == (
            "valid",
            "valid",
            {"retired_at": "2026-11-02T10:10:00Z"},
        )
    assert key in published(office)


def test_case_13_what_a_retired_key_signs_is_not_valid_and_the_report_says_since_when(
    office, clock
):
    presented = token(office, an_attestation(office))
    key = signer_of(presented)
    clock.pass_by(hours=1)
    office.rotate_key(AUTHORITY, ATTESTATIONS)
    retired_at = office.now() + OVERLAP
    clock.pass_by(hours=1)
    last = signed_by(office, key, presented, retired_at)
    late = signed_by(office, key, presented, retired_at + timedelta(seconds=1))
    assert answer(office, last)[:2] == ("valid", "valid")
    assert answer(office, late) == (
        "not_valid",
        "signed_after_retirement",
        {"retired_at": "2026-11-02T10:10:00Z"},
    )


def test_case_13_a_compromise_parts_what_was_signed_before_from_what_was_signed_after(
    office, clock
):
    before = token(office, an_attestation(office))
    key = signer_of(before)
    clock.pass_by(days=2)
    after = token(office, an_attestation(office))
    stolen_at = office.now() - DAY
    time_passes(office, clock, days=1)
    new = office.mark_compromised(AUTHORITY, key, at=stolen_at)
    said = {"compromised_at": "2026-11-03T09:00:00Z"}
    assert answer(office, after) == ("not_valid", "signed_after_compromise", said)
    assert answer(office, before) == ("cannot_confirm", "key_compromised_later", said)
    dated_back = signed_by(office, key, after, stolen_at - timedelta(hours=1))
    assert answer(office, dated_back)[0] == "cannot_confirm"
    assert affected(office, key) == 2
    fresh = token(office, an_attestation(office))
    assert signer_of(fresh) == new
    assert answer(office, fresh)[:2] == ("valid", "valid")
    assert affected(office, new) == 1
    assert key not in published(office)
    (shown,) = (
        method
        for method in office.issuer_document(AUTHORITY)["verificationMethod"]
        if method["id"].endswith(f"#{key}")
    )
    assert shown["compromisedAt"] == shown["revoked"] == said["compromised_at"]
    assert shown["retiredAt"] == "2026-11-05T09:00:00Z"


def test_an_attestation_with_a_fresh_copy_is_no_longer_affected(office, clock):
    presented = an_attestation(office)
    other = an_attestation(office)
    key = signer_of(token(office, presented))
    clock.pass_by(days=1)
    office.mark_compromised(AUTHORITY, key, at=office.now())
    assert affected(office, key) == 2
    for new in COMMON_COPIES:
        assert affected(office, key) == 2
        office.issue_copy(AUTHORITY, presented, new, actor="service")
    assert affected(office, key) == 1
    office.refresh()
    assert answer(office, token(office, presented))[:2] == ("valid", "valid")
    assert answer(office, token(office, other))[0] == "cannot_confirm"


def test_case_60_nothing_is_signed_when_the_clock_was_put_back(office, clock):
    office.is_demo = False
    clock.pass_by(hours=1)
    an_attestation(office)
    decision = a_signed_decision(office)
    clock.pass_by(minutes=-5, seconds=-1)
    with pytest.raises(
        ClockBehindError, match="stands at 2026-11-02T09:54:59Z, but be-fl signed"
    ):
        office.issue(AUTHORITY, decision, actor="person:1")
    with office.database.reading() as session:
        assert session.query(Attestation).count() == 1
    clock.pass_by(minutes=5)
    assert office.issue(AUTHORITY, decision, actor="person:1")


def test_case_61_a_verifier_with_old_keys_never_meets_one_that_it_does_not_know(
    small_on_sqlite, clock
):
    """Issue every minute while keys are rotated; fetch keys every five minutes."""
    office = small_on_sqlite
    an_authority(office)
    known, met = published(office), set()
    for minute in range(32):
        if minute % 5 == 0:
            known = published(office)
        if minute in {1, 16}:
            office.rotate_key(AUTHORITY, ATTESTATIONS)
        presented = token(office, an_attestation(office))
        met.add(signer_of(presented))
        assert signer_of(presented) in known
        assert answer(office, presented)[0] == "valid"
        time_passes(office, clock, minutes=1)
    assert len(met) == 3


def test_case_61_keys_are_rotated_while_attestations_are_issued(office):
    """At the same time, and without an overlap: each token is good for all that."""
    decisions = [a_signed_decision(office) for _ in range(12)]

    def rotate(_):
        return office.rotate_key(AUTHORITY, ATTESTATIONS, overlap=AT_ONCE)

    def issue(decision):
        return office.issue(AUTHORITY, decision, actor="person:1")

    with ThreadPoolExecutor(4) as pool:
        rotations = [pool.submit(rotate, each) for each in range(4)]
        issued = [pool.submit(issue, decision) for decision in decisions]
        made = {future.result() for future in rotations}
        tokens = [token(office, future.result()) for future in issued]
    office.refresh()
    assert len(made) == 4
    assert active(office) in made
    for presented in tokens:
        assert answer(office, presented)[:2] == ("valid", "valid")


def test_case_61_what_was_reserved_before_a_change_and_sealed_after_it_is_valid(
    office, clock
):
    decision = a_signed_decision(office)
    with office.database.transaction() as session:
        reservation = reserve(
            session,
            AUTHORITY,
            decision.attestation,
            public_url=PUBLIC_URL,
            actor="person:1",
            now=office.now(),
        )
    key = active(office)
    office.rotate_key(AUTHORITY, ATTESTATIONS)
    clock.at += OVERLAP + timedelta(minutes=1)
    assert active(office) != key
    office.finish_issuing()
    presented = token(office, reservation.attestations[0])
    assert signer_of(presented) == key
    assert answer(office, presented)[:2] == ("valid", "valid")
