"""Which objects are conforming presentations and envelopes."""

import pytest

from recognition_service.verification.data_model.envelopes import (
    Enveloped,
    envelope_faults,
    is_envelope,
    token_in,
)
from recognition_service.verification.data_model.presentation import (
    presentation_faults,
)

BASE = "https://www.w3.org/ns/credentials/v2"


def a_presentation(**changes):
    return {"@context": [BASE], "type": ["VerifiablePresentation"]} | changes


def envelope(token, kind, context):
    locator = f"data:{kind.media_type},{token}"
    return {"@context": [context], "id": locator, "type": kind.value}


def found(presentation):
    return [
        (fault.reason, fault.pointer) for fault in presentation_faults(presentation)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873"},
        {"type": "VerifiablePresentation"},
        {"holder": "did:example:12345678"},
        {"holder": {"id": "did:example:12345678", "name": "Pat"}},
        {"verifiableCredential": {"type": "VerifiableCredential"}},
        {"verifiableCredential": []},
        {"termsOfUse": {"type": "ExamplePolicy"}},
    ],
    ids=str,
)
def test_accepts_what_the_model_allows(changes):
    assert found(a_presentation(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"@context": BASE}, ("context_not_a_set", "/@context")),
        ({"@context": ["urn:x:1", BASE]}, ("base_context_not_first", "/@context")),
        ({"type": ["Other"]}, ("required_type_missing", "/type")),
        ({"id": "no url"}, ("not_a_url", "/id")),
        ({"holder": "z6Mkp"}, ("not_a_url", "/holder")),
        ({"holder": {"name": "Acme"}}, ("id_missing", "/holder/id")),
        ({"holder": {"id": "z6Mkp"}}, ("not_a_url", "/holder/id")),
        ({"holder": ["did:x:1"]}, ("not_a_url", "/holder")),
        (
            {"verifiableCredential": ["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"]},
            ("not_an_object", "/verifiableCredential/0"),
        ),
        ({"verifiableCredential": 5}, ("not_an_object", "/verifiableCredential")),
        ({"termsOfUse": {}}, ("type_missing", "/termsOfUse/type")),
    ],
)
def test_names_what_the_model_forbids(changes, fault):
    assert found(a_presentation(**changes)) == [fault]


def test_a_presentation_without_a_type_or_context_is_none():
    assert found({}) == [("context_missing", "/@context"), ("type_missing", "/type")]


@pytest.mark.parametrize("kind", Enveloped)
def test_an_envelope_gives_back_its_token(kind):
    made = envelope("a.b.c", kind, BASE)
    assert is_envelope(made)
    assert list(envelope_faults(made, kind)) == []
    assert token_in(made, kind) == "a.b.c"
    assert token_in({**made, "@context": BASE}, kind) == "a.b.c"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"@context": []}, ("base_context_missing", "/@context")),
        ({"@context": "urn:x:1"}, ("base_context_missing", "/@context")),
        ({"type": "VerifiableCredential"}, ("not_the_envelope_type", "/type")),
        ({"type": None}, ("not_the_envelope_type", "/type")),
        (
            {"type": ["EnvelopedVerifiablePresentation"]},
            ("not_the_envelope_type", "/type"),
        ),
        ({"id": "a.b.c"}, ("not_a_data_url", "/id")),
        ({"id": 5}, ("not_a_data_url", "/id")),
        ({"id": "data:application/vp+jwt,a.b.c"}, ("media_type_not_supported", "/id")),
        ({"id": "data:application/vc+jwt"}, ("media_type_not_supported", "/id")),
        (
            {"id": "data:application/vc+jwt;base64,YS5iLmM="},
            ("media_type_not_supported", "/id"),
        ),
    ],
)
def test_names_what_is_wrong_with_an_envelope(changes, fault):
    made = envelope("a.b.c", Enveloped.CREDENTIAL, BASE) | changes
    faults = envelope_faults(made, Enveloped.CREDENTIAL)
    assert [(each.reason, each.pointer) for each in faults] == [fault]
