"""Level information: what published alignments say, and never a decision.

A published table between the two systems comes first; otherwise one hop through
one hub, as a set of levels that carries its weakest relation. Two tables between
systems are never walked in a row.

Source: Council Recommendation of 22 May 2017 on the EQF, point 1 and annex III;
ENIC-NARIC practice that a level is not the only criterion.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recognition_service.equivalence.answer import (
    Conclusion,
    LevelAnswer,
    Path,
    PathKind,
    Reason,
    Result,
    RowUse,
    Weakest,
)
from recognition_service.equivalence.gaps import (
    frameworks_of_parts,
    level_withheld,
    no_level,
    own_level,
)
from recognition_service.equivalence.inquiry import Inquiry, Reasons, targets
from recognition_service.equivalence.legs import Leg, legs_between
from recognition_service.equivalence.relations import (
    weakest_evidence,
    weakest_relation,
)
from recognition_service.frameworks.rows import (
    Basis,
    Endorsement,
    Evidence,
    FrameworkKind,
    LevelAlignment,
    LevelStatus,
    Relation,
)

_NOT_A_DECISION = Reason("level_is_not_a_decision")


@dataclass(frozen=True, slots=True)
class _Start:
    """The held level and where an answer may be given."""

    inquiry: Inquiry
    framework: str
    code: str
    targets: frozenset[str]


def inform(inquiry: Inquiry) -> Conclusion:
    """Conclude from level alignments; this step always has a conclusion."""
    withheld = level_withheld(inquiry)
    if withheld is not None:
        return withheld
    framework, code = inquiry.held.framework, inquiry.held.code
    candidates = targets(inquiry)
    if framework is None or code is None or not candidates:
        return no_level(inquiry, frozenset(), [])
    names = frozenset(target.id for target in candidates)
    if framework in names:
        return own_level(inquiry, framework, code)
    found = _compared(_Start(inquiry, framework, code, names))
    elsewhere = tuple(frameworks_of_parts(inquiry, names))
    return replace(found, reasons=(*found.reasons, *elsewhere)) if elsewhere else found


def _compared(start: _Start) -> Conclusion:
    inquiry, names = start.inquiry, start.targets
    across = list(legs_between(inquiry.snapshot, start.framework, start.code, names))
    timely = [leg for leg in across if leg.is_timely(inquiry.awarded)]
    direct = [leg for leg in timely if leg.is_usable and leg.code is not None]
    if direct:
        return _direct(start, direct)
    settled = [leg for leg in timely if leg.is_refused or leg.is_usable]
    rest = names - {leg.framework for leg in settled}
    derived, seen = _through_a_hub(start, rest)
    if derived is not None:
        return derived
    statistical = _statistical(start) if not across else []
    return no_level(inquiry, names, [*across, *seen], statistical)


def _direct(start: _Start, legs: Sequence[Leg]) -> Conclusion:
    snapshot = start.inquiry.snapshot
    inverse = any(leg.is_inverse(snapshot) for leg in legs)
    reasons = (Reason("inverse_of_published_table"),) if inverse else ()
    found = [
        LevelAnswer(leg.framework, leg.code, leg.relation)
        for leg in legs
        if leg.code is not None
    ]
    kind = PathKind.DERIVED if inverse else PathKind.DIRECT
    return _information(start, found, [leg.row for leg in legs], kind, reasons=reasons)


def _through_a_hub(
    start: _Start, targets: frozenset[str]
) -> tuple[Conclusion | None, list[Leg]]:
    """Return what the first hub yields that yields anything, and all first legs."""
    snapshot = start.inquiry.snapshot
    frameworks = snapshot.tables.frameworks
    ends = (start.framework, *targets)
    is_at_hub = any(frameworks[code].kind is FrameworkKind.HUB for code in ends)
    if is_at_hub or not targets:
        return None, []
    seen = []
    for hub in snapshot.hubs.get(start.framework, ()):
        first = list(legs_between(snapshot, start.framework, start.code, {hub}))
        seen += first
        pairs = list(_pairs(start, first, targets))
        if pairs:
            return _derived(start, hub, pairs), seen
    return None, seen


def _pairs(
    start: _Start, first: Iterable[Leg], targets: frozenset[str]
) -> Iterator[tuple[Leg, Leg]]:
    inquiry = start.inquiry
    for out in first:
        if out.code is None or not out.is_usable:
            continue
        if not out.is_timely(inquiry.awarded):
            continue
        for down in legs_between(inquiry.snapshot, out.framework, out.code, targets):
            if (
                down.code is not None
                and down.is_usable
                and not (out.is_comparison and down.is_comparison)
                and down.is_timely(inquiry.awarded or inquiry.asked)
            ):
                yield out, down


def _derived(start: _Start, hub: str, pairs: Sequence[tuple[Leg, Leg]]) -> Conclusion:
    found = [
        LevelAnswer(
            down.framework,
            down.code,
            weakest_relation((out.relation, down.relation)),
        )
        for out, down in pairs
        if down.code is not None
    ]
    compared = any(leg.is_comparison for pair in pairs for leg in pair)
    reasons = (Reason("hub_by_comparison", {"hub": hub}),) if compared else ()
    rows = [out.row for out, _ in pairs] + [down.row for _, down in pairs]
    passed = tuple(dict.fromkeys(out.code for out, _ in pairs if out.code is not None))
    return _information(
        start,
        found,
        rows,
        PathKind.DERIVED,
        reasons=reasons,
        hub=hub,
        hub_levels=passed,
    )


def _information(
    start: _Start,
    found: Iterable[LevelAnswer],
    alignments: Iterable[LevelAlignment],
    kind: PathKind,
    *,
    reasons: Reasons,
    hub: str | None = None,
    hub_levels: tuple[str, ...] = (),
) -> Conclusion:
    inquiry = start.inquiry
    rows = tuple({row.id: row for row in alignments}.values())
    levels = _as_a_set(inquiry, found)
    uses = tuple(RowUse.of("level_alignments", row) for row in rows)
    grades = [row.evidence for row in rows]
    qualification = inquiry.qualification
    if qualification is not None:
        uses = (RowUse.of("qualifications", qualification), *uses)
        grades.append(level_evidence(inquiry))
    weakest = Weakest(
        weakest_relation(level.relation for level in levels), weakest_evidence(grades)
    )
    return Conclusion(
        result=Result.LEVEL_INFORMATION,
        held=inquiry.held,
        levels=levels,
        path=Path(kind, weakest, hub, hub_levels),
        rows=uses,
        reasons=(_NOT_A_DECISION, *reasons, *_caveats(inquiry, levels, rows)),
    )


def level_evidence(inquiry: Inquiry) -> Evidence:
    """Return how it is known that the qualification has its level.

    The grade of a qualification's row speaks only for the columns it names.
    """
    row = inquiry.qualification
    if row is None:
        return Evidence.SOURCE_READ
    covered = row.evidence_covers
    if covered is not None and "level" not in covered.split(";"):
        return Evidence.UNCHECKED
    return row.evidence


def _as_a_set(
    inquiry: Inquiry, found: Iterable[LevelAnswer]
) -> tuple[LevelAnswer, ...]:
    """Return each level once, with its weakest relation, in the order of levels."""
    relations: dict[tuple[str, str], Relation] = {}
    for level in found:
        place = (level.framework, level.code)
        known = relations.get(place, level.relation)
        relations[place] = weakest_relation((known, level.relation))
    rows = inquiry.snapshot.tables.levels

    def order(place: tuple[str, str]) -> tuple[str, int, str]:
        row = rows.get(inquiry.snapshot.level_id(*place))
        return place[0], row.ordinal if row else 0, place[1]

    return tuple(
        LevelAnswer(*place, relations[place]) for place in sorted(relations, key=order)
    )


def _caveats(
    inquiry: Inquiry, levels: Iterable[LevelAnswer], rows: Sequence[LevelAlignment]
) -> Iterator[Reason]:
    frameworks = inquiry.snapshot.tables.frameworks
    for code in dict.fromkeys(level.framework for level in levels):
        caveat = frameworks[code].caveat
        if caveat is not None:
            yield Reason(caveat, {"framework": code})
    standing = {row.endorsement for row in rows}
    if Endorsement.HISTORICAL in standing:
        yield Reason("historical_alignment")
    if Endorsement.DRAFT in standing:
        yield Reason("draft_alignment")
    if any(row.relation is Relation.CONTESTED for row in rows):
        yield Reason("contested_alignment")
    undated = tuple(row.id for row in rows if row.valid_from is None)
    if undated:
        yield Reason("validity_not_established", {"rows": undated})
    qualification = inquiry.qualification
    if (
        qualification is not None
        and inquiry.held.level_status is LevelStatus.ASSIGNED
        and level_evidence(inquiry) is not qualification.evidence
    ):
        yield Reason("level_of_title_unchecked", {"title": qualification.title})


def _statistical(start: _Start) -> list[LevelAlignment]:
    """Return rows that statistics alone put beside the held level."""
    snapshot, place = start.inquiry.snapshot, (start.framework, start.code)
    rows = (*snapshot.from_a.get(place, ()), *snapshot.from_b.get(place, ()))
    return [
        row
        for row in rows
        if row.basis is Basis.STATISTICAL_MAPPING
        and (row.framework_a in start.targets or row.framework_b in start.targets)
    ]
