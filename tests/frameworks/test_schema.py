import json
from dataclasses import fields
from enum import StrEnum
from typing import get_args, get_type_hints

import pytest

from recognition_service.frameworks.errors import UnreadableSchemaError
from recognition_service.frameworks.schema import (
    FieldType,
    ForeignKey,
    KeyPart,
    parse_schema,
)
from recognition_service.frameworks.tables import Tables
from tests.frameworks.small_edition import PACKAGE, the_schema

ROW_CLASSES = {
    table: get_args(hint)[1] for table, hint in get_type_hints(Tables).items()
}


def test_describes_exactly_the_tables_we_read():
    assert the_schema().keys() == ROW_CLASSES.keys()


@pytest.mark.parametrize("table", sorted(ROW_CLASSES))
def test_describes_exactly_the_attributes_of_each_row(table):
    described = set(the_schema()[table].fields)
    assert described == {field.name for field in fields(ROW_CLASSES[table])}


@pytest.mark.parametrize("table", sorted(ROW_CLASSES))
def test_gives_the_words_types_and_duties_of_the_row_classes(table):
    hints = get_type_hints(ROW_CLASSES[table])
    for name, field in the_schema()[table].fields.items():
        kinds = set(get_args(hints[name]) or [hints[name]]) - {type(None)}
        optional = type(None) in get_args(hints[name])
        (kind, *_) = kinds - {Ellipsis}
        if field.separator:
            assert hints[name] == tuple[str, ...]
            continue
        assert not (field.required and optional), name
        if issubclass(kind, StrEnum):
            assert field.words == tuple(kind), name
        assert (kind is bool) == (field.type is FieldType.BOOLEAN), name
        assert (kind is int) == (field.type in {FieldType.INTEGER, FieldType.YEAR})
        assert optional or field.required, name


@pytest.mark.parametrize("table", sorted(ROW_CLASSES))
def test_explains_every_column(table):
    for field in the_schema()[table].fields.values():
        assert len(field.description) > 8, field.name
        assert field.description.endswith("."), field.name


def test_reads_a_key_of_two_columns():
    assert (
        ForeignKey(
            column="level",
            table="levels",
            parts=(
                KeyPart("framework", "framework", None),
                KeyPart("code", "level", None),
            ),
            separator=None,
        )
        in the_schema()["qualifications"].foreign_keys
    )


def test_reads_a_key_out_of_a_list_with_a_fixed_part():
    assert (
        ForeignKey(
            column="eqf_levels",
            table="levels",
            parts=(
                KeyPart("framework", None, "EQF"),
                KeyPart("code", "eqf_levels", None),
            ),
            separator=";",
        )
        in the_schema()["comparability_statements"].foreign_keys
    )


def test_every_key_refers_to_a_table_and_column_that_exist():
    schema = the_schema()
    for table in schema.values():
        for key in table.foreign_keys:
            assert key.column in table.fields
            for part in key.parts:
                assert part.field in schema[key.table].fields


def test_follows_the_profile_of_tabular_data_packages():
    package = json.loads(PACKAGE.read_text(encoding="utf-8"))
    assert package["profile"] == "tabular-data-package"
    assert package["licenses"]
    assert package["sources"]
    for resource in package["resources"]:
        assert resource["profile"] == "tabular-data-resource"
        assert resource["path"] == f"{resource['name']}.csv"


@pytest.mark.parametrize(
    "package",
    [
        {},
        {"resources": [{"name": "levels"}]},
        {
            "resources": [
                {
                    "name": "levels",
                    "path": "levels.csv",
                    "schema": {"primaryKey": "code", "fields": []},
                }
            ]
        },
        {
            "resources": [
                {
                    "name": "levels",
                    "path": "levels.csv",
                    "schema": {
                        "primaryKey": "id",
                        "fields": [{"name": "id", "type": "geopoint"}],
                    },
                }
            ]
        },
    ],
)
def test_refuses_a_description_it_does_not_understand(package):
    with pytest.raises(UnreadableSchemaError):
        parse_schema(package)
