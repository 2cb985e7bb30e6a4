"""Answers whether a presented attestation is genuine and in force.

Pure: what was presented, what is trusted and the time go in, a report comes out.
Nothing that a token names is fetched, nothing raises, and the work is bounded by
the size limits of the formats.
"""

from dataclasses import dataclass
from datetime import datetime

from recognition_service.credentials import vc_jwt
from recognition_service.verification import (
    contents,
    dates,
    form,
    issuer,
    mandate,
    status,
)
from recognition_service.verification.checklist import Checklist
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.report import (
    CheckID,
    HolderFinding,
    InputFinding,
    IssuerFinding,
    MandateFinding,
    RecognitionFinding,
    Report,
    StatusFinding,
)
from recognition_service.verification.trust import (
    TrustedIssuer,
    VerificationInputs,
)
from recognition_service.verification.verdict import Effect, judge


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked: about which inputs, which instant, when."""

    inputs: VerificationInputs
    at: datetime
    checked_at: datetime


@dataclass(slots=True)
class _Findings:
    """What is known so far; told only as far as it was proven."""

    checklist: Checklist
    opened: OpenedToken | None = None
    issuer: TrustedIssuer | None = None
    effect: Effect | None = None
    mandate: MandateFinding | None = None
    holder: HolderFinding | None = None
    recognition: RecognitionFinding | None = None
    status: StatusFinding | None = None


def verify(
    presented: bytes | str,
    inputs: VerificationInputs,
    *,
    at: datetime,
    checked_at: datetime,
) -> Report:
    """Verify a `vc+jwt` token, or the JSON object that envelops one.

    `at` is the instant that the answer is about, `checked_at` the present. With an
    earlier `at` the trust list and the status list are those of the inputs: key
    histories and mandates carry dates and answer for any day, a status list only
    as far as `status` explains.
    """
    question = _Question(inputs, at, checked_at)
    findings = _Findings(Checklist())
    opened = findings.checklist.run(CheckID.FORM, form.open_token, presented)
    if opened is not None:
        findings.opened = opened
        known = _check_origin(findings, question, opened)
        if known is not None:
            _check_decision(findings, question, opened, known)
            _check_status(findings, question, opened, known)
    return _report(findings, question)


def _check_origin(
    findings: _Findings, question: _Question, opened: OpenedToken
) -> TrustedIssuer | None:
    """Perform checks 2 to 5; return the issuer if the signature is good."""
    checklist, trust, at = findings.checklist, question.inputs.trust, question.at
    checklist.run(CheckID.ALGORITHM, form.check_algorithm, opened)
    if checklist.failures():
        return None
    known = None if trust is None else trust.issuers.get(opened.issuer_id)
    checklist.run(CheckID.ISSUER_KNOWN, issuer.check_issuer, known, trust, opened, at)
    if known is None or trust is None:
        return None
    findings.issuer = known
    found = checklist.run(CheckID.KEY, issuer.find_key, known, trust, opened, at)
    if found is None:
        return None
    key, parsed = found
    checklist.run(CheckID.KEY, issuer.check_key_dates, key, opened)
    signed = checklist.run(CheckID.SIGNATURE, issuer.check_signature, opened, parsed)
    return known if signed else None


def _check_decision(
    findings: _Findings, question: _Question, opened: OpenedToken, known: TrustedIssuer
) -> None:
    """Perform checks 6, 7, 9 and 10 of a token whose signature is good."""
    checklist = findings.checklist
    recognition = checklist.run(CheckID.SCHEMA, contents.check_schema, opened)
    if recognition is None:
        return
    decision = checklist.run(CheckID.SCHEMA, dates.read_dates, opened)
    if decision is None:
        return
    findings.holder = contents.read_holder(opened)
    findings.recognition = contents.read_recognition(recognition)
    findings.effect = contents.effect_of(recognition)
    checklist.run(
        CheckID.DATES,
        dates.check_dates,
        opened,
        decision,
        question.at,
        question.checked_at,
    )
    found = mandate.find_mandate(known, recognition, decision.decided_on, question.at)
    findings.mandate = found
    competent = checklist.run(CheckID.MANDATE, mandate.check_mandate, found)
    if competent is not None and not found.in_force_now:
        checklist.note(CheckID.MANDATE, Code.MANDATE_ENDED_SINCE)
    if "joint" in recognition:
        checklist.run(CheckID.JOINT, contents.check_joint, recognition)


def _check_status(
    findings: _Findings, question: _Question, opened: OpenedToken, known: TrustedIssuer
) -> None:
    """Perform check 8 of a token whose signature is good."""
    checklist = findings.checklist
    found = checklist.run(
        CheckID.STATUS,
        status.find_status,
        opened.payload,
        known,
        question.inputs.statuses,
    )
    findings.status = found
    if found is not None and checklist.run(
        CheckID.STATUS, status.check_status, found, question.at
    ):
        checklist.note(CheckID.STATUS, Code.STATUS_FROM_LATER_LIST)


def _report(findings: _Findings, question: _Question) -> Report:
    checks = findings.checklist.checks()
    verdict, code = judge(findings.checklist.failures(), findings.effect)
    opened, trust = findings.opened, question.inputs.trust
    inputs: tuple[InputFinding, ...] = ()
    if trust is not None:
        fresh = trust.fresh_until >= question.at
        inputs = (InputFinding("trust_list", trust.version, trust.as_of, fresh),)
    proven = opened is not None and findings.recognition is not None
    return Report(
        verdict=verdict,
        code=code,
        checked_at=question.checked_at,
        as_of=question.at,
        checks=checks,
        format=None if opened is None else vc_jwt.TYP,
        id=opened.payload["id"] if opened is not None and proven else None,
        issuer=_issuer_finding(findings),
        holder=findings.holder,
        recognition=findings.recognition,
        status=findings.status,
        inputs=inputs,
    )


def _issuer_finding(findings: _Findings) -> IssuerFinding | None:
    if findings.opened is None:
        return None
    known = findings.issuer
    if known is None:
        return IssuerFinding(findings.opened.issuer_id)
    return IssuerFinding(
        known.id,
        known.registered_name,
        known.domain,
        known.country,
        findings.mandate,
    )
