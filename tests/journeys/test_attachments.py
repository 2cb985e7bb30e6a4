"""The bytes of a document follow a request between bodies, as they were announced."""

import pytest

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.mutual_recognition.receive_attachment import (
    LARGEST_ATTACHMENT,
)
from tests.journeys.bodies import COORDINATOR, PROVIDER, a_body, a_university
from tests.journeys.test_mutual_requests import PATH, a_verification, answers, do, sent

SCAN = b"%PDF-1.7 a diploma of 2019" + bytes(range(256))
DIGEST = digest_of_bytes(SCAN)


@pytest.fixture
def flanders(office_of):
    return office_of("be-fl-demo")


@pytest.fixture
def university(app, runtime):
    return a_university(app, runtime)


def announced(content=SCAN, **more):
    known = {
        "digest": digest_of_bytes(content),
        "media_type": "application/pdf",
        "bytes": len(content),
        "name": "diplôme.pdf",
    }
    return known | more


def asked(office, *attachments):
    return sent(office, a_verification(attachments=list(attachments or [announced()])))


def hand_in(office, request_id, content=SCAN, digest=DIGEST):
    return office.client.put(
        f"/api/v1{PATH}/{request_id}/attachments/{digest}",
        data=content,
        headers={
            "Authorization": f"Bearer {office.api_keys['officer']}",
            "Content-Type": "application/pdf",
        },
    )


def fetched(office, request_id, digest=DIGEST, **headers):
    return office.call("GET", f"{PATH}/{request_id}/attachments/{digest}", **headers)


def test_who_is_asked_reads_the_document_that_was_announced(flanders, university):
    request_id = asked(flanders)
    missing = fetched(university, request_id)
    assert (missing.status_code, missing.json["code"]) == (404, "attachment_not_found")
    first, again = hand_in(flanders, request_id), hand_in(flanders, request_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["ETag"] == again.headers["ETag"]
    (known,) = university.get(f"{PATH}/{request_id}").json["attachments"]
    assert known["received_at"] == "2026-11-02T09:00:00Z"
    for office in (flanders, university):
        document = fetched(office, request_id, Accept="application/pdf, */*;q=0.1")
        assert (document.status_code, document.data) == (200, SCAN)
    assert document.content_type == "application/pdf"
    shown = document.headers["Content-Disposition"]
    assert shown == "attachment; filename*=UTF-8''dipl%C3%B4me.pdf"
    assert document.headers["Content-Security-Policy"].startswith("sandbox")
    assert document.headers["X-Content-Type-Options"] == "nosniff"
    assert document.headers["Cache-Control"] == "no-store"


def test_an_answer_has_documents_too(flanders, university):
    request_id = asked(flanders)
    do(university, request_id, "acceptance")
    register = b"Extract of the register"
    sent_along = announced(register, media_type="text/plain", name=None)
    do(university, request_id, "answer", answers() | {"attachments": [sent_along]})
    digest = sent_along["digest"]
    assert hand_in(university, request_id, register, digest).status_code == 201
    document = fetched(flanders, request_id, digest)
    assert (document.data, document.mimetype) == (register, "text/plain")
    assert digest in document.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "content",
    [SCAN[:-1], SCAN[:-1] + b"!", b""],
    ids=["shorter", "one byte differs", "empty"],
)
def test_other_bytes_than_announced_are_refused(flanders, university, content):
    request_id = asked(flanders)
    refused = hand_in(flanders, request_id, content)
    assert (refused.status_code, refused.json["code"]) == (422, "attachment_mismatch")
    assert fetched(university, request_id).status_code == 404


def test_a_document_that_nobody_announced_is_not_taken(flanders, university):
    del university
    request_id = asked(flanders)
    other = b"Another document"
    refused = hand_in(flanders, request_id, other, digest_of_bytes(other))
    assert (refused.status_code, refused.json["code"]) == (404, "attachment_not_found")


def test_too_large_a_document_is_refused_before_it_is_read(flanders, university):
    del university
    size = LARGEST_ATTACHMENT + 1
    request_id = asked(flanders, announced(bytes=size))
    refused = hand_in(flanders, request_id, bytes(size))
    assert (refused.status_code, refused.json["code"]) == (413, "body_too_large")


def test_the_bytes_come_from_who_has_sent_the_document(flanders, university):
    request_id = asked(flanders)
    refused = hand_in(university, request_id)
    assert (refused.status_code, refused.json["code"]) == (403, "attachment_of_another")


def test_nothing_is_taken_once_the_request_is_over(flanders, university):
    request_id = asked(flanders)
    assert do(university, request_id, "refusal").status_code == 200
    refused = hand_in(flanders, request_id)
    assert (refused.status_code, refused.json["code"]) == (409, "attachment_too_late")


def test_a_document_goes_on_with_the_request_and_is_forgotten_here(
    app, runtime, flanders, university
):
    archive = a_body(app, runtime, "lv-archive", "LV", PROVIDER)
    request_id = asked(flanders)
    hand_in(flanders, request_id)
    do(university, request_id, "forwarding", {"to": "lv-archive"})
    assert fetched(archive, request_id).data == SCAN
    assert fetched(university, request_id).status_code == 404
    assert fetched(flanders, request_id).data == SCAN


def test_a_part_that_was_split_off_has_the_document(flanders, university):
    request_id = asked(flanders)
    hand_in(flanders, request_id)
    done = do(university, request_id, "split", {"questions": ["accredited_at_award"]})
    (child,) = done.json["children"]
    for office in (flanders, university):
        assert fetched(office, child).data == SCAN


def test_a_coordinator_never_sees_a_document(app, runtime, flanders):
    coordinator = a_body(app, runtime, "lv-coordinator", "LV", COORDINATOR)
    body = a_verification(attachments=[announced()], to="lv-coordinator")
    request_id = sent(flanders, body)
    hand_in(flanders, request_id)
    assert fetched(coordinator, request_id).status_code == 404
    assert coordinator.get(f"{PATH}/{request_id}").json["attachments"] == []


def test_a_media_type_that_is_none_is_refused_with_its_place(flanders, university):
    del university
    for wrong in ("pdf", "text/html; charset=utf-8", "a/b\r\nX-Evil: 1", "/"):
        body = a_verification(attachments=[announced(media_type=wrong)])
        refused = flanders.post(PATH, body)
        assert refused.status_code == 422
        assert refused.json["errors"][0]["pointer"] == "/attachments/0/media_type"
