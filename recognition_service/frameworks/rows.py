"""Rows about frameworks, their levels, qualifications, and the registers they cite.

Every class is one table of `equivalence_tables/`, every attribute one column with
the same name. An empty cell is `None`, an empty list `()`. Rows of instruments and
of published statements stand in `instruments.py`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Evidence(StrEnum):
    """How a row is known. Only `source_read` may decide, the others inform."""

    SOURCE_READ = "source_read"
    DOCUMENT_CONFIRMED = "document_confirmed"
    PARTLY_READ = "partly_read"
    UNCHECKED = "unchecked"


class JurisdictionKind(StrEnum):
    """What kind of territory a jurisdiction code names."""

    STATE = "state"
    PART = "part"
    SPECIAL = "special"
    HISTORICAL = "historical"


class FrameworkKind(StrEnum):
    """Whether a framework is a regional hub or belongs to one jurisdiction."""

    HUB = "hub"
    NATIONAL = "national"
    NATIONAL_LEGACY = "national_legacy"
    SUBNATIONAL = "subnational"
    SYSTEM_WITHOUT_FRAMEWORK = "system_without_framework"


class Relation(StrEnum):
    """How level A stands to level B in the document that links them.

    `equal` is the only level of A at that level of B; `narrow` is one of several;
    `broad` spans several levels of B; `best_fit` the report itself calls weak;
    `none` the document says there is no counterpart; `contested` sources or experts
    do not agree.
    """

    EQUAL = "equal"
    NARROW = "narrow"
    BROAD = "broad"
    BEST_FIT = "best_fit"
    COMPARABLE = "comparable"
    NONE = "none"
    CONTESTED = "contested"


class Basis(StrEnum):
    """What kind of document states a level alignment."""

    REFERENCING_REPORT = "referencing_report"
    SELF_CERTIFICATION = "self_certification"
    BILATERAL_REPORT = "bilateral_report"
    PILOT_COMPARISON = "pilot_comparison"
    STATUTE = "statute"
    STATISTICAL_MAPPING = "statistical_mapping"


class Endorsement(StrEnum):
    """What standing the linking document has."""

    ENDORSED = "endorsed"
    PUBLISHED = "published"
    DRAFT = "draft"
    NOT_ENDORSED = "not_endorsed"
    WITHDRAWN = "withdrawn"
    HISTORICAL = "historical"


class Direction(StrEnum):
    """Whether the document states the alignment from A to B only, or both ways."""

    A_TO_B = "a_to_b"
    MUTUAL = "mutual"


class LevelStatus(StrEnum):
    """Why a qualification type has a level, or has none."""

    ASSIGNED = "assigned"
    NOT_ON_FRAMEWORK = "not_on_framework"
    UNVERIFIED = "unverified"
    LEGACY = "legacy"


class QualificationStatus(StrEnum):
    """Whether a qualification type is still awarded."""

    CURRENT = "current"
    LEGACY = "legacy"
    UNKNOWN = "unknown"


class ListedBy(StrEnum):
    """Which kind of official list names the qualification type."""

    REGISTER = "register"
    TREATY = "treaty"
    ANNEX_V = "annex_v"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row of an equivalence table carries.

    Attributes:
        id: Stable, never reused, ASCII without spaces.
        source: Id of the source the row was taken from.
        valid_from: First day the row holds. `None` means "not established", never
            "always": what predates the record informs and never decides.
        valid_to: Last day the row holds. `None` means no end is known.
        revision: Counted from 1; a correction is a new revision.
    """

    id: str
    evidence: Evidence
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    revision: int = 1
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document or page from which rows were taken."""

    id: str
    title: str
    evidence: Evidence
    publisher: str | None = None
    year: int | None = None
    url: str | None = None
    licence: str | None = None
    read_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction(Row):
    """A state or a part of one that awards or recognises qualifications."""

    kind: JurisdictionKind
    name_en: str
    part_of: str | None = None
    iso_3166: str | None = None
    name_fr: str | None = None
    name_original: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(Row):
    """One version of a qualifications framework.

    Attributes:
        jurisdiction: `None` for a hub.
        hubs: Hubs to which the framework says it relates.
        predecessor: The framework that this one replaced.
        caveat: Code of a warning to print beside every level, if any.
    """

    kind: FrameworkKind
    name_en: str
    jurisdiction: str | None = None
    name_original: str | None = None
    legal_basis: str | None = None
    year_established: int | None = None
    authority: str | None = None
    hubs: tuple[str, ...] = ()
    referencing_status: str | None = None
    referencing_year: int | None = None
    predecessor: str | None = None
    uri: str | None = None
    caveat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(Row):
    """A level as its framework writes it.

    Attributes:
        code: A string such as "6", "4+" or "IV"; never a number to count with.
        ordinal: Position in the framework, unique there, higher is more advanced.
        parent: Code of the level this one is a part of, in the same framework.
        typical_evidence: How the typical qualifications are known.
    """

    framework: str
    code: str
    ordinal: int
    parent: str | None = None
    label_original: str | None = None
    label_en: str | None = None
    uri: str | None = None
    typical_original: str | None = None
    typical_en: str | None = None
    typical_evidence: Evidence | None = None
    typical_source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAlignment(Row):
    """What one document says about a level of A and the framework B.

    Attributes:
        level_b: `None` if and only if `relation` is `none`.
        instrument: Agreement that gives the alignment force, if any.
    """

    framework_a: str
    level_a: str
    framework_b: str
    relation: Relation
    basis: Basis
    endorsement: Endorsement
    direction: Direction
    level_b: str | None = None
    instrument: str | None = None
    document: str | None = None
    document_year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification(Row):
    """A type of qualification, not one that a person holds.

    `valid_from` and `valid_to` are the period in which it was awarded.

    Attributes:
        level: `None` unless `level_status` is `assigned` or `legacy`.
        credits: As published, such as "180-240".
        duration_years: As published, such as "1.5-2".
        evidence_covers: The columns that `evidence` speaks for; `None` is all.
    """

    jurisdiction: str
    level_status: LevelStatus
    title: str
    status: QualificationStatus
    framework: str | None = None
    level: str | None = None
    language: str | None = None
    title_en: str | None = None
    isced_level: str | None = None
    isced_field: str | None = None
    credits: str | None = None
    credit_unit: str | None = None
    duration_years: str | None = None
    awarding_body_type: str | None = None
    profession: str | None = None
    listed_by: ListedBy | None = None
    evidence_covers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceQualification(Row):
    """A qualification of the destination that statements compare with."""

    jurisdiction: str
    title: str
    language: str | None = None
    title_en: str | None = None
    framework: str | None = None
    levels: tuple[str, ...] = ()
    eqf_levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profession(Row):
    """A profession, and the point of Directive 2005/36/EC annex V that lists it."""

    name_en: str
    name_fr: str | None = None
    isco08: str | None = None
    esco_uri: str | None = None
    skill_level: int | None = None
    annex_point: str | None = None
    often_regulated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetentAuthority(Row):
    """A body of the world that decides; not a tenant of this installation."""

    jurisdiction: str
    name: str
    professions: tuple[str, ...] = ()
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(Row):
    """A body that publishes statements or runs programmes.

    Attributes:
        jurisdiction: `None` for international bodies.
    """

    name: str
    name_en: str | None = None
    jurisdiction: str | None = None
    kind: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IscedLevel(Row):
    """A level of education of ISCED 2011; `id` is its code.

    Attributes:
        indicative_eqf: A statistical pointer, never an official equivalence.
    """

    name_en: str
    name_fr: str | None = None
    typical_entry: str | None = None
    typical_duration: str | None = None
    indicative_eqf: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IscedField(Row):
    """A broad field of ISCED-F 2013; `id` is its code, such as "09"."""

    name_en: str
    name_fr: str | None = None
