"""Reports as a verification answers them, one for each verdict."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from recognition_service.verification.codes import Code
from recognition_service.verification.report import (
    Check,
    CheckID,
    CheckOutcome,
    HolderFinding,
    InputFinding,
    IssuerFinding,
    MandateFinding,
    RecognitionFinding,
    Report,
    StatusFinding,
    Verdict,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ISSUER = "https://recognition.example/issuers/be-fl"
_NOT_PERFORMED = {
    CheckID.JOINT: Code.NOT_APPLICABLE,
    CheckID.HOLDER_BINDING: Code.NO_PRESENTATION,
    CheckID.SEAL: Code.NOT_A_DOCUMENT,
}


def the_checks(failing=None, code=None):
    """All checks; those after a failing form, key or signature are not reached."""
    checks = []
    is_over = False
    for check in CheckID:
        if check is failing:
            checks.append(Check(check, CheckOutcome.FAILED, code))
            is_over = code is Code.BAD_SIGNATURE
        elif check in _NOT_PERFORMED or is_over:
            reason = _NOT_PERFORMED.get(check, Code.NOT_REACHED)
            checks.append(Check(check, CheckOutcome.NOT_PERFORMED, reason))
        else:
            checks.append(Check(check, CheckOutcome.PASSED))
    return tuple(checks)


def a_recognition(**changes):
    found = RecognitionFinding(
        decision_kind="level_comparability",
        outcome="automatic",
        purpose="general_employment",
        target={
            "title": None,
            "jurisdiction": ["BE-FL"],
            "framework": "BE-FL-VKS",
            "level": "6",
            "eqf": "6",
            "profession": None,
        },
        source={
            "title": "Bakalaura diploms",
            "origin": "LV",
            "framework": "LV-LKI",
            "level": "6",
            "awarded_on": "2019-06-28",
            "authenticity": "confirmed_by_issuer",
        },
        allows=("compare_level",),
        does_not_allow=("regulated_profession",),
        conditions=(),
        measures=(),
        limitations=(),
        legal_force={"en": "Binding on employers in the Flemish Community."},
        regime="benelux-baltic",
        valid_from="2026-11-02",
        valid_until=None,
        decision_digest="sha256-" + "B" * 43,
    )
    return replace(found, **changes)


def a_report(verdict=Verdict.VALID, code=Code.VALID, **changes):
    report = Report(
        verdict=verdict,
        code=code,
        checked_at=NOW,
        as_of=NOW,
        checks=the_checks(),
        format="vc+jwt",
        id="urn:uuid:019a1c2d-0000-7000-8000-000000000001",
        issuer=IssuerFinding(
            ISSUER,
            "NARIC-Vlaanderen (example)",
            "naric.example",
            "BE-FL",
            MandateFinding(
                in_force_at_issue=True, in_force_now=True, href=f"{ISSUER}/competence"
            ),
        ),
        holder=HolderFinding("Bērziņa", "Ilze"),
        recognition=a_recognition(),
        status=StatusFinding(
            "valid",
            NOW - timedelta(minutes=5),
            NOW + timedelta(minutes=5),
            "https://recognition.example/status/7",
        ),
        inputs=(InputFinding("trust_list", 12, NOW - timedelta(hours=10), fresh=True),),
    )
    return replace(report, **changes)


def a_conditional_report():
    return a_report(
        Verdict.VALID_WITH_CONDITIONS,
        Code.MEASURES_OUTSTANDING,
        holder=HolderFinding("حدّاد", "أمينة"),
        recognition=a_recognition(
            decision_kind="professional_access",
            outcome="conditional",
            purpose="regulated_profession",
            target={
                "title": "Verpleegkundige",
                "jurisdiction": ["BE-FL"],
                "framework": None,
                "level": None,
                "eqf": None,
                "profession": "nurse-general-care",
            },
            source={
                "title": "الإجازة الوطنية في التمريض",
                "origin": "TN",
                "framework": None,
                "level": None,
                "awarded_on": "2021-07-09",
                "authenticity": "confirmed_by_issuer",
            },
            allows=("practise_after_conditions",),
            does_not_allow=("licence",),
            measures=(
                {
                    "code": "adaptation_period",
                    "text": {"en": "An adaptation period in geriatric nursing."},
                    "until": None,
                    "max_months": 6,
                },
            ),
        ),
    )


def a_revoked_report():
    return a_report(
        Verdict.NOT_VALID,
        Code.REVOKED,
        checks=the_checks(CheckID.STATUS, Code.REVOKED),
        status=replace(a_report().status, value="revoked"),
    )


def an_unconfirmed_report():
    return a_report(
        Verdict.CANNOT_CONFIRM,
        Code.STATUS_STALE,
        checks=the_checks(CheckID.STATUS, Code.STATUS_STALE),
    )


def an_unknown_issuers_report():
    return a_report(
        Verdict.CANNOT_CONFIRM,
        Code.ISSUER_UNKNOWN,
        checks=the_checks(CheckID.ISSUER_KNOWN, Code.ISSUER_UNKNOWN),
        issuer=IssuerFinding("https://elsewhere.example/issuers/naric"),
        holder=None,
        recognition=None,
        status=None,
        id=None,
    )


def a_forged_report():
    return a_report(
        Verdict.NOT_GENUINE,
        Code.BAD_SIGNATURE,
        checks=the_checks(CheckID.SIGNATURE, Code.BAD_SIGNATURE),
        holder=None,
        recognition=None,
        status=None,
        id=None,
    )


def a_refusal_report():
    return a_report(
        Verdict.VALID,
        Code.RECOGNITION_REFUSED,
        recognition=a_recognition(outcome="refused", allows=()),
    )


BY_VERDICT = {
    Verdict.VALID: a_report,
    Verdict.VALID_WITH_CONDITIONS: a_conditional_report,
    Verdict.NOT_VALID: a_revoked_report,
    Verdict.CANNOT_CONFIRM: an_unconfirmed_report,
    Verdict.NOT_GENUINE: a_forged_report,
}
