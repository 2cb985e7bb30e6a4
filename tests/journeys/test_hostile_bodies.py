"""Whatever stands in a body, the answer is a problem document, never a failure.

Every member of a good body is replaced by every hostile value, one at a time; the
same on both databases, and nothing is written.
"""

import copy
import json

import pytest

from recognition_service.recognition.models import RecognitionRequest
from tests.journeys.office import a_bachelor, a_partial_decision, a_technician

HOSTILE = [
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    " ",
    "x" * 100_000,
    "\x00",
    "\ud800",
    "\u202egnp.exe",
    "2031-02-30",
    "9999-12-31",
    "0001-01-01",
    [],
    [[]],
    {},
    {"": ""},
    {"$ref": "/etc/passwd"},
    [None] * 200,
]


def members(value, path=()):
    """Yield the path of every member of a JSON value."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from members(inner, (*path, index))


def replaced(body, path, value):
    changed = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def send(office, method, path, body, headers):
    """Send a body as it is, lone surrogates included."""
    return office.client.open(
        f"/api/v1{path}",
        method=method,
        data=json.dumps(body).encode(),
        content_type="application/json",
        headers={"Authorization": f"Bearer {office.api_keys['officer']}", **headers},
    )


def require_problem(answer, body):
    assert answer.status_code < 500, (answer.get_data(as_text=True), body)
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
        problem = answer.json
        assert problem["status"] == answer.status_code
        assert all(problem[name] for name in ("type", "title", "code", "request_id"))
        if answer.status_code in {400, 422}:
            assert problem.get("errors"), problem
            for error in problem["errors"]:
                assert {"pointer", "parameter", "offset"} & set(error), error


def test_hostile_members_of_a_request_are_named_and_nothing_is_written(
    office_of, runtime
):
    office, good, written = office_of("be-fl-demo"), a_bachelor(), 0
    for path in members(good):
        for value in HOSTILE:
            body = replaced(good, path, value)
            answer = send(office, "POST", "/recognition-requests", body, {})
            require_problem(answer, (path, value))
            written += answer.status_code == 201
    with runtime.database.reading() as session:
        assert session.query(RecognitionRequest).count() == written


def test_hostile_members_of_a_decision_are_named(office_of):
    office, good = office_of("be-fr-demo"), a_partial_decision()
    case = office.post("/recognition-requests", a_technician()).json["id"]
    for path in members(good):
        for value in HOSTILE:
            answer = send(
                office,
                "PUT",
                f"/recognition-requests/{case}/decision",
                replaced(good, path, value),
                {"If-Match": "*"},
            )
            require_problem(answer, (path, value))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[1, 2", 400),
        (b'{"a": NaN}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b"\xff\xfe{}", 400),
        (b'"text"', 422),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400),
        (b" " * (2 << 20), 413),
    ],
)
def test_what_is_no_body_is_refused(office_of, body, status):
    office = office_of("be-fl-demo")
    answer = office.client.post(
        "/api/v1/recognition-requests",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {office.api_keys['officer']}"},
    )
    assert answer.status_code == status, answer.json
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "identifier", ["0", "%00", "..%2f..%2fetc", "x" * 3000, "0193A1C2-%ff", "'--"]
)
@pytest.mark.parametrize("noun", ["recognition-requests", "attestations"])
def test_an_id_that_is_none_is_not_found(office_of, noun, identifier):
    answer = office_of("be-fl-demo").get(f"/{noun}/{identifier}")
    assert answer.status_code in {400, 404}, answer.status_code
    assert answer.mimetype == "application/problem+json"
