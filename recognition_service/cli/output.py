"""How commands speak: answers to stdout, everything else to stderr."""

import json
import unicodedata
from typing import Any

import click

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def say(text: str = "") -> None:
    """Print a line of the answer."""
    click.echo(text)


def tell(text: str) -> None:
    """Print a line about progress to stderr."""
    click.echo(text, err=True)


def say_json(value: Any) -> None:
    """Print the answer as one JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def plain(text: object) -> str:
    """Return a text that cannot steer a terminal or turn its line around.

    Control and format characters, in which a token's own words could hide escape
    sequences, become visible as U+FFFD.
    """
    return "".join(
        "\ufffd" if unicodedata.category(sign) in _INVISIBLE else sign
        for sign in str(text)
    )


def columns(rows: list[tuple[str, ...]]) -> None:
    """Print rows with their cells below each other."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say("  ".join(cells).rstrip())
