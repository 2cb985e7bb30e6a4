"""Age limits of a programme bind admission, by full years, both limits included."""

from datetime import date

import pytest

from recognition_service.dual_certification.admission import admission_fault, age_on
from recognition_service.frameworks.instruments import Programme
from recognition_service.frameworks.rows import Evidence

ENROLLED = date(2026, 11, 2)


def a_programme(age_min=18, age_max=35):
    return Programme(
        id="example",
        evidence=Evidence.SOURCE_READ,
        source="example",
        kind="smp_programme",
        name_en="Example programme",
        age_min=age_min,
        age_max=age_max,
    )


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 11, 2), date(2026, 11, 2), 18),
        (date(2008, 11, 3), date(2026, 11, 2), 17),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (date(2004, 2, 29), date(2026, 3, 1), 22),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(2026, 11, 2), date(2026, 11, 2), 0),
    ],
)
def test_ages_are_full_years(born, day, age):
    assert age_on(born, day) == age


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
    fault = admission_fault(a_programme(), born, ENROLLED)

    assert (fault and fault.code) == code
    if fault is not None:
        assert "from the age of 18 to that of 35" in fault.detail
        assert "never of recognition" in fault.detail


@pytest.mark.parametrize(
    ("limits", "told"),
    [((18, None), "from the age of 18"), ((None, 35), "up to the age of 35")],
)
def test_a_programme_may_have_one_limit_only(limits, told):
    born = date(2020, 1, 1) if limits[0] else date(1980, 1, 1)

    fault = admission_fault(a_programme(*limits), born, ENROLLED)

    assert told in fault.detail


def test_a_programme_without_limits_asks_for_no_age():
    assert admission_fault(a_programme(None, None), None, ENROLLED) is None
