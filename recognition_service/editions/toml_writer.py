"""Writes the tree of a regime as TOML again.

Source: TOML 1.0.0, sections Keys, String, Table and Inline Table.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def to_toml(tree: Mapping[str, Any]) -> str:
    """Return a tree of texts, numbers, truths, lists and tables as TOML.

    Read again, it is the same tree. Dates are texts in it already (`package`).
    """
    return "\n".join(_lines(tree, ())) + "\n"


def _lines(tree: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Yield the plain members first: after a header they would belong to it."""
    tables = {
        member: value for member, value in tree.items() if isinstance(value, Mapping)
    }
    if path:
        yield ""
        yield f"[{'.'.join(map(_key, path))}]"
    for member, value in tree.items():
        if member not in tables:
            yield f"{_key(member)} = {_value(value)}"
    for member, table in tables.items():
        yield from _lines(table, (*path, member))


def _key(member: str) -> str:
    return member if _BARE.fullmatch(member) else _text(member)


def _text(text: str) -> str:
    """Return a basic string, whose escapes are those of JSON and one more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case Mapping():
            members = (
                f"{_key(name)} = {_value(inner)}" for name, inner in value.items()
            )
            return f"{{{', '.join(members)}}}"
        case _:
            return repr(value)
