"""An authority writes rows of its own: one person drafts them, another approves."""

import json

import pytest

from recognition_service.authorities.models import Role
from recognition_service.credentials import jws
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.jwk import public_key
from tests.journeys.office import (
    a_bachelor,
    a_partial_decision,
    a_technician,
    verify,
)
from tests.web.conftest import add_person

PATH = "/tables/drafts"
TITLE = "ma-cnc--specialised-technician-diploma"
STATEMENT = "be-fl-demo:technician"
ALIGNMENT = "AL-AQF:6:EQF:6"
STATEMENTS = "comparability_statements"
CONFIRMED = {
    "table": "levels",
    "id": "LV-LKI:99",
    "source": {"title": "Law", "read_on": "2026-10-30"},
}


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def brussels(office_of):
    return office_of("be-fr-demo")


def a_source(**changes):
    content = {
        "title": "Decree of 28 June 2013",
        "url": "https://example.org/decree",
        "evidence": "source_read",
    }
    return {
        "table": "sources",
        "id": "be-fl-demo:decree",
        "content": content | changes,
    }


def a_body():
    return {
        "table": "organisations",
        "id": "be-fl-demo:office",
        "content": {
            "name": "Recognition office of Flanders (example)",
            "jurisdiction": "BE-FL",
            "evidence": "source_read",
            "source": "be-fl-demo:decree",
            "revision": "1",
        },
    }


def a_statement(identifier=STATEMENT, **changes):
    content = {
        "issuer": "be-fl-demo:office",
        "origin": "MA",
        "qualification": TITLE,
        "title": "Technicien spécialisé",
        "destination": "BE-FL",
        "object_kind": "reference_qualification",
        "objects": "be-fl--gegradueerde",
        "outcome": "full",
        "purpose": "general_employment",
        "binding": "list",
        "as_of": "2015-01-01",
        "evidence": "source_read",
        "source": "be-fl-demo:decree",
        "revision": "1",
    }
    return {
        "table": STATEMENTS,
        "id": identifier,
        "content": content | changes,
    }


def a_draft(*changes, **more):
    rows = changes or (a_source(), a_body(), a_statement())
    return {"title": "Technicians from Morocco", "changes": list(rows)} | more


def drafted(office, *changes, **more):
    answer = office.post(PATH, a_draft(*changes, **more))
    assert answer.status_code == 201, answer.json.get("errors")
    return answer.json["id"]


def approve(office, draft, as_="signatory"):
    of = f"{PATH}/{draft}"
    return office.change(f"{of}/approval", {}, of=of, as_=as_)


def published(office, *changes, **more):
    answer = approve(office, drafted(office, *changes, **more))
    assert answer.status_code == 200, answer.json
    return answer.json["edition"]


def compared(client, authority=None, **more):
    asked = {
        "origin": "MA",
        "destination": "BE-FL",
        "qualification": TITLE,
        "awarded_on": "2019-07-12",
    } | more
    if authority:
        asked["authority"] = authority
    answer = client.get("/api/v1/equivalences", query_string=asked)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_rows_answer_once_a_second_person_has_approved_them(client, flanders):
    draft = drafted(flanders)
    assert compared(client, "be-fl-demo")["result"] != "statement"
    own = approve(flanders, draft, as_="officer")
    assert (own.status_code, own.json["code"]) == (403, "role_missing")
    done = approve(flanders, draft)
    assert (done.json["state"], done.json["rows"]) == ("published", 3)
    answer = compared(client, "be-fl-demo")
    assert (answer["result"], answer["decides"]) == ("statement", True)
    assert answer["edition"]["overlay"] == done.json["edition"]
    assert answer["sources"]["be-fl-demo:decree"]["title"] == "Decree of 28 June 2013"
    for others in (None, "be-fr-demo"):
        assert compared(client, others)["result"] != "statement"
    assert counted(client, "be-fl-demo") == counted(client, None) + 1


def counted(client, authority):
    """Return of how many types a statement decides from Morocco to Flanders."""
    asked = {"origin": "MA", "destination": "BE-FL"}
    if authority:
        asked["authority"] = authority
    found = client.get("/api/v1/corridors", query_string=asked).json
    return found["counts"]["qualifications"]["statement_decides"]


def test_who_drafted_does_not_approve(flanders, runtime):
    roles = (Role.OFFICER, Role.SIGNATORY)
    flanders.api_keys["both"] = add_person(runtime, "Kim", "be-fl-demo", *roles)
    draft = flanders.post(PATH, a_draft(), as_="both").json["id"]
    refused = approve(flanders, draft, as_="both")
    assert (refused.status_code, refused.json["code"]) == (403, "second_person_needed")
    assert approve(flanders, draft).json["state"] == "published"


def test_a_draft_shows_each_row_beside_what_answers_now(flanders):
    published(flanders)
    other = a_statement(outcome="partial", revision="2", note="Without the project")
    draft = drafted(flanders, other)
    (change,) = flanders.get(f"{PATH}/{draft}").json["changes"]
    assert change["before"]["outcome"] == "full"
    assert change["content"] == other["content"] | {"id": STATEMENT}
    (listed, _) = flanders.get(f"{PATH}?limit=2").json["items"]
    assert (listed["id"], listed["state"]) == (draft, "draft")


def test_what_was_attested_before_replays_with_the_rows_of_its_time(client, flanders):
    published(flanders)
    case = flanders.post("/recognition-requests", a_technician_in_flanders()).json
    decision = a_partial_decision(
        decision_kind="level_comparability",
        reference={"qualification": "be-fl--gegradueerde"},
    )
    assert flanders.decide(case["id"], decision).status_code == 200
    attestation = flanders.sign(case["id"]).json["attestation"]["id"]
    published(flanders, {"table": STATEMENTS, "id": STATEMENT, "content": None})
    assert compared(client, "be-fl-demo")["result"] != "statement"
    replayed = flanders.get(f"/attestations/{attestation}/replay").json
    assert replayed["match"] is True
    assert verify(client, flanders.token(attestation))["verdict"].startswith("valid")


def a_technician_in_flanders():
    return a_technician() | {
        "decision_kind": "level_comparability",
        "destination": {"jurisdiction": "BE-FL"},
    }


def impact(office, draft):
    """Read the whole report on what a draft would change."""
    found, cursor = [], ""
    while cursor is not None:
        page = office.get(f"{PATH}/{draft}/impact{cursor}").json
        assert "items" in page, page
        found += page["items"]
        cursor = f"?cursor={page['next']}" if page["next"] else None
    return found


def test_open_cases_that_would_be_answered_otherwise_are_named(flanders):
    case = flanders.post("/recognition-requests", a_technician_in_flanders()).json
    draft = drafted(flanders)
    (named,) = impact(flanders, draft)
    assert (named["kind"], named["id"], named["decided_by"]) == (
        "case",
        case["id"],
        None,
    )
    assert named["after"]["counterparts"] == ["Gegradueerde"]
    assert impact(flanders, drafted(flanders, a_source())) == []


def test_a_row_that_was_read_is_confirmed_for_the_reader_only(client, flanders):
    asked = {
        "origin": "AL",
        "destination": "BE-FL",
        "qualification": None,
        "framework": "AL-AQF",
        "level": "6",
    }
    before = graded(client, asked, ALIGNMENT)
    confirmation = {
        "table": "level_alignments",
        "id": ALIGNMENT,
        "source": {"title": "Referencing report of Albania", "read_on": "2026-10-30"},
    }
    draft = flanders.post(PATH, {"title": "Albania", "confirmations": [confirmation]})
    assert draft.status_code == 201, draft.json["errors"]
    assert [each["table"] for each in draft.json["changes"]] == [
        "sources",
        "level_alignments",
    ]
    assert approve(flanders, draft.json["id"]).status_code == 200
    assert before != "source_read"
    assert graded(client, asked, ALIGNMENT) == before
    assert graded(client, asked, ALIGNMENT, "be-fl-demo") == "source_read"


def graded(client, asked, row, authority=None):
    """Return how a row of the answer is known."""
    answer = compared(client, authority, **asked)
    return next(each["evidence"] for each in answer["rows"] if each["id"] == row)


def test_a_decision_becomes_a_precedent_that_informs_the_next_one(client, brussels):
    case = brussels.post("/recognition-requests", a_technician()).json["id"]
    brussels.decide(case, a_partial_decision())
    attestation = brussels.sign(case).json["attestation"]["id"]
    draft = brussels.post(PATH, {"title": "Precedent", "precedents": [attestation]})
    assert draft.status_code == 201, draft.json["errors"]
    assert "El Amrani" not in draft.text
    assert approve(brussels, draft.json["id"]).status_code == 200
    answer = compared(client, "be-fr-demo", destination="BE-FR")
    assert (answer["result"], answer["decides"]) == ("statement", False)
    assert answer["outcome"] == "partial"
    codes = [reason["code"] for reason in answer["reasons"]]
    assert "statement_is_precedent" in codes
    again = brussels.post(PATH, {"title": "Again", "precedents": [attestation]})
    assert again.json["errors"][0]["code"] == "precedent_already"


def test_anybody_can_check_what_an_authority_published(client, flanders):
    overlay = published(flanders)
    found = client.get(f"/api/v1/editions/{overlay}").json
    assert (found["owner"], found["title"]) == (
        "be-fl-demo",
        "Technicians from Morocco",
    )
    base = client.get(f"/api/v1/editions/{found['base']}").json
    issuers = {
        "be-fl-demo": client.get("/issuers/be-fl-demo").json,
        "platform": client.get("/api/v1/editions/keys").json,
    }
    for edition in (found, base):
        token = jws.split(edition["signature"].encode())
        methods = issuers[edition["owner"]]["verificationMethod"]
        (key,) = [each for each in methods if each["id"] == token.header["kid"]]
        assert jws.verify_signature(token, public_key(key["publicKeyJwk"]))
        said = json.loads(token.payload)
        assert said["digest"] == edition["digest"] == digest_of(edition)


def digest_of(edition):
    """Compute the digest of an edition from nothing but its published document."""
    rows = {
        table: {row["id"]: digest({"table": table, "row": row}) for row in contents}
        for table, contents in edition["tables"].items()
    }
    for withdrawn in edition["withdrawn"]:
        table, _, row = withdrawn.partition("/")
        rows.setdefault(table, {})[row] = None
    told = {name: edition[name] for name in ("id", "date", "title", "changes", "base")}
    return digest(told | {"rows": rows})


def test_a_draft_that_was_given_up_is_over(flanders):
    draft = drafted(flanders)
    of = f"{PATH}/{draft}"
    ended = flanders.change(f"{of}/abandonment", {}, of=of)
    assert ended.json["state"] == "abandoned"
    late = approve(flanders, draft)
    assert (late.status_code, late.json["code"]) == (409, "table_draft_state")


MISFITS = [
    ({"changes": []}, "/changes", "required"),
    (
        a_draft({"table": "nothing", "id": "be-fl-demo:x", "content": {}}),
        "/changes/0/table",
        "missing_table",
    ),
    (a_draft(a_source(), a_source()), "/changes/1/id", "changed_twice"),
    (
        a_draft({"table": "sources", "id": "our-law", "content": {"title": "Law"}}),
        "/changes/0/id",
        "id_not_own",
    ),
    (
        a_draft({"table": "sources", "id": "be-fl-demo:none", "content": None}),
        "/changes/0/id",
        "unknown_row",
    ),
    (
        a_draft({"table": "sources", "id": "agr-x:source", "content": None}),
        "/changes/0/id",
        "row_of_agreement",
    ),
    (
        a_draft(a_source(), a_body(), a_statement(destination="NL")),
        "/changes/2/content/destination",
        "no_mandate",
    ),
    (
        a_draft(a_source(), a_body(), a_statement(outcome="splendid")),
        "/changes/2/content/outcome",
        "unknown_word",
    ),
    (
        a_draft(
            a_source(),
            a_body(),
            a_statement(valid_from="2026-02-01", valid_to="2026-01-01"),
        ),
        "/changes/2/content/valid_to",
        "ends_before_begin",
    ),
    (
        a_draft(
            a_source(),
            a_body(),
            a_statement(destination_framework="EQF", destination_levels="VIII"),
        ),
        "/changes/2/content/destination_levels",
        "level_of_another_framework",
    ),
    (
        {"confirmations": [CONFIRMED]},
        "/confirmations/0/id",
        "unknown_row",
    ),
    (
        {"precedents": ["0193a1c2-0000-7000-8000-000000000000"]},
        "/precedents/0",
        "unknown_attestation",
    ),
    ({"changes": [{"table": "sources", "id": "x"}]}, "/changes/0/content", "required"),
    (
        a_draft(a_source(title={"en": "Law"})),
        "/changes/0/content/title",
        "not_a_row",
    ),
]


@pytest.mark.parametrize(("body", "pointer", "code"), MISFITS)
def test_rows_that_cannot_be_written_are_named(flanders, body, pointer, code):
    refused = flanders.post(PATH, {"title": "Rows"} | body)
    assert refused.status_code == 422, refused.json
    named = [(each["pointer"], each["code"]) for each in refused.json["errors"]]
    assert (pointer, code) in named
    assert flanders.get(PATH).json["items"] == []


def test_a_correction_has_a_higher_revision(flanders):
    published(flanders)
    refused = flanders.post(PATH, a_draft(a_statement(outcome="partial")))
    (fault,) = refused.json["errors"]
    assert fault["pointer"] == "/changes/0/content/revision"
    assert fault["code"] == "revision_not_higher"


def test_a_shipped_answer_is_overridden_by_the_authority_and_for_it_only(
    client, flanders
):
    case = a_bachelor(held={"qualification": "lv-lki--bakalaura-diploms"})
    before = flanders.post("/recognition-requests", case).json
    assert before["status"] == "decided"
    withdrawn = {
        "table": "agreement_titles",
        "id": "benelux-baltic-2024:LV:6:1",
        "content": None,
    }
    other = flanders.post("/recognition-requests", a_technician_in_flanders()).json
    draft = drafted(
        flanders, withdrawn, told=["We do not follow the annex for level 6."]
    )
    (named,) = impact(flanders, draft)
    assert (named["kind"], named["id"]) == ("attestation", before["attestation"]["id"])
    assert (named["before"]["result"], named["before"]["outcome"]) == (
        "treaty_rule",
        "automatic",
    )
    assert (named["after"]["result"], named["after"]["decides"]) == (
        "level_information",
        False,
    )
    assert other["status"] == "submitted"
    assert approve(flanders, draft).status_code == 200
    after = flanders.post("/recognition-requests", case).json
    assert after["status"] == "submitted"
    replayed = flanders.get(f"/attestations/{before['attestation']['id']}/replay")
    assert replayed.json["match"] is True
    asked = {"origin": "LV", "qualification": "lv-lki--bakalaura-diploms"}
    assert compared(client, **asked)["result"] == "treaty_rule"
    assert compared(client, "be-fl-demo", **asked)["result"] != "treaty_rule"
