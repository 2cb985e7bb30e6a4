"""What a good attestation answers, and what changes with dates and outcomes."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from recognition_service.credentials import vc_jwt
from recognition_service.credentials.attestation_claims import Clause
from recognition_service.verification.document import as_document, in_language
from recognition_service.verification.report import CheckOutcome, Verdict
from recognition_service.verification.trust import Mode, VerificationInputs
from tests.credentials.builders import MemorySigner, all_claims, some_claims
from tests.verification.world import (
    GOOD,
    GOOD_STATUS,
    NOW,
    a_mandate,
    a_payload,
    a_status,
    a_token,
    an_issuer,
    answer,
    check,
    inputs,
    issuer_key,
    signed,
    status_claims,
    trust,
)

GOLDEN = Path(__file__).parent / "golden_report.json"


def outcomes(report):
    return {check.id.value: check.outcome.value for check in report.checks}


def test_a_good_attestation_is_valid():
    assert answer(GOOD) == ("valid", "valid")
    assert answer(GOOD.encode()) == ("valid", "valid")
    assert answer(json.dumps(vc_jwt.envelope(GOOD))) == ("valid", "valid")


def test_the_report_is_the_golden_one():
    document = as_document(check(GOOD), language="en")
    assert document == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_checks_are_numbered_as_published():
    document = as_document(check("nothing"))
    assert [(entry["number"], entry["id"]) for entry in document["checks"]] == [
        (1, "form"),
        (2, "algorithm"),
        (3, "issuer_known"),
        (4, "key"),
        (5, "signature"),
        (6, "dates"),
        (7, "mandate"),
        (8, "status"),
        (9, "schema"),
        (10, "joint"),
        (11, "holder_binding"),
        (12, "seal"),
    ]
    assert document["checks"][9]["code"] == "not_applicable"
    assert document["checks"][10]["code"] == "no_presentation"
    assert document["checks"][11]["code"] == "not_a_document"


def test_eddsa_keys_verify_as_well():
    signer = MemorySigner("EdDSA")
    issuer = an_issuer(keys=(*an_issuer().keys, issuer_key(signer)))
    assert answer(a_token(signer=signer), inputs(issuer)) == ("valid", "valid")


def test_only_the_registered_name_is_told():
    lying = replace(some_claims(), issuer_name="Ministry of Everything")
    report = check(a_token(lying))
    assert report.verdict is Verdict.VALID
    assert report.issuer.registered_name.startswith("Recognition body of Flanders")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"outcome": "full"}, ("valid", "valid")),
        ({"outcome": "refused"}, ("valid", "recognition_refused")),
        ({"outcome": "partial"}, ("valid_with_conditions", "outcome_partial")),
        (
            {"outcome": "conditional", "compensation_measures": (Clause("test"),)},
            ("valid_with_conditions", "measures_outstanding"),
        ),
        (
            {"limitations": (Clause("supervised_only"),)},
            ("valid_with_conditions", "limitations_apply"),
        ),
        (
            {"decision_kind": "provisional_authorisation", "outcome": "full"},
            ("valid_with_conditions", "outcome_provisional"),
        ),
    ],
    ids=str,
)
def test_the_decision_says_how_much_is_valid(changes, expected):
    assert answer(a_token(some_claims(**changes))) == expected


def test_a_refusal_allows_nothing():
    report = check(a_token(some_claims(outcome="refused")))
    assert report.recognition.allows == ()


def test_what_was_not_proven_is_not_told():
    unproven = (
        check(GOOD[:-8] + "AAAAAAAA"),
        check(GOOD, inputs(an_issuer(id="https://other.example/issuers/x"))),
        check("not a token"),
    )
    for report in unproven:
        assert report.holder is None
        assert report.recognition is None
        assert report.status is None
        assert report.id is None


def test_an_unknown_issuer_leaves_the_signature_open():
    report = check(GOOD, inputs(an_issuer(id="https://other.example/issuers/x")))
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "issuer_unknown",
    )
    assert outcomes(report)["signature"] == "not_performed"
    assert report.issuer.registered_name is None


def test_without_a_trust_list_nothing_is_confirmed():
    given = VerificationInputs(None, {})
    assert answer(GOOD, given) == ("cannot_confirm", "trust_missing")


def test_a_test_issuer_counts_only_where_tests_are_accepted():
    tester = an_issuer(mode=Mode.TEST)
    assert answer(GOOD, inputs(tester)) == ("cannot_confirm", "issuer_is_test")
    assert answer(GOOD, inputs(tester, accept_test=True)) == ("valid", "valid")
    forged = GOOD[:-8] + "AAAAAAAA"
    assert answer(forged, inputs(tester)) == ("not_genuine", "bad_signature")


def until(day):
    last = datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
    return {"validity_until": day, "valid_until": last}


def test_a_decision_that_ended_is_not_valid():
    ended = a_token(some_claims(**until(date(2026, 11, 20))))
    assert answer(ended) == ("not_valid", "decision_ended")
    last_day = a_token(some_claims(**until(date(2026, 11, 21))))
    end = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
    fresh = inputs(
        status=a_status(status_claims(issued_at=end), fetched_at=end),
    )
    assert answer(last_day, fresh, at=end) == ("valid", "valid")
    late = end + timedelta(seconds=1)
    assert answer(last_day, fresh, at=late) == ("not_valid", "decision_ended")


def test_a_decision_that_has_not_begun_is_not_valid():
    begins = NOW + timedelta(seconds=61)
    early = a_token(some_claims(valid_from=begins))
    assert answer(early) == ("not_valid", "not_yet_valid")
    assert answer(a_token(some_claims(valid_from=NOW + timedelta(seconds=60)))) == (
        "valid",
        "valid",
    )


def test_an_expired_copy_is_only_a_reason_to_ask_for_a_fresh_one():
    expired = a_token(expires_at=NOW - timedelta(seconds=60))
    assert answer(expired) == ("cannot_confirm", "copy_expired")
    revoked = inputs(status=a_status(status_claims(1)))
    assert answer(expired, revoked) == ("cannot_confirm", "copy_expired")


def test_the_end_must_be_told_in_both_places():
    payload = a_payload(validUntil="2026-11-01T00:00:00Z")
    assert answer(signed(payload)) == ("cannot_confirm", "schema_mismatch")


@pytest.mark.parametrize(
    "changes",
    [
        {"validFrom": "2026-02-30T00:00:00Z"},
        {"validFrom": "0001-01-01T00:00:00+14:00"},
        {"validFrom": "2026-11-02"},
        {"validFrom": "2026-11-02T00:00:00"},
        {"validFrom": 5},
        {"credentialSubject": []},
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"type": ["VerifiableCredential"]},
        {"termsOfUse": []},
        {"id": "urn:uuid:1"},
    ],
    ids=str,
)
def test_a_credential_of_another_shape_is_not_confirmed(changes):
    report = check(signed(a_payload(**changes)))
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "schema_mismatch",
    )
    assert outcomes(report)["dates"] == "not_performed"


def test_an_unknown_member_of_the_decision_is_not_overlooked():
    payload = a_payload()
    payload["credentialSubject"]["recognition"]["exception"] = "only on Sundays"
    assert answer(signed(payload)) == ("cannot_confirm", "schema_mismatch")


def test_further_members_outside_the_decision_are_allowed():
    assert answer(signed(a_payload(relatedResource=[]))) == ("valid", "valid")


@pytest.mark.parametrize(
    "limits",
    [
        {"decision_kinds": ("licence",)},
        {"jurisdictions": ("BE",)},
        {"levels": ("BE-FL-VKS:7", "EQF:7")},
        {"professions": ("midwife",)},
        {"fields": ("09",)},
        {"valid_from": date(2026, 11, 3)},
        {"valid_to": date(2026, 11, 1)},
    ],
    ids=str,
)
def test_a_decision_outside_the_mandate_is_not_valid(limits):
    issuer = an_issuer(mandates=(a_mandate(**limits),))
    report = check(GOOD, inputs(issuer))
    assert (report.verdict.value, report.code.value) == (
        "not_valid",
        "mandate_missing",
    )
    assert report.issuer.mandate.in_force_at_issue is False
    assert report.issuer.mandate.href is None


def test_a_decision_inside_every_limit_of_a_mandate_is_valid():
    mandate = a_mandate(
        decision_kinds=("professional_access",),
        jurisdictions=("BE-FL",),
        levels=("EQF:6",),
        fields=("09",),
        professions=("midwife",),
        valid_to=date(2026, 11, 2),
    )
    claims = replace(all_claims(), joint=None)
    report = check(a_token(claims), inputs(an_issuer(mandates=(mandate,))))
    assert report.verdict is Verdict.VALID_WITH_CONDITIONS
    assert report.issuer.mandate.in_force_at_issue


def test_a_mandate_that_ended_later_takes_nothing_away():
    issuer = an_issuer(mandates=(a_mandate(valid_to=date(2026, 11, 2)),))
    report = check(GOOD, inputs(issuer))
    assert report.verdict is Verdict.VALID
    assert report.issuer.mandate.in_force_at_issue
    assert not report.issuer.mandate.in_force_now
    (mandate,) = [entry for entry in report.checks if entry.id == "mandate"]
    assert (mandate.outcome, mandate.code) == (
        CheckOutcome.PASSED,
        "mandate_ended_since",
    )


def test_half_of_a_joint_award_is_not_confirmed():
    assert answer(a_token(all_claims())) == (
        "cannot_confirm",
        "joint_award_incomplete",
    )


def test_texts_of_the_decision_come_in_the_asked_language():
    document = as_document(check(GOOD), language="nl")
    assert document["recognition"]["legal"]["force"].startswith("Stelt het niveau")
    fallback = as_document(check(GOOD), language="fr")
    assert fallback["recognition"]["legal"]["force"].startswith("States the level")
    assert in_language({"pt": "nível"}, "fr") == "nível"
    assert in_language({}, "fr") is None


def test_clauses_are_told_with_their_text():
    document = as_document(check(a_token(replace(all_claims(), joint=None))))
    recognition = document["recognition"]
    assert recognition["measures"] == [
        {"code": "adaptation_period", "text": "…", "until": None, "max_months": 6}
    ]
    assert recognition["conditions"][0]["until"] == "2027-05-01"
    assert recognition["validity"] == {"from": "2026-11-02", "until": "2036-11-02"}
    assert recognition["allows"] == [{"code": "practise_after_conditions"}]


def test_a_stale_trust_list_confirms_nothing():
    stale = inputs(fresh_until=NOW - timedelta(seconds=1))
    report = check(GOOD, stale)
    assert (report.verdict.value, report.code.value) == (
        "cannot_confirm",
        "trust_stale",
    )
    assert report.inputs[0].fresh is False
    assert outcomes(report)["signature"] == "passed"


def test_what_a_stale_trust_list_does_not_know_may_be_new():
    stale = inputs(an_issuer(keys=()), fresh_until=NOW - timedelta(days=1))
    assert answer(GOOD, stale) == ("cannot_confirm", "trust_stale")
    nobody = inputs(
        an_issuer(id="https://x.example/issuers/x"), fresh_until=NOW - timedelta(days=1)
    )
    assert answer(GOOD, nobody) == ("cannot_confirm", "trust_stale")


@pytest.mark.parametrize(
    "presented",
    [
        b"%PDF-1.7",
        b"\x89PNG",
        b"\xff\xd8\xff",
        '{"type": ["VerifiableCredential"], "proof": {}}',
    ],
)
def test_another_format_is_not_called_a_forgery(presented):
    assert answer(presented) == ("cannot_confirm", "format_not_supported")


def test_a_broken_key_in_the_trust_list_is_not_the_holders_fault():
    key = an_issuer().keys[0]
    for broken in (
        replace(key, public_jwk={"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
        replace(key, alg="EdDSA"),
    ):
        issuer = an_issuer(keys=(broken,))
        assert answer(GOOD, inputs(issuer)) == ("cannot_confirm", "key_unusable")


def test_the_inputs_are_told():
    (told,) = check(GOOD).inputs
    assert (told.name, told.version, told.fresh) == ("trust_list", 12, True)
    assert check(GOOD).status.source == GOOD_STATUS.uri
    assert trust().version == 12
