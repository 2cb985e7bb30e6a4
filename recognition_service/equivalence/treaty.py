"""The level that a treaty gives to its listed titles, without any further procedure.

Only the level, only titles that the annex lists for both parties, and never access
to a regulated profession. A level for which a party lists nothing is a hole, and a
title that national law merely treats like a listed one is not listed.

Source: Treaty on the automatic recognition of higher education qualifications
(Benelux-Baltic, 2024), articles 2 to 4 and annex I, as the model of its kind.
"""

from collections.abc import Iterator, Sequence

from recognition_service.equivalence.answer import (
    Conclusion,
    LevelAnswer,
    ListedLevel,
    NoAnswer,
    Path,
    PathKind,
    Reason,
    Result,
    RowUse,
    RuleOutcome,
    Weakest,
)
from recognition_service.equivalence.gaps import nothing
from recognition_service.equivalence.inquiry import (
    OPEN,
    Inquiry,
    Reasons,
    award_outside_period,
    targets,
)
from recognition_service.equivalence.legs import Leg, legs_between
from recognition_service.equivalence.parties import (
    Pair,
    both_parties,
    named,
    why_not_in_force,
)
from recognition_service.equivalence.relations import (
    weakest_evidence,
    weakest_relation,
)
from recognition_service.frameworks.instruments import (
    Agreement,
    AgreementTitle,
    Decides,
)
from recognition_service.frameworks.rows import Evidence, Relation


def apply_treaty(inquiry: Inquiry) -> Conclusion | Reasons:
    """Conclude from the first treaty that lists the title, or say why none does."""
    reasons: list[Reason] = []
    for agreement in inquiry.snapshot.agreements:
        if agreement.decides is not Decides.LEVEL_LISTED:
            continue
        ruling = _under(agreement, inquiry)
        if isinstance(ruling, Conclusion):
            return ruling
        reasons += ruling
    return tuple(reasons)


def _under(agreement: Agreement, inquiry: Inquiry) -> Conclusion | Reasons:
    snapshot = inquiry.snapshot
    home = snapshot.places.lineage(inquiry.home)
    pair = both_parties(snapshot, agreement, home, inquiry.destination_lineage)
    if not isinstance(pair, Pair):
        return pair
    bound = (pair.origin, pair.destination)
    untimely = why_not_in_force(agreement, bound, inquiry.asked)
    if untimely is not None:
        return (untimely,)
    listed = _listed(inquiry, agreement, home)
    if not listed:
        return (_not_listed(inquiry, agreement, home),)
    return _rule(inquiry, agreement, pair, listed)


def _listed(
    inquiry: Inquiry, agreement: Agreement, home: Sequence[str]
) -> list[AgreementTitle]:
    """Return the rows of the origin party that list the held qualification."""
    if inquiry.qualification is None:
        return []
    return [
        row
        for row in _titles(inquiry, agreement, home)
        if row.applicable and row.qualification == inquiry.qualification.id
    ]


def _titles(
    inquiry: Inquiry, agreement: Agreement, lineage: Sequence[str]
) -> list[AgreementTitle]:
    """Return what the annex lists for the nearest party of a lineage."""
    by_party = inquiry.snapshot.titles_of_party
    for place in lineage:
        rows = by_party.get((agreement.id, place))
        if rows is not None:
            asked = inquiry.asked
            return [r for r in rows if asked.is_within(r.valid_from, r.valid_to)]
    return []


def _not_listed(inquiry: Inquiry, agreement: Agreement, home: Sequence[str]) -> Reason:
    hole = _hole(inquiry, agreement, home)
    if hole is not None:
        return hole
    code = "listed_titles_may_decide" if not inquiry.qualification else "not_listed"
    return Reason(code, named(agreement))


def _hole(inquiry: Inquiry, agreement: Agreement, home: Sequence[str]) -> Reason | None:
    """Return that the annex lists no title at all for the held level, if so."""
    framework, code = inquiry.held.framework, inquiry.held.code
    if framework is None or code is None:
        return None
    holes = [row for row in _titles(inquiry, agreement, home) if not row.applicable]
    legs = legs_between(inquiry.snapshot, framework, code, {row.hub for row in holes})
    places = {
        (leg.framework, leg.code)
        for leg in legs
        if leg.is_usable and leg.is_timely(inquiry.awarded)
    }
    for row in holes:
        if (row.hub, row.hub_level) in places:
            return Reason(
                "no_title_at_level",
                {
                    "party": row.party,
                    "hub": row.hub,
                    "level": row.hub_level,
                    **named(agreement),
                },
            )
    return None


def _rule(
    inquiry: Inquiry, agreement: Agreement, pair: Pair, listed: list[AgreementTitle]
) -> Conclusion | Reasons:
    untimely = award_outside_period(inquiry)
    if untimely is not None:
        return (untimely,)
    title = listed[0]
    place = (title.hub, title.hub_level)
    if any((row.hub, row.hub_level) != place for row in listed):
        reason = Reason("listed_at_several_levels", named(agreement))
        uses = [RowUse.of("agreement_titles", row) for row in listed]
        needed = NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
        return nothing(inquiry, needed, (reason,), uses)
    there = [
        row
        for row in _titles(inquiry, agreement, inquiry.destination_lineage)
        if row.applicable and (row.hub, row.hub_level) == place
    ]
    if not there:
        params = {
            "destination": inquiry.question.destination,
            "hub": title.hub,
            "level": title.hub_level,
            **named(agreement),
        }
        return (Reason("destination_lists_no_title", params),)
    return _conclusion(inquiry, agreement, pair, title, there)


def _conclusion(
    inquiry: Inquiry,
    agreement: Agreement,
    pair: Pair,
    title: AgreementTitle,
    there: list[AgreementTitle],
) -> Conclusion:
    legs = _destination_legs(inquiry, title, there)
    read = [leg for leg in legs if leg.row.evidence is Evidence.SOURCE_READ]
    rows = _rows(inquiry, agreement, pair, [title, *there], read)
    serves = not inquiry.question.is_about_a_regulated_profession
    dated = not pair.undated
    known = all(row.evidence is Evidence.SOURCE_READ for row in rows)
    established = agreement.parties_established
    levels = tuple(
        LevelAnswer(leg.framework, leg.code, leg.relation)
        for leg in read
        if leg.code is not None
    )
    titles = tuple(row.title for row in there if row.title is not None)
    framework = there[0].framework
    code = next((each.code for each in levels if each.framework == framework), None)
    relation = weakest_relation(each.relation for each in levels) if levels else None
    weakest = Weakest(relation, weakest_evidence(row.evidence for row in rows))
    return Conclusion(
        result=Result.TREATY_RULE,
        held=inquiry.held,
        decides=serves and dated and known and established,
        outcome=RuleOutcome.AUTOMATIC if serves else None,
        instrument=agreement.id,
        object=ListedLevel(title.hub, title.hub_level, framework, code, titles),
        levels=levels,
        path=Path(PathKind.DIRECT, weakest, title.hub, (title.hub_level,)),
        rows=rows,
        reasons=(
            *_grounds(agreement, pair, title),
            *_doubts(inquiry, agreement, pair, is_level_read=bool(levels)),
        ),
    )


def _destination_legs(
    inquiry: Inquiry, title: AgreementTitle, there: list[AgreementTitle]
) -> list[Leg]:
    """Return where the hub level stands in the framework of the destination."""
    named = {row.framework for row in there if row.framework is not None}
    wanted = named or {target.id for target in targets(inquiry)}
    day = inquiry.awarded or inquiry.asked
    return [
        leg
        for leg in legs_between(inquiry.snapshot, title.hub, title.hub_level, wanted)
        if leg.code is not None
        and leg.relation is not Relation.NONE
        and leg.is_usable
        and leg.is_timely(day)
    ]


def _rows(
    inquiry: Inquiry,
    agreement: Agreement,
    pair: Pair,
    titles: list[AgreementTitle],
    legs: list[Leg],
) -> tuple[RowUse, ...]:
    qualification = inquiry.qualification
    held = [RowUse.of("qualifications", qualification)] if qualification else []
    parties = (pair.origin.row, pair.destination.row)
    return (
        *held,
        RowUse.of("agreements", agreement),
        *(RowUse.of("agreement_parties", row) for row in parties),
        *(RowUse.of("agreement_titles", row) for row in titles),
        *(RowUse.of("level_alignments", leg.row) for leg in legs),
    )


def _grounds(agreement: Agreement, pair: Pair, title: AgreementTitle) -> Reasons:
    instrument = named(agreement)
    listed = {
        **instrument,
        "title": title.title or OPEN,
        "party": title.party,
        "hub": title.hub,
        "level": title.hub_level,
    }
    parties = {
        **instrument,
        "origin": pair.origin.jurisdiction,
        "destination": pair.destination.jurisdiction,
    }
    return (
        Reason("listed_title", listed),
        Reason("both_parties_in_force", parties),
        Reason("does_not_open_regulated_profession"),
    )


def _doubts(
    inquiry: Inquiry, agreement: Agreement, pair: Pair, *, is_level_read: bool
) -> Iterator[Reason]:
    instrument = named(agreement)
    if pair.undated:
        parties = tuple(bound.jurisdiction for bound in pair.undated)
        yield Reason("party_date_not_established", {**instrument, "parties": parties})
    if not agreement.parties_established:
        yield Reason("instrument_parties_not_established", instrument)
    if not is_level_read:
        destination = inquiry.question.destination
        yield Reason("destination_level_not_confirmed", {"destination": destination})
