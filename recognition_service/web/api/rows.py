"""Rows of the tables as JSON, with their columns as members."""

import dataclasses
from datetime import date
from enum import Enum
from typing import Any

from recognition_service.equivalence.snapshot import Edition


def row_document(row: Any) -> dict[str, Any]:
    """Return a row as JSON: a member for every column, null for empty cells."""
    return {
        column.name: _plain(getattr(row, column.name))
        for column in dataclasses.fields(row)
    }


def edition_named(edition: Edition) -> dict[str, Any]:
    """Return which edition answered, as every answer names it."""
    return {
        "base": edition.base,
        "date": edition.dated.isoformat(),
        "overlay": edition.overlay,
    }


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value
