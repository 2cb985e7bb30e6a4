"""What callers may send about tracks to several awards."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import marshmallow as ma

from recognition_service.dual_certification.award_rules import AwardDecision
from recognition_service.dual_certification.costs import CostKind, Payer
from recognition_service.dual_certification.enrolment import (
    NO_CONSENT,
    NewParticipant,
    NewTrack,
)
from recognition_service.dual_certification.lifecycle import (
    AwardStatus,
    Course,
    How,
    ReturnTo,
)
from recognition_service.equivalence.standards import ResultKind
from recognition_service.recognition.vocabulary import Sex
from recognition_service.web.api.casework_bodies import OtherNameIn, as_json
from recognition_service.web.fields import (
    Amount,
    DateField,
    Identifier,
    Items,
    Part,
    Whole,
    YesNo,
)
from recognition_service.web.schemas import Fault, Input, Messages
from recognition_service.web.text_fields import Choice, Code, Digest, Name, Text

_TARGET = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}\Z")
_UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,59}\Z")
_LONGEST_OUTCOME = 500
_KEY_FAULTS: Messages = {
    "key": Fault("not_a_key", "Letters, digits and hyphens are expected."),
}
_CONSENT_FAULT = Fault("required", "Say when the consent was given.")
_TRACKS_FAULT = Fault("tracks_or_programme", "Give either tracks or a programme.")


class DecidedStatus(StrEnum):
    """What a body can decide about its award."""

    AWARDED = "awarded"
    REFUSED = "refused"
    REVOKED = "revoked"


class ProposedStatus(StrEnum):
    """What a body can decide about an award that another installation proposes."""

    AWARDED = "awarded"
    REFUSED = "refused"


class InterruptionReason(StrEnum):
    """Why a programme is interrupted; what is personal stays with the keeper."""

    PERSONAL = "personal"
    ADMINISTRATIVE = "administrative"
    PROGRAMME = "programme"
    OTHER = "other"


class TargetKey(Code):
    """The short name of an award within its track, such as "A"."""

    default_error_messages = _KEY_FAULTS
    form = _TARGET

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=60, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not self.form.match(text):
            raise self.make_error("key")
        return text


class UnitId(TargetKey):
    """The id of a unit within its curriculum, fit for an address."""

    form = _UNIT


class UnitGroupIn(Input):
    """Units of which some have to be chosen."""

    name = Name(required=True, longest=100)
    units = Items(UnitId(), least=1, required=True)
    credits = Amount()
    count = Whole(least=1, largest=100)


class CreditsAtPlaceIn(Input):
    """Credits that have to be achieved at a place."""

    place = Code(required=True, longest=16)
    credits = Amount(required=True)


class RequirementsIn(Input):
    """What an award demands of the units that count for it."""

    credits = Amount()
    hours = Amount()
    units = Items(UnitId())
    groups = Items(Part(UnitGroupIn), most=20)
    places = Items(Part(CreditsAtPlaceIn), most=20)
    most_prior_learning_credits = Amount()
    learning_outcomes = Items(Name(longest=_LONGEST_OUTCOME))


class AwardTargetIn(Input):
    """An award that the track leads to, and the body that makes it."""

    key = TargetKey(required=True)
    qualification = Code(required=True, longest=200)
    authority = Code(required=True, longest=64)
    requirements = Part(RequirementsIn, required=True)
    depends_on = TargetKey(allow_none=True)
    basis = Code(longest=60, allow_none=True)


class CountsForIn(Input):
    """That a unit counts for an award, by a rule of its standard."""

    target = TargetKey(required=True)
    rule = Text(longest=200, lines=False, blank=True, allow_none=True)


class CostIn(Input):
    """Who pays which share of a kind of cost, in per cent."""

    kind = Choice(CostKind, required=True)
    payer = Choice(Payer, required=True)
    share = Amount(required=True)


class UnitIn(Input):
    """A unit of learning."""

    id = UnitId(required=True)
    title = Name(required=True)
    credits = Amount(allow_none=True)
    hours = Amount(allow_none=True)
    provider = Text(longest=200, lines=False, blank=True, allow_none=True)
    place = Code(longest=16, allow_none=True)
    phase = Whole(least=1, largest=100, allow_none=True)
    counts_for = Items(Part(CountsForIn), most=20)
    learning_outcomes = Items(Name(longest=_LONGEST_OUTCOME))
    covers_differences = Items(Name(longest=_LONGEST_OUTCOME))
    costs = Items(Part(CostIn), most=50)


class DestinationStandardIn(Input):
    """A standard that the curriculum is held against without leading to it."""

    destination = Code(required=True, longest=16)
    qualification = Code(longest=200, allow_none=True)
    requirements = Part(RequirementsIn, required=True)
    differences = Items(Name(longest=_LONGEST_OUTCOME))


class ParticipantIn(Input):
    """The person, as far as it has to be told. Nationality is not asked for."""

    family_name = Name(allow_none=True)
    given_name = Name(allow_none=True)
    birth_date = DateField(past=True, allow_none=True)
    other_names = Items(Part(OtherNameIn), most=20)
    sex = Choice(Sex)


class ConsentIn(Input):
    """What the participant consents to, and since when."""

    joint_form = YesNo(required=True)
    follow_up = YesNo(load_default=False)
    given_on = DateField(past=True, load_default=None, allow_none=True)

    @ma.validates_schema
    def _is_dated(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        given = data["joint_form"] or data["follow_up"]
        if given and data["given_on"] is None:
            raise ma.ValidationError({"given_on": [_CONSENT_FAULT]})


class DualCertificationIn(Input):
    """A participant's track to several awards."""

    programme = Code(longest=120, allow_none=True)
    participant_ref = Code(required=True, longest=120)
    track = Choice(Course)
    origin = Code(longest=16, allow_none=True)
    applicant = Part(ParticipantIn, allow_none=True)
    consent = Part(ConsentIn, allow_none=True)
    enrolled_on = DateField(past=True, allow_none=True)
    targets = Items(Part(AwardTargetIn), least=2, most=8, required=True)
    units = Items(Part(UnitIn), least=1, required=True)
    destinations = Items(Part(DestinationStandardIn), most=20)


class UnitResultIn(Input):
    """That a unit was achieved, who found so, and what shows it."""

    achieved_on = DateField(past=True, required=True)
    assessor = Name(required=True)
    evidence = Digest(required=True)
    kind = Choice(ResultKind, load_default=ResultKind.ASSESSED)


class AwardIn(Input):
    """What a body decides about its award."""

    status = Choice(DecidedStatus, required=True)
    awarded_on = DateField(past=True, load_default=None, allow_none=True)
    how = Choice(How, load_default=None, allow_none=True)
    rests_on = Identifier(load_default=None, allow_none=True)
    reason = Text(longest=2000, load_default=None, allow_none=True)


class ProposedAwardIn(Input):
    """What a body decides about an award that another installation proposes."""

    status = Choice(ProposedStatus, required=True)
    reason = Text(longest=2000, load_default=None, allow_none=True)


class CohortAwardIn(AwardIn):
    """What a body decides about its award on one of many tracks."""

    track = Identifier(required=True)
    target = TargetKey(required=True)


class JointSignaturesIn(Input):
    """The tracks whose joint awards are to be signed: by id, or a programme's."""

    tracks = Items(Identifier(), least=1, most=1_000)
    programme = Code(longest=120)

    @ma.validates_schema
    def _is_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if len(data) != 1:
            raise ma.ValidationError([_TRACKS_FAULT])


class InterruptionIn(Input):
    """That a participant interrupts the programme."""

    interrupted_on = DateField(past=True, required=True)
    reason = Choice(InterruptionReason, required=True)
    expected_return_on = DateField(load_default=None, allow_none=True)


class ExperienceIn(Input):
    """What was worked on abroad."""

    activity = Name(required=True)
    occupation = Code(longest=4, allow_none=True)
    employer = Name(allow_none=True)
    place = Code(longest=16, allow_none=True)
    hours_per_week = Amount(allow_none=True)
    full_time_hours = Amount(allow_none=True)
    began_on = DateField(past=True, allow_none=True)
    ended_on = DateField(past=True, allow_none=True)
    evidence = Digest(allow_none=True)


class ReturnIn(Input):
    """That a participant came back, and what experience came along."""

    returned_on = DateField(past=True, required=True)
    to = Choice(ReturnTo, load_default=None, allow_none=True)
    experience = Items(Part(ExperienceIn), most=50, load_default=list)


class CourseIn(Input):
    """Where a participant goes on."""

    track = Choice(Course, required=True)


def new_track(body: Mapping[str, Any]) -> NewTrack:
    """Return the track that a checked body describes."""
    person = body.get("applicant")
    return NewTrack(
        participant_ref=body["participant_ref"],
        curriculum={
            "targets": [_target(as_json(each)) for each in body["targets"]],
            "units": [_unit(as_json(each)) for each in body["units"]],
            "destinations": [
                {"qualification": None, "differences": [], **as_json(each)}
                for each in body.get("destinations", ())
            ],
        },
        programme=body.get("programme"),
        course=body.get("track", Course.AWAY),
        consent=as_json(body.get("consent") or NO_CONSENT),
        participant=None
        if person is None
        else NewParticipant(
            **{**person, "other_names": tuple(person.get("other_names", ()))}
        ),
        origin=body.get("origin"),
        enrolled_on=body.get("enrolled_on"),
    )


def award_decision(body: Mapping[str, Any]) -> AwardDecision:
    """Return the decision that a checked body describes."""
    return AwardDecision(**{**body, "status": AwardStatus(body["status"])})


def _target(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**given, "depends_on": given.get("depends_on"), "basis": given.get("basis")}


def _unit(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a unit with all its members."""
    return {
        "id": given["id"],
        "title": given["title"],
        "credits": given.get("credits"),
        "hours": given.get("hours"),
        "provider": given.get("provider"),
        "place": given.get("place"),
        "phase": given.get("phase"),
        "counts_for": [
            {"target": each["target"], "rule": each.get("rule")}
            for each in given.get("counts_for", ())
        ],
        "learning_outcomes": given.get("learning_outcomes", []),
        "covers_differences": given.get("covers_differences", []),
        "costs": given.get("costs", []),
    }
