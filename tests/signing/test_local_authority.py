"""The local authority certifies keys as wallets want to see them certified."""

import base64
import stat
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from recognition_service.credentials import jwk
from recognition_service.credentials.certificate_chain import checked_chain
from recognition_service.credentials.jwk import Algorithm
from recognition_service.signing.certificate_request import certificate_request
from recognition_service.signing.errors import KeyStoreError
from recognition_service.signing.file_keys import FileKeyStore
from recognition_service.signing.local_authority import open_local_authority
from recognition_service.signing.pkcs11_keys import PKCS11KeyStore

ISSUER = "https://recognition.example/issuers/be-fl"
NAME = "Recognition centre of Flanders (example)"
EVERY_ALGORITHM = pytest.mark.parametrize("algorithm", list(Algorithm))


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def authority(directory, now):
    return open_local_authority(directory, now=now)


def a_jwk(directory, algorithm=Algorithm.ES256):
    return FileKeyStore(directory).create(algorithm)


def parsed(chain):
    return [x509.load_der_x509_certificate(base64.b64decode(each)) for each in chain]


def anchor_of(authority):
    return x509.load_pem_x509_certificate(authority.certificate_pem.encode())


def extension(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind)


def certified(authority, public, now, issuer=ISSUER):
    (leaf,) = parsed(authority.certify(public, issuer, NAME, now=now))
    return leaf


@EVERY_ALGORITHM
def test_a_certificate_is_for_the_key_and_names_the_issuer(
    authority, directory, now, algorithm
):
    public = a_jwk(directory, algorithm)
    leaf = certified(authority, public, now)
    assert jwk.public_jwk(leaf.public_key()) == public
    assert leaf.subject.rfc4514_string() == f"CN={NAME}"
    names = extension(leaf, x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [ISSUER]
    assert names.get_values_for_type(x509.DNSName) == ["recognition.example"]


def test_a_leaf_signs_and_certifies_nothing(authority, directory, now):
    leaf = certified(authority, a_jwk(directory), now)
    constraints = extension(leaf, x509.BasicConstraints)
    usage = extension(leaf, x509.KeyUsage)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign


def test_the_chain_leaves_the_trust_anchor_out(authority, directory, now):
    chain = authority.certify(a_jwk(directory), ISSUER, NAME, now=now)
    assert anchor_of(authority) not in parsed(chain)
    assert all(each.issuer != each.subject for each in parsed(chain))


def test_the_anchor_is_an_authority_and_the_leaf_points_to_it(
    authority, directory, now
):
    anchor, leaf = anchor_of(authority), certified(authority, a_jwk(directory), now)
    leaf.verify_directly_issued_by(anchor)
    own = extension(anchor, x509.SubjectKeyIdentifier).value
    named = extension(leaf, x509.AuthorityKeyIdentifier).value
    assert named.key_identifier == own.digest
    assert extension(leaf, x509.SubjectKeyIdentifier).value.digest != own.digest
    assert extension(anchor, x509.BasicConstraints).value == x509.BasicConstraints(
        ca=True, path_length=0
    )


def test_another_implementation_validates_the_path(authority, directory, now):
    leaf = certified(authority, a_jwk(directory), now)
    leaf_policy = ExtensionPolicy.permit_all().require_present(
        x509.SubjectAlternativeName, Criticality.AGNOSTIC, None
    )
    policy = (
        PolicyBuilder()
        .store(Store([anchor_of(authority)]))
        .time(now)
        .extension_policies(
            ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=leaf_policy
        )
        .build_client_verifier()
    )
    assert policy.verify(leaf, []).chain[0] == leaf
    late = (
        PolicyBuilder()
        .store(Store([anchor_of(authority)]))
        .time(now + timedelta(days=731))
        .build_client_verifier()
    )
    with pytest.raises(VerificationError):
        late.verify(leaf, [])


@pytest.mark.parametrize("days", [365, 730, 5000])
def test_a_certificate_lasts_two_years_at_most(authority, directory, now, days):
    (leaf,) = parsed(
        authority.certify(
            a_jwk(directory), ISSUER, NAME, now=now, validity=timedelta(days=days)
        )
    )
    assert leaf.not_valid_before_utc == now - timedelta(minutes=5)
    assert leaf.not_valid_after_utc == now + timedelta(days=min(days, 730))


def test_a_certificate_does_not_outlive_its_authority(authority, directory, now):
    public = a_jwk(directory)
    later = now + timedelta(days=3600)
    leaf = certified(authority, public, later)
    assert leaf.not_valid_after_utc == anchor_of(authority).not_valid_after_utc
    with pytest.raises(KeyStoreError, match="remove"):
        authority.certify(public, ISSUER, NAME, now=now + timedelta(days=3650))


@pytest.mark.parametrize(
    ("issuer", "hosts"),
    [
        ("http://127.0.0.1:8000/issuers/x", []),
        ("http://[::1]:8000/issuers/x", []),
        ("http://localhost:8000/issuers/x", ["localhost"]),
    ],
)
def test_an_address_is_no_host_name(authority, directory, now, issuer, hosts):
    leaf = certified(authority, a_jwk(directory), now, issuer)
    names = extension(leaf, x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == hosts
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [issuer]


@pytest.mark.parametrize("issuer", ["did:key:z6Mk", "https://überprüfung.example/x"])
def test_an_id_that_no_certificate_can_carry_is_refused(
    authority, directory, now, issuer
):
    with pytest.raises(KeyStoreError, match="cannot stand in a certificate"):
        authority.certify(a_jwk(directory), issuer, NAME, now=now)


def test_a_long_name_is_cut(authority, directory, now):
    (leaf,) = parsed(
        authority.certify(a_jwk(directory), ISSUER, "x" + "é" * 200, now=now)
    )
    assert leaf.subject.rfc4514_string() == f"CN=x{'é' * 31}"


def test_the_authority_is_found_again_and_stays_the_same(authority, directory, now):
    again = open_local_authority(directory, now=now + timedelta(days=1))
    assert again.certificate_pem == authority.certificate_pem
    certified(again, a_jwk(directory), now)


def test_its_key_is_encrypted_for_its_owner_only_and_no_key_of_an_issuer(
    authority, directory
):
    assert authority
    path = directory / "local-authority.key"
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    FileKeyStore(directory).check()
    path.chmod(0o640)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        open_local_authority(directory, now=None)


def test_a_certificate_of_another_key_is_refused(authority, directory, tmp_path, now):
    assert authority
    other = open_local_authority(tmp_path / "other", now=now)
    (directory / "local-authority.crt").write_text(other.certificate_pem)
    with pytest.raises(KeyStoreError, match="is not for the key"):
        open_local_authority(directory, now=now)
    (directory / "local-authority.crt").unlink()
    with pytest.raises(KeyStoreError, match="cannot be read"):
        open_local_authority(directory, now=now)


@EVERY_ALGORITHM
def test_its_chain_passes_the_check_of_imported_chains(
    authority, directory, now, algorithm
):
    public = a_jwk(directory, algorithm)
    chain = authority.certify(public, ISSUER, NAME, now=now)
    pem = parsed(chain)[0].public_bytes(Encoding.PEM)
    assert checked_chain(pem, public, ISSUER, at=now) == chain
    whole = pem + authority.certificate_pem.encode()
    assert checked_chain(whole, public, ISSUER, at=now) == chain


def is_good_request(pem, public):
    request = x509.load_pem_x509_csr(pem.encode())
    names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    uris = names.value.get_values_for_type(x509.UniformResourceIdentifier)
    return (
        request.is_signature_valid
        and jwk.public_jwk(request.public_key()) == public
        and request.subject.rfc4514_string() == f"CN={NAME}"
        and uris == [ISSUER]
    )


@EVERY_ALGORITHM
def test_a_request_is_signed_by_a_key_in_a_file(directory, algorithm):
    store = FileKeyStore(directory)
    public = store.create(algorithm)
    signer = store.signer(jwk.thumbprint(public), "k")
    assert is_good_request(certificate_request(signer, ISSUER, NAME), public)


@EVERY_ALGORITHM
def test_a_request_is_signed_by_a_key_on_a_token(token, algorithm):
    store = PKCS11KeyStore(token.address)
    public = store.create(algorithm)
    signer = store.signer(jwk.thumbprint(public), "k")
    assert is_good_request(certificate_request(signer, ISSUER, NAME), public)


def test_the_key_of_the_authority_is_p256(authority):
    assert isinstance(anchor_of(authority).public_key().curve, ec.SECP256R1)
