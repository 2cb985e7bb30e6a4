"""Limits admit, or do not, or nobody knows; they never touch recognition."""

import ast
from datetime import date
from pathlib import Path

import pytest

import recognition_service
from recognition_service.equivalence.admission import (
    Admission,
    AdmissionReason,
    check_admission,
    stay_ends_on,
)
from recognition_service.frameworks.programmes import LimitKind, ProgrammeLimit
from recognition_service.frameworks.rows import Evidence
from recognition_service.wording import LANGUAGES, catalogue
from tests.equivalence.editions import shipped_tables

TODAY = date(2026, 11, 30)
ROOT = Path(recognition_service.__path__[0])


def a_limit(kind=LimitKind.AGE, **members):
    known = {
        "id": f"x:{kind}",
        "programme": "x",
        "kind": kind,
        "evidence": Evidence.SOURCE_READ,
        "source": "paper",
    }
    return ProgrammeLimit(**(known | members))


def ages(**members):
    return [a_limit(**({"age_min": 18, "age_max": 35} | members))]


def found(limits, birth_date, day=TODAY):
    finding = check_admission(limits, birth_date, day)
    return finding.admission, finding.reason


@pytest.mark.parametrize(
    ("birth_date", "admission", "reason"),
    [
        (date(2008, 12, 1), Admission.TOO_YOUNG, AdmissionReason.BELOW_AGE_MIN),
        (date(2008, 11, 30), Admission.ADMITTED, AdmissionReason.WITHIN_LIMITS),
        (date(1990, 12, 1), Admission.ADMITTED, AdmissionReason.WITHIN_LIMITS),
        (date(1990, 11, 30), Admission.TOO_OLD, AdmissionReason.ABOVE_AGE_MAX),
        (date(2027, 1, 1), Admission.NOT_ESTABLISHED, AdmissionReason.BORN_LATER),
        (None, Admission.NOT_ESTABLISHED, AdmissionReason.BIRTH_DATE_UNKNOWN),
    ],
)
def test_the_ages_of_an_agreement_admit_or_do_not(birth_date, admission, reason):
    assert found(ages(), birth_date) == (admission, reason)


def test_the_limits_of_the_shipped_agreement_are_those_of_the_report():
    rows = [
        row
        for row in shipped_tables().programme_limits.values()
        if row.programme == "lu-cv"
    ]
    finding = check_admission(rows, date(2008, 2, 29), date(2026, 2, 28))
    assert finding.admission is Admission.TOO_YOUNG
    assert (finding.age, finding.limits) == (17, ("lu-cv:age",))
    the_next_day = check_admission(rows, date(2008, 2, 29), date(2026, 3, 1))
    assert (the_next_day.admission, the_next_day.age) == (Admission.ADMITTED, 18)


def test_an_unknown_limit_is_never_no_limit():
    born = date(1996, 5, 17)
    stay = [a_limit(LimitKind.STAY, months_max=18)]
    for limits, reason in (
        ([], AdmissionReason.NO_LIMIT_KNOWN),
        (stay, AdmissionReason.NO_LIMIT_KNOWN),
        (ages(age_max=None), AdmissionReason.AGE_MAX_UNKNOWN),
        (ages(age_min=None), AdmissionReason.AGE_MIN_UNKNOWN),
    ):
        assert found(limits, born) == (Admission.NOT_ESTABLISHED, reason)


def test_a_known_limit_counts_although_the_other_is_unknown():
    young, old = date(2010, 1, 1), date(1950, 1, 1)
    assert found(ages(age_max=None), young)[0] is Admission.TOO_YOUNG
    assert found(ages(age_min=None), old)[0] is Admission.TOO_OLD


def test_both_limits_may_stand_in_rows_of_their_own():
    rows = [*ages(age_max=None), *ages(id="x:age:2", age_min=None)]
    assert found(rows, date(1996, 5, 17))[0] is Admission.ADMITTED
    assert check_admission(rows, date(1950, 1, 1), TODAY).limits == ("x:age:2",)


@pytest.mark.parametrize(
    "grade", [grade for grade in Evidence if grade is not Evidence.SOURCE_READ]
)
def test_a_limit_that_was_not_read_decides_nothing(grade):
    assert found(ages(evidence=grade), date(2020, 1, 1)) == (
        Admission.NOT_ESTABLISHED,
        AdmissionReason.LIMIT_NOT_READ,
    )


@pytest.mark.parametrize(
    "period", [{"valid_to": date(2026, 11, 29)}, {"valid_from": date(2026, 12, 1)}]
)
def test_a_limit_that_does_not_hold_on_the_day_is_left_out(period):
    assert found(ages(**period), date(2020, 1, 1)) == (
        Admission.NOT_ESTABLISHED,
        AdmissionReason.NO_LIMIT_KNOWN,
    )


@pytest.mark.parametrize(
    ("start", "renewals", "over"),
    [
        (date(2026, 1, 15), 0, date(2028, 1, 15)),
        (date(2026, 1, 15), 1, date(2029, 1, 15)),
        (date(2024, 2, 29), 0, date(2026, 2, 28)),
        (date(2024, 2, 29), 2, date(2028, 2, 29)),
    ],
)
def test_a_stay_is_counted_with_its_renewals_at_once(start, renewals, over):
    limit = a_limit(LimitKind.STAY, months_max=24, renewal_months=12)
    assert stay_ends_on(start, limit, renewals) == over


def test_a_stay_that_the_source_leaves_open_has_no_end():
    start, limits = date(2026, 1, 31), shipped_tables().programme_limits
    assert stay_ends_on(start, limits["ie-imgti:stay"], 1) == date(2029, 1, 31)
    assert stay_ends_on(start, limits["lu-cv:stay"]) == date(2027, 7, 31)
    assert stay_ends_on(start, limits["lu-cv:stay"], 1) is None
    for code in ("balmr-bg-am", "balmr-bg-md", "balmr-bg-ge", "match"):
        assert stay_ends_on(start, limits[f"{code}:stay"]) is None


def test_nothing_that_recognises_asks_for_a_limit():
    rooms = ("regimes", "attestations", "recognition")
    modules = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    modules += [ROOT / "equivalence" / "compare.py", ROOT / "equivalence" / "treaty.py"]
    assert len(modules) > 20
    for path in modules:
        assert "admission" not in imported(path), path


def imported(path):
    """Return the last parts of the names of the modules that a module imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.module.rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_has_a_sentence(language):
    known = catalogue(language)
    for code in (*Admission, *AdmissionReason):
        assert f"admission.{code}" in known
