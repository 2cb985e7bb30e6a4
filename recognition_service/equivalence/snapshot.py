"""One edition of the tables, compiled for questions.

A snapshot is built from tables that are already merged (the shipped base and, if
any, an authority's overlay), is never changed, and is replaced as a whole by the
next edition. Only its memory of earlier conclusions grows, up to a bound.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from recognition_service.equivalence.groups import Key, grouped, told_in
from recognition_service.equivalence.memo import Asked, Memo
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
from recognition_service.frameworks.packed_rows import cells
from recognition_service.frameworks.rows import (
    Basis,
    Framework,
    FrameworkKind,
    LevelAlignment,
    LevelStatus,
)
from recognition_service.frameworks.tables import Tables


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
        conditions: What the rules of the statements ask for, by their text.
        parties: Parties by agreement and jurisdiction.
        titles_of_party: Listed titles by agreement and party.
        annex_titles: Titles of annex V by qualification.
        annex_spellings: Titles of annex V by jurisdiction and `title_key`.
        programmes: Programmes with their parts by id; no answer rests on them.
    """

    edition: Edition
    tables: Tables
    places: Places
    from_a: Mapping[Key, tuple[LevelAlignment, ...]]
    from_b: Mapping[Key, tuple[LevelAlignment, ...]]
    linked: Mapping[str, frozenset[str]]
    hubs: Mapping[str, tuple[str, ...]]
    statements: Mapping[Key, tuple[ComparabilityStatement, ...]]
    conditions: Mapping[str, tuple[Condition, ...]]
    parties: Mapping[str, Mapping[str, AgreementParty]]
    titles_of_party: Mapping[Key, tuple[AgreementTitle, ...]]
    agreements: tuple[Agreement, ...]
    annex_titles: Mapping[Key, tuple[AnnexVTitle, ...]]
    annex_spellings: Mapping[Key, tuple[AnnexVTitle, ...]]
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
        alignments, titles = tables.level_alignments, tables.annex_v_titles
        statements = tables.comparability_statements
        linked = _linked(alignments)
        return cls(
            edition=Edition(digest, dated, overlay),
            tables=tables,
            places=survey(tables.jurisdictions, tables.frameworks),
            from_a=grouped(alignments, ("framework_a", "level_a"), _whole),
            from_b=grouped(alignments, ("framework_b", "level_b"), _whole),
            linked=linked,
            hubs=_hubs(tables.frameworks, linked),
            statements=grouped(statements, _SPOKEN_OF, _subjects),
            conditions=_conditions(statements),
            parties=_parties(tables.agreement_parties.values()),
            titles_of_party=grouped(
                tables.agreement_titles, ("agreement", "party"), _whole
            ),
            agreements=tuple(
                agreement
                for _, agreement in sorted(tables.agreements.items())
                if agreement.decides is not None
            ),
            annex_titles=grouped(titles, ("qualification",), _whole),
            annex_spellings=grouped(titles, ("jurisdiction", "title"), _spelled),
            programmes=describe(tables),
        )

    def conditions_asked(self, question: Question) -> Asked:
        """Return what statements that may answer a question ask for, by place.

        The places are the destination and all it is part of; those that ask for
        nothing are left out. Nothing else in an answer depends on facts.
        """
        subjects = self.subjects(
            question.qualification, question.framework, question.level
        )
        found = []
        for place in self.places.lineage(question.destination):
            for subject in subjects:
                rules = told_in(self.statements, (subject, place), "rules")
                asked = (self.conditions[text] for text in rules if text is not None)
                found.append(tuple(dict.fromkeys(chain.from_iterable(asked))))
        return tuple(filter(None, found))

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


_SPOKEN_OF = ("qualification", "subject_framework", "subject_levels", "destination")


def _subjects(
    qualification: str | None,
    framework: str | None,
    levels: tuple[str, ...],
    destination: str,
) -> Iterator[Key]:
    """Yield what a statement speaks of, a type or levels, each with the place."""
    if qualification is not None:
        yield qualification, destination
    else:
        for code in levels:
            yield f"{framework}:{code}", destination


def _whole(*parts: str | None) -> Iterator[Key]:
    """Yield cells as one key, unless one of them is empty."""
    key = tuple(part for part in parts if part is not None)
    if len(key) == len(parts):
        yield key


def _spelled(jurisdiction: str, title: str) -> Iterator[Key]:
    yield jurisdiction, title_key(title)


def _conditions(
    statements: Mapping[str, ComparabilityStatement],
) -> dict[str, tuple[Condition, ...]]:
    """Return the conditions by the text of the rules; equal texts share them."""
    conditions = {}
    for rules in dict.fromkeys(text for (text,) in cells(statements, "rules")):
        if rules is not None:
            try:
                conditions[rules] = parse_rules(rules)
            except UnreadableConditionError as error:
                raise _unreadable(statements, rules, str(error)) from error
    return conditions


def _unreadable(
    statements: Mapping[str, ComparabilityStatement], rules: str, fault: str
) -> UnreadableRowError:
    """Name the first statement with rules that cannot be read."""
    row_id = next(
        row_id for row_id, text in cells(statements, "id", "rules") if text == rules
    )
    return UnreadableRowError(
        "comparability_statements", row_id, "rules", f"no condition: {fault}"
    )


def _linked(
    alignments: Mapping[str, LevelAlignment],
) -> dict[str, frozenset[str]]:
    links: dict[str, set[str]] = {}
    told = cells(alignments, "framework_a", "framework_b", "basis")
    pairs = {
        (one, other)
        for one, other, basis in told
        if basis is not Basis.STATISTICAL_MAPPING
    }
    for one, other in pairs:
        links.setdefault(one, set()).add(other)
        links.setdefault(other, set()).add(one)
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
