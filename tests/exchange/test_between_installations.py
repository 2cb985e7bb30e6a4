"""The same conversation as within one installation, between two."""

import json
from datetime import timedelta

from recognition_service.authorities.peers import end_peer
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.worker.loop import turn
from tests.exchange.two import carry, renew
from tests.journeys.bodies import PROVIDER
from tests.journeys.office import a_bachelor
from tests.journeys.test_agreements import a_text, compared, sign
from tests.journeys.test_agreements import do as with_agreement
from tests.journeys.test_attachments import SCAN, announced, fetched, hand_in
from tests.journeys.test_mutual_requests import ALL_YES, PATH, answers, do
from tests.journeys.test_recognition_lists import a_graduate, a_list, rows

HOURS_OF_A_DAY = 24


def a_case(office):
    held = {"authenticity": {"grade": "scan"}, "institution_status": None}
    case = office.post("/recognition-requests", a_bachelor(held=held)).json
    return case["id"]


def ask(office, case=None, **more):
    body = {
        "kind": "award_verification",
        "to": {"authority": "lv-university", "installation": "riga"},
        "case": case,
        "proposed_answer_by": "2026-12-01",
    } | more
    answer = office.post(PATH, body)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def seen(office, request_id):
    answer = office.get(f"{PATH}/{request_id}")
    assert answer.status_code == 200, answer.json
    return answer.json


def history(document):
    return [
        (event["message"]["sequence"], event["event"], event["message"]["jti"])
        for event in document["history"]
    ]


def a_refusal():
    return {
        "outcome": "refused",
        "decision_kind": "level_comparability",
        "legal_basis": ["Act"],
        "later_possibilities": {"en": "Show the programme."},
        "remedy": {"body": "Council"},
        "text": {"en": "Not comparable."},
    }


def deliver_in_time(wire, *sides):
    """Let a day pass, in which each side tries again what did not arrive."""
    for _ in range(HOURS_OF_A_DAY):
        carry(wire, *sides)
        for side in sides:
            side.clock.instant += timedelta(hours=1)
    for side in sides:
        for other in sides:
            if other is not side:
                renew(side, other)


def test_a_university_elsewhere_confirms_and_the_file_says_so(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    case = a_case(centre)
    request_id = ask(centre, case)
    assert seen(centre, request_id)["to"] == {
        "authority": "lv-university",
        "installation": "riga",
    }
    assert university.get(f"{PATH}?box=in").json["items"] == []
    carry(wire, flanders, riga)
    (incoming,) = university.get(f"{PATH}?box=in").json["items"]
    assert (incoming["id"], incoming["from"]) == (request_id, "be-fl-demo@flanders")
    asked = seen(university, request_id)
    assert asked["about"]["person"]["family_name"] == "Bērziņa"
    assert asked["case"] is None
    accepted = do(university, request_id, "acceptance")
    assert accepted.status_code == 200, accepted.json
    assert accepted.json["status"] == "sent"
    assert accepted.json["exchange"]["pending"]["act"] == "accept"
    carry(wire, flanders, riga)
    assert seen(university, request_id)["status"] == "accepted"
    assert seen(university, request_id)["exchange"] is None
    assert seen(centre, request_id)["agreed_answer_by"] == "2026-12-01"
    answered = do(university, request_id, "answer", answers(ALL_YES))
    assert answered.status_code == 200, answered.json
    carry(wire, flanders, riga)
    file = centre.get(f"/recognition-requests/{case}").json
    proof = file["held_qualifications"][0]["authenticity"]
    assert proof["grade"] == "confirmed_by_issuer"
    assert proof["established_by"] == "authority:lv-university@riga"
    assert do(centre, request_id, "closure").json["status"] == "closed"
    carry(wire, flanders, riga)
    here, there = seen(centre, request_id), seen(university, request_id)
    assert (here["status"], there["status"]) == ("closed", "closed")
    assert history(here) == history(there)
    assert [name for _, name, _ in history(there)] == [
        "sent",
        "accepted",
        "answered",
        "closed",
    ]
    assert there["history"][1]["actor"].startswith("person:")
    assert here["history"][1]["actor"] is None


def test_a_question_to_another_installation_holds_the_clock(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    case = a_case(centre)
    request_id = ask(
        centre,
        case,
        kind="case_information",
        questions=["good_standing"],
        holds_clock="until_answer",
    )
    (hold,) = seen(centre, request_id)["holds"]
    assert hold["ended_on"] is None
    carry(wire, flanders, riga)
    assert seen(university, request_id)["holds"] == []
    do(university, request_id, "acceptance")
    carry(wire, flanders, riga)
    for side in (flanders, riga):
        side.clock.instant += timedelta(days=9)
    renew(flanders, riga)
    renew(riga, flanders)
    do(university, request_id, "answer", answers({"good_standing": "yes"}))
    carry(wire, flanders, riga)
    (hold,) = seen(centre, request_id)["holds"]
    assert (hold["began_on"], hold["ended_on"]) == ("2026-11-02", "2026-11-11")


def test_dates_are_negotiated_and_a_request_is_refused(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre)
    carry(wire, flanders, riga)
    do(university, request_id, "deadline", {"answer_by": "2026-12-20"})
    carry(wire, flanders, riga)
    assert seen(centre, request_id)["status"] == "deadline_proposed"
    do(centre, request_id, "deadline", {"answer_by": "2026-12-20"})
    carry(wire, flanders, riga)
    assert seen(university, request_id)["agreed_answer_by"] == "2026-12-20"
    do(university, request_id, "refusal", {"reason": "no_record"})
    carry(wire, flanders, riga)
    told = seen(centre, request_id)
    assert (told["status"], told["history"][-1]["details"]) == (
        "declined",
        {"reason": "no_record"},
    )
    assert history(told) == history(seen(university, request_id))


def test_what_crossed_is_refused_and_both_end_alike(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre)
    carry(wire, flanders, riga)
    assert do(university, request_id, "acceptance").status_code == 200
    assert do(centre, request_id, "withdrawal").json["status"] == "withdrawn"
    twice = do(university, request_id, "acceptance")
    assert (twice.status_code, twice.json["code"]) == (409, "act_pending")
    carry(wire, flanders, riga)
    here, there = seen(centre, request_id), seen(university, request_id)
    assert (here["status"], there["status"]) == ("withdrawn", "withdrawn")
    assert history(here) == history(there)
    refused = there["exchange"]["refused"]
    assert (refused["act"], refused["code"]) == ("accept", "mutual_request_state")
    (sent,) = university.get("/exchange/sent?state=refused").json["items"]
    (came,) = centre.get("/exchange/received?state=refused").json["items"]
    for seen_there, other in ((sent, "be-fl-demo"), (came, "lv-university")):
        assert seen_there["code"] == "mutual_request_state"
        assert seen_there["with"]["authority"] == other
        assert seen_there["conversation"] == request_id
    assert sent["jti"] == came["jti"] == refused["jti"]
    assert university.get("/exchange/sent?state=waiting").json["items"] == []
    assert centre.get("/exchange/received?state=odd").status_code == 422


def test_a_part_is_split_off_and_forwarded_within_the_other_installation(
    flanders, riga, wire
):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    school = riga.found("lv-school", "LV", PROVIDER)
    renew(flanders, riga)
    request_id = ask(centre)
    carry(wire, flanders, riga)
    do(university, request_id, "split", {"questions": ["accredited_at_award"]})
    carry(wire, flanders, riga)
    (part,) = seen(university, request_id)["children"]
    assert seen(centre, request_id)["children"] == [part]
    assert [q["id"] for q in seen(university, part)["questions"]] == [
        "accredited_at_award"
    ]
    moved = do(university, part, "forwarding", {"to": {"authority": "lv-school"}})
    assert moved.status_code == 200, moved.json
    carry(wire, flanders, riga)
    assert seen(centre, part)["to"] == {
        "authority": "lv-school",
        "installation": "riga",
    }
    assert seen(university, part)["access"] == "metadata"
    assert seen(university, part)["questions"] == []
    do(school, part, "acceptance")
    carry(wire, flanders, riga)
    do(school, part, "answer", answers({"accredited_at_award": "yes"}))
    carry(wire, flanders, riga)
    assert seen(centre, part)["status"] == "answered"
    assert history(seen(school, part))[-1] == history(seen(centre, part))[-1]


def test_documents_follow_in_both_directions(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre, attachments=[announced()])
    carry(wire, flanders, riga)
    assert fetched(university, request_id).status_code == 404
    assert hand_in(centre, request_id).status_code == 201
    carry(wire, flanders, riga)
    assert fetched(university, request_id).get_data() == SCAN
    do(university, request_id, "acceptance")
    carry(wire, flanders, riga)
    reply, digest = b"%PDF-1.7 register", digest_of_bytes(b"%PDF-1.7 register")
    given = answers(ALL_YES) | {"attachments": [announced(reply, name="register.pdf")]}
    assert do(university, request_id, "answer", given).status_code == 200
    carry(wire, flanders, riga)
    assert hand_in(university, request_id, reply, digest).status_code == 201
    carry(wire, flanders, riga)
    assert fetched(centre, request_id, digest).get_data() == reply


def proposed(centre):
    to = {"authority": "ma-demo", "installation": "riga"}
    made = centre.post(
        PATH, {"kind": "agreement_proposal", "to": to, "agreement": a_text()}
    )
    assert made.status_code == 201, made.json
    return made.json["id"]


def test_an_agreement_is_negotiated_signed_and_left(flanders, riga, wire):
    centre, office = flanders.office("be-fl-demo"), riga.office("ma-demo")
    agreement = proposed(centre)
    carry(wire, flanders, riga)
    assert with_agreement(office, agreement, "revision", a_text(5)).status_code == 200
    carry(wire, flanders, riga)
    assert with_agreement(centre, agreement, "revision", a_text(4)).status_code == 200
    carry(wire, flanders, riga)
    assert sign(centre, agreement).status_code == 200
    carry(wire, flanders, riga)
    last = sign(office, agreement)
    assert last.status_code == 200, str(last.json)[:1500]
    carry(wire, flanders, riga)
    here, there = (
        each.get(f"/agreements/{agreement}").json for each in (centre, office)
    )
    for name in ("state", "digest", "revision", "in_force_from", "url"):
        assert here[name] == there[name], name
    assert [party["issuer"] for party in here["parties"]] == [
        party["issuer"] for party in there["parties"]
    ]
    assert [party["signature"] for party in here["parties"]] == [
        party["signature"] for party in there["parties"]
    ]
    assert here["state"] == "signed"
    for side, authority in ((flanders, "be-fl-demo"), (riga, "ma-demo")):
        answer = compared(side.app.test_client(), agreement, authority)
        assert (answer["result"], answer["outcome"]) == ("statement", "full")
    left = with_agreement(office, agreement, "withdrawal", as_="signatory")
    assert left.status_code == 200, left.json
    carry(wire, flanders, riga)
    for each in (centre, office):
        assert each.get(f"/agreements/{agreement}").json["state"] == "withdrawn"
    assert history(seen(centre, agreement)) == history(seen(office, agreement))


def test_a_list_becomes_cases_there_and_comes_back_decided(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    body = a_list(
        a_graduate("Ilze"), to={"authority": "be-fl-demo", "installation": "flanders"}
    )
    made = university.post(PATH, body)
    assert made.status_code == 201, made.json
    request_id = made.json["id"]
    carry(wire, flanders, riga)
    (row,) = rows(centre, request_id)
    assert row["proposal"]["result"] == "treaty_rule"
    assert rows(university, request_id)[0]["proposal"] is None
    do(centre, request_id, "acceptance")
    carry(wire, flanders, riga)
    assert turn(flanders.runtime) == 0
    (row,) = rows(centre, request_id)
    assert row["status"] == "submitted"
    assert centre.decide(row["case"], a_refusal()).status_code == 200
    early = do(centre, request_id, "answer", {"questions": []})
    assert early.json["errors"][0]["code"] == "undecided"
    assert centre.sign(row["case"]).status_code == 200
    answered = do(centre, request_id, "answer", {"questions": []})
    assert answered.status_code == 200, answered.json
    carry(wire, flanders, riga)
    (told,) = rows(university, request_id)
    assert (told["case"], told["decision"]["outcome"]) == (None, "refused")
    assert seen(centre, request_id)["status"] == "answered"


def test_a_list_names_titles_on_which_both_have_agreed(flanders, riga, wire):
    centre, office = flanders.office("be-fl-demo"), riga.office("ma-demo")
    agreement = proposed(centre)
    carry(wire, flanders, riga)
    for each in (centre, office):
        assert sign(each, agreement).status_code == 200
        carry(wire, flanders, riga)
    award = a_graduate(
        "Yassine",
        qualification=f"agr-{agreement}:title:1",
        origin="MA",
        awarded_on="2019-07-12",
    )
    to = {"authority": "be-fl-demo", "installation": "flanders"}
    made = office.post(PATH, a_list(award, to=to))
    assert made.status_code == 201, made.json
    carry(wire, flanders, riga)
    (row,) = rows(centre, made.json["id"])
    assert row["title"] == a_text()["titles"][0]["title"]
    assert row["proposal"]["result"] == "statement"
    unknown = office.post(PATH, a_list(a_graduate("I", qualification="agr-x"), to=to))
    assert unknown.json["errors"][0]["code"] == "unknown_code"


def test_a_wire_that_cuts_loses_and_repeats_changes_nothing(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre)
    wire.faults = ["cut", "lost", "twice"]
    deliver_in_time(wire, flanders, riga)
    wire.faults = ["lost", "lost", "cut", "twice"]
    do(university, request_id, "acceptance")
    deliver_in_time(wire, flanders, riga)
    wire.faults = ["twice", "lost", "cut", "lost"]
    do(university, request_id, "answer", answers(ALL_YES))
    deliver_in_time(wire, flanders, riga)
    here, there = seen(centre, request_id), seen(university, request_id)
    assert history(here) == history(there)
    assert [name for _, name, _ in history(here)] == ["sent", "accepted", "answered"]


def test_an_installation_that_was_away_for_a_week_catches_up(flanders, riga, wire):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    asked = [ask(centre) for _ in range(3)]
    assert do(centre, asked[1], "withdrawal").status_code == 200
    for _ in range(7 * HOURS_OF_A_DAY):
        wire.faults = ["cut"] * 10
        for message in flanders.runtime.due_messages(10):
            flanders.runtime.send_message(message, wire)
        flanders.clock.instant += timedelta(hours=1)
    riga.clock.instant = flanders.clock()
    wire.faults = []
    renew(flanders, riga)
    renew(riga, flanders)
    waiting = centre.get("/exchange/sent?state=waiting").json["items"]
    assert len(waiting) == 4
    assert {each["code"] for each in waiting} == {"cut", None}
    deliver_in_time(wire, flanders, riga)
    statuses = {
        item["id"]: item["status"]
        for item in university.get(f"{PATH}?box=in").json["items"]
    }
    assert statuses == {
        asked[0]: "sent",
        asked[1]: "withdrawn",
        asked[2]: "sent",
    }


def test_a_list_that_is_old_says_nothing_and_a_newer_one_lets_go_on(
    flanders, riga, wire
):
    centre, university = flanders.office("be-fl-demo"), riga.office("lv-university")
    request_id = ask(centre)
    for side in (flanders, riga):
        side.clock.instant += timedelta(days=8)
    (message,) = flanders.runtime.due_messages(10)
    assert flanders.runtime.send_message(message, wire) is False
    answered = wire.log[-1][2]
    assert (answered.status, json.loads(answered.body)["code"]) == (
        503,
        "sender_unproven",
    )
    assert university.get(f"{PATH}?box=in").json["items"] == []
    (peer,) = riga.runtime.peers()
    assert peer.wanted_at == riga.clock()
    deliver_in_time(wire, flanders, riga)
    deliver_in_time(wire, flanders, riga)
    assert seen(university, request_id)["status"] == "sent"


def test_an_ended_installation_is_not_heard_and_not_spoken_to(flanders, riga, wire):
    centre = flanders.office("be-fl-demo")
    ask(centre)
    with riga.runtime.database.transaction() as session:
        end_peer(session, "flanders", actor="service", now=riga.clock())
    (message,) = flanders.runtime.due_messages(10)
    assert flanders.runtime.send_message(message, wire) is False
    answered = wire.log[-1][2]
    assert answered.status == 403
    assert json.loads(answered.body)["reason"] == "sender_unknown"
    refused = riga.office("lv-university").post(
        PATH,
        {
            "kind": "award_verification",
            "to": {"authority": "be-fl-demo", "installation": "flanders"},
        },
    )
    assert refused.json["errors"][0]["code"] == "unknown_installation"
