"""Tells at once whether a schema would accept a value and give it back as it is.

Loading a record through its schema makes each value anew; of the records of a large
batch nearly all fit as they are. A schema is compiled into one plain function. It says
yes only where loading changes nothing; where it says no, the schema itself decides,
repairs what may be repaired and names what is wrong.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow as ma

from recognition_service.web.fields import (
    DateField,
    Identifier,
    Items,
    Part,
    Whole,
)
from recognition_service.web.text_fields import Choice, Code, LanguageMap, Name, Text

Fits = Callable[[Any], bool]
_PRINTABLE_CODE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*").fullmatch
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*").fullmatch


def compile_schema(schema: ma.Schema) -> Fits:
    """Return the function that recognises what the schema leaves unchanged.

    Rules over several members (`validates_schema`) are not looked at.
    """
    fields = {name: _of(field) for name, field in schema.fields.items()}
    required = {name for name, field in schema.fields.items() if field.required}
    known = fields.get

    def fits(value: Any) -> bool:
        if type(value) is not dict or not required <= value.keys():
            return False
        for name, item in value.items():
            rule = known(name)
            if rule is None or not rule(item):
                return False
        return True

    return fits


def _of(field: ma.fields.Field[Any]) -> Fits:
    """Return the rule of a field; null fits where the field allows it."""
    rule = _rule(field)
    if field.allow_none:
        return lambda value: value is None or rule(value)
    return rule


def _rule(field: ma.fields.Field[Any]) -> Fits:
    for kind, compiled in _RULES:
        if isinstance(field, kind):
            return compiled(field)
    return _empty  # Open objects of facts are left to their field.


def _empty(value: Any) -> bool:
    return bool(value == {})


def _choice(values: frozenset[str]) -> Fits:
    return lambda value: type(value) is str and value in values


def _code(longest: int) -> Fits:
    return lambda value: (
        type(value) is str and len(value) <= longest and bool(_PRINTABLE_CODE(value))
    )


def _name(longest: int) -> Fits:
    plain = _text(longest)
    return lambda value: plain(value) and value == value.strip()


def _text(longest: int) -> Fits:
    """Return the rule for a text without anything that can be invisible."""

    def fits(value: Any) -> bool:
        return (
            type(value) is str
            and len(value) <= longest
            and value.isprintable()
            and not value.isspace()
            and value != ""
            and (value.isascii() or unicodedata.is_normalized("NFC", value))
        )

    return fits


def _date(field: DateField) -> Fits:
    def fits(value: Any) -> bool:
        try:
            field.deserialize(value)
        except ma.ValidationError:
            return False
        return True

    return fits


def _items(field: Items) -> Fits:
    inner: ma.fields.Field[Any] = field.inner
    rule, least, most = _of(inner), field.least, field.most
    return lambda value: (
        type(value) is list and least <= len(value) <= most and all(map(rule, value))
    )


def _language_map(text: Fits) -> Fits:
    def fits(value: Any) -> bool:
        if type(value) is not dict or not value or len(value) > 1 << 4:
            return False
        pairs: Mapping[str, Any] = value
        return all(_LANGUAGE(tag) and text(item) for tag, item in pairs.items())

    return fits


def _whole(field: Whole) -> Fits:
    least, largest = field.least, field.largest
    return lambda value: type(value) is int and least <= value <= largest


def _identifier(_field: Identifier) -> Fits:
    return lambda value: type(value) is str and bool(_UUID(value))


# A field comes before those that it is a kind of.
_RULES: tuple[tuple[type[ma.fields.Field[Any]], Callable[[Any], Fits]], ...] = (
    (Choice, lambda field: _choice(frozenset(each.value for each in field.enum))),
    (Code, lambda field: _code(field.longest)),
    (Name, lambda field: _name(field.longest)),
    (Text, lambda field: _text(field.longest)),
    (DateField, _date),
    (Identifier, _identifier),
    (Whole, _whole),
    (Items, _items),
    (Part, lambda field: compile_schema(field.schema)),
    (LanguageMap, lambda field: _language_map(_text(field.text.longest))),
)
