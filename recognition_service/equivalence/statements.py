"""What was published about exactly this qualification in this destination.

A statement decides only when it was read in its source, binds, stands on the day of
the question, covers the award, is made for the purpose asked, is not due for review,
and sets no condition that is still open. Otherwise it informs, and says what is
missing. A statement of which a condition is not met does not answer at all.

Source: Lisbon Recognition Convention, section III; comparability statements as
national centres and ordinances publish them.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from recognition_service.equivalence.answer import (
    Conclusion,
    LevelAnswer,
    NoAnswer,
    Path,
    PathKind,
    Reason,
    ReferenceObject,
    ReferenceTitle,
    Result,
    RowUse,
    RuleOutcome,
    Weakest,
)
from recognition_service.equivalence.deciding import DECIDING_BINDINGS
from recognition_service.equivalence.gaps import nothing
from recognition_service.equivalence.inquiry import (
    OPEN,
    Inquiry,
    Reasons,
    award_outside_period,
)
from recognition_service.equivalence.levels import inform, level_evidence
from recognition_service.equivalence.parties import named as instrument
from recognition_service.equivalence.parties import why_not_in_force
from recognition_service.equivalence.relations import weakest_evidence
from recognition_service.equivalence.stated import (
    Results,
    elements_of,
    failed_conditions,
    is_failed,
    open_conditions,
    remarks,
    results_of,
)
from recognition_service.frameworks.instruments import (
    Binding,
    ComparabilityStatement,
    ObjectKind,
    Outcome,
)
from recognition_service.frameworks.rows import Evidence, Relation, Row

_AS_OF = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_OUTCOMES = {
    Outcome.FULL: RuleOutcome.FULL,
    Outcome.PARTIAL: RuleOutcome.PARTIAL,
    Outcome.CONDITIONAL: RuleOutcome.CONDITIONAL,
}
_OPEN = {ObjectKind.CASE_BY_CASE, ObjectKind.NONE}
_BINDING_RANK = {binding: rank for rank, binding in enumerate(Binding)}
_EVIDENCE_RANK = {grade: rank for rank, grade in enumerate(Evidence)}


def apply_statement(inquiry: Inquiry) -> Conclusion | Reasons:
    """Conclude from the strongest statement about the qualification, if any."""
    judged = [(row, results_of(inquiry, row)) for row in _statements(inquiry)]
    failed = [(row, results) for row, results in judged if is_failed(results)]
    results = {row.id: found for row, found in judged if not is_failed(found)}
    found = [row for row, _ in judged if row.id in results]
    if not found:
        return _none_applies(inquiry, failed) if failed else ()
    shortcomings = {
        row.id: tuple(_shortcomings(inquiry, row, results[row.id])) for row in found
    }
    found.sort(key=lambda row: _strength(inquiry, row, shortcomings[row.id]))
    best = found[0]
    others = [
        row
        for row in found
        if row.purpose is best.purpose and _says(row) != _says(best)
    ]
    doubts = shortcomings[best.id]
    code = "other_statements"
    if not doubts:
        others = [row for row in others if _rivals(row, shortcomings[row.id])]
        code = "statements_differ"
    if others:
        ids = tuple(row.id for row in others)
        doubts = (*doubts, Reason(code, {"statements": ids}))
    if doubts:
        doubts = (*doubts, *failed_conditions(failed))
    return _conclusion(inquiry, best, results[best.id], doubts, others)


def _none_applies(
    inquiry: Inquiry, failed: Sequence[tuple[ComparabilityStatement, Results]]
) -> Conclusion:
    """Return what levels tell, and which conditions of the statements are not met."""
    known = inform(inquiry)
    return replace(
        known,
        conditions=tuple(dict.fromkeys(each for _, found in failed for each in found)),
        rows=(*_rows(inquiry, [row for row, _ in failed]), *known.rows),
        reasons=(*failed_conditions(failed), *known.reasons),
    )


def _rivals(row: ComparabilityStatement, shortcomings: Reasons) -> bool:
    """Return whether a statement stands against one that would decide.

    One that binds and covers the award does, even under a condition of its own.
    """
    untimely = {"statement_not_in_force", "award_outside_statement"}
    codes = {reason.code for reason in shortcomings}
    return row.binding in DECIDING_BINDINGS and not codes & untimely


def stood_on(as_of: str | None) -> date | None:
    """Return the last day that a date such as "2022-03-26", "2022-03" or "2023" means.

    A record known to the month or the year was certainly made by its last day.
    """
    match = _AS_OF.fullmatch(as_of or "")
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 12), match[3]
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, int(day) if day else last)
    except ValueError:
        return None


def _statements(inquiry: Inquiry) -> list[ComparabilityStatement]:
    question, known = inquiry.question, inquiry.snapshot.statements
    subjects = inquiry.snapshot.subjects(
        question.qualification, question.framework, question.level
    )
    return [
        row
        for place in inquiry.destination_lineage
        for subject in subjects
        for row in known.get((subject, place), ())
        if question.profession in {None, row.profession} or row.profession is None
    ]


def _says(row: ComparabilityStatement) -> tuple[object, ...]:
    return row.outcome, row.object_kind, row.objects, row.destination_levels


def _strength(
    inquiry: Inquiry, row: ComparabilityStatement, shortcomings: Reasons
) -> tuple[object, ...]:
    """Return a key that sorts the statement that answers best to the front."""
    return (
        row.purpose is not inquiry.question.purpose,
        bool(shortcomings),
        row.qualification is None,
        len(shortcomings),
        _EVIDENCE_RANK[row.evidence],
        _BINDING_RANK[row.binding],
        row.id,
    )


def _shortcomings(
    inquiry: Inquiry, row: ComparabilityStatement, results: Results
) -> Iterator[Reason]:
    """Yield every reason why the statement informs and does not decide."""
    named = {"statement": row.id}
    question = inquiry.question
    if row.purpose is not question.purpose:
        yield Reason("statement_for_other_purpose", {**named, "purpose": row.purpose})
    if row.binding not in DECIDING_BINDINGS:
        yield Reason(f"statement_is_{row.binding}", named)
    yield from open_conditions(row, results)
    if row.review_by is not None and inquiry.asked.is_past(row.review_by):
        due = {**named, "review_by": row.review_by.isoformat()}
        yield Reason("statement_review_due", due)
    if row.evidence is not Evidence.SOURCE_READ:
        yield Reason("statement_not_read", {**named, "evidence": row.evidence})
    if row.qualification is None:
        yield from _level_doubts(inquiry)
    yield from _untimely(inquiry, row)
    yield from _instrument_doubts(inquiry, row)


def _level_doubts(inquiry: Inquiry) -> Iterator[Reason]:
    """Yield why what is held may not be of the level of which a statement speaks."""
    held = inquiry.qualification
    if held is not None and level_evidence(inquiry) is not Evidence.SOURCE_READ:
        yield Reason("level_of_title_unchecked", {"title": held.title})


def _untimely(inquiry: Inquiry, row: ComparabilityStatement) -> Iterator[Reason]:
    named, awarded = {"statement": row.id}, inquiry.awarded
    if not inquiry.asked.is_within(row.valid_from, row.valid_to):
        yield Reason("statement_not_in_force", named)
    if awarded is None:
        return
    if not awarded.is_within(row.awarded_from, row.awarded_to):
        yield Reason("award_outside_statement", named)
    outside = award_outside_period(inquiry)
    if outside is not None:
        yield outside
    if row.valid_from is None:
        stood = stood_on(row.as_of)
        if stood is None:
            yield Reason("statement_undated", named)
        elif not awarded.has_reached(stood):
            yield Reason("award_before_record", {**named, "as_of": row.as_of or OPEN})


def _instrument_doubts(
    inquiry: Inquiry, row: ComparabilityStatement
) -> Iterator[Reason]:
    agreement = inquiry.snapshot.tables.agreements.get(row.instrument or "")
    if agreement is None:
        return
    params = instrument(agreement)
    if not agreement.parties_established:
        yield Reason("instrument_parties_not_established", params)
    if why_not_in_force(agreement, (), inquiry.asked) is not None:
        yield Reason("instrument_not_in_force", params)


def _conclusion(
    inquiry: Inquiry,
    row: ComparabilityStatement,
    results: Results,
    doubts: Reasons,
    others: Sequence[ComparabilityStatement],
) -> Conclusion:
    rows = _rows(inquiry, (row, *others))
    if row.outcome not in _OUTCOMES or row.object_kind in _OPEN:
        code = (
            "statement_refuses"
            if row.outcome is Outcome.REFUSED
            else "statement_asks_for_assessment"
        )
        reason = Reason(code, _named(inquiry, row))
        needed = NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
        told = (reason, *remarks(row, results), *doubts)
        silence = nothing(inquiry, needed, told, rows)
        told_by_rules = tuple(each for each in results if each.rule)
        return replace(silence, conditions=told_by_rules, elements=elements_of(row))
    serves = row.purpose is inquiry.question.purpose
    reasons = [
        Reason("published_statement", _named(inquiry, row)),
        *remarks(row, results),
        *doubts,
    ]
    if row.object_kind is ObjectKind.ONE_OF:
        reasons.append(Reason("several_counterparts"))
    known = all(use.evidence is Evidence.SOURCE_READ for use in rows)
    return Conclusion(
        result=Result.STATEMENT,
        held=inquiry.held,
        decides=serves and known and not doubts,
        outcome=_OUTCOMES[row.outcome] if serves else None,
        instrument=row.instrument,
        object=_object(inquiry, row),
        levels=tuple(_levels(row)),
        path=Path(
            PathKind.DIRECT,
            Weakest(None, weakest_evidence(use.evidence for use in rows)),
        ),
        conditions=results,
        elements=elements_of(row),
        rows=rows,
        reasons=tuple(reasons),
    )


def _named(inquiry: Inquiry, row: ComparabilityStatement) -> dict[str, str]:
    issuer = inquiry.snapshot.tables.organisations.get(row.issuer)
    return {
        "statement": row.id,
        "issuer": issuer.name if issuer else row.issuer,
        "title": row.title,
        "legal_basis": row.legal_basis or OPEN,
    }


def _references(inquiry: Inquiry, row: ComparabilityStatement) -> Iterator[Row]:
    known = inquiry.snapshot.tables.reference_qualifications
    for reference in row.objects:
        if reference in known:
            yield known[reference]


def _rows(
    inquiry: Inquiry, statements: Sequence[ComparabilityStatement]
) -> tuple[RowUse, ...]:
    agreements = inquiry.snapshot.tables.agreements
    cited = (agreements.get(row.instrument or "") for row in statements)
    return tuple(
        dict.fromkeys(
            (
                *(
                    RowUse.of("comparability_statements", statement)
                    for statement in statements
                ),
                *(RowUse.of("agreements", row) for row in cited if row is not None),
                *(
                    RowUse.of("reference_qualifications", reference)
                    for statement in statements
                    for reference in _references(inquiry, statement)
                ),
            )
        )
    )


def _object(inquiry: Inquiry, row: ComparabilityStatement) -> ReferenceObject:
    known = inquiry.snapshot.tables.reference_qualifications
    references = [known[code] for code in row.objects if code in known]
    return ReferenceObject(
        row.object_kind,
        tuple(
            ReferenceTitle(each.id, each.title, each.title_en, each.language)
            for each in references
        ),
        row.destination_framework,
        row.destination_levels,
        row.eqf_levels,
    )


def _levels(row: ComparabilityStatement) -> Iterator[LevelAnswer]:
    if row.destination_framework is not None:
        for code in row.destination_levels:
            yield LevelAnswer(row.destination_framework, code, Relation.COMPARABLE)
