"""Ask a snapshot a question.

The steps, from the strongest source to the weakest: a finding of annex V for a
regulated profession, a treaty that lists the title, a published statement, level
information, and the reason why there is none. The first step that concludes ends
the search; what the earlier ones noticed is told with its conclusion. An accord of
professional bodies concludes nothing; it comes first, so that it is always told.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace

from recognition_service.equivalence.accords import look_for_accord
from recognition_service.equivalence.annex_v import GENERAL_SYSTEM, find_in_annex_v
from recognition_service.equivalence.answer import (
    Answer,
    Conclusion,
    Met,
    NoAnswer,
    Reason,
    Result,
    RowUse,
)
from recognition_service.equivalence.conditions import evaluate
from recognition_service.equivalence.epochs import UNKNOWN, Day
from recognition_service.equivalence.gaps import nothing
from recognition_service.equivalence.inquiry import OPEN, Inquiry, Reasons, open_inquiry
from recognition_service.equivalence.levels import inform
from recognition_service.equivalence.memo import Asked, Epoch
from recognition_service.equivalence.places import Places
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.equivalence.statements import apply_statement
from recognition_service.equivalence.treaty import apply_treaty
from recognition_service.frameworks.conditions import OUTSIDE_RULES
from recognition_service.frameworks.rows import Evidence, Source

_Step = Callable[[Inquiry], Conclusion | Reasons]
_STEPS: tuple[_Step, ...] = (
    look_for_accord,
    find_in_annex_v,
    apply_treaty,
    apply_statement,
)
_CAVEATS = {
    Evidence.UNCHECKED: "row_unchecked",
    Evidence.PARTLY_READ: "row_partly_read",
    Evidence.DOCUMENT_CONFIRMED: "row_document_confirmed",
}


def compare(snapshot: Snapshot, question: Question) -> Answer:
    """Return what the tables say about a question.

    Conclusions are remembered by kind of question and epoch, and by which conditions
    the facts meet; the facts themselves are not. Where an answer may depend on more
    than that, it is worked out afresh.

    Raises:
        QuestionNotClearError: Neither or both of a qualification and a level.
        UnknownCodeError: A code that no row has.
    """
    facts = question.facts
    if question.training_started_on is not None or not OUTSIDE_RULES.isdisjoint(facts):
        return compare_afresh(snapshot, question)
    key: tuple[Hashable, ...] = (
        question.origin,
        question.destination,
        question.purpose,
        question.qualification,
        question.framework,
        question.level,
        question.target_framework,
        question.profession,
    )
    kind, found = key, None
    if facts:
        asked = snapshot.memo.asked.get(kind)
        if asked is None:
            asked = found = snapshot.conditions_asked(question)
        key += _met(asked, facts, snapshot.places)
    awarded_on = question.awarded_on
    conclusion = snapshot.memo.recall(
        key,
        UNKNOWN if awarded_on is None else awarded_on.toordinal(),
        question.asked_on.toordinal(),
    )
    if conclusion is None:
        epoch = _conclude(snapshot, question)
        snapshot.memo.keep(key, epoch)
        conclusion = epoch.conclusion
    if found is not None:
        snapshot.memo.asked[kind] = found
    return tuple.__new__(Answer, (question, conclusion))


def compare_afresh(snapshot: Snapshot, question: Question) -> Answer:
    """Return what the tables say, without using or changing the memory.

    Raises:
        QuestionNotClearError: Neither or both of a qualification and a level.
        UnknownCodeError: A code that no row has.
    """
    return Answer(question, _conclude(snapshot, question).conclusion)


def _met(asked: Asked, facts: Mapping[str, object], places: Places) -> tuple[Met, ...]:
    """Return which of the conditions that any statement sets the facts meet.

    Empty where they settle none: then they change nothing.
    """
    results: tuple[Met, ...] = ()
    for conditions in asked:
        results += evaluate(conditions, facts, places)
    return () if results.count(Met.UNKNOWN) == len(results) else results


def _conclude(snapshot: Snapshot, question: Question) -> Epoch:
    asked = Day(question.asked_on)
    awarded = None if question.awarded_on is None else Day(question.awarded_on)
    inquiry = open_inquiry(snapshot, question, awarded, asked)
    conclusion = _search(inquiry)
    if awarded is None:
        since, until = UNKNOWN, UNKNOWN + 1
    else:
        since, until = awarded.since, awarded.until
    return Epoch(since, until, asked.since, asked.until, conclusion)


def _search(inquiry: Inquiry) -> Conclusion:
    stranger = _stranger(inquiry)
    if stranger is not None:
        needed = NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
        return _finished(inquiry, nothing(inquiry, needed, (stranger,)), ())
    noticed: list[Reason] = []
    for step in _STEPS:
        ruling = step(inquiry)
        if isinstance(ruling, Conclusion):
            return _finished(inquiry, ruling, noticed)
        noticed += ruling
    return _finished(inquiry, inform(inquiry), noticed)


def _stranger(inquiry: Inquiry) -> Reason | None:
    """Return that what is held does not come from the origin, if so."""
    places, origin = inquiry.snapshot.places, inquiry.question.origin
    row, framework = inquiry.qualification, inquiry.framework
    if row is not None:
        if places.are_related(row.jurisdiction, origin):
            return None
        named = {"title": row.title, "origin": origin}
        return Reason("qualification_of_another_origin", named)
    if framework is None or framework.jurisdiction is None:
        return None
    if places.are_related(framework.jurisdiction, origin):
        return None
    named = {"framework": framework.id, "origin": origin}
    return Reason("framework_of_another_origin", named)


def _finished(
    inquiry: Inquiry, conclusion: Conclusion, noticed: Iterable[Reason]
) -> Conclusion:
    """Add what every answer says: undated awards, graded evidence, sources."""
    question = inquiry.question
    serves = conclusion.outcome is not None
    rows = conclusion.rows or tuple(_held_rows(inquiry))
    reasons = [*conclusion.reasons]
    # A statement for this very profession comes before the general system.
    reasons += (
        each for each in noticed if not (serves and each.code == GENERAL_SYSTEM)
    )
    caveat = inquiry.held.caveat
    if caveat is not None:
        reasons.append(Reason(caveat, {"framework": inquiry.held.framework or OPEN}))
    if inquiry.awarded is None:
        reasons.append(Reason("award_date_unknown"))
    if question.is_about_a_regulated_profession:
        if conclusion.result is Result.STATEMENT and serves:
            reasons.append(Reason("licence_is_separate"))
        elif conclusion.result in {Result.STATEMENT, Result.LEVEL_INFORMATION}:
            reasons.append(Reason("does_not_open_regulated_profession"))
    reasons += _caveats(rows)
    unknown_parties = any(
        reason.code == "instrument_parties_not_established" for reason in noticed
    )
    no_answer = conclusion.no_answer
    if unknown_parties and no_answer is not None:
        no_answer = NoAnswer.INSTRUMENT_PARTIES_NOT_ESTABLISHED
    return replace(
        conclusion,
        no_answer=no_answer,
        decides=conclusion.decides and inquiry.awarded is not None,
        rows=rows,
        sources=tuple(_sources(inquiry.snapshot, rows)),
        reasons=_once(reasons),
    )


def _held_rows(inquiry: Inquiry) -> Iterator[RowUse]:
    """Return the rows of what is held: an answer of nothing rests on them."""
    snapshot, held = inquiry.snapshot, inquiry.held
    if inquiry.qualification is not None:
        yield RowUse.of("qualifications", inquiry.qualification)
    if inquiry.framework is not None:
        yield RowUse.of("frameworks", inquiry.framework)
        if held.code is not None:
            level_id = snapshot.level_id(inquiry.framework.id, held.code)
            if level_id in snapshot.tables.levels:
                yield RowUse.of("levels", snapshot.tables.levels[level_id])


def _once(reasons: Iterable[Reason]) -> Reasons:
    """Return the reasons without repetitions, in their order."""
    return tuple(
        {
            (reason.code, *sorted(reason.params.items())): reason for reason in reasons
        }.values()
    )


def _caveats(rows: Iterable[RowUse]) -> Iterator[Reason]:
    for grade, code in _CAVEATS.items():
        graded = tuple(row.id for row in rows if row.evidence is grade)
        if graded:
            yield Reason(code, {"rows": graded})


def _sources(snapshot: Snapshot, rows: Iterable[RowUse]) -> Iterator[Source]:
    known = snapshot.tables.sources
    for code in dict.fromkeys(row.source for row in rows):
        if code in known:
            yield known[code]
