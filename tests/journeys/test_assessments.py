"""Yassine's case is assessed: element by element, without looking at the person."""

import csv
import io
import json
from uuid import UUID

import pytest

from recognition_service.authorities.models import Role
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.erasure import block
from tests.builders import a_key
from tests.journeys.office import a_partial_decision, a_technician

PERSON = (
    "El Amrani",
    "Yassine",
    "ياسين",
    "1997",
    "Oujda",
    "amrani@example.org",
    "male",
    "refugee",
    "beneficiary",
    "sex",
    "birth",
    "email",
)
FINAL_PROJECT = {
    "subject": "Final project",
    "why_essential": "The reference diploma ends in one.",
    "why_not_covered": "No practice in the field was shown.",
}
DRAWING = {
    "subject": "Technical drawing",
    "why_essential": "All else builds on it.",
    "covered_by": [{"kind": "experience", "text": "Four years as a draughtsman."}],
}


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(community):
    known = a_technician()
    person = known["applicant"] | {
        "birth_place": "Oujda",
        "sex": "male",
        "email": "amrani@example.org",
        "beneficiary_basis": "refugee",
    }
    answer = community.post("/recognition-requests", known | {"applicant": person})
    assert answer.status_code == 201, answer.json
    return answer.json


def an_assessment(**changes):
    return {
        "reference": {"framework": "BE-FR-CFC", "level": "5"},
        "qualifications": [
            {
                "held_qualification": 0,
                "elements": {
                    "level": {"result": "same", "held": "5", "required": "5"},
                    "learning_outcomes": {
                        "result": "substantial_difference",
                        "reason": "=The final project is missing.",
                    },
                },
            }
        ],
        "differences": [FINAL_PROJECT, DRAWING],
        "level_held": "c",
        "level_required": "d",
    } | changes


def address(case, part=""):
    return f"/recognition-requests/{case['id']}{part}"


def save(office, case, assessment=None, **more):
    body = an_assessment() if assessment is None else assessment
    return office.change(address(case, "/assessment"), body, of=address(case), **more)


def saved(office, case, assessment=None):
    answer = save(office, case, assessment)
    assert answer.status_code == 200, answer.json
    return answer.json


def read(office, case, parameters="", **more):
    return office.get(address(case, f"/assessment{parameters}"), **more)


def step(office, case, name, **members):
    answer = office.post(address(case, "/steps"), {"step": name, **members})
    assert answer.status_code == 200, answer.json
    return answer.json


def test_saving_an_assessment_begins_it(community, case):
    told = saved(community, case)
    assert told["version"] == 1
    assert told["request"]["status"] == "assessing"
    assert told["assessed_by"].startswith("person:")
    (held,) = told["qualifications"]
    assert held["elements"]["level"] == {
        "result": "same",
        "held": "5",
        "required": "5",
        "reason": None,
    }
    assert list(held["elements"]) == [
        "level",
        "workload",
        "quality",
        "profile",
        "learning_outcomes",
    ]
    assert held["elements"]["quality"]["result"] == "not_assessed"
    assert told["differences"][1]["covered_by"] == [
        {"kind": "experience", "paper": None, "text": "Four years as a draughtsman."}
    ]
    history = community.get(address(case)).json["history"]
    assert [event["event"] for event in history[-2:]] == [
        "assessment_begun",
        "assessment_saved",
    ]
    assert history[-1]["details"] == {
        "assessment_version": 1,
        "substantial_differences": 2,
    }


def test_each_saving_is_a_version_and_notes_stay(community, case):
    saved(community, case, an_assessment(note="Ask the school."))
    saved(community, case)
    told = saved(community, case, an_assessment(note="It answered.", level_held="d"))
    assert (told["version"], told["level_held"]) == (3, "d")
    assert [note["text"] for note in told["notes"]] == [
        "Ask the school.",
        "It answered.",
    ]
    assert told["notes"][0]["at"] == "2026-11-02T09:00:00Z"


def test_before_anybody_assesses_all_is_open(community, case):
    told = read(community, case).json
    assert (told["version"], told["differences"]) == (None, [])
    (held,) = told["qualifications"]
    assert {each["result"] for each in held["elements"].values()} == {"not_assessed"}
    equivalence = told["suggestions"]["equivalence"]
    assert equivalence["no_answer"] == "not_linked"
    assert all(reason["text"] for reason in equivalence["reasons"])


@pytest.mark.parametrize("parameters", ["", "?format=csv", "?format=json"])
def test_nothing_for_assessing_tells_who_the_person_is(community, case, parameters):
    paper = {
        "kind": "qualification",
        "title": "Diploma of Yassine El Amrani",
        "file_name": "el-amrani-yassine.txt",
        "media_type": "text/plain",
        "bytes": 5,
        "digest": "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "channel": "portal",
        "held_qualification": 0,
    }
    assert community.post(address(case, "/papers"), paper).status_code == 201
    facts = {"facts": {"birth_place": "Oujda", "credits": "120 ECTS"}}
    assert community.post(address(case, "/evidence"), facts).status_code == 200
    saved(community, case)
    answer = read(community, case, parameters)
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert "REC-2026-000001" in text
    assert "Final project" in text
    assert [word for word in PERSON if word.lower() in text.lower()] == []


def test_the_export_has_a_row_for_each_element_paper_and_difference(community, case):
    saved(community, case)
    answer = read(community, case, "?format=csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "assessment-REC-2026-000001.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [row["part"] for row in rows] == ["element"] * 5 + ["difference"] * 2
    assert rows[4]["reason"] == "'=The final project is missing."
    assert rows[6] | {} == {
        "case": "REC-2026-000001",
        "part": "difference",
        "held_qualification": "",
        "title": "",
        "origin": "",
        "name": "Technical drawing",
        "result": "experience",
        "held": "",
        "required": "All else builds on it.",
        "reason": "",
    }
    exported = read(community, case, "?format=json")
    assert "attachment" in exported.headers["Content-Disposition"]
    assert json.loads(exported.get_data())["version"] == 1


def test_papers_stand_beside_what_they_prove(community, case):
    paper = {
        "kind": "work_experience",
        "title": "Reference",
        "media_type": "text/plain",
        "bytes": 5,
        "digest": "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
        "channel": "portal",
    }
    announced = community.post(address(case, "/papers"), paper).json["id"]
    health = paper | {"kind": "health"}
    assert community.post(address(case, "/papers"), health).status_code == 201
    cover = {"kind": "experience", "paper": announced}
    drawing = DRAWING | {"covered_by": [cover]}
    told = saved(community, case, an_assessment(differences=[drawing]))
    (listed,) = told["papers"]
    assert (listed["id"], listed["kind"]) == (announced, "work_experience")
    assert listed["authenticity"]["grade"] == "scan"
    assert told["differences"][0]["covered_by"][0]["paper"] == announced


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        (
            {"qualifications": [{"held_qualification": 1, "elements": {}}]},
            "/qualifications/0/held_qualification",
            "out_of_range",
        ),
        (
            {"qualifications": [{"held_qualification": 0, "elements": {}}] * 2},
            "/qualifications/1/held_qualification",
            "named_twice",
        ),
        (
            {"differences": [DRAWING | {"covered_by": [{"kind": "experience"}]}]},
            "/differences/0/covered_by/0",
            "paper_or_text",
        ),
        (
            {
                "differences": [
                    DRAWING
                    | {
                        "covered_by": [
                            {
                                "kind": "experience",
                                "paper": "0193a1c2-0000-7000-8000-000000000000",
                            }
                        ]
                    }
                ]
            },
            "/differences/0/covered_by/0/paper",
            "unknown_paper",
        ),
    ],
)
def test_what_the_case_does_not_have_is_named(community, case, changes, pointer, code):
    answer = save(community, case, an_assessment(**changes))
    assert (answer.status_code, answer.json["code"]) == (422, "assessment_invalid")
    (fault,) = answer.json["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


def test_only_officers_assess_and_who_has_read_the_version(community, case):
    of = address(case)
    refused = save(community, case, as_="signatory")
    assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    unread = community.call("PUT", f"{of}/assessment", an_assessment())
    assert unread.status_code == 428
    etag = read(community, case).headers["ETag"]
    saved(community, case)
    late = community.call(
        "PUT", f"{of}/assessment", an_assessment(), **{"If-Match": etag}
    )
    assert late.status_code == 412
    assert read(community, case, as_="signatory").json["version"] == 1


def test_what_is_waited_for_stays_waited_for(community, case):
    step(community, case, "information_requested", text="When?", answer_by="2026-12-01")
    assert saved(community, case)["request"]["status"] == "awaiting_applicant"
    step(community, case, "information_received")
    step(community, case, "fraud_suspected", text="The seal looks copied.")
    assert saved(community, case)["request"]["status"] == "suspended_fraud"


def test_a_prepared_decision_is_put_back(community, case):
    community.decide(case["id"], a_partial_decision())
    assert saved(community, case)["request"]["status"] == "assessing"
    assert community.sign(case["id"]).json["code"] == "decision_not_found"


def test_a_decided_case_is_not_assessed_any_more(community, case):
    saved(community, case)
    community.decide(case["id"], a_partial_decision())
    community.sign(case["id"])
    answer = save(community, case)
    assert (answer.status_code, answer.json["code"]) == (409, "transition_not_allowed")
    assert "under_appeal" in answer.json["allowed"]
    assert read(community, case).json["version"] == 1


def test_a_decision_takes_from_the_assessment_what_it_leaves_out(community, case):
    saved(community, case)
    decision = a_partial_decision()
    del decision["differences"]
    content = community.decide(case["id"], decision).json["decision"]["content"]
    assert content["elements"] == {
        "level": "same",
        "learning_outcomes": "substantial_difference",
    }
    assert content["differences"] == [FINAL_PROJECT]
    assert (content["level_held"], content["level_required"]) == ("c", "d")


def test_what_the_decision_says_itself_wins(community, case):
    saved(community, case)
    own = [FINAL_PROJECT | {"subject": "Statics"}]
    decision = a_partial_decision(
        differences=own, elements={"level": "difference"}, level_held=None
    )
    content = community.decide(case["id"], decision).json["decision"]["content"]
    assert content["differences"] == own
    assert content["elements"] == {"level": "difference"}
    assert (content["level_held"], content["level_required"]) == (None, "d")


def test_what_the_assessment_lacks_too_is_named(community, case):
    saved(community, case, an_assessment(differences=[{"subject": "Statics"}]))
    decision = a_partial_decision()
    del decision["differences"]
    answer = community.decide(case["id"], decision)
    assert [error["pointer"] for error in answer.json["errors"]] == [
        "/differences/0/why_essential",
        "/differences/0/why_not_covered",
    ]


def test_the_applicant_sees_neither_notes_nor_elements(community, case, client):
    saved(community, case, an_assessment(note="He seems tired."))
    code = community.post(address(case, "/claim-codes"), {}).json["claim_code"]
    claim = {"claim_code": code, "birth_date": "1997-01-21"}
    seen = client.post("/api/v1/claims", json=claim).json["case"]
    assert seen["status"] == "assessing"
    for hidden in ("tired", "assessment_saved", "substantial_difference"):
        assert hidden not in str(seen)


def test_of_a_blocked_case_auditors_alone_read_the_assessment(community, case, runtime):
    saved(community, case)
    with runtime.database.transaction() as session:
        file = open_file(session, "be-fr-demo", UUID(case["id"]), to_change=True)
        block(session, file.request, now=runtime.now())
    community.api_keys = community.api_keys | {
        "auditor": a_key(runtime, Role.AUDITOR, authority_id="be-fr-demo")
    }
    refused = read(community, case)
    assert (refused.status_code, refused.json["code"]) == (403, "case_blocked")
    assert read(community, case, as_="auditor").json["version"] == 1
