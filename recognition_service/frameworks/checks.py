"""All checks of the equivalence tables, in one call."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from recognition_service.frameworks.check_conditions import condition_rules
from recognition_service.frameworks.check_evidence import evidence_rules
from recognition_service.frameworks.check_order import ORDINALS, check_order
from recognition_service.frameworks.check_programmes import (
    check_programmes,
    programme_rules,
)
from recognition_service.frameworks.check_references import reference_rules
from recognition_service.frameworks.check_relations import (
    relation_rules,
    rules_between_alignments,
)
from recognition_service.frameworks.check_shape import (
    check_files,
    shape_rules,
    unique_rules,
)
from recognition_service.frameworks.check_validity import (
    rules_between_answers,
    validity_rules,
)
from recognition_service.frameworks.files import TableFile, rows_of
from recognition_service.frameworks.findings import Finding, by_place
from recognition_service.frameworks.rules import (
    GroupRule,
    RowRule,
    Sort,
    check_rows,
    sort_in_memory,
)
from recognition_service.frameworks.schema import TableSchema


def check_tables(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> list[Finding]:
    """Return everything to mend, in the order of files and lines.

    Args:
        schema: The description of the tables, from `schema.parse_schema`.
        files: The files by table name, as a reader found them.
    """
    return by_place(find_in_tables(schema, files, sort_in_memory))


def find_in_tables(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile], sort: Sort
) -> Iterator[Finding]:
    """Yield the same as it is found.

    Each table is gone through once for all that one row can break, and as often again
    as rules need that compare rows.

    Args:
        schema: The description of the tables.
        files: The files by table name; their rows need not fit in memory.
        sort: Brings rows together that have something in common.
    """
    yield from check_files(schema, files)
    row_rules: dict[str, list[RowRule]] = defaultdict(list)
    for table, rule in _row_rules(schema, files):
        row_rules[table].append(rule)
    group_rules: dict[str, list[GroupRule]] = defaultdict(list)
    for each in _group_rules(schema, files):
        group_rules[each.table].append(each)
    for name in schema:
        rows = rows_of(files, name)
        yield from check_rows(rows, row_rules[name], group_rules[name], sort)
    yield from check_order(files)
    yield from check_programmes(files)


def _row_rules(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[tuple[str, RowRule]]:
    return chain(
        shape_rules(schema, files),
        reference_rules(schema, files),
        validity_rules(schema),
        evidence_rules(schema, files),
        relation_rules(files),
        condition_rules(files),
        programme_rules(),
    )


def _group_rules(
    schema: Mapping[str, TableSchema], files: Mapping[str, TableFile]
) -> Iterator[GroupRule]:
    return chain(
        unique_rules(schema),
        [ORDINALS],
        rules_between_answers(),
        rules_between_alignments(files),
    )
