"""What is drawn of an answer: which rungs are marked, and what lines may say."""

from dataclasses import replace

import pytest

from recognition_service.equivalence.answer import PathKind
from recognition_service.equivalence.ladder import Mark, Role, pictures
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import ObjectKind, Purpose
from recognition_service.frameworks.rows import (
    Basis,
    Direction,
    Endorsement,
    Level,
    LevelStatus,
    Relation,
)
from tests.equivalence.editions import (
    READ,
    TODAY,
    a_framework,
    a_listed_title,
    a_party,
    a_place,
    a_qualification,
    a_reference,
    a_statement,
    a_treaty,
    aligned,
    ask,
    compared,
    edition,
    shipped_edition,
    shipped_tables,
    two_countries,
)

SPLIT = [aligned("BB-QF:5:HUB:6", Relation.NARROW)]


def drawn(snapshot, *places, **question):
    return pictures(snapshot, ask(snapshot, *places, **question))


def only(snapshot, *places, **question):
    (picture,) = drawn(snapshot, *places, **question)
    return picture


def marks(picture):
    """What is marked, such as {"AA-QF 6": "held"}."""
    return {
        f"{ladder.framework} {rung.code}": " ".join(rung.marks)
        for ladder in picture.ladders
        for rung in ladder.marked
    }


def lines(picture):
    return {
        (" ".join(line.start or ("title",)), " ".join(line.end)): line
        for line in picture.lines
    }


def without_published_tables():
    rows = shipped_tables().level_alignments
    derived_only = {
        row.id: row for row in rows.values() if row.basis is not Basis.BILATERAL_REPORT
    }
    tables = replace(shipped_tables(), level_alignments=derived_only)
    return Snapshot.build(tables, "sha256-without-tables", TODAY)


def test_a_hop_is_drawn_over_the_rung_of_the_hub():
    picture = only(shipped_edition(), "LV", "BE-FR", framework="LV-LKI", level="6")

    assert [ladder.role for ladder in picture.ladders] == [*Role]
    assert marks(picture) == {
        "LV-LKI 6": Mark.HELD,
        "EQF 6": Mark.PASSED,
        "BE-FR-CFC 6": Mark.ANSWER,
    }
    found = lines(picture)
    assert set(found) == {("LV-LKI 6", "EQF 6"), ("EQF 6", "BE-FR-CFC 6")}
    assert {line.kind for line in found.values()} == {PathKind.DERIVED}
    assert picture.absence is None


def test_a_published_table_is_one_line_without_a_hub():
    picture = only(shipped_edition(), "GB", "GB-SCT", framework="GB-RQF", level="4")

    assert marks(picture) == {"GB-RQF 4": Mark.HELD, "GB-SCQF 7": Mark.ANSWER}
    ((ends, line),) = lines(picture).items()
    assert ends == ("GB-RQF 4", "GB-SCQF 7")
    assert line.kind is PathKind.DIRECT


def test_a_split_marks_every_level_of_the_set():
    snapshot = without_published_tables()
    picture = only(snapshot, "GB", "GB-SCT", framework="GB-RQF", level="4")

    assert marks(picture) == {
        "GB-RQF 4": Mark.HELD,
        "EQF 5": Mark.PASSED,
        "GB-SCQF 7": Mark.ANSWER,
        "GB-SCQF 8": Mark.ANSWER,
    }
    assert ("EQF 5", "GB-SCQF 7") in lines(picture)
    assert ("EQF 5", "GB-SCQF 8") in lines(picture)


@pytest.mark.parametrize(
    ("places", "question", "absence"),
    [
        (
            ("AU", "DE"),
            {"framework": "AU-AQF", "level": "8", "target_framework": "EQF"},
            "no_published_relation",
        ),
        (("TN", "FR"), {"framework": "TN-CNQ", "level": "5"}, "not_linked"),
        (("MA", "FR"), {"framework": "MA-CNC", "level": "5"}, "not_linked"),
        (("NZ", "AE"), {"framework": "NZ-NZQCF", "level": "7"}, "not_endorsed"),
        (("AE", "NZ"), {"framework": "AE-QFE", "level": "7"}, "not_endorsed"),
    ],
)
def test_where_there_is_no_answer_no_line_suggests_one(places, question, absence):
    picture = only(shipped_edition(), *places, **question)

    assert picture.absence == absence
    assert picture.lines == ()
    assert list(marks(picture).values()) == [Mark.HELD]
    destination = picture.ladder(Role.DESTINATION)
    assert destination.rungs
    assert destination.marked == ()


def test_a_row_that_was_not_endorsed_is_never_a_line():
    refused = compared("AA-QF:6:BB-QF:6", endorsement=Endorsement.NOT_ENDORSED)
    picture = only(edition(two_countries(refused)), framework="AA-QF", level="6")

    assert (picture.lines, picture.absence) == ((), "not_endorsed")


def test_a_table_read_backwards_is_drawn_as_derived():
    table = compared("BB-QF:5:AA-QF:6", Relation.NARROW, direction=Direction.A_TO_B)
    picture = only(edition(two_countries(table)), framework="AA-QF", level="6")

    line = lines(picture)["AA-QF 6", "BB-QF 5"]
    assert (line.kind, line.relation) == (PathKind.DERIVED, Relation.BROAD)


def test_a_line_is_told_as_seen_from_what_is_held():
    snapshot = edition(two_countries(SPLIT))
    found = lines(only(snapshot, framework="AA-QF", level="6"))

    assert found["HUB 6", "BB-QF 5"].relation is Relation.BROAD
    assert found["AA-QF 6", "HUB 6"].relation is Relation.EQUAL


def test_rungs_stand_in_order_and_parts_of_a_level_are_told_apart():
    ladder = only(shipped_edition(), "MK", "HR", framework="MK-MQF", level="7A").ladder(
        Role.HELD
    )
    depths = {rung.code: rung.depth for rung in ladder.rungs}

    assert [rung.code for rung in ladder.rungs][:5] == ["8", "7B", "7A", "7", "6B"]
    assert (depths["7"], depths["7A"], depths["7B"]) == (0, 1, 1)


def test_levels_that_are_parts_of_one_another_end_the_search():
    loop = [
        Level(id="AA-QF:x", framework="AA-QF", code="x", ordinal=8, parent="y", **READ),
        Level(id="AA-QF:y", framework="AA-QF", code="y", ordinal=9, parent="x", **READ),
    ]
    picture = only(edition(two_countries(loop)), framework="AA-QF", level="6")

    assert picture.ladder(Role.HELD).rungs[0].depth == 1


def test_the_same_framework_is_one_ladder_with_both_marks():
    snapshot = edition(two_countries(a_place("AA-X", part_of="AA")))
    picture = only(snapshot, "AA", "AA-X", framework="AA-QF", level="6")

    (ladder,) = picture.ladders
    assert ladder.marked[0].marks == (Mark.HELD, Mark.ANSWER)
    assert picture.lines == ()


def test_every_framework_of_the_destination_has_a_picture_of_its_own():
    places = [a_place(f"CC-{part}", part_of="CC") for part in "XY"]
    frameworks = [a_framework(f"CC-{part}-QF", f"CC-{part}") for part in "XY"]
    snapshot = edition(
        two_countries(a_place("CC"), places, frameworks, aligned("CC-X-QF:6:HUB:6"))
    )
    answered, other = drawn(snapshot, destination="CC", framework="AA-QF", level="6")

    assert marks(answered)["CC-X-QF 6"] == Mark.ANSWER
    assert other.absence == "no_level_here"
    assert marks(other) == {"AA-QF 6": Mark.HELD}


def treaty(*rows):
    return edition(
        two_countries(
            a_treaty(),
            [a_party("AA"), a_party("BB")],
            a_listed_title("AA", "6", "aa-bachelor"),
            a_listed_title("BB", "6"),
            a_qualification(),
            *rows,
        )
    )


def test_a_treaty_begins_at_the_title_and_not_at_its_level():
    picture = only(treaty(), qualification="aa-bachelor")
    found = lines(picture)

    assert set(found) == {("title", "HUB 6"), ("HUB 6", "BB-QF 6")}
    assert found["title", "HUB 6"].relation is None
    assert {line.kind for line in found.values()} == {PathKind.DIRECT}
    assert picture.ladder(Role.HELD).has_title


def test_a_statement_begins_at_the_title_and_ends_at_the_levels_it_names():
    statement = a_statement(
        qualification="aa-bachelor",
        destination_framework="BB-QF",
        destination_levels=("5", "6"),
        object_kind=ObjectKind.REFERENCE_QUALIFICATION,
    )
    snapshot = edition(two_countries(a_qualification(), a_reference(), statement))
    picture = only(snapshot, qualification="aa-bachelor")

    assert set(lines(picture)) == {("title", "BB-QF 5"), ("title", "BB-QF 6")}


def test_a_statement_that_names_no_level_has_no_line():
    snapshot = edition(
        two_countries(
            a_qualification(),
            a_reference(),
            a_statement(qualification="aa-bachelor"),
        )
    )
    picture = only(snapshot, qualification="aa-bachelor")

    assert (picture.lines, picture.absence) == ((), "level_not_named")
    assert marks(picture) == {"AA-QF 6": Mark.HELD}


def test_a_title_without_framework_has_a_ladder_without_rungs():
    title = a_qualification(
        framework=None, level=None, level_status=LevelStatus.NOT_ON_FRAMEWORK
    )
    picture = only(edition(two_countries(title)), qualification="aa-bachelor")

    held = picture.ladder(Role.HELD)
    assert (held.framework, held.rungs, held.has_title) == (None, (), True)
    assert picture.absence == "not_linked"
    assert picture.has_marks is False


def test_a_destination_without_framework_is_drawn_as_such():
    snapshot = edition(two_countries(a_place("CC")))
    picture = only(snapshot, destination="CC", framework="AA-QF", level="6")

    assert picture.ladder(Role.DESTINATION).framework is None
    assert picture.absence == "not_linked"


def test_every_answer_of_the_shipped_tables_marks_what_it_says():
    snapshot, wrong = shipped_edition(), []
    for row in snapshot.tables.comparability_statements.values():
        if row.qualification is None:
            continue
        answer = ask(
            snapshot,
            row.origin,
            row.destination,
            qualification=row.qualification,
            purpose=row.purpose,
        )
        answered = {
            f"{ladder.framework} {rung.code}"
            for picture in pictures(snapshot, answer)
            for ladder in picture.ladders
            for rung in ladder.marked
            if Mark.ANSWER in rung.marks
        }
        if answered != {f"{each.framework} {each.code}" for each in answer.levels}:
            wrong.append(row.id)

    assert wrong == []


@pytest.mark.parametrize("purpose", list(Purpose))
def test_lines_join_marked_rungs_only(purpose):
    snapshot = shipped_edition()
    for framework in ("GB-RQF", "HR-CROQF", "NL-NLQF", "FR-CNC", "LV-LKI"):
        origin = snapshot.tables.frameworks[framework].jurisdiction
        for row in snapshot.tables.levels.values():
            if row.framework != framework:
                continue
            question = {"framework": framework, "level": row.code, "purpose": purpose}
            for picture in drawn(snapshot, origin, "IE", **question):
                marked = set(marks(picture))
                for start, end in lines(picture):
                    assert {start, end} <= marked
