"""All equivalence tables of one edition, each by row id."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recognition_service.frameworks.instruments import (
    Agreement,
    AgreementParty,
    AgreementTitle,
    AnnexVTitle,
    ComparabilityStatement,
)
from recognition_service.frameworks.programmes import (
    Programme,
    ProgrammeBody,
    ProgrammeCost,
    ProgrammeFigure,
    ProgrammeLimit,
    ProgrammeParty,
    ProgrammePhase,
)
from recognition_service.frameworks.rows import (
    CompetentAuthority,
    Framework,
    IscedField,
    IscedLevel,
    Jurisdiction,
    Level,
    LevelAlignment,
    Organisation,
    Profession,
    Qualification,
    ReferenceQualification,
    Source,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The rows of one edition, by id. Attributes are named as the files are."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    jurisdictions: Mapping[str, Jurisdiction] = field(default_factory=dict)
    organisations: Mapping[str, Organisation] = field(default_factory=dict)
    frameworks: Mapping[str, Framework] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    level_alignments: Mapping[str, LevelAlignment] = field(default_factory=dict)
    qualifications: Mapping[str, Qualification] = field(default_factory=dict)
    reference_qualifications: Mapping[str, ReferenceQualification] = field(
        default_factory=dict
    )
    comparability_statements: Mapping[str, ComparabilityStatement] = field(
        default_factory=dict
    )
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    agreement_parties: Mapping[str, AgreementParty] = field(default_factory=dict)
    agreement_titles: Mapping[str, AgreementTitle] = field(default_factory=dict)
    annex_v_titles: Mapping[str, AnnexVTitle] = field(default_factory=dict)
    professions: Mapping[str, Profession] = field(default_factory=dict)
    competent_authorities: Mapping[str, CompetentAuthority] = field(
        default_factory=dict
    )
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    programme_parties: Mapping[str, ProgrammeParty] = field(default_factory=dict)
    programme_bodies: Mapping[str, ProgrammeBody] = field(default_factory=dict)
    programme_figures: Mapping[str, ProgrammeFigure] = field(default_factory=dict)
    programme_limits: Mapping[str, ProgrammeLimit] = field(default_factory=dict)
    programme_costs: Mapping[str, ProgrammeCost] = field(default_factory=dict)
    programme_phases: Mapping[str, ProgrammePhase] = field(default_factory=dict)
    isced_levels: Mapping[str, IscedLevel] = field(default_factory=dict)
    isced_fields: Mapping[str, IscedField] = field(default_factory=dict)
