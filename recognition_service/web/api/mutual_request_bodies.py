"""What callers may send about requests between bodies."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import marshmallow as ma

from recognition_service.frameworks.instruments import Purpose
from recognition_service.mutual_recognition.ask import NewMutualRequest
from recognition_service.mutual_recognition.attachments import NewAttachment
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.lists import ListTerms, NewItem
from recognition_service.mutual_recognition.question_sets import LONGEST_ANSWER
from recognition_service.mutual_recognition.refuse import RefusalReason
from recognition_service.recognition.vocabulary import DecisionKind
from recognition_service.regimes.holds import HoldRule
from recognition_service.web.api.agreement_texts import AgreementTextIn
from recognition_service.web.api.casework_bodies import (
    AwardingBodyIn,
    DecisionIn,
    HeldQualificationIn,
    OtherNameIn,
    as_json,
)
from recognition_service.web.fields import DateField, Identifier, Items, Part, Whole
from recognition_service.web.schemas import (
    COMMON_FAULTS,
    Fault,
    Input,
    Messages,
    describe,
)
from recognition_service.web.text_fields import (
    Choice,
    Code,
    Digest,
    LanguageMap,
    Name,
    Text,
)

# RFC 6838 section 4.2, without parameters.
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*\Z")
_LONGEST_ID = 64
_MOST_QUESTIONS = 50
_MOST_ATTACHMENTS = 20
MOST_ITEMS = 10_000
_FAULTS: Messages = dict(COMMON_FAULTS)
_PARAMS_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_an_object", "An object of names and texts is expected."),
}


class Addressee(NamedTuple):
    """Who is to get a request; `installation` None: it is here."""

    authority: str
    installation: str | None


class AddresseeIn(Input):
    """Who is to get a request."""

    authority = Code(required=True, longest=_LONGEST_ID)
    installation = Code(longest=500, allow_none=True, load_default=None)


class To(ma.fields.Field[Addressee]):
    """An authority by its id, or {authority, installation}."""

    default_error_messages = _FAULTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        describe(
            self, description="The id of an authority, or {authority, installation}."
        )

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Addressee:
        del attr, data, kwargs
        given = {"authority": value} if isinstance(value, str) else value
        return Addressee(**AddresseeIn().load(given))


class ParamsField(ma.fields.Field[dict[str, str]]):
    """What a question speaks about, such as {"module": "Anatomy"}."""

    default_error_messages = _PARAMS_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, str]:
        del attr, data, kwargs
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        text = Name()
        return {name: str(text.deserialize(each)) for name, each in value.items()}


class AskedIn(Input):
    """A question that is asked."""

    id = Code(required=True, longest=80)
    params = ParamsField(load_default=dict)
    answer = Text(
        allow_none=True,
        validate=ma.validate.Equal(
            None, error=Fault("not_null_here", "Who is asked answers it.")
        ),
    )


class Asked(ma.fields.Field[dict[str, Any]]):
    """A question by its id, or {id, params, answer: null}."""

    default_error_messages = _FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, Any]:
        del attr, data, kwargs
        given = {"id": value} if isinstance(value, str) else value
        found = AskedIn().load(given)
        return {"id": found["id"], "params": found["params"]}


class AttachmentIn(Input):
    """A document that is sent along, by its digest."""

    digest = Digest(required=True)
    media_type = Code(
        required=True,
        longest=120,
        validate=ma.validate.Regexp(
            _MEDIA_TYPE,
            error=Fault("not_a_media_type", "A type and a subtype are expected."),
        ),
    )
    bytes = Whole(required=True, least=1)
    name = Name(allow_none=True, load_default=None)


class PersonIn(Input):
    """The person whom a request is about."""

    family_name = Name(required=True)
    given_name = Name(allow_none=True, load_default=None)
    birth_date = DateField(past=True, allow_none=True, load_default=None)
    other_names = Items(Part(OtherNameIn), most=20, load_default=list)


class DescribedQualificationIn(Input):
    """The qualification that a request is about."""

    qualification = Code(longest=200, allow_none=True)
    title = Name(allow_none=True)
    title_language = Code(longest=35, allow_none=True)
    origin = Code(longest=16, allow_none=True)
    framework = Code(longest=60, allow_none=True)
    level = Code(longest=20, allow_none=True)
    awarded_on = DateField(past=True, allow_none=True)
    awarding_body = Part(AwardingBodyIn, allow_none=True)


class AboutIn(Input):
    """Whom and what a request is about."""

    person = Part(PersonIn, allow_none=True)
    qualification = Part(DescribedQualificationIn, allow_none=True)


class ListedPersonIn(PersonIn):
    """A person of a list."""

    birth_place = Name(allow_none=True, load_default=None)
    email = Code(longest=254, allow_none=True, load_default=None)


class ListedIn(Input):
    """One row of a list: a person and what they hold."""

    applicant = Part(ListedPersonIn, required=True)
    held_qualification = Part(HeldQualificationIn, required=True)


class RecognitionIn(Input):
    """What is asked for every row of a list."""

    decision_kind = Choice(DecisionKind, required=True)
    purpose = Choice(Purpose, required=True)
    profession = Code(allow_none=True, load_default=None)


class MutualRequestIn(Input):
    """A request to another body."""

    kind = Choice(Kind, required=True)
    to = To(required=True)
    case = Identifier(allow_none=True, load_default=None)
    held_qualification = Whole(largest=19, load_default=0)
    question_set = Code(longest=80, allow_none=True, load_default=None)
    questions = Items(Asked(), least=1, most=_MOST_QUESTIONS, load_default=None)
    free_text = LanguageMap(allow_none=True, load_default=None)
    attachments = Items(Part(AttachmentIn), most=_MOST_ATTACHMENTS, load_default=list)
    proposed_answer_by = DateField(allow_none=True, load_default=None)
    holds_clock = Choice(HoldRule, allow_none=True, load_default=None)
    about = Part(AboutIn, allow_none=True)
    recognition = Part(RecognitionIn, allow_none=True, load_default=None)
    items = Items(Part(ListedIn), most=MOST_ITEMS, load_default=list)
    agreement = Part(AgreementTextIn, allow_none=True, load_default=None)


class AnsweredIn(Input):
    """The answer to one question: a word, a date, or one line of text."""

    id = Code(required=True, longest=80)
    answer = Text(required=True, longest=LONGEST_ANSWER, lines=False)


class AnswerIn(Input):
    """All answers to a request."""

    questions = Items(Part(AnsweredIn), most=_MOST_QUESTIONS, required=True)
    free_text = LanguageMap(allow_none=True, load_default=None)
    attachments = Items(Part(AttachmentIn), most=_MOST_ATTACHMENTS, load_default=list)


class FurtherQuestionsIn(Input):
    """What else is asked."""

    questions = Items(Asked(), most=_MOST_QUESTIONS, load_default=list)
    free_text = LanguageMap(allow_none=True, load_default=None)
    attachments = Items(Part(AttachmentIn), most=_MOST_ATTACHMENTS, load_default=list)
    proposed_answer_by = DateField(allow_none=True, load_default=None)


class NoteIn(Input):
    """A word to the other side, or nothing."""

    free_text = LanguageMap(allow_none=True, load_default=None)


class RefusalIn(NoteIn):
    """Why a request is not answered."""

    reason = Choice(RefusalReason, allow_none=True, load_default=None)


class ForwardingIn(NoteIn):
    """To whom a request goes on."""

    to = To(required=True)


class SplitIn(Input):
    """Which questions become a request of their own."""

    questions = Items(Asked(), least=1, most=_MOST_QUESTIONS, required=True)


class ListDecisionIn(Input):
    """A decision about many rows of a list; null: as the tables propose for each."""

    decision = Part(DecisionIn, required=True, allow_none=True)
    rows = Items(
        Whole(least=1, largest=MOST_ITEMS),
        least=1,
        most=MOST_ITEMS,
        allow_none=True,
        load_default=None,
    )
    exceptions = Items(
        Whole(least=1, largest=MOST_ITEMS),
        most=MOST_ITEMS,
        load_default=list,
        data_key="except",
    )


class DeadlineIn(Input):
    """Until when the answer is to come."""

    answer_by = DateField(required=True)


def new_mutual_request(body: Mapping[str, Any]) -> NewMutualRequest:
    """Return the request that a checked body describes."""
    about, terms = body.get("about"), body["recognition"]
    agreement = body["agreement"]
    return NewMutualRequest(
        kind=body["kind"],
        to=body["to"].authority,
        installation=body["to"].installation,
        case_id=body["case"],
        held_position=body["held_qualification"],
        question_set=body["question_set"],
        questions=body["questions"],
        free_text=body["free_text"],
        attachments=new_attachments(body["attachments"]),
        answer_by=body["proposed_answer_by"],
        holds_clock=body["holds_clock"],
        about=as_json(about) if about is not None else None,
        is_described="about" not in body,
        terms=ListTerms(**terms) if terms is not None else None,
        items=[
            NewItem(each["applicant"], each["held_qualification"])
            for each in body["items"]
        ],
        agreement=as_json(agreement) if agreement is not None else None,
    )


def new_attachments(sent: Sequence[Mapping[str, Any]]) -> list[NewAttachment]:
    """Return the attachments that a checked body lists."""
    return [
        NewAttachment(each["digest"], each["media_type"], each["bytes"], each["name"])
        for each in sent
    ]


def answer_given(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a checked answer as it travels to another installation."""
    return {
        "questions": [
            {"id": each["id"], "answer": each["answer"]} for each in body["questions"]
        ],
        "free_text": body["free_text"],
        "attachments": [dict(each) for each in body["attachments"]],
        "results": None,
    }
