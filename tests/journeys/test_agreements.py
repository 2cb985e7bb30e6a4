"""Two authorities negotiate an agreement, sign it, apply it, and one leaves it."""

import json

import pytest

from recognition_service.credentials import jws
from recognition_service.credentials.canonical import digest
from recognition_service.credentials.jwk import public_key
from tests.journeys.lines import a_record
from tests.journeys.office import CONFIRMED, RECOGNISED, a_bachelor, verify

PATH = "/agreements"


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def morocco(office_of):
    return office_of("ma-demo")


def a_title(number, **changes):
    return {
        "origin": "MA",
        "title": f"Diplôme de technicien spécialisé, filière {number}",
        "language": "fr",
        "destination": "BE-FL",
        "counterpart": {"title": f"Gegradueerde, richting {number}", "language": "nl"},
    } | changes


def a_text(count=3, **changes):
    return {
        "name": "Agreement on specialised technicians",
        "binding": "list",
        "purpose": "general_employment",
        "criteria": {"en": "Two years of training with a final project."},
        "awarded_from": "2015-01-01",
        "titles": [a_title(number) for number in range(1, count + 1)],
    } | changes


def proposed(office, **changes):
    answer = office.post(PATH, a_text(**changes) | {"to": "ma-demo"})
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def do(office, agreement, act, body=None, as_="officer"):
    of = f"{PATH}/{agreement}"
    return office.change(f"{of}/{act}", body or {}, of=of, as_=as_)


def sign(office, agreement):
    return do(office, agreement, "signature", as_="signatory")


def signed(flanders, morocco, **changes):
    agreement = proposed(flanders, **changes)
    assert sign(flanders, agreement).status_code == 200
    assert sign(morocco, agreement).json["state"] == "signed"
    return agreement


def ordered(office, instrument):
    """Let a rule decide under an instrument; two people say so."""
    order = f"/standing-orders/{instrument}"
    assert office.call("PUT", order, {}).status_code in {200, 201}
    approved = office.call("PUT", f"{order}/approval", {}, as_="signatory")
    assert approved.json["in_force"] is True


def a_technician_of(agreement, number=1, **held):
    return a_bachelor(
        held={
            "qualification": f"agr-{agreement}:title:{number}",
            "title": None,
            "origin": "MA",
            "awarded_on": "2019-07-12",
            "training_started_on": "2017-09-01",
            "institution_status": RECOGNISED,
            "authenticity": CONFIRMED,
        }
        | held,
    )


def compared(client, agreement, authority, number=1):
    answer = client.get(
        "/api/v1/equivalences?origin=MA&destination=BE-FL&awarded_on=2019-07-12"
        f"&qualification=agr-{agreement}:title:{number}&authority={authority}"
    )
    assert answer.status_code == 200, answer.json
    return answer.json


def test_a_text_goes_back_and_forth_until_both_sign_the_same(flanders, morocco):
    agreement = proposed(flanders)
    assert sign(flanders, agreement).json["parties"][0]["signature"]
    revised = do(morocco, agreement, "revision", a_text(5))
    assert (revised.json["revision"], revised.json["titles"]) == (2, 5)
    assert revised.json["parties"][0]["signature"] is None
    again = do(flanders, agreement, "revision", a_text(4, binding="legal"))
    assert [each["by"] for each in again.json["revisions"]] == [
        "be-fl-demo",
        "ma-demo",
        "be-fl-demo",
    ]
    assert sign(morocco, agreement).json["state"] == "negotiated"
    done = sign(flanders, agreement)
    assert (done.json["state"], done.json["in_force_from"]) == ("signed", "2026-11-02")
    late = do(morocco, agreement, "revision", a_text())
    assert (late.status_code, late.json["code"]) == (409, "agreement_state")
    assert late.json["allowed"] == ["withdraw"]


def test_anybody_can_check_both_signatures_over_the_text(client, flanders, morocco):
    agreement = signed(flanders, morocco)
    found = client.get(f"/agreements/{agreement}").json
    assert found["digest"] == digest(
        {
            "agreement": agreement,
            "revision": found["revision"],
            "parties": [
                {name: party[name] for name in ("authority", "name", "jurisdiction")}
                for party in found["parties"]
            ],
            "content": found["content"],
        }
    )
    for party in found["parties"]:
        token = jws.split(party["signature"].encode())
        path = party["issuer"].removeprefix("https://recognition.example")
        methods = client.get(path).json["verificationMethod"]
        key = next(each for each in methods if each["id"] == token.header["kid"])
        assert jws.verify_signature(token, public_key(key["publicKeyJwk"]))
        said = json.loads(token.payload)
        assert (said["iss"], said["digest"]) == (party["issuer"], found["digest"])


def test_both_apply_what_was_agreed_and_nobody_else_does(client, flanders, morocco):
    agreement = signed(flanders, morocco)
    for authority in ("be-fl-demo", "ma-demo"):
        answer = compared(client, agreement, authority)
        assert (answer["result"], answer["decides"]) == ("statement", True)
        assert answer["instrument"] == f"agr-{agreement}"
    other = client.get(
        "/api/v1/equivalences?origin=MA&destination=BE-FL"
        f"&qualification=agr-{agreement}:title:1&authority=be-fr-demo"
    )
    assert other.status_code == 404


def test_a_rule_decides_by_the_agreement_until_a_party_leaves_it(
    client, flanders, morocco
):
    agreement = signed(flanders, morocco)
    ordered(flanders, f"agr-{agreement}")
    case = flanders.post("/recognition-requests", a_technician_of(agreement)).json
    assert case["status"] == "decided", case
    token = flanders.token(case["attestation"]["id"])
    assert verify(client, token)["verdict"] == "valid"
    left = do(morocco, agreement, "withdrawal", as_="signatory")
    assert (left.json["state"], left.json["withdrawn_by"]) == ("withdrawn", "ma-demo")
    later = flanders.post("/recognition-requests", a_technician_of(agreement, 2)).json
    assert later["status"] == "submitted"
    assert compared(client, agreement, "be-fl-demo")["decides"] is False
    assert verify(client, token)["verdict"] == "valid"
    replayed = flanders.get(f"/attestations/{case['attestation']['id']}/replay").json
    assert replayed["match"] is True
    assert client.get(f"/agreements/{agreement}").json["state"] == "withdrawn"


def handed_in(office, agreement, number, jurisdiction="BE-FL"):
    """Hand in a decision of the body's own case system that rests on an agreement."""
    record = a_record(office, f"own-{number}")
    record["decision_kind"] = "level_comparability"
    record["destination"] = {"jurisdiction": jurisdiction}
    record["decision"] |= {
        "reference": {"framework": "EQF", "level": "5"},
        "legal_basis": ["Individual assessment", f"agr-{agreement}"],
    }
    return office.post("/attestations", {"record": record}, as_="signatory")


def test_nothing_new_is_attested_under_an_agreement_that_a_party_left(
    client, flanders, morocco
):
    agreement = signed(flanders, morocco)
    before = handed_in(flanders, agreement, 1)
    assert before.status_code == 201, before.json
    token = flanders.token(before.json["id"])
    assert agreement in jws.split(token.encode()).payload.decode()
    do(morocco, agreement, "withdrawal", as_="signatory")
    after = handed_in(flanders, agreement, 2)
    assert (after.status_code, after.json["code"]) == (409, "agreement_not_in_force")
    assert verify(client, token)["verdict"] == "valid"


def test_nobody_attests_under_an_agreement_of_others(flanders, morocco, office_of):
    agreement = signed(flanders, morocco)
    answer = handed_in(office_of("be-fr-demo"), agreement, 1, "BE-FR")
    assert (answer.status_code, answer.json["code"]) == (409, "agreement_not_in_force")


def test_titles_that_cannot_be_applied_are_named_by_row(flanders, morocco):
    del morocco
    titles = [
        a_title(1),
        a_title(1),
        a_title(2, origin="TN"),
        a_title(3, destination="MA"),
        a_title(4, qualification="lv-lki--bakalaura-diploms"),
        a_title(5, level="5"),
    ]
    answer = flanders.post(PATH, a_text(titles=titles) | {"to": "ma-demo"})
    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [
        ("/titles/1", "listed_twice"),
        ("/titles/2/origin", "not_a_party"),
        ("/titles/3/destination", "same_jurisdiction"),
        ("/titles/4/qualification", "unknown_qualification"),
        ("/titles/5/framework", "required"),
    ]
    assert flanders.get(PATH).json["items"] == []


def test_a_negotiation_can_be_given_up_by_either(client, flanders, morocco):
    agreement = proposed(flanders)
    assert client.get(f"/agreements/{agreement}").status_code == 404
    assert do(morocco, agreement, "abandonment").json["state"] == "abandoned"
    late = sign(flanders, agreement)
    assert (late.status_code, late.json["allowed"]) == (409, [])


def test_who_is_no_party_does_not_find_it(flanders, morocco, office_of):
    del morocco
    agreement = proposed(flanders)
    other = office_of("be-fr-demo")
    assert other.get(f"{PATH}/{agreement}").status_code == 404
    assert other.get(PATH).json["items"] == []


def test_a_changed_text_is_not_signed_by_mistake(flanders, morocco):
    agreement = proposed(flanders)
    etag = flanders.get(f"{PATH}/{agreement}").headers["ETag"]
    assert do(morocco, agreement, "revision", a_text(2)).status_code == 200
    answer = flanders.call(
        "PUT",
        f"{PATH}/{agreement}/signature",
        {},
        as_="signatory",
        **{"If-Match": etag},
    )
    assert answer.status_code == 412
