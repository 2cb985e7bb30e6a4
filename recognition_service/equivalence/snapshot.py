"""One edition of the tables, compiled for questions.

A snapshot is built from tables that are already merged (the shipped base and, if
any, an authority's overlay), is never changed, and is replaced as a whole by the
next edition. Only its memory of earlier conclusions grows, up to a bound.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from recognition_service.equivalence.memo import Memo
from recognition_service.equivalence.places import Places, survey
from recognition_service.equivalence.programmes import Described, describe
from recognition_service.equivalence.question import Question
from recognition_service.frameworks.conditions import (
    Condition,
    UnreadableConditionError,
    parse_rules,
)
from recognition_service.frameworks.errors import UnreadableRowError
from recognition_service.frameworks.instruments import (
    Agreement,
    AgreementParty,
    AgreementTitle,
    AnnexVTitle,
    ComparabilityStatement,
)
from recognition_service.frameworks.rows import (
    Basis,
    Framework,
    FrameworkKind,
    LevelAlignment,
    LevelStatus,
)
from recognition_service.frameworks.tables import Tables

_Value = TypeVar("_Value")
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Edition:
    """Which rows answered.

    Attributes:
        base: Digest of the shipped edition.
        dated: The date of the base edition.
        overlay: Digest of the authority's own rows, or `None`.
    """

    base: str
    dated: date
    overlay: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The tables of one edition with every index that a question needs.

    Attributes:
        from_a: Alignments by framework and level A, statistical ones included.
        from_b: The same alignments by framework and level B.
        linked: The frameworks that a framework was ever compared with, by anything
            but statistics.
        hubs: The hubs that a framework is linked with, those it names itself first.
        statements: By what they speak of, the id of a type or of a level, and by
            destination.
        conditions: The rules of the statements that have some, by statement.
        asked: All conditions of the statements about a type or a level in a
            destination: nothing else in an answer depends on facts.
        parties: Parties by agreement and jurisdiction.
        titles_of_party: Listed titles by agreement and party.
        annex_titles: Titles of annex V by qualification id.
        annex_spellings: Titles of annex V by jurisdiction and `title_key`.
        programmes: Programmes with their parts by id; no answer rests on them.
    """

    edition: Edition
    tables: Tables
    places: Places
    from_a: Mapping[tuple[str, str], tuple[LevelAlignment, ...]]
    from_b: Mapping[tuple[str, str], tuple[LevelAlignment, ...]]
    linked: Mapping[str, frozenset[str]]
    hubs: Mapping[str, tuple[str, ...]]
    statements: Mapping[tuple[str, str], tuple[ComparabilityStatement, ...]]
    conditions: Mapping[str, tuple[Condition, ...]]
    asked: Mapping[tuple[str, str], tuple[Condition, ...]]
    parties: Mapping[str, Mapping[str, AgreementParty]]
    titles_of_party: Mapping[tuple[str, str], tuple[AgreementTitle, ...]]
    agreements: tuple[Agreement, ...]
    annex_titles: Mapping[str, tuple[AnnexVTitle, ...]]
    annex_spellings: Mapping[tuple[str, str], tuple[AnnexVTitle, ...]]
    programmes: Mapping[str, Described]
    memo: Memo = field(default_factory=Memo, repr=False, compare=False)

    @classmethod
    def build(
        cls, tables: Tables, digest: str, dated: date, overlay: str | None = None
    ) -> "Snapshot":
        """Compile merged tables.

        Args:
            tables: The rows of the base with those of the overlay laid over them.
            digest: Digest of the base edition.
            dated: Date of the base edition.
            overlay: Digest of the overlay, `None` without one.
        """
        alignments = tables.level_alignments.values()
        titles = tables.annex_v_titles.values()
        linked = _linked(alignments)
        statements = tables.comparability_statements.values()
        return cls(
            edition=Edition(digest, dated, overlay),
            tables=tables,
            places=survey(tables.jurisdictions, tables.frameworks),
            from_a=_grouped(alignments, lambda row: (row.framework_a, row.level_a)),
            from_b=_grouped(alignments, _at_level_b),
            linked=linked,
            hubs=_hubs(tables.frameworks, linked),
            statements=_by_subject(statements),
            conditions=dict(_conditions(statements)),
            asked=_asked(statements),
            parties=_parties(tables.agreement_parties.values()),
            titles_of_party=_grouped(
                tables.agreement_titles.values(), lambda row: (row.agreement, row.party)
            ),
            agreements=tuple(
                agreement
                for _, agreement in sorted(tables.agreements.items())
                if agreement.decides is not None
            ),
            annex_titles=_grouped(titles, lambda row: row.qualification),
            annex_spellings=_grouped(
                titles, lambda row: (row.jurisdiction, title_key(row.title))
            ),
            programmes=describe(tables),
        )

    def conditions_asked(self, question: Question) -> list[tuple[Condition, ...]]:
        """Return what statements that may answer a question ask for, by place.

        The places are the destination and all it is part of; those that ask for
        nothing are left out.
        """
        subjects = self.subjects(
            question.qualification, question.framework, question.level
        )
        found = []
        for place in self.places.lineage(question.destination):
            for subject in subjects:
                asked = self.asked.get((subject, place))
                if asked is not None:
                    found.append(asked)
        return found

    def subjects(
        self, qualification: str | None, framework: str | None, level: str | None
    ) -> tuple[str, ...]:
        """Return under what statements about something are found: type and level."""
        row = self.tables.qualifications.get(qualification or "")
        if row is not None:
            framework, level = row.framework, row.level
            if row.level_status is not LevelStatus.ASSIGNED:
                framework = None
        named = () if qualification is None else (qualification,)
        if framework is None or level is None:
            return named
        return (*named, f"{framework}:{level}")

    def level_id(self, framework: str, code: str) -> str:
        """Return the row id of a level."""
        return f"{framework}:{code}"


def title_key(title: str) -> str:
    """Return a title without the differences that spelling habits make."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


def _grouped(
    rows: Iterable[_Value], key: Callable[[_Value], _Key | None]
) -> dict[_Key, tuple[_Value, ...]]:
    """Return the rows by key; those with the key `None` are left out."""
    groups: dict[_Key, list[_Value]] = {}
    for row in rows:
        place = key(row)
        if place is not None:
            groups.setdefault(place, []).append(row)
    return {place: tuple(group) for place, group in groups.items()}


def _at_level_b(row: LevelAlignment) -> tuple[str, str] | None:
    return None if row.level_b is None else (row.framework_b, row.level_b)


def _by_subject(
    statements: Iterable[ComparabilityStatement],
) -> dict[tuple[str, str], tuple[ComparabilityStatement, ...]]:
    """Return the statements by what they speak of, a type or a level, and place."""
    groups: dict[tuple[str, str], list[ComparabilityStatement]] = {}
    for row in statements:
        for subject in _subjects(row):
            groups.setdefault((subject, row.destination), []).append(row)
    return {place: tuple(group) for place, group in groups.items()}


def _subjects(row: ComparabilityStatement) -> tuple[str, ...]:
    if row.qualification is not None:
        return (row.qualification,)
    return tuple(f"{row.subject_framework}:{code}" for code in row.subject_levels)


def _conditions(
    statements: Iterable[ComparabilityStatement],
) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    for row in statements:
        if row.rules is None:
            continue
        try:
            yield row.id, parse_rules(row.rules)
        except UnreadableConditionError as error:
            raise UnreadableRowError(
                "comparability_statements", row.id, "rules", f"no condition: {error}"
            ) from error


def _asked(
    statements: Iterable[ComparabilityStatement],
) -> dict[tuple[str, str], tuple[Condition, ...]]:
    """Return the conditions by qualification and destination; equal ones are shared."""
    with_rules = [row for row in statements if row.rules is not None]
    shared: dict[tuple[str, ...], tuple[Condition, ...]] = {}
    asked = {}
    for place, rows in _by_subject(with_rules).items():
        texts = tuple(row.rules or "" for row in rows)
        if texts not in shared:
            each = (condition for text in texts for condition in parse_rules(text))
            shared[texts] = tuple(dict.fromkeys(each))
        asked[place] = shared[texts]
    return asked


def _linked(alignments: Iterable[LevelAlignment]) -> dict[str, frozenset[str]]:
    links: dict[str, set[str]] = {}
    for row in alignments:
        if row.basis is not Basis.STATISTICAL_MAPPING:
            links.setdefault(row.framework_a, set()).add(row.framework_b)
            links.setdefault(row.framework_b, set()).add(row.framework_a)
    return {framework: frozenset(others) for framework, others in links.items()}


def _hubs(
    frameworks: Mapping[str, Framework], linked: Mapping[str, frozenset[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the hubs of every framework, in the order in which it names them."""
    kinds = {code for code, row in frameworks.items() if row.kind is FrameworkKind.HUB}
    hubs = {}
    for code, others in linked.items():
        reached = others & kinds
        named = [hub for hub in frameworks[code].hubs if hub in reached]
        hubs[code] = (*named, *sorted(reached.difference(named)))
    return hubs


def _parties(rows: Iterable[AgreementParty]) -> dict[str, dict[str, AgreementParty]]:
    parties: dict[str, dict[str, AgreementParty]] = {}
    for row in rows:
        parties.setdefault(row.agreement, {})[row.jurisdiction] = row
    return parties
