"""What a statement says of conditions, elements and its reasons is checked."""

import pytest

from recognition_service.wording import LANGUAGES, text
from tests.frameworks.small_edition import changed, findings, places

TABLE = "comparability_statements"
WORDS = {"conditions": "Average of at least 8.0 of 10", "rules_cover": "all"}


@pytest.mark.parametrize(
    "cells",
    [
        {**WORDS, "rules": "final_grade >= 8.0/10"},
        {**WORDS, "rules": "final_grade >= 8.0/10; training_place in BE-FL"},
        {"conditions": "Issued from 2019", "awarded_from": "2019-01-01"}
        | {"rules_cover": "all"},
        {"conditions": "Good grades"},
        {"outcome": "partial"},
        {"outcome": "refused", "object_kind": "none", "objects": "", "note": "Short."},
        {"outcome": "conditional", "conditions": "Good grades"},
        {"element_level": "same", "element_profile": "not_assessed"},
        {"element_outcomes": "difference", "elements_reason": "No thesis."},
    ],
)
def test_lets_a_sound_statement_pass(cells):
    assert places(changed(TABLE, "aic-1", **cells)) == []


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({**WORDS, "rules": "final_grade >= 8"}, "rules", "condition_unreadable"),
        ({**WORDS, "rules": "shoe_size >= 40"}, "rules", "condition_unknown_fact"),
        ({**WORDS, "rules": "training_place in ZZ"}, "rules", "unknown_reference"),
        (
            {"rules": "final_grade >= 8.0/10", "rules_cover": "all"},
            "rules",
            "rules_without_words",
        ),
        ({"rules_cover": "all"}, "rules_cover", "rules_without_words"),
        (
            {**WORDS, "rules": "final_grade >= 8.0/10", "rules_cover": ""},
            "rules_cover",
            "rules_without_cover",
        ),
        (WORDS, "rules_cover", "cover_without_rules"),
        (
            {**WORDS, "rules_cover": "part", "awarded_from": "2019-01-01"},
            "rules_cover",
            "cover_without_rules",
        ),
        (
            {**WORDS, "rules": "final_grade >= 8.0/10", "rules_cover": "most"},
            "rules_cover",
            "unknown_word",
        ),
        (
            {"outcome": "refused", "object_kind": "none", "objects": ""},
            "outcome",
            "outcome_without_reason",
        ),
        ({"outcome": "conditional"}, "outcome", "outcome_without_reason"),
        (
            {"subject_framework": "LV-LKI", "subject_levels": "6"},
            "subject_framework",
            "subject_twice",
        ),
        (
            {"qualification": "", "subject_framework": "LV-LKI"},
            "subject_levels",
            "subject_without_level",
        ),
        (
            {"qualification": "", "subject_framework": "LV-LKI"}
            | {"subject_levels": "VIII"},
            "subject_levels",
            "level_of_another_framework",
        ),
        (
            {"element_outcomes": "substantial_difference", "note": "No thesis."},
            "elements_reason",
            "difference_without_reason",
        ),
        (
            {"element_level": "difference"},
            "elements_reason",
            "difference_without_reason",
        ),
        ({"element_level": "better"}, "element_level", "unknown_word"),
        ({"review_by": "soon"}, "review_by", "wrong_type"),
        (
            {"valid_from": "2020-01-02", "valid_to": "2020-01-01"},
            "valid_to",
            "ends_before_begin",
        ),
        (
            {"awarded_from": "2020-01-02", "awarded_to": "2020-01-01"},
            "awarded_to",
            "ends_before_begin",
        ),
        (
            {"destination_framework": "BE-FL-VKS", "destination_levels": "7a"},
            "destination_levels",
            "level_of_another_framework",
        ),
    ],
)
def test_names_what_is_wrong_with_a_statement(cells, column, rule):
    assert places(changed(TABLE, "aic-1", **cells)) == [
        ("comparability_statements.csv", 2, column, rule)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_says_which_condition_cannot_be_read(language):
    rules = "subject_count >= 5; final_grade >= 8"
    (finding,) = findings(changed(TABLE, "aic-1", **{**WORDS, "rules": rules}))

    said = text(f"tables.{finding.rule}", finding.params, language)
    assert "final_grade >= 8" in said
    assert finding.params["row"] == "aic-1"
