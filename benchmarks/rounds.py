"""Measuring several acts in turns, so that all of them meet the same machine."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence

Case = tuple[str, Callable[[int], object]]


def compare(cases: Sequence[Case], *, rounds: int, calls: int) -> None:
    """Print CPU microseconds of each act and its ratio to the first one.

    Each figure is a median of rounds, after one that is not counted. Garbage is not
    collected from then on, also not for the caller.

    Args:
        cases: Names and acts; an act is given the number of its call.
        rounds: How often all of them are measured.
        calls: How often an act is called in a round.
    """
    for _, act in cases:
        for number in range(calls):
            act(number)
    gc.disable()
    measured = [[_spent(act, calls) for _, act in cases] for _ in range(rounds)]
    for position, (name, _) in enumerate(cases):
        spent = statistics.median(each[position] for each in measured)
        # Neighbours on the machine slow a whole round: compare within the round.
        ratio = statistics.median(each[position] / each[0] for each in measured)
        print(f"{name:34} {spent:8.1f} us CPU {ratio:6.2f} x")


def _spent(act: Callable[[int], object], calls: int) -> float:
    """Return CPU microseconds of one call."""
    began = time.process_time_ns()
    for number in range(calls):
        act(number)
    return (time.process_time_ns() - began) / calls / 1000
