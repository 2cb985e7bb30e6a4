"""What callers may send about cases that rest on a track."""

from collections.abc import Mapping
from typing import Any

from recognition_service.dual_certification.open_case import NewTrackCase
from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.vocabulary import DecisionKind, Stage
from recognition_service.web.api.casework_bodies import DestinationIn
from recognition_service.web.api.dual_certification_bodies import TargetKey
from recognition_service.web.fields import Identifier, Part
from recognition_service.web.schemas import Input
from recognition_service.web.text_fields import Choice, Code, Text


class TrackCaseIn(Input):
    """What is asked for about an award; who asks and what is held the track says."""

    award = TargetKey(required=True)
    decision_kind = Choice(DecisionKind, required=True)
    purpose = Choice(Purpose, required=True)
    destination = Part(DestinationIn)
    stage = Choice(Stage)
    language = Code(longest=35)
    external_reference = Text(longest=200, lines=False, allow_none=True)
    regime = Code(longest=80, allow_none=True)


class TrackEvidenceIn(Input):
    """The track behind a case; without one, that of the attestation it rests on."""

    track = Identifier(load_default=None, allow_none=True)


def new_track_case(body: Mapping[str, Any]) -> NewTrackCase:
    """Return what a checked body asks for."""
    told = {name: value for name, value in body.items() if value is not None}
    destination = told.pop("destination", {})
    return NewTrackCase(
        jurisdiction=destination.get("jurisdiction"),
        profession=destination.get("profession"),
        **told,
    )
