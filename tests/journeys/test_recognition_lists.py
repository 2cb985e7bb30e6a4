"""A university sends the list of its graduates; Flanders recognises all of it."""

import json

import pytest

from recognition_service.web.api.mutual_request_rows import LARGEST_LIST
from recognition_service.web.bodies import LARGEST_BODY
from recognition_service.worker.loop import turn
from tests.journeys.bodies import a_university
from tests.journeys.office import CONFIRMED, RECOGNISED, verify

PATH = "/mutual-requests"
BACHELOR = "lv-lki--bakalaura-diploms"


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def university(app, runtime):
    return a_university(app, runtime)


def a_graduate(given_name, **held):
    known = {
        "qualification": BACHELOR,
        "origin": "LV",
        "awarded_on": "2026-06-26",
        "authenticity": CONFIRMED,
        "institution_status": RECOGNISED,
    }
    person = {
        "family_name": "Bērziņa",
        "given_name": given_name,
        "birth_date": "1994-05-17",
    }
    return {"applicant": person, "held_qualification": known | held}


def a_list(*graduates, **more):
    return {
        "kind": "recognition_list",
        "to": {"authority": "be-fl-demo"},
        "recognition": {
            "decision_kind": "level_comparability",
            "purpose": "general_employment",
        },
        "items": list(graduates),
    } | more


def sent(office, body):
    answer = office.post(PATH, body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def do(office, request_id, act, body=None):
    of = f"{PATH}/{request_id}"
    return office.change(f"{of}/{act}", body or {}, of=of)


def rows(office, request_id, query=""):
    return office.get(f"{PATH}/{request_id}/items{query}").json["items"]


def test_a_list_is_recognised_row_by_row(flanders, university, client, runtime):
    by_title = {"qualification": None, "title": "Koka amatnieks"}
    body = a_list(a_graduate("Ilze"), a_graduate("Anna", **by_title))
    request_id = sent(university, body)
    seen = flanders.get(f"{PATH}/{request_id}").json
    assert (seen["items"]["total"], seen["questions"]) == (2, [])
    first, second = rows(flanders, request_id)
    assert (first["row"], first["title"]) == (1, "Bakalaura diploms")
    assert first["proposal"]["result"] == "treaty_rule"
    assert first["proposal"]["reasons"][0]["text"]
    assert (second["proposal"], second["case"]) == (None, None)
    proof = first["held_qualification"]["authenticity"]
    assert proof["established_by"] == "authority:lv-university"
    assert do(flanders, request_id, "acceptance").json["status"] == "accepted"
    assert turn(runtime) == 0
    first, second = rows(flanders, request_id)
    assert (first["status"], first["decision"]["decided_by"]) == ("decided", "rule")
    assert verify(client, flanders.token(first["attestation"]["id"]))["verdict"] == (
        "valid"
    )
    assert (second["status"], second["decision"]) == ("submitted", None)
    early = do(flanders, request_id, "answer", {"questions": []})
    assert early.json["errors"][0]["code"] == "undecided"
    assert rows(university, request_id)[0]["decision"] is None
    decision = {
        "outcome": "refused",
        "decision_kind": "level_comparability",
        "legal_basis": ["Act"],
        "later_possibilities": {"en": "Show the programme."},
        "remedy": {"body": "Council"},
        "text": {"en": "Not comparable."},
    }
    assert flanders.decide(second["case"], decision).status_code == 200
    assert flanders.sign(second["case"]).status_code == 200
    answered = do(flanders, request_id, "answer", {"questions": []})
    assert (answered.status_code, answered.json["status"]) == (200, "answered")
    told = rows(university, request_id)
    assert [row["decision"]["outcome"] for row in told] == ["automatic", "refused"]
    assert told[0]["attestation"]["id"] == first["attestation"]["id"]
    assert [row["case"] for row in told] == [None, None]
    assert do(university, request_id, "closure").json["status"] == "closed"


def test_a_list_of_many_rows_is_paged_and_opened_in_parts(
    flanders, university, runtime
):
    graduates = [a_graduate(f"Ilze {number}") for number in range(1, 61)]
    request_id = sent(university, a_list(*graduates))
    page = university.get(f"{PATH}/{request_id}/items?limit=50").json
    assert [row["row"] for row in page["items"]] == list(range(1, 51))
    rest = rows(university, request_id, f"?limit=50&cursor={page['next']}")
    assert [row["row"] for row in rest] == list(range(51, 61))
    do(flanders, request_id, "acceptance")
    assert turn(runtime) == 0
    assert turn(runtime) == 0
    cases = {row["case"] for row in rows(flanders, request_id, "?limit=100")}
    assert len(cases) == 60
    assert len(flanders.get("/recognition-requests?limit=200").json["items"]) == 60
    assert do(flanders, request_id, "answer", {"questions": []}).status_code == 200


MISFITS = [
    ({"items": []}, "/items", "required"),
    ({"recognition": None}, "/recognition", "required"),
    ({"questions": ["awarded"]}, "/questions", "no_questions"),
    ({"kind": "award_verification"}, "/items", "no_list"),
    ({"kind": "agreement_proposal"}, "/items", "no_list"),
    (
        {"items": [a_graduate("I"), a_graduate("A", qualification="lv-nothing")]},
        "/items/1/held_qualification/qualification",
        "unknown_code",
    ),
    (
        {
            "items": [
                a_graduate(
                    "I",
                    qualification=None,
                    title="x",
                    origin="ZZ",
                    framework="LV-LKI",
                    level="6",
                )
            ]
        },
        "/items/0/held_qualification/origin",
        "unknown_code",
    ),
    (
        {"items": [{"applicant": {}, "held_qualification": {"origin": "LV"}}]},
        "/items/0/applicant/family_name",
        "required",
    ),
]


def test_rows_that_do_not_fit_are_named_and_nothing_is_sent(flanders, university):
    for changes, pointer, code in MISFITS:
        refused = university.post(PATH, a_list(a_graduate("Ilze")) | changes)
        assert refused.status_code == 422, refused.json
        named = [(each["pointer"], each["code"]) for each in refused.json["errors"]]
        assert (pointer, code) in named
    assert flanders.get(PATH).json["items"] == []


def test_every_fault_names_its_row(university):
    misfits = [
        a_graduate("A", qualification="lv-nothing"),
        a_graduate("B") | {"nationality": "LV"},
    ]
    for misfit, pointer, code in zip(
        misfits,
        ("/items/1/held_qualification/qualification", "/items/1/nationality"),
        ("unknown_code", "unknown_member"),
        strict=True,
    ):
        refused = university.post(PATH, a_list(a_graduate("Ilze"), misfit)).json
        (named,) = refused["errors"]
        assert (named["pointer"], named["code"], named["row"]) == (pointer, code, 2)


def test_a_list_of_ten_thousand_rows_is_sent_whole(flanders, university):
    graduates = [a_graduate(f"Ilze {number}") for number in range(1, 10_001)]
    body = a_list(*graduates)
    assert len(json.dumps(body)) > LARGEST_BODY
    request_id = sent(university, body)
    seen = flanders.get(f"{PATH}/{request_id}").json
    assert (seen["items"]["total"], seen["progress"]["open"]) == (10_000, 10_000)
    (first,) = rows(flanders, request_id, "?limit=1")
    assert (first["row"], first["proposal"]["result"]) == (1, "treaty_rule")
    too_many = university.post(PATH, a_list(*graduates, a_graduate("Anna")))
    assert too_many.json["errors"] == [
        {
            "pointer": "/items",
            "code": "too_many",
            "detail": "At most 10000 rows are read.",
        }
    ]


def test_only_a_list_may_be_as_large_as_that(flanders, university):
    large = {"questions": [], "free_text": {"en": "x" * LARGEST_BODY}}
    request_id = sent(university, a_list(a_graduate("Ilze")))
    refused = do(flanders, request_id, "answer", large)
    assert (refused.status_code, refused.json["code"]) == (413, "body_too_large")
    huge = a_list(a_graduate("x" * LARGEST_LIST))
    assert university.post(PATH, huge).status_code == 413


def test_a_list_goes_on_to_another_destination_with_its_proposals_anew(
    flanders, university, office_of, runtime
):
    request_id = sent(university, a_list(a_graduate("Ilze")))
    do(flanders, request_id, "forwarding", {"to": "lu-closed-demo"})
    luxembourg = office_of("lu-closed-demo")
    (row,) = rows(luxembourg, request_id)
    assert row["proposal"]["question"]["destination"] == "LU"
    assert rows(university, request_id)[0]["proposal"] == row["proposal"]
    assert rows(flanders, request_id) == []
    do(luxembourg, request_id, "acceptance")
    turn(runtime)
    back = do(luxembourg, request_id, "forwarding", {"to": "be-fr-demo"})
    assert back.json["errors"][0]["code"] == "list_in_work"


def test_the_sender_vouches_for_itself_only(flanders, university):
    forged = CONFIRMED | {"established_by": "person:0193a1c2"}
    request_id = sent(university, a_list(a_graduate("Ilze", authenticity=forged)))
    (row,) = rows(flanders, request_id)
    proof = row["held_qualification"]["authenticity"]
    assert proof["established_by"] == "authority:lv-university"
