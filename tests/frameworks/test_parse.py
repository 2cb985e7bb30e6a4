from datetime import date

import pytest

from recognition_service.frameworks.errors import UnreadableRowError
from recognition_service.frameworks.instruments import Binding, Decides, ObjectKind
from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.rows import Evidence, Level, Relation
from recognition_service.frameworks.tables import Tables
from tests.frameworks.small_edition import a_small_edition


def canonical(edition):
    """Return the edition with empty cells left out, as it is stored."""
    return {
        table: [{name: text for name, text in row.items() if text} for row in rows]
        for table, rows in edition.items()
    }


def the_tables():
    return parse_tables(canonical(a_small_edition()))


def test_reads_rows_by_table_and_id():
    assert the_tables().levels["LV-LKI:7a"] == Level(
        id="LV-LKI:7a",
        framework="LV-LKI",
        code="7a",
        ordinal=8,
        parent="7",
        evidence=Evidence.SOURCE_READ,
        source="treaty",
        revision=1,
    )


def test_reads_words_dates_lists_and_truths():
    tables = the_tables()
    alignment = tables.level_alignments["LV-LKI:6:EQF:6"]
    assert alignment.relation is Relation.EQUAL
    assert alignment.valid_from == date(2012, 1, 1)
    assert tables.frameworks["LV-LKI"].hubs == ("EQF", "QF-EHEA")
    agreement = tables.agreements["benelux-baltic-2024"]
    assert agreement.parties_established is True
    assert agreement.decides is Decides.LEVEL_LISTED
    assert agreement.binding is Binding.LEGAL
    statement = tables.comparability_statements["aic-1"]
    assert statement.object_kind is ObjectKind.ONE_OF
    assert statement.objects == ("be-fl--bachelor", "be-fl--graduaat")


def test_reads_empty_cells_as_none_or_as_an_empty_list():
    tables = the_tables()
    alignment = tables.level_alignments["BE-FL-VKS:7+:EQF:none"]
    assert alignment.level_b is None
    assert alignment.valid_to is None
    assert tables.frameworks["EQF"].hubs == ()


def test_counts_revisions_from_one_where_none_is_written():
    row = {"id": "LV", "kind": "state", "name_en": "Latvia", "source": "x"}
    tables = parse_tables({"jurisdictions": [{**row, "evidence": "unchecked"}]})
    assert tables.jurisdictions["LV"].revision == 1


def test_reads_nothing_as_empty_tables():
    assert parse_tables({}) == Tables()


def test_keeps_the_order_of_the_file():
    assert list(the_tables().jurisdictions) == ["BE", "BE-FL", "LV"]


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("ordinal", "first", "'first' is not a value of this column"),
        ("evidence", "certain", "'certain' is not a value of this column"),
        ("valid_from", "2024-02-30", "'2024-02-30' is not a value of this column"),
        ("ordinal", None, "a value is missing"),
        ("framework", None, "a value is missing"),
        ("colour", "red", "unknown column"),
    ],
)
def test_refuses_a_row_that_does_not_fit_and_says_where(column, text, message):
    raw = canonical(a_small_edition())
    if text is None:
        del raw["levels"][1][column]
    else:
        raw["levels"][1][column] = text
    with pytest.raises(UnreadableRowError, match=message) as raised:
        parse_tables(raw)
    assert (raised.value.table, raised.value.row) == ("levels", "EQF:6")
    assert raised.value.column == column


def test_refuses_an_id_that_occurs_twice():
    raw = canonical(a_small_edition())
    raw["levels"].append(raw["levels"][0])
    with pytest.raises(UnreadableRowError, match="the id occurs twice"):
        parse_tables(raw)


def test_refuses_an_unknown_table():
    with pytest.raises(UnreadableRowError, match="there is no such table"):
        parse_tables({"secrets": []})


def test_rows_cannot_be_changed_after_reading():
    level = the_tables().levels["EQF:5"]
    with pytest.raises(AttributeError):
        level.ordinal = 9
    assert level == the_tables().levels["EQF:5"]
    assert hash(level) == hash(the_tables().levels["EQF:5"])
