"""What receivers are told: a closed list of events, each made of an audit entry.

An event carries ids, codes, numbers and dates, and each kind names which. What an entry
says besides stays inside: an entry is written for auditors of the authority, and a
receiver may be anybody's machine. Nothing is told of claims, alerts, suspicions, papers
or letters, which are about what persons do or are said to have done.

Events arrive in any order. `sequence` is the place of the entry in the audit of its
authority: of two events the one with the larger number was written down later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson

from recognition_service.clock import format_instant
from recognition_service.storage.audit import SealedEntry

TEST = "webhook.test"
"""Sent when somebody asks for it; no entry of the audit stands behind it."""
_LONGEST_VALUE = 200
_OF_ANOTHER = "authority:"


@dataclass(frozen=True, slots=True)
class EventKind:
    """What is told of one kind of audit entry.

    Attributes:
        type: Permanent public name.
        subject: Name of the member that holds the id of what was changed.
        path: Where it can be read, without the id; None: nowhere by itself.
        members: What is taken from the entry, if it is there.
        tells_actor: Whether it is told which authority acted.
    """

    type: str
    subject: str
    path: str | None = None
    members: tuple[str, ...] = ()
    tells_actor: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as every receiver is told of it.

    Attributes:
        id: Made of the id of the audit entry, so that it is always the same.
        body: The JSON text that is signed and sent.
    """

    id: str
    type: str
    at: datetime
    body: bytes


def _case(*events: str, tell: str = "") -> dict[str, EventKind]:
    return {
        f"request.{event}": EventKind(
            f"recognition_request.{event}",
            "recognition_request",
            "/api/v1/recognition-requests/",
            ("regime", *tell.split()),
        )
        for event in events
    }


def _attestation(**types: str) -> dict[str, EventKind]:
    return {
        f"attestation.{action}": EventKind(
            f"attestation.{name}", "attestation", "/api/v1/attestations/", ("reason",)
        )
        for action, name in types.items()
    }


def _joint(**types: str) -> dict[str, EventKind]:
    return {
        f"joint.{action}": EventKind(
            f"joint_award.{name}", "joint_award", None, ("by", "decision_digest")
        )
        for action, name in types.items()
    }


def _track(*events: str, tell: str = "") -> dict[str, EventKind]:
    return {
        f"dual_certification.{event}": EventKind(
            f"dual_certification.{event}",
            "dual_certification",
            "/api/v1/dual-certifications/",
            ("by", *tell.split()),
        )
        for event in events
    }


def _mutual(*events: str, tell: str = "") -> dict[str, EventKind]:
    return {
        f"mutual_request.{event}": EventKind(
            f"mutual_request.{event}",
            "mutual_request",
            "/api/v1/mutual-requests/",
            ("kind", "sequence", *tell.split()),
            tells_actor=True,
        )
        for event in events
    }


def _agreement(*events: str) -> dict[str, EventKind]:
    return {
        f"agreement.{event}": EventKind(
            f"agreement.{event}",
            "agreement",
            "/api/v1/agreements/",
            ("revision", "digest"),
            tells_actor=True,
        )
        for event in events
    }


KINDS: Mapping[str, EventKind] = MappingProxyType(
    _case("submitted", "acknowledged", "withdrawn", "information_received")
    | _case("completed", "documents_received", tell="on")
    | _case("documents_requested", "information_requested", tell="answer_by")
    | _case("decided", tell="decision outcome decision_digest")
    | _case("tacitly_granted", tell="decision limit on")
    | _case("service_may_start", "became_final", tell="limit on")
    | _case("lapsed", "forwarded", "not_competent")
    | _case("limit_missed", tell="limit due_on effect")
    | _case("hold_began", "hold_ended", tell="rule on until")
    | _case("measure_imposed", "provisional_granted", tell="decision")
    | _case("measure_chosen", tell="measure chosen_by")
    | _case("measure_passed", "measure_failed", tell="on")
    | _case("provisional_ended")
    | _case("appeal_lodged", tell="against on")
    | _case("appeal_upheld", "appeal_amended", "appeal_remitted", tell="appeal on")
    | _case("appeal_withdrawn", tell="appeal on")
    | _case("reopened", tell="reason")
    | _case("revoked", tell="decision revokes ground decision_digest")
    | _attestation(issued="issued", suspended="suspended", valid="reinstated")
    | _attestation(revoked="revoked", superseded="superseded")
    | _joint(opened="opened", complete="completed")
    | _joint(withdrawn="withdrawn", cancelled="cancelled")
    | _track("opened", "joined", tell="programme keeper")
    | _track("result_recorded", "result_withdrawn", tell="unit")
    | _track("award_awarded", "award_refused", "award_revoked", tell="target how")
    | _track("joint_opened", tell="group")
    | _track("joint_signed", "attested_alone", tell="target attestation")
    | _mutual("sent", "accepted", "closed", "withdrawn")
    | _mutual("deadline_proposed", "deadline_agreed", tell="answer_by")
    | _mutual("more_info_requested", tell="answer_by")
    | _mutual("answered", "revised", "signed", tell="act revision digest")
    | _mutual("declined", tell="reason")
    | _mutual("forwarded", tell="to")
    | _mutual("referred_to_coordinator", tell="coordinator")
    | _mutual("split", tell="child")
    | _agreement("proposed", "revised", "signed", "abandoned", "withdrawn")
    | {
        "batch.finished": EventKind(
            "batch.finished", "batch", None, ("done", "failed")
        ),
        "edition.published": EventKind(
            "edition.published", "edition", "/api/v1/editions/", ("base", "rows")
        ),
        "webhook.disabled": EventKind(
            "webhook.disabled", "webhook", "/api/v1/webhooks/", ("reason",)
        ),
    }
)
"""What becomes an event, by the action of the audit entry."""
EVENT_TYPES = tuple(sorted({kind.type for kind in KINDS.values()}))
"""What an endpoint can ask for; `webhook.test` it gets anyway."""


def event_of(
    entry: SealedEntry, authority_id: str, *, mode: str, public_url: str
) -> Event | None:
    """Return the event that an audit entry becomes, or None.

    Args:
        entry: Of this authority.
        authority_id: Who is told.
        mode: "test" or "live"; it stands in every event.
        public_url: Of this installation.
    """
    kind = KINDS.get(entry.action)
    if kind is None:
        return None
    subject = entry.subject.partition("/")[2]
    told = {
        name: entry.content[name]
        for name in kind.members
        if name in entry.content and _is_plain(entry.content[name])
    }
    if kind.tells_actor:
        is_other = entry.actor.startswith(_OF_ANOTHER)
        told["by"] = entry.actor.removeprefix(_OF_ANOTHER) if is_other else authority_id
    if kind.path is not None:
        told["href"] = f"{public_url}{kind.path}{subject}"
    return _written(
        entry.id,
        kind.type,
        entry.at,
        {
            "sequence": entry.position,
            "authority": authority_id,
            "mode": mode,
            "data": {kind.subject: subject} | told,
        },
    )


def event_for_test(
    event_id: UUID, authority_id: str, webhook_id: UUID, *, mode: str, now: datetime
) -> Event:
    """Return an event that says nothing but that it is a test."""
    rest = {
        "sequence": None,
        "authority": authority_id,
        "mode": mode,
        "data": {"webhook": str(webhook_id)},
    }
    return _written(event_id, TEST, now, rest)


def _written(
    event_id: UUID, type_: str, at: datetime, rest: Mapping[str, Any]
) -> Event:
    name = f"evt_{event_id.hex}"
    head = {"id": name, "type": type_, "timestamp": format_instant(at)}
    return Event(name, type_, at, orjson.dumps({**head, **rest}))


def _is_plain(value: object) -> bool:
    """Tell whether a value is a code, a number or nothing; no text is that short."""
    if isinstance(value, str):
        return len(value) <= _LONGEST_VALUE
    return value is None or isinstance(value, bool | int)
