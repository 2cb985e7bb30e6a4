"""Every code that an answer can carry has a sentence in every language."""

import ast
import re
from pathlib import Path

import pytest

from recognition_service import equivalence
from recognition_service.equivalence.standard_faults import NEGATIVE, UNREACHABLE
from recognition_service.frameworks.instruments import Binding
from recognition_service.wording import LANGUAGES, catalogue

CODE = re.compile(r"[a-z]+(_[a-z]+)+")


def codes():
    """The first argument of every `Reason(...)` in the room, read from its code."""
    found = {"annex_v_automatic", "annex_v_acquired_rights", "general_system_applies"}
    found |= {"training_start_unknown", "academic_year_boundary"}
    found |= {"reference_date_not_established", "reference_dates_conflict"}
    found |= {f"level_status_{status}" for status in ("legacy", "unverified")}
    found |= {f"statement_is_{Binding.ADVICE}", f"statement_is_{Binding.PRECEDENT}"}
    for path in Path(equivalence.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("Reason"), [ast.Constant(str(code)), *_]):
                    found.add(code)
    for words in (
        "party_left party_not_yet_bound not_listed listed_titles_may_decide",
        "statements_differ other_statements left_hub_group technical_grid_not_adopted",
        "statement_refuses statement_asks_for_assessment",
    ):
        found |= set(words.split())
    return sorted(
        found | {"row_unchecked", "row_partly_read", "row_document_confirmed"}
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", codes())
def test_every_reason_has_a_sentence(code, language):
    assert CODE.fullmatch(code)
    assert f"reason.{code}" in catalogue(language)


def fault_codes():
    """The codes of every `StandardFault(...)` in the room, read from its code."""
    found = {NEGATIVE, *UNREACHABLE.values()}
    for path in Path(equivalence.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    ast.Name("StandardFault"), [_, ast.Constant(str(code)), *_]
                ):
                    found.add(code)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_curriculum_has_a_sentence_and_no_other_has(language):
    written = {key for key in catalogue(language) if key.startswith("standard.")}
    assert written == {f"standard.{code}" for code in fault_codes()}
