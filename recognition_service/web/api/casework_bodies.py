"""What callers may send about requests, decisions and attestations."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import marshmallow as ma

from recognition_service.attestations.models import Status
from recognition_service.frameworks.instruments import ElementResult, Purpose
from recognition_service.frameworks.language_scales import Scale
from recognition_service.recognition.submit import NewApplicant, NewRequest
from recognition_service.recognition.vocabulary import (
    BeneficiaryBasis,
    Concern,
    DecidedOutcome,
    DecisionKind,
    Grade,
    Known,
    Sex,
    Stage,
    StatusReason,
    Supervision,
)
from recognition_service.regimes.provisions import Chooser
from recognition_service.web.fields import (
    Amount,
    DateField,
    Identifier,
    Items,
    Part,
    Whole,
)
from recognition_service.web.schemas import Fault, Input
from recognition_service.web.text_fields import (
    Choice,
    Code,
    Facts,
    LanguageMap,
    Name,
    Text,
)

_NEITHER = Fault("title_or_qualification", "Give a title or a qualification id.")


class OtherNameIn(Input):
    """Another name; kind "on_evidence" is the name as the evidence prints it."""

    kind = Code(required=True, longest=40)
    name = Name(required=True)


class ApplicantIn(Input):
    """The person who asks. Nationality is not asked for."""

    family_name = Name(required=True)
    given_name = Name(allow_none=True)
    birth_date = DateField(past=True, allow_none=True)
    birth_place = Name(allow_none=True)
    sex = Choice(Sex, allow_none=True)
    other_names = Items(Part(OtherNameIn), most=20)
    email = Code(longest=254, allow_none=True)
    beneficiary_basis = Choice(BeneficiaryBasis)


class DestinationIn(Input):
    """Who is asked, and for which profession if any."""

    jurisdiction = Code(required=True, longest=16)
    profession = Code(allow_none=True)


class AwardingBodyIn(Input):
    """Who made the award."""

    name = Name(required=True)
    country = Code(longest=16, allow_none=True)
    id = Code(longest=200, allow_none=True)


class InstitutionStatusIn(Input):
    """Whether institution and programme were recognised at the award date."""

    recognised = Choice(Known, required=True)
    quality_assured = Choice(Known, required=True)
    source = Text(longest=500, lines=False, allow_none=True)
    established_by = Code(longest=120)
    established_on = DateField(past=True, allow_none=True)


class AuthenticityIn(Input):
    """How well the award is proven, and who established it."""

    grade = Choice(Grade, required=True)
    established_by = Code(longest=120)
    established_on = DateField(past=True, allow_none=True)


class BaseIn(Input):
    """An attestation of this service, with whose end the decision ends."""

    authority = Code(required=True, longest=64)
    id = Identifier(required=True)


class HeldQualificationIn(Input):
    """A qualification that the applicant holds."""

    qualification = Code(longest=200, allow_none=True)
    title = Name(allow_none=True)
    title_language = Code(longest=35, allow_none=True)
    origin = Code(required=True, longest=16)
    framework = Code(longest=60, allow_none=True)
    level = Code(longest=20, allow_none=True)
    awarded_on = DateField(past=True, allow_none=True)
    training_started_on = DateField(past=True, allow_none=True)
    valid_until = DateField(allow_none=True)
    attestation = Part(BaseIn, allow_none=True)
    awarding_body = Part(AwardingBodyIn, allow_none=True)
    institution_status = Part(InstitutionStatusIn, allow_none=True)
    authenticity = Part(AuthenticityIn, allow_none=True)
    prior_recognitions = Items(Facts(), most=20)
    facts = Facts()

    @ma.validates_schema
    def _is_named(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if not data.get("title") and not data.get("qualification"):
            raise ma.ValidationError({"title": [_NEITHER]})


class RecognitionRequestIn(Input):
    """A request for recognition."""

    language = Code(longest=35)
    decision_kind = Choice(DecisionKind, required=True)
    purpose = Choice(Purpose, required=True)
    stage = Choice(Stage)
    destination = Part(DestinationIn, required=True)
    external_reference = Text(longest=200, lines=False, allow_none=True)
    regime = Code(longest=80, allow_none=True)
    applicant = Part(ApplicantIn, required=True)
    held_qualifications = Items(
        Part(HeldQualificationIn), least=1, most=20, required=True
    )


class EvidenceIn(Input):
    """What was established about one held qualification."""

    held_qualification = Whole(largest=19, load_default=0)
    authenticity = Part(AuthenticityIn, load_default=None)
    institution_status = Part(InstitutionStatusIn, load_default=None)
    training_started_on = DateField(past=True, load_default=None)
    facts = Facts(load_default=None)


class WorkedIn(Input):
    """A time of work: what, for whom, where, how much and how far alone."""

    activity = Name(required=True)
    occupation = Code(longest=4, allow_none=True)
    employer = Name(allow_none=True)
    place = Code(longest=16, allow_none=True)
    hours_per_week = Amount(allow_none=True)
    full_time_hours = Amount(allow_none=True)
    tasks = Items(Text(longest=500, lines=False), most=20)
    supervision = Choice(Supervision, allow_none=True)


class StatedExperienceIn(WorkedIn):
    """A time of work as a body states it: from when until when."""

    began_on = DateField(past=True, required=True)
    ended_on = DateField(past=True, required=True)


class ReferenceIn(Input):
    """What the qualification counts as at the destination, or what was worked."""

    qualification = Name(allow_none=True)
    profession = Code(allow_none=True)
    framework = Code(longest=60, allow_none=True)
    level = Code(longest=20, allow_none=True)
    experience = Items(Part(StatedExperienceIn), most=20)


class ElementsIn(Input):
    """The five elements of a qualification, compared."""

    level = Choice(ElementResult)
    workload = Choice(ElementResult)
    quality = Choice(ElementResult)
    profile = Choice(ElementResult)
    learning_outcomes = Choice(ElementResult)


class DifferenceIn(Input):
    """A substantial difference: what, why essential, why nothing covers it."""

    subject = Text(longest=500)
    why_essential = Text()
    why_not_covered = Text()
    concerns = Choice(Concern)


class LanguageLevelIn(Input):
    """A level of a language, on the scale of those who state it."""

    language = Code(required=True, longest=35)
    scale = Choice(Scale, required=True)
    level = Code(required=True, longest=10)


class ClauseIn(Input):
    """A condition, a compensation measure or a limitation."""

    code = Code(required=True, longest=60)
    text = LanguageMap()
    until = DateField(allow_none=True)
    max_months = Whole(least=1, largest=120, allow_none=True)


class ConditionIn(ClauseIn):
    """A condition; `licence_language` is the code of one that the licence will set."""

    language = Part(LanguageLevelIn, allow_none=True)


class MeasureIn(ClauseIn):
    """A compensation measure: who chooses it, and until when."""

    chosen_by = Choice(Chooser, allow_none=True)
    choose_by = DateField(allow_none=True)


class RemedyIn(Input):
    """How to appeal."""

    body = Name(required=True)
    route = Text(longest=500, allow_none=True)
    within_days = Whole(least=1, largest=3660, allow_none=True)
    form = Text(longest=200, allow_none=True)


class TitleToUseIn(Input):
    """The title under which a person may practise in part, and its language.

    Source: Directive 2005/36/EC, article 4f(5).
    """

    text = Name(required=True)
    language = Code(required=True, longest=35)


class MadeDecisionIn(Input):
    """A decision as it was made elsewhere."""

    outcome = Choice(DecidedOutcome, required=True)
    reference = Part(ReferenceIn, allow_none=True)
    elements = Part(ElementsIn, allow_none=True)
    differences = Items(Part(DifferenceIn), most=50)
    measures = Items(Part(MeasureIn), most=50)
    conditions = Items(Part(ConditionIn), most=50)
    limitations = Items(Part(ClauseIn), most=50)
    level_held = Code(longest=20, allow_none=True)
    level_required = Code(longest=20, allow_none=True)
    existing_qualifications = Items(Text(longest=500), most=50)
    activities = Items(LanguageMap(longest=500), most=50)
    title_to_use = Part(TitleToUseIn, allow_none=True)
    later_possibilities = LanguageMap(allow_none=True)
    valid_until = DateField(allow_none=True)
    legal_basis = Items(Text(longest=500, lines=False), most=20)
    remedy = Part(RemedyIn, allow_none=True)
    text = LanguageMap(allow_none=True)


class DecisionIn(MadeDecisionIn):
    """A decision as an officer writes it."""

    decision_kind = Choice(DecisionKind, required=True)


class EmptyIn(Input):
    """Nothing but the act itself."""


class StatusIn(Input):
    """What becomes of an attestation, and why."""

    status = Choice(Status, required=True)
    reason = Choice(StatusReason, required=True)
    note = Text(load_default=None, allow_none=True)
    superseded_by = Identifier(load_default=None, allow_none=True)


class ChangeIn(StatusIn):
    """What becomes of one of many attestations."""

    attestation = Identifier(required=True)


class ClaimIn(Input):
    """A claim code and the birth date that belongs to it."""

    claim_code = Text(required=True, longest=100, lines=False)
    birth_date = DateField(required=True)


class StandingOrderIn(Input):
    """Why rules of an instrument may decide by themselves."""

    note = Text(load_default=None, allow_none=True)


def new_request(body: Mapping[str, Any]) -> NewRequest:
    """Return the request that a checked body describes."""
    destination = body["destination"]
    optional = {
        name: body[name]
        for name in ("language", "stage", "external_reference", "regime")
        if body.get(name) is not None
    }
    person = {
        name: value for name, value in body["applicant"].items() if value is not None
    }
    person["other_names"] = tuple(person.get("other_names", ()))
    return NewRequest(
        decision_kind=body["decision_kind"],
        purpose=body["purpose"],
        jurisdiction=destination["jurisdiction"],
        profession=destination.get("profession"),
        applicant=NewApplicant(**person),
        held=tuple(as_json(held) for held in body["held_qualifications"]),
        **optional,
    )


def as_json(value: Any) -> Any:
    """Return a checked body as a plain JSON value: dates, ids and codes as text."""
    match value:
        case Mapping():
            return {name: as_json(inner) for name, inner in value.items()}
        case list() | tuple():
            return [as_json(inner) for inner in value]
        case StrEnum():
            return value.value
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
