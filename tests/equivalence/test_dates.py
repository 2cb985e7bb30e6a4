from datetime import date

from recognition_service.equivalence.answer import NoAnswer
from recognition_service.equivalence.epochs import FOREVER, Day
from recognition_service.frameworks.rows import FrameworkKind
from tests.equivalence.editions import (
    a_framework,
    a_hub,
    a_place,
    a_qualification,
    aligned,
    ask,
    codes,
    edition,
    reason,
    two_countries,
)


def renumbered():
    """A country that replaced its inverted grid on 1 January 2019."""
    return edition(
        [a_place("AA"), a_place("BB"), a_hub()],
        a_framework(
            "AA-OLD",
            "AA",
            "V IV III",
            kind=FrameworkKind.NATIONAL_LEGACY,
            valid_from=date(1969, 3, 21),
            valid_to=date(2018, 12, 31),
        ),
        a_framework(
            "AA-QF",
            "AA",
            "3 4 5",
            valid_from=date(2019, 1, 1),
            predecessor="AA-OLD",
        ),
        a_framework("BB-QF", "BB", "3 4 5"),
        aligned("AA-OLD:V:HUB:3", valid_to=date(2018, 12, 31)),
        aligned("AA-OLD:III:HUB:5", valid_to=date(2018, 12, 31)),
        [aligned(f"AA-QF:{level}:HUB:{level}") for level in "345"],
        [aligned(f"BB-QF:{level}:HUB:{level}") for level in "345"],
    )


def test_a_legacy_level_is_read_in_the_framework_of_its_time():
    answer = ask(
        renumbered(), framework="AA-OLD", level="V", awarded_on=date(1985, 6, 30)
    )

    assert codes(answer) == {("BB-QF", "3")}


def test_todays_framework_says_nothing_about_an_award_before_it():
    answer = ask(
        renumbered(), framework="AA-QF", level="5", awarded_on=date(1985, 6, 30)
    )

    assert answer.no_answer is NoAnswer.NO_PUBLISHED_RELATION
    assert answer.reason_codes[0] == "framework_not_in_force_on_award_date"
    assert reason(answer, "look_in_predecessor") == {"predecessor": "AA-OLD"}


def test_the_legacy_framework_ends_on_its_last_day():
    snapshot = renumbered()

    last = ask(snapshot, framework="AA-OLD", level="V", awarded_on=date(2018, 12, 31))
    after = ask(snapshot, framework="AA-OLD", level="V", awarded_on=date(2019, 1, 1))

    assert codes(last) == {("BB-QF", "3")}
    assert after.no_answer is NoAnswer.NO_PUBLISHED_RELATION


def test_the_destination_answers_in_the_framework_of_the_award_date():
    snapshot = renumbered()

    old = ask(
        snapshot, "BB", "AA", framework="BB-QF", level="3", awarded_on=date(2010, 1, 1)
    )
    new = ask(
        snapshot, "BB", "AA", framework="BB-QF", level="3", awarded_on=date(2020, 1, 1)
    )

    assert codes(old) == {("AA-OLD", "V")}
    assert codes(new) == {("AA-QF", "3")}


def test_an_unknown_award_date_is_told_and_never_decides():
    answer = ask(
        edition(two_countries()), framework="AA-QF", level="6", awarded_on=None
    )

    assert codes(answer) == {("BB-QF", "6")}
    assert "award_date_unknown" in answer.reason_codes
    assert answer.decides is False


def test_rows_of_another_time_are_no_relation():
    late = aligned("AA-QF:6:HUB:6", valid_from=date(2022, 1, 1))
    answer = ask(edition(two_countries(late)), framework="AA-QF", level="6")

    assert answer.no_answer is NoAnswer.NO_PUBLISHED_RELATION
    assert "no_relation_valid_on_award_date" in answer.reason_codes


def test_an_award_outside_the_period_of_its_title_needs_an_officer():
    title = a_qualification(valid_from=date(2003, 1, 1), valid_to=date(2010, 12, 31))
    answer = ask(edition(two_countries(title)), qualification="aa-bachelor")

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert reason(answer, "award_outside_period")["to"] == "2010-12-31"


def test_a_day_remembers_the_nearest_boundaries_it_was_asked_about():
    day = Day(date(2015, 6, 1))

    assert day.has_reached(date(2010, 1, 1))
    assert day.has_reached(date(2015, 6, 1))
    assert not day.is_past(date(2018, 12, 31))
    assert not day.has_reached(date(2030, 1, 1))

    assert day.since == date(2015, 6, 1).toordinal()
    assert day.until == date(2019, 1, 1).toordinal()


def test_a_day_that_nobody_asked_about_stands_for_all_days():
    day = Day(date(2015, 6, 1))

    assert (day.since, day.until) == (1, FOREVER)
    assert day.is_within(None, date.max)
    assert (day.since, day.until) == (1, FOREVER)
