"""What is wrong with what is said of a time of work, whoever says it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.equivalence.amounts import read_amount
from recognition_service.recognition.errors import Fault

_OCCUPATION = re.compile(r"[0-9]{1,4}")


def period_faults(member: str, period: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what does not fit in a period, a JSON value with dates as text.

    Source: ISCO-08 (codes of one to four digits).
    """
    occupation = period.get("occupation")
    if occupation is not None and not _OCCUPATION.fullmatch(occupation):
        yield f"{member}/occupation", "not_an_occupation", "A code of ISCO-08: 7411."
    for name in ("hours_per_week", "full_time_hours"):
        hours = period.get(name)
        if hours is not None and (read_amount(hours) or 0) <= 0:
            yield f"{member}/{name}", "out_of_range", "More than none is expected."
    if period.get("hours_per_week") and not period.get("full_time_hours"):
        yield f"{member}/full_time_hours", "required", "Say what full time is."
    began_on, ended_on = period.get("began_on"), period.get("ended_on")
    if began_on and ended_on and ended_on < began_on:
        yield f"{member}/ended_on", "date_before_begin", "It ends before it begins."
