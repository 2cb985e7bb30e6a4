"""Where comparisons of frameworks go wrong, shown on the rows that we ship.

Each part is one trap that a table of levels sets to whoever reads it in haste.
"""

import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from recognition_service.equivalence.answer import NoAnswer, PathKind, Result
from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import ObjectKind, Outcome, Purpose
from recognition_service.frameworks.rows import (
    Basis,
    Endorsement,
    Evidence,
    FrameworkKind,
    LevelStatus,
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

ISLES = {"GB-RQF": "GB-ENG", "GB-SCQF": "GB-SCT", "GB-CQFW": "GB-WLS", "IE-NFQ": "IE"}
COMPARISONS = {Basis.BILATERAL_REPORT, Basis.PILOT_COMPARISON}
SCRIPTS = {
    "ar": "ARABIC",
    "bg": "CYRILLIC",
    "el": "GREEK",
    "hy": "ARMENIAN",
    "ja": ("CJK", "HIRAGANA", "KATAKANA"),
    "ka": "GEORGIAN",
    "ko": "HANGUL",
    "ru": "CYRILLIC",
    "sr": "CYRILLIC",
    "uk": "CYRILLIC",
    "zh": "CJK",
}


def shown(origin, destination="DE", **question):
    return ask(shipped_edition(), origin, destination, **question)


def in_the_hub(origin, framework, level, hub="EQF", **question):
    """What a level is in a hub, asked by Germany, which is no party to the answer."""
    question = {"target_framework": hub, **question}
    return shown(origin, framework=framework, level=level, **question)


def held_level(row_id):
    row = shipped_tables().qualifications[row_id]
    return row.framework, row.level


@cache
def without_published_tables():
    """The shipped edition in which only hubs link two countries."""
    rows = shipped_tables().level_alignments.values()
    kept = {row.id: row for row in rows if row.basis is not Basis.BILATERAL_REPORT}
    tables = replace(shipped_tables(), level_alignments=kept)
    return Snapshot.build(tables, "sha256-without-tables", TODAY)


# 1. Levels are not transitive.


def by_the_hub(framework, level, target):
    question = {"framework": framework, "level": level, "target_framework": target}
    answer = ask(
        without_published_tables(), ISLES[framework], ISLES[target], **question
    )
    return {code for _, code in codes(answer)}


def test_the_published_table_is_narrower_than_the_way_by_the_hub():
    published = shown("GB-ENG", "GB-SCT", framework="GB-RQF", level="4")

    assert codes(published) == {("GB-SCQF", "7")}
    assert published.conclusion.path.kind is PathKind.DIRECT
    assert by_the_hub("GB-RQF", "4", "GB-SCQF") == {"7", "8"}


def test_the_hub_makes_twelve_published_pairs_wider_and_none_narrower():
    pairs = wider = 0
    for level in shipped_tables().levels.values():
        for target in ISLES.keys() - {level.framework}:
            if level.framework not in ISLES:
                continue
            question = {"framework": level.framework, "level": level.code}
            origin, destination = ISLES[level.framework], ISLES[target]
            published = shown(origin, destination, **question, target_framework=target)
            path = published.conclusion.path
            if path is None or path.kind is not PathKind.DIRECT:
                continue
            levels = {code for _, code in codes(published)}
            derived = by_the_hub(level.framework, level.code, target)
            assert levels <= derived
            pairs += 1
            wider += levels < derived

    assert (pairs, wider) == (74, 12)


def test_a_round_trip_drifts_away_from_where_it_began():
    there = by_the_hub("GB-RQF", "4", "IE-NFQ")
    onward = {to for code in there for to in by_the_hub("IE-NFQ", code, "GB-SCQF")}
    home = {to for code in onward for to in by_the_hub("GB-SCQF", code, "GB-RQF")}

    assert (there, onward, home) == ({"6"}, {"7", "8"}, {"4", "5"})


def test_australian_eight_is_new_zealand_eight_and_nothing_in_europe():
    beside = shown("AU", "NZ", framework="AU-AQF", level="8")
    onward = in_the_hub("NZ", "NZ-NZQCF", "8")
    across = in_the_hub("AU", "AU-AQF", "8")

    assert codes(beside) == {("NZ-NZQCF", "8")}
    assert (onward.levels, across.levels) == ((), ())
    assert "published_no_counterpart" in onward.reason_codes
    assert across.reason_codes[0] == "level_not_aligned"


def test_two_published_tables_are_never_walked_in_a_row():
    tables = shipped_tables()
    walked = 0
    for level in tables.levels.values():
        origin = tables.frameworks[level.framework].jurisdiction
        for destination in ("IE", "NZ", "GB-SCT", "AE", "MY", "HK", "AU"):
            if origin is None:
                continue
            question = {"framework": level.framework, "level": level.code}
            answer = shown(origin, destination, **question)
            rows = [
                tables.level_alignments[row_id]
                for row_id in row_ids(answer) & tables.level_alignments.keys()
            ]
            walked += bool(answer.levels)
            if answer.conclusion.path and answer.conclusion.path.hub:
                pairs = [row for row in rows if row.basis not in COMPARISONS]
                assert pairs, answer
                assert Basis.BILATERAL_REPORT not in {row.basis for row in rows}
            else:
                ends = {frozenset((row.framework_a, row.framework_b)) for row in rows}
                assert len(ends) <= 1 or not answer.levels, answer

    assert walked > 500
    assert shown("MY", "IE", framework="MY-MQF", level="6").levels == ()


# 2. A relation has a direction and a time.


def test_one_level_that_spans_two_is_one_of_two_seen_from_there():
    there = shown("GB-ENG", "IE", framework="GB-RQF", level="E3")
    back = shown("IE", "GB-ENG", framework="IE-NFQ", level="1")

    assert codes(there) == {("IE-NFQ", "1"), ("IE-NFQ", "2")}
    assert {level.relation for level in there.levels} == {Relation.BROAD}
    assert [level.relation for level in back.levels] == [Relation.NARROW]


def test_a_framework_gives_no_level_to_what_was_awarded_before_it():
    before = in_the_hub("FR", "FR-CNC", "5", awarded_on=date(2018, 12, 31))
    after = in_the_hub("FR", "FR-CNC", "5", awarded_on=date(2019, 1, 1))

    assert before.levels == ()
    assert codes(after) == {("EQF", "5")}


# 3. That there is no level is an answer, and a row.


@pytest.mark.parametrize(
    ("origin", "framework", "level"),
    [
        ("NL", "NL-NLQF", "E"),
        ("MT", "MT-MQF", "A"),
        ("MT", "MT-MQF", "B"),
        ("BG", "BG-NQF", "0"),
        ("UA", "UA-NRK", "0"),
        ("GB-ENG", "GB-RQF", "E12"),
        ("GB-SCT", "GB-SCQF", "1"),
        ("GB-SCT", "GB-SCQF", "2"),
        ("NZ", "NZ-NZQCF", "8"),
    ],
)
def test_a_level_below_or_beside_the_hub_is_said_to_have_none(origin, framework, level):
    answer = in_the_hub(origin, framework, level, awarded_on=date(2023, 6, 30))

    assert answer.no_answer is NoAnswer.NO_PUBLISHED_RELATION
    assert answer.reason_codes[0] == "published_no_counterpart"
    assert row_ids(answer) == {f"{framework}:{level}:EQF:none"}


def test_the_lowest_level_of_the_hub_has_none_in_new_zealand():
    row = shipped_tables().level_alignments["EQF:1:NZ-NZQCF:none"]

    assert (row.relation, row.level_b) == (Relation.NONE, None)
    lowest = shown("BG", "NZ", framework="BG-NQF", level="1")
    assert lowest.levels == ()


def test_the_level_that_norway_left_empty_stands_beside_nothing():
    answer = in_the_hub("NO", "NO-NKR", "1")

    assert answer.levels == ()
    assert answer.reason_codes[0] == "level_not_aligned"


# 4. Levels are names, and some are parts of others.


@pytest.mark.parametrize(
    ("framework", "written"),
    [
        ("CY-CyQF", ["5a", "5b", "5c", "7a", "7b", "7c"]),
        ("NO-NKR", ["5.1", "5.2", "6.1", "6.2"]),
        ("IN-NSQF", ["2.5", "3.5", "4.5", "5.5"]),
        ("NL-NLQF", ["E", "4+"]),
        ("FR-RNCP69", ["V", "IV", "III", "II"]),
    ],
)
def test_levels_are_kept_as_their_framework_writes_them(framework, written):
    rows = shipped_tables().levels.values()
    known = [row.code for row in rows if row.framework == framework]

    assert set(written) <= set(known)
    assert all(isinstance(code, str) for code in known)


@pytest.mark.parametrize("level", ["5a", "5b", "5c"])
def test_three_levels_of_cyprus_are_each_one_of_several_at_level_five(level):
    answer = in_the_hub("CY", "CY-CyQF", level)

    assert codes(answer) == {("EQF", "5")}
    assert [each.relation for each in answer.levels] == [Relation.NARROW]


def test_four_plus_shares_level_four_and_opens_another_door():
    vwo = shown("NL", "DE", qualification="nl-nlqf--pre-university")
    craft = shown("NL", "DE", qualification="nl-nlqf--nurse-mbo-4")

    assert held_level("nl-nlqf--pre-university") == ("NL-NLQF", "4+")
    assert codes(vwo) == codes(craft) == {("DE-DQR", "4")}
    for answer in (vwo, craft):
        assert answer.result is Result.LEVEL_INFORMATION
        assert answer.outcome is None


# 5. Scales were turned round and renumbered.


@pytest.mark.parametrize(
    ("level", "hub_level"),
    [("V", "3"), ("IV", "4"), ("III", "5"), ("II", "6"), ("I-M", "7"), ("I-D", "8")],
)
def test_the_french_scale_of_1969_counts_downwards(level, hub_level):
    answer = in_the_hub("FR", "FR-RNCP69", level, awarded_on=date(1985, 6, 30))

    assert codes(answer) == {("EQF", hub_level)}


def test_level_one_of_1969_spans_more_than_one_level():
    both = (
        in_the_hub("FR", "FR-RNCP69", level, awarded_on=date(1985, 6, 30))
        for level in ("I-M", "I-D")
    )

    assert {each.relation for answer in both for each in answer.levels} == {
        Relation.BROAD
    }


@pytest.mark.parametrize(
    ("origin", "framework", "level", "awarded_on"),
    [
        ("IN", "IN-NSQF", "4", date(2023, 6, 5)),
        ("UA", "UA-NRK", "7", date(2020, 6, 24)),
        ("ZA", "ZA-NQF", "8", date(2009, 5, 31)),
    ],
)
def test_a_level_of_today_is_not_read_on_a_diploma_of_another_scale(
    origin, framework, level, awarded_on
):
    answer = shown(origin, framework=framework, level=level, awarded_on=awarded_on)

    assert answer.levels == ()
    assert answer.reason_codes[0] == "framework_not_in_force_on_award_date"


def test_who_reads_an_indian_certificate_of_2015_is_sent_to_the_old_scale():
    answer = shown("IN", framework="IN-NSQF", level="4", awarded_on=date(2015, 1, 1))

    assert reason(answer, "look_in_predecessor") == {"predecessor": "IN-NSQF13"}


def test_a_philippine_senior_high_school_has_level_two_since_the_resolution():
    diploma = {"qualification": "ph-pqf--senior-high-school-diploma"}
    before = shown("PH", "ID", **diploma, awarded_on=date(2018, 6, 1))
    after = shown("PH", "ID", **diploma, awarded_on=date(2024, 6, 1))

    assert before.levels == ()
    assert before.reason_codes[0] == "award_outside_period"
    assert codes(after) == {("ID-KKNI", "2")}


# 6. The same word means other things.


@pytest.mark.parametrize("acronym", ["PQF", "NQF", "AQF", "SQF", "TQF", "MQF", "CNC"])
def test_an_acronym_names_no_framework(acronym):
    with pytest.raises(UnknownCodeError):
        shown("PH", framework=acronym, level="5")
    assert acronym not in shipped_tables().frameworks


@pytest.mark.parametrize("acronym", ["PQF", "NQF", "AQF", "CNC"])
def test_an_acronym_is_borne_by_several_frameworks(acronym):
    bearers = {
        row.jurisdiction
        for row in shipped_tables().frameworks.values()
        if row.jurisdiction and row.id.endswith(f"-{acronym}")
    }

    assert len(bearers) > 1


def test_every_framework_but_a_hub_is_named_after_its_country():
    for row in shipped_tables().frameworks.values():
        if row.kind is FrameworkKind.HUB:
            assert row.jurisdiction is None
        else:
            assert row.id.startswith(row.jurisdiction.partition("-")[0] + "-")


def test_a_baccalaureat_is_upper_secondary_or_a_bachelor():
    assert held_level("fr-cnc--general-baccalaureate") == ("FR-CNC", "4")
    assert held_level("ma-cnc--baccalaureate") == ("MA-CNC", "4")
    quebec = shipped_tables().qualifications["ca-qc-sys--bachelor"]
    assert quebec.title.startswith("Baccalauréat")
    assert (quebec.isced_level, quebec.level) == ("6", None)


def test_an_italian_master_of_second_level_stands_above_a_master():
    assert held_level("it-qnq--second-level-university-master") == ("IT-QNQ", "8")
    assert held_level("it-qnq--first-level-university-master") == ("IT-QNQ", "7")


# 7. Upper secondary is not always level 4.


@pytest.mark.parametrize(
    ("row_id", "held"),
    [
        ("pt-qnq--general-upper-secondary-diploma", ("PT-QNQ", "3")),
        (
            "ua-nrk--certificate-of-complete-general-secondary-educat",
            ("UA-NRK", "3"),
        ),
        ("ph-pqf--senior-high-school-diploma", ("PH-PQF", "2")),
        ("id-kkni--general-upper-secondary-diploma", ("ID-KKNI", "2")),
        ("fr-cnc--general-baccalaureate", ("FR-CNC", "4")),
    ],
)
def test_the_end_of_upper_secondary_stands_where_its_country_put_it(row_id, held):
    assert held_level(row_id) == held


def test_the_portuguese_twelfth_year_is_level_three():
    answer = shown(
        "PT",
        qualification="pt-qnq--general-upper-secondary-diploma",
        target_framework="EQF",
    )

    assert codes(answer) == {("EQF", "3")}


# 8. Nurses stand at many levels.


NURSES = {
    "de-dqr--registered-general-nurse": "4",
    "nl-nlqf--nurse-mbo-4": "4",
    "be-fl-vks--nurse-hbo5": "5",
    "ro-roqf--general-nurse-post-secondary": "5",
    "fr-cnc--state-nursing-diploma": "6",
    "pl-prk--bachelor-in-nursing": "6",
    "ma-cnc--bachelor-in-nursing": "6",
    "id-kkni--professional-nurse": "7",
}


@pytest.mark.parametrize("row_id", NURSES)
def test_a_nurse_has_the_level_of_the_own_country(row_id):
    row = shipped_tables().qualifications[row_id]

    assert (row.profession, row.level) == ("nurse_general", NURSES[row_id])


def test_the_directive_asks_for_the_title_and_the_dates_and_not_for_the_level():
    row = shipped_tables().annex_v_titles["nurse_general-ro-1"]
    answer = shown(
        "RO",
        qualification=row.qualification,
        purpose=Purpose.REGULATED_PROFESSION,
        training_started_on=date(2009, 10, 1),
    )

    assert shipped_tables().qualifications[row.qualification].level is None
    assert answer.reason_codes[0] == "annex_v_automatic"
    assert answer.levels == ()


@pytest.mark.parametrize(
    ("origin", "row_id", "levels"),
    [
        ("PH", "ph-pqf--bsc-nursing", set()),
        ("TN", "tn-cnq--applied-bachelor-in-nursing", set()),
        ("MA", "ma-cnc--bachelor-in-nursing", set()),
        ("UA", "ua-nrk--bachelor-of-nursing", {("DE-DQR", "6")}),
        ("AU", "au-aqf--bachelor-of-nursing", {("DE-DQR", "6")}),
    ],
)
def test_the_level_of_a_nurse_from_outside_opens_no_profession(origin, row_id, levels):
    answer = shown(
        origin,
        qualification=row_id,
        purpose=Purpose.REGULATED_PROFESSION,
        awarded_on=date(2022, 6, 30),
    )

    assert codes(answer) == levels
    assert (answer.outcome, answer.decides) == (None, False)
    assert ("does_not_open_regulated_profession" in answer.reason_codes) is bool(levels)


# 9. Some systems have no framework, or one that is linked to nothing.


@pytest.mark.parametrize("place", ["JP", "BR", "SN", "CA-QC"])
def test_a_system_without_framework_gives_no_level(place):
    frameworks = shipped_edition().places.frameworks[place]
    answer = shown("LV", place, framework="LV-LKI", level="6")

    assert {row.kind for row in frameworks} == {FrameworkKind.SYSTEM_WITHOUT_FRAMEWORK}
    assert answer.no_answer is NoAnswer.NOT_LINKED


@pytest.mark.parametrize(
    ("origin", "framework", "level"),
    [
        ("BA", "BA-QF", "6"),
        ("BE-DE", "BE-DE-QDG", "6"),
        ("TN", "TN-CNQ", "5"),
        ("GE", "GE-NQF", "6"),
    ],
)
def test_a_framework_that_is_linked_to_no_hub_shows_its_own_level_only(
    origin, framework, level
):
    answer = in_the_hub(origin, framework, level)

    assert answer.no_answer is NoAnswer.NOT_LINKED
    assert answer.reason_codes[0] == "framework_not_linked"
    assert answer.conclusion.held.code == level


def test_the_moroccan_grid_is_shown_with_its_caveat():
    answer = in_the_hub("MA", "MA-CNC", "5")

    assert answer.no_answer is NoAnswer.NOT_LINKED
    assert answer.conclusion.held.caveat == "technical_grid_not_adopted"
    assert "technical_grid_not_adopted" in answer.reason_codes


# 10. One state may have several frameworks.


@pytest.mark.parametrize(
    ("part", "framework", "levels"),
    [
        ("BE-FL", "BE-FL-VKS", {"6"}),
        ("BE-FR", "BE-FR-CFC", {"6"}),
        ("BE-DE", "BE-DE-QDG", set()),
    ],
)
def test_each_community_of_belgium_answers_in_its_own_framework(
    part, framework, levels
):
    answer = shown("LV", part, framework="LV-LKI", level="6")

    assert codes(answer) == {(framework, code) for code in levels}


def test_belgium_as_a_whole_answers_in_the_frameworks_that_are_linked():
    answer = shown("LV", "BE", framework="LV-LKI", level="6")

    assert codes(answer) == {("BE-FL-VKS", "6"), ("BE-FR-CFC", "6")}


def test_who_asks_the_united_kingdom_is_told_to_ask_its_parts():
    whole = shown("LV", "GB", framework="LV-LKI", level="4")
    part = shown("LV", "GB-ENG", framework="LV-LKI", level="4")

    assert whole.levels == ()
    assert reason(whole, "destination_parts_have_frameworks") == {
        "destination": "GB",
        "frameworks": ("GB-CQFW", "GB-RQF", "GB-SCQF"),
    }
    assert codes(part) == {("GB-RQF", "3")}
    assert "destination_parts_have_frameworks" not in part.reason_codes


@pytest.mark.parametrize(
    ("state", "number"), [("BE", 3), ("GB", 4), ("ES", 2), ("IN", 2), ("LK", 2)]
)
def test_no_state_is_taken_to_have_one_framework(state, number):
    frameworks = [
        row.id
        for row in shipped_tables().frameworks.values()
        if (row.jurisdiction or "").partition("-")[0] == state
    ]

    assert len(frameworks) == number


# 11. The United Kingdom left the group that keeps the links.


def test_every_link_of_the_united_kingdom_with_the_hub_is_historical():
    rows = [
        row
        for row in shipped_tables().level_alignments.values()
        if row.framework_b == "EQF" and row.framework_a in ISLES.keys() - {"IE-NFQ"}
    ]

    assert len(rows) > 20
    assert {row.endorsement for row in rows} == {Endorsement.HISTORICAL}


@pytest.mark.parametrize("framework", ["GB-RQF", "GB-SCQF", "GB-CQFW"])
def test_a_british_level_says_that_its_link_is_historical(framework):
    answer = in_the_hub(ISLES[framework], framework, "4")

    assert answer.levels
    assert {"historical_alignment", "left_hub_group"} <= set(answer.reason_codes)


# 12. Precise tables may be wrong.


@pytest.mark.parametrize(
    ("row_id", "level"),
    [
        ("au-aqf--bachelor-honours-degree", "8"),
        ("au-aqf--masters-degree-coursework", "9"),
        ("au-aqf--masters-degree-extended", "9"),
        ("au-aqf--doctoral-degree", "10"),
    ],
)
def test_an_australian_master_is_nine_and_a_doctorate_ten(row_id, level):
    assert held_level(row_id) == ("AU-AQF", level)


@pytest.mark.parametrize("level", [str(number) for number in range(1, 11)])
def test_the_perfect_mapping_that_nobody_endorsed_is_kept_and_never_answers(level):
    row = shipped_tables().level_alignments[f"NZ-NZQCF:{level}:AE-QFE:{level}"]
    answer = shown("NZ", "AE", framework="NZ-NZQCF", level=level)

    assert row.endorsement is Endorsement.NOT_ENDORSED
    assert row.relation is Relation.CONTESTED
    assert answer.no_answer is NoAnswer.NOT_ENDORSED
    assert (answer.levels, answer.decides) == ((), False)
    assert row.id in row_ids(answer)  # It may be shown, with what it is.


# 13. A diploma may have parts, and a part is not the whole.


def test_a_double_certification_stands_above_its_general_part():
    assert held_level("pt-qnq--general-upper-secondary-diploma")[1] == "3"
    assert held_level("pt-qnq--double-certification-upper-secondary")[1] == "4"


def test_what_shares_a_level_need_not_have_the_same_length():
    rows = shipped_tables().qualifications
    certificate = rows["au-aqf--graduate-certificate"]
    honours = rows["au-aqf--bachelor-honours-degree"]

    assert certificate.level == honours.level == "8"
    assert certificate.duration_years != honours.duration_years


def test_years_of_a_degree_are_never_recognised_as_the_degree():
    rows = shipped_tables().comparability_statements.values()
    years = [row for row in rows if row.object_kind is ObjectKind.YEARS_OF]

    assert {row.outcome for row in years} == {Outcome.PARTIAL}


# 14. Titles keep their language and script.


def scripts_of(title):
    return {unicodedata.name(sign, "?").split()[0] for sign in title if sign.isalpha()}


@pytest.mark.parametrize("language", SCRIPTS)
def test_a_title_is_kept_in_the_script_of_its_language(language):
    expected = SCRIPTS[language]
    expected = {expected} if isinstance(expected, str) else set(expected)
    rows = shipped_tables().qualifications.values()
    latin = [
        (row.id, row.title)
        for row in rows
        if row.language == language and not scripts_of(row.title) & expected
    ]

    assert latin == []


def test_a_title_in_another_script_says_in_which_language_it_is():
    for row in shipped_tables().qualifications.values():
        others = scripts_of(row.title) - {"LATIN", "FEMININE", "MASCULINE"}
        if others and "LATIN" not in scripts_of(row.title):
            assert row.language in SCRIPTS, row.id


def test_an_original_title_is_not_replaced_by_its_translation():
    row = shipped_tables().qualifications["eg-nqf--bsc-nursing"]

    assert row.title == "بكالوريوس علوم التمريض"
    assert (row.language, row.title_en) == ("ar", "BSc Nursing")
    assert row.evidence is Evidence.UNCHECKED
    assert row.level_status is LevelStatus.ASSIGNED
