"""A body of somebody who is trusted need not fit; what does not fit changes nothing."""

import copy
from uuid import uuid4

import pytest

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.exchange.deliver import Reply
from recognition_service.mutual_recognition.act_kinds import ActKind
from tests.exchange.house import (
    KEPT_REFUSAL,
    PATH,
    difference,
    receipt,
    receiving,
    refusal,
    seen,
)
from tests.peer import a_state, an_act

ACT, ATTACHMENT = "mutual_request.act", "mutual_request.attachment"
UNFIT = "message_body_unfit"
WRONG = (None, -1, "x" * 150, "x" * 25_000, [7], {"x": 7})
PAPER = b"%PDF-1.7 a paper"


def a_full_state(mallory, house, conversation):
    """Return a state in which every member says something."""
    issuer = mallory.issuer
    return a_state(
        issuer,
        house.issuer("school"),
        conversation,
        request={
            "asked_answer_by": "2026-12-01",
            "agreed_answer_by": "2026-12-02",
            "accepted_at": "2026-11-02T09:00:00Z",
            "answered_at": "2026-11-02T09:00:00Z",
            "answered_on": "2026-11-02",
            "answered_in_time": True,
            "parent": str(uuid4()),
            "coordinator": issuer,
            "passed": [issuer],
        },
        event={
            "details": {"to": issuer, "reason": "not_ours"},
            "content": {"free_text": {"en": "Hello."}},
        },
        content={"about": {"person": {"family_name": "Bērziņa"}}},
        attachments=[
            {
                "digest": digest_of_bytes(PAPER),
                "media_type": "application/pdf",
                "bytes": len(PAPER),
                "name": "paper.pdf",
                "by": issuer,
                "sent_at": "2026-11-02T09:00:00Z",
            }
        ],
    )


def paths(value, at=()):
    """Return the places of all members and items in a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for name, member in inner:
        found.append((*at, name))
        if isinstance(member, dict | list):
            found += paths(member, (*at, name))
    return found


def changed(body, path, value):
    """Return a body with one place changed; `paths` away if the value is `paths`."""
    body = copy.deepcopy(body)
    place = body
    for name in path[:-1]:
        place = place[name]
    if value is paths:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return body


class _Anybody:
    """Stands in for somebody while only the places of a body are counted."""

    issuer = "https://peer.example/issuers/mallory"


class _Anywhere:
    @staticmethod
    def issuer(name):
        return f"https://recognition.example/issuers/{name}"


STATE_PATHS = paths(a_full_state(_Anybody, _Anywhere, uuid4()))


@pytest.fixture
def mallory(house):
    return house.meet()


def tell(house, mallory, body, conversation, *, to="school", **more):
    claims = mallory.claims(house.issuer(to), conversation, body, **more)
    return house.post(mallory.signed(claims))


def is_taken_or_refused(house, answer, before, conversation):
    """Tell that nothing broke: it was refused, or what was taken can be read."""
    if answer.status_code == 202:
        assert seen(house.school, conversation)["id"] == str(conversation)
        return
    code, may_retry = refusal(answer)
    assert code in {UNFIT, "attachment_changed"}
    assert not may_retry
    assert difference(before, house.kept()) == KEPT_REFUSAL


def test_the_full_state_is_taken(house, mallory):
    conversation = uuid4()
    body = a_full_state(mallory, house, conversation)
    receipt(tell(house, mallory, body, conversation))
    incoming = seen(house.school, conversation)
    assert incoming["about"] == {"person": {"family_name": "Bērziņa"}}
    assert incoming["attachments"][0]["name"] == "paper.pdf"


@pytest.mark.parametrize("path", STATE_PATHS, ids=lambda p: "/".join(map(str, p)))
def test_a_state_with_a_wrong_member_breaks_nothing(house, mallory, path):
    for value in (paths, *WRONG):
        conversation = uuid4()
        body = changed(a_full_state(mallory, house, conversation), path, value)
        before = house.kept()
        answer = tell(house, mallory, body, conversation)
        is_taken_or_refused(house, answer, before, conversation)


FREE = {("event", "details"), ("event", "content"), ("content", "about")}
"""Objects whose members are not fixed."""


def is_needed(path):
    """Tell whether a member must be there: no item of a list, no language."""
    is_free = any(path[: len(free)] == free for free in FREE if path != free)
    return not (is_free or isinstance(path[-1], int) or path[-2:-1] == ("free_text",))


@pytest.mark.parametrize(
    "path",
    list(filter(is_needed, STATE_PATHS)),
    ids=lambda p: "/".join(map(str, p)),
)
def test_a_state_lacks_no_member(house, mallory, path):
    conversation = uuid4()
    body = changed(a_full_state(mallory, house, conversation), path, paths)
    before = house.kept()
    assert refusal(tell(house, mallory, body, conversation)) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("at", [(), ("event",), ("request",), ("content",)])
def test_a_state_has_no_further_member(house, mallory, at):
    conversation = uuid4()
    body = changed(a_full_state(mallory, house, conversation), (*at, "role"), "admin")
    before = house.kept()
    assert refusal(tell(house, mallory, body, conversation)) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize(
    "kind", ["unknown", "mutual_request.states", "STATE", "x" * 120]
)
def test_an_unknown_type_is_refused_for_good(house, mallory, kind):
    conversation = uuid4()
    body = a_full_state(mallory, house, conversation)
    before = house.kept()
    answer = tell(house, mallory, body, conversation, type=kind)
    assert refusal(answer) == ("type_unknown", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("side", ["asker", "former"])
def test_nobody_joins_as_who_asked_or_has_left(house, mallory, side):
    conversation = uuid4()
    body = a_full_state(mallory, house, conversation) | {"side": side}
    assert refusal(tell(house, mallory, body, conversation)) == (UNFIT, False)


# Who asks leads: nobody else tells how a request stands.


def test_only_who_asked_tells_how_it_stands(house, mallory):
    other = mallory.peer.authority("other")
    mallory.peer.tell(house.runtime)
    conversation = uuid4()
    body = a_state(other.issuer, house.issuer("school"), conversation)
    assert refusal(tell(house, mallory, body, conversation)) == (UNFIT, False)


def test_who_was_asked_cannot_tell_who_asked_how_it_stands(house, mallory):
    request_id = house.ask(mallory)
    body = a_state(mallory.issuer, house.issuer("centre"), request_id, status="closed")
    before = house.kept()
    answer = tell(house, mallory, body, request_id, to="centre")
    assert refusal(answer) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    assert seen(house.centre, request_id)["status"] == "sent"


def test_a_conversation_of_others_cannot_be_taken_over(house, mallory):
    """Its id is no secret among those who take part; who asked stays who asked."""
    honest = house.meet()
    request_id = house.ask(honest)
    body = a_state(
        mallory.issuer,
        house.issuer("school"),
        request_id,
        status="closed",
        request={"coordinator": honest.issuer},
    )
    before = house.kept()
    assert refusal(tell(house, mallory, body, request_id)) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    assert seen(house.centre, request_id)["status"] == "sent"
    act = honest.claims(house.issuer("centre"), request_id, an_act(), type=ACT)
    receipt(house.post(honest.signed(act)))
    assert seen(house.centre, request_id)["status"] == "accepted"


def test_a_conversation_that_came_from_elsewhere_cannot_be_taken_over(house, mallory):
    honest, conversation = house.meet(), uuid4()
    told = a_state(honest.issuer, house.issuer("school"), conversation)
    receipt(tell(house, honest, told, conversation))
    for to in ("school", "second"):
        body = a_state(
            mallory.issuer,
            house.issuer(to),
            conversation,
            status="withdrawn",
            request={"coordinator": honest.issuer},
        )
        before = house.kept()
        answer = tell(house, mallory, body, conversation, to=to)
        assert refusal(answer) == (UNFIT, False)
        assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize("sequence", [0, 1])
def test_case_66_history_is_not_written_over(house, mallory, sequence):
    conversation, school = uuid4(), house.issuer("school")
    receipt(
        tell(
            house, mallory, a_state(mallory.issuer, school, conversation), conversation
        )
    )
    again = a_state(
        mallory.issuer,
        school,
        conversation,
        status="withdrawn",
        event={"event": "withdrawn", "sequence": sequence},
    )
    before = house.kept()
    answer = tell(house, mallory, again, conversation, seq=2)
    assert refusal(answer) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


def test_nobody_is_told_to_have_done_what_they_did_not(house, mallory):
    """An event by a body here needs the message by which it asked for it."""
    conversation, school = uuid4(), house.issuer("school")
    receipt(
        tell(
            house, mallory, a_state(mallory.issuer, school, conversation), conversation
        )
    )
    for sequence, cause in ((2, None), (3, "made-up")):
        claimed = a_state(
            mallory.issuer,
            school,
            conversation,
            cause=cause,
            status="accepted",
            event={"event": "accepted", "sequence": 2, "by": school},
        )
        before = house.kept()
        answer = tell(house, mallory, claimed, conversation, seq=sequence)
        assert refusal(answer) == (UNFIT, False)
        assert difference(before, house.kept()) == KEPT_REFUSAL
    assert seen(house.school, conversation)["status"] == "sent"


@pytest.fixture
def led(house, mallory):
    """A request that mallory leads, and how to tell what has happened to it."""
    return Led(house, mallory)


class Led:
    """A request to the school that another installation leads."""

    def __init__(self, house, mallory):
        self.house, self.mallory, self.id = house, mallory, uuid4()
        self.sequences = {}
        receipt(self.tell("sent", mallory.issuer, sequence=1, cause=None))

    def tell(self, event, by, *, sequence, cause, to="school", **changes):
        """Let mallory tell of an event; `by` is a body here, or an issuer URL."""
        issuer = by if "/" in by else self.house.issuer(by)
        jti = changes.pop("jti", None) or uuid4().hex
        body = a_state(
            self.mallory.issuer,
            self.house.issuer(changes.pop("answerer", "school")),
            self.id,
            cause=cause,
            status=changes.pop("status", event),
            side=changes.pop("side", "answerer"),
            event={"event": event, "sequence": sequence, "by": issuer, "jti": jti},
        )
        self.sequences[to] = self.sequences.get(to, 0) + 1
        return tell(
            self.house, self.mallory, body, self.id, to=to, seq=self.sequences[to]
        )

    def act(self, part, body=None):
        """Let the school do something; return the name of its act."""
        of = f"{PATH}/{self.id}"
        done = self.house.school.change(f"{of}/{part}", body or {}, of=of)
        assert done.status_code == 200, done.json
        return self.house.outgoing(self.id)[-1].jti


def is_refused(house, before, answer, code=UNFIT):
    assert refusal(answer) == (code, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


def test_one_act_does_not_happen_twice(house, led):
    cause = led.act("acceptance")
    receipt(led.tell("accepted", "school", sequence=2, cause=cause))
    before = house.kept()
    again = led.tell("accepted", "school", sequence=3, cause=cause)
    is_refused(house, before, again, "contradictory")
    events = [each["event"] for each in seen(house.school, led.id)["history"]]
    assert events == ["sent", "accepted"]


@pytest.mark.parametrize("event", ["answered", "declined", "closed", "sent"])
def test_an_act_leads_to_nothing_else_than_was_asked_for(house, led, event):
    cause = led.act("acceptance")
    before = house.kept()
    is_refused(house, before, led.tell(event, "school", sequence=2, cause=cause))
    assert seen(house.school, led.id)["exchange"]["pending"]["act"] == "accept"


def test_a_date_is_proposed_or_agreed_to_by_one_act(house, led):
    cause = led.act("deadline", {"answer_by": "2026-12-05"})
    receipt(led.tell("deadline_proposed", "school", sequence=2, cause=cause))
    before = house.kept()
    agreed = led.tell("deadline_agreed", "school", sequence=3, cause=cause)
    is_refused(house, before, agreed, "contradictory")


def test_an_act_in_another_request_is_no_cause(house, mallory, led):
    cause = led.act("acceptance")
    other = Led(house, mallory)
    before = house.kept()
    is_refused(house, before, other.tell("accepted", "school", sequence=2, cause=cause))


def test_nobody_else_has_done_what_a_body_here_asked_for(house, mallory, led):
    cause = led.act("acceptance")
    for by in (mallory.issuer, "second"):
        before = house.kept()
        is_refused(house, before, led.tell("accepted", by, sequence=2, cause=cause))


def test_all_bodies_here_are_told_of_one_event_with_the_same_cause(house, led):
    cause = led.act("forwarding", {"to": "second"})
    jti = uuid4().hex
    told = {"sequence": 2, "cause": cause, "jti": jti, "answerer": "second"}
    receipt(led.tell("forwarded", "school", side="former", **told))
    receipt(led.tell("forwarded", "school", to="second", status="sent", **told))
    assert seen(house.second, led.id)["status"] == "sent"
    assert seen(house.school, led.id)["status"] == "forwarded"


def test_another_body_here_is_not_told_what_the_first_did_not(house, led):
    cause = led.act("forwarding", {"to": "second"})
    told = {"sequence": 2, "answerer": "second", "to": "second", "status": "sent"}
    for claimed in (None, "made-up"):
        before = house.kept()
        answer = led.tell("forwarded", "school", cause=claimed, **told)
        is_refused(house, before, answer)
    receipt(led.tell("forwarded", "school", cause=cause, jti="event-1", **told))
    before = house.kept()
    answer = led.tell(
        "forwarded",
        "school",
        sequence=3,
        cause=cause,
        jti="event-2",
        side="former",
        answerer="second",
    )
    is_refused(house, before, answer, "contradictory")


# Acts: what a body that was asked wants to happen here.


GIVEN = {
    ActKind.ACCEPT: {},
    ActKind.ANSWER: {
        "questions": [{"id": "awarded", "answer": "yes"}],
        "free_text": {"en": "Gladly."},
        "attachments": [
            {
                "digest": digest_of_bytes(PAPER),
                "media_type": "application/pdf",
                "bytes": len(PAPER),
                "name": "paper.pdf",
            }
        ],
        "results": [{"position": 1, "result": {}, "problem": {}}],
    },
    ActKind.REFUSE: {"reason": "not_competent", "free_text": {"en": "No."}},
    ActKind.FORWARD: {"to": "https://nowhere.example", "free_text": None},
    ActKind.SPLIT: {"questions": ["awarded"]},
    ActKind.DEADLINE: {"answer_by": "2026-12-05"},
    ActKind.REVISE_AGREEMENT: {"content": {}},
    ActKind.SIGN_AGREEMENT: {"token": "a.b.c", "claims": {}},
    ActKind.ABANDON_AGREEMENT: {},
    ActKind.WITHDRAW_FROM_AGREEMENT: {},
}


def act(house, mallory, request_id, body, sequence):
    return tell(house, mallory, body, request_id, to="centre", type=ACT, seq=sequence)


@pytest.mark.parametrize("kind", ActKind)
def test_an_act_with_a_wrong_member_breaks_nothing(house, mallory, kind):
    request_id = house.ask(mallory)
    whole = an_act(kind.value, GIVEN[kind])
    sequence = 0
    if kind is ActKind.ANSWER:
        sequence += 1
        receipt(act(house, mallory, request_id, an_act(), sequence))
    for path in (*paths(whole), ("role",), ("given", "role")):
        for value in (paths, *WRONG):
            if value is paths and path[-1] == "role":
                continue
            sequence += 1
            before = house.kept()
            answer = act(
                house, mallory, request_id, changed(whole, path, value), sequence
            )
            if answer.status_code != 202:
                assert not refusal(answer)[1]
                assert difference(before, house.kept()) == KEPT_REFUSAL
            assert seen(house.centre, request_id)["id"] == request_id


@pytest.mark.parametrize("name", ["act", "at", "given"])
def test_an_act_lacks_no_member(house, mallory, name):
    request_id = house.ask(mallory)
    body = an_act()
    del body[name]
    before = house.kept()
    assert refusal(act(house, mallory, request_id, body, 1)) == (UNFIT, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-23:59",
        "2026-11-02T09:00:00+23:59",
    ],
)
def test_an_instant_far_away_breaks_nothing(house, mallory, at):
    request_id = house.ask(mallory)
    receipt(act(house, mallory, request_id, an_act(), 1))
    known = [item["id"] for item in seen(house.centre, request_id)["questions"]]
    given = {
        "questions": [{"id": each, "answer": "unknown"} for each in known],
        "free_text": None,
        "attachments": [],
        "results": None,
    }
    answer = act(house, mallory, request_id, an_act("answer", given) | {"at": at}, 2)
    assert answer.status_code in {202, 409}
    assert seen(house.centre, request_id)["id"] == request_id


def test_who_takes_no_part_can_do_nothing(house, mallory):
    request_id = house.ask(house.meet())
    before = house.kept()
    answer = act(house, mallory, request_id, an_act(), 1)
    assert refusal(answer) == ("mutual_request_not_found", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    unknown = act(house, mallory, uuid4(), an_act(), 1)
    assert refusal(unknown) == ("mutual_request_not_found", False)


def test_case_66_an_act_that_the_state_forbids_is_refused(house, mallory):
    request_id = house.ask(mallory)
    given = {"questions": [], "free_text": None, "attachments": [], "results": None}
    before = house.kept()
    answer = act(house, mallory, request_id, an_act("answer", given), 1)
    assert refusal(answer) == ("mutual_request_state", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    receipt(act(house, mallory, request_id, an_act(), 2))
    twice = act(house, mallory, request_id, an_act(), 3)
    assert refusal(twice) == ("mutual_request_state", False)


def test_an_officer_sees_that_the_other_side_has_refused_an_act(house, mallory):
    conversation, school = uuid4(), house.issuer("school")
    receipt(
        tell(
            house, mallory, a_state(mallory.issuer, school, conversation), conversation
        )
    )
    of = f"{PATH}/{conversation}"
    done = house.school.change(f"{of}/acceptance", {}, of=of)
    assert done.json["exchange"]["pending"]["act"] == "accept"
    refused = {
        "status": "refused",
        "code": "mutual_request_state",
        "detail": "It was withdrawn.",
        "retry": False,
    }
    house.send(receiving(mallory, **refused))
    shown = seen(house.school, conversation)
    assert shown["status"] == "sent"
    assert shown["exchange"]["pending"] is None
    assert shown["exchange"]["refused"]["act"] == "accept"
    assert shown["exchange"]["refused"]["code"] == "mutual_request_state"
    (noted,) = house.audit("school", f"exchange/{conversation}")
    assert noted.action == "exchange.refused"
    again = house.school.change(f"{of}/acceptance", {}, of=of)
    assert again.json["exchange"]["pending"]["act"] == "accept"


def test_case_66_a_request_does_not_go_back_to_who_asked(house, mallory):
    request_id = house.ask(mallory)
    for sequence, to in enumerate(("centre", "desk"), start=1):
        given = {"to": house.issuer(to), "free_text": None}
        before = house.kept()
        answer = act(house, mallory, request_id, an_act("forward", given), sequence)
        if to == "centre":
            assert refusal(answer) == ("mutual_request_invalid", False)
            assert difference(before, house.kept()) == KEPT_REFUSAL
        else:
            receipt(answer)
    back = house.desk.change(
        f"{PATH}/{request_id}/forwarding",
        {"to": {"authority": "mallory", "installation": mallory.peer.name}},
        of=f"{PATH}/{request_id}",
    )
    assert (back.status_code, back.json["errors"][0]["code"]) == (422, "forward_loop")


def test_a_request_does_not_go_on_to_a_third_installation(house, mallory):
    request_id, third = house.ask(mallory), house.meet()
    given = {"to": third.issuer, "free_text": None}
    before = house.kept()
    answer = act(house, mallory, request_id, an_act("forward", given), 1)
    assert refusal(answer) == ("mutual_request_invalid", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


# Documents: the bytes that were announced, from who has announced them.


def bring(house, sender, conversation, content, sequence, **changes):
    digest = changes.pop("digest", digest_of_bytes(content))
    claims = sender.claims(
        house.issuer("school"),
        conversation,
        {"digest": digest},
        seq=sequence,
        type=ATTACHMENT,
        attachments=[digest],
    )
    return house.post_bytes(sender.signed(claims | changes), content)


@pytest.fixture
def announced(house, mallory):
    """A conversation in which mallory has announced a paper."""
    conversation = uuid4()
    body = a_full_state(mallory, house, conversation)
    receipt(tell(house, mallory, body, conversation))
    return conversation


def is_no_document(house, conversation):
    at = f"{PATH}/{conversation}/attachments/{digest_of_bytes(PAPER)}"
    assert house.school.get(at).status_code == 404


def test_a_document_comes_beside_its_message(house, mallory, announced):
    receipt(bring(house, mallory, announced, PAPER, 2))
    at = f"{PATH}/{announced}/attachments/{digest_of_bytes(PAPER)}"
    assert house.school.get(at).data == PAPER


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PAPER[:-1], "attachment_mismatch"),
        (PAPER + b"!", "attachment_mismatch"),
        (PAPER[:-1] + b"!", "attachment_mismatch"),
        (b"", "attachment_mismatch"),
    ],
)
def test_other_bytes_than_announced_are_refused(
    house, mallory, announced, content, code
):
    before = house.kept()
    answer = bring(house, mallory, announced, content, 2, digest=digest_of_bytes(PAPER))
    assert refusal(answer) == (code, False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    is_no_document(house, announced)


def test_a_document_that_nobody_announced_is_refused(house, mallory, announced):
    before = house.kept()
    answer = bring(house, mallory, announced, b"another", 2)
    assert refusal(answer) == ("attachment_not_found", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL


def test_a_message_about_a_document_brings_its_bytes(house, mallory, announced):
    digest = digest_of_bytes(PAPER)
    before = house.kept()
    answer = tell(
        house,
        mallory,
        {"digest": digest},
        announced,
        seq=2,
        type=ATTACHMENT,
        attachments=[digest],
    )
    assert refusal(answer) == ("attachment_missing", False)
    assert difference(before, house.kept()) == KEPT_REFUSAL
    is_no_document(house, announced)


@pytest.mark.parametrize("attachments", [[], ["sha256-" + "A" * 43], ["a", "b"]])
def test_a_message_names_the_document_that_it_brings(
    house, mallory, announced, attachments
):
    answer = bring(house, mallory, announced, PAPER, 2, attachments=attachments)
    assert refusal(answer) == ("attachment_missing", False)
    is_no_document(house, announced)


def test_bytes_come_only_from_who_has_announced_them(house, mallory, announced):
    other = mallory.peer.authority("other")
    mallory.peer.tell(house.runtime)
    before = house.kept()
    answer = bring(house, other, announced, PAPER, 1)
    assert answer.status_code == 409
    assert difference(before, house.kept()) == KEPT_REFUSAL
    is_no_document(house, announced)


def test_too_many_bytes_are_not_read(house, mallory, announced):
    before = house.kept()
    answer = bring(house, mallory, announced, bytes((10 << 20) + 1), 2)
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert difference(before, house.kept()) == {}


def test_bytes_without_a_message_are_not_taken(house):
    answer = house.client.post(
        "/exchange/attachments", data=PAPER, content_type="application/octet-stream"
    )
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")


def test_a_lost_receipt_is_told_again(house, mallory):
    """Whoever sends a message again after a loss does not do it twice."""
    request_id = house.ask(mallory)
    claims = mallory.claims(house.issuer("centre"), request_id, an_act(), type=ACT)
    receipt(house.post(mallory.signed(claims)))
    version = seen(house.centre, request_id)["history"]
    receipt(house.post(mallory.signed(claims)))
    assert seen(house.centre, request_id)["history"] == version
    assert [m.state for m in house.outgoing(request_id)] == ["waiting", "waiting"]
    house.send(lambda *_: Reply(503, b""))
    assert [m.attempts for m in house.outgoing(request_id)] == [1, 0]
