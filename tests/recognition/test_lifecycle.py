"""Which state of a request may follow which."""

import pytest

from recognition_service.recognition.errors import TransitionNotAllowedError
from recognition_service.recognition.lifecycle import RequestStatus, next_status

ALLOWED = {
    "submitted": {"decision_prepared", "decided", "withdrawn"},
    "decision_prepared": {"decision_prepared", "submitted", "decided", "withdrawn"},
    "decided": set(),
    "withdrawn": set(),
}


@pytest.mark.parametrize("current", RequestStatus)
@pytest.mark.parametrize("wanted", RequestStatus)
def test_a_request_moves_as_the_table_says(current, wanted):
    if wanted in ALLOWED[current]:
        assert next_status(current, wanted) is wanted
    else:
        with pytest.raises(TransitionNotAllowedError) as refused:
            next_status(current, wanted)
        assert set(refused.value.members()["allowed"]) == ALLOWED[current]


def test_a_state_that_nobody_knows_is_none():
    with pytest.raises(ValueError, match="lost"):
        next_status("lost", RequestStatus.DECIDED)
