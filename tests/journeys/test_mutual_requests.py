"""A centre in Flanders asks a university in Riga, and both keep the conversation."""

from datetime import timedelta

import pytest

from tests.journeys.bodies import a_university
from tests.journeys.office import a_bachelor, verify

PATH = "/mutual-requests"
ALL_YES = {
    "awarded": "yes",
    "awarded_on_that_date": "yes",
    "award_date": "2019-06-28",
    "accredited_at_award": "yes",
    "same_person": "yes",
    "revoked_since": "no",
    "programme_delivered": "yes",
}


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def university(app, runtime):
    return a_university(app, runtime)


def a_case(office):
    """Ilze's case: nothing was established about her diploma yet."""
    held = {"authenticity": {"grade": "scan"}, "institution_status": None}
    case = office.post("/recognition-requests", a_bachelor(held=held)).json
    assert case["status"] == "submitted"
    return case["id"]


def a_verification(case=None, **more):
    return {
        "kind": "award_verification",
        "to": {"authority": "lv-university"},
        "case": case,
        "proposed_answer_by": "2026-12-01",
    } | more


def sent(office, body):
    answer = office.post(PATH, body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def do(office, request_id, act, body=None):
    """PUT an act with the version that was just read."""
    of = f"{PATH}/{request_id}"
    return office.change(f"{of}/{act}", body or {}, of=of)


def answers(given=None):
    found = ALL_YES if given is None else given
    return {"questions": [{"id": key, "answer": found[key]} for key in found]}


def test_a_university_confirms_and_the_treaty_decides(flanders, university, client):
    case = a_case(flanders)
    asked = flanders.post(PATH, a_verification(case))
    assert asked.status_code == 201, asked.json
    request_id = asked.json["id"]
    assert asked.headers["Location"] == f"/api/v1{PATH}/{request_id}"
    assert (asked.json["status"], asked.json["from"]) == ("sent", "be-fl-demo")
    (incoming,) = university.get(f"{PATH}?box=in").json["items"]
    assert (incoming["id"], incoming["case"]) == (request_id, None)
    assert "Bērziņa" not in str(incoming)
    seen = university.get(f"{PATH}/{request_id}").json
    assert seen["about"]["person"]["family_name"] == "Bērziņa"
    assert seen["questions"][0]["text"] == "Was the award made as described?"
    accepted = do(university, request_id, "acceptance")
    assert accepted.json["agreed_answer_by"] == "2026-12-01"
    answered = do(university, request_id, "answer", answers())
    assert (answered.status_code, answered.json["status"]) == (200, "answered")
    decided = flanders.get(f"/recognition-requests/{case}").json
    assert decided["status"] == "decided", decided["routing"]
    assert decided["decision"]["decided_by"] == "rule"
    proof = decided["held_qualifications"][0]["authenticity"]
    assert proof["grade"] == "confirmed_by_issuer"
    assert proof["established_by"] == "authority:lv-university"
    token = flanders.token(decided["attestation"]["id"])
    assert verify(client, token)["verdict"] == "valid"
    assert do(flanders, request_id, "closure").json["status"] == "closed"


def test_an_award_that_was_never_made_raises_nothing(flanders, university):
    case = a_case(flanders)
    request_id = sent(flanders, a_verification(case))
    do(university, request_id, "acceptance")
    do(university, request_id, "answer", answers(ALL_YES | {"awarded": "no"}))
    file = flanders.get(f"/recognition-requests/{case}").json
    assert (file["status"], file["decision"]) == ("submitted", None)
    assert file["held_qualifications"][0]["authenticity"]["grade"] == "scan"
    noted = file["history"][-1]
    assert (noted["event"], noted["by"]) == ("award_denied", "authority:lv-university")
    assert noted["details"] == {"reference": f"mutual_request/{request_id}"}


def test_a_question_holds_the_clock_until_it_is_answered(flanders, university, clock):
    case = a_case(flanders)
    body = {
        "kind": "case_information",
        "to": "lv-university",
        "case": case,
        "questions": [
            "good_standing",
            {"id": "module_content", "params": {"module": "Statistics"}},
        ],
        "holds_clock": "until_answer",
    }
    request_id = sent(flanders, body)
    (hold,) = flanders.get(f"{PATH}/{request_id}").json["holds"]
    assert hold == {
        "rule": "until_answer",
        "began_on": "2026-11-02",
        "until": None,
        "ended_on": None,
    }
    seen = university.get(f"{PATH}/{request_id}?lang=fr").json
    assert seen["questions"][1]["text"] == "Que contient le module « Statistics » ?"
    assert seen["holds"] == []
    do(university, request_id, "acceptance")
    clock.instant += timedelta(days=9)
    given = {"good_standing": "yes", "module_content": "Probability; inference."}
    do(university, request_id, "answer", answers(given))
    (hold,) = flanders.get(f"{PATH}/{request_id}").json["holds"]
    assert hold["ended_on"] == "2026-11-11"
    told = flanders.get(f"/recognition-requests/{case}").json["history"]
    assert [event["event"] for event in told] == [
        "submitted",
        "hold_began",
        "hold_ended",
    ]


def test_it_is_forwarded_after_acceptance_and_never_comes_back(
    flanders, university, office_of
):
    chamber = office_of("de-chamber-demo")
    request_id = sent(flanders, a_verification())
    do(university, request_id, "acceptance")
    to = {"to": {"authority": "de-chamber-demo", "installation": None}}
    forwarded = do(university, request_id, "forwarding", to)
    assert (forwarded.status_code, forwarded.json["status"]) == (200, "forwarded")
    assert (forwarded.json["access"], forwarded.json["questions"]) == ("metadata", [])
    here = flanders.get(f"{PATH}/{request_id}").json
    assert here["to"]["authority"] == "de-chamber-demo"
    back = do(chamber, request_id, "forwarding", {"to": "lv-university"})
    assert (back.status_code, back.json["code"]) == (422, "mutual_request_invalid")
    (fault,) = back.json["errors"]
    assert (fault["pointer"], fault["code"]) == ("/to/authority", "forward_loop")
    assert do(chamber, request_id, "acceptance").json["status"] == "accepted"
    assert do(chamber, request_id, "answer", answers()).status_code == 200
    assert flanders.get(f"{PATH}/{request_id}").json["status"] == "answered"


def test_some_questions_are_split_off_and_forwarded(flanders, university, office_of):
    request_id = sent(flanders, a_verification())
    split = do(university, request_id, "split", {"questions": ["accredited_at_award"]})
    (child,) = split.json["children"]
    assert len(split.json["questions"]) == 6
    do(university, child, "forwarding", {"to": "de-chamber-demo"})
    seen = office_of("de-chamber-demo").get(f"{PATH}/{child}").json
    assert [each["id"] for each in seen["questions"]] == ["accredited_at_award"]
    assert seen["parent"] == request_id
    all_of_them = [each["id"] for each in split.json["questions"]]
    refused = do(university, request_id, "split", {"questions": all_of_them})
    assert refused.json["errors"][0]["code"] == "not_a_part"


def test_the_date_is_negotiated_in_turns(flanders, university):
    request_id = sent(flanders, a_verification())
    later = do(university, request_id, "deadline", {"answer_by": "2026-12-20"})
    assert later.json["status"] == "deadline_proposed"
    assert (later.json["proposed_answer_by"], later.json["agreed_answer_by"]) == (
        "2026-12-20",
        None,
    )
    again = do(university, request_id, "deadline", {"answer_by": "2026-12-21"})
    assert again.status_code == 409
    assert again.json["allowed"] == ["accepted", "forwarded", "split", "declined"]
    agreed = do(flanders, request_id, "deadline", {"answer_by": "2026-12-20"})
    assert agreed.json["status"] == "deadline_agreed"
    assert agreed.json["agreed_answer_by"] == "2026-12-20"
    past = sent(flanders, a_verification())
    refused = do(university, past, "deadline", {"answer_by": "2026-11-01"})
    assert refused.json["errors"][0]["code"] == "date_in_past"


WRONG_ANSWERS = [
    ({"awarded": "yes"}, "/questions", "unanswered"),
    (ALL_YES | {"nonsense": "yes"}, "/questions/7/id", "not_asked"),
    (ALL_YES | {"awarded": "maybe"}, "/questions/0/answer", "wrong_kind"),
    (ALL_YES | {"award_date": "yes"}, "/questions/2/answer", "wrong_kind"),
    (ALL_YES | {"awarded": True}, "/questions/0/answer", "not_a_text"),
]


def test_half_of_the_answers_or_wrong_ones_are_refused(flanders, university):
    request_id = sent(flanders, a_verification())
    do(university, request_id, "acceptance")
    for given, pointer, code in WRONG_ANSWERS:
        refused = do(university, request_id, "answer", answers(given))
        assert refused.status_code == 422
        fault = refused.json["errors"][0]
        assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert university.get(f"{PATH}/{request_id}").json["status"] == "accepted"


def test_a_second_acceptance_is_refused_and_says_what_is_possible(flanders, university):
    request_id = sent(flanders, a_verification())
    of = f"{PATH}/{request_id}"
    etag = university.get(of).headers["ETag"]
    first, second = (
        university.call("PUT", f"{of}/acceptance", {}, **{"If-Match": etag})
        for _ in range(2)
    )
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json["code"] == "mutual_request_state"
    assert second.json["allowed"] == ["answered", "forwarded", "split"]
    history = university.get(of).json["history"]
    assert [event["event"] for event in history] == ["sent", "accepted"]


def test_nothing_is_answered_after_closure(flanders, university):
    request_id = sent(flanders, a_verification())
    do(university, request_id, "acceptance")
    do(university, request_id, "answer", answers())
    do(flanders, request_id, "closure", {"free_text": {"en": "Thank you."}})
    late = do(university, request_id, "answer", answers())
    assert (late.status_code, late.json["allowed"]) == (409, [])
    assert do(flanders, request_id, "withdrawal").status_code == 409


def test_an_attachment_stays_what_it_is(flanders, university):
    scan = {
        "digest": "sha256-" + "a" * 43,
        "media_type": "application/pdf",
        "bytes": 81233,
        "name": "diploma.pdf",
    }
    request_id = sent(flanders, a_verification(attachments=[scan]))
    (known,) = university.get(f"{PATH}/{request_id}").json["attachments"]
    href = f"https://recognition.example/api/v1{PATH}/{request_id}/attachments/"
    assert known == scan | {
        "by": "be-fl-demo",
        "received_at": None,
        "href": href + scan["digest"],
    }
    do(university, request_id, "acceptance")
    do(university, request_id, "answer", answers())
    other = scan | {"digest": "sha256-" + "b" * 43}
    more = {"free_text": {"en": "A better scan."}, "attachments": [other]}
    refused = flanders.post(f"{PATH}/{request_id}/questions", more)
    assert (refused.status_code, refused.json["code"]) == (409, "attachment_changed")
    assert flanders.get(f"{PATH}/{request_id}").json["status"] == "answered"


def test_more_is_asked_and_answered(flanders, university):
    body = a_verification(questions=["awarded", "same_person"])
    request_id = sent(flanders, body)
    do(university, request_id, "acceptance")
    do(
        university,
        request_id,
        "answer",
        answers({"awarded": "yes", "same_person": "yes"}),
    )
    more = {"questions": ["award_date"], "proposed_answer_by": "2026-12-24"}
    asked = flanders.post(f"{PATH}/{request_id}/questions", more)
    assert (asked.status_code, asked.json["status"]) == (200, "more_info_requested")
    assert (asked.json["revision"], asked.json["due_on"]) == (2, "2026-12-24")
    answered = do(university, request_id, "answer", answers({"award_date": "unknown"}))
    assert answered.json["status"] == "answered"


def test_a_change_names_the_version_that_was_read(flanders, university):
    request_id = sent(flanders, a_verification())
    of = f"{PATH}/{request_id}"
    etag = university.get(of).headers["ETag"]
    assert university.call("PUT", f"{of}/acceptance", {}).status_code == 428
    do(university, request_id, "split", {"questions": ["award_date"]})
    stale = university.call("PUT", f"{of}/acceptance", {}, **{"If-Match": etag})
    assert stale.status_code == 412


def test_the_same_request_twice_is_one(flanders, university):
    body, key = a_verification(), {"Idempotency-Key": "q-1"}
    first, second = (flanders.post(PATH, body, **key) for _ in range(2))
    assert first.json == second.json
    assert len(university.get(PATH).json["items"]) == 1


def test_each_side_has_its_acts_and_its_people(flanders, university):
    request_id = sent(flanders, a_verification())
    wrong_side = do(flanders, request_id, "acceptance")
    assert (wrong_side.status_code, wrong_side.json["allowed"]) == (409, ["withdrawn"])
    of = f"{PATH}/{request_id}"
    assert flanders.get(of, as_="signatory").status_code == 200
    for act in ("acceptance", "refusal", "withdrawal"):
        refused = university.change(f"{of}/{act}", {}, of=of, as_="signatory")
        assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    assert flanders.post(PATH, a_verification(), as_="signatory").status_code == 403
    reason = {"reason": "no_record", "free_text": {"en": "Burnt in 1944."}}
    assert do(university, request_id, "refusal", reason).json["status"] == "declined"
    other = sent(flanders, a_verification())
    assert do(flanders, other, "withdrawal").json["status"] == "withdrawn"


def test_the_applicant_sees_that_somebody_was_asked_and_no_more(
    flanders, university, client
):
    case = a_case(flanders)
    request_id = sent(flanders, a_verification(case, free_text={"en": "Doubtful."}))
    do(university, request_id, "acceptance")
    code = flanders.post(f"/recognition-requests/{case}/claim-codes", {}).json
    claim = {"claim_code": code["claim_code"], "birth_date": "1994-05-17"}
    opened = client.post("/api/v1/claims", json=claim).json
    expected = {
        "exists": True,
        "asked_on": "2026-11-02",
        "answer_by": "2026-12-01",
        "result": None,
    }
    assert opened["case"]["questions_to_others"] == [expected]
    assert flanders.get(f"{PATH}/{request_id}").json["visible_to_applicant"] == expected
    form = {"code": code["claim_code"], "birth_day": "17", "birth_month": "5"}
    page = client.post("/claim", data=form | {"birth_year": "1994"}).text
    assert "asked on 2 November 2026, an answer is expected by 1 December 2026" in page
    do(university, request_id, "answer", answers(ALL_YES | {"awarded": "no"}))
    told = client.post("/api/v1/claims", json=claim).json["case"]
    assert told["questions_to_others"] == [expected | {"result": "answered"}]


def test_lists_are_filtered_and_paged(flanders, university):
    requests = [
        sent(flanders, a_verification(proposed_answer_by=f"2026-12-0{day}"))
        for day in (3, 1, 2)
    ]
    first = university.get(f"{PATH}?box=in&due_before=2026-12-03&limit=1").json
    assert [item["id"] for item in first["items"]] == [requests[1]]
    path = f"{PATH}?box=in&due_before=2026-12-03&limit=1&cursor={first['next']}"
    second = university.get(path).json
    assert ([item["id"] for item in second["items"]], second["next"]) == (
        [requests[2]],
        None,
    )
    other_filter = university.get(f"{PATH}?cursor={first['next']}")
    assert other_filter.json["code"] == "invalid_cursor"
    newest = flanders.get(f"{PATH}?box=out&status=sent&kind=award_verification").json
    assert [item["id"] for item in newest["items"]] == requests[::-1]
    assert university.get(f"{PATH}?box=out").json["items"] == []
    case = a_case(flanders)
    about = sent(flanders, a_verification(case))
    serving = flanders.get(f"{PATH}?case={case}").json["items"]
    assert [item["id"] for item in serving] == [about]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("box=both", "not_in_enum"),
        ("status=lost", "not_in_enum"),
        ("kind=gossip", "not_in_enum"),
        ("due_before=tomorrow", "not_a_date"),
        ("case=1", "not_an_id"),
        ("sort=id", "unknown_parameter"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(flanders, query, code):
    refused = flanders.get(f"{PATH}?{query}")
    assert refused.status_code == 422
    assert refused.json["errors"][0]["code"] == code


def test_indicators_tell_both_sides(flanders, university, clock):
    request_id = sent(flanders, a_verification())
    do(university, request_id, "acceptance")
    do(university, request_id, "answer", answers())
    clock.instant += timedelta(days=400)
    query = "?since=2026-11-02&until=2026-11-02"
    told = university.get(f"{PATH}/indicators{query}").json
    assert told["was_asked"] == {
        "sent": 1,
        "accepted": 1,
        "accepted_within_a_week": 1,
        "answered": 1,
        "with_agreed_date": 1,
        "answered_by_agreed_date": 1,
        "overdue": 0,
    }
    assert told["asked"]["sent"] == 0
    assert flanders.get(f"{PATH}/indicators{query}").json["asked"]["answered"] == 1
    assert university.get(f"{PATH}/indicators").json["was_asked"]["sent"] == 0
    assert university.get(f"{PATH}/indicators?since=x").status_code == 422


def test_question_sets_are_public(client):
    listed = client.get("/api/v1/question-sets").json["items"]
    assert [each["id"] for each in listed] == [
        "award-verification/1",
        "case-information/1",
    ]
    one = client.get("/api/v1/question-sets/award-verification/1")
    assert one.json == listed[0]
    escaped = client.get("/api/v1/question-sets/award-verification%2F1")
    assert escaped.json == one.json
    absent = client.get("/api/v1/question-sets/award-verification/2")
    assert (absent.status_code, absent.json["code"]) == (404, "question_set_not_found")


GUESSED = {"questions": [{"id": "awarded", "answer": "yes"}]}
BAD_DIGEST = {"attachments": [{"digest": "x", "media_type": "a/b", "bytes": 1}]}
MISFITS = [
    ({"to": {"authority": "nobody"}}, "/to/authority", "unknown_authority"),
    ({"to": {}}, "/to/authority", "required"),
    ({"to": 5}, "/to", "not_an_object"),
    ({"kind": "gossip"}, "/kind", "not_in_enum"),
    ({"questions": ["nonsense"]}, "/questions/0/id", "unknown_question"),
    (GUESSED, "/questions/0/answer", "not_null_here"),
    (BAD_DIGEST, "/attachments/0/digest", "not_a_digest"),
    ({"case": "0193a1c2-0000-7000-8000-000000000000"}, "/case", "unknown_case"),
    ({"holds_clock": "until_answer"}, "/holds_clock", "no_open_case"),
    ({"proposed_answer_by": "2026-11-01"}, "/proposed_answer_by", "date_in_past"),
    ({"subject": "Ilze"}, "/subject", "unknown_member"),
]


def test_what_does_not_fit_is_refused_with_its_place(flanders, university):
    for changes, pointer, code in MISFITS:
        refused = flanders.post(PATH, a_verification() | changes)
        assert refused.status_code == 422, refused.json
        fault = refused.json["errors"][0]
        assert (fault["pointer"], fault["code"]) == (pointer, code)
    assert university.get(PATH).json["items"] == []
