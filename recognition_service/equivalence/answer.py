"""The answer and its parts: codes and parameters, never sentences.

A `Conclusion` is what the tables say about every question of one kind and one
epoch; an `Answer` joins it with the question that was asked. There is no field
that calls two qualifications equivalent: a level is not a decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from recognition_service.equivalence.question import Question
from recognition_service.frameworks.instruments import ElementResult, ObjectKind
from recognition_service.frameworks.rows import (
    Evidence,
    LevelStatus,
    Relation,
    Row,
    Source,
)


class Result(StrEnum):
    """What kind of row the answer rests on."""

    STATEMENT = "statement"
    TREATY_RULE = "treaty_rule"
    LEVEL_INFORMATION = "level_information"
    NONE = "none"


class NoAnswer(StrEnum):
    """Why there is no answer; each of them is an answer too."""

    NO_PUBLISHED_RELATION = "no_published_relation"
    NOT_LINKED = "not_linked"
    NOT_ENDORSED = "not_endorsed"
    NEEDS_INDIVIDUAL_ASSESSMENT = "needs_individual_assessment"
    INSTRUMENT_PARTIES_NOT_ESTABLISHED = "instrument_parties_not_established"


class RuleOutcome(StrEnum):
    """The outcomes that a rule or a statement can have; a refusal is never one."""

    FULL = "full"
    AUTOMATIC = "automatic"
    CONDITIONAL = "conditional"
    PARTIAL = "partial"


class PathKind(StrEnum):
    """Whether somebody published the relation, or it was derived by one hop."""

    DIRECT = "direct"
    DERIVED = "derived"


class Met(StrEnum):
    """Whether a condition is fulfilled."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held, as its own system writes it.

    Attributes:
        framework: `None` when the qualification stands on no framework.
        code: The level, `None` when it has none.
        caveat: Code of a warning that belongs to the framework, or `None`.
    """

    framework: str | None
    code: str | None
    level_status: LevelStatus
    caveat: str | None = None


@dataclass(frozen=True, slots=True)
class LevelAnswer:
    """One level of the set that answers, and how the held level stands to it."""

    framework: str
    code: str
    relation: Relation
    framework_version: str | None = None


@dataclass(frozen=True, slots=True)
class Weakest:
    """The weakest relation and the weakest evidence on the way.

    Attributes:
        relation: Seen from the held level; `None` where no levels were related.
    """

    relation: Relation | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Path:
    """How the answer was reached: at most one hop through one hub."""

    kind: PathKind
    weakest: Weakest
    hub: str | None = None
    hub_levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowUse:
    """A row that the answer rests on, as it stood in the edition."""

    table: str
    id: str
    revision: int
    evidence: Evidence
    source: str

    @classmethod
    def of(cls, table: str, row: Row) -> "RowUse":
        """Return the use of a row of a table."""
        return cls(table, row.id, row.revision, row.evidence, row.source)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with its parameters; the door finds the sentence for it."""

    code: str
    params: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """A condition of the answer, and the fact that would settle it.

    Attributes:
        rule: The condition in the language of `frameworks.conditions`; `None` where
            it has no machine form.
    """

    id: str
    met: Met
    missing_fact: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Elements:
    """How the five elements of two qualifications compare, as the issuer states it."""

    level: ElementResult
    workload: ElementResult
    quality: ElementResult
    profile: ElementResult
    learning_outcomes: ElementResult


@dataclass(frozen=True, slots=True)
class ReferenceTitle:
    """A qualification of the destination that a statement compares with."""

    id: str
    title: str
    title_en: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class ReferenceObject:
    """What a published statement compares with."""

    kind: ObjectKind
    qualifications: tuple[ReferenceTitle, ...]
    framework: str | None
    levels: tuple[str, ...]
    eqf_levels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedLevel:
    """The level that a treaty gives to its listed titles, and only the level.

    Attributes:
        framework: Framework of the destination party, as the annex names it.
        level: Level there, `None` when no row that may decide states it.
        titles: What the destination party lists at the same level.
    """

    hub: str
    hub_level: str
    framework: str | None
    level: str | None
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """A title of annex V for a profession: a finding, never a licence."""

    profession: str
    annex_point: str
    titles: tuple[str, ...]
    professional_titles: tuple[str, ...]


AnswerObject = ReferenceObject | ListedLevel | ListedTitle


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What the tables say about every question of one kind and one epoch.

    Attributes:
        decides: Whether a rule may decide about this type of qualification. About
            a person's claim it says nothing: that needs authenticity too.
        outcome: `None` for information and wherever the row answers less than was
            asked.
        elements: `None` where nobody stated any.
    """

    result: Result
    held: Held
    no_answer: NoAnswer | None = None
    decides: bool = False
    outcome: RuleOutcome | None = None
    instrument: str | None = None
    object: AnswerObject | None = None
    levels: tuple[LevelAnswer, ...] = ()
    path: Path | None = None
    conditions: tuple[ConditionResult, ...] = ()
    elements: Elements | None = None
    rows: tuple[RowUse, ...] = ()
    sources: tuple[Source, ...] = ()
    reasons: tuple[Reason, ...] = ()


class Answer(NamedTuple):
    """A question and what the tables conclude about it.

    A named tuple because one is made for every question, in a third of the time of
    a frozen dataclass.
    """

    question: Question
    conclusion: Conclusion

    @property
    def result(self) -> Result:
        """What kind of row the answer rests on."""
        return self.conclusion.result

    @property
    def no_answer(self) -> NoAnswer | None:
        """Why there is no answer; `None` when there is one."""
        return self.conclusion.no_answer

    @property
    def decides(self) -> bool:
        """Whether a rule may decide about this type of qualification."""
        return self.conclusion.decides

    @property
    def outcome(self) -> RuleOutcome | None:
        """What comes out, `None` for mere information."""
        return self.conclusion.outcome

    @property
    def levels(self) -> tuple[LevelAnswer, ...]:
        """The set of levels that answers."""
        return self.conclusion.levels

    @property
    def rows(self) -> tuple[RowUse, ...]:
        """The rows that the answer rests on."""
        return self.conclusion.rows

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """The codes of all reasons, the most important first."""
        return tuple(reason.code for reason in self.conclusion.reasons)
