"""Another authority's object is answered like one that does not exist.

`CASES` has one entry for every route that needs a key and names an object in its
path: a function that makes such an object of be-fl and returns the values of the
path and the body of the request. Nadia, an officer of ma, then asks for it.
"""

import json
from uuid import UUID

import pytest

from recognition_service.app import create_app
from recognition_service.web.access import REQUIRED_ROLES

METHODS = {"GET", "PUT", "POST", "PATCH", "DELETE"}
UNKNOWN = UUID("0193a1c2-0000-7000-8000-000000000000")
CASES = {}


def routes_with_objects(app):
    """Return the routes that need a key and name an object, by method."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.arguments and hasattr(app.view_functions[rule.endpoint], REQUIRED_ROLES)
        for method in rule.methods & METHODS
    }


def test_every_route_with_an_object_has_a_case(app):
    assert routes_with_objects(app) == set(CASES)


@pytest.mark.parametrize("case", sorted(CASES), ids=" ".join)
def test_another_authority_finds_nothing(runtime, as_person, case):
    method, rule = case
    values, body = CASES[case](runtime)
    client = create_app(runtime).test_client()
    answers = [
        client.open(
            filled(rule, given),
            method=method,
            json=body,
            headers={**as_person("nadia"), "If-Match": "*"},
        )
        for given in (values, dict.fromkeys(values, UNKNOWN))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told(answers[0], values) == told(answers[1], dict.fromkeys(values, UNKNOWN))


def filled(rule, values):
    """Return the path of a rule with the values of its arguments."""
    segments = []
    for segment in rule.split("/"):
        for name, value in values.items():
            for argument in (f"<uuid:{name}>", f"<{name}>"):
                segment = segment.replace(argument, str(value))  # noqa: PLW2901
        segments.append(segment)
    return "/".join(segments)


def told(answer, values):
    """Return what an answer tells, without what must differ."""
    text = json.dumps({**answer.json, "request_id": None})
    for value in values.values():
        text = text.replace(str(value), "*")
    return text
