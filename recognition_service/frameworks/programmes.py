"""Rows about mobility programmes, and what two reports say of each in parts.

Every class is one table of `equivalence_tables/`, every attribute one column with
the same name. `programmes.csv` keeps in short what the reports say; the tables
beside it hold what in it has a structure. What the reports leave open stays open
there: an empty cell, the word "unknown", and a note that tells it.
"""

from dataclasses import dataclass
from enum import StrEnum

from recognition_service.frameworks.rows import Row


class Element(StrEnum):
    """The five features of a skills mobility partnership.

    Source: EMN Inform on Skills Mobility Partnerships, section 1.
    """

    STATE_COOPERATION = "state_cooperation"
    MULTI_STAKEHOLDER = "multi_stakeholder"
    TRAINING = "training"
    SKILLS_RECOGNITION = "skills_recognition"
    MOBILITY = "mobility"


class ElementValue(StrEnum):
    """Whether a report says that a programme has an element.

    `generic` is said of such programmes in general and not of this one; `unknown`
    is not said at all, and never means no.
    """

    YES = "yes"
    NO = "no"
    GENERIC = "generic"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """On which side of a programme a party stands."""

    ORIGIN = "origin"
    DESTINATION = "destination"
    PARTNER = "partner"


class BodyRole(StrEnum):
    """What a body does in a programme."""

    IMPLEMENTING = "implementing"
    FUNDING = "funding"
    PARTNER = "partner"


class FigureKind(StrEnum):
    """Whether a figure was aimed at or reached."""

    PLANNED = "planned"
    ACHIEVED = "achieved"


class FigureUnit(StrEnum):
    """What a figure counts."""

    PERSONS = "persons"
    AGREEMENTS = "agreements"
    PERCENT = "percent"


class FigurePeriod(StrEnum):
    """For which time a figure stands."""

    TOTAL = "total"
    PER_YEAR = "per_year"
    UNKNOWN = "unknown"


class LimitKind(StrEnum):
    """What a limit of admission is about."""

    AGE = "age"
    STAY = "stay"


class PayerType(StrEnum):
    """What kind of payer bears a cost; our reading of the payer that is named."""

    STATE = "state"
    EMPLOYER = "employer"
    INVESTOR = "investor"
    BENEFICIARY = "beneficiary"
    DONOR = "donor"
    UNKNOWN = "unknown"


class PhasePlace(StrEnum):
    """Where a phase takes place."""

    ORIGIN = "origin"
    DESTINATION = "destination"
    THIRD_COUNTRY = "third_country"
    UNKNOWN = "unknown"


class PhaseKind(StrEnum):
    """What participants do in a phase."""

    PREPARATION = "preparation"
    TRAINING = "training"
    FURTHER_TRAINING = "further_training"
    TRAINEESHIP = "traineeship"
    STUDY = "study"
    VALIDATION = "validation"
    WORK = "work"
    RETURN = "return"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Row):
    """A mobility programme, partnership or scheme, as two reports describe it.

    Values that the reports do not give are "unknown"; `outside_knowledge` is the
    only column with facts that are not in them.
    """

    kind: str
    name_en: str
    parent_id: str | None = None
    name_paper_fr: str | None = None
    status_in_paper: str | None = None
    origin_countries: tuple[str, ...] = ()
    destination_countries: tuple[str, ...] = ()
    partners_note: str | None = None
    implementing_bodies: str | None = None
    funding_bodies: str | None = None
    sectors_paper: str | None = None
    isco08_mapped: tuple[str, ...] = ()
    isced_f_mapped: tuple[str, ...] = ()
    legal_form: str | None = None
    start: str | None = None
    end: str | None = None
    duration_note: str | None = None
    planned_n: str | None = None
    planned_note: str | None = None
    achieved_n: str | None = None
    achieved_note: str | None = None
    target_group: str | None = None
    age_min: int | None = None
    age_max: int | None = None
    stay_limit: str | None = None
    training_location: str | None = None
    el1_state_cooperation: str | None = None
    el2_multi_stakeholder: str | None = None
    el3_training: str | None = None
    el4_skills_recognition: str | None = None
    el5_mobility: str | None = None
    dual_certification: str | None = None
    cost_sharing: str | None = None
    outcome_indicators_paper: str | None = None
    paper: str | None = None
    paper_ref: str | None = None
    paper_note: str | None = None
    outside_knowledge: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeParty(Row):
    """A jurisdiction that takes part in a programme.

    Attributes:
        jurisdiction: `None` where the report speaks of parties without naming them;
            then the note tells what it says.
    """

    programme: str
    side: Side
    jurisdiction: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeBody(Row):
    """A body that carries out, pays for or supports a programme."""

    programme: str
    name: str
    role: BodyRole


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeFigure(Row):
    """A number that a report gives.

    Attributes:
        value_from: The number, or the least of a range; alone it is "more than".
        value_to: The number, or the most of a range; alone it is "at most".
        years: How many years the figure covers, where the report says so.
    """

    programme: str
    kind: FigureKind
    unit: FigureUnit
    period: FigurePeriod
    value_from: int | None = None
    value_to: int | None = None
    years: int | None = None
    paper_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeLimit(Row):
    """A limit of admission to a programme; it never touches recognition.

    Attributes:
        age_min: Completed years of age at admission.
        age_max: The same; a person is this old until the day before the next
            birthday.
        months_min: Length of the stay in months.
        months_max: The same, before any renewal.
        renewal_months: By how many months one renewal lengthens the stay.
    """

    programme: str
    kind: LimitKind
    age_min: int | None = None
    age_max: int | None = None
    months_min: int | None = None
    months_max: int | None = None
    renewal_months: int | None = None
    paper_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCost(Row):
    """Something that costs money, and who bears it.

    Attributes:
        what: What is paid for.
        payer: Who pays, as the report says; `None` where it does not.
        share: Percent, such as "100" or "33.3"; `None` is not known.
    """

    programme: str
    what: str
    payer_type: PayerType
    payer: str | None = None
    share: str | None = None
    paper_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammePhase(Row):
    """A phase of a programme.

    Attributes:
        order: Position, counted from 1; phases with the same number are
            alternatives. `None` where the report does not say which comes first.
    """

    programme: str
    place: PhasePlace
    kind: PhaseKind
    order: int | None = None
    paper_ref: str | None = None
