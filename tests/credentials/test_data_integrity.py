"""Data Integrity proofs: as published, as others make them, and never forged."""

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition_service.credentials import json_ld, multibase, multikey
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from recognition_service.credentials.canonical import canonical_bytes
from recognition_service.credentials.data_integrity import (
    AUTHENTICATION,
    MAX_PROOFS,
    Cryptosuite,
    add_proof,
    check_form,
    check_proof,
    check_proofs,
    proofs_of,
)
from recognition_service.credentials.errors import (
    InvalidProofError,
    MalformedDocumentError,
    MalformedInputError,
    NotCanonicalizableError,
    SignerFaultError,
)
from recognition_service.credentials.jwk import public_key
from tests.credentials.builders import PUBLIC_URL, MemorySigner, all_claims

VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "data_integrity.json").read_text()
)
NOW = datetime(2026, 11, 2, 9, 0, 3, tzinfo=UTC)
OURS = json_ld.contexts_of(PUBLIC_URL)
VC_V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
RDFC, JCS = Cryptosuite.EDDSA_RDFC_2022, Cryptosuite.EDDSA_JCS_2022
EC_RDFC, EC_JCS = Cryptosuite.ECDSA_RDFC_2019, Cryptosuite.ECDSA_JCS_2019
ALGORITHM = {RDFC: "EdDSA", JCS: "EdDSA", EC_RDFC: "ES256", EC_JCS: "ES256"}
SIGNERS = {alg: MemorySigner(alg) for alg in ("EdDSA", "ES256")}
every_suite = pytest.mark.parametrize("suite", list(Cryptosuite))
every_case = pytest.mark.parametrize(
    "case", VECTORS["cases"], ids=lambda case: case["suite"]
)


def key_of(url):
    """Return the key that the published samples put into the fragment."""
    return multikey.decode(url.partition("#")[2])


def signer_of(suite):
    return SIGNERS[ALGORITHM[suite]]


def method_of(suite):
    return multikey.did_key_method(public_key(signer_of(suite).public_jwk))


def a_credential(**members):
    return {
        "@context": [VC_V2, EXAMPLES_V2],
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "validFrom": "2026-11-02T09:00:00Z",
        "credentialSubject": {"id": "did:example:subject", "level": 6, "note": "é"},
    } | members


def signed(suite=RDFC, document=None, **options):
    options = {"verification_method": method_of(suite), "created": NOW} | options
    options = {"signer": signer_of(suite), "suite": suite} | options
    return add_proof(document or a_credential(), **options)


def check(document, **options):
    check_proofs(document, multikey.resolve, **options)


def reason_to_refuse(document, **options):
    with pytest.raises(InvalidProofError) as caught:
        check(document, **options)
    return caught.value.reason


@every_case
def test_the_published_proofs_hold(case):
    check_proofs(case["signed"], key_of)
    assert check_form(case["signed"]["proof"]) == case["suite"]


@pytest.mark.parametrize("suite", [RDFC, JCS])
def test_signing_again_with_the_published_key_gives_the_published_proof(suite):
    case = next(case for case in VECTORS["cases"] if case["suite"] == suite)
    secret = multibase.decode_base58btc(VECTORS["keys"][0]["secretKeyMultibase"])
    signer = MemorySigner("EdDSA")
    signer.private_key = Ed25519PrivateKey.from_private_bytes(secret[2:])
    document = {
        name: case["signed"][name] for name in case["signed"].keys() - {"proof"}
    }
    again = add_proof(
        document,
        suite=suite,
        verification_method=case["signed"]["proof"]["verificationMethod"],
        created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC),
        signer=signer,
    )
    assert again == case["signed"]


@pytest.mark.parametrize("suite", [RDFC, EC_RDFC])
def test_the_canonical_forms_are_the_published_ones(suite):
    case = next(case for case in VECTORS["cases"] if case["suite"] == suite)
    signed_document = case["signed"]
    document = {
        name: signed_document[name] for name in signed_document.keys() - {"proof"}
    }
    assert json_ld.canonicalize(document).decode() == case["canonical_document"]
    proof = signed_document["proof"] | {"@context": signed_document["@context"]}
    del proof["proofValue"]
    assert json_ld.canonicalize(proof).decode() == case["canonical_proof"]


def test_the_published_proof_set_holds_and_each_of_its_proofs_counts():
    document = VECTORS["proof_set"]
    check_proofs(document, key_of)
    for place in range(len(document["proof"])):
        forged = copy.deepcopy(document)
        other = forged["proof"][place - 1]["proofValue"]
        forged["proof"][place]["proofValue"] = other
        with pytest.raises(InvalidProofError) as caught:
            check_proofs(forged, key_of)
        assert caught.value.reason == "bad_signature"


def test_a_proof_that_builds_on_another_is_refused():
    with pytest.raises(InvalidProofError) as caught:
        check_proofs(VECTORS["proof_chain"], key_of)
    assert caught.value.reason == "previous_proof_not_supported"


@every_suite
def test_what_we_sign_holds(suite):
    document = signed(suite)
    proof = document["proof"]
    check(document)
    check_proof(document, proof, public_key(signer_of(suite).public_jwk))
    assert proof["type"] == "DataIntegrityProof"
    assert proof["cryptosuite"] == suite
    assert proof["created"] == "2026-11-02T09:00:03Z"
    assert proof["proofPurpose"] == "assertionMethod"
    assert len(multibase.decode_base58btc(proof["proofValue"])) == 64
    assert ("@context" in proof) == (suite in (JCS, EC_JCS))


@every_suite
def test_an_attestation_can_be_signed_with_our_own_context(suite):
    credential = attestation_credential(all_claims(), public_url=PUBLIC_URL)
    document = signed(suite, credential, contexts=OURS)
    check(document, contexts=OURS)
    document["credentialSubject"]["recognition"]["outcome"] = "full"
    assert reason_to_refuse(document, contexts=OURS) == "bad_signature"


def test_signing_leaves_the_document_as_it_was():
    document = a_credential()
    signed(document=document)
    assert document == a_credential()


def test_a_second_proof_stands_beside_the_first_and_both_must_hold():
    document = signed(JCS, signed(RDFC))
    assert [proof["cryptosuite"] for proof in proofs_of(document)] == [RDFC, JCS]
    check(document)
    document["proof"][1] = signed(JCS, a_credential(name="other"))["proof"]
    assert reason_to_refuse(document) == "bad_signature"


def members(value, path=()):
    for name, member in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from members(member, (*path, name))


def changed(document, path, change):
    result = copy.deepcopy(document)
    parent = result
    for step in path[:-1]:
        parent = parent[step]
    value = parent[path[-1]]
    match change:
        case "remove":
            del parent[path[-1]]
        case "other" if isinstance(value, str):
            parent[path[-1]] = value[:-1] + ("a" if value[-1:] != "a" else "b")
        case "other" if isinstance(value, int):
            parent[path[-1]] = value + 1
        case "other":
            parent[path[-1]] = "https://elsewhere.example/"
        case "add":
            parent.update(added="x") if isinstance(parent, dict) else parent.append("x")
    return result


@every_suite
@pytest.mark.parametrize("change", ["remove", "other", "add"])
def test_no_member_can_be_removed_changed_or_added(suite, change):
    document = signed(suite)
    for path in members(document):
        forged = changed(document, path, change)
        if change == "add" and path[:-1] == ("@context",) and suite in (JCS, EC_JCS):
            continue  # Contexts may follow; that has a test of its own.
        with pytest.raises(MalformedInputError):
            check(forged)


@every_suite
@settings(derandomize=True, max_examples=64, deadline=None)
@given(place=st.integers(0, 63), bit=st.integers(0, 7))
def test_no_bit_of_the_signature_can_be_changed(suite, place, bit):
    document = signed(suite)
    signature = bytearray(multibase.decode_base58btc(document["proof"]["proofValue"]))
    signature[place] ^= 1 << bit
    document["proof"]["proofValue"] = multibase.encode_base58btc(bytes(signature))
    assert reason_to_refuse(document) == "bad_signature"


JSON = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcdef", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(suite=st.sampled_from(list(Cryptosuite)), value=JSON, other=JSON)
def test_whatever_can_be_signed_holds_and_nothing_else_takes_its_place(
    suite, value, other
):
    def with_value(content):
        return a_credential(credentialSubject={"id": "did:example:1", "p": content})

    def form(content):
        if suite in (JCS, EC_JCS):
            return canonical_bytes(with_value(content))
        return json_ld.canonicalize(with_value(content))

    try:
        same = form(value) == form(other)
        document = signed(suite, with_value(value))
    except MalformedInputError:
        return  # Control characters and the like.
    check(json.loads(json.dumps(document)))
    swapped = document | {"credentialSubject": with_value(other)["credentialSubject"]}
    if same:
        check(swapped)
    else:
        assert reason_to_refuse(swapped) == "bad_signature"


@every_suite
def test_a_key_of_another_algorithm_or_person_is_refused(suite):
    document = signed(suite)
    stranger = public_key(MemorySigner(ALGORITHM[suite]).public_jwk)
    other = next(alg for alg in SIGNERS if alg != ALGORITHM[suite])
    for key, reason in (
        (stranger, "bad_signature"),
        (public_key(SIGNERS[other].public_jwk), "key_not_of_suite"),
    ):
        with pytest.raises(InvalidProofError) as caught:
            check_proof(document, document["proof"], key)
        assert caught.value.reason == reason
    with pytest.raises(InvalidProofError) as caught:
        signed(suite, signer=SIGNERS[other])
    assert caught.value.reason == "key_not_of_suite"


def test_an_error_of_the_key_finder_reaches_the_caller():
    document = signed(verification_method="https://issuer.example/keys#1")
    with pytest.raises(MalformedInputError) as caught:
        check(document)
    assert caught.value.reason == "did_not_supported"


def test_a_proof_serves_its_purpose_challenge_and_domain_only():
    options = {"purpose": AUTHENTICATION, "challenge": "c-1", "domain": "a.example"}
    document = signed(**options)
    check(document, **options)
    check(document, purpose=AUTHENTICATION)
    assert reason_to_refuse(document) == "wrong_purpose"
    wrong = {"challenge": "c-2"}
    assert reason_to_refuse(document, **options | wrong) == "wrong_challenge"
    wrong = {"domain": "b.example"}
    assert reason_to_refuse(document, **options | wrong) == "wrong_domain"
    assert reason_to_refuse(signed(), challenge="c-1") == "wrong_challenge"
    assert reason_to_refuse(signed(), domain="a.example") == "wrong_domain"


def test_a_proof_ends_when_it_says():
    document = signed(expires=NOW + timedelta(hours=1))
    assert document["proof"]["expires"] == "2026-11-02T10:00:03Z"
    check(document, now=NOW + timedelta(hours=1))
    assert reason_to_refuse(document, now=NOW + timedelta(hours=1, seconds=1)) == (
        "proof_expired"
    )
    check(document)


MALFORMED = [
    ({"type": "Ed25519Signature2020"}, "proof_type_not_supported"),
    ({"type": ["DataIntegrityProof"]}, "proof_type_not_supported"),
    ({"type": None}, "proof_type_not_supported"),
    ({"cryptosuite": "eddsa-2022"}, "cryptosuite_not_supported"),
    ({"cryptosuite": "none"}, "cryptosuite_not_supported"),
    ({"cryptosuite": "EDDSA-RDFC-2022"}, "cryptosuite_not_supported"),
    ({"cryptosuite": ["eddsa-rdfc-2022"]}, "cryptosuite_not_supported"),
    ({"cryptosuite": None}, "cryptosuite_not_supported"),
    ({"previousProof": "urn:uuid:1"}, "previous_proof_not_supported"),
    ({"previousProof": []}, "previous_proof_not_supported"),
    ({"verificationMethod": None}, "malformed_proof"),
    ({"verificationMethod": {"id": "did:key:z6Mk"}}, "malformed_proof"),
    ({"verificationMethod": "key-1"}, "malformed_proof"),
    ({"proofPurpose": None}, "malformed_proof"),
    ({"proofPurpose": ["assertionMethod"]}, "malformed_proof"),
    ({"proofPurpose": "authentication"}, "wrong_purpose"),
    ({"id": 7}, "malformed_proof"),
    ({"id": "proof-1"}, "malformed_proof"),
    ({"created": "2026-11-02"}, "malformed_created"),
    ({"created": "2026-11-02T09:00:00"}, "malformed_created"),
    ({"created": "2026-11-02T09:00:00Z\n"}, "malformed_created"),
    ({"created": "2026-13-02T09:00:00Z"}, "malformed_created"),
    ({"created": "2026-11-02 09:00:00Z"}, "malformed_created"),
    ({"created": "0001-01-01T00:00:00+23:59"}, "malformed_created"),
    ({"created": 1_793_610_000}, "malformed_created"),
    ({"created": None}, "malformed_created"),
    ({"expires": "tomorrow"}, "malformed_expires"),
    ({"proofValue": None}, "malformed_proof"),
    ({"proofValue": ""}, "malformed_proof_value"),
    ({"proofValue": "z"}, "malformed_proof_value"),
    ({"proofValue": "z" + "1" * 63}, "malformed_proof_value"),
    ({"proofValue": "z" + "1" * 65}, "malformed_proof_value"),
    ({"proofValue": "z" + "1" * 64}, "bad_signature"),
    ({"proofValue": "z" + "2" * 100_000}, "malformed_proof_value"),
    ({"proofValue": "u" + "A" * 86}, "malformed_proof_value"),
    ({"proofValue": "z0OIl"}, "malformed_proof_value"),
]


@pytest.mark.parametrize(
    ("members", "reason"), MALFORMED, ids=lambda value: repr(value)[:40]
)
def test_a_malformed_proof_is_refused_with_a_reason(members, reason):
    document = signed()
    document["proof"] |= members
    assert reason_to_refuse(document) == reason


@pytest.mark.parametrize(
    "name", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"]
)
def test_no_required_member_may_be_missing(name):
    document = signed()
    del document["proof"][name]
    with pytest.raises(InvalidProofError):
        check(document)


@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        (None, "proof_missing"),
        ([], "proof_missing"),
        ("z3FXQ", "malformed_proof"),
        ([None], "malformed_proof"),
        ([{}] * (MAX_PROOFS + 1), "malformed_proof"),
        ({}, "proof_type_not_supported"),
    ],
)
def test_what_is_no_proof_is_refused(proof, reason):
    assert reason_to_refuse(a_credential(proof=proof)) == reason


def test_a_document_without_a_proof_proves_nothing():
    assert reason_to_refuse(a_credential()) == "proof_missing"


@pytest.mark.parametrize("suite", [JCS, EC_JCS])
def test_contexts_may_follow_those_that_were_signed_but_not_come_before(suite):
    document = signed(suite)
    more = "https://w3id.org/security/data-integrity/v2"
    check(document | {"@context": [VC_V2, EXAMPLES_V2, more]})
    for contexts in ([more, VC_V2, EXAMPLES_V2], [VC_V2, more, EXAMPLES_V2], [VC_V2]):
        forged = document | {"@context": contexts}
        assert reason_to_refuse(forged) == "context_not_of_document"
    del document["@context"]
    assert reason_to_refuse(document) == "context_not_of_document"


def test_a_context_in_a_proof_that_is_not_the_documents_counts_for_nothing():
    document = signed(RDFC)
    document["proof"]["@context"] = "https://elsewhere.example/context"
    check(document)
    del document["proof"]["@context"]
    document["@context"] = [*document["@context"], {"level": "urn:other"}]
    assert reason_to_refuse(document) == "bad_signature"


@pytest.mark.parametrize("suite", [RDFC, EC_RDFC])
def test_what_would_not_be_covered_is_neither_signed_nor_accepted(suite):
    loose = a_credential() | {"@context": [VC_V2]}
    with pytest.raises(MalformedDocumentError) as caught:
        signed(suite, loose)
    assert caught.value.reason == "term_undefined"
    document = signed(suite) | {"@context": [VC_V2]}
    with pytest.raises(MalformedDocumentError):
        check(document)


def test_canonical_json_needs_no_context_but_json():
    document = {"myWebsite": "https://hello.world.example/"}
    check(signed(JCS, document))
    with pytest.raises(NotCanonicalizableError):
        signed(JCS, {"n": float("nan")})


class HalfSigner(MemorySigner):
    def sign(self, message):
        return super().sign(message)[:32]


def test_half_a_signature_is_a_fault_of_the_signer():
    with pytest.raises(SignerFaultError):
        signed(signer=HalfSigner("EdDSA"))
