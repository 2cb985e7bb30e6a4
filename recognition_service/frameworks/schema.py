"""What the columns of the tables may hold, read from `datapackage.json`.

Three members are ours, because the standard has no word for them: `list` (the
character between several values of a cell), `listForeignKey` (to what each of
them refers) and `idTemplate` (of what the id of a row is composed).

Source: Frictionless Data Package 1.0 and Table Schema 1.0.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from recognition_service.frameworks.errors import UnreadableSchemaError


class FieldType(StrEnum):
    """The types of Table Schema that our tables use."""

    STRING = "string"
    INTEGER = "integer"
    YEAR = "year"
    DATE = "date"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """One column.

    Attributes:
        words: The closed list of values, or the words for true and false.
        pattern: What the whole cell must match.
        minimum: The least value of an integer.
        separator: The character between several values, `None` for a single one.
        is_uri: Whether the text must be an address.
    """

    name: str
    type: FieldType
    description: str
    required: bool
    unique: bool
    words: tuple[str, ...]
    pattern: re.Pattern[str] | None
    minimum: int | None
    separator: str | None
    is_uri: bool


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of a key: a fixed value, a cell, or each value of a list.

    Attributes:
        field: Column of the table referred to.
        column: Cell of the referring row, if the part is read there.
        value: Fixed value, if the part is the same for all rows.
    """

    field: str
    column: str | None
    value: str | None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference from one column to rows of a table.

    Attributes:
        column: The column that a finding names; the last part is read from it.
        table: The table referred to.
        separator: As in the field, for references out of a list.
    """

    column: str
    table: str
    parts: tuple[KeyPart, ...]
    separator: str | None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its columns and what they refer to.

    Attributes:
        id_template: Such as "{framework}:{code}"; "{level_b|none}" stands for
            "none" where the cell is empty. A number may follow after a colon.
    """

    name: str
    path: str
    fields: Mapping[str, FieldSchema]
    foreign_keys: tuple[ForeignKey, ...]
    id_template: str | None


def parse_schema(package: Mapping[str, Any]) -> dict[str, TableSchema]:
    """Return the tables that a data package describes, by name.

    Raises:
        UnreadableSchemaError: A member is missing, or has a value unknown to us.
    """
    try:
        return {resource["name"]: _table(resource) for resource in package["resources"]}
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise UnreadableSchemaError(
            f"The description of the tables cannot be read: {error!r}."
        ) from error


def _table(resource: Mapping[str, Any]) -> TableSchema:
    schema = resource["schema"]
    if schema["primaryKey"] != "id":
        raise ValueError(schema["primaryKey"])
    name = resource["name"]
    return TableSchema(
        name=name,
        path=resource["path"],
        fields={field["name"]: _field(field) for field in schema["fields"]},
        foreign_keys=tuple(_foreign_keys(name, schema)),
        id_template=schema.get("idTemplate"),
    )


def _field(field: Mapping[str, Any]) -> FieldSchema:
    constraints = field.get("constraints", {})
    pattern = constraints.get("pattern")
    words = constraints.get("enum", ())
    if field["type"] == FieldType.BOOLEAN:
        words = (*field["trueValues"], *field["falseValues"])
    return FieldSchema(
        name=field["name"],
        type=FieldType(field["type"]),
        description=field["description"],
        required=constraints.get("required", False),
        unique=constraints.get("unique", False),
        words=tuple(words),
        pattern=re.compile(pattern) if pattern else None,
        minimum=constraints.get("minimum"),
        separator=field.get("list"),
        is_uri=field.get("format") == "uri",
    )


def _foreign_keys(table: str, schema: Mapping[str, Any]) -> Iterator[ForeignKey]:
    for key in schema.get("foreignKeys", ()):
        columns, reference = _names(key["fields"]), key["reference"]
        yield ForeignKey(
            column=columns[-1],
            table=reference["resource"] or table,
            parts=tuple(
                KeyPart(field, column, None)
                for field, column in zip(
                    _names(reference["fields"]), columns, strict=True
                )
            ),
            separator=None,
        )
    for field in schema["fields"]:
        if listed := field.get("listForeignKey"):
            yield ForeignKey(
                column=field["name"],
                table=listed["resource"],
                parts=tuple(
                    KeyPart(
                        name,
                        field["name"] if part.get("item") else part.get("column"),
                        part.get("value"),
                    )
                    for name, part in zip(listed["fields"], listed["key"], strict=True)
                ),
                separator=field["list"],
            )


def _names(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
