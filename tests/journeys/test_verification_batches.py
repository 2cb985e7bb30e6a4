"""Many attestations are verified in one request."""

import json

from tests.journeys.test_other_tenants import an_attestation

PATH = "/api/v1/verification-batches"


def asked(client, lines, **query):
    answer = client.post(
        PATH,
        data="\n".join(lines),
        content_type="application/jsonl",
        query_string=query,
    )
    assert answer.status_code == 200, answer.json
    assert answer.content_type == "application/jsonl"
    return [json.loads(line) for line in answer.text.splitlines()]


def test_each_line_is_answered_in_its_place(office_of):
    office = office_of("be-fr-demo")
    token = office.token(an_attestation(office))
    forged = token[:-8] + "AAAAAAAA"
    lines = [
        json.dumps(token),
        json.dumps({"credential": forged}),
        "",
        json.dumps({"credential": token, "at": "2020-01-01"}),
        json.dumps({"nationality": "MA"}),
        "{",
        json.dumps("no token"),
    ]
    answers = asked(office.client, lines)
    assert [answer["row"] for answer in answers] == [1, 2, 4, 5, 6, 7]
    told = {answer["row"]: answer.get("verdict") for answer in answers}
    assert told[1] == "valid_with_conditions"
    assert (told[2], told[7]) == ("not_genuine", "not_genuine")
    assert told[4] in {"not_valid", "cannot_confirm"}
    assert answers[3]["problem"]["errors"][0]["pointer"] == "/credential"
    assert answers[4]["problem"]["code"] == "malformed_json"
    single = office.client.post("/api/v1/verifications", json={"credential": token})
    assert {**single.json, "row": 1} == answers[0]


def test_what_is_no_batch_is_refused(office_of):
    client = office_of("be-fr-demo").client
    for body, kind, status in (
        ("", "application/jsonl", 422),
        ('"x"\n' * 1001, "application/jsonl", 413),
        ('"x"', "application/json", 415),
    ):
        answer = client.post(PATH, data=body, content_type=kind)
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
