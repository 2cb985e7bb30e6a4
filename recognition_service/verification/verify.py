"""Answers whether a presented attestation is genuine and in force.

Pure: what was presented, what is trusted and the time go in, a report comes out.
Nothing that a token names is fetched, nothing raises, and the work is bounded by
the size limits of the formats.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from recognition_service.verification import (
    contents,
    dates,
    form,
    holder_binding,
    issuer,
    joint,
    mandate,
    status,
)
from recognition_service.verification.checklist import Checklist
from recognition_service.verification.codes import Code
from recognition_service.verification.form import OpenedToken
from recognition_service.verification.holder_binding import Presentation
from recognition_service.verification.joint import MOST_PEERS, Share
from recognition_service.verification.report import (
    CheckID,
    InputFinding,
    IssuerFinding,
    JointFinding,
    MandateFinding,
    Report,
    StatusFinding,
)
from recognition_service.verification.trust import (
    TrustedIssuer,
    VerificationInputs,
)
from recognition_service.verification.values import value
from recognition_service.verification.verdict import Effect, judge

# Bound once: a look-up in the enumeration costs ten times as much.
(
    _FORM,
    _ALGORITHM,
    _ISSUER_KNOWN,
    _KEY,
    _SIGNATURE,
    _DATES,
    _MANDATE,
    _STATUS,
    _SCHEMA,
    _JOINT,
    _HOLDER_BINDING,
    _,
) = CheckID


@value
class _Question:
    """What was asked: about which inputs, which instant, when, of which holder."""

    inputs: VerificationInputs
    at: datetime
    checked_at: datetime
    expected: Presentation | None = None


@dataclass(slots=True)
class _Findings:
    """What is known so far; told only as far as it was proven.

    Attributes:
        issuer: As registered; its signature may still be bad.
        credential: The contents in the W3C form, once signature and shape are good.
    """

    checklist: Checklist
    opened: OpenedToken | None = None
    issuer: TrustedIssuer | None = None
    credential: Mapping[str, Any] | None = None
    effect: Effect | None = None
    mandate: MandateFinding | None = None
    status: StatusFinding | None = None
    joint: JointFinding | None = None


def verify(
    presented: bytes | str,
    inputs: VerificationInputs,
    *,
    at: datetime,
    checked_at: datetime,
    expected: Presentation | None = None,
    peers: Sequence[bytes | str] = (),
) -> Report:
    """Verify a `vc+jwt` or `dc+sd-jwt` token, or the JSON object that envelops one.

    `at` is the instant that the answer is about, `checked_at` the present. With an
    earlier `at` the trust list is that of the inputs, as key histories and mandates
    carry dates and answer for any day; a status list answers as far as `status`
    explains. With `expected` the holder must prove to be the one. `peers` are the
    other credentials of a joint award; ten of them are looked at.
    """
    question = _Question(inputs, at, checked_at, expected)
    findings = _examine(presented, question)
    credential = findings.credential
    if credential is not None:
        recognition = credential["credentialSubject"]["recognition"]
        if "joint" in recognition:
            _check_joint(findings, question, peers[:MOST_PEERS])
    return _report(findings, question)


def _examine(presented: bytes | str, question: _Question) -> _Findings:
    """Perform all checks of one token by itself."""
    findings = _Findings(Checklist())
    opened = findings.checklist.run(_FORM, form.open_token, presented)
    if opened is not None:
        findings.opened = opened
        known = _check_origin(findings, question, opened)
        if known is not None:
            _check_decision(findings, question, opened, known)
            _check_status(findings, question, opened, known)
            if question.expected is not None:
                findings.checklist.run(
                    _HOLDER_BINDING,
                    holder_binding.check_binding,
                    opened,
                    question.expected,
                    question.checked_at,
                )
    return findings


def _check_origin(
    findings: _Findings, question: _Question, opened: OpenedToken
) -> TrustedIssuer | None:
    """Perform checks 2 to 5; return the issuer if the signature is good."""
    checklist, trust, at = findings.checklist, question.inputs.trust, question.at
    checklist.run(_ALGORITHM, form.check_algorithm, opened)
    if checklist.failures():
        return None
    known = None if trust is None else trust.issuers.get(opened.issuer_id)
    checklist.run(_ISSUER_KNOWN, issuer.check_issuer, known, trust, opened, at)
    if known is None or trust is None:
        return None
    findings.issuer = known
    found = checklist.run(_KEY, issuer.find_key, known, trust, opened, at)
    if found is None:
        return None
    key, parsed = found
    retired = checklist.run(_KEY, issuer.check_key_dates, key, opened, at)
    if retired is not None:
        checklist.note(_KEY, Code.KEY_RETIRED_SINCE, retired)
    signed = checklist.run(_SIGNATURE, issuer.check_signature, opened, parsed)
    return known if signed else None


def _check_decision(
    findings: _Findings, question: _Question, opened: OpenedToken, known: TrustedIssuer
) -> None:
    """Perform checks 6, 7 and 9 of a token whose signature is good."""
    checklist = findings.checklist
    credential = checklist.run(_SCHEMA, contents.read_credential, opened)
    if credential is None:
        return
    decision = checklist.run(_SCHEMA, dates.read_dates, credential)
    if decision is None:
        return
    findings.credential = credential
    recognition = credential["credentialSubject"]["recognition"]
    findings.effect = contents.effect_of(recognition)
    checklist.run(
        _DATES,
        dates.check_dates,
        opened,
        decision,
        question.at,
        question.checked_at,
    )
    found = mandate.find_mandate(known, recognition, decision.decided_on, question.at)
    findings.mandate = found
    competent = checklist.run(_MANDATE, mandate.check_mandate, found)
    if competent is not None and not found.in_force_now:
        checklist.note(_MANDATE, Code.MANDATE_ENDED_SINCE)


def _check_status(
    findings: _Findings, question: _Question, opened: OpenedToken, known: TrustedIssuer
) -> None:
    """Perform check 8 of a token whose signature is good."""
    checklist = findings.checklist
    found = checklist.run(
        _STATUS,
        status.find_status,
        opened.claims,
        known,
        question.inputs,
        question.at,
    )
    is_later = False
    for finding in found or ():
        findings.status = finding
        later = checklist.run(_STATUS, status.check_status, finding, question.at)
        if later is None:
            return
        is_later = is_later or later
    if is_later:
        checklist.note(_STATUS, Code.STATUS_FROM_LATER_LIST)


def _check_joint(
    findings: _Findings, question: _Question, peers: Sequence[bytes | str]
) -> None:
    """Perform check 10 of a credential that says that it is part of a joint award.

    Peers are examined like the credential itself, but nobody presents them, and their
    own peers are not followed.
    """
    alone = _Question(question.inputs, question.at, question.checked_at)
    own = _share(findings)
    if own is None:
        return
    shares = [
        share
        for share in (_share(_examine(peer, alone)) for peer in peers)
        if share is not None
    ]
    trust = question.inputs.trust
    known = {} if trust is None else trust.issuers
    names = {id_: known[id_].registered_name for id_ in own.required if id_ in known}
    parts = joint.find_parts(own, shares, names)
    fits = findings.checklist.run(_JOINT, joint.check_joint, own, parts)
    findings.joint = joint.find_joint(own, parts, fits=bool(fits))


def _share(findings: _Findings) -> Share | None:
    """Return what a credential adds to a joint award, None if nothing was proven."""
    if findings.opened is None or findings.credential is None:
        return None
    return joint.read_share(
        findings.opened,
        findings.credential["credentialSubject"]["recognition"],
        judge(findings.checklist.failures(), findings.effect),
    )


def _report(findings: _Findings, question: _Question) -> Report:
    verdict, code = judge(findings.checklist.failures(), findings.effect)
    opened, trust = findings.opened, question.inputs.trust
    inputs: tuple[InputFinding, ...] = ()
    if trust is not None:
        fresh = trust.fresh_until >= question.at
        inputs = (InputFinding("trust_list", trust.version, trust.as_of, fresh),)
    holder = recognition = credential_id = None
    credential = findings.credential
    if credential is not None:
        subject = credential["credentialSubject"]
        binding = findings.checklist.outcome(_HOLDER_BINDING)
        holder = contents.read_holder(subject, binding)
        recognition = contents.read_recognition(subject["recognition"])
        credential_id = credential.get("id")
    return Report(
        verdict=verdict,
        code=code,
        checked_at=question.checked_at,
        as_of=question.at,
        checks=findings.checklist.checks(),
        format=None if opened is None else opened.format,
        id=credential_id,
        issuer=_issuer_finding(findings),
        holder=holder,
        recognition=recognition,
        status=findings.status,
        joint=findings.joint,
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
