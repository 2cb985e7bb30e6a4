"""Cases are told to statistics without anything that leads to a person."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from recognition_service.editions.overlay import Publication, RowChange, publish_overlay
from recognition_service.recognition.case_events import note_event
from recognition_service.recognition.case_file import get_request
from recognition_service.recognition.figures import (
    AgeBand,
    age_band,
    case_figures,
    first_submission,
)
from recognition_service.recognition.holds import begin_hold, end_hold
from recognition_service.recognition.submit import withdraw
from recognition_service.recognition.vocabulary import Sex
from recognition_service.regimes.holds import HoldRule
from tests.builders import (
    AUTHORITY,
    NOW,
    a_diploma,
    a_full_decision,
    a_package,
    a_request,
    a_standing_order,
    an_applicant,
    an_authority,
    an_unknown_diploma,
    bruno,
    prepared,
    signed,
    sofia,
    submitted,
)
from tests.frameworks.small_edition import a_small_edition, row_of

TODAY = date(2026, 11, 2)
STATEMENTS = "comparability_statements"


@pytest.fixture
def office(small):
    an_authority(small)
    return small


def figures(runtime, begin=TODAY, end=TODAY, authority_id=AUTHORITY):
    with runtime.database.reading() as session:
        return list(case_figures(session, authority_id, begin=begin, end=end))


def a_case(runtime, *held, **more):
    officer = bruno(runtime)
    request, _ = submitted(
        runtime, officer, a_request(*(held or (an_unknown_diploma(),)), **more)
    )
    return officer, request


def decided(runtime, officer, request, content=None):
    prepared(runtime, officer, request.id, content)
    signed(runtime, sofia(runtime), request.id)


def noted(runtime, request, event, details=None):
    with runtime.database.transaction() as session:
        row = get_request(session, AUTHORITY, request.id, to_change=True)
        note_event(
            session, row, event, actor="service", now=runtime.now(), details=details
        )


def held_up(runtime, request, reference, act):
    with runtime.database.transaction() as session:
        row = get_request(session, AUTHORITY, request.id, to_change=True)
        more = {"actor": "service", "now": runtime.now(), "reference": reference}
        if act is begin_hold:
            more |= {"rule": HoldRule.UNTIL_ANSWER, "until": None}
        act(session, row, **more)


def test_a_request_tells_what_is_asked_for_and_by_whom_in_groups(office):
    applicant = an_applicant(sex="female", birth_date=date(2003, 5, 17))
    a_case(
        office,
        an_unknown_diploma(origin="LV", framework="LV-LKI", level="6"),
        applicant=applicant,
        stage="pre_departure",
        purpose="academic_access",
        decision_kind="study_recognition",
    )
    (found,) = figures(office)
    assert (found.origin, found.destination) == ("LV", "BE-FL")
    assert (found.framework, found.level) == ("LV-LKI", "6")
    assert (found.stage, found.purpose) == ("pre_departure", "academic_access")
    assert (found.sex, found.age_band) == (Sex.FEMALE, AgeBand.FROM_15_TO_24)
    assert (found.submitted_on, found.decided_on) == (TODAY, None)
    assert found.outcome is found.is_late is found.has_precedent is None


def test_nothing_that_names_a_person_is_told(office):
    officer, request = a_case(office, external_reference="HR-77")
    decided(office, officer, request)
    (found,) = figures(office)
    told = repr(asdict(found))
    hidden = ("Bērziņa", "Ilze", "1994", "ilze@", "HR-77", "REC-", "person:")
    assert [each for each in (*hidden, str(request.id)) if each in told] == []


def test_a_decision_tells_what_came_out_and_after_how_long(office, clock):
    officer, request = a_case(office)
    clock.pass_by(days=30)
    measures = [{"code": "adaptation_period"}, {"code": "aptitude_test"}]
    content = a_full_decision(outcome="partial", measures=[*measures, measures[0]])
    content |= {
        "differences": [
            {"subject": "Law", "why_essential": "Yes", "why_not_covered": "No"}
        ],
        "remedy": {"body": "Council", "route": "court", "within_days": 30},
    }
    decided(office, officer, request, content)
    day = TODAY + timedelta(days=30)
    (found,) = figures(office, day, day)
    assert (found.decided_on, found.outcome, found.decided_by) == (
        day,
        "partial",
        "officer",
    )
    assert found.measures == ("adaptation_period", "aptitude_test")
    assert (found.submitted_on, found.complete_on) == (TODAY, None)
    assert found.has_precedent is False


def test_a_decision_like_an_earlier_one_has_a_precedent(office):
    for _ in range(2):
        officer, request = a_case(office)
        decided(office, officer, request)
    assert [found.has_precedent for found in figures(office)] == [False, True]


def test_a_case_comes_with_its_request_and_with_its_decision_only(office, clock):
    officer, request = a_case(office)
    clock.pass_by(days=30)
    decided(office, officer, request)
    day = TODAY + timedelta(days=30)
    assert figures(office, TODAY, TODAY) == figures(office, day, day) != []
    assert figures(office, TODAY + timedelta(days=1), day - timedelta(days=1)) == []


def test_a_rule_decides_when_everything_is_there(office):
    a_standing_order(office)
    a_case(office, a_diploma())
    (found,) = figures(office)
    assert (found.decided_by, found.outcome) == ("rule", "automatic")
    assert found.complete_on == found.decided_on == TODAY


def test_completeness_is_the_day_on_which_it_was_established(office, clock):
    officer, request = a_case(office)
    clock.pass_by(days=3)
    noted(office, request, "completed")
    clock.pass_by(days=4)
    decided(office, officer, request)
    (found,) = figures(office)
    assert found.complete_on == TODAY + timedelta(days=3)


def test_days_are_those_of_the_authority(office, clock):
    clock.at = NOW.replace(hour=23, minute=30)  # Half past midnight in Brussels.
    a_case(office)
    assert figures(office) == []
    assert len(figures(office, date(2026, 11, 3), date(2026, 11, 3))) == 1


def test_holds_are_told_by_their_kind_and_each_day_once(office, clock):
    officer, request = a_case(office)
    held_up(office, request, "mutual_request/1", begin_hold)
    clock.pass_by(days=2)
    held_up(office, request, "translation/2", begin_hold)
    clock.pass_by(days=3)
    held_up(office, request, "mutual_request/1", end_hold)
    held_up(office, request, "translation/2", end_hold)
    clock.pass_by(days=5)
    decided(office, officer, request)
    (found,) = figures(office)
    assert (found.holds, found.held_days) == (2, 6)
    assert found.held_by == ("mutual_request", "translation")


def test_a_hold_that_goes_on_counts_until_the_decision(office, clock):
    officer, request = a_case(office)
    held_up(office, request, "mutual_request/1", begin_hold)
    clock.pass_by(days=2)
    decided(office, officer, request)
    (found,) = figures(office)
    assert found.held_days == 3


@pytest.mark.parametrize(
    ("due_in", "event", "expected"),
    [(None, None, None), (10, None, False), (4, None, True), (9, "limit_missed", True)],
)
def test_a_decision_is_late_after_its_limit(office, clock, due_in, event, expected):
    officer, request = a_case(office)
    with office.database.transaction() as session:
        row = get_request(session, AUTHORITY, request.id, to_change=True)
        row.due_on = None if due_in is None else TODAY + timedelta(days=due_in)
    clock.pass_by(days=5)
    if event:
        noted(office, request, event)
    decided(office, officer, request)
    (found,) = figures(office)
    assert found.is_late is expected


def test_the_first_appeal_is_told_by_its_day(office, clock):
    officer, request = a_case(office)
    decided(office, officer, request)
    clock.pass_by(days=9)
    noted(office, request, "appeal_lodged", {"on": "2026-11-10"})
    noted(office, request, "appeal_lodged")
    (found,) = figures(office)
    assert found.appealed_on == date(2026, 11, 10)


def test_a_withdrawn_request_stays_a_request(office):
    officer, request = a_case(office)
    with office.database.transaction() as session:
        withdraw(session, officer, request.id, now=NOW)
    (found,) = figures(office)
    assert found.decided_on is None


def test_only_the_qualification_that_is_to_be_recognised_is_told(office):
    a_case(office, an_unknown_diploma(), an_unknown_diploma(origin="TN"))
    assert [found.origin for found in figures(office)] == ["MA"]


def test_cases_of_many_chunks_come_once_each(office, monkeypatch):
    monkeypatch.setattr("recognition_service.recognition.figures._CHUNK", 2)
    for _ in range(5):
        a_case(office)
    assert len(figures(office)) == 5


def test_another_authority_is_told_nothing(office):
    an_authority(office, "ma", jurisdiction="MA", country="MA")
    a_case(office)
    assert figures(office, authority_id="ma") == []
    with office.database.reading() as session:
        assert first_submission(session, "ma") is None
        assert first_submission(session, AUTHORITY) == TODAY


def a_statement(binding):
    """The statement about the Latvian bachelor, in an edition without the treaty."""
    edition = a_small_edition()
    statement = row_of(edition, STATEMENTS, "aic-1")
    statement["binding"] = binding
    return edition, {name: cell for name, cell in statement.items() if cell}


@pytest.mark.parametrize(
    ("of_base", "of_overlay", "expected"),
    [
        ("legal", None, False),
        ("precedent", None, True),
        ("precedent", "legal", False),
        ("legal", "precedent", True),
    ],
)
def test_a_precedent_at_hand_is_told(own_small, of_base, of_overlay, expected):
    an_authority(own_small)
    edition, _ = a_statement(of_base)
    own_small.load_edition(a_package(edition), goes_back=True)
    if of_overlay:
        _, row = a_statement(of_overlay)
        own_rows(own_small, RowChange(STATEMENTS, "aic-1", row))
    officer, request = a_case(own_small, a_diploma())
    decided(own_small, officer, request)
    (found,) = figures(own_small)
    assert found.has_precedent is expected


def own_rows(runtime, *changes):
    with runtime.database.transaction() as session:
        publish_overlay(
            session,
            AUTHORITY,
            Publication(changes=list(changes), title="Own", told=["A precedent."]),
            schema=a_package().schema,
            actor="person:sofia",
            now=NOW,
        )
    runtime.refresh()


@pytest.mark.parametrize(
    ("birth_date", "band"),
    [
        (None, AgeBand.NOT_STATED),
        (date(2012, 1, 1), AgeBand.UNDER_15),
        (date(2011, 11, 2), AgeBand.FROM_15_TO_24),
        (date(2001, 11, 3), AgeBand.FROM_15_TO_24),
        (date(2001, 11, 2), AgeBand.FROM_25_TO_29),
        (date(1996, 11, 2), AgeBand.FROM_30),
    ],
)
def test_ages_are_those_of_the_day_of_the_request(birth_date, band):
    assert age_band(birth_date, TODAY) is band
