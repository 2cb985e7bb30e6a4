"""The closed language in which a statement says its conditions beside their words.

    rules      = condition *("; " condition)      ; all of them must be met
    condition  = fact " " operator " " value

A fact is one of `FACTS`; its kind says which operators it has and how a value is
written. There is one way to write a condition: what is read prints to the same text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

SEPARATOR = "; "
CREDIT_UNITS = ("ECTS", "SKS", "SCQF", "CREDIT_HOURS")
STATUSES = ("recognised", "not_recognised")


class FactKind(StrEnum):
    """What kind of value a fact has."""

    GRADE = "grade"
    NUMBER = "number"
    PERCENT = "percent"
    COUNT = "count"
    CREDITS = "credits"
    WORD = "word"
    WORDS = "words"
    STATUS = "status"
    FIELD = "field"
    PLACE = "place"
    FLAG = "flag"
    ACCORD = "accord"


class Operator(StrEnum):
    """How a fact stands to the value that is asked for."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"
    EQUAL = "="
    IN = "in"
    NOT_IN = "not in"
    INCLUDE = "include"


FACTS: Mapping[str, FactKind] = {
    "final_grade": FactKind.GRADE,
    "lowest_grade": FactKind.GRADE,
    "average_percent": FactKind.PERCENT,
    "duration_years": FactKind.NUMBER,
    "duration_semesters": FactKind.NUMBER,
    "school_years": FactKind.NUMBER,
    "higher_education_years": FactKind.NUMBER,
    "credits": FactKind.CREDITS,
    "subjects": FactKind.WORDS,
    "subject_count": FactKind.COUNT,
    "advanced_subject_count": FactKind.COUNT,
    "ordinary_subject_count": FactKind.COUNT,
    "grade_class": FactKind.WORD,
    "institution_status": FactKind.STATUS,
    "institution_class": FactKind.WORD,
    "programme_class": FactKind.WORD,
    "field": FactKind.FIELD,
    "component": FactKind.WORDS,
    "entry_requirement": FactKind.WORD,
    "training_place": FactKind.PLACE,
    "examination_place": FactKind.PLACE,
    "acquired_rights_certificate": FactKind.FLAG,
    "accompanying_certificate": FactKind.FLAG,
    "accredited_under": FactKind.ACCORD,
}
"""Every fact that can be known. For flags and accords no rule of a row asks."""

_ORDERED = (
    Operator.AT_LEAST,
    Operator.AT_MOST,
    Operator.ABOVE,
    Operator.BELOW,
    Operator.EQUAL,
)
_CHOSEN = (Operator.IN, Operator.NOT_IN)
OPERATORS: Mapping[FactKind, tuple[Operator, ...]] = {
    FactKind.GRADE: _ORDERED,
    FactKind.NUMBER: _ORDERED,
    FactKind.PERCENT: _ORDERED,
    FactKind.COUNT: _ORDERED,
    FactKind.CREDITS: _ORDERED,
    FactKind.WORD: _CHOSEN,
    FactKind.STATUS: _CHOSEN,
    FactKind.FIELD: _CHOSEN,
    FactKind.PLACE: _CHOSEN,
    FactKind.WORDS: (Operator.INCLUDE,),
    FactKind.FLAG: (),
    FactKind.ACCORD: (),
}
OUTSIDE_RULES = frozenset(name for name, kind in FACTS.items() if not OPERATORS[kind])
"""The facts that no rule of a row can ask for."""

_DECIMAL = r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,4})?"
_SCALE = r"[1-9][0-9]{0,3}(?:\.[0-9]{0,3}[1-9])?"
_HUNDRED = Decimal(100)
_QUANTITIES: Mapping[FactKind, re.Pattern[str]] = {
    FactKind.GRADE: re.compile(f"({_DECIMAL})/({_SCALE})"),
    FactKind.NUMBER: re.compile(f"({_DECIMAL})()"),
    FactKind.PERCENT: re.compile(f"({_DECIMAL})()"),
    FactKind.COUNT: re.compile("(0|[1-9][0-9]{0,2})()"),
    FactKind.CREDITS: re.compile(f"({_DECIMAL}) ({'|'.join(CREDIT_UNITS)})"),
}
_WORD = re.compile("[a-z][a-z0-9_]{0,39}")
_WORDS: Mapping[FactKind, re.Pattern[str]] = {
    FactKind.WORD: _WORD,
    FactKind.WORDS: _WORD,
    FactKind.STATUS: re.compile("|".join(STATUSES)),
    FactKind.FIELD: re.compile("(?:0[0-9]|10)[0-9]{0,2}"),
    FactKind.PLACE: re.compile("[A-Z]{2}(?:-[A-Z0-9]{1,3})?"),
    FactKind.ACCORD: re.compile("[a-z][a-z0-9-]{0,59}"),
}
_FORM = re.compile("([a-z_]+) (>=|<=|>|<|=|in|not in|include) (.+)")


class UnreadableConditionError(ValueError):
    """A text is no condition of this language.

    Attributes:
        condition: The text of the condition that cannot be read.
        fact: The unknown fact that it names; `None` where its form is wrong.
    """

    def __init__(self, condition: str, fact: str | None = None) -> None:
        super().__init__(condition)
        self.condition = condition
        self.fact = fact


@dataclass(frozen=True, slots=True)
class Quantity:
    """A decimal, and on what scale or in which unit it counts.

    Attributes:
        of: Highest value of the scale of a grade, unit of credits, else "". Numbers
            of different scales or units are never compared.
    """

    number: Decimal
    of: str = ""


Value = Quantity | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a fact must be."""

    fact: str
    operator: Operator
    value: Value

    @property
    def kind(self) -> FactKind:
        """The kind of the fact."""
        return FACTS[self.fact]

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {write_value(self.kind, self.value)}"


@lru_cache(maxsize=1024)
def parse_rules(text: str) -> tuple[Condition, ...]:
    """Return the conditions that a cell joins.

    Raises:
        UnreadableConditionError: One of them is not written in this language, or
            stands there twice.
    """
    conditions = tuple(map(_condition, text.split(SEPARATOR)))
    for position, condition in enumerate(conditions):
        if condition in conditions[:position]:
            raise UnreadableConditionError(str(condition))
    return conditions


def read_value(kind: FactKind, text: str) -> Value | None:
    """Return a value as it is written for a kind of fact, `None` if it is none.

    Several words are separated by commas; none of them stands there twice.
    """
    quantity = _QUANTITIES.get(kind)
    if quantity is not None:
        found = quantity.fullmatch(text)
        return None if found is None else _quantity(kind, Decimal(found[1]), found[2])
    word = _WORDS.get(kind)
    words = tuple(text.split(","))
    if word is None or len(set(words)) < len(words):
        return None
    return words if all(map(word.fullmatch, words)) else None


def write_value(kind: FactKind, value: Value) -> str:
    """Return a value as it stands in a cell."""
    if isinstance(value, tuple):
        return ",".join(value)
    match kind:
        case FactKind.GRADE:
            return f"{value.number}/{value.of}"
        case FactKind.CREDITS:
            return f"{value.number} {value.of}"
        case _:
            return str(value.number)


def _condition(text: str) -> Condition:
    found = _FORM.fullmatch(text)
    if found is None:
        raise UnreadableConditionError(text)
    fact, operator = found[1], Operator(found[2])
    if fact not in FACTS:
        raise UnreadableConditionError(text, fact)
    value = read_value(FACTS[fact], found[3])
    if value is None or operator not in OPERATORS[FACTS[fact]]:
        raise UnreadableConditionError(text)
    return Condition(fact, operator, value)


def _quantity(kind: FactKind, number: Decimal, of: str) -> Quantity | None:
    """Return a quantity, `None` if it lies beyond the end of its scale."""
    match kind:
        case FactKind.GRADE if number > Decimal(of):
            return None
        case FactKind.PERCENT if number > _HUNDRED:
            return None
        case _:
            return Quantity(number, of)
