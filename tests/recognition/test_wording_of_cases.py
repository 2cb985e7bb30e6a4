"""Every state and every event of a case, every paper and measure has a name."""

import pytest

from recognition_service import wording
from recognition_service.recognition.paper_kinds import PaperKind
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.lifecycle import CaseState
from recognition_service.regimes.provisions import PAPER_KINDS, MeasureKind

CODES = [
    *(f"case_event.{event}" for event in CaseEventKind),
    *(f"page.case_{state}" for state in CaseState),
    *(f"paper.{kind}" for kind in PaperKind),
    *(f"measure.{kind}" for kind in MeasureKind),
]


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_it_has_a_name_in_every_language(code, language):
    assert code in wording.catalogue(language)


def test_regimes_and_cases_speak_of_the_same_papers():
    assert frozenset(PaperKind) == PAPER_KINDS


def test_a_suspicion_is_called_as_an_assessment_where_others_see_it():
    for language in wording.LANGUAGES:
        said = wording.catalogue(language)
        assert said["page.case_suspended_fraud"] == said["page.case_assessing"]
