"""What callers may send as the text of an agreement on equivalent titles."""

from recognition_service.frameworks.instruments import Purpose
from recognition_service.mutual_recognition.agreement_content import (
    MOST_TITLES,
    AgreedBinding,
    AgreedOutcome,
)
from recognition_service.web.fields import DateField, Items, Part
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Choice, Code, LanguageMap, Text


class CounterpartIn(Input):
    """What a title counts as where it is recognised."""

    title = Text(required=True, longest=300, lines=False)
    language = Code(longest=35, allow_none=True, load_default=None)
    title_en = Text(longest=300, lines=False, allow_none=True, load_default=None)
    qualification = Code(longest=200, allow_none=True, load_default=None)


class AgreedTitleIn(Input):
    """A title, and what it counts as in the other jurisdiction."""

    origin = Code(required=True, longest=16)
    title = Text(required=True, longest=300, lines=False)
    language = Code(longest=35, allow_none=True, load_default=None)
    title_en = Text(longest=300, lines=False, allow_none=True, load_default=None)
    qualification = Code(longest=200, allow_none=True, load_default=None)
    framework = Code(longest=60, allow_none=True, load_default=None)
    level = Code(longest=20, allow_none=True, load_default=None)
    destination = Code(required=True, longest=16)
    outcome = Choice(AgreedOutcome, load_default=AgreedOutcome.FULL)
    profession = Code(longest=80, allow_none=True, load_default=None)
    conditions = Text(longest=500, allow_none=True, load_default=None)
    counterpart = Part(CounterpartIn, required=True)


class AgreementTextIn(Input):
    """The text of an agreement."""

    name = Text(required=True, longest=300, lines=False)
    binding = Choice(AgreedBinding, required=True)
    purpose = Choice(Purpose, required=True)
    criteria = LanguageMap(allow_none=True, load_default=None)
    in_force_from = DateField(allow_none=True, load_default=None)
    awarded_from = DateField(allow_none=True, load_default=None)
    titles = Items(Part(AgreedTitleIn), required=True, least=1, most=MOST_TITLES)
