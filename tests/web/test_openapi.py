"""The OpenAPI document is valid and complete."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from recognition_service.web import openapi
from recognition_service.web.access import REQUIRED_ROLES

SCHEMA = json.loads(
    (Path(__file__).parent / "openapi-3.1.schema.json").read_text(encoding="utf-8")
)
UNDESCRIBED = {"docs", "pages"}
METHODS = {"get", "put", "post", "delete", "patch"}
# "Not verified" is told with 400 there, in the form that clients of the VC-API read.
VC_API_RESULTS = {("/credentials/verify", "400"), ("/presentations/verify", "400")}


@pytest.fixture
def document(client):
    answer = client.get("/openapi.json")
    assert answer.content_type == "application/json"
    return answer.json


@pytest.fixture
def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_the_document_is_valid(document):
    assert document["openapi"] == "3.1.0"
    assert list(Draft202012Validator(SCHEMA).iter_errors(document)) == []


def test_every_route_is_described(app, operations):
    described = {(path, method) for path, method, _ in operations}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in UNDESCRIBED:
            continue
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert (path, method.lower()) in described


def test_every_operation_is_told_in_full(document, operations):
    tags = {tag["name"]: tag.get("description") for tag in document["tags"]}
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(names) == len(set(names))
    for path, _, operation in operations:
        assert re.fullmatch("[a-z]+([A-Z][a-z0-9]*)*", operation["operationId"]), path
        assert operation["summary"], path
        assert operation["description"] not in {"", operation["summary"]}, path
        assert operation["tags"], path
        assert all(tags[tag] for tag in operation["tags"]), path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], path


def test_every_good_answer_has_an_example(operations):
    for path, _, operation in operations:
        for status, answer in operation["responses"].items():
            if status.startswith("2") and status != "204":
                for content in answer["content"].values():
                    assert "example" in content or "examples" in content, path


def test_every_body_has_a_schema(operations):
    for path, _, operation in operations:
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert content["schema"], path


def test_problems_are_problem_documents(document, operations):
    shared = document["components"]["responses"]
    for path, _, operation in operations:
        assert "default" in operation["responses"], path
        for status, answer in operation["responses"].items():
            if (path, status) in VC_API_RESULTS:
                assert set(answer["content"]) == {"application/json"}
            elif status.startswith("4"):
                name = answer["$ref"].removeprefix("#/components/responses/")
                assert set(shared[name]["content"]) == {"application/problem+json"}


def test_all_references_lead_somewhere(document):
    for reference in re.findall(r'"\$ref": "([^"]+)"', json.dumps(document)):
        place = document
        for segment in reference.removeprefix("#/").split("/"):
            place = place[segment]


def test_operations_that_need_a_key_say_so(app, operations):
    by_path = {(path, method): operation for path, method, operation in operations}
    for rule in app.url_map.iter_rules():
        needs_key = hasattr(app.view_functions[rule.endpoint], REQUIRED_ROLES)
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)
        for method in METHODS:
            operation = by_path.get((path, method))
            if operation and method.upper() in rule.methods and needs_key:
                assert operation["security"] == [{"bearer": []}]
                assert "401" in operation["responses"]


def test_the_document_is_cached_by_its_tag(client):
    first = client.get("/openapi.json")
    again = client.get(
        "/openapi.json", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_page_to_read_it_needs_no_other_host(client):
    page = client.get("/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    local = [address for address in addresses if address.startswith("/docs/")]
    assert set(addresses) == {*local, "data:,", "/openapi.json"}
    for address in local:
        with client.get(address) as answer:
            assert answer.status_code == 200
    assert client.get("/docs/..%2f..%2fapp.py").status_code == 404
    assert client.get("/docs/LICENSE").status_code == 404


def test_the_document_names_this_installation(document):
    assert document["servers"] == [{"url": "https://recognition.example"}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert openapi.VERSION == "3.1.0"
