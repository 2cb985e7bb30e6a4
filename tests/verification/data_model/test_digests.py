"""Digests of what is held here are computed and compared."""

import base64
import hashlib

import pytest

from recognition_service.credentials.json_ld import published_bytes
from recognition_service.verification.data_model.digests import digest_faults

BASE = "https://www.w3.org/ns/credentials/v2"
CONTENT = b"what is published there"
# Verifiable Credentials Data Model v2.0 section B.1 prints this SHA-256 of the context.
BASE_SHA256 = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"


def held(url):
    return {"https://held.example/": CONTENT}.get(url)


def sri(algorithm, content=CONTENT):
    digest = hashlib.new(algorithm, content).digest()
    return f"{algorithm}-{base64.b64encode(digest).decode()}"


def multibase(prefix, algorithm, content=CONTENT):
    digest = prefix + hashlib.new(algorithm, content).digest()
    return "u" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def found(member, digest, resource="https://held.example/"):
    document = {member: [{"id": resource, **digest}]}
    return [(fault.reason, fault.pointer) for fault in digest_faults(document, held)]


GOOD = [
    {"digestSRI": sri("sha256")},
    {"digestSRI": sri("sha384")},
    {"digestSRI": f"{sri('sha384')} {sri('sha512')}"},
    {"digestSRI": [sri("sha384"), sri("sha512")]},
    {"digestSRI": sri("sha512").replace("+", "-").replace("/", "_").rstrip("=")},
    {"digestMultibase": multibase(b"\x12\x20", "sha256")},
    {"digestMultibase": multibase(b"\x20\x30", "sha384")},
    {"digestMultibase": multibase(b"\x13\x40", "sha512")},
    {"digestMultibase": multibase(b"", "sha256")},
]


@pytest.mark.parametrize("digest", GOOD, ids=str)
def test_a_digest_of_this_content_fits(digest):
    assert found("relatedResource", digest) == []
    assert found("credentialSchema", digest) == []


@pytest.mark.parametrize(
    "digest",
    [
        {"digestSRI": sri("sha384", b"other")},
        {"digestSRI": f"{sri('sha384')} {sri('sha512', b'other')}"},
        {"digestMultibase": multibase(b"\x12\x20", "sha256", b"other")},
        {"digestMultibase": multibase(b"", "sha384", b"other")},
    ],
    ids=str,
)
def test_a_digest_of_other_content_is_told(digest):
    (member,) = digest
    fault = ("digest_of_other_content", f"/relatedResource/0/{member}")
    assert found("relatedResource", digest) == [fault]


def test_what_is_not_held_here_cannot_be_compared():
    digest = {"digestSRI": sri("sha384", b"other")}
    assert found("relatedResource", digest, "https://elsewhere.example/") == []


def test_the_base_context_is_held_as_it_is_published():
    content = published_bytes(BASE)
    assert hashlib.sha256(content).hexdigest() == BASE_SHA256
    document = {"relatedResource": {"id": BASE, "digestSRI": sri("sha384", b"other")}}
    assert [fault.reason for fault in digest_faults(document, published_bytes)] == [
        "digest_of_other_content"
    ]


@pytest.mark.parametrize(
    "digest",
    [
        {
            "digestSRI": "sha384-NSOcNpmdIVUxIJGvGUoe22FjTWrXiaXlsZ8q6912"
            "LdnR3KraQO2n75Ica4wK4Qeg"
        },
        {"digestMultibase": "uJKGMkOmFbVJhEfKTduMC2XCyvRAYLjOVmZWwIH1wQ7k"},
        {
            "digestSRI": "sha384-Ml/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8Yyz"
            "YBM8IhqjHWiWpr8+ZbYU"
        },
    ],
    ids=str,
)
def test_every_published_edition_of_the_base_context_is_known(digest):
    document = {"relatedResource": {"id": BASE, **digest}}
    assert list(digest_faults(document, published_bytes)) == []
