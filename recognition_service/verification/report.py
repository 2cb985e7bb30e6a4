"""What a verification answers: a verdict and the steps that led to it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from recognition_service.verification.codes import Code
from recognition_service.verification.values import value

NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Verdict(StrEnum):
    """The answer in one word. Only the first two mean that it may be relied on."""

    VALID = "valid"
    VALID_WITH_CONDITIONS = "valid_with_conditions"
    NOT_VALID = "not_valid"
    NOT_GENUINE = "not_genuine"
    CANNOT_CONFIRM = "cannot_confirm"


class CheckID(StrEnum):
    """The checks, in the order of their numbers."""

    FORM = "form"
    ALGORITHM = "algorithm"
    ISSUER_KNOWN = "issuer_known"
    KEY = "key"
    SIGNATURE = "signature"
    DATES = "dates"
    MANDATE = "mandate"
    STATUS = "status"
    SCHEMA = "schema"
    JOINT = "joint"
    HOLDER_BINDING = "holder_binding"
    SEAL = "seal"


class CheckOutcome(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_PERFORMED = "not_performed"


NUMBERS: Mapping[CheckID, int] = MappingProxyType(
    {check: number for number, check in enumerate(CheckID, start=1)}
)


@value
class Check:
    """One step of the verification.

    Attributes:
        code: Why it failed or was not performed; on a passed check something to
            show, else None.
        params: Dates and names that belong to the code.
    """

    id: CheckID
    outcome: CheckOutcome
    code: Code | None = None
    params: Mapping[str, str] = field(default_factory=dict)


@value
class MandateFinding:
    """Whether the issuer was competent.

    Attributes:
        in_force_at_issue: A mandate covered the decision on the day it was taken.
        in_force_now: A mandate would cover it on the asked day.
        href: Where that mandate is published, None without one.
    """

    in_force_at_issue: bool
    in_force_now: bool
    href: str | None


@value
class IssuerFinding:
    """The issuer as registered; the token's own words about itself do not count.

    Attributes:
        id: The id that the token claims.
        registered_name: None, like the members below, when nobody registered it.
        mandate: None when the check was not reached.
    """

    id: str
    registered_name: str | None = None
    domain: str | None = None
    country: str | None = None
    mandate: MandateFinding | None = None


@value
class HolderFinding:
    """Whom the attestation is about, as far as the names were disclosed.

    Attributes:
        binding: Whether the presenter proved to be that person.
    """

    family_name: str | None
    given_name: str | None
    binding: CheckOutcome = CheckOutcome.NOT_PERFORMED


@value
class RecognitionFinding:
    """The decision, told only when its signature is good.

    Attributes:
        target: `title jurisdiction framework level eqf profession`.
        source: `title origin framework level awarded_on awarded_by authenticity`, each
            None when it was not disclosed; None when nothing was.
        allows: Codes of what the holder may do with it.
        does_not_allow: Codes of what it must not be taken for.
        conditions: Each with `code`, `text` by language, `until`, `max_months`.
        measures: As the conditions.
        limitations: As the conditions.
        legal_force: By language.
        valid_from: First day, "2026-11-02".
        valid_until: Last day, None without end.
        decision_digest: None when it was not disclosed.
    """

    decision_kind: str
    outcome: str
    purpose: str
    target: Mapping[str, Any]
    source: Mapping[str, Any] | None
    allows: tuple[str, ...]
    does_not_allow: tuple[str, ...]
    conditions: tuple[Mapping[str, Any], ...]
    measures: tuple[Mapping[str, Any], ...]
    limitations: tuple[Mapping[str, Any], ...]
    legal_force: Mapping[str, str]
    regime: str | None
    valid_from: str
    valid_until: str | None
    decision_digest: str | None


@value
class StatusFinding:
    """What the issuer's status list says.

    Attributes:
        value: "valid", "revoked", "suspended" or "superseded"; None if unreadable.
        as_of: When the issuer signed the list.
        fresh_until: Until when this copy of the list may be relied on.
        source: Address of the list.
    """

    value: str | None
    as_of: datetime
    fresh_until: datetime
    source: str


@value
class PartFinding:
    """How one body's part of a joint award stands.

    Attributes:
        name: As registered, None when nobody registered the issuer.
        code: Why it does not count; None: it does.
        params: Names and codes that belong to the code.
    """

    issuer_id: str
    name: str | None
    code: Code | None = None
    params: Mapping[str, str] = field(default_factory=dict)


@value
class JointFinding:
    """Which credentials of a joint award were there.

    Attributes:
        group: Random id that the credentials of the award share.
        required: Ids of all issuers whose credential is needed.
        present: Those of them whose genuine credential over this award was presented.
        complete: All were, and each is valid.
        parts: How each required issuer's part stands, the asked one's included.
    """

    group: str | None
    required: tuple[str, ...]
    present: tuple[str, ...]
    complete: bool
    parts: tuple[PartFinding, ...]


@value
class InputFinding:
    """Something that the verification relied on, and how fresh it was."""

    name: str
    version: int
    as_of: datetime
    fresh: bool


@value
class Report:
    """The whole answer.

    Attributes:
        checked_at: When the question was asked.
        as_of: The instant that the answer is about.
        format: Such as "vc+jwt"; None when it was not recognised.
        id: Id of the credential, None unless its signature is good and it was
            disclosed.
        joint: None unless this is part of a joint award.
    """

    verdict: Verdict
    code: Code
    checked_at: datetime
    as_of: datetime
    checks: tuple[Check, ...]
    format: str | None = None
    id: str | None = None
    issuer: IssuerFinding | None = None
    holder: HolderFinding | None = None
    recognition: RecognitionFinding | None = None
    status: StatusFinding | None = None
    joint: JointFinding | None = None
    inputs: tuple[InputFinding, ...] = field(default=())
