"""What a question does to the clock of a case is what the regime of the case says."""

from datetime import date

import pytest

from recognition_service.mutual_recognition.close import close
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.errors import MutualRequestInvalidError
from recognition_service.recognition.case_events import events_of
from recognition_service.recognition.held_times import holds_of
from recognition_service.regimes.holds import HoldRule
from tests.builders import AUTHORITY, a_package, a_regime_tree, bruno
from tests.mutual_recognition.bodies import (
    RIGA,
    accepted_and_answered,
    an_open_case,
    asked,
    bodies,
    done,
)

LEVEL = [{"id": "level", "params": {}}]
LAW = {"case_information": "until_procedure_end", "award_verification": "none"}


@pytest.fixture
def regulated(own_small):
    regimes = {"neutral.toml": a_regime_tree(holds=LAW)}
    own_small.load_edition(a_package(regimes=regimes, label="2026-11-02"))
    return bodies(own_small)


def a_question(runtime, caller, case, **more):
    known = {"kind": Kind.CASE_INFORMATION, "questions": LEVEL}
    return asked(runtime, caller, case_id=case, **(known | more))


def holds(runtime, case):
    with runtime.database.reading() as session:
        return holds_of(events_of(session, AUTHORITY, case))


def test_the_regime_holds_the_clock_without_being_asked(regulated):
    flanders, riga = bruno(regulated), bruno(regulated, RIGA)
    case = an_open_case(regulated, flanders)
    sent = a_question(regulated, flanders, case)
    assert sent.holds_clock == HoldRule.UNTIL_PROCEDURE_END
    accepted_and_answered(regulated, riga, sent.id, {"level": "6"})
    (hold,) = holds(regulated, case)
    assert hold.ended_on is None
    done(regulated, close, flanders, sent.id)
    (hold,) = holds(regulated, case)
    assert hold.ended_on == date(2026, 11, 2)


def test_a_kind_that_the_regime_lets_pass_holds_nothing(regulated):
    flanders = bruno(regulated)
    case = an_open_case(regulated, flanders)
    assert asked(regulated, flanders, case_id=case).holds_clock == HoldRule.NONE
    assert holds(regulated, case) == ()


def test_an_officer_cannot_hold_the_clock_otherwise(regulated):
    flanders = bruno(regulated)
    case = an_open_case(regulated, flanders)
    for wanted in (HoldRule.UNTIL_ANSWER, HoldRule.NONE):
        with pytest.raises(MutualRequestInvalidError) as refused:
            a_question(regulated, flanders, case, holds_clock=wanted)
        (fault,) = refused.value.errors
        assert (fault["pointer"], fault["code"]) == ("/holds_clock", "not_as_regime")
    same = a_question(
        regulated, flanders, case, holds_clock=HoldRule.UNTIL_PROCEDURE_END
    )
    assert same.holds_clock == HoldRule.UNTIL_PROCEDURE_END


def test_two_questions_are_two_holds(regulated):
    flanders = bruno(regulated)
    case = an_open_case(regulated, flanders)
    sent = [a_question(regulated, flanders, case) for _ in range(2)]
    assert [hold.reference for hold in holds(regulated, case)] == [
        f"mutual_request/{each.id}" for each in sent
    ]
