"""What callers may send about the steps of a case."""

from collections.abc import Mapping
from typing import Any

from recognition_service.recognition.appeals import Against, AppealResult
from recognition_service.recognition.paper_kinds import PaperKind
from recognition_service.recognition.step_kinds import (
    STEPS,
    RectificationResult,
    SubstituteMethod,
)
from recognition_service.recognition.steps import NewStep
from recognition_service.recognition.vocabulary import Stage
from recognition_service.regimes.events import CaseEventKind
from recognition_service.regimes.periods import Unit
from recognition_service.regimes.provisions import Chooser, MeasureKind
from recognition_service.web.api.casework_bodies import as_json
from recognition_service.web.fields import DateField, Identifier, Items, Part, Whole
from recognition_service.web.schemas import Input, describe
from recognition_service.web.text_fields import Choice, Code, Name, Text

_LONGEST_LENGTH = 366
_OWN = ("step", "on", "text", "legal_basis")


class _StepField(Choice):
    """A step that can be taken; other events of a case happen otherwise."""

    def __init__(self) -> None:
        super().__init__(CaseEventKind, required=True)
        describe(self, enum=[event.value for event in STEPS])

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        event = super()._deserialize(value, attr, data, **kwargs)
        if event not in STEPS:
            raise self.make_error("choice", choices=", ".join(STEPS))
        return event


class SubstituteIn(Input):
    """What stands in for a paper that is missing, and why it may."""

    paper = Choice(PaperKind, required=True)
    basis = Text(longest=500, required=True)


class StepIn(Input):
    """A step in a case; which members it has depends on the step."""

    step = _StepField()
    on = DateField(past=True, allow_none=True)
    text = Text(allow_none=True)
    legal_basis = Text(longest=120, lines=False, allow_none=True)
    papers = Items(Choice(PaperKind), least=1, most=30)
    answer_by = DateField()
    substitutes = Items(Part(SubstituteIn), least=1, most=30)
    limit = Code(longest=60)
    length = Whole(least=1, largest=_LONGEST_LENGTH)
    unit = Choice(Unit)
    reason = Code(longest=60)
    methods = Items(Choice(SubstituteMethod), least=1, most=10)
    measure = Choice(MeasureKind)
    chosen_by = Choice(Chooser)
    ends_on = DateField()
    authority = Name()
    stage = Choice(Stage)
    rectification = Identifier()
    result = Choice(RectificationResult)


class AppealIn(Input):
    """An appeal that came in."""

    against = Choice(Against, required=True)
    body = Name(required=True)
    on = DateField(past=True, load_default=None, allow_none=True)
    text = Text(load_default=None, allow_none=True)


class AppealDecisionIn(Input):
    """What became of an appeal."""

    result = Choice(AppealResult, required=True)
    on = DateField(past=True, load_default=None, allow_none=True)
    text = Text(load_default=None, allow_none=True)


def new_step(body: Mapping[str, Any]) -> NewStep:
    """Return the step that a checked body describes."""
    return NewStep(
        event=CaseEventKind(body["step"]),
        on=body.get("on"),
        text=body.get("text"),
        legal_basis=body.get("legal_basis"),
        members=as_json(
            {name: value for name, value in body.items() if name not in _OWN}
        ),
    )
