"""Decisions of other case systems, one by one and by the thousand."""

from recognition_service.attestations.models import StatusList
from recognition_service.worker.loop import turn
from tests.journeys.lines import a_record, hand_in
from tests.journeys.office import verify


def run(office, runtime, path="/attestation-batches"):
    """Let the worker do its turn, and return what the last batch came to."""
    assert turn(runtime) == 0
    return office.get(path).json["items"][-1]


def rows(office, batch, **query):
    text = "&".join(f"{name}={value}" for name, value in query.items())
    found = office.get(f"/attestation-batches/{batch['id']}/rows?{text}")
    return found.json["items"]


def test_a_record_of_another_system_is_attested(office_of):
    office = office_of("be-fr-demo")
    record = a_record(office, "HR-1")
    answer = office.post("/attestations", {"record": record}, as_="signatory")
    assert answer.status_code == 201, answer.json
    assert answer.json["outcome"] == "full"
    assert answer.json["request"] is None
    token = office.token(answer.json["id"])
    report = verify(office.client, token)
    assert report["verdict"] == "valid"
    assert report["recognition"]["source"]["origin"] == "MA"
    again = office.post("/attestations", {"record": record}, as_="signatory")
    assert (again.status_code, again.json["code"]) == (409, "already_attested")


def test_a_record_is_issued_in_the_forms_that_are_asked_for(office_of):
    office = office_of("be-fr-demo")

    def issued(reference, formats):
        record = a_record(office, reference)
        path = "/attestations" + formats
        answer = office.post(path, {"record": record}, as_="signatory")
        return [copy["format"] for copy in answer.json["copies"]]

    assert issued("HR-1", "") == ["vc+jwt", "dc+sd-jwt"]
    assert issued("HR-2", "?formats=vc_jwt") == ["vc+jwt"]
    assert issued("HR-3", "?formats=sd_jwt") == ["dc+sd-jwt"]
    refused = office.post(
        "/attestations?formats=pdf",
        {"record": a_record(office, "HR-4")},
        as_="signatory",
    )
    assert (refused.status_code, refused.json["errors"][0]["parameter"]) == (
        422,
        "formats",
    )


def test_a_recorded_decision_can_be_replayed(office_of):
    office = office_of("be-fr-demo")
    answer = office.post(
        "/attestations", {"record": a_record(office, "HR-1")}, as_="signatory"
    )
    replayed = office.get(f"/attestations/{answer.json['id']}/replay").json
    assert (replayed["match"], replayed["differences"]) == (True, [])


def test_the_same_is_asked_of_records_as_of_cases(office_of):
    office = office_of("be-fr-demo")

    def refused(as_="signatory", **changes):
        record = a_record(office, "HR-2", **changes)
        answer = office.post("/attestations", {"record": record}, as_=as_)
        errors = answer.json.get("errors") or [{}]
        return answer.status_code, answer.json["code"], errors[0].get("pointer")

    assert refused(as_="officer") == (403, "role_missing", None)
    assert refused(decided_by="person:nobody") == (
        422,
        "record_invalid",
        "/decided_by",
    )
    assert refused(decided_on="2031-01-01") == (
        422,
        "invalid_body",
        "/record/decided_on",
    )
    assert refused(regime="no-such") == (422, "record_invalid", "/regime")
    assert refused(destination={"jurisdiction": "NL"})[:2] == (403, "mandate_missing")
    assert refused(decision={"outcome": "full"})[:2] == (
        422,
        "decision_contents_missing",
    )
    assert refused(
        decision={"outcome": "refused", "text": {"en": "No."}, "legal_basis": ["x"]}
    )[:2] == (409, "refusal_not_attested")
    both = {
        "record": a_record(office, "HR-2"),
        "decision": "0193a1c2-0000-7000-8000-000000000000",
    }
    answer = office.post("/attestations", both, as_="signatory")
    assert answer.json["errors"][0]["code"] == "decision_or_record"


def test_who_prepared_a_decision_does_not_sign_it(office_of):
    office = office_of("be-fr-demo")
    signatory = office.get("/principals", as_="signatory").json["items"]
    (own,) = [each["id"] for each in signatory if each["is_caller"]]
    record = a_record(office, "HR-3", decided_by=own)
    answer = office.post("/attestations", {"record": record}, as_="signatory")
    assert answer.status_code in {403, 422}
    assert answer.json["code"] in {"same_signatory", "record_invalid"}


def test_a_batch_attests_each_line_and_tells_which_did_not_fit(office_of, installation):
    runtime = installation[0]
    office = office_of("be-fr-demo")
    good = [a_record(office, f"HR-{number}") for number in range(3)]
    bad = a_record(office, "HR-9", decided_by="person:nobody")
    unknown = good[0] | {"nationality": "MA"}
    answer = hand_in(office, [*good, bad, unknown, "{", "", good[1]])
    assert answer.status_code == 202, answer.json
    assert answer.headers["Location"] == answer.json["links"]["self"]
    assert (answer.json["state"], answer.json["total"]) == ("running", 7)
    assert answer.json["failed"] == 2
    batch = run(office, runtime)
    assert (batch["state"], batch["done"], batch["failed"]) == ("finished", 3, 4)
    failed = {
        row["row"]: row["problem"]["code"]
        for row in rows(office, batch, state="failed")
    }
    assert failed == {
        4: "record_invalid",
        5: "invalid_body",
        6: "malformed_json",
        8: "already_attested",
    }
    (error,) = rows(office, batch, state="failed")[1]["problem"]["errors"]
    assert (error["pointer"], error["code"]) == ("/nationality", "unknown_member")
    done = rows(office, batch, state="done")
    numbers = []
    for row in done:
        token = office.token(row["attestation"]["id"])
        assert verify(office.client, token)["verdict"] == "valid"
        numbers.append(
            office.get(f"/attestations/{row['attestation']['id']}").json["number"]
        )
    assert numbers == sorted(set(numbers))


def test_a_batch_handed_in_twice_with_one_key_is_one_batch(office_of):
    office = office_of("be-fr-demo")
    lines = [a_record(office, "HR-1")]
    first, second = (
        hand_in(office, lines, **{"Idempotency-Key": "batch-1"}) for _ in range(2)
    )
    assert first.json["id"] == second.json["id"]
    assert len(office.get("/attestation-batches").json["items"]) == 1


def test_a_batch_may_ask_for_the_wallet_form_too(office_of, installation):
    runtime = installation[0]
    office = office_of("be-fr-demo")
    path = "/attestation-batches?formats=vc_jwt,sd_jwt"
    assert hand_in(office, [a_record(office, "HR-1")], path).status_code == 202
    (row,) = rows(office, run(office, runtime))
    wallet = office.get(f"/attestations/{row['attestation']['id']}.sd-jwt")
    assert wallet.content_type == "application/dc+sd-jwt"
    assert verify(office.client, wallet.text)["verdict"] == "valid"


def test_half_a_batch_leaves_nothing(office_of):
    office = office_of("be-fr-demo")
    lines = [a_record(office, "HR-1"), "x" * 70_000]
    assert hand_in(office, lines).status_code == 413
    assert hand_in(office, [""]).status_code == 422
    assert office.get("/attestation-batches").json["items"] == []
    assert hand_in(office, lines[:1], as_="officer").status_code == 403


def test_many_attestations_are_revoked_by_one_publication(office_of, installation):
    runtime = installation[0]
    office = office_of("be-fr-demo")
    hand_in(office, [a_record(office, f"HR-{number}") for number in range(5)])
    ids = [row["attestation"]["id"] for row in rows(office, run(office, runtime))]
    tokens = [office.token(each) for each in ids]
    before = publications(runtime)
    lines = [
        {"attestation": each, "status": "revoked", "reason": "error"} for each in ids
    ]
    lines.append(lines[0] | {"attestation": "0193a1c2-0000-7000-8000-000000000000"})
    answer = hand_in(office, lines, "/status-batches", as_="officer")
    assert answer.status_code == 202, answer.json
    batch = run(office, runtime, "/status-batches")
    assert (batch["state"], batch["done"], batch["failed"]) == ("finished", 5, 1)
    assert publications(runtime) == before + 1
    for token in tokens:
        assert verify(office.client, token)["code"] == "revoked"


def publications(runtime):
    with runtime.database.reading() as session:
        return session.get(StatusList, ("be-fr-demo", 1)).publications
