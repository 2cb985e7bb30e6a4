"""Age limits of a programme bind admission, by full years, both limits included."""

from datetime import date

import pytest

from recognition_service.dual_certification.admission import admission_fault
from recognition_service.frameworks.programmes import (
    LimitKind,
    Programme,
    ProgrammeLimit,
)
from recognition_service.frameworks.rows import Evidence
from recognition_service.frameworks.tables import Tables

ENROLLED = date(2026, 11, 2)
KNOWN = {"evidence": Evidence.SOURCE_READ, "source": "example"}


def some_tables(age_min=18, age_max=35):
    programme = Programme(
        id="example", kind="smp_programme", name_en="Example programme", **KNOWN
    )
    limit = ProgrammeLimit(
        id="example:age",
        programme="example",
        kind=LimitKind.AGE,
        age_min=age_min,
        age_max=age_max,
        **KNOWN,
    )
    other = ProgrammeLimit(
        id="other:age", programme="other", kind=LimitKind.AGE, age_min=90, **KNOWN
    )
    known = {} if age_min is age_max is None else {limit.id: limit}
    return Tables(
        programmes={"example": programme},
        programme_limits={other.id: other, **known},
    )


@pytest.mark.parametrize(
    ("born", "code"),
    [
        (date(2008, 11, 2), None),
        (date(2008, 11, 3), "under_age_limit"),
        (date(1990, 11, 3), None),
        (date(1990, 11, 2), "over_age_limit"),
        (None, "birth_date_needed"),
    ],
)
def test_who_is_outside_of_the_limits_is_not_admitted(born, code):
    fault = admission_fault(some_tables(), "example", born, ENROLLED)

    assert (fault and fault.code) == code
    if fault is not None:
        assert "from the age of 18 to that of 35" in fault.detail
        assert "never of recognition" in fault.detail


@pytest.mark.parametrize(
    ("limits", "born"),
    [((18, None), date(2020, 1, 1)), ((None, 35), date(1980, 1, 1))],
)
def test_a_programme_may_have_one_limit_only(limits, born):
    assert admission_fault(some_tables(*limits), "example", born, ENROLLED) is not None


def test_a_programme_without_limits_asks_for_no_age():
    assert admission_fault(some_tables(None, None), "example", None, ENROLLED) is None
