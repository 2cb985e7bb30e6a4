"""An answer as one paragraph that an officer can put into a letter.

Every sentence is a whole one of the locale files. Nothing is left out: reasons that
no other sentence tells stand in the paragraph with their own.
"""

from collections.abc import Iterator, Mapping

from recognition_service.equivalence.answer import (
    Answer,
    Conclusion,
    ConditionResult,
    ListedTitle,
    Met,
    NoAnswer,
    Reason,
    Result,
)
from recognition_service.equivalence.gaps import NOT_ADOPTED
from recognition_service.equivalence.relations import weakest_evidence
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.conditions import FACTS
from recognition_service.frameworks.instruments import Binding, ComparabilityStatement
from recognition_service.frameworks.rows import Evidence
from recognition_service.runtime.explained_finding import found, held
from recognition_service.runtime.spoken import fact_name, rule_text, sentence
from recognition_service.runtime.spoken_names import day
from recognition_service.runtime.teller import Teller
from recognition_service.wording import text

_MOST_SOURCES = 3
_MOST_REMEMBERED = 4_096
_AWARDED_ON, _ASKED_ON = "\x1e", "\x1f"
"""Where the dates of a question stand in a paragraph that is remembered."""
_IN_A_LETTER = ("explanation.reason_", "reason.")
"""Sentences of reasons; first those that are worded for a letter."""
_TOLD = frozenset(
    {
        "award_date_unknown",
        "both_parties_in_force",
        "condition_fact_missing",
        "conditions_met",
        "does_not_open_regulated_profession",
        "inverse_of_published_table",
        "level_is_not_a_decision",
        "listed_title",
        "other_statements",
        "published_statement",
        "row_document_confirmed",
        "row_partly_read",
        "row_unchecked",
        "same_framework",
        "several_counterparts",
        "validity_not_established",
    }
)
"""Reasons that the paragraph tells in sentences of its own."""
_PLACES = frozenset({"origin", "destination", "party"})
_FRAMEWORKS = frozenset({"framework", "other", "hub", "predecessor"})
_DATES = frozenset({"as_of", "dates", "from", "to"})
_PARTIES = "treaty_parties"
_remembered: dict[tuple[int, str], tuple[Conclusion, str]] = {}


def explanation(answer: Answer, snapshot: Snapshot, language: str) -> str:
    """Return the answer in one paragraph.

    Paragraphs are remembered by conclusion, as conclusions are by kind of question;
    only the dates of the question are put in anew.

    Args:
        answer: What was asked and concluded.
        snapshot: The edition that answered, in which the names stand.
        language: Of the paragraph.
    """
    question, conclusion = answer
    asked_on = day(question.asked_on, language)
    awarded_on = day(question.awarded_on, language) if question.awarded_on else None
    if question.facts or question.training_started_on is not None:
        explainer = _Explainer(answer, snapshot, language)
        return " ".join(explainer.sentences(awarded_on, asked_on))
    key = id(conclusion), language
    known = _remembered.get(key)
    if known is None or known[0] is not conclusion:
        if len(_remembered) >= _MOST_REMEMBERED:
            _remembered.clear()
        explainer = _Explainer(answer, snapshot, language)
        places = _AWARDED_ON if awarded_on else None, _ASKED_ON
        known = _remembered[key] = conclusion, " ".join(explainer.sentences(*places))
    told = known[1].replace(_ASKED_ON, asked_on)
    return told.replace(_AWARDED_ON, awarded_on) if awarded_on else told


class _Explainer(Teller):
    """Tells all of an answer."""

    def sentences(self, awarded_on: str | None, asked_on: str) -> Iterator[str]:
        """Yield the sentences in their order.

        Args:
            awarded_on: The award date in words; `None` where it is not known.
            asked_on: The day of the question in words.
        """
        yield from self._asked(awarded_on)
        yield from held(self)
        yield from found(self)
        if self.answer.result is Result.NONE:
            yield from self._doubts()
            yield from self._authority()
            yield from self._evidence()
            yield from self._conditions()
        else:
            yield from self._authority()
            yield from self._evidence()
            yield from self._conditions()
            yield from self._doubts()
        yield from self._limits()
        yield self._edition(asked_on)

    def _reason(self, reason: Reason) -> str:
        """Return the sentence of a reason, with names where it has codes."""
        params = {
            name: self._named(name, value) for name, value in reason.params.items()
        }
        told = sentence(_IN_A_LETTER, reason.code, params, self.language)
        return told or reason.code.replace("_", " ")

    def _named(self, name: str, value: str | tuple[str, ...]) -> str:
        if not isinstance(value, str):
            rename = self.names.place if name == "parties" else self.dated
            return self.listed([rename(each) for each in value], "and")
        if name in _PLACES:
            return self.names.place(value)
        if name in _FRAMEWORKS:
            return self.framework(value)
        if name in _DATES:
            return self.dated(value)
        return self.purpose(value) if name == "purpose" else value

    def _asked(self, awarded_on: str | None) -> Iterator[str]:
        question, names = self.question, self.names
        about: dict[str, str] = {
            "origin": names.place(question.origin),
            "destination": names.place(question.destination),
            "purpose": self.purpose(question.purpose),
        }
        title = self.title()
        if title is not None:
            about["title"] = title
        else:
            about["level"] = question.level or ""
            about["framework"] = self.framework(question.framework or "")
        code = "asked_level" if title is None else "asked_title"
        if awarded_on is None:
            yield self.say(f"{code}_undated", **about)
        else:
            yield self.say(code, awarded_on=awarded_on, **about)
        if question.profession is not None:
            named = names.profession(question.profession)
            yield self.say("asked_profession", profession=named)
        if question.training_started_on is not None:
            started = self.day(question.training_started_on)
            yield self.say("asked_training", started_on=started)
        if question.target_framework is not None:
            named = self.framework(question.target_framework)
            yield self.say("asked_framework", framework=named)

    def _authority(self) -> Iterator[str]:
        statement = self._statement()
        if statement is not None:
            yield from self._issued(statement)
        elif self.answer.result is Result.TREATY_RULE:
            yield from self._bound()
        elif self.answer.result is Result.LEVEL_INFORMATION:
            yield self.say("force_levels")
        yield from self._sources()
        if self.answer.result is not Result.NONE:
            yield self.say("decides" if self.answer.decides else "decides_not")

    def _statement(self) -> ComparabilityStatement | None:
        """Return the statement that answers: the first that is used."""
        known = self.snapshot.tables.comparability_statements
        uses = (
            use for use in self.answer.rows if use.table == "comparability_statements"
        )
        use = next(uses, None)
        return None if use is None else known.get(use.id)

    def _issued(self, row: ComparabilityStatement) -> Iterator[str]:
        issuer = self.snapshot.tables.organisations.get(row.issuer)
        code = "agreed" if issuer and issuer.kind == _PARTIES else "issued"
        named = issuer.name if issuer else row.issuer
        if row.legal_basis:
            basis = row.legal_basis
            yield self.say(f"{code}_under", issuer=named, legal_basis=basis)
        else:
            yield self.say(code, issuer=named)
        if row.binding in {Binding.LEGAL, Binding.LIST}:
            yield self.say(f"force_{row.binding}")

    def _bound(self) -> Iterator[str]:
        yield self.say("force_treaty", instrument=self.instrument())
        known = self.snapshot.tables.agreement_parties
        uses = (use for use in self.answer.rows if use.table == "agreement_parties")
        since = {
            known[use.id].jurisdiction: known[use.id].in_force_from
            for use in uses
            if use.id in known
        }
        days = set(since.values())
        if len(since) > 1 and len(days) == 1 and None not in days:
            yield self.say("bound_both", since=self.dated(str(days.pop())))
            return
        for party, first in since.items():
            if first is not None:
                named = self.names.place(party)
                yield self.say("bound_since", party=named, since=self.day(first))

    def _sources(self) -> Iterator[str]:
        sources = self.conclusion.sources
        if not sources:
            return
        if len(sources) > _MOST_SOURCES:
            yield self.say("sources_listed", count=len(sources))
            return
        named = []
        for source in sources:
            about = [
                str(part)
                for part in (source.publisher, source.year)
                if part is not None
            ]
            title = self.names.quoted(source.title)
            params = {"title": title, "about": ", ".join(about)}
            code = "list.described" if about else "list.plain"
            named.append(text(code, params, self.language))
        yield self.count("source", named, sources=self.listed(named, "and"))

    def _evidence(self) -> Iterator[str]:
        rows = self.answer.rows
        if rows:
            weakest = weakest_evidence(use.evidence for use in rows)
            if weakest is Evidence.SOURCE_READ or self.answer.result is not Result.NONE:
                yield self.say(f"evidence_{weakest}")
        if "validity_not_established" in self.answer.reason_codes:
            yield self.say("undated")

    def _conditions(self) -> Iterator[str]:
        facts = []
        if self.question.awarded_on is None:
            facts.append("awarded_on")
        for condition in self.conclusion.conditions:
            # The stated condition is told in its own words, among the reasons.
            if condition.id not in {"stated_condition", "awarded_on_known"}:
                said = self._condition(condition)
                yield self.say(f"condition_{condition.met}", condition=said)
            if condition.missing_fact and condition.met is Met.UNKNOWN:
                facts.append(condition.missing_fact)
        named = [self._fact(fact) for fact in dict.fromkeys(facts)]
        if named:
            yield self.count("missing", named, facts=self.listed(named, "and"))

    def _condition(self, condition: ConditionResult) -> str:
        """Return what a condition asks for."""
        if condition.rule is not None:
            return rule_text(condition.rule, Met.YES, self.language)
        return text(f"condition.{condition.id}", {}, self.language)

    def _fact(self, fact: str) -> str:
        """Return a fact as it is named within a sentence."""
        if fact in FACTS:
            return fact_name(fact, self.language)
        return self.say(f"fact_{fact}")

    def _doubts(self) -> Iterator[str]:
        others = 0
        for reason in self.conclusion.reasons:
            if reason.code == "other_statements":
                others += len(reason.params.get("statements", ()))
            if reason.code not in _TOLD and not self._is_repeated(reason):
                yield self._reason(reason)
        if others:
            yield self.count("others", ["statement"] * others)

    def _is_repeated(self, reason: Reason) -> bool:
        """Return whether another reason says the same with a consequence."""
        is_told = "framework_not_adopted" in self.answer.reason_codes
        return is_told and reason.code == NOT_ADOPTED

    def _limits(self) -> Iterator[str]:
        match self.answer.result:
            case Result.NONE:
                if self.answer.no_answer is not NoAnswer.NOT_ENDORSED:
                    yield self.say("limit_none")
                else:
                    yield self.say("limit_not_endorsed")
            case Result.LEVEL_INFORMATION:
                yield self.say("limit_level")
            case Result.STATEMENT:
                yield self.say("limit_statement")
            case Result.TREATY_RULE:
                is_annex = isinstance(self.conclusion.object, ListedTitle)
                yield self.say("limit_annex" if is_annex else "limit_treaty")

    def _edition(self, asked_on: str) -> str:
        edition = self.snapshot.edition
        params: Mapping[str, str] = {
            "dated": self.day(edition.dated),
            "digest": edition.base,
            "asked_on": asked_on,
        }
        if edition.overlay is None:
            return self.say("edition", **params)
        return self.say("edition_overlay", overlay=edition.overlay, **params)
