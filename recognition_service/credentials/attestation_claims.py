"""What an attestation says, as plain values, before it takes a format.

The members are those of the signed decision; codes and enumerations are plain
strings here and are checked against the published schema.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """The person, named as on the evidence.

    Attributes:
        family_name: Family name, or the only name of a person with one name.
        given_name: None when the evidence shows none.
        birth_date: None when it was not established.
        name_on_evidence: The full name in the evidence's own script.
    """

    family_name: str
    given_name: str | None = None
    birth_date: date | None = None
    name_on_evidence: str | None = None


@dataclass(frozen=True, slots=True)
class SourceQualification:
    """The qualification that the person holds.

    Attributes:
        title: Title in its original language.
        origin: Code of the awarding jurisdiction, such as "LV".
        authenticity: How well the award is proven, such as "confirmed_by_issuer".
        evidence_digest: Digest of the evidence that was looked at.
    """

    title: str
    origin: str
    authenticity: str
    framework: str | None = None
    level: str | None = None
    awarded_on: date | None = None
    awarded_by: str | None = None
    evidence_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What the qualification counts as at the destination.

    Attributes:
        title: Reference qualification, None where the decision names only a level.
        eqf: Level of the European Qualifications Framework, such as "6".
        profession: Code of the profession, None outside regulated access.
        isced_field: ISCED-F 2013 field of study, such as "0913".
    """

    title: str | None = None
    framework: str | None = None
    level: str | None = None
    eqf: str | None = None
    profession: str | None = None
    isced_field: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A limitation, a condition or a compensation measure.

    Attributes:
        code: Kind of the clause, such as "adaptation_period".
        text: What the decision says, by language.
        until: When it ends or must be met, None when no date was set.
        max_months: Longest duration of a measure.
    """

    code: str
    text: Mapping[str, str] = field(default_factory=dict)
    until: date | None = None
    max_months: int | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """How to appeal: where, how, until when after notification."""

    body: str
    route: str | None = None
    within_days: int | None = None
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """From which data the decision follows.

    Attributes:
        edition_base: Digest of the shared edition of the tables.
        edition_overlay: Digest of the authority's own rows, None without any.
        rows: Rows used, such as "agreement_titles/BENELUX-BALTIC:LV:6".
        engine: Version of the rules that computed the findings.
    """

    edition_base: str
    edition_overlay: str | None
    rows: tuple[str, ...]
    engine: str


@dataclass(frozen=True, slots=True)
class JointAward:
    """Marks one of several credentials that only count together.

    Attributes:
        group: Random UUID that all of them share, lower case.
        required: Ids of all issuers whose credential is needed.
        role: What this issuer's credential stands for, such as "A".
        subject: Digest that stands for the person and tells nothing about them; the
            same in all of the group.
    """

    group: str
    required: tuple[str, ...]
    role: str
    subject: str


@dataclass(frozen=True, slots=True)
class AttestationClaims:
    """Everything that an attestation says about one decision.

    Attributes:
        attestation_id: UUID of the attestation, lower case.
        number: Its human number, such as "ATT-2026-000917".
        issuer_id: "{PUBLIC_URL}/issuers/{authority}".
        jurisdictions: Where the decision counts.
        legal_basis: Ids of instruments and articles.
        legal_force: What the decision means in law, by language.
        does_not_allow: Codes of what a reader might wrongly infer.
        decision_digest: Digest of the decision record.
        agreement: Address of the signed agreement on which the decision rests.
        mandate: Address of the authority's published competence.
        validity_from: First legal day, in the authority's zone.
        validity_until: Last legal day, None without end.
        valid_from: `validity_from` as an instant.
        valid_until: Last instant of `validity_until`; None exactly when that is.
    """

    attestation_id: str
    issuer_id: str
    issuer_name: str
    holder: Holder
    decision_id: str
    decision_kind: str
    outcome: str
    purpose: str
    legal_basis: tuple[str, ...]
    legal_force: Mapping[str, str]
    decision_date: date
    jurisdictions: tuple[str, ...]
    source: SourceQualification
    target: Target
    reasoning: Reasoning
    decision_digest: str
    mandate: str
    validity_from: date
    valid_from: datetime
    validity_until: date | None = None
    valid_until: datetime | None = None
    number: str | None = None
    regime: str | None = None
    limitations: tuple[Clause, ...] = ()
    conditions: tuple[Clause, ...] = ()
    compensation_measures: tuple[Clause, ...] = ()
    does_not_allow: tuple[str, ...] = ()
    remedy: Remedy | None = None
    joint: JointAward | None = None
    agreement: str | None = None
