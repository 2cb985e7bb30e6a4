"""What an applicant is written, and what a case file holds, by REST."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.worker.loop import turn
from tests.documents.papers import is_archival, metadata
from tests.journeys.office import API, a_bachelor, a_partial_decision, a_technician

LIST = "/recognition-requests"
SCAN = b"A scan of a diploma"


@pytest.fixture
def office(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(office):
    """A request of Yassine, who reads French."""
    return office.post(LIST, a_technician() | {"language": "fr"}).json["id"]


def letters(office, case):
    answer = office.get(f"{LIST}/{case}/letters")
    assert answer.status_code == 200
    return answer.json["items"]


def decided(office, case):
    assert office.decide(case, a_partial_decision()).status_code == 200
    assert office.sign(case).status_code == 200


def archive(office, case):
    """Return the files of a case, by their paths within the folder."""
    answer = office.get(f"{LIST}/{case}/file.zip")
    assert answer.status_code == 200
    assert answer.content_type == "application/zip"
    with ZipFile(BytesIO(answer.data)) as opened:
        folders = {name.partition("/")[0] for name in opened.namelist()}
        files = {
            name.partition("/")[2]: opened.read(name) for name in opened.namelist()
        }
    (folder,) = folders
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="{folder}.zip"'
    )
    return files


def test_a_letter_is_written_at_once_and_ready_soon(office, runtime, case):
    (waiting,) = letters(office, case)
    assert (waiting["kind"], waiting["language"]) == ("acknowledgement", "fr")
    assert (waiting["ready"], waiting["digest"], waiting["size"]) == (
        False,
        None,
        None,
    )
    path = f"{LIST}/{case}/letters/{waiting['id']}.pdf"
    pending = office.get(path)
    assert (pending.status_code, pending.json["code"]) == (409, "letter_pending")
    assert turn(runtime) == 0
    (ready,) = letters(office, case)
    assert ready["ready"]
    assert ready["href"].endswith(API + path)
    pdf = office.get(path)
    assert pdf.status_code == 200
    assert pdf.content_type == "application/pdf"
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert ready["digest"] == digest_of_bytes(pdf.data)
    assert ready["size"] == len(pdf.data)
    assert is_archival(pdf.data)
    assert "Nous avons reçu votre demande" in metadata(pdf.data)


def test_each_step_of_a_case_is_told(office, case):
    decided(office, case)
    kinds = [letter["kind"] for letter in letters(office, case)]
    assert kinds == ["acknowledgement", "decision"]
    other = office.post(LIST, a_technician()).json["id"]
    of = f"{LIST}/{other}"
    assert office.change(f"{of}/withdrawal", {}, of=of).status_code == 200
    kinds = [letter["kind"] for letter in letters(office, other)]
    assert kinds == ["acknowledgement", "withdrawal"]


def test_a_decision_by_treaty_without_a_case_writes_no_letter(office_of):
    flanders = office_of("be-fl-demo")
    answer = flanders.post(LIST, a_bachelor()).json
    assert answer["procedure"] == "none"
    assert letters(flanders, answer["id"]) == []
    assert "case.json" in archive(flanders, answer["id"])


def test_a_case_file_holds_all_that_belongs_to_the_case(office, case):
    decided(office, case)
    files = archive(office, case)
    assert sorted(files) == [
        "case.json",
        "contents.pdf",
        "decision-record.json",
        "letters/01-acknowledgement.pdf",
        "letters/02-decision.pdf",
        "manifest.json",
    ]
    told = json.loads(files["case.json"])
    assert told["applicant"]["family_name"] == "El Amrani"
    assert [event["event"] for event in told["history"]] == [
        "submitted",
        "decision_prepared",
        "decided",
    ]
    assert "sex" not in told["applicant"]
    record = json.loads(files["decision-record.json"])
    assert record["decision_digest"] == told["decision"]["decision_digest"]
    assert record["inputs"]["holder"]["family_name"] == "El Amrani"
    assert is_archival(files["contents.pdf"])


def test_the_manifest_tells_the_digest_of_each_file(office, case):
    files = archive(office, case)
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["case"] == case
    assert {
        entry["path"]: (entry["digest"], entry["bytes"]) for entry in manifest["files"]
    } == {
        path: (digest_of_bytes(content), len(content))
        for path, content in files.items()
    }


def test_a_case_file_has_the_letters_that_were_waiting_and_stays_the_same(
    office, runtime, case
):
    first = office.get(f"{LIST}/{case}/file.zip").data
    assert letters(office, case)[0]["ready"]
    assert turn(runtime) == 0
    assert office.get(f"{LIST}/{case}/file.zip").data == first


def test_documents_that_came_with_answers_lie_in_the_case_file(office, case):
    sent = [
        {
            "digest": digest_of_bytes(content),
            "media_type": "text/plain",
            "bytes": len(content),
            **name,
        }
        for content, name in (
            (SCAN, {"name": "../Diplôme: نسخة.txt"}),
            (b"Another", {}),
            (b"Never came", {}),
        )
    ]
    body = {
        "kind": "award_verification",
        "to": "ma-demo",
        "case": case,
        "questions": ["awarded"],
        "attachments": sent,
    }
    answer = office.post("/mutual-requests", body)
    assert answer.status_code == 201, answer.json
    for content in (SCAN, b"Another"):
        put = office.client.put(
            f"{API}/mutual-requests/{answer.json['id']}/attachments/"
            f"{digest_of_bytes(content)}",
            data=content,
            headers={"Authorization": f"Bearer {office.api_keys['officer']}"},
        )
        assert put.status_code == 201, put.json
    files = archive(office, case)
    attached = {path: held for path, held in files.items() if "attachments" in path}
    assert attached == {
        "attachments/01-Diplôme_ نسخة.txt": SCAN,
        "attachments/02-document.txt": b"Another",
    }


def test_who_may_not_read_a_case_may_not_read_its_letters(office, case):
    for path in ("letters", "file.zip"):
        answer = office.client.get(f"{API}{LIST}/{case}/{path}")
        assert answer.status_code == 401
