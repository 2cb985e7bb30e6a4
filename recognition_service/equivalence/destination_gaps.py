"""One curriculum held against the standards of several destinations.

The answer is information. Where no body of the destination has said which units
count there, every unit is looked at as if it did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recognition_service.equivalence.compiled_standard import (
    CompiledStandard,
    OpenRequirement,
)
from recognition_service.equivalence.progress import Plan
from recognition_service.equivalence.standards import Destination, Result


@dataclass(frozen=True, slots=True)
class Gap:
    """What stands between a path and the standard of a destination.

    Attributes:
        now: Requirements that the achieved units do not meet.
        in_the_end: Requirements that the whole curriculum does not meet.
        covered: Differences that achieved units make up for.
        planned: Differences that units still to be achieved make up for.
        open: Differences that no unit makes up for.
    """

    destination: Destination
    now: tuple[OpenRequirement, ...]
    in_the_end: tuple[OpenRequirement, ...]
    covered: tuple[str, ...]
    planned: tuple[str, ...]
    open: tuple[str, ...]


def gap_report(
    plan: Plan,
    destinations: Iterable[Destination],
    results: Mapping[str, Result] | None = None,
) -> tuple[Gap, ...]:
    """Return the gap towards each destination, in their order.

    Args:
        plan: The path.
        destinations: The standards that it is held against.
        results: What was achieved on it; None: nothing yet.
    """
    achieved, prior = plan.marks(results or {})
    units = plan.curriculum.units
    bits = [(plan.bits[unit.id], unit) for unit in units]
    everything = sum(bit for bit, _ in bits)
    reached = {
        name for bit, unit in bits if bit & achieved for name in unit.covers_differences
    }
    reachable = {name for unit in units for name in unit.covers_differences}
    report = []
    for destination in destinations:
        counting = destination.counting
        compiled = CompiledStandard.build(
            destination.requirements,
            [each for each in bits if counting is None or each[1].id in counting],
        )
        known = destination.differences
        report.append(
            Gap(
                destination,
                compiled.open(achieved, compiled.shorts(achieved, prior)),
                compiled.open(everything, compiled.shorts(everything, prior)),
                tuple(name for name in known if name in reached),
                tuple(name for name in known if name in reachable - reached),
                tuple(name for name in known if name not in reachable),
            )
        )
    return tuple(report)
