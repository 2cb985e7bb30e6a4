"""The papers of a case by REST: announced, handed in, looked at, read."""

import pytest

from recognition_service.authorities.models import Role
from recognition_service.credentials.canonical import digest_of_bytes
from tests.builders import a_key
from tests.journeys.office import a_bachelor, a_technician
from tests.recognition.files import a_pdf, a_png

SCAN = a_pdf(b"1 0 obj\n<< /Title (dipl\xf4me) >>\nendobj")
CASES = "/recognition-requests"
LOOKED_AT = {"grade": "certified_copy", "established_on": "2026-11-02"}
APOSTILLE = {
    "state": "apostille",
    "number": "RABAT-2018-118",
    "dated_on": "2018-09-03",
    "signer": "N. Alaoui",
    "capacity": "Registrar",
}


@pytest.fixture
def office(office_of):
    return office_of("be-fr-demo")


@pytest.fixture
def case(office):
    return office.post(CASES, a_technician()).json["id"]


@pytest.fixture
def clerk(runtime, office):
    """The same office with a key of a clerk besides."""
    office.api_keys["clerk"] = a_key(runtime, Role.CLERK, authority_id="be-fr-demo")
    return office


def a_paper(content=SCAN, **more):
    return {
        "kind": "qualification",
        "title": "Diplôme de technicien spécialisé",
        "media_type": "application/pdf",
        "bytes": len(content),
        "digest": digest_of_bytes(content),
        "channel": "portal",
        "language": "fr",
        "held_qualification": 0,
        "file_name": "diplôme.pdf",
        "issued_on": "2018-07-13",
        "issuer": "OFPPT",
    } | more


def announced(office, case, content=SCAN, **more):
    answer = office.post(f"{CASES}/{case}/papers", a_paper(content, **more))
    assert answer.status_code == 201, answer.json
    return answer


def hand_in(office, location, content=SCAN, *, as_="officer", **headers):
    return office.client.put(
        location,
        data=content,
        headers={"Authorization": f"Bearer {office.api_keys[as_]}", **headers},
    )


def received(office, case, content=SCAN, **more):
    location = announced(office, case, content, **more).headers["Location"]
    answer = hand_in(office, location, content)
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def path(case, paper, act="content"):
    return f"{CASES}/{case}/papers/{paper}/{act}"


def change(office, case, paper, act, body, **more):
    return office.change(path(case, paper, act), body, of=f"{CASES}/{case}", **more)


def test_a_paper_is_announced_handed_in_listed_and_read(office, case):
    answer = announced(office, case)
    paper = answer.json
    assert (paper["status"], paper["received_at"]) == ("accepted", None)
    assert paper["authenticity"]["grade"] == "scan"
    assert office.get(path(case, paper["id"])).status_code == 404
    location = answer.headers["Location"]
    assert paper["links"]["content"].endswith(location)
    first = hand_in(office, location, **{"Content-Type": "application/pdf"})
    again = hand_in(office, location)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["ETag"] == again.headers["ETag"]
    assert (first.json["report"], first.json["proposal"]) == (None, None)
    listed = office.get(f"{CASES}/{case}/papers")
    assert listed.headers["ETag"] == first.headers["ETag"]
    (shown,) = listed.json["items"]
    assert shown["received_at"] == "2026-11-02T09:00:00Z"
    assert shown | {"report": None, "proposal": None} == first.json
    document = office.get(path(case, paper["id"]), Accept="application/pdf")
    assert (document.data, document.content_type) == (SCAN, "application/pdf")


def test_a_paper_is_handed_out_as_a_file_that_does_nothing(office, case):
    headers = office.get(path(case, received(office, case))).headers
    assert headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''dipl%C3%B4me.pdf"
    )
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    unnamed = received(office, case, file_name=None)
    shown = office.get(path(case, unnamed)).headers["Content-Disposition"]
    assert shown == f"attachment; filename=qualification-{unnamed}.pdf"


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"issued_on": "1997-01-20"}, "/issued_on", "date_before_birth"),
        ({"issued_on": "2026-11-03"}, "/issued_on", "date_in_future"),
        ({"issued_on": "2031-01-01"}, "/issued_on", "date_in_future"),
        ({"kind": "diploma"}, "/kind", "not_in_enum"),
        ({"media_type": "application/zip"}, "/media_type", "not_in_enum"),
        ({"media_type": "text/html"}, "/media_type", "not_in_enum"),
        ({"bytes": 0}, "/bytes", "out_of_range"),
        ({"bytes": (10 << 20) + 1}, "/bytes", "out_of_range"),
        ({"digest": "sha256-short"}, "/digest", "not_a_digest"),
        ({"file_name": "a\u202efdp.exe"}, "/file_name", "control_character"),
        ({"file_name": "a\x07b"}, "/file_name", "control_character"),
        ({"file_name": "../../etc/passwd"}, "/file_name", "path_or_control_in_name"),
        ({"file_name": "a\\b.pdf"}, "/file_name", "path_or_control_in_name"),
        ({"held_qualification": 1}, "/held_qualification", "out_of_range"),
        ({"grade": "issuer_signed"}, "/grade", "unknown_member"),
    ],
)
def test_case_43_what_is_wrong_with_an_announcement_is_named(
    office, case, more, pointer, code
):
    refused = office.post(f"{CASES}/{case}/papers", a_paper(**more))
    assert refused.status_code == 422
    told = [(fault["pointer"], fault["code"]) for fault in refused.json["errors"]]
    assert told == [(pointer, code)]
    assert office.get(f"{CASES}/{case}/papers").json["items"] == []


def test_other_bytes_than_announced_are_refused(office, case):
    location = announced(office, case).headers["Location"]
    refused = hand_in(office, location, SCAN[:-1])
    assert (refused.status_code, refused.json["code"]) == (422, "paper_mismatch")


def test_case_43_another_type_than_announced_is_refused(office, case):
    location = announced(office, case).headers["Location"]
    refused = hand_in(office, location, **{"Content-Type": "image/png"})
    assert (refused.status_code, refused.json["code"]) == (
        415,
        "unsupported_media_type",
    )
    location = announced(office, case, a_png()).headers["Location"]
    refused = hand_in(office, location, a_png())
    assert (refused.status_code, refused.json["code"]) == (422, "paper_unsafe")
    assert refused.json["errors"][0]["pointer"] == "/media_type"


def test_case_43_a_pdf_with_a_script_is_refused(office, case):
    content = a_pdf(b"<< /S /JavaScript /JS (app.alert(1)) >>")
    location = announced(office, case, content).headers["Location"]
    refused = hand_in(office, location, content)
    assert (refused.status_code, refused.json["code"]) == (422, "paper_unsafe")
    assert refused.json["errors"][0]["code"] == "pdf_active"


def test_case_43_more_than_ten_mebibytes_are_not_read(office, case):
    location = announced(office, case).headers["Location"]
    refused = hand_in(office, location, bytes((10 << 20) + 1))
    assert (refused.status_code, refused.json["code"]) == (413, "body_too_large")


def test_a_repeated_announcement_with_the_same_key_makes_one_paper(office, case):
    key = {"Idempotency-Key": "paper-1"}
    first, again = (
        office.post(f"{CASES}/{case}/papers", a_paper(), **key) for _ in range(2)
    )
    assert first.json == again.json
    assert len(office.get(f"{CASES}/{case}/papers").json["items"]) == 1


def test_an_officer_assesses_a_paper_by_its_apostille(office, case):
    paper = received(office, case)
    body = LOOKED_AT | {"grade": "legalised", "legalisation": APOSTILLE}
    assessed = change(office, case, paper, "assessment", body)
    assert assessed.status_code == 200, assessed.json
    assert assessed.json["authenticity"]["grade"] == "legalised"
    assert assessed.json["legalisation"] == APOSTILLE | {"basis": None}
    told = office.get(f"{CASES}/{case}").json["history"][-1]
    assert (told["event"], told["details"]["grade"]) == ("paper_assessed", "legalised")


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"grade": "issuer_signed"}, "/grade"),
        ({"grade": "confirmed_by_issuer"}, "/confirmation"),
        ({"grade": "legalised"}, "/legalisation"),
        ({"legalisation": {"state": "exempt"}}, "/legalisation/basis"),
        (
            {"legalisation": APOSTILLE | {"dated_on": "1997-01-20"}},
            "/legalisation/dated_on",
        ),
    ],
)
def test_a_grade_without_its_proof_is_refused(office, case, more, pointer):
    paper = received(office, case)
    refused = change(office, case, paper, "assessment", LOOKED_AT | more)
    assert (refused.status_code, refused.json["code"]) == (422, "paper_invalid")
    assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]


def test_an_officer_rejects_a_paper_and_a_better_one_takes_its_place(office, case):
    paper = received(office, case)
    body = {"reason": "illegible", "note": "The second page is cut off."}
    rejected = change(office, case, paper, "rejection", body)
    assert (rejected.json["status"], rejected.json["rejection"]) == ("rejected", body)
    again = change(office, case, paper, "rejection", body)
    assert (again.status_code, again.json["code"]) == (409, "paper_state")
    newer = received(office, case, replaces=paper)
    items = office.get(f"{CASES}/{case}/papers").json["items"]
    assert [(item["status"], item["replaced_by"]) for item in items] == [
        ("replaced", newer),
        ("accepted", None),
    ]


def test_a_change_names_the_version_that_was_read(office, case):
    paper = received(office, case)
    for act, body in (
        ("assessment", LOOKED_AT),
        ("rejection", {"reason": "other"}),
    ):
        without = office.call("PUT", path(case, paper, act), body)
        assert (without.status_code, without.json["code"]) == (
            428,
            "precondition_required",
        )
        old = office.call("PUT", path(case, paper, act), body, **{"If-Match": '"v1"'})
        assert (old.status_code, old.json["code"]) == (412, "precondition_failed")


def test_nothing_is_added_to_a_request_that_is_over(office, case):
    of = f"{CASES}/{case}"
    assert office.change(f"{of}/withdrawal", {}, of=of).status_code == 200
    refused = office.post(f"{of}/papers", a_paper())
    assert (refused.status_code, refused.json["code"]) == (409, "paper_too_late")


def test_a_credential_is_verified_and_offers_what_it_says(office, office_of, case):
    flanders = office_of("be-fl-demo")
    decided = flanders.post(CASES, a_bachelor()).json
    content = flanders.token(decided["attestation"]["id"]).encode()
    location = announced(
        office, case, content, media_type="application/vc+jwt", file_name=None
    ).headers["Location"]
    answer = hand_in(office, location, content).json
    assert answer["authenticity"]["grade"] == "issuer_signed"
    assert answer["verification"] == {
        "verdict": "valid",
        "code": "valid",
        "issuer": "https://recognition.example/issuers/be-fl-demo",
        "on": "2026-11-02",
    }
    assert answer["report"]["summary"] == "This attestation is genuine and valid."
    assert answer["proposal"]["title"] == "Bakalaura diploms"
    assert answer["proposal"]["same_name"] is False
    (held,) = office.get(f"{CASES}/{case}").json["held_qualifications"]
    assert held["origin"] == "MA"


def test_sensitive_papers_are_for_who_decides_and_for_a_purpose(clerk, case):
    office = clerk
    answer = office.post(
        f"{CASES}/{case}/papers", a_paper(kind="criminal_record"), as_="clerk"
    )
    assert answer.status_code == 201, answer.json
    assert (answer.json["is_sensitive"], answer.json["title"]) == (True, None)
    location = answer.headers["Location"]
    assert hand_in(office, location, as_="clerk").status_code == 201
    (hidden,) = office.get(f"{CASES}/{case}/papers", as_="clerk").json["items"]
    shown = {name: value for name, value in hidden.items() if value is not None}
    assert set(shown) == {
        "id",
        "kind",
        "held_qualification",
        "added_at",
        "received_at",
        "status",
        "is_sensitive",
        "links",
    }
    (whole,) = office.get(f"{CASES}/{case}/papers").json["items"]
    assert (whole["title"], whole["keep_until"]) == (
        "Diplôme de technicien spécialisé",
        "2027-11-02",
    )
    paper = path(case, hidden["id"])
    refused = office.get(f"{paper}?purpose=assessment", as_="clerk")
    assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    for query in ("", "?purpose=curiosity", "?reason=assessment"):
        refused = office.get(paper + query)
        assert (refused.status_code, refused.json["code"]) == (
            422,
            "invalid_parameters",
        )
    for post in ("officer", "signatory"):
        document = office.get(f"{paper}?purpose=decision", as_=post)
        assert (document.status_code, document.data) == (200, SCAN)


def test_who_may_not_is_refused(clerk, case):
    office, paper = clerk, received(clerk, case)
    for act, body in (("assessment", LOOKED_AT), ("rejection", {"reason": "other"})):
        for post in ("clerk", "signatory"):
            refused = change(office, case, paper, act, body, as_=post)
            assert (refused.status_code, refused.json["code"]) == (403, "role_missing")
    refused = office.post(f"{CASES}/{case}/papers", a_paper(), as_="signatory")
    assert refused.status_code == 403
    assert office.get(path(case, paper), as_="clerk").data == SCAN
