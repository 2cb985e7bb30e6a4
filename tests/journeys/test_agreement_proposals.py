"""An agreement is proposed as a request, and the request tells how it is negotiated."""

from datetime import timedelta

import pytest

from recognition_service.authorities.models import Role
from recognition_service.worker.loop import turn
from tests.journeys.bodies import COORDINATOR, a_body
from tests.journeys.test_agreements import a_text, a_title, sign
from tests.journeys.test_agreements import do as do_with_agreement
from tests.journeys.test_mutual_requests import PATH, do
from tests.web.conftest import add_person


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


def a_proposal(**more):
    return {
        "kind": "agreement_proposal",
        "to": "ma-demo",
        "free_text": {"fr": "Suite à notre rencontre à Rabat."},
        "proposed_answer_by": "2026-12-01",
        "agreement": a_text(),
    } | more


def proposed(office, **more):
    answer = office.post(PATH, a_proposal(**more))
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def seen(office, request_id):
    return office.get(f"{PATH}/{request_id}").json


def told(office, request_id):
    """Return who did what, as an office reads it in the history."""
    return [
        (each["by"], each["event"], each["details"].get("revision"))
        for each in seen(office, request_id)["history"]
    ]


def test_a_proposal_lies_in_the_inbox_until_both_have_signed(flanders, morocco):
    request_id = proposed(flanders)
    (incoming,) = morocco.get(f"{PATH}?box=in&kind=agreement_proposal").json["items"]
    assert (incoming["id"], incoming["status"]) == (request_id, "sent")
    read = seen(morocco, request_id)
    assert read["free_text"]["fr"].startswith("Suite")
    assert read["allowed"] == [
        "deadline_proposed",
        "deadline_agreed",
        "accepted",
        "declined",
    ]
    assert read["agreement"]["href"].endswith(f"/api/v1/agreements/{request_id}")
    assert read["agreement"]["allowed"] == ["revise", "sign", "abandon"]
    assert do(morocco, request_id, "acceptance").json["status"] == "accepted"
    do_with_agreement(morocco, request_id, "revision", a_text(4))
    answered = seen(flanders, request_id)
    assert (answered["status"], answered["due_on"]) == ("answered", None)
    assert answered["indicators"]["answered_by_agreed_date"] is True
    do_with_agreement(flanders, request_id, "revision", a_text(5))
    assert seen(morocco, request_id)["status"] == "accepted"
    sign(flanders, request_id)
    assert sign(morocco, request_id).json["state"] == "signed"
    for office in (flanders, morocco):
        done = seen(office, request_id)
        assert (done["status"], done["agreement"]["state"]) == ("closed", "signed")
        assert done["visible_to_applicant"]["result"] == "answered"
    assert told(flanders, request_id) == told(morocco, request_id)
    assert told(flanders, request_id) == [
        ("be-fl-demo", "sent", None),
        ("ma-demo", "accepted", None),
        ("ma-demo", "answered", 2),
        ("be-fl-demo", "revised", 3),
        ("be-fl-demo", "signed", 3),
        ("ma-demo", "answered", 3),
        ("ma-demo", "closed", 3),
    ]


def test_who_answers_by_signing_has_accepted(flanders, morocco):
    request_id = proposed(flanders)
    sign(morocco, request_id)
    assert seen(flanders, request_id)["indicators"]["accepted_within_a_week"] is True
    assert sign(flanders, request_id).json["state"] == "signed"
    assert seen(morocco, request_id)["status"] == "closed"


def test_a_text_sent_to_agreements_is_the_same_proposal(flanders, morocco):
    answer = flanders.post("/agreements", a_text() | {"to": "ma-demo"})
    (incoming,) = morocco.get(f"{PATH}?box=in").json["items"]
    assert (incoming["id"], incoming["kind"]) == (
        answer.json["id"],
        "agreement_proposal",
    )


@pytest.mark.parametrize(
    ("who", "act", "status"),
    [("morocco", "refusal", "declined"), ("flanders", "withdrawal", "withdrawn")],
)
def test_declining_or_withdrawing_ends_the_negotiation(office_of, who, act, status):
    offices = {"flanders": office_of("be-fl-demo"), "morocco": office_of("ma-demo")}
    request_id = proposed(offices["flanders"])
    do_with_agreement(offices["morocco"], request_id, "revision", a_text(2))
    assert do(offices[who], request_id, act).json["status"] == status
    for office in offices.values():
        found = office.get(f"/agreements/{request_id}").json
        assert (found["state"], found["allowed"]) == ("abandoned", [])
    late = sign(offices["flanders"], request_id)
    assert (late.status_code, late.json["code"]) == (409, "agreement_state")


def test_giving_up_the_negotiation_ends_the_request(flanders, morocco):
    request_id = proposed(flanders)
    do_with_agreement(morocco, request_id, "abandonment")
    assert seen(flanders, request_id)["status"] == "declined"
    again = proposed(flanders)
    do_with_agreement(flanders, again, "abandonment")
    assert seen(morocco, again)["status"] == "withdrawn"


@pytest.mark.parametrize("act", ["answer", "forwarding", "split", "closure"])
def test_a_proposal_is_answered_by_its_parties_with_the_agreement(
    flanders, morocco, act
):
    request_id = proposed(flanders)
    do(morocco, request_id, "acceptance")
    body = {
        "answer": {"questions": []},
        "forwarding": {"to": "be-fr-demo"},
        "split": {"questions": ["awarded"]},
        "closure": {},
    }[act]
    refused = do(flanders if act == "closure" else morocco, request_id, act, body)
    assert (refused.status_code, refused.json["code"]) == (409, "mutual_request_state")


def test_an_overdue_proposal_is_referred_and_its_text_is_not_shown(
    app, flanders, morocco, runtime, clock
):
    coordinator = a_body(app, runtime, "ma-coordinator", "MA", COORDINATOR)
    request_id = proposed(flanders)
    clock.instant += timedelta(days=40)
    turn(runtime)
    told_of = seen(coordinator, request_id)
    assert (told_of["status"], told_of["access"]) == (
        "referred_to_coordinator",
        "metadata",
    )
    assert (told_of["agreement"], told_of["free_text"]) == (None, None)
    assert coordinator.get(f"/agreements/{request_id}").status_code == 404
    assert seen(morocco, request_id)["allowed"] == ["accepted", "declined"]
    sign(morocco, request_id)
    assert seen(flanders, request_id)["status"] == "answered"
    sign(flanders, request_id)
    assert seen(coordinator, request_id)["status"] == "closed"


MISFITS = [
    ({"agreement": None}, "/agreement", "required"),
    ({"kind": "case_information"}, "/agreement", "no_agreement"),
    ({"questions": ["awarded"]}, "/questions", "no_questions"),
    ({"about": {"person": {"family_name": "X"}}}, "/about", "no_person"),
    ({"holds_clock": "until_answer"}, "/holds_clock", "no_open_case"),
    ({"to": "be-fl-demo"}, "/to/authority", "same_authority"),
    (
        {"agreement": a_text(titles=[a_title(1), a_title(1)])},
        "/agreement/titles/1",
        "listed_twice",
    ),
    (
        {"agreement": a_text(titles=[a_title(1, origin="TN")])},
        "/agreement/titles/0/origin",
        "not_a_party",
    ),
    ({"agreement": {"name": "x"}}, "/agreement/titles", "required"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), MISFITS)
def test_what_does_not_fit_a_proposal_is_named(
    flanders, morocco, changes, pointer, code
):
    refused = flanders.post(PATH, a_proposal(**changes))
    assert refused.status_code == 422, refused.json
    named = [(each["pointer"], each["code"]) for each in refused.json["errors"]]
    assert (pointer, code) in named
    for office in (flanders, morocco):
        assert office.get(PATH).json["items"] == []
        assert office.get("/agreements").json["items"] == []


def test_only_an_officer_proposes_and_ends_an_agreement(flanders, morocco, runtime):
    for office, authority in ((flanders, "be-fl-demo"), (morocco, "ma-demo")):
        office.api_keys["clerk"] = add_person(runtime, "Kim", authority, Role.CLERK)
    refused = flanders.post(PATH, a_proposal(), as_="clerk")
    assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    assert flanders.get("/agreements").json["items"] == []
    request_id = proposed(flanders)
    of = f"{PATH}/{request_id}"
    for office, act in ((morocco, "refusal"), (flanders, "withdrawal")):
        refused = office.change(f"{of}/{act}", {}, of=of, as_="clerk")
        assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    assert seen(morocco, request_id)["status"] == "sent"
