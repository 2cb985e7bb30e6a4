"""Compiles the part of JSON Schema that we use into plain functions.

A keyword that is not known here is an error when the schema is compiled, never a
rule that is silently skipped. Leaves become methods that run without a Python
frame (`fullmatch` of a pattern, `in` of a set), and objects apply them without one;
given a value of another type they raise TypeError, which means that it does not fit.

Source: JSON Schema Validation 2020-12 section 6; JSON Schema Core 2020-12
sections 8.2.3 and 10.3.
"""

import re
from collections.abc import Callable, Mapping
from operator import call
from typing import Any

Fits = Callable[[Any], object]
"""Returns something true for a value that fits; false or TypeError if not."""

_ANNOTATIONS = frozenset({"$schema", "$id", "$defs", "title", "description"})
_KEYWORDS = {
    "string": frozenset({"type", "enum", "pattern", "minLength", "maxLength"}),
    "integer": frozenset({"type", "minimum", "maximum"}),
    "array": frozenset({"type", "items", "prefixItems", "minItems", "maxItems"}),
    "object": frozenset(
        {"type", "properties", "required", "additionalProperties", "propertyNames"}
    ),
}
_NO_LIMIT = 2**53


class UnknownKeywordError(ValueError):
    """A schema uses what this compiler does not know."""


class Shape:
    """A compiled schema."""

    __slots__ = ("_definitions", "_fits", "_schema")

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._definitions = schema.get("$defs", {})
        self._fits = _compiled(schema, self._definitions)

    def first_fault(self, value: object) -> str | None:
        """Return where a value breaks the schema, or None when it fits.

        The answer is a JSON Pointer (RFC 6901) to the first offending value.
        """
        if _accepts(self._fits, value):
            return None
        return _fault(self._schema, self._definitions, value)


def _compiled(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Fits:
    rules = _rules(schema, definitions)
    if "const" in rules:
        wanted = rules["const"]
        if isinstance(wanted, str):
            return frozenset({wanted}).__contains__
        return lambda value: type(value) is type(wanted) and value == wanted
    kind = rules.get("type", "")
    if kind not in _KEYWORDS or rules.keys() - _KEYWORDS[kind]:
        raise UnknownKeywordError(sorted(rules))
    match kind:
        case "string":
            return _string(rules)
        case "integer":
            return _integer(rules)
        case "array":
            return _array(rules, definitions)
        case _:
            return _object(rules, definitions)


def _rules(
    schema: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Mapping[str, Any]:
    if "$ref" in schema:
        return _rules(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    return {name: rule for name, rule in schema.items() if name not in _ANNOTATIONS}


def _string(rules: Mapping[str, Any]) -> Fits:
    if "enum" in rules:
        return frozenset(rules["enum"]).__contains__
    shortest, longest = rules.get("minLength", 0), rules.get("maxLength", "")
    if "pattern" not in rules:
        return re.compile(f".{{{shortest},{longest}}}", re.DOTALL).fullmatch
    if shortest or longest:
        raise UnknownKeywordError(sorted(rules))
    # `$` would also match before a final line feed.
    return re.compile(rules["pattern"].removeprefix("^").removesuffix("$")).fullmatch


def _integer(rules: Mapping[str, Any]) -> Fits:
    least, most = rules.get("minimum", -_NO_LIMIT), rules.get("maximum", _NO_LIMIT)
    return lambda value: type(value) is int and least <= value <= most


def _array(rules: Mapping[str, Any], definitions: Mapping[str, Any]) -> Fits:
    fewest, most = rules.get("minItems", 0), rules.get("maxItems", _NO_LIMIT)
    first = [_compiled(item, definitions) for item in rules.get("prefixItems", ())]
    offset = len(first)
    rest = _compiled(rules["items"], definitions)

    def fits_all_alike(value: Any) -> bool:
        return (
            type(value) is list
            and fewest <= len(value) <= most
            and all(map(rest, value))
        )

    def fits(value: Any) -> bool:
        return (
            type(value) is list
            and fewest <= len(value) <= most
            and all(map(call, first, value))
            and all(map(rest, value[offset:]))
        )

    return fits if first else fits_all_alike


def _object(rules: Mapping[str, Any], definitions: Mapping[str, Any]) -> Fits:
    rule_of = _Members(
        {
            name: _compiled(rule, definitions)
            for name, rule in rules.get("properties", {}).items()
        },
        _others(rules, definitions),
    ).__getitem__
    required = frozenset(rules.get("required", ()))

    def fits(value: Any) -> bool:
        return (
            type(value) is dict
            and value.keys() >= required
            and all(map(call, map(rule_of, value), value.values()))
        )

    if "propertyNames" not in rules:
        return fits
    names = _compiled(rules["propertyNames"], definitions)
    return lambda value: fits(value) and all(map(names, value))


class _Members(dict[str, Fits]):
    """The rules of an object's members, and one rule for all others."""

    __slots__ = ("_others",)

    def __init__(self, members: Mapping[str, Fits], others: Fits) -> None:
        super().__init__(members)
        self._others = others

    def __missing__(self, _name: str) -> Fits:
        return self._others


def _others(rules: Mapping[str, Any], definitions: Mapping[str, Any]) -> Fits:
    rule = rules.get("additionalProperties", True)
    if isinstance(rule, bool):
        return lambda _value: rule
    return _compiled(rule, definitions)


def _accepts(fits: Fits, value: object) -> bool:
    try:
        return bool(fits(value))
    except TypeError:
        return False


def _fault(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], value: Any
) -> str:
    """Return where a value that does not fit goes wrong: here, or further down."""
    rules = _rules(schema, definitions)
    for step, item, rule in _parts(rules, value):
        below = rule if isinstance(rule, Mapping) else None
        if below is None or not _accepts(_compiled(below, definitions), item):
            pointer = "/" + step.replace("~", "~0").replace("/", "~1")
            return pointer + (_fault(below, definitions, item) if below else "")
    return ""


def _parts(rules: Mapping[str, Any], value: Any) -> list[tuple[str, Any, Any]]:
    """Return name, value and rule of each part; the rule is False if forbidden."""
    if isinstance(value, list) and rules.get("type") == "array":
        first = rules.get("prefixItems", ())
        return [
            (str(place), item, first[place] if place < len(first) else rules["items"])
            for place, item in enumerate(value)
        ]
    if isinstance(value, dict) and rules.get("type") == "object":
        known, others = rules.get("properties", {}), rules.get("additionalProperties")
        found = [(name, item, known.get(name, others)) for name, item in value.items()]
        return [part for part in found if part[2] is not None and part[2] is not True]
    return []
