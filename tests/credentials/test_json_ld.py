"""Canonical JSON-LD: known contexts only, nothing dropped, never for ever."""

import copy
import hashlib
import json
import subprocess
import sys
from importlib.resources import files
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import json_ld
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.errors import MalformedDocumentError
from recognition_service.credentials.recognition_context import context_url
from tests.credentials.builders import PUBLIC_URL, all_claims, some_claims

VC_V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
FOLDER = files("recognition_service.credentials") / "published" / "contexts"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())["contexts"]
# The digests that the specifications print: Data Model v2.0 appendix B.1, Data
# Integrity 1.0 section 2.4, Controlled Identifiers v1.0 section 4.2.
PRINTED = {
    VC_V2: "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    "https://w3id.org/security/data-integrity/v2": (
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"
    ),
    "https://w3id.org/security/multikey/v1": (
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"
    ),
    "https://w3id.org/security/jwk/v1": (
        "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece"
    ),
    "https://www.w3.org/ns/cid/v1": (
        "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85"
    ),
}


def a_document(subject=None, *, contexts=(), **members):
    return {
        "@context": [VC_V2, EXAMPLES_V2, *contexts],
        "id": "urn:uuid:0193a1c2-7d1b-7c55-9a51-0d6f2a7e9c11",
        "credentialSubject": {"id": "did:example:1"} | (subject or {}),
    } | members


def quads(document, **options):
    return json_ld.canonicalize(document, **options).decode().splitlines()


def reason_to_refuse(document):
    with pytest.raises(MalformedDocumentError) as caught:
        json_ld.canonicalize(document)
    return caught.value.reason


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["url"])
def test_every_kept_context_has_the_digest_of_its_source(entry):
    content = (FOLDER / entry["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == entry["sha256"]
    assert PRINTED.get(entry["url"], entry["sha256"]) == entry["sha256"]
    assert json_ld.published_bytes(entry["url"]) == content
    assert set(json.loads(content)) == {"@context"}
    assert b"@import" not in content
    assert entry["source"].startswith("https://github.com/")


def test_the_manifest_lists_every_kept_file():
    listed = {entry["file"] for entry in MANIFEST}
    assert listed == {file.name for file in FOLDER.iterdir()} - {"manifest.json"}
    assert {entry["url"] for entry in MANIFEST} >= PRINTED.keys()


def test_the_library_is_not_loaded_before_it_is_needed():
    program = (
        "import sys; "
        "from recognition_service.credentials import data_integrity, json_ld; "
        "sys.exit('pyld' in sys.modules or 'lxml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_writes_statements_in_order_with_blank_nodes_renamed():
    document = a_document({"b": [{"x": "two"}, {"x": "one"}], "a": "é"})
    assert quads(document) == sorted(quads(document))
    assert f'<did:example:1> <{EXAMPLES}a> "é" .' in quads(document)
    assert {line.split(" ")[0] for line in quads(document)} >= {"_:c14n0", "_:c14n1"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("text", '"text"'),
        ('a"b\\c\td\ne\rf', r'"a\"b\\c\td\ne\rf"'),
        (True, f'"true"^^<{XSD}boolean>'),
        (7, f'"7"^^<{XSD}integer>'),
        (7.0, f'"7"^^<{XSD}integer>'),
        (-0.0, f'"0"^^<{XSD}integer>'),
        (1.5, f'"1.5E0"^^<{XSD}double>'),
        (1e-7, f'"1.0E-7"^^<{XSD}double>'),
        ({"@value": "1.50", "@type": f"{XSD}double"}, f'"1.5E0"^^<{XSD}double>'),
        ({"@value": 3, "@type": f"{XSD}double"}, f'"3.0E0"^^<{XSD}double>'),
        ({"@value": "é", "@language": "FR-be"}, '"é"@fr-be'),
        (
            {"@value": "x", "@language": "ar", "@direction": "rtl"},
            '"x"^^<https://www.w3.org/ns/i18n#ar_rtl>',
        ),
        (
            {"@value": {"b": [1.0, "é"], "a": None}, "@type": "@json"},
            rf'"{{\"a\":null,\"b\":[1,\"é\"]}}"^^<{RDF}JSON>',
        ),
    ],
    ids=str,
)
def test_writes_each_literal_in_its_one_spelling(value, written):
    assert f"<did:example:1> <{EXAMPLES}p> {written} ." in quads(
        a_document({"p": value})
    )


def test_values_that_only_python_takes_for_equal_stay_apart():
    written = [
        line for line in quads(a_document({"p": [True, 1, "1"]})) if "#p>" in line
    ]
    assert len(written) == 3


def test_the_same_value_twice_is_said_once():
    twice = {"@value": "a", "@type": f"{XSD}string"}
    once = quads(a_document({"p": "a"}))
    assert quads(a_document({"p": ["a", "a", twice]})) == once


@settings(derandomize=True, max_examples=100, deadline=None)
@given(st.data())
def test_order_and_names_of_blank_nodes_do_not_matter(data):
    nodes = [{"x": text, "y": [{"z": text}]} for text in ("a", "b", "b", "c")]
    named = [{"id": f"_:n{place}"} | node for place, node in enumerate(nodes)]
    shuffled = data.draw(st.permutations(named))
    document = {key: shuffled if key == "p" else 1 for key in ("q", "p")}
    assert quads(a_document(document)) == quads(a_document({"p": nodes, "q": 1}))


@pytest.mark.parametrize("claims", [all_claims(), some_claims()], ids=["full", "plain"])
def test_nothing_of_our_own_credentials_is_dropped(claims):
    credential = attestation_credential(claims, public_url=PUBLIC_URL)
    contexts = json_ld.contexts_of(PUBLIC_URL)
    json_ld.check_terms(credential, contexts=contexts)
    text = "\n".join(quads(credential, contexts=contexts))
    for value in (claims.decision_digest, claims.holder.family_name, claims.outcome):
        assert value in text
    with pytest.raises(MalformedDocumentError) as caught:
        json_ld.canonicalize(credential)
    assert caught.value.reason == "context_unknown"
    assert context_url(PUBLIC_URL) in str(caught.value)


def test_each_installation_has_its_own_namespace():
    other = "https://other.example"
    assert json_ld.contexts_of(PUBLIC_URL) is json_ld.contexts_of(PUBLIC_URL)
    assert context_url(other) in json_ld.contexts_of(other)
    assert context_url(other) not in json_ld.contexts_of(PUBLIC_URL)
    assert json_ld.contexts_of(other).urls() > json_ld.PUBLISHED.urls()
    credential = attestation_credential(some_claims(), public_url=other)
    written = quads(credential, contexts=json_ld.contexts_of(other))
    assert any(f"<{context_url(other)}#recognition>" in line for line in written)


@pytest.mark.parametrize(
    "context",
    [
        "https://www.w3.org/2018/credentials/v1",
        "https://elsewhere.example/context",
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2#",
        "file:///etc/passwd",
        "../contexts/manifest.json",
        "manifest.json",
        "",
    ],
)
@pytest.mark.parametrize("place", ["top", "nested", "scoped"])
def test_an_unknown_context_is_never_looked_for(context, place):
    document = {
        "top": a_document(contexts=[context]),
        "nested": a_document({"p": {"@context": context, "q": 1}}),
        "scoped": a_document(
            contexts=[{"p": {"@id": "urn:p", "@context": context}}], p={"q": 1}
        ),
    }[place]
    assert reason_to_refuse(document) == "context_unknown"


LANGUAGE_ONLY = {"@language": "en"}
BY_INDEX = {"p": {"@id": "urn:p", "@container": "@index"}}
IN_A_GRAPH = {"g": {"@id": "urn:g", "@container": "@graph"}}
REFERENCE = {"r": {"@id": "urn:r", "@type": "@id"}}
DROPPED = {
    "undefined term": (
        {"@context": VC_V2, "id": "urn:x", "undefined": 1},
        "term_undefined",
    ),
    "undefined type": (
        {"@context": VC_V2, "type": "Undefined"},
        "relative_identifier",
    ),
    "term mapped to nothing": (
        a_document({"p": 1}, contexts=[{"p": None}]),
        "term_undefined",
    ),
    "keyword that does not exist": (a_document({"@nothing": 1}), "term_undefined"),
    "relative identifier": (a_document({"id": "somebody"}), "relative_identifier"),
    "relative reference": (
        a_document({"r": "a/b"}, contexts=[REFERENCE]),
        "relative_identifier",
    ),
    "fragment only": (a_document({"id": "#me"}), "relative_identifier"),
    "base in the document": (
        a_document({"id": "me"}, contexts=[{"@base": "https://elsewhere.example/"}]),
        "relative_identifier",
    ),
    "blank node as property": (
        a_document({"p": 1}, contexts=[{"p": "_:p"}]),
        "value_dropped",
    ),
    "index": (a_document({"p": {"@index": "i", "q": 1}}), "value_dropped"),
    "index of a literal": (
        a_document({"p": {"@index": "i", "@value": "v"}}),
        "value_dropped",
    ),
    "index of a container": (
        a_document({"p": {"i": "v"}}, contexts=[BY_INDEX]),
        "value_dropped",
    ),
    "language without a value": (a_document({"p": LANGUAGE_ONLY}), "value_dropped"),
    "value that is null": (a_document({"p": {"@value": None}}), "value_dropped"),
    "scalar among nodes": (
        {"@context": VC_V2, "@graph": ["x", {"id": "urn:x", "name": "y"}]},
        "value_dropped",
    ),
    "identifier that says nothing": (
        {"@context": VC_V2, "@graph": [{"id": "urn:a"}, {"id": "urn:x", "name": "y"}]},
        "value_dropped",
    ),
    "identifier in a graph": (
        a_document({"g": {"id": "urn:g"}}, contexts=[IN_A_GRAPH]),
        "value_dropped",
    ),
    "not a language": (
        a_document({"p": {"@value": "x", "@language": "not a language"}}),
        "malformed_language",
    ),
    "nothing at all": ({}, "value_dropped"),
    "only a context": ({"@context": VC_V2}, "value_dropped"),
    "an empty graph": ({"@context": VC_V2, "@graph": []}, "empty_document"),
}


@pytest.mark.parametrize(("document", "reason"), DROPPED.values(), ids=DROPPED.keys())
def test_what_would_be_dropped_is_refused(document, reason):
    assert reason_to_refuse(document) == reason
    with pytest.raises(MalformedDocumentError):
        json_ld.check_terms(document)


@pytest.mark.parametrize(
    "identifier",
    [
        "urn:a> <urn:p> <urn:b",
        "urn:a b",
        "urn:a\nurn:b",
        "urn:a\t",
        'urn:<"a',
        "urn:{a}",
        "urn:a\\u0041",
        "urn:`|^",
        "_:a b",
        "_:a>",
    ],
)
def test_an_identifier_cannot_write_statements_of_its_own(identifier):
    assert reason_to_refuse(a_document({"id": identifier})) == "malformed_identifier"
    assert reason_to_refuse(a_document({"type": identifier})) == "malformed_identifier"


@pytest.mark.parametrize("identifier", ["1urn:a", "urn\u0430:a", ":a", "_:"])
def test_an_identifier_begins_with_a_scheme(identifier):
    assert reason_to_refuse(a_document({"id": identifier})) == "malformed_identifier"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (2**53, "number_out_of_range"),
        (-(2**53), "number_out_of_range"),
        (10**400, "number_out_of_range"),
        (float("nan"), "number_out_of_range"),
        (float("inf"), "number_out_of_range"),
        ("a\0b", "control_character"),
        ("a\x0bb", "control_character"),
        ("a\x7f", "control_character"),
        ("\ud800", "not_json_ld"),
        (b"bytes", "not_json_ld"),
        (("a", "b"), "not_json_ld"),
        (MappingProxyType({"q": 1}), "not_json_ld"),
        ({"@value": "x", "@type": f"{XSD}double"}, "malformed_number"),
        ({"@value": "NaN", "@type": f"{XSD}double"}, "malformed_number"),
        ({"@value": "1_0", "@type": f"{XSD}double"}, "malformed_number"),
        ({"@value": "x", "@type": "@id"}, "not_json_ld"),
        ({"@value": "x", "q": 1}, "not_json_ld"),
        ({"@value": {"a": 2**60}, "@type": "@json"}, "number_out_of_range"),
        ({"@context": 7, "q": 1}, "not_json_ld"),
        ({"@context": [[VC_V2]], "q": 1}, "not_json_ld"),
        ({"@context": None, "q": 1}, "not_json_ld"),
        ({"@context": {"@import": VC_V2}}, "import_not_supported"),
        ({"@context": {"@propagate": "x"}, "q": 1}, "not_json_ld"),
        ({"@context": {"id": "urn:redefined"}, "q": 1}, "not_json_ld"),
        ({"id": None}, "not_json_ld"),
        ({"id": ["urn:a"]}, "not_json_ld"),
        ({"type": 7}, "not_json_ld"),
        ({"@reverse": 7}, "not_json_ld"),
        ({"@list": [1], "@set": [1]}, "not_json_ld"),
        ("x" * (1 << 20), "too_large"),
        (["x"] * 10_000, "too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_not_json_ld_is_refused_with_a_reason(value, reason):
    assert reason_to_refuse(a_document({"p": value})) == reason


def nested(depth):
    value = "x"
    for _ in range(depth):
        value = {"q": value}
    return value


def clique(size):
    names = [f"_:n{place}" for place in range(size)]
    return [
        {"id": name, "p": [{"id": other} for other in names if other != name]}
        for name in names
    ]


MANY_TERMS = {f"t{n}": f"urn:{n}" for n in range(1_000)}
HOSTILE = {
    "deep": (a_document(nested(40)), "too_deep"),
    "deeper than the stack": (a_document(nested(100_000)), "too_deep"),
    "everybody knows everybody": (a_document(p=clique(10)), "too_complex"),
    "a ring": (
        a_document(
            p=[
                {"id": f"_:n{place}", "p": {"id": f"_:n{(place + 1) % 800}"}}
                for place in range(800)
            ]
        ),
        "too_complex",
    ),
    "twins with many equal children": (
        a_document({"p": [{"q": [{"r": "x"}] * 30}] * 2}),
        "too_complex",
    ),
    "many values to compare": (
        a_document({"p": [f"x{place}" for place in range(2_000)]}),
        "too_complex",
    ),
    "one node in many pieces": (
        a_document(
            p=[
                {"id": "urn:x", "q": [f"{piece}.{place}" for place in range(90)]}
                for piece in range(90)
            ]
        ),
        "too_complex",
    ),
    "many types": (
        a_document(
            p=[
                {"id": "urn:x", "type": [f"T{piece}.{place}" for place in range(90)]}
                for piece in range(90)
            ]
        ),
        "too_complex",
    ),
    "equal members of a long list": (
        a_document({"p": {"@list": [{"q": "x"}] * 1_500}}),
        "too_complex",
    ),
    "a large context, worked out for every node": (
        a_document(
            {"p": [{"@context": {"q": f"urn:{n}"}, "p": {"q": n}} for n in range(500)]},
            contexts=[{"p": {"@id": "urn:p", "@context": MANY_TERMS}}],
        ),
        "too_complex",
    ),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("document", "reason"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_document_that_would_take_for_ever_is_refused(document, reason):
    assert reason_to_refuse(document) == reason


def test_a_large_honest_document_is_still_written():
    subject = {"p": [{"name": f"Unit {place}", "q": place} for place in range(500)]}
    assert len(quads(a_document(subject))) == 1_501


def test_what_documents_bring_along_changes_nothing_for_others():
    document = a_document({"name": "x", "p": 1})
    before = quads(document)
    for context in (
        {"name": "https://elsewhere.example/name"},
        {"@vocab": "https://elsewhere.example/"},
        {"p": {"@id": "https://elsewhere.example/p", "@context": {"q": "urn:q"}}},
        {"@import": VC_V2, "name": "https://elsewhere.example/name"},
    ):
        for contexts in ([VC_V2, context], [context, VC_V2], [context]):
            with_context = document | {"@context": contexts}
            try:
                json_ld.canonicalize(with_context)
            except MalformedDocumentError:
                continue
    assert quads(document) == before


def test_the_document_itself_is_left_as_it_was():
    document = a_document({"p": [{"q": 1.0}, {"@list": ["a", True]}]})
    untouched = copy.deepcopy(document)
    written = json_ld.canonicalize(document)
    assert document == untouched
    assert json_ld.canonicalize(MappingProxyType(document)) == written
