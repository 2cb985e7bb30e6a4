"""Whatever is presented is answered; only what holds no credential is refused."""

from io import BytesIO

import pytest

from recognition_service.web.bodies import LARGEST_PRESENTATION

PATH = "/api/v1/verifications"
TOKEN = "eyJhbGciOiJub25lIn0.e30."
MEMBERS = {
    "verdict",
    "code",
    "summary",
    "checked_at",
    "as_of",
    "format",
    "id",
    "issuer",
    "holder",
    "recognition",
    "status",
    "replaced_by",
    "joint",
    "checks",
    "inputs",
    "language",
}


def verdict(answer):
    assert answer.status_code == 200, answer.text
    return answer.json["verdict"]


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "a.b.c",
        TOKEN,
        "é" * 1000,
        "../../etc/passwd",
        "<script>",
        {
            "type": "EnvelopedVerifiableCredential",
            "id": "data:application/vc+jwt,a.b.c",
        },
        {"@context": [], "type": ["VerifiableCredential"]},
        {},
        {"a": [[[{"b": None}]]]},
    ],
    ids=lambda value: str(value)[:20],
)
def test_any_content_gets_a_report(client, credential):
    answer = client.post(PATH, json={"credential": credential})
    assert verdict(answer) in {"not_genuine", "cannot_confirm"}
    assert set(answer.json) >= MEMBERS
    assert [check["number"] for check in answer.json["checks"]] == list(range(1, 13))
    assert answer.json["summary"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "content_type",
    [
        "application/vc+jwt",
        "application/dc+sd-jwt",
        "application/vc",
        "text/plain",
        "text/plain; charset=utf-8",
        "application/pdf",
        "image/png",
    ],
)
@pytest.mark.parametrize("body", [TOKEN.encode(), b"\x89PNG\r\n\x1a\n\0\xff", b"x"])
def test_a_raw_body_gets_a_report(client, content_type, body):
    answer = client.post(PATH, data=body, content_type=content_type)
    assert verdict(answer) in {"not_genuine", "cannot_confirm"}


def test_an_object_that_is_itself_a_credential_gets_a_report(client):
    answer = client.post(PATH, json={"@context": [], "type": "VerifiableCredential"})
    assert verdict(answer) in {"not_genuine", "cannot_confirm"}


def test_a_file_gets_a_report(client):
    answer = client.post(
        PATH,
        data={"file": (BytesIO(TOKEN.encode() + b"\n"), "x.jwt"), "at": "2026-01-31"},
        content_type="multipart/form-data",
    )
    assert verdict(answer) == "not_genuine"
    assert answer.json["as_of"] == "2026-01-31T23:59:59Z"


@pytest.mark.parametrize(
    ("at", "as_of"),
    [
        (None, "2026-11-02T09:00:00Z"),
        ("2026-01-31", "2026-01-31T23:59:59Z"),
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00+02:00", "2026-01-31T10:00:00Z"),
    ],
)
def test_a_date_means_the_end_of_that_day_in_utc(client, at, as_of):
    answer = client.post(PATH, json={"credential": TOKEN, "at": at})
    assert answer.json["as_of"] == as_of
    if at is not None:
        raw = client.post(
            PATH, data=TOKEN, content_type="text/plain", query_string={"at": at}
        )
        assert raw.json["as_of"] == as_of


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/credential", "required"),
        ({"at": "2026-01-01"}, "/credential", "required"),
        ([], "", "not_an_object"),
        ({"credential": None}, "/credential", "not_a_credential"),
        ({"credential": 5}, "/credential", "not_a_credential"),
        ({"credential": ["x"]}, "/credential", "not_a_credential"),
        ({"credential": "x", "at": 5}, "/at", "not_a_date"),
        ({"credential": "x", "at": "yesterday"}, "/at", "not_a_date"),
        ({"credential": "x", "at": "2026-02-30"}, "/at", "not_a_date"),
        ({"credential": "x", "at": "2026-01-31T12:00:00"}, "/at", "not_a_date"),
        ({"credential": "x", "at": "0001-01-01T00:00:00+14:00"}, "/at", "not_a_date"),
        ({"credential": "x", "peers": "x"}, "/peers", "not_credentials"),
        ({"credential": "x", "peers": [5]}, "/peers", "not_credentials"),
        ({"credential": "x", "peers": ["x"] * 11}, "/peers", "not_credentials"),
        ({"credential": "x", "options": {}}, "/options", "unknown_member"),
    ],
)
def test_a_body_without_a_credential_is_refused(client, body, pointer, code):
    answer = client.post(PATH, json=body)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_body")
    (error,) = answer.json["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)


@pytest.mark.parametrize("at", ["x", "2026-13-01", ""])
def test_a_wrong_date_in_the_address_is_refused(client, at):
    answer = client.post(
        PATH, data=TOKEN, content_type="text/plain", query_string={"at": at}
    )
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == "at"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"credential": "x"},
        {"file": "x"},
        {"file": (BytesIO(b"x"), "x"), "peer": (BytesIO(b"x"), "x")},
        {"file": (BytesIO(b"x"), "x"), "name": "x"},
    ],
    ids=["empty", "no file", "text", "two files", "unknown field"],
)
def test_a_form_without_exactly_one_file_is_refused(client, form):
    answer = client.post(PATH, data=form, content_type="multipart/form-data")
    assert answer.status_code == 422


def test_an_empty_raw_body_is_refused(client):
    answer = client.post(PATH, data=b" ", content_type="application/vc+jwt")
    assert answer.status_code == 422


def test_what_is_not_json_is_refused(client):
    answer = client.post(PATH, data=b"{", content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_json")


@pytest.mark.parametrize(
    "content_type", [None, "application/zip", "application/x-www-form-urlencoded"]
)
def test_another_type_is_refused(client, content_type):
    answer = client.post(PATH, data=TOKEN, content_type=content_type)
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")
    assert "application/vc+jwt" in answer.headers["Accept-Post"]


@pytest.mark.parametrize("content_type", ["application/json", "application/vc+jwt"])
def test_more_than_ten_megabytes_are_refused(client, content_type):
    answer = client.post(
        PATH, data=b" " * (LARGEST_PRESENTATION + 1), content_type=content_type
    )
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_a_file_of_more_than_ten_megabytes_is_refused(client):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = head + b"x" * (LARGEST_PRESENTATION + 1) + b"\r\n--x--\r\n"
    answer = client.post(
        PATH, data=body, content_type="multipart/form-data; boundary=x"
    )
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")


def test_large_presentations_are_read(client):
    token = "x" * (2 << 20)
    assert verdict(client.post(PATH, json={"credential": token})) == "not_genuine"


def test_an_idempotency_key_is_ignored(client):
    headers = {"Idempotency-Key": "k"}
    for credential in ("x", "y"):
        answer = client.post(PATH, json={"credential": credential}, headers=headers)
        assert verdict(answer) == "not_genuine"


def test_the_summary_is_in_the_language_of_the_reader(client):
    french = client.post(f"{PATH}?lang=fr", json={"credential": "x"})
    english = client.post(PATH, json={"credential": "x"})
    assert (french.json["language"], english.json["language"]) == ("fr", "en")
    assert english.json["summary"] == english.json["checks"][0]["detail"]
    assert english.json["summary"].startswith("This is not a readable attestation.")
    assert french.json["summary"] != english.json["summary"]
