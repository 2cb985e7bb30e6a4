"""Changes name the version that they change."""

import pytest
from flask import Blueprint

from recognition_service.web.etags import entity_tag, if_match, require_version


@pytest.fixture
def put(probe):
    """Put to an object at version 3, with or without `If-Match`."""
    blueprint = Blueprint("probe", __name__)

    def change():
        require_version(3)
        return {"changed": True}, {"ETag": entity_tag(4)}

    for name, required in (("required", True), ("optional", False)):
        blueprint.add_url_rule(
            f"/{name}", name, if_match(required=required)(change), methods=["PUT"]
        )
    client = probe(blueprint)

    def send(header=None, name="required"):
        headers = {} if header is None else {"If-Match": header}
        return client.put(f"/api/v1/{name}", headers=headers)

    return send


@pytest.mark.parametrize("header", ['"v3"', '"v1", "v3"', "*", ' "v3" '])
def test_a_change_of_the_version_at_hand_is_made(put, header):
    answer = put(header)
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"v4"'


@pytest.mark.parametrize("header", ['"v2"', '"v3x"', '"3"', '"v1", "v2"', '""'])
def test_a_change_of_another_version_is_refused(put, header):
    answer = put(header)
    assert (answer.status_code, answer.json["code"]) == (412, "precondition_failed")


def test_a_change_without_a_version_is_refused(put):
    answer = put()
    assert (answer.status_code, answer.json["code"]) == (428, "precondition_required")
    assert answer.json["errors"][0]["parameter"] == "If-Match"


def test_the_version_may_be_optional(put):
    assert put(name="optional").status_code == 200
    assert put('"v2"', name="optional").status_code == 412


@pytest.mark.parametrize(
    "header", ['W/"v3"', '"v3", W/"v3"', "v3", '"v3', "", '"a" "b"']
)
def test_weak_tags_and_what_is_no_tag_are_refused(put, header):
    answer = put(header)
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_etag")
