"""What annex V finds about a title of a sectoral profession; an officer decides.

A title is automatic when the training began on or after the reference date of its
state, and a case of acquired rights when it began before. Everything that is not
listed goes through the general system.

Source: Directive 2005/36/EC articles 21 and 23, annex V points 5.1.1 to 5.7.1.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.equivalence.answer import (
    Conclusion,
    ConditionResult,
    ListedTitle,
    Met,
    NoAnswer,
    Path,
    PathKind,
    Reason,
    Result,
    RowUse,
    RuleOutcome,
    Weakest,
)
from recognition_service.equivalence.inquiry import OPEN, Inquiry, Reasons
from recognition_service.equivalence.parties import (
    Bound,
    Pair,
    both_parties,
    bound_party,
    named,
    why_not_in_force,
)
from recognition_service.equivalence.relations import weakest_evidence
from recognition_service.equivalence.snapshot import title_key
from recognition_service.frameworks.instruments import (
    Agreement,
    AnnexVTitle,
    Decides,
)

GENERAL_SYSTEM = "general_system_applies"
_ACADEMIC_YEAR = re.compile(r"(\d{4})\s*[/-]\s*\d{2,4}")


class Route(StrEnum):
    """Where a listed title leads, by the day on which the training began."""

    AUTOMATIC = "annex_v_automatic"
    ACQUIRED_RIGHTS = "annex_v_acquired_rights"
    TRAINING_START_UNKNOWN = "training_start_unknown"
    ACADEMIC_YEAR_BOUNDARY = "academic_year_boundary"
    REFERENCE_DATE_NOT_ESTABLISHED = "reference_date_not_established"


@dataclass(frozen=True, slots=True)
class _Listing:
    """A directive, its two parties, and the rows that list the title.

    Attributes:
        origin: `None` for a state that is no party any more, but whose titles of
            its time as one are still listed.
    """

    agreement: Agreement
    origin: Bound | None
    destination: Bound
    rows: tuple[AnnexVTitle, ...]

    @property
    def parties(self) -> tuple[Bound, ...]:
        """The parties that have a row."""
        both = (self.origin, self.destination)
        return tuple(bound for bound in both if bound is not None)


def find_in_annex_v(inquiry: Inquiry) -> Conclusion | Reasons:
    """Conclude from the rows that list the title, or say why they do not serve."""
    if not inquiry.question.is_about_a_regulated_profession:
        return ()
    reasons: list[Reason] = []
    for agreement in inquiry.snapshot.agreements:
        if agreement.decides is not Decides.FINDING:
            continue
        finding = _under(agreement, inquiry)
        if isinstance(finding, Conclusion):
            return finding
        reasons += finding
    return tuple(reasons)


def route(row: AnnexVTitle, started: date | None) -> Route:
    """Return where a listed title leads.

    For architects the annex names an academic year; a training begun in the calendar
    year in which that academic year starts is left to an officer.

    Source: Directive 2005/36/EC articles 21(1), 23(1) and 49(1).
    """
    if row.reference_date is not None:
        if started is None:
            return Route.TRAINING_START_UNKNOWN
        is_new = started >= row.reference_date
        return Route.AUTOMATIC if is_new else Route.ACQUIRED_RIGHTS
    year = _ACADEMIC_YEAR.search(row.reference_academic_year or "")
    if year is None:
        return Route.REFERENCE_DATE_NOT_ESTABLISHED
    if started is None:
        return Route.TRAINING_START_UNKNOWN
    if started.year == int(year[1]):
        return Route.ACADEMIC_YEAR_BOUNDARY
    is_new = started.year > int(year[1])
    return Route.AUTOMATIC if is_new else Route.ACQUIRED_RIGHTS


def _under(agreement: Agreement, inquiry: Inquiry) -> Conclusion | Reasons:
    snapshot = inquiry.snapshot
    home = snapshot.places.lineage(inquiry.home)
    pair = both_parties(snapshot, agreement, home, inquiry.destination_lineage)
    listed = _listed(inquiry, agreement, home)
    if isinstance(pair, Pair):
        origin, destination = pair.origin, pair.destination
    else:
        asked = bound_party(snapshot, agreement, inquiry.destination_lineage)
        if asked is None or not any(row.valid_to for row in listed):
            return pair
        origin, destination = None, asked
    untimely = why_not_in_force(agreement, (destination,), inquiry.asked)
    if untimely is not None:
        return (untimely,)
    gone = _left_before_award(inquiry, agreement, origin, listed)
    if gone is not None:
        if inquiry.awarded is None:
            return _individual(inquiry, agreement, gone, "awarded_on", listed)
        return (gone,)
    if not listed:
        return (Reason(GENERAL_SYSTEM, named(agreement)),)
    return _listed_finding(inquiry, _Listing(agreement, origin, destination, listed))


def _listed_finding(inquiry: Inquiry, listing: _Listing) -> Conclusion:
    professions = {row.profession for row in listing.rows}
    if len(professions) > 1:
        params = {"professions": tuple(sorted(professions))}
        reason = Reason("profession_needed", params)
        rows = listing.rows
        return _individual(inquiry, listing.agreement, reason, "profession", rows)
    return _finding(inquiry, listing)


def _listed(
    inquiry: Inquiry, agreement: Agreement, home: Sequence[str]
) -> tuple[AnnexVTitle, ...]:
    """Return the rows that list the held title, by its id or by its spelling."""
    qualification, snapshot = inquiry.qualification, inquiry.snapshot
    if qualification is None:
        return ()
    key = title_key(qualification.title)
    rows = {row.id: row for row in snapshot.annex_titles.get((qualification.id,), ())}
    for place in home:
        for row in snapshot.annex_spellings.get((place, key), ()):
            rows.setdefault(row.id, row)
    wanted = inquiry.question.profession
    return tuple(
        row
        for row in rows.values()
        if (wanted is None or row.profession == wanted)
        and row.instrument in {None, agreement.id}
    )


def _left_before_award(
    inquiry: Inquiry,
    agreement: Agreement,
    origin: Bound | None,
    listed: Iterable[AnnexVTitle],
) -> Reason | None:
    """Return that the state had left when the title was awarded, or may have."""
    ends = [row.valid_to for row in listed if row.valid_to is not None]
    withdrawn = origin.row.withdrawn_on if origin is not None else None
    if withdrawn is None and not ends:
        return None
    params = {**named(agreement), "party": inquiry.home}
    awarded = inquiry.awarded
    if awarded is None:
        return Reason("party_left_award_date_needed", params)
    has_left = withdrawn is not None and awarded.has_reached(withdrawn)
    if has_left or any(awarded.is_past(last) for last in ends):
        return Reason("party_left_before_award", params)
    return None


def _individual(
    inquiry: Inquiry,
    agreement: Agreement,
    reason: Reason,
    missing_fact: str,
    rows: Sequence[AnnexVTitle] = (),
) -> Conclusion:
    condition = ConditionResult(f"{missing_fact}_known", Met.UNKNOWN, missing_fact)
    return Conclusion(
        result=Result.NONE,
        held=inquiry.held,
        no_answer=NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT,
        instrument=agreement.id,
        conditions=(condition,),
        rows=tuple(RowUse.of("annex_v_titles", row) for row in rows),
        reasons=(reason,),
    )


def _finding(inquiry: Inquiry, listing: _Listing) -> Conclusion:
    started = inquiry.question.training_started_on
    routes = {route(row, started) for row in listing.rows}
    dates = tuple(
        sorted(
            {
                str(row.reference_date or row.reference_academic_year or OPEN)
                for row in listing.rows
            }
        )
    )
    found = next(iter(routes)) if len(routes) == 1 else None
    code = found.value if found else "reference_dates_conflict"
    reasons = [Reason(code, {"dates": dates, "title": listing.rows[0].title})]
    if found is not None and len(dates) > 1:
        reasons.append(Reason("reference_dates_differ", {"dates": dates}))
    reasons += _dating(listing)
    is_finding = found in {Route.AUTOMATIC, Route.ACQUIRED_RIGHTS}
    rows = _rows(inquiry, listing)
    weakest = Weakest(None, weakest_evidence(row.evidence for row in rows))
    return Conclusion(
        result=Result.TREATY_RULE if is_finding else Result.NONE,
        held=inquiry.held,
        no_answer=None if is_finding else NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT,
        outcome=RuleOutcome.AUTOMATIC if found is Route.AUTOMATIC else None,
        instrument=listing.agreement.id,
        object=_object(listing.rows) if is_finding else None,
        path=Path(PathKind.DIRECT, weakest) if is_finding else None,
        conditions=tuple(_conditions(inquiry, listing.rows, found)),
        rows=rows,
        reasons=(*reasons, Reason("officer_decides"), Reason("licence_is_separate")),
    )


def _dating(listing: _Listing) -> list[Reason]:
    instrument = named(listing.agreement)
    reasons = []
    undated = tuple(
        bound.jurisdiction for bound in listing.parties if not bound.is_dated
    )
    if undated:
        reasons.append(
            Reason("party_date_not_established", {**instrument, "parties": undated})
        )
    if not listing.agreement.parties_established:
        reasons.append(Reason("instrument_parties_not_established", instrument))
    return reasons


def _object(rows: Sequence[AnnexVTitle]) -> ListedTitle:
    professional = (row.professional_title for row in rows)
    return ListedTitle(
        rows[0].profession,
        rows[0].annex_point,
        tuple(dict.fromkeys(row.title for row in rows)),
        tuple(dict.fromkeys(title for title in professional if title)),
    )


def _rows(inquiry: Inquiry, listing: _Listing) -> tuple[RowUse, ...]:
    qualification = inquiry.qualification
    held = [RowUse.of("qualifications", qualification)] if qualification else []
    return (
        *held,
        RowUse.of("agreements", listing.agreement),
        *(RowUse.of("agreement_parties", bound.row) for bound in listing.parties),
        *(RowUse.of("annex_v_titles", row) for row in listing.rows),
    )


def _conditions(
    inquiry: Inquiry, rows: Sequence[AnnexVTitle], found: Route | None
) -> list[ConditionResult]:
    facts = inquiry.question.facts
    conditions = []
    if found is Route.TRAINING_START_UNKNOWN:
        conditions.append(
            ConditionResult(
                "training_started_on_or_after_reference_date",
                Met.UNKNOWN,
                "training_started_on",
            )
        )
    if found is Route.ACQUIRED_RIGHTS:
        conditions.append(_condition("acquired_rights_certificate", facts))
    if any(row.accompanying_certificate for row in rows):
        conditions.append(_condition("accompanying_certificate", facts))
    return conditions


def _condition(fact: str, facts: Mapping[str, object]) -> ConditionResult:
    value = facts.get(fact)
    if value is True:
        return ConditionResult(fact, Met.YES)
    if value is False:
        return ConditionResult(fact, Met.NO)
    return ConditionResult(fact, Met.UNKNOWN, fact)
