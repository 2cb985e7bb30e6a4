"""Who asks for a proof by the holder gets it, or is told that there was none."""

from datetime import timedelta

import pytest

from recognition_service.credentials import key_binding, sd_jwt
from recognition_service.verification.document import as_document
from recognition_service.verification.holder_binding import Presentation
from recognition_service.verification.verify import verify
from tests.credentials.builders import MemorySigner
from tests.credentials.sd_jwt_builders import a_wallet_token
from tests.verification.world import ATTESTATION_KEY, GOOD, NOW, check, inputs

AUDIENCE, NONCE = "https://employer.example", "n-0S6_WzA2Mj"
EXPECTED = Presentation(AUDIENCE, NONCE)
HOLDER = MemorySigner()
BOUND = a_wallet_token(ATTESTATION_KEY, holder_jwk=HOLDER.public_jwk)


def presented(token=BOUND, signer=HOLDER, **changes):
    asked = {"aud": AUDIENCE, "nonce": NONCE, "now": NOW} | changes
    return key_binding.bind(sd_jwt.split(token.encode()), signer, **asked)


def asked(presentation, expected=EXPECTED):
    return verify(presentation, inputs(), at=NOW, checked_at=NOW, expected=expected)


def binding_of(report):
    (found,) = [entry for entry in report.checks if entry.id == "holder_binding"]
    return found


def test_the_holders_proof_is_checked_when_it_was_asked_for():
    report = asked(presented())
    assert (report.verdict.value, report.code.value) == ("valid", "valid")
    assert binding_of(report).outcome.value == "passed"
    assert as_document(report)["holder"]["binding"] == "passed"


def test_it_is_not_looked_at_when_nobody_asked():
    for token in (BOUND, presented(), presented(signer=MemorySigner())):
        found = binding_of(check(token))
        assert (found.outcome.value, found.code) == ("not_performed", "no_presentation")
    assert as_document(check(BOUND))["holder"]["binding"] == "not_performed"


@pytest.mark.parametrize(
    "token", [BOUND, GOOD, presented(a_wallet_token(ATTESTATION_KEY))]
)
def test_case_11_a_missing_proof_cannot_confirm_the_holder(token):
    report = asked(token)
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "holder_binding_missing",
    )
    assert binding_of(report).outcome.value == "failed"


@pytest.mark.parametrize(
    ("presentation", "reason"),
    [
        (presented(nonce="replayed"), "wrong_nonce"),
        (presented(aud="https://other.example"), "wrong_audience"),
        (presented(now=NOW - timedelta(minutes=7)), "too_old"),
        (presented(now=NOW + timedelta(minutes=2)), "issued_in_future"),
        (presented(signer=MemorySigner()), "signature_invalid"),
        (presented(signer=ATTESTATION_KEY), "signature_invalid"),
        (BOUND + GOOD, "wrong_type"),
        (BOUND + "x", "proof_malformed"),
    ],
    ids=lambda value: value if len(value) < 30 else "",
)
def test_case_11_a_proof_that_does_not_hold(presentation, reason):
    report = asked(presentation)
    assert (report.verdict.value, report.code.value) == (
        "not_genuine",
        "holder_binding_failed",
    )
    assert binding_of(report).params == {"reason": reason}
    assert report.holder.binding.value == "failed"


def test_case_11_a_proof_over_other_disclosures():
    whole = presented()
    head, *texts, proof = whole.split("~")
    fewer = "~".join([head, *texts[1:], proof])
    report = asked(fewer)
    assert binding_of(report).params == {"reason": "other_disclosures"}
    assert report.verdict.value == "not_genuine"


def test_how_old_a_proof_may_be_is_the_receivers_choice():
    old = presented(now=NOW - timedelta(minutes=3))
    assert asked(old).verdict.value == "valid"
    strict = Presentation(AUDIENCE, NONCE, max_age_seconds=60)
    assert binding_of(asked(old, strict)).params == {"reason": "too_old"}


def test_a_forged_token_is_not_asked_for_its_holder():
    forged = presented().replace(BOUND.split("~")[0][-6:], "AAAAAA", 1)
    report = asked(forged)
    assert report.code.value == "bad_signature"
    assert binding_of(report).outcome.value == "not_performed"
