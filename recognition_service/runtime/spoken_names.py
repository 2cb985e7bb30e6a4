"""Names, dates and lists as a language writes them, for sentences about an edition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.wording import text

_FRENCH = "fr"


@lru_cache(maxsize=2048)
def day(value: date, language: str) -> str:
    """Return a date such as "21 November 2026"."""
    return text(
        "page.date",
        {
            "day": text("page.first", {}, language) if value.day == 1 else value.day,
            "month": text(f"page.month_{value.month}", {}, language),
            "year": value.year,
        },
        language,
    )


def word(family: str, code: str, language: str) -> str:
    """Return what a code is called; one without a word is spelled out."""
    name = f"{family}.{code}"
    found = text(name, {}, language)
    return code.replace("_", " ") if found == name else found


def listed(words: Sequence[str], conjunction: str, language: str) -> str:
    """Return words as one list, such as "7 or 8" and "a, b and c".

    Args:
        words: At least one.
        conjunction: "and" or "or", before the last of them.
        language: Of the conjunction.
    """
    found = words[0]
    for word in words[1:-1]:
        found = text("list.next", {"first": found, "last": word}, language)
    if len(words) > 1:
        params = {"first": found, "last": words[-1]}
        found = text(f"list.{conjunction}", params, language)
    return found


def counted(
    code: str, words: Sequence[str], params: dict[str, Any], language: str
) -> str:
    """Return the sentence for one word or for several, such as "source_many".

    Args:
        code: Name of the sentence without "_one" and "_many".
        words: What is counted, at least one; the place "count" has their number.
        params: What fills the other places.
        language: Of the sentence.
    """
    number = "one" if len(words) == 1 else "many"
    return text(f"{code}_{number}", {**params, "count": len(words)}, language)


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows of an edition are called in a language."""

    snapshot: Snapshot
    language: str

    def place(self, code: str) -> str:
        """Return the name of a jurisdiction; a code that is none stays as it is."""
        row = self.snapshot.tables.jurisdictions.get(code)
        if row is None:
            return code
        return row.name_fr if self.language == _FRENCH and row.name_fr else row.name_en

    def framework(self, code: str) -> str:
        """Return the English name of a framework with its code."""
        row = self.snapshot.tables.frameworks.get(code)
        return code if row is None else f"{row.name_en} ({row.id})"

    def profession(self, code: str) -> str:
        """Return the name of a profession; a code that is none stays as it is."""
        row = self.snapshot.tables.professions.get(code)
        if row is None:
            return code
        return row.name_fr if self.language == _FRENCH and row.name_fr else row.name_en

    def quoted(self, title: str) -> str:
        """Return a title in the quotation marks of the language."""
        return text("list.quoted", {"title": title}, self.language)

    def titles(self, titles: Iterable[str], conjunction: str = "or") -> str:
        """Return titles as one list, each in quotation marks."""
        quoted = [self.quoted(title) for title in titles]
        return listed(quoted, conjunction, self.language)
