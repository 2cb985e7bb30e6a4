"""What every letter needs to be told: its facts, its language, its names."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from recognition_service.documents.paper import (
    Block,
    Items,
    Paragraph,
    Rows,
    Section,
    isolated,
)
from recognition_service.editions.find import CompiledEdition
from recognition_service.recognition.models import Letter
from recognition_service.runtime.spoken_names import Names, day, word
from recognition_service.wording import ORIGINAL_LANGUAGE, text

_DAYS = ("_on", "answer_by", "until", "valid_from")
"""How the names of members end that are days."""


class LetterTeller:
    """Tells one letter: its params become sentences, rows and lists.

    Attributes:
        case: Whom the letter is about, and what.
        names: Names of places and professions, in the letter's language.
    """

    def __init__(self, letter: Letter, edition: CompiledEdition) -> None:
        self.params: Mapping[str, Any] = letter.params
        self.case: Mapping[str, Any] = letter.params["case"]
        self.language, self.edition = letter.language, edition
        self.names = Names(edition.snapshot, letter.language)
        self._places = {
            name: self._spoken(name, value)
            for name, value in {**self.case, **letter.params}.items()
            if value is not None
        }

    def knows(self, name: str) -> bool:
        """Tell whether a member is given and not empty."""
        return bool(self.params.get(name))

    def say(self, code: str, **more: Any) -> str:
        """Return a sentence of the family "letter"; the letter's facts fill it.

        A name that is written from the right turns nothing around it.
        """
        places = {
            name: isolated(value) if isinstance(value, str) else value
            for name, value in {**self._places, **more}.items()
        }
        return text(f"letter.{code}", places, self.language)

    def say_if(self, name: str, code: str) -> str | None:
        """Return a sentence if a member is given, else None."""
        return self.say(code) if self.knows(name) else None

    def label(self, code: str) -> str:
        """Return what a value or a part of a letter is called."""
        return text(f"letter_label.{code}", {}, self.language)

    def word(self, family: str, code: str) -> str:
        """Return what a code is called; one without a word is spelled out."""
        return word(family, code, self.language)

    def told(self, value: Any) -> str | None:
        """Return a text in the letter's language; else in English, else as it is.

        A list of texts becomes lines; None and nothing at all stay None.
        """
        match value:
            case Mapping():
                found = value.get(self.language) or value.get(ORIGINAL_LANGUAGE)
                return self.told(found or next(iter(value.values()), None))
            case list() | tuple():
                return "\n".join(self.all_told(value)) or None
            case _:
                return str(value) if value else None

    def all_told(self, values: Iterable[Any] | None) -> tuple[str, ...]:
        """Return those of many texts that say something."""
        spoken = (self.told(value) for value in values or ())
        return tuple(filter(None, spoken))

    def day(self, written: str | None) -> str | None:
        """Return a day in words, such as "2 November 2026"; None stays None."""
        return day(date.fromisoformat(written), self.language) if written else None

    def rows(self, **values: str | None) -> tuple[Block, ...]:
        """Return values beside their labels, without those that are not known."""
        found = tuple(
            (self.label(name), value) for name, value in values.items() if value
        )
        return (Rows(found),) if found else ()

    def remedy(self, heading: str, sentence: str) -> tuple[Section, ...]:
        """Return where somebody can turn who does not agree; nothing without one."""
        given = self.params.get("remedy")
        if not given:
            return ()
        days = given.get("within_days")
        rows = self.rows(
            body=self.told(given.get("body")),
            route=self.told(given.get("route")),
            within=self.say("remedy_within", days=days) if days else None,
            form=self.told(given.get("form")),
        )
        return (section(self.label(heading), self.say(sentence), *rows),)

    def _spoken(self, name: str, value: Any) -> Any:
        if isinstance(value, str) and name.endswith(_DAYS):
            return self.day(value)
        return self.told(value) if isinstance(value, (str, Mapping)) else value


def section(heading: str | None, *parts: str | Block | None) -> Section:
    """Return a part of a letter; a text in it is a paragraph, None is left out."""
    return Section(
        heading,
        tuple(
            Paragraph(part) if isinstance(part, str) else part
            for part in parts
            if part is not None
        ),
    )


def listed(items: tuple[str, ...]) -> Items | None:
    """Return texts as a list; None without any."""
    return Items(items) if items else None


def joined(*sentences: str | None) -> str | None:
    """Return sentences as one paragraph; None without any."""
    return " ".join(filter(None, sentences)) or None
