"""What callers may send about alerts."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from recognition_service.recognition.new_alert import (
    Ground,
    NewAlert,
    Professional,
)
from recognition_service.web.api.casework_bodies import RemedyIn, as_json
from recognition_service.web.fields import DateField, Identifier, Part, YesNo
from recognition_service.web.schemas import Fault, Input
from recognition_service.web.text_fields import Choice, Code, LanguageMap, Name, Text

_NOT_BOTH = Fault("one_of_two", "Either the last day or the day of revocation.")


class ProfessionalIn(Input):
    """Who the person is, where the authority has no case of theirs."""

    family_name = Name(required=True)
    given_name = Name(allow_none=True)
    birth_date = DateField(past=True, allow_none=True)
    birth_place = Name(allow_none=True)


class DecidedByIn(Input):
    """The authority or court that decided."""

    name = Name(required=True)
    is_court = YesNo(required=True)


class RestrictionPeriodIn(Input):
    """First and last day of a restriction; without a last day no end is known."""

    from_ = DateField(required=True, data_key="from")
    until = DateField(load_default=None, allow_none=True)


class AlertIn(Input):
    """An alert: the five things that others may be told, and what is needed here."""

    ground = Choice(Ground, required=True)
    request = Identifier(load_default=None, allow_none=True)
    professional = Part(ProfessionalIn, load_default=None, allow_none=True)
    regime = Code(longest=80, load_default=None, allow_none=True)
    profession = Code(longest=80, required=True)
    authority = Part(DecidedByIn, required=True)
    scope = Text(longest=2000, load_default=None, allow_none=True)
    period = Part(RestrictionPeriodIn, load_default=None, allow_none=True)
    decided_on = DateField(past=True, required=True)
    final_on = DateField(past=True, load_default=None, allow_none=True)
    remedy = Part(RemedyIn, required=True)


class AlertSendingIn(Input):
    """What the person is told in writing, by language."""

    notice = LanguageMap(required=True)


class AlertAppealIn(Input):
    """Where the alert is contested; null: it is no longer."""

    body = Name(required=True, allow_none=True)
    lodged_on = DateField(past=True, load_default=None, allow_none=True)


class AlertEndIn(Input):
    """The last day as it is known now, or the day on which the alert was revoked."""

    until = DateField(load_default=None, allow_none=True)
    revoked_on = DateField(past=True, load_default=None, allow_none=True)

    @ma.validates_schema
    def _is_one(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if data["until"] is not None and data["revoked_on"] is not None:
            raise ma.ValidationError({"until": [_NOT_BOTH]})


def new_alert(body: Mapping[str, Any]) -> NewAlert:
    """Return the alert that a checked body describes."""
    period = body["period"] or {}
    professional = body["professional"]
    return NewAlert(
        ground=body["ground"],
        request_id=body["request"],
        professional=Professional(**professional) if professional else None,
        regime=body["regime"],
        profession=body["profession"],
        decided_by=body["authority"]["name"],
        is_court=body["authority"]["is_court"],
        scope=body["scope"],
        applies_from=period.get("from_"),
        applies_until=period.get("until"),
        decided_on=body["decided_on"],
        final_on=body["final_on"],
        remedy=as_json(body["remedy"]),
    )
