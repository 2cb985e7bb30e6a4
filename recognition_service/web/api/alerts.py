"""Alerts about professionals: prepared, sent by another person, corrected, ended."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.models import Role
from recognition_service.recognition.alert_lists import (
    View,
    first_page,
    list_alerts,
    own_document,
    received_document,
)
from recognition_service.recognition.alert_models import AlertElsewhere
from recognition_service.recognition.alerts import (
    end_alert,
    get_alert,
    note_alert_appeal,
    prepare_alert,
    send_alert,
)
from recognition_service.web.access import caller, requires
from recognition_service.web.api import examples
from recognition_service.web.api.alert_bodies import (
    AlertAppealIn,
    AlertEndIn,
    AlertIn,
    AlertSendingIn,
    new_alert,
)
from recognition_service.web.api.own_lists import read_own_page
from recognition_service.web.api.shapes import PAGE_PARAMETERS, page_of, query
from recognition_service.web.current import runtime
from recognition_service.web.etags import entity_tag, if_match, require_version
from recognition_service.web.idempotent import idempotent
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint(
    "alerts", __name__, description="Warnings between competent authorities."
)
_ALL = "/alerts"
_ONE = f"{_ALL}/<uuid:alert_id>"
_SHAPE = {"type": "object", "required": ["id", "professional", "profession", "state"]}
_EXAMPLE = examples.load("alert")
_RECEIVED = examples.load("alert_received")


@blueprint.route(_ALL, methods=["POST"])
@requires(Role.OFFICER)
@idempotent
@blueprint.arguments(AlertIn, example=examples.load("alert_body"))
@blueprint.problems(403, 404)
@blueprint.response(201, _SHAPE, example=_EXAMPLE)
def add_alert(body: Mapping[str, Any]) -> Response:
    """Prepare an alert; another person sends it.

    Grounds are a decision that restricts or prohibits practice, or the final finding of
    a court that forged papers were used in a request. A suspicion is none.
    """
    by = caller()
    edition = runtime().edition(by.authority_id)
    with runtime().database.transaction() as session:
        alert = prepare_alert(
            session, by, new_alert(body), edition=edition, now=runtime().now()
        )
    answer = _answer(alert.id, 201)
    answer.headers["Location"] = f"/api/v1{_ALL}/{alert.id}"
    return answer


@blueprint.route(_ALL)
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.doc(
    parameters=[
        query(
            "view",
            "Own alerts (as without it), overdue or received ones.",
            enum=[*View],
        ),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 403, 422)
@blueprint.response(
    200,
    page_of("Alerts, oldest first."),
    example={"items": [_RECEIVED], "next": None},
)
def get_alerts() -> Response:
    """List the alerts of the authority, or those that others sent.

    Others' alerts are read by authorities that are competent for the profession, where
    the instrument holds, as long as the alert holds. Those of authorities in other
    installations are among them, `from` being `authority@installation`.
    """
    asked, now = read_own_page("alerts", "view", View), runtime().now()
    view = View(asked.state or View.OWN)
    with runtime().database.reading() as session:
        today = legal_day(get_authority(session, asked.owner), now)
        found = list_alerts(
            session,
            asked.owner,
            view,
            after=asked.after,
            limit=asked.limit + 1,
            now=now,
        )
    items = [
        received_document(alert)
        if view is View.RECEIVED or isinstance(alert, AlertElsewhere)
        else own_document(alert, today=today, now=now)
        for alert in first_page(found, asked.limit)
    ]
    return asked.answer(items, found=len(found))


@blueprint.route(_ONE)
@requires(Role.OFFICER, Role.SIGNATORY)
@blueprint.problems(403, 404)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def get_own_alert(alert_id: UUID) -> Response:
    """Show an alert of the authority."""
    return _answer(alert_id)


@blueprint.route(f"{_ONE}/sending", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@if_match()
@blueprint.arguments(
    AlertSendingIn, example={"notice": {"en": "An alert about you was sent …"}}
)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_alert_sending(body: Mapping[str, Any], alert_id: UUID) -> Response:
    """Send an alert as the second person; the person concerned is told with it."""
    with runtime().database.transaction() as session:
        _check_version(session, alert_id)
        send_alert(session, caller(), alert_id, **body, now=runtime().now())
    return _answer(alert_id)


@blueprint.route(f"{_ONE}/appeal", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@if_match()
@blueprint.arguments(
    AlertAppealIn,
    example={"body": "Administrative court", "lodged_on": "2026-11-20"},
)
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_alert_appeal(body: Mapping[str, Any], alert_id: UUID) -> Response:
    """Note in the alert that the person contests it, or no longer does."""
    with runtime().database.transaction() as session:
        _check_version(session, alert_id)
        note_alert_appeal(session, caller(), alert_id, **body, now=runtime().now())
    return _answer(alert_id)


@blueprint.route(f"{_ONE}/end", methods=["PUT"])
@requires(Role.OFFICER, Role.SIGNATORY)
@if_match()
@blueprint.arguments(AlertEndIn, example={"until": "2027-06-30"})
@blueprint.problems(403, 404, 409)
@blueprint.response(200, _SHAPE, example=_EXAMPLE)
def put_alert_end(body: Mapping[str, Any], alert_id: UUID) -> Response:
    """Correct the last day, or revoke the alert; what is over is deleted."""
    with runtime().database.transaction() as session:
        _check_version(session, alert_id)
        end_alert(session, caller(), alert_id, **body, now=runtime().now())
    return _answer(alert_id)


def _check_version(session: Any, alert_id: UUID) -> None:
    """Refuse a change of an alert that is not the version that was read."""
    alert = get_alert(session, caller().authority_id, alert_id, to_change=True)
    require_version(alert.version)


def _answer(alert_id: UUID, status: int = 200) -> Response:
    now, owner = runtime().now(), caller().authority_id
    with runtime().database.reading() as session:
        alert = get_alert(session, owner, alert_id)
        today = legal_day(get_authority(session, owner), now)
    return json_answer(
        own_document(alert, today=today, now=now),
        status,
        {"ETag": entity_tag(alert.version), "Cache-Control": "no-store"},
    )
