"""What was decided about a title before helps whoever decides about it next."""

from datetime import timedelta

import pytest

from tests.journeys.office import a_partial_decision, a_technician

TITLE = "Technicien spécialisé en fonderie"
PERSON = ("El Amrani", "Yassine", "1997", "person:")


@pytest.fixture
def community(office_of):
    return office_of("be-fr-demo")


def a_case(office, title=TITLE, **held):
    body = a_technician()
    body["held_qualifications"][0] |= {"qualification": None, "title": title} | held
    answer = office.post("/recognition-requests", body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def decided(office, case, **changes):
    assert office.decide(case, a_partial_decision(**changes)).status_code == 200
    signed = office.sign(case)
    assert signed.status_code == 200, signed.json
    return signed.json


def refused(office, case):
    return decided(
        office, case, outcome="refused", later_possibilities={"en": "After training."}
    )


def suggested(office, case):
    told = office.get(f"/recognition-requests/{case}/assessment").json
    return told["suggestions"]["precedents"]


def found(office, parameters=f"title={TITLE}&origin=MA&destination=BE-FR"):
    answer = office.get(f"/precedents?{parameters}")
    assert answer.status_code == 200, answer.json
    return answer.json


def was_by_precedent(decided_case):
    (event,) = [each for each in decided_case["history"] if each["event"] == "decided"]
    return event["details"].get("by_precedent", False)


def test_an_earlier_decision_is_suggested_without_its_person(community):
    first = a_case(community)
    digest = decided(community, first)["decision"]["decision_digest"]
    second = a_case(community, title="  technicien SPÉCIALISÉ  en fonderie ")
    precedents = suggested(community, second)
    assert (precedents["number"], precedents["outcomes"]) == (1, {"partial": 1})
    (latest,) = precedents["latest"]
    assert latest["id"]
    assert latest | {"id": None} == {
        "id": None,
        "decided_on": "2026-11-02",
        "outcome": "partial",
        "decided_by": "officer",
        "decision_digest": digest,
        "differences": ["Final project"],
        "request": {"id": first, "number": "REC-2026-000001"},
    }
    assert [word for word in PERSON if word in str(precedents)] == []
    assert suggested(community, first)["number"] == 0


def test_only_the_same_title_origin_and_authority_count(community, office_of):
    decided(community, a_case(community))
    for case in (
        a_case(community, title="Technicien en fonderie"),
        a_case(community, origin="TN"),
    ):
        assert suggested(community, case)["number"] == 0
    assert found(office_of("be-fl-demo"))["items"] == []


def test_a_type_finds_what_was_decided_about_it_under_another_title(community):
    known = "ma-cnc--specialised-technician-diploma"
    decided(community, a_case(community, title="Diplôme", qualification=known))
    asked = f"qualification={known}&origin=MA&destination=BE-FR"
    assert found(community, asked)["outcomes"] == {"partial": 1}


def test_the_latest_five_are_suggested_and_pages_show_all(community, clock):
    for number in range(7):
        case = a_case(community)
        (refused if number % 2 else decided)(community, case)
        clock.instant += timedelta(days=1)
    precedents = suggested(community, a_case(community))
    assert (precedents["number"], precedents["outcomes"]) == (
        7,
        {"partial": 4, "refused": 3},
    )
    assert [each["decided_on"] for each in precedents["latest"]] == [
        f"2026-11-0{day}" for day in (8, 7, 6, 5, 4)
    ]
    asked = f"title={TITLE}&origin=MA&destination=BE-FR&limit=3"
    days, cursor = [], ""
    while cursor is not None:
        page = found(community, asked + (f"&cursor={cursor}" if cursor else ""))
        days += [each["decided_on"] for each in page["items"]]
        cursor = page["next"]
        assert page["number"] == 7
    assert days == [f"2026-11-0{day}" for day in (8, 7, 6, 5, 4, 3, 2)]


def test_of_a_case_the_decision_counts_that_was_signed_last(community):
    case = a_case(community)
    decided(community, case)
    path = f"/recognition-requests/{case}/steps"
    again = {"step": "reopened", "reason": "error", "text": "A paper was overlooked."}
    assert community.post(path, again).status_code == 200
    decided(community, case, outcome="full", differences=[], limitations=[])
    assert found(community)["outcomes"] == {"full": 1}


def test_what_decides_like_before_is_counted_as_by_precedent(community):
    assert not was_by_precedent(decided(community, a_case(community)))
    assert was_by_precedent(decided(community, a_case(community)))
    assert not was_by_precedent(refused(community, a_case(community)))
    assert was_by_precedent(refused(community, a_case(community)))


def test_a_statement_that_is_a_precedent_counts_too(community):
    attestation = decided(community, a_case(community))["attestation"]["id"]
    draft = community.post(
        "/tables/drafts", {"title": "Precedent", "precedents": [attestation]}
    )
    assert draft.status_code == 201, draft.json
    of = f"/tables/drafts/{draft.json['id']}"
    approved = community.change(f"{of}/approval", {}, of=of, as_="signatory")
    assert approved.status_code == 200, approved.json
    (statement,) = found(community)["statements"]
    assert (statement["outcome"], statement["title"]) == ("partial", TITLE)
    (same,) = suggested(community, a_case(community))["statements"]
    assert same == statement


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ("title=Licence", ["origin", "destination"]),
        ("origin=MA&destination=BE-FR", ["title"]),
        (f"title={'x' * 201}&origin=MA&destination=BE-FR", ["title"]),
    ],
)
def test_a_question_that_is_not_whole_is_refused(community, parameters, named):
    answer = community.get(f"/precedents?{parameters}")
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.json["errors"]] == named
