"""Occupations have skill levels, and so do levels of education; little else has."""

import pytest

from recognition_service.frameworks.occupations import (
    JobLevel,
    is_occupation,
    job_level,
    skill_levels,
    skill_of_education,
    skill_of_european_level,
)


@pytest.mark.parametrize("code", ["0", "2", "22", "222", "2221", "01", "9629"])
def test_knows_the_form_and_the_first_groups_of_a_code(code):
    assert is_occupation(code)


@pytest.mark.parametrize(
    "code", ["", "27", "99", "2721", "22211", "2.1", "A", "²", "٢", "222\n", " 2"]
)
def test_refuses_what_is_no_group(code):
    assert not is_occupation(code)


@pytest.mark.parametrize(
    ("code", "levels"),
    [
        ("2221", {4}),
        ("3", {3}),
        ("4110", {2}),
        ("5", {2}),
        ("6111", {2}),
        ("7411", {2}),
        ("83", {2}),
        ("9112", {1}),
        ("1", {3, 4}),
        ("1120", {4}),
        ("1412", {3}),
        ("0", {1, 2, 4}),
        ("0110", {4}),
        ("0210", {2}),
        ("0310", {1}),
    ],
)
def test_tells_the_skill_levels_of_a_group(code, levels):
    assert skill_levels(code) == levels


@pytest.mark.parametrize(
    ("isced", "skill"),
    [
        ("1", 1),
        ("2", 2),
        ("3", 2),
        ("3-4", 2),
        ("5", 3),
        ("6-7", 4),
        ("8", 4),
        ("4-5", None),
        ("0", None),
        ("", None),
        (None, None),
    ],
)
def test_a_level_of_education_stands_for_a_skill_level(isced, skill):
    assert skill_of_education(isced) == skill


@pytest.mark.parametrize(
    ("levels", "skill"),
    [
        (["5"], 3),
        (["6"], 4),
        (["7", "8"], 4),
        (["5", "6"], None),
        (["4"], None),
        ([], None),
    ],
)
def test_a_european_level_below_5_establishes_nothing(levels, skill):
    assert skill_of_european_level(levels) == skill


@pytest.mark.parametrize(
    ("occupation", "expected", "found"),
    [
        ("2221", 4, JobLevel.AT_LEVEL),
        ("2221", 3, JobLevel.AT_LEVEL),
        ("9112", 3, JobLevel.BELOW),
        ("1", 4, JobLevel.NOT_ESTABLISHED),
        ("1", 3, JobLevel.AT_LEVEL),
        ("0", 3, JobLevel.NOT_ESTABLISHED),
        ("5", 3, JobLevel.BELOW),
        (None, 3, JobLevel.NOT_ESTABLISHED),
        ("5", None, JobLevel.NOT_ESTABLISHED),
    ],
)
def test_a_job_is_below_a_level_only_if_it_cannot_be_at_it(occupation, expected, found):
    assert job_level(occupation, expected) is found
