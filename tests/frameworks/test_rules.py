"""Rules are held against rows that nobody keeps in memory."""

from recognition_service.frameworks.files import RawRow
from recognition_service.frameworks.findings import (
    Finding,
    by_place,
    by_place_in_part,
    found,
)
from recognition_service.frameworks.rules import (
    GroupRule,
    check_rows,
    contradictions,
    sort_in_memory,
)


class Rows:
    """Rows that are made anew each time, and count how often."""

    def __init__(self, *cells):
        self.cells = cells
        self.times = 0

    def __iter__(self):
        self.times += 1
        for line, (key, said) in enumerate(self.cells, start=2):
            yield RawRow(line, {"id": f"r{line}", "key": key, "said": said})


def check(rows):
    for earlier, row in contradictions(rows, ["said"], differ):
        yield found("t", row, "said", "differs", other=earlier.id)


def differ(first, second):
    return first.cell("said") != second.cell("said")


def key_of(row):
    return (row.cell("key"),) if row.cell("key") else None


RULE = GroupRule("t", key_of, lambda row: (row.cell("said"),), ("said",), check)


def pairs(rows):
    return [
        (finding.params["other"], finding.params["row"])
        for finding in check_rows(rows, [], [RULE], sort_in_memory)
    ]


def test_each_row_is_held_against_every_earlier_one_of_its_key():
    rows = Rows(("a", "1"), ("b", "1"), ("a", "2"), ("a", "1"), ("b", "1"), ("a", "3"))
    assert pairs(rows) == [
        ("r2", "r4"),
        ("r4", "r5"),
        ("r2", "r7"),
        ("r4", "r7"),
        ("r5", "r7"),
    ]


def test_rows_without_a_key_are_not_compared():
    assert pairs(Rows(("", "1"), ("", "2"))) == []


def test_rows_that_say_the_same_are_not_gone_through_again():
    rows = Rows(*[("a", "1"), ("b", "2")] * 3)
    assert pairs(rows) == []
    assert rows.times == 1
    rows = Rows(("a", "1"), ("a", "2"))
    assert pairs(rows) == [("r2", "r3")]
    assert rows.times == 2


def test_more_different_texts_than_are_counted_hide_nothing():
    many = 0x10000 + 5
    rows = Rows(
        *((f"k{number}", f"s{number}") for number in range(many)),
        *((f"k{number}", f"s{number}") for number in range(many - 10, many)),
        (f"k{many - 1}", f"s{many - 2}"),
    )
    last = f"r{2 + many + 10}"
    assert pairs(rows) == [(f"r{1 + many}", last), (f"r{1 + many + 10}", last)]


def test_a_rule_of_one_row_sees_each_row_once():
    rows = Rows(("a", "1"), ("b", "2"))
    seen = []
    assert (
        list(check_rows(rows, [lambda row: seen.append(row.line) or ()], [], None))
        == []
    )
    assert seen == [2, 3]


def test_findings_are_sorted_as_far_as_memory_allows():
    lines = [5, 3, 4, 1, 2]
    findings = [Finding("t.csv", line, None, "rule") for line in lines]
    assert [each.line for each in by_place(findings)] == [1, 2, 3, 4, 5]
    part = by_place_in_part(findings, 3)
    assert [each.line for each in part] == [3, 4, 5, 1, 2]
