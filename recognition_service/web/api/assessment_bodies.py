"""What callers may send about the assessment of a case."""

from collections.abc import Mapping
from typing import Any

from recognition_service.frameworks.instruments import ElementResult
from recognition_service.recognition.assess import CoverKind, NewAssessment
from recognition_service.recognition.vocabulary import Concern
from recognition_service.web.api.casework_bodies import ReferenceIn, as_json
from recognition_service.web.fields import Identifier, Items, Part, Whole
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Choice, Code, Text

_LONGEST_SIDE = 2_000


class ElementIn(Input):
    """One element: what is held, what is required, how they compare, and why."""

    result = Choice(ElementResult, required=True)
    held = Text(longest=_LONGEST_SIDE, load_default=None, allow_none=True)
    required = Text(longest=_LONGEST_SIDE, load_default=None, allow_none=True)
    reason = Text(load_default=None, allow_none=True)


class AssessedElementsIn(Input):
    """The five elements of a qualification; what is left out was not assessed."""

    level = Part(ElementIn)
    workload = Part(ElementIn)
    quality = Part(ElementIn)
    profile = Part(ElementIn)
    learning_outcomes = Part(ElementIn)


class AssessedQualificationIn(Input):
    """One held qualification, by its position, element by element."""

    held_qualification = Whole(largest=19, required=True)
    elements = Part(AssessedElementsIn, required=True)


class CoverIn(Input):
    """What makes up for a difference: a paper, a passed unit, or a text."""

    kind = Choice(CoverKind, required=True)
    paper = Identifier(load_default=None, allow_none=True)
    unit = Code(longest=60)
    text = Text(longest=_LONGEST_SIDE, load_default=None, allow_none=True)


class AssessedDifferenceIn(Input):
    """A difference: what, why essential, and what covers it or why nothing does."""

    subject = Text(longest=500, required=True)
    why_essential = Text(load_default=None, allow_none=True)
    why_not_covered = Text(load_default=None, allow_none=True)
    concerns = Choice(Concern)
    covered_by = Items(Part(CoverIn), most=20, load_default=list)


class AssessmentIn(Input):
    """An assessment, whole: it replaces the version before."""

    reference = Part(ReferenceIn, load_default=None, allow_none=True)
    qualifications = Items(
        Part(AssessedQualificationIn), least=1, most=20, required=True
    )
    differences = Items(Part(AssessedDifferenceIn), most=50, load_default=list)
    level_held = Code(longest=20, load_default=None, allow_none=True)
    level_required = Code(longest=20, load_default=None, allow_none=True)
    note = Text(load_default=None, allow_none=True)


def new_assessment(body: Mapping[str, Any]) -> NewAssessment:
    """Return the assessment that a checked body describes."""
    return NewAssessment(**as_json(body))
