"""Which known differences passed units make up for."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from recognition_service.equivalence.compensation import (
    DifferenceSource,
    KnownDifference,
    PassedUnit,
    compensate,
)

NAMES = st.sampled_from(["Final project", "final  PROJECT", "Law", "Safety", "LAW "])


def a_unit(number=1, *covers, **more):
    return PassedUnit(
        **{
            "id": f"u{number}",
            "title": f"Unit {number}",
            "provider": None,
            "achieved_on": date(2026, 10, 1),
            "assessor": "Example assessor",
            "evidence": "sha256-" + "A" * 43,
            "kind": "assessed",
            "covers": covers,
        }
        | more
    )


def known(subject, source=DifferenceSource.STANDARD, **more):
    return KnownDifference(subject=subject, source=source, **more)


def test_a_unit_covers_what_it_names_whatever_the_spelling():
    (project, law) = compensate(
        [known("Final project"), known("Law")], [a_unit(1, " final  PROJECT ")]
    )
    assert (project.units, project.is_compensated) == (("u1",), True)
    assert (law.units, law.is_compensated) == ((), False)


def test_several_sources_of_one_difference_are_told_together():
    statement = known(
        "profile",
        DifferenceSource.STATEMENT,
        reference="be-001",
        why_essential="No electronics.",
        also_named=("be-001:profile", "No electronics."),
    )
    (found,) = compensate(
        [known("Profile"), statement], [a_unit(1, "no electronics."), a_unit(2)]
    )
    assert found.subject == "Profile"
    assert [each.source for each in found.named_by] == ["standard", "statement"]
    assert found.why_essential == "No electronics."
    assert found.units == ("u1",)


def test_a_result_that_was_taken_back_covers_nothing():
    gone = a_unit(1, "Law", taken_back_on=date(2026, 11, 2))
    (law,) = compensate([known("Law")], [gone])
    assert not law.is_compensated


@given(st.lists(NAMES), st.lists(st.lists(NAMES, max_size=3), max_size=5))
def test_each_difference_is_told_once_and_more_units_never_open_one(subjects, covers):
    units = [a_unit(number, *names) for number, names in enumerate(covers)]
    differences = [known(subject) for subject in subjects]
    found = compensate(differences, units)
    assert len({each.subject for each in found}) == len(found)
    fewer = compensate(differences, units[1:])
    for before, after in zip(fewer, found, strict=True):
        assert after.subject == before.subject
        assert set(before.units) <= set(after.units)
