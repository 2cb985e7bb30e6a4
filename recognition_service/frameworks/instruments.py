"""Rows about what binds: agreements, their parties and titles, and statements.

Every class is one table of `equivalence_tables/`, every attribute one column with
the same name. The base class and the rows of frameworks stand in `rows.py`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.frameworks.rows import Row


class Effect(StrEnum):
    """What an agreement does with a qualification it covers."""

    AUTOMATIC = "automatic"
    PROCEDURAL = "procedural"
    FACILITATED = "facilitated"
    COMPARABILITY = "comparability"
    FRAMEWORK_RULE = "framework_rule"


class Binding(StrEnum):
    """What legal force a statement or an agreement has."""

    LEGAL = "legal"
    LIST = "list"
    PRECEDENT = "precedent"
    ADVICE = "advice"


class Decides(StrEnum):
    """How far an agreement lets a rule go without an officer.

    `level_listed` yields the level of a listed title; `finding` finds that a title
    qualifies, and an officer decides.
    """

    LEVEL_LISTED = "level_listed"
    FINDING = "finding"


class Purpose(StrEnum):
    """What the recognition is asked for."""

    ACADEMIC_ACCESS = "academic_access"
    GENERAL_EMPLOYMENT = "general_employment"
    REGULATED_PROFESSION = "regulated_profession"
    MIGRATION_POINTS = "migration_points"


class Outcome(StrEnum):
    """What a published statement says comes out."""

    FULL = "full"
    PARTIAL = "partial"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    NEEDS_INDIVIDUAL_ASSESSMENT = "needs_individual_assessment"


class RulesCover(StrEnum):
    """Whether rules and award dates say all that the words of the conditions say."""

    ALL = "all"
    PART = "part"


class ElementResult(StrEnum):
    """How one element of two qualifications compares.

    Source: EAR manual, chapter 2 (the five elements of a qualification).
    """

    SAME = "same"
    DIFFERENCE = "difference"
    SUBSTANTIAL_DIFFERENCE = "substantial_difference"
    NOT_ASSESSED = "not_assessed"


class ObjectKind(StrEnum):
    """With what a statement compares: never only with a level."""

    REFERENCE_QUALIFICATION = "reference_qualification"
    YEARS_OF = "years_of"
    AT_LEAST = "at_least"
    ONE_OF = "one_of"
    LISTED_LEVEL = "listed_level"
    CASE_BY_CASE = "case_by_case"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Row):
    """A treaty, directive or arrangement between jurisdictions.

    Attributes:
        decides: `None` when a rule may never decide under this agreement.
        parties_established: Whether the list of parties and dates was read.
    """

    name: str
    kind: str
    effect: Effect
    binding: Binding
    parties_established: bool
    scope_type: str | None = None
    scope: str | None = None
    professions: tuple[str, ...] = ()
    decides: Decides | None = None
    signed_on: date | None = None
    in_force_from: date | None = None
    ended_on: date | None = None
    status: str | None = None
    key_rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementParty(Row):
    """A jurisdiction bound by an agreement, from when and until when.

    Attributes:
        in_force_from: `None` means not established.
        withdrawn_on: First day on which the party is no longer bound.
    """

    agreement: str
    jurisdiction: str
    in_force_from: date | None = None
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementTitle(Row):
    """A title that an annex lists for one party at one level of a hub.

    Attributes:
        title: `None` where the annex says that the party has none at this level.
        applicable: False for such a hole.
    """

    agreement: str
    party: str
    hub: str
    hub_level: str
    applicable: bool
    qualification: str | None = None
    framework: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexVTitle(Row):
    """A title of annex V of Directive 2005/36/EC as printed in a dated list.

    Attributes:
        number: Position among the titles of this jurisdiction and profession.
        reference_date: Training begun after it is recognised automatically.
        reference_academic_year: Used instead of the date for architects, "1988/1989".
        as_of: Date of the list the title was read in, as far as it is known.
    """

    profession: str
    annex_point: str
    jurisdiction: str
    number: int
    title: str
    qualification: str | None = None
    awarding_body: str | None = None
    accompanying_certificate: str | None = None
    professional_title: str | None = None
    reference_date: date | None = None
    reference_academic_year: str | None = None
    instrument: str | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparabilityStatement(Row):
    """What an issuer published about a qualification in a destination.

    Attributes:
        qualification: Qualification type, or `None` when only a title is known.
        subject_framework: Framework of the levels of which it speaks, where it speaks
            of all their qualifications and not of one type.
        conditions: In words.
        rules: The same as far as a machine can evaluate it, for
            `conditions.parse_rules`.
        rules_cover: `None` where no machine can tell whether the words are met.
        awarded_from: First award date the statement covers.
        awarded_to: Last award date the statement covers.
        objects: Reference qualifications compared with.
        elements_reason: Why the elements compare so, in words.
        appeal: Where somebody can object to the statement.
        review_by: Last day on which the statement decides unless it is reviewed.
        as_of: When the statement stood as quoted.
    """

    issuer: str
    origin: str
    title: str
    destination: str
    object_kind: ObjectKind
    outcome: Outcome
    purpose: Purpose
    binding: Binding
    qualification: str | None = None
    subject_framework: str | None = None
    subject_levels: tuple[str, ...] = ()
    title_en: str | None = None
    conditions: str | None = None
    rules: str | None = None
    rules_cover: RulesCover | None = None
    awarded_from: date | None = None
    awarded_to: date | None = None
    objects: tuple[str, ...] = ()
    destination_framework: str | None = None
    destination_levels: tuple[str, ...] = ()
    eqf_levels: tuple[str, ...] = ()
    element_level: ElementResult | None = None
    element_workload: ElementResult | None = None
    element_quality: ElementResult | None = None
    element_profile: ElementResult | None = None
    element_outcomes: ElementResult | None = None
    elements_reason: str | None = None
    legal_basis: str | None = None
    appeal: str | None = None
    review_by: date | None = None
    instrument: str | None = None
    profession: str | None = None
    as_of: str | None = None
