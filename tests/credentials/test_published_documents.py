"""The published context and schema fit what we sign, and each other."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.recognition_context import (
    context_url,
    recognition_context,
)
from recognition_service.credentials.recognition_schema import (
    first_fault,
    recognition_schema,
    schema_url,
)
from recognition_service.credentials.shape import Shape, UnknownKeywordError
from recognition_service.credentials.vc_jwt import payload_bytes
from tests.credentials.builders import PUBLIC_URL, a_copy, all_claims, some_claims

# Terms that https://www.w3.org/ns/credentials/v2 defines and protects.
DEFINED_BY_VC_V2 = {
    "credentialSchema", "credentialSubject", "exp", "iat", "id", "issuer",
    "name", "termsOfUse", "type", "validFrom", "validUntil",
    "JsonSchema", "VerifiableCredential",
}  # fmt: skip
FULL = json.loads(
    payload_bytes(attestation_credential(all_claims(), public_url=PUBLIC_URL), a_copy())
)
PLAIN = json.loads(
    payload_bytes(
        attestation_credential(some_claims(), public_url=PUBLIC_URL), a_copy()
    )
)
CONTEXT = recognition_context(PUBLIC_URL)["@context"]
VALIDATOR = Draft202012Validator(recognition_schema(PUBLIC_URL))


def undefined_terms(value, terms):
    if isinstance(value, list):
        for item in value:
            yield from undefined_terms(item, terms)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name in ("type", "@context"):
                types = member if isinstance(member, list) else [member]
                if name == "type":
                    yield from (t for t in types if t not in terms)
                continue
            if name not in terms:
                yield name
                continue
            definition = terms[name] if isinstance(terms[name], dict) else {}
            if (
                definition.get("@container") == "@language"
                or definition.get("@type") == "@json"
            ):
                continue
            yield from undefined_terms(member, terms | definition.get("@context", {}))


def test_the_context_defines_every_term_that_we_use():
    terms = CONTEXT | {term: {} for term in DEFINED_BY_VC_V2}
    assert list(undefined_terms(FULL, terms)) == []


def test_the_context_redefines_no_protected_term():
    redefined = DEFINED_BY_VC_V2 & CONTEXT.keys()
    assert {name: CONTEXT[name] for name in redefined} == {"id": "@id", "type": "@type"}


def test_terms_lead_to_where_the_context_is_published():
    assert CONTEXT["rec"] == f"{context_url(PUBLIC_URL)}#"
    assert FULL["@context"][1] == context_url(PUBLIC_URL)
    assert "invalid" not in json.dumps(CONTEXT)


def test_every_term_is_used():
    used = json.dumps(FULL)
    keywords = {"@version", "@protected", "rec", "xsd"}
    unused = {term for term in CONTEXT.keys() - keywords if f'"{term}"' not in used}
    assert unused == set()


def test_the_schema_is_a_schema_and_names_its_place():
    schema = recognition_schema(PUBLIC_URL)
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == schema_url(PUBLIC_URL) == FULL["credentialSchema"]["id"]


@pytest.mark.parametrize("payload", [FULL, PLAIN], ids=["full", "plain"])
def test_what_we_sign_fits_the_schema(payload):
    assert first_fault(payload) is None
    assert list(VALIDATOR.iter_errors(payload)) == []


def test_the_schema_knows_the_enumerations_of_the_interface():
    recognition = recognition_schema(PUBLIC_URL)["$defs"]["recognition"]["properties"]
    assert recognition["decisionKind"]["enum"] == [
        "level_comparability", "study_recognition", "equivalence_finding",
        "professional_access", "licence", "language_proof", "background_assessment",
        "provisional_authorisation",
    ]  # fmt: skip
    assert recognition["purpose"]["enum"] == [
        "academic_access", "general_employment", "regulated_profession",
        "migration_points",
    ]  # fmt: skip
    assert recognition["outcome"]["enum"] == [
        "full", "automatic", "conditional", "partial", "partial_access",
        "alternative", "refused", "tacit_granted",
    ]  # fmt: skip


def test_a_fault_is_named_by_a_pointer():
    broken = copy.deepcopy(FULL)
    broken["credentialSubject"]["recognition"]["conditions"][0]["until"] = "soon"
    assert first_fault(broken) == "/credentialSubject/recognition/conditions/0/until"
    broken = copy.deepcopy(FULL)
    broken["credentialSubject"]["recognition"]["a/b~c"] = 1
    assert first_fault(broken) == "/credentialSubject/recognition/a~1b~0c"


def test_a_date_with_a_line_feed_behind_it_is_refused():
    broken = copy.deepcopy(FULL)
    broken["credentialSubject"]["birthDate"] += "\n"
    assert first_fault(broken) == "/credentialSubject/birthDate"


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for name, member in value.items():
            yield from places(member, (*path, name))
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield from places(member, (*path, position))


PLACES = [path for path in places(FULL) if path]
OTHER_VALUES = [
    None, True, 0, -1, 601, "", "x", "2026-02-30", "é" * 1001, [], ["x"], {}, {"x": 1},
    "https://elsewhere.example", {"en": "text"}, {"e": "text"}, {"en": 1},
]  # fmt: skip


def changed(path, change, value):
    result = copy.deepcopy(FULL)
    parent = result
    for step in path[:-1]:
        parent = parent[step]
    if change == "replace":
        parent[path[-1]] = value
    elif change == "remove":
        del parent[path[-1]]
    elif isinstance(parent, dict):
        parent["unknown"] = value
    else:
        parent.append(value)
    return result


@settings(derandomize=True, max_examples=500, deadline=None)
@given(
    st.sampled_from(PLACES),
    st.sampled_from(["replace", "remove", "add"]),
    st.sampled_from(OTHER_VALUES),
)
def test_the_fast_check_agrees_with_the_full_validator(path, change, value):
    candidate = changed(path, change, value)
    assert (first_fault(candidate) is None) == VALIDATOR.is_valid(candidate)


def test_every_removed_or_unknown_member_of_the_decision_is_judged():
    for path in PLACES:
        for change in ("remove", "add"):
            candidate = changed(path, change, "x")
            agreed = first_fault(candidate) is None
            assert agreed == VALIDATOR.is_valid(candidate), (path, change)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "date"},
        {"type": "number"},
        {"type": "string", "pattern": "^a$", "minLength": 1},
        {"anyOf": [{"type": "string"}]},
        {"type": "object", "patternProperties": {}},
        {},
    ],
    ids=str,
)
def test_a_keyword_that_is_not_known_is_never_skipped(schema):
    with pytest.raises(UnknownKeywordError):
        Shape(schema)
