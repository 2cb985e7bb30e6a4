"""What a regime says beside its clocks: to whom it applies, papers, measures, appeal.

No country and no number of the law stands here; they are data in
`equivalence_tables/regimes/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.practice import Language, Practice, read_practice

_MOST_MONTHS = 1200
PAPER_KINDS = frozenset(
    {
        "affidavit",
        "criminal_record",
        "curriculum",
        "diploma_supplement",
        "expert_opinion",
        "fee_receipt",
        "good_standing",
        "health",
        "identity",
        "insurance",
        "interview_record",
        "language_certificate",
        "motivation",
        "other",
        "professional_experience_declaration",
        "professional_title",
        "proof_of_intent",
        "proof_of_residence",
        "qualification",
        "test_result",
        "transcript",
        "translation",
        "work_experience",
        "work_sample",
    }
)
"""What a paper in a file can be; a regime asks for no others."""


class MeasureKind(StrEnum):
    """How a substantial difference can be made up for.

    Source: Directive 2005/36/EC, articles 3(1)(g) and (h) and 14.
    """

    ADAPTATION_PERIOD = "adaptation_period"
    APTITUDE_TEST = "aptitude_test"


class Chooser(StrEnum):
    """Who chooses between the measures, or that both may be imposed."""

    APPLICANT = "applicant"
    AUTHORITY = "authority"
    BOTH_IMPOSED = "both_imposed"


@dataclass(frozen=True, slots=True)
class Applies:
    """To which requests a regime applies; an empty set leaves a side open.

    A code of a state covers its parts. No regime applies to what was awarded in the
    place that is asked.

    Attributes:
        origins: Jurisdictions that awarded.
        origins_except: Jurisdictions for whose awards it does not apply.
        destinations: Jurisdictions that are asked.
        professions: Ids of professions.
        professions_except: Professions to which it does not apply.
        beneficiaries: Why a person may rely on the instrument.
        agreements: One of them must be the agreement that stands between both sides.
        is_on_request: Only where the request asks for this regime by its id.
        rank: The highest of those that apply is chosen.
    """

    origins: frozenset[str] = frozenset()
    origins_except: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    professions: frozenset[str] = frozenset()
    professions_except: frozenset[str] = frozenset()
    beneficiaries: frozenset[str] = frozenset()
    agreements: frozenset[str] = frozenset()
    is_on_request: bool = False
    rank: int = 0

    @property
    def names_somebody(self) -> bool:
        """Whether it says at all to whom the regime applies."""
        return bool(
            self.origins
            or self.destinations
            or self.professions
            or self.beneficiaries
            or self.agreements
        )


@dataclass(frozen=True, slots=True)
class Measures:
    """Which compensation measures a regime knows.

    Attributes:
        allowed: None of them: the regime knows no measures.
        chosen_by: Who chooses where no pair of levels says otherwise.
        by_levels: Who chooses, by level held and level required, such as
            ("a", "c").
        adaptation_months_max: The longest adaptation period, or None.
        attempts_max: How often a test may be sat, or None if the text gives no number.
    """

    allowed: frozenset[MeasureKind] = frozenset()
    chosen_by: Chooser = Chooser.APPLICANT
    by_levels: Mapping[tuple[str, str], Chooser] = field(default_factory=dict)
    adaptation_months_max: int | None = None
    attempts_max: int | None = None
    article: str | None = None

    def chooser(self, held: str | None, required: str | None) -> Chooser:
        """Return who chooses the measure, given both levels of the instrument."""
        return self.by_levels.get((held or "", required or ""), self.chosen_by)


@dataclass(frozen=True, slots=True)
class Papers:
    """Which papers a request needs.

    Attributes:
        required: Kinds without which a request is not complete.
        max_age_months: By kind, how old a paper may be when it is submitted.
        substituted: Whether another procedure may stand in for missing papers.
        is_legalisation_excluded: Whether neither apostille nor legalisation may be
            asked for.
    """

    required: tuple[str, ...] = ()
    max_age_months: Mapping[str, int] = field(default_factory=dict)
    substituted: bool = False
    is_legalisation_excluded: bool = False
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """When an appeal is open.

    Attributes:
        outcomes: Outcomes against which one can appeal.
        on_silence: Whether a missed time limit can be appealed against.
    """

    outcomes: frozenset[str] = frozenset()
    on_silence: bool = False
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the file of a closed case is kept, in months; None: not laid down.

    Attributes:
        file: The file with the outcome.
        papers: What the applicant handed in.
        sensitive: Health, good standing and criminal records.
    """

    file: int | None = None
    papers: int | None = None
    sensitive: int | None = None
    article: str | None = None
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Provisions:
    """All of these of one regime."""

    applies: Applies = Applies()
    measures: Measures = Measures()
    papers: Papers = Papers()
    appeal: Appeal = Appeal()
    retention: Retention = Retention()
    practice: tuple[Practice, ...] = ()
    language: Language = field(default_factory=Language)


def read_provisions(regime: str, tree: Mapping[str, Any]) -> Provisions:
    """Read what a regime says beside its clocks, `applies` to `language`.

    Raises:
        RegimeUnreadableError: A member is not known.
        TypeError: A member is of the wrong kind.
        ValueError: A word or a number is impossible.
    """
    applies = _part(regime, tree, "applies", Applies)
    measures = _part(regime, tree, "measures", Measures)
    papers = _part(regime, tree, "papers", Papers)
    appeal = _part(regime, tree, "appeal", Appeal)
    retention = _part(regime, tree, "retention", Retention)
    language = _part(regime, tree, "language", Language)
    return Provisions(
        _read_applies(applies),
        Measures(
            frozenset(MeasureKind(each) for each in measures.get("allowed", [])),
            Chooser(measures.get("chosen_by", Chooser.APPLICANT)),
            {
                _levels(pair): Chooser(word)
                for pair, word in measures.get("by_levels", {}).items()
            },
            _months(measures.get("adaptation_months_max")),
            _months(measures.get("attempts_max")),
            measures.get("article"),
        ),
        Papers(
            tuple(sorted(_kinds(papers.get("required", [])))),
            _ages(papers.get("max_age_months", {})),
            _flag(papers.get("substituted", False)),
            _flag(papers.get("is_legalisation_excluded", False)),
            papers.get("article"),
        ),
        Appeal(
            _words(appeal.get("outcomes", [])),
            _flag(appeal.get("on_silence", False)),
            appeal.get("article"),
        ),
        Retention(
            _months(retention.get("file")),
            _months(retention.get("papers")),
            _months(retention.get("sensitive")),
            retention.get("article"),
            _flag(retention.get("is_confirmed", False)),
        ),
        read_practice(regime, tree.get("practice", [])),
        Language(
            _flag(language.get("is_after_recognition", False)),
            language.get("article"),
            _flag(language.get("is_confirmed", False)),
        ),
    )


def _read_applies(tree: Mapping[str, Any]) -> Applies:
    return Applies(
        origins=_words(tree.get("origins", [])),
        origins_except=_words(tree.get("origins_except", [])),
        destinations=_words(tree.get("destinations", [])),
        professions=_words(tree.get("professions", [])),
        professions_except=_words(tree.get("professions_except", [])),
        beneficiaries=_words(tree.get("beneficiaries", [])),
        agreements=_words(tree.get("agreements", [])),
        is_on_request=_flag(tree.get("is_on_request", False)),
        rank=_rank(tree.get("rank", 0)),
    )


def _part(
    regime: str, tree: Mapping[str, Any], name: str, kind: type
) -> Mapping[str, Any]:
    """Return a table of the regime, all members of which are attributes of `kind`."""
    part = tree.get(name, {})
    if not isinstance(part, Mapping):
        raise TypeError(f"{name} is not a table")
    unknown = sorted(set(part) - set(kind.__dataclass_fields__))  # type: ignore[attr-defined]  # All are dataclasses.
    if unknown:
        raise RegimeUnreadableError(regime, f"{name}.{unknown[0]}", "is not known")
    return part


def _words(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(f"{value!r} is not a list of words")
    return frozenset(value)


def _kinds(value: Any) -> frozenset[str]:
    kinds = _words(value)
    unknown = sorted(kinds - PAPER_KINDS)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no kind of paper")
    return kinds


def _ages(value: Mapping[str, Any]) -> Mapping[str, int]:
    _kinds(list(value))
    return {kind: _months(months) or 0 for kind, months in value.items()}


def _levels(pair: str) -> tuple[str, str]:
    held, sign, required = pair.partition(">")
    if not (held and sign and required):
        raise ValueError(f"{pair!r} does not name two levels, such as a>c")
    return held, required


def _months(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 < value <= _MOST_MONTHS:
        raise ValueError(f"{value!r} is not a number from 1 to {_MOST_MONTHS}")
    return value


def _rank(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"{value!r} is not a whole number")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value
