"""What else is known of an award: asked for where a statement depends on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recognition_service.equivalence.answer import Answer
from recognition_service.equivalence.facts import faults_of
from recognition_service.frameworks.conditions import FACTS, OUTSIDE_RULES
from recognition_service.web.pages.complaints import Complaint

PREFIX = "fact-"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact for which the page asks.

    Attributes:
        field: Name of the field in the form.
        kind: How it is written, see `FactKind`.
        value: As entered, "" before.
    """

    name: str
    field: str
    kind: str
    value: str


def read_facts(entered: Mapping[str, str]) -> dict[str, str]:
    """Return what was entered of the facts that a form can hold."""
    found = {}
    for name in FACTS:
        value = entered.get(f"{PREFIX}{name}", "").strip()
        if value and name not in OUTSIDE_RULES:
            found[name] = value[: _LONGEST + 1]
    return found


def wrong_facts(facts: Mapping[str, str]) -> list[Complaint]:
    """Return a complaint for each fact that is not written as it should be."""
    return [
        Complaint("wrong_fact", f"{PREFIX}{fault.name}") for fault in faults_of(facts)
    ]


def sound_facts(facts: Mapping[str, str], wrong: Sequence[Complaint]) -> dict[str, str]:
    """Return the facts about which there is no complaint."""
    blamed = {complaint.field for complaint in wrong}
    return {
        name: value for name, value in facts.items() if f"{PREFIX}{name}" not in blamed
    }


def asked_facts(answer: Answer, facts: Mapping[str, str]) -> list[AskedFact]:
    """Return the facts on which an answer depends, and those that were entered."""
    wanted = [
        condition.missing_fact
        for condition in answer.conclusion.conditions
        if condition.rule is not None and condition.missing_fact is not None
    ]
    names = [name for name in dict.fromkeys([*wanted, *facts]) if name in FACTS]
    return [
        AskedFact(name, f"{PREFIX}{name}", FACTS[name].value, facts.get(name, ""))
        for name in names
        if name not in OUTSIDE_RULES
    ]
