"""Known answers of the tables that travel with the service."""

from dataclasses import replace
from datetime import date

import pytest

from recognition_service.equivalence.answer import (
    Met,
    NoAnswer,
    PathKind,
    Result,
    RuleOutcome,
)
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Binding, Purpose
from recognition_service.frameworks.rows import (
    Basis,
    Evidence,
    FrameworkKind,
    Relation,
)
from tests.equivalence.editions import (
    TODAY,
    ask,
    codes,
    reason,
    row_ids,
    shipped_edition,
    shipped_tables,
)

BENELUX_BALTIC = "benelux-baltic-2024"
BAKER = "at--lehrabschlusspruefung-im-lehrberuf-baecker"


def annex_title(row_id):
    return shipped_tables().annex_v_titles[row_id].qualification


def ask_shipped(origin, destination, **question):
    return ask(shipped_edition(), origin, destination, **question)


def ask_nurse(origin, row_id, **question):
    members = {
        "qualification": annex_title(row_id),
        "purpose": Purpose.REGULATED_PROFESSION,
        **question,
    }
    return ask_shipped(origin, "DE", **members)


def test_a_latvian_bachelor_has_level_six_in_flanders_by_treaty():
    answer = ask_shipped("LV", "BE-FL", qualification="lv-lki--bakalaura-diploms")

    assert answer.result is Result.TREATY_RULE
    assert answer.decides is True
    assert answer.outcome is RuleOutcome.AUTOMATIC
    assert answer.conclusion.instrument == BENELUX_BALTIC
    assert codes(answer) == {("BE-FL-VKS", "6")}
    assert answer.conclusion.object.hub_level == "6"


def test_every_listed_title_decides_wherever_the_other_party_lists_one():
    tables, refused = shipped_tables(), []
    rows = [
        row
        for row in tables.agreement_titles.values()
        if row.agreement == BENELUX_BALTIC
    ]
    lists = {(row.party, row.hub_level) for row in rows if row.applicable}
    for row in rows:
        for party in {other.party for other in rows} - {row.party}:
            if row.qualification is None:
                continue
            answer = ask_shipped(row.party, party, qualification=row.qualification)
            if answer.decides is not ((party, row.hub_level) in lists):
                refused.append((row.id, party, answer.reason_codes))

    assert refused == []


def test_the_treaty_lists_no_estonian_title_at_level_five():
    answer = ask_shipped("EE", "BE-FL", framework="EE-EKR", level="5")

    assert answer.decides is False
    assert reason(answer, "no_title_at_level")["level"] == "5"


def test_an_associate_degree_gets_no_treaty_rule_in_estonia():
    answer = ask_shipped("NL", "EE", qualification="nl-nlqf--associate-degree")

    assert answer.result is not Result.TREATY_RULE
    assert "destination_lists_no_title" in answer.reason_codes


def test_latvian_level_six_reaches_french_speaking_belgium_by_one_hop():
    answer = ask_shipped("LV", "BE-FR", framework="LV-LKI", level="6")

    assert answer.result is Result.LEVEL_INFORMATION
    assert codes(answer) == {("BE-FR-CFC", "6")}
    assert answer.conclusion.path.kind is PathKind.DERIVED
    assert answer.conclusion.path.hub == "EQF"
    assert row_ids(answer) == {"LV-LKI:6:EQF:6", "BE-FR-CFC:6:EQF:6"}


def test_a_published_table_says_seven_where_the_hub_says_seven_or_eight():
    published = ask_shipped("GB", "GB-SCT", framework="GB-RQF", level="4")
    without = Snapshot.build(
        replace(
            shipped_tables(),
            level_alignments={
                row.id: row
                for row in shipped_tables().level_alignments.values()
                if row.basis is not Basis.BILATERAL_REPORT
            },
        ),
        "sha256-without-tables",
        TODAY,
    )
    derived = ask(without, "GB", "GB-SCT", framework="GB-RQF", level="4")

    assert codes(published) == {("GB-SCQF", "7")}
    assert published.conclusion.path.kind is PathKind.DIRECT
    assert codes(derived) == {("GB-SCQF", "7"), ("GB-SCQF", "8")}
    assert derived.conclusion.path.kind is PathKind.DERIVED
    assert "historical_alignment" in derived.reason_codes


def test_australian_level_eight_has_no_level_in_the_european_framework():
    named = ask_shipped(
        "AU", "DE", framework="AU-AQF", level="8", target_framework="EQF"
    )
    asked = ask_shipped("AU", "DE", framework="AU-AQF", level="8")

    assert (named.levels, asked.levels) == ((), ())
    assert named.no_answer is NoAnswer.NO_PUBLISHED_RELATION


def test_new_zealand_level_eight_has_a_published_absence():
    answer = ask_shipped(
        "NZ", "DE", framework="NZ-NZQCF", level="8", target_framework="EQF"
    )

    assert answer.no_answer is NoAnswer.NO_PUBLISHED_RELATION
    assert "published_no_counterpart" in answer.reason_codes


@pytest.mark.parametrize("level", [str(number) for number in range(1, 11)])
def test_the_mapping_that_was_not_endorsed_never_gives_a_level(level):
    there = ask_shipped("NZ", "AE", framework="NZ-NZQCF", level=level)
    back = ask_shipped("AE", "NZ", framework="AE-QFE", level=level)

    for answer in (there, back):
        assert answer.no_answer is NoAnswer.NOT_ENDORSED
        assert answer.levels == ()
        assert answer.decides is False


def test_the_moroccan_grid_shows_its_level_and_is_not_linked():
    answer = ask_shipped("MA", "FR", framework="MA-CNC", level="5")

    assert answer.no_answer is NoAnswer.NOT_LINKED
    assert answer.conclusion.held.code == "5"
    assert answer.conclusion.held.caveat == "technical_grid_not_adopted"


def test_a_french_level_five_of_1985_is_not_the_level_five_of_today():
    old = ask_shipped(
        "FR",
        "DE",
        framework="FR-RNCP69",
        level="V",
        awarded_on=date(1985, 6, 30),
        target_framework="EQF",
    )
    new = ask_shipped(
        "FR", "DE", framework="FR-CNC", level="5", awarded_on=date(1985, 6, 30)
    )

    assert codes(old) == {("EQF", "3")}
    assert new.levels == ()
    assert new.reason_codes[0] == "framework_not_in_force_on_award_date"
    assert reason(new, "look_in_predecessor") == {"predecessor": "FR-RNCP69"}


def test_a_romanian_nurse_is_automatic_when_the_training_began_in_the_union():
    answer = ask_nurse(
        "RO", "nurse_general-ro-1", training_started_on=date(2009, 10, 1)
    )

    assert answer.reason_codes[0] == "annex_v_automatic"
    assert answer.outcome is RuleOutcome.AUTOMATIC
    assert answer.decides is False


def test_a_romanian_nurse_trained_before_accession_has_acquired_rights():
    answer = ask_nurse(
        "RO", "nurse_general-ro-1", training_started_on=date(2004, 10, 1)
    )

    assert answer.reason_codes[0] == "annex_v_acquired_rights"


def test_a_nurse_without_start_of_training_needs_that_fact():
    answer = ask_nurse("RO", "nurse_general-ro-1")

    assert answer.no_answer is NoAnswer.NEEDS_INDIVIDUAL_ASSESSMENT
    assert [each.missing_fact for each in answer.conclusion.conditions] == [
        "training_started_on"
    ]


def test_a_british_nurse_is_judged_by_the_award_date():
    started = {"training_started_on": date(2015, 9, 1)}
    before = ask_nurse(
        "GB", "nurse_general-gb-1", awarded_on=date(2020, 12, 31), **started
    )
    after = ask_nurse(
        "GB", "nurse_general-gb-1", awarded_on=date(2021, 1, 1), **started
    )

    assert before.outcome is RuleOutcome.AUTOMATIC
    assert after.outcome is None
    assert "party_left_before_award" in after.reason_codes


def test_an_austrian_baker_is_equated_in_germany_since_the_list_was_read():
    after = ask_shipped("AT", "DE", qualification=BAKER, awarded_on=date(2022, 3, 26))
    before = ask_shipped("AT", "DE", qualification=BAKER, awarded_on=date(2022, 3, 25))

    assert after.result is Result.STATEMENT
    assert after.decides is True
    assert after.outcome is RuleOutcome.FULL
    assert before.result is Result.STATEMENT
    assert before.decides is False
    assert "award_before_record" in before.reason_codes


def every_statement():
    for row in shipped_tables().comparability_statements.values():
        question = Question(
            origin=row.origin,
            destination=row.destination,
            asked_on=TODAY,
            purpose=row.purpose,
            qualification=row.qualification,
            awarded_on=date(2024, 6, 30),
        )
        yield row, compare(shipped_edition(), question)


def test_a_statement_with_open_conditions_does_not_decide():
    conditional = [
        row.id
        for row, answer in every_statement()
        if row.conditions and answer.decides and row.id in row_ids(answer)
    ]

    assert conditional == []


def test_award_dates_in_words_leave_no_condition_open():
    answer = ask_statement("lt-auto-001")

    assert answer.conclusion.conditions == ()
    assert "condition_needs_assessment" not in answer.reason_codes
    assert "row_partly_read" in answer.reason_codes
    assert answer.decides is False


def test_two_years_of_study_let_a_junior_specialist_diploma_be_decided():
    answer = ask_statement("sk-ua-004", higher_education_years=2)

    assert (answer.decides, answer.outcome) == (True, RuleOutcome.FULL)
    assert ask_statement("sk-ua-004", higher_education_years=1).decides is False


def ask_statement(code, **facts):
    row = shipped_tables().comparability_statements[code]
    return ask_shipped(
        row.origin,
        row.destination,
        qualification=row.qualification,
        purpose=row.purpose,
        awarded_on=date(2024, 6, 30),
        facts=facts,
    )


def met(answer):
    return [(each.id, each.met.value) for each in answer.conclusion.conditions]


def test_an_indonesian_average_of_eight_and_a_half_of_ten_meets_the_condition():
    answer = ask_statement("de-htwg-003", final_grade="8.5/10")

    assert met(answer) == [("final_grade", "yes")]
    assert "conditions_met" in answer.reason_codes
    assert "statement_is_advice" in answer.reason_codes
    assert answer.decides is False


def test_an_indonesian_average_of_seven_of_ten_does_not():
    answer = ask_statement("de-htwg-003", final_grade="7.0/10")

    assert met(answer) == [("final_grade", "no")]
    assert "condition_not_met" in answer.reason_codes


@pytest.mark.parametrize("facts", [{}, {"final_grade": "85/100"}])
def test_without_a_grade_of_ten_the_grade_is_the_missing_fact(facts):
    (condition,) = ask_statement("de-htwg-003", **facts).conclusion.conditions

    assert condition.missing_fact == "final_grade"
    assert condition.rule == "final_grade >= 8.0/10"


def test_a_south_tyrolean_examination_decides_where_its_place_is_known():
    here, unknown, elsewhere = (
        ask_statement("at-suedtirol-001", **facts)
        for facts in (
            {"examination_place": "IT-BZ"},
            {"examination_place": "IT"},
            {"examination_place": "AT"},
        )
    )

    assert (here.decides, here.outcome) == (True, RuleOutcome.FULL)
    assert (unknown.result, unknown.decides) == (Result.STATEMENT, False)
    assert unknown.conclusion.conditions[0].missing_fact == "examination_place"
    assert elsewhere.result is not Result.STATEMENT


@pytest.mark.parametrize(("average", "band"), [(65, "001"), (75, "003")])
def test_the_band_of_a_syrian_result_answers(average, band):
    answer = ask_statement("de-htw-001", average_percent=average)

    assert f"de-htw-{band}" in row_ids(answer)
    assert answer.conclusion.conditions[0].met is Met.YES


def test_every_shipped_rule_stands_beside_its_words():
    ruled = [
        row
        for row in shipped_tables().comparability_statements.values()
        if row.rules_cover
    ]

    assert len(ruled) > 250
    assert all(row.conditions and row.revision > 1 for row in ruled)


def test_what_decides_rests_only_on_rows_that_were_read_and_bind():
    statements = shipped_tables().comparability_statements
    deciding = [answer for _, answer in every_statement() if answer.decides]

    assert len(deciding) > 100
    for answer in deciding:
        assert {row.evidence for row in answer.rows} == {Evidence.SOURCE_READ}
        used = [statements[code] for code in row_ids(answer) & statements.keys()]
        assert all(row.binding in {Binding.LEGAL, Binding.LIST} for row in used)


def test_every_level_gets_an_answer_everywhere_and_levels_never_decide():
    tables = shipped_tables()
    for level in tables.levels.values():
        framework = tables.frameworks[level.framework]
        for destination in ("DE", "BE-FL", "PH", "MA", "NZ"):
            answer = ask_shipped(
                framework.jurisdiction or "FR",
                destination,
                framework=level.framework,
                level=level.code,
            )
            assert answer.decides is False
            assert answer.conclusion.held.code == level.code
            assert (answer.no_answer is None) is bool(answer.levels)
            hubs = {answer.conclusion.path.hub} if answer.conclusion.path else set()
            assert all(
                tables.frameworks[hub].kind is FrameworkKind.HUB
                for hub in hubs - {None}
            )
            assert all(each.relation is not Relation.NONE for each in answer.levels)
