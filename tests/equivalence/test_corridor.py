"""How much is published from one place to another, by levels and by types."""

from datetime import date

import pytest

from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.corridor import Coverage, corridor, counts
from recognition_service.equivalence.errors import UnknownCodeError
from recognition_service.frameworks.instruments import (
    Binding,
    ObjectKind,
    Outcome,
    Purpose,
)
from recognition_service.frameworks.rows import Endorsement, LevelStatus
from tests.equivalence.editions import (
    TODAY,
    a_directive,
    a_listed_title,
    a_party,
    a_place,
    a_profession,
    a_qualification,
    a_reference,
    a_statement,
    a_treaty,
    an_annex_title,
    compared,
    edition,
    shipped_edition,
    two_countries,
)

UNPLACED = {"framework": None, "level": None, "level_status": LevelStatus.UNVERIFIED}
APPRENTICE = a_qualification("aa-apprentice", **UNPLACED)


def looked_at(*rows, origin="AA", destination="BB"):
    return corridor(edition(two_countries(*rows)), origin, destination, TODAY)


def covered(found):
    """The coverage of each type, in the order of the list."""
    return {each.qualification.id: each.coverage for each in found.qualifications}


def type_covered(*rows):
    (found,) = looked_at(*rows).qualifications
    return found


def test_levels_of_the_origin_are_looked_at_from_the_highest():
    found = looked_at()

    (framework,) = found.frameworks
    assert [each.level.code for each in framework.levels] == ["7", "6", "5", "4"]
    assert {each.coverage for each in found.levels} == {Coverage.LEVEL_INFORMATION}


def test_where_nothing_is_published_nothing_is_counted():
    found = looked_at(a_place("CC"), APPRENTICE, destination="CC")

    assert covered(found) == {"aa-apprentice": Coverage.NOTHING}
    assert {each.coverage for each in found.levels} == {Coverage.NOTHING}
    assert found.sources() == []
    assert counts(found.levels)[Coverage.NOTHING] == 4


@pytest.mark.parametrize(
    ("changes", "coverage"),
    [
        ({}, Coverage.STATEMENT_DECIDES),
        ({"binding": Binding.ADVICE}, Coverage.STATEMENT_INFORMS),
        ({"conditions": "grade 2 or better"}, Coverage.STATEMENT_INFORMS),
        ({"purpose": Purpose.ACADEMIC_ACCESS}, Coverage.STATEMENT_DECIDES),
        (
            {"object_kind": ObjectKind.CASE_BY_CASE, "objects": ()},
            Coverage.WITHOUT_ANSWER,
        ),
        (
            {
                "object_kind": ObjectKind.NONE,
                "objects": (),
                "outcome": Outcome.REFUSED,
            },
            Coverage.WITHOUT_ANSWER,
        ),
    ],
)
def test_a_statement_is_counted_by_what_it_can_do(changes, coverage):
    found = type_covered(APPRENTICE, a_reference(), a_statement(**changes))

    assert found.coverage is coverage
    assert found.issuer == "ministry"


def test_the_question_of_an_entry_leads_to_the_same_answer():
    statement = a_statement(purpose=Purpose.ACADEMIC_ACCESS)
    snapshot = edition(two_countries(APPRENTICE, a_reference(), statement))
    (found,) = corridor(snapshot, "AA", "BB", TODAY).qualifications

    assert found.answer.question.purpose is Purpose.ACADEMIC_ACCESS
    again = compare(snapshot, found.answer.question)
    assert again.conclusion == found.answer.conclusion
    assert again.decides is True


def test_a_title_of_the_past_is_asked_about_as_of_its_last_day():
    old = a_qualification("aa-apprentice", **UNPLACED | {"valid_to": date(2010, 6, 30)})
    found = type_covered(old, a_reference(), a_statement(as_of="2005"))

    assert found.answer.question.awarded_on == date(2010, 6, 30)
    assert found.coverage is Coverage.STATEMENT_DECIDES


def test_a_statement_about_awards_of_the_past_is_found():
    statement = a_statement(awarded_to=date(2015, 12, 31), as_of="2010")
    found = type_covered(APPRENTICE, a_reference(), statement)

    assert found.answer.question.awarded_on == date(2015, 12, 31)
    assert found.coverage is Coverage.STATEMENT_DECIDES


@pytest.mark.parametrize(
    ("established", "coverage"),
    [(True, Coverage.TREATY_DECIDES), (False, Coverage.TREATY_INFORMS)],
)
def test_a_treaty_is_told_from_statements(established, coverage):
    found = looked_at(
        a_treaty(parties_established=established),
        [a_party("AA"), a_party("BB")],
        a_listed_title("AA", "6", "aa-bachelor"),
        a_listed_title("BB", "6"),
        a_qualification(),
    )

    assert covered(found) == {"aa-bachelor": coverage}


def test_a_title_of_annex_v_is_published_but_has_no_answer_without_its_facts():
    found = type_covered(
        a_directive(),
        [a_party(place, "directive") for place in ("AA", "BB")],
        a_profession(),
        a_qualification("aa-nurse", **UNPLACED),
        an_annex_title(),
    )

    assert found.coverage is Coverage.WITHOUT_ANSWER


def test_a_relation_that_was_not_endorsed_is_published_without_an_answer():
    refused = compared("AA-QF:6:BB-QF:6", endorsement=Endorsement.NOT_ENDORSED)
    found = looked_at(refused)

    by_level = {each.level.code: each.coverage for each in found.levels}
    assert by_level["6"] is Coverage.WITHOUT_ANSWER
    assert by_level["5"] is Coverage.LEVEL_INFORMATION


def test_those_with_most_come_first():
    found = looked_at(
        a_qualification("aa-a", **UNPLACED),
        a_qualification("aa-bachelor"),
        APPRENTICE,
        a_reference(),
        a_statement(),
    )

    assert list(covered(found)) == ["aa-apprentice", "aa-bachelor", "aa-a"]


def test_types_of_other_places_are_left_out():
    found = looked_at(a_qualification("bb-bachelor", "BB"), a_qualification())

    assert list(covered(found)) == ["aa-bachelor"]


def test_types_of_the_parts_of_a_state_belong_to_it():
    found = looked_at(
        a_place("AA-X", part_of="AA"),
        a_qualification("aa-x-bachelor", "AA-X", framework="AA-QF"),
    )

    assert covered(found) == {"aa-x-bachelor": Coverage.LEVEL_INFORMATION}


def test_an_unknown_place_is_named():
    with pytest.raises(UnknownCodeError, match="XX"):
        looked_at(destination="XX")


@pytest.mark.parametrize(
    ("origin", "destination", "coverage"),
    [
        ("FR", "DE", Coverage.STATEMENT_DECIDES),
        ("LV", "BE-FL", Coverage.TREATY_DECIDES),
        ("IT", "AT", Coverage.STATEMENT_INFORMS),
        ("MA", "FR", Coverage.NOTHING),
    ],
)
def test_the_shipped_tables_cover_corridors_as_far_as_their_rows_go(
    origin, destination, coverage
):
    found = corridor(shipped_edition(), origin, destination, TODAY)

    assert found.qualifications[0].coverage is coverage
    assert sum(counts(found.qualifications).values()) == len(found.qualifications)


def test_a_mapping_that_was_not_endorsed_is_no_level_information():
    found = corridor(shipped_edition(), "NZ", "AE", TODAY)

    assert {each.coverage for each in found.levels} == {Coverage.WITHOUT_ANSWER}
    assert found.sources() == []
