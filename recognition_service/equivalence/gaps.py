"""Why there is no level to tell: each of these is an answer too."""

from collections.abc import Iterator, Sequence

from recognition_service.equivalence.answer import (
    Conclusion,
    LevelAnswer,
    NoAnswer,
    Path,
    PathKind,
    Reason,
    Result,
    RowUse,
    Weakest,
)
from recognition_service.equivalence.epochs import Day
from recognition_service.equivalence.inquiry import (
    OPEN,
    Inquiry,
    Reasons,
    award_outside_period,
)
from recognition_service.equivalence.legs import Leg
from recognition_service.frameworks.rows import (
    Endorsement,
    Framework,
    FrameworkKind,
    LevelAlignment,
    LevelStatus,
    Relation,
)

NOT_ADOPTED = "technical_grid_not_adopted"


def nothing(
    inquiry: Inquiry,
    no_answer: NoAnswer,
    reasons: Reasons,
    rows: Sequence[RowUse] = (),
) -> Conclusion:
    """Return that there is no answer, with what is held all the same."""
    return Conclusion(
        result=Result.NONE,
        held=inquiry.held,
        no_answer=no_answer,
        reasons=reasons,
        rows=tuple(rows),
    )


def level_withheld(inquiry: Inquiry) -> Conclusion | None:
    """Return why no level may be inferred from what is held, if so."""
    held, framework = inquiry.held, inquiry.framework
    untimely = award_outside_period(inquiry)
    if untimely is not None:
        return nothing(inquiry, NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT, (untimely,))
    if held.level_status in {LevelStatus.LEGACY, LevelStatus.UNVERIFIED}:
        reason = Reason(f"level_status_{held.level_status}")
        return nothing(inquiry, NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT, (reason,))
    if held.level_status is LevelStatus.NOT_ON_FRAMEWORK or framework is None:
        reason = Reason("level_status_not_on_framework")
        return nothing(inquiry, NoAnswer.NOT_LINKED, (reason,))
    if framework.caveat == NOT_ADOPTED:
        reason = Reason("framework_not_adopted", {"framework": framework.id})
        return nothing(inquiry, NoAnswer.NOT_LINKED, (reason,))
    awarded = inquiry.awarded
    if awarded is None or awarded.is_within(framework.valid_from, framework.valid_to):
        return None
    return nothing(
        inquiry,
        NoAnswer.NO_PUBLISHED_RELATION,
        tuple(_not_in_force(framework, awarded)),
    )


def _not_in_force(framework: Framework, awarded: Day) -> Iterator[Reason]:
    period = {
        "framework": framework.id,
        "from": str(framework.valid_from or OPEN),
        "to": str(framework.valid_to or OPEN),
    }
    yield Reason("framework_not_in_force_on_award_date", period)
    first = framework.valid_from
    if framework.predecessor and first and not awarded.has_reached(first):
        yield Reason("look_in_predecessor", {"predecessor": framework.predecessor})


def own_level(inquiry: Inquiry, framework: str, code: str) -> Conclusion:
    """Return the held level itself: the destination uses the same framework."""
    snapshot = inquiry.snapshot
    row = snapshot.tables.levels.get(snapshot.level_id(framework, code))
    if row is None:
        return no_level(inquiry, frozenset({framework}), ())
    return Conclusion(
        result=Result.LEVEL_INFORMATION,
        held=inquiry.held,
        levels=(LevelAnswer(framework, code, Relation.EQUAL),),
        path=Path(PathKind.DIRECT, Weakest(Relation.EQUAL, row.evidence)),
        rows=(RowUse.of("levels", row),),
        reasons=(Reason("level_is_not_a_decision"), Reason("same_framework")),
    )


def no_level(
    inquiry: Inquiry,
    targets: frozenset[str],
    legs: Sequence[Leg],
    statistical: Sequence[LevelAlignment] = (),
) -> Conclusion:
    """Return why the published rows give no level.

    Args:
        inquiry: What was asked.
        targets: Frameworks in which an answer could have been given.
        legs: The steps from the held level that were looked at in vain.
        statistical: Rows that only index and never compare.
    """
    if not targets:
        reason = (
            Reason("target_framework_not_of_destination")
            if inquiry.question.target_framework
            else Reason(
                "destination_without_framework",
                {"destination": inquiry.question.destination},
            )
        )
        return nothing(inquiry, NoAnswer.NOT_LINKED, (reason,))
    timely = [leg for leg in legs if leg.is_timely(inquiry.awarded)]
    refused = [leg.row for leg in timely if leg.is_refused]
    if refused:
        reason = Reason("alignment_not_endorsed")
        uses = _uses(refused)
        return nothing(inquiry, NoAnswer.NOT_ENDORSED, (reason,), uses)
    unlinked = _not_linked(inquiry, targets)
    if unlinked is not None and not statistical:
        return nothing(inquiry, NoAnswer.NOT_LINKED, (unlinked,))
    rows = _uses([*(leg.row for leg in legs), *statistical])
    reasons = tuple(_no_relation(inquiry, legs, timely))
    if statistical:
        reasons = (Reason("statistical_index_only"),)
    return nothing(inquiry, NoAnswer.NO_PUBLISHED_RELATION, reasons, rows)


def frameworks_of_parts(inquiry: Inquiry, targets: frozenset[str]) -> Iterator[Reason]:
    """Yield that parts of the destination use frameworks that were not looked at.

    A state with a framework of its own answers in that one, although its parts may
    have theirs; who names a framework has chosen.
    """
    snapshot, question = inquiry.snapshot, inquiry.question
    if question.target_framework is not None:
        return
    day = inquiry.awarded or inquiry.asked
    elsewhere = sorted(
        framework.id
        for part in snapshot.places.parts.get(question.destination, ())
        for framework in snapshot.places.frameworks[part]
        if framework.jurisdiction == part
        and framework.id not in targets
        and framework.kind is not FrameworkKind.SYSTEM_WITHOUT_FRAMEWORK
        and day.is_within(framework.valid_from, framework.valid_to)
    )
    if elsewhere:
        yield Reason(
            "destination_parts_have_frameworks",
            {"destination": question.destination, "frameworks": tuple(elsewhere)},
        )


def _uses(rows: Sequence[LevelAlignment]) -> list[RowUse]:
    once = {row.id: row for row in rows}
    return [RowUse.of("level_alignments", row) for row in once.values()]


def _no_relation(
    inquiry: Inquiry, legs: Sequence[Leg], timely: Sequence[Leg]
) -> list[Reason]:
    level = {
        "framework": inquiry.held.framework or OPEN,
        "level": inquiry.held.code or OPEN,
    }
    reasons = [
        Reason("published_no_counterpart", {**level, "other": leg.framework})
        for leg in timely
        if leg.code is None and leg.is_usable
    ]
    if any(leg.row.endorsement is Endorsement.WITHDRAWN for leg in timely):
        reasons.append(Reason("alignment_withdrawn"))
    if legs and not timely:
        reasons.append(Reason("no_relation_valid_on_award_date", level))
    return reasons or [Reason("level_not_aligned", level)]


def _not_linked(inquiry: Inquiry, targets: frozenset[str]) -> Reason | None:
    snapshot = inquiry.snapshot
    framework = inquiry.held.framework or OPEN
    links = snapshot.linked.get(framework, frozenset())
    if links & targets:
        return None
    hubs = snapshot.hubs.get(framework, ())
    if not hubs:
        return Reason("framework_not_linked", {"framework": framework})
    reached = [snapshot.linked.get(target, frozenset()) for target in targets]
    if any(hub in others for others in reached for hub in hubs):
        return None
    return Reason("destination_not_linked", {"destination": ", ".join(sorted(targets))})
