"""Receivers are told of a closed list of events, and of each a closed list of facts."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

import recognition_service
from recognition_service.attestations.joint_models import JointState
from recognition_service.attestations.models import Status
from recognition_service.delivery.webhook_events import (
    EVENT_TYPES,
    KINDS,
    TEST,
    event_for_test,
    event_of,
)
from recognition_service.dual_certification.lifecycle import AwardStatus
from recognition_service.mutual_recognition.agreement import AgreementState
from recognition_service.mutual_recognition.conversation import Event
from recognition_service.mutual_recognition.proposals import (
    ABANDONED,
    REVISED,
    SIGNED,
)
from recognition_service.regimes.events import CaseEventKind
from recognition_service.storage.audit import SealedEntry

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ID = UUID("0193a1c2-7d1b-7c55-9a51-0d6f2a7e9c11")
URL = "https://recognition.example"
PACKAGE = Path(recognition_service.__file__).parent
GUIDE = PACKAGE.parent / "docs" / "api.md"
NEVER = re.compile(
    r"claim|alert|fraud|paper|letter|erased|rectification|read\b|key|principal|mandate"
)


def an_entry(action="request.decided", actor="person:1", **content):
    subject = "recognition_request/0193a1c2-0000-7000-8000-000000000001"
    return SealedEntry(7, ID, NOW, actor, action, subject, content)


def written(entry):
    event = event_of(entry, "be-fr", mode="live", public_url=URL)
    return None if event is None else json.loads(event.body)


def test_an_entry_becomes_an_event_with_an_id_of_its_own():
    document = written(an_entry(outcome="partial", decision="d-1", regime="r"))
    request = "0193a1c2-0000-7000-8000-000000000001"
    assert document == {
        "id": "evt_0193a1c27d1b7c559a510d6f2a7e9c11",
        "type": "recognition_request.decided",
        "timestamp": "2026-11-02T09:00:00Z",
        "sequence": 7,
        "authority": "be-fr",
        "mode": "live",
        "data": {
            "recognition_request": request,
            "regime": "r",
            "decision": "d-1",
            "outcome": "partial",
            "href": f"{URL}/api/v1/recognition-requests/{request}",
        },
    }


def test_what_is_not_named_is_not_told():
    entry = an_entry(outcome="full", note="Amina Haddad", body="Court", remedy={"a": 1})
    assert set(written(entry)["data"]) == {"recognition_request", "outcome", "href"}


@pytest.mark.parametrize("value", [{"a": 1}, ["a"], "a" * 201])
def test_what_is_more_than_a_code_is_not_told(value):
    assert "outcome" not in written(an_entry(outcome=value))["data"]


@pytest.mark.parametrize(
    "action",
    ["request.read", "claim.opened", "alert.sent", "request.fraud_suspected", "x"],
)
def test_other_entries_stay_inside(action):
    assert written(an_entry(action)) is None


def test_nothing_is_told_of_what_persons_do_or_are_said_to_have_done():
    told = [
        *KINDS,
        *EVENT_TYPES,
        *(each for kind in KINDS.values() for each in kind.members),
    ]
    assert [name for name in told if NEVER.search(name)] == []


def test_who_acts_is_told_as_an_authority_and_never_as_a_person():
    own = written(an_entry("mutual_request.answered", kind="case_information"))
    other = written(an_entry("mutual_request.answered", actor="authority:ma-demo"))
    assert (own["data"]["by"], other["data"]["by"]) == ("be-fr", "ma-demo")
    for action in KINDS:
        assert "person:" not in json.dumps(written(an_entry(action)))


def test_a_test_says_that_it_is_one():
    event = event_for_test(ID, "be-fr", ID, mode="test", now=NOW)
    document = json.loads(event.body)
    assert (document["type"], document["mode"]) == (TEST, "test")
    assert TEST not in EVENT_TYPES


def test_types_are_written_as_the_standard_wants_them():
    for each in (*EVENT_TYPES, TEST):
        assert re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", each)
        assert len(each) <= 60


def test_every_action_of_the_list_is_one_that_rooms_write_down():
    words = {
        "request": {*CaseEventKind, "provisional_granted", "provisional_ended"},
        "mutual_request": {*Event},
        "attestation": {*Status, "issued"},
        "joint": {*JointState, "opened"},
        "agreement": {*AgreementState, "proposed", REVISED, SIGNED, ABANDONED},
        "dual_certification": {f"award_{status}" for status in AwardStatus}
        | {"opened", "joined", "result_recorded", "result_withdrawn"}
        | {"joint_opened", "joint_signed", "attested_alone"},
        "batch": {"finished"},
        "edition": {"published"},
        "webhook": {"disabled"},
    }
    known = {f"{room}.{word}" for room, own in words.items() for word in own}
    assert set(KINDS) - known == set()


def test_the_guide_names_every_type():
    section = GUIDE.read_text(encoding="utf-8").partition("\n## Webhooks\n")[2]
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", section.partition("\n## ")[0]))
    assert named >= {*EVENT_TYPES, TEST}
    assert {each for each in named if each.split(".")[0] in _OBJECTS} <= {
        *EVENT_TYPES,
        TEST,
    }


_OBJECTS = {each.split(".")[0] for each in EVENT_TYPES}
