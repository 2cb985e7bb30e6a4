"""What every sentence about an answer needs: its edition, its language, its names."""

from datetime import date
from typing import Any

from recognition_service.equivalence.answer import Answer
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.runtime.spoken_names import Names, counted, day, listed
from recognition_service.wording import text


class Teller:
    """Tells of one answer of one edition in one language."""

    def __init__(self, answer: Answer, snapshot: Snapshot, language: str) -> None:
        self.answer = answer
        self.question, self.conclusion = answer
        self.snapshot, self.language = snapshot, language
        self.names = Names(snapshot, language)

    def say(self, code: str, **params: Any) -> str:
        """Return a sentence of the family "explanation"."""
        return text(f"explanation.{code}", params, self.language)

    def count(self, code: str, words: list[str], **params: Any) -> str:
        """Return the sentence for one word or for several."""
        return counted(f"explanation.{code}", words, params, self.language)

    def listed(self, words: list[str], conjunction: str) -> str:
        """Return words as one list, with "and" or "or" before the last."""
        return listed(words, conjunction, self.language)

    def day(self, value: date) -> str:
        """Return a date in words."""
        return day(value, self.language)

    def dated(self, value: str) -> str:
        """Return a date in words; a text that is none stays as it is."""
        try:
            return self.day(date.fromisoformat(value))
        except ValueError:
            return value

    def framework(self, code: str) -> str:
        """Return the name of a framework in quotation marks, with its code."""
        row = self.snapshot.tables.frameworks.get(code)
        if row is None:
            return code
        params = {"name": row.name_en, "code": row.id}
        return text("list.framework", params, self.language)

    def purpose(self, code: str) -> str:
        """Return what the answer is for, in the middle of a sentence."""
        return text(f"explanation.purpose_{code}", {}, self.language)

    def instrument(self) -> str:
        """Return the name of the agreement that the answer rests on."""
        code = self.conclusion.instrument or ""
        row = self.snapshot.tables.agreements.get(code)
        return code if row is None else row.name

    def title(self) -> str | None:
        """Return the title that is asked about; `None` for a level."""
        row = self.snapshot.tables.qualifications.get(self.question.qualification or "")
        return None if row is None else row.title
