"""From a paper to a PDF, the same bytes for the same paper.

The text of a paper never becomes source of the typesetter: it travels beside the
template as JSON and is shown as it is. The template reads no file, and stands alone in
a directory that is all it could read.

Source: ISO 19005-2 (PDF/A-2a) and ISO 14289-1 (PDF/UA-1), both written by typst.
"""

import json
import re
import unicodedata
from dataclasses import asdict
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from recognition_service.documents.errors import PaperNotTypesetError
from recognition_service.documents.paper import (
    END_OF_ISOLATE,
    ISOLATE,
    Block,
    Items,
    Paper,
    Paragraph,
    Rows,
    Section,
    Table,
)

_Standard = Literal["a-2a", "ua-1", "1.7"]
_TEMPLATE = "paper.typ"
_ARCHIVAL: tuple[_Standard, ...] = ("a-2a", "ua-1")
_PLAIN: tuple[_Standard, ...] = ("1.7",)
_TAG = re.compile(r"([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?(?:-.*)?")
_LONG = re.compile(r"\S{60,}")
_LONG_IN_CELL = re.compile(r"\S{24,}")
_STEP = 12
_BREAK_HERE = "\u200b"
_KEPT = frozenset({"\n", "\u200c", "\u200d", _BREAK_HERE, ISOLATE, END_OF_ISOLATE})
"""Line breaks, what Arabic and Indic scripts join and part letters with, isolates."""
_NEVER_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def to_pdf(paper: Paper) -> bytes:
    """Return a paper as a tagged PDF on A4, for archives and for screen readers.

    Where a text has a letter that none of our fonts shows, the file is a tagged PDF
    1.7 without the promise of an archive; a box stands for the letter, and the text
    behind it is whole.

    Raises:
        PaperNotTypesetError: The typesetter refused it for another reason.
    """
    try:
        return _compiled(paper, _ARCHIVAL)
    except typst.TypstError:
        # A missing letter is all that can tell the two forms apart.
        try:
            return _compiled(paper, _PLAIN)
        except typst.TypstError as error:
            raise PaperNotTypesetError(
                f"The paper {paper.reference} could not be laid out."
            ) from error


def _compiled(paper: Paper, standards: tuple[_Standard, ...]) -> bytes:
    midnight = datetime.combine(paper.dated, time(), UTC)
    with TemporaryDirectory(prefix="recognition-paper-") as alone:
        template = Path(alone, _TEMPLATE)
        template.write_bytes(_source())
        return typst.compile(
            str(template),
            root=alone,
            font_paths=_fonts(),
            sys_inputs={"paper": json.dumps(_value_of(paper), ensure_ascii=False)},
            pdf_standards=list(standards),
            package_path=alone,
            package_cache_path=alone,
            timestamp=midnight,
        )


@cache
def _source() -> bytes:
    return (files("recognition_service.documents") / _TEMPLATE).read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that come with typst, and our own for Arabic; no others."""
    with as_file(files("recognition_service.documents") / "fonts") as place:
        return typst.Fonts(include_system_fonts=False, font_paths=[str(place)])


def _value_of(paper: Paper) -> dict[str, Any]:
    """Return a paper as the template reads it: all texts printable."""
    found = _TAG.fullmatch(paper.language)
    language, region = found.groups() if found else ("en", None)
    members = {
        **asdict(paper),
        "language": language.lower(),
        "region": region.lower() if region else None,
        "direction": paper.direction.value,
        "dated": [paper.dated.year, paper.dated.month, paper.dated.day],
        "sections": [_section(section) for section in paper.sections],
    }
    printable: dict[str, Any] = _printable(members)
    return printable


def _section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "blocks": [_block(block) for block in section.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Items(items):
            return {"kind": "items", "items": items}
        case Rows(rows):
            return {"kind": "rows", "rows": rows}
        case Table(head, rows, widths):
            return {
                "kind": "table",
                "head": head,
                "rows": [
                    [_LONG_IN_CELL.sub(_breakable, cell) for cell in row]
                    for row in rows
                ],
                "widths": widths or (1,) * len(head),
            }


def _printable(value: Any) -> Any:
    """Return a value with its texts composed, without controls, and breakable."""
    match value:
        case str():
            shown = "".join(
                letter
                for letter in unicodedata.normalize("NFC", value)
                if letter in _KEPT or unicodedata.category(letter) not in _NEVER_SHOWN
            )
            return _LONG.sub(_breakable, shown)
        case dict():
            return {name: _printable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_printable(inner) for inner in value]
        case _:
            return value


def _breakable(found: re.Match[str]) -> str:
    """Let a word end a line that is too long for any line."""
    word = found.group()
    return _BREAK_HERE.join(
        word[start : start + _STEP] for start in range(0, len(word), _STEP)
    )
