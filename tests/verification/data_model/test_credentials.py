"""Which objects are conforming credentials, rule by rule.

The rules are those of the Verifiable Credentials Data Model v2.0, section by section.
"""

import copy

import pytest

from recognition_service.verification.data_model.credential import credential_faults

BASE = "https://www.w3.org/ns/credentials/v2"
REMOVED = ...
BITSTRING = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": "https://status.example/lists/3",
}
DIGEST = "sha384-" + "A" * 64


def a_credential(**changes):
    credential = {
        "@context": [BASE, "https://www.w3.org/ns/credentials/examples/v2"],
        "id": "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
        "type": ["VerifiableCredential", "ExampleDegreeCredential"],
        "issuer": {
            "id": "did:example:76e12ec712ebc6f1c221ebfeb1f",
            "name": "Vocational",
        },
        "validFrom": "2010-01-01T19:23:24Z",
        "credentialSubject": {"id": "did:example:ebfeb1f712ebc6f1c276e12ec21"},
    }
    credential |= {
        name.replace("context", "@context"): v for name, v in changes.items()
    }
    return {name: value for name, value in credential.items() if value is not REMOVED}


def found(credential):
    return [(fault.reason, fault.pointer) for fault in credential_faults(credential)]


def entry(**changes):
    members = BITSTRING | changes
    return {name: value for name, value in members.items() if value is not REMOVED}


GOOD = [
    {},
    {"unknownMember": {"anything": [1, 2]}},
    {"id": REMOVED},
    {"id": "https://id.example/things#123"},
    {"type": "VerifiableCredential"},
    {"type": ["https://types.example/#One", "VerifiableCredential"]},
    {"context": [BASE, {"@vocab": "https://vocab.example/#"}]},
    {"issuer": "https://university.example/issuers/565049"},
    {"issuer": {"id": "did:example:1", "description": {"@value": "Une école"}}},
    {"name": "A degree"},
    {"name": {"@value": "Un diplôme", "@language": "fr"}},
    {
        "description": [
            {"@value": "A degree", "@language": "en"},
            {"@value": "شهادة", "@language": "ar", "@direction": "rtl"},
        ]
    },
    {"credentialSubject": {"name": "Pat"}},
    {"credentialSubject": [{"id": "did:example:1"}, {"spouse": "did:example:1"}]},
    {"validFrom": REMOVED},
    {"validFrom": "2023-02-25T19:10:39-06:00"},
    {"validFrom": "4023-02-26T01:02:58.447Z"},
    {"validFrom": "2024-02-29T24:00:00Z", "validUntil": "2024-03-01T00:00:00Z"},
    {"validFrom": "2023-02-26T01:21:23Z", "validUntil": "2023-02-25T19:21:29-06:00"},
    {"validFrom": "-0044-03-15T12:00:00+14:00"},
    {"credentialStatus": {"type": "ExampleStatus"}},
    {"credentialStatus": [{"id": "did:example:status", "type": "ExampleStatus"}]},
    {"credentialStatus": entry()},
    {"credentialStatus": entry(statusReference=["https://status.example/why"])},
    {
        "credentialStatus": entry(
            statusPurpose="message",
            statusSize=1,
            statusMessage=[
                {"status": "0x0", "message": "pending"},
                {"status": "0x1", "message": "accepted"},
            ],
        )
    },
    {"credentialSchema": {"id": "did:example:schemas/1", "type": "JsonSchema"}},
    {"refreshService": {"type": "ExampleRefresh"}},
    {"termsOfUse": [{"type": "ExamplePolicy", "id": "https://policy.example/1"}]},
    {"evidence": [{"type": "Evidence"}, {"type": "Evidence", "id": "urn:x:1"}]},
    {"relatedResource": {"id": "urn:x:1", "digestSRI": DIGEST}},
    {
        "relatedResource": [
            {"id": "urn:x:1", "digestSRI": DIGEST, "mediaType": "application/ld+json"},
            {"id": "urn:x:2", "digestMultibase": "u" + "A" * 43},
        ]
    },
]
BAD = [
    # 4.3 Contexts
    ({"context": REMOVED}, "context_missing", "/@context"),
    ({"context": BASE}, "context_not_a_set", "/@context"),
    ({"context": 4}, "context_not_a_set", "/@context"),
    ({"context": []}, "base_context_not_first", "/@context"),
    (
        {"context": ["https://other.example/v1", BASE]},
        "base_context_not_first",
        "/@context",
    ),
    ({"context": [{"@vocab": "x:y"}, BASE]}, "base_context_not_first", "/@context"),
    ({"context": [BASE, "https ://not-a-url/v1"]}, "not_a_context", "/@context/1"),
    ({"context": [BASE, 123192875]}, "not_a_context", "/@context/1"),
    ({"context": [BASE, None]}, "not_a_context", "/@context/1"),
    ({"context": [BASE, BASE]}, "context_repeated", "/@context/1"),
    # 4.4 Identifiers
    ({"id": None}, "not_a_url", "/id"),
    ({"id": ["urn:x:1", "urn:x:2"]}, "not_a_url", "/id"),
    ({"id": "https ://not-a-url/1"}, "not_a_url", "/id"),
    ({"id": "not-a-url"}, "not_a_url", "/id"),
    ({"id": "https://"}, "not_a_url", "/id"),
    ({"id": 5}, "not_a_url", "/id"),
    # 4.5 Types
    ({"type": REMOVED}, "type_missing", "/type"),
    ({"type": []}, "type_missing", "/type"),
    ({"type": ["ExampleDegreeCredential"]}, "required_type_missing", "/type"),
    ({"type": ["VerifiableCredential", 2]}, "not_a_type", "/type"),
    ({"type": ["VerifiableCredential", "no colon:here"]}, "not_a_type", "/type"),
    ({"type": None}, "not_a_type", "/type"),
    # 4.6 Names and descriptions
    ({"name": 4}, "not_a_text", "/name"),
    ({"name": []}, "not_a_text", "/name"),
    ({"name": {"@language": "en"}}, "not_a_text", "/name"),
    ({"name": {"@value": "x", "url": "urn:x:1"}}, "not_a_text", "/name"),
    ({"name": {"@value": "x", "@language": "not a tag"}}, "not_a_text", "/name"),
    (
        {"description": [{"@value": "x", "@direction": "up"}]},
        "not_a_text",
        "/description/0",
    ),
    ({"issuer": {"id": "urn:x:1", "name": ["x"]}}, "not_a_text", "/issuer/name/0"),
    # 4.7 Issuer
    ({"issuer": REMOVED}, "issuer_missing", "/issuer"),
    ({"issuer": None}, "not_a_url", "/issuer"),
    ({"issuer": "fake-issuer"}, "not_a_url", "/issuer"),
    ({"issuer": []}, "not_a_url", "/issuer"),
    ({"issuer": {}}, "id_missing", "/issuer/id"),
    ({"issuer": {"id": None}}, "not_a_url", "/issuer/id"),
    ({"issuer": {"id": "fake-issuer"}}, "not_a_url", "/issuer/id"),
    # 4.8 Credential subject
    ({"credentialSubject": REMOVED}, "subject_missing", "/credentialSubject"),
    ({"credentialSubject": []}, "subject_missing", "/credentialSubject"),
    ({"credentialSubject": {}}, "no_claims", "/credentialSubject"),
    (
        {"credentialSubject": [{"id": "urn:x:1"}, {}]},
        "no_claims",
        "/credentialSubject/1",
    ),
    ({"credentialSubject": "did:example:1"}, "not_an_object", "/credentialSubject"),
    ({"credentialSubject": {"id": ["urn:x:1"]}}, "not_a_url", "/credentialSubject/id"),
    # 4.9 Validity period
    (
        {"validFrom": "Sat 25 Feb 2023 07:16:31 PM CST"},
        "not_a_date_time_stamp",
        "/validFrom",
    ),
    ({"validFrom": "2023-02-25T19:10:39"}, "not_a_date_time_stamp", "/validFrom"),
    ({"validFrom": "2023-02-29T19:10:39Z"}, "not_a_date_time_stamp", "/validFrom"),
    ({"validFrom": "2023-02-25T24:00:01Z"}, "not_a_date_time_stamp", "/validFrom"),
    ({"validFrom": "2023-02-25T19:10:39+14:30"}, "not_a_date_time_stamp", "/validFrom"),
    (
        {"validFrom": "9" * 5000 + "-01-01T00:00:00Z"},
        "not_a_date_time_stamp",
        "/validFrom",
    ),
    ({"validUntil": 1700000000}, "not_a_date_time_stamp", "/validUntil"),
    (
        {"validUntil": "2010-01-01T19:23:23.999Z"},
        "ends_before_it_begins",
        "/validUntil",
    ),
    # 4.10 Status
    ({"credentialStatus": []}, "no_object", "/credentialStatus"),
    (
        {"credentialStatus": "https://status.example"},
        "not_an_object",
        "/credentialStatus",
    ),
    ({"credentialStatus": {"id": "urn:x:1"}}, "type_missing", "/credentialStatus/type"),
    ({"credentialStatus": {"type": 2}}, "not_a_type", "/credentialStatus/type"),
    (
        {"credentialStatus": {"type": "X", "id": ["urn:x:1", "urn:x:2"]}},
        "not_a_url",
        "/credentialStatus/id",
    ),
    (
        {"credentialStatus": [entry(), entry(statusPurpose=["revocation"])]},
        "not_a_purpose",
        "/credentialStatus/1/statusPurpose",
    ),
    *(
        (
            {"credentialStatus": entry(statusListIndex=index)},
            "not_an_index",
            "/credentialStatus/statusListIndex",
        )
        for index in (True, 5, "-1", "05", "\u0665", "1e3", "9" * 400, REMOVED)
    ),
    (
        {"credentialStatus": entry(statusListCredential="lists/3")},
        "not_a_url",
        "/credentialStatus/statusListCredential",
    ),
    (
        {"credentialStatus": entry(id="https://status.example/lists/3")},
        "id_of_the_list",
        "/credentialStatus/id",
    ),
    *(
        (
            {"credentialStatus": entry(statusSize=size)},
            "not_a_status_size",
            "/credentialStatus/statusSize",
        )
        for size in (0, -1, "2", True, 10**9)
    ),
    (
        {"credentialStatus": entry(statusSize=2)},
        "not_all_messages",
        "/credentialStatus/statusMessage",
    ),
    (
        {"credentialStatus": entry(statusMessage=[{"status": "0x0"}])},
        "not_all_messages",
        "/credentialStatus/statusMessage",
    ),
    (
        {"credentialStatus": entry(statusReference="why")},
        "not_a_url",
        "/credentialStatus/statusReference",
    ),
    # 4.11 Data schemas
    ({"credentialSchema": {"id": "urn:x:1"}}, "type_missing", "/credentialSchema/type"),
    (
        {"credentialSchema": {"type": "JsonSchema"}},
        "id_missing",
        "/credentialSchema/id",
    ),
    (
        {"credentialSchema": {"type": "JsonSchema", "id": "https ://no"}},
        "not_a_url",
        "/credentialSchema/id",
    ),
    (
        {"credentialSchema": {"type": "X", "id": "urn:x:1", "digestSRI": "md5-x"}},
        "not_a_digest",
        "/credentialSchema/digestSRI",
    ),
    # 5.3 Integrity of related resources
    ({"relatedResource": ["urn:x:1"]}, "not_an_object", "/relatedResource/0"),
    ({"relatedResource": []}, "no_object", "/relatedResource"),
    (
        {"relatedResource": [{"digestSRI": DIGEST}]},
        "id_missing",
        "/relatedResource/0/id",
    ),
    (
        {"relatedResource": [{"id": "urn:x:1", "digestSRI": DIGEST}] * 2},
        "id_repeated",
        "/relatedResource/1/id",
    ),
    ({"relatedResource": {"id": "urn:x:1"}}, "digest_missing", "/relatedResource"),
    *(
        (
            {"relatedResource": {"id": "urn:x:1", member: value}},
            "not_a_digest",
            f"/relatedResource/{member}",
        )
        for member, value in (
            ("digestSRI", "sha384-AAAA"),
            ("digestSRI", "sha1-" + "A" * 27 + "="),
            ("digestSRI", ""),
            ("digestSRI", [DIGEST, 5]),
            ("digestMultibase", "zShort"),
            ("digestMultibase", {"digest": "u"}),
            ("digestMultibase", []),
        )
    ),
    (
        {
            "relatedResource": {
                "id": "urn:x:1",
                "digestSRI": DIGEST,
                "mediaType": "json",
            }
        },
        "not_a_media_type",
        "/relatedResource/mediaType",
    ),
    # 5.4 to 5.6 Refreshing, terms of use, evidence
    ({"refreshService": {"id": "urn:x:1"}}, "type_missing", "/refreshService/type"),
    ({"refreshService": "urn:x:1"}, "not_an_object", "/refreshService"),
    ({"termsOfUse": {}}, "type_missing", "/termsOfUse/type"),
    ({"termsOfUse": [{"type": "X", "id": "x"}]}, "not_a_url", "/termsOfUse/0/id"),
    ({"evidence": {}}, "type_missing", "/evidence/type"),
    ({"evidence": [[]]}, "not_an_object", "/evidence/0"),
]


@pytest.mark.parametrize("changes", GOOD, ids=str)
def test_accepts_what_the_model_allows(changes):
    assert found(a_credential(**changes)) == []


@pytest.mark.parametrize(("changes", "reason", "pointer"), BAD)
def test_names_what_the_model_forbids(changes, reason, pointer):
    assert found(a_credential(**copy.deepcopy(changes))) == [(reason, pointer)]


def test_all_faults_are_told_at_once():
    reasons = {reason for reason, _ in found({"type": ["NonconformingDocument"]})}
    assert reasons == {
        "context_missing",
        "required_type_missing",
        "issuer_missing",
        "subject_missing",
    }
