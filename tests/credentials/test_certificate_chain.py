"""A chain from elsewhere is put into tokens only if it fits key, issuer and day."""

import base64
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from recognition_service.credentials import jwk
from recognition_service.credentials.certificate_chain import checked_chain
from recognition_service.credentials.errors import CertificateChainError
from tests.conftest import NOW

ISSUER = "https://recognition.example/issuers/be-fl"
YEAR = timedelta(days=365)
URI, DNS = x509.UniformResourceIdentifier, x509.DNSName
UNKNOWN = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.1"), b"\x05\x00")


def a_usage(*, signs=False, certifies=False):
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


CERTIFIES = a_usage(certifies=True)


@dataclass(frozen=True)
class Party:
    """Whoever has a key and a name; an authority unless told otherwise."""

    name: str
    key: object = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    is_authority: bool | None = True
    path_length: int | None = None
    usage: x509.KeyUsage | None = CERTIFIES
    names: tuple = ()
    since: object = NOW - YEAR
    until: object = NOW + YEAR
    hashed: object = field(default_factory=hashes.SHA256)
    further: object = None

    @property
    def subject(self):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    @property
    def jwk(self):
        return jwk.public_jwk(self.key.public_key())


def certificate(party, by):
    draft = (
        x509.CertificateBuilder()
        .subject_name(party.subject)
        .issuer_name(by.subject)
        .public_key(party.key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(party.since)
        .not_valid_after(party.until)
    )
    if party.is_authority is not None:
        constraints = x509.BasicConstraints(party.is_authority, party.path_length)
        draft = draft.add_extension(constraints, critical=True)
    if party.usage is not None:
        draft = draft.add_extension(party.usage, critical=True)
    if party.names:
        names = x509.SubjectAlternativeName(party.names)
        draft = draft.add_extension(names, critical=False)
    if party.further is not None:
        draft = draft.add_extension(party.further, critical=True)
    hashed = None if isinstance(by.key, ed25519.Ed25519PrivateKey) else party.hashed
    return draft.sign(by.key, hashed)


ROOT, MIDDLE = Party("Root"), Party("Middle", path_length=0)
LEAF = Party(
    "Centre",
    is_authority=False,
    usage=a_usage(signs=True),
    names=(URI(ISSUER), DNS("recognition.example")),
)


def a_chain(leaf=LEAF, *, middle=MIDDLE, root=ROOT):
    return [certificate(leaf, middle), certificate(middle, root)]


def as_pem(chain):
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def as_x5c(chain):
    return tuple(
        base64.b64encode(each.public_bytes(Encoding.DER)).decode() for each in chain
    )


def checked(chain, public=LEAF.jwk, issuer=ISSUER, at=NOW):
    return checked_chain(as_pem(chain), public, issuer, at=at)


def reason(chain, **more):
    with pytest.raises(CertificateChainError) as raised:
        checked(chain, **more)
    return raised.value.reason


def test_a_good_chain_is_returned_as_it_stands_in_a_header():
    chain = a_chain()
    assert checked(chain) == as_x5c(chain)


def test_a_certificate_alone_will_do():
    chain = a_chain()[:1]
    assert checked(chain) == as_x5c(chain)


def test_the_trust_anchor_is_left_out():
    chain = a_chain()
    assert checked([*chain, certificate(ROOT, ROOT)]) == as_x5c(chain)


def test_keys_of_both_kinds_are_certified_by_authorities_of_any_kind():
    key = ed25519.Ed25519PrivateKey.generate()
    leaf = replace(LEAF, key=key)
    for other in (
        rsa.generate_private_key(65537, 2048),
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP384R1()),
    ):
        chain = a_chain(leaf, middle=replace(MIDDLE, key=other))
        assert checked(chain, public=leaf.jwk) == as_x5c(chain)


@pytest.mark.parametrize(
    "names",
    [
        (URI(ISSUER),),
        (URI("https://recognition.example"),),
        (DNS("recognition.example"),),
        (DNS("Recognition.Example"),),
        (DNS("*.example"),),
        (DNS("other.example"), DNS("recognition.example")),
    ],
)
def test_the_issuer_is_named_by_its_id_or_its_host(names):
    assert checked(a_chain(replace(LEAF, names=names)))


@pytest.mark.parametrize(
    "names",
    [
        (),
        (URI("https://other.example/issuers/be-fl"),),
        (DNS("example"),),
        (DNS("*.recognition.example"),),
        (DNS("*"),),
        (DNS("arecognition.example"),),
        (x509.RFC822Name("centre@recognition.example"),),
    ],
)
def test_a_certificate_for_another_host_is_refused(names):
    assert reason(a_chain(replace(LEAF, names=names))) == "issuer_not_named"


def test_a_subject_names_nobody():
    leaf = replace(LEAF, name="recognition.example", names=())
    assert reason(a_chain(leaf)) == "issuer_not_named"


def test_a_wildcard_stands_for_one_label():
    chain = a_chain(replace(LEAF, names=(DNS("*.example"),)))
    assert reason(chain, issuer="https://a.b.example/x") == "issuer_not_named"


def test_a_certificate_for_another_key_is_refused():
    assert reason(a_chain(), public=ROOT.jwk) == "not_for_this_key"
    other = replace(LEAF, key=rsa.generate_private_key(65537, 2048))
    assert reason(a_chain(other)) == "not_for_this_key"
    other = replace(LEAF, key=ec.generate_private_key(ec.SECP384R1()))
    assert reason(a_chain(other)) == "not_for_this_key"


def test_a_leaf_that_may_not_sign_or_may_certify_is_refused():
    assert reason(a_chain(replace(LEAF, is_authority=True))) == "leaf_is_authority"
    assert reason(a_chain(replace(LEAF, usage=CERTIFIES))) == "may_not_sign"


def test_a_certificate_that_signed_itself_is_refused():
    assert reason([certificate(LEAF, LEAF)]) == "self_signed"


@pytest.mark.parametrize("late", [LEAF, MIDDLE])
def test_every_certificate_must_be_valid_on_the_day(late):
    late = replace(late, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1))
    chain = a_chain(late) if late.name == "Centre" else a_chain(middle=late)
    assert checked(chain)
    assert checked(chain, at=NOW + timedelta(days=1))
    assert reason(chain, at=NOW + timedelta(days=1, seconds=1)) == "expired"
    assert reason(chain, at=NOW - timedelta(days=1, seconds=1)) == "not_yet_valid"


def test_the_order_is_from_the_key_upwards():
    leaf, middle = a_chain()
    root = certificate(ROOT, ROOT)
    assert reason([leaf, root, middle]) == "out_of_order"
    assert reason([leaf, root]) == "out_of_order"
    assert reason([middle, leaf]) == "not_for_this_key"


def test_a_certificate_that_the_next_did_not_sign_is_refused():
    impostor = Party("Middle")
    chain = [certificate(LEAF, MIDDLE), certificate(impostor, ROOT)]
    assert reason(chain) == "bad_signature"


@pytest.mark.parametrize(
    "middle",
    [
        replace(MIDDLE, is_authority=False, path_length=None),
        replace(MIDDLE, is_authority=None),
        replace(MIDDLE, usage=a_usage(signs=True)),
    ],
)
def test_only_authorities_certify(middle):
    assert reason(a_chain(middle=middle)) == "not_an_authority"


def test_an_authority_below_one_that_allows_none_is_refused():
    lower = Party("Lower")
    chain = [
        certificate(LEAF, lower),
        certificate(lower, MIDDLE),
        certificate(MIDDLE, ROOT),
    ]
    assert reason(chain) == "path_too_long"


def test_weak_hashes_and_unknown_demands_are_refused():
    weak = replace(LEAF, hashed=hashes.SHA224())
    assert reason(a_chain(weak)) == "weak_signature"
    demanding = replace(LEAF, further=UNKNOWN)
    assert reason(a_chain(demanding)) == "unknown_critical_extension"


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"no certificates here",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n",
        b"\xff\x00",
    ],
)
def test_what_is_no_certificate_is_refused(pem):
    with pytest.raises(CertificateChainError) as raised:
        checked_chain(pem, LEAF.jwk, ISSUER, at=NOW)
    assert raised.value.reason == "not_pem"


def test_a_certificate_that_says_a_thing_twice_is_refused():
    key_usage, basic_constraints = b"\x06\x03\x55\x1d\x0f", b"\x06\x03\x55\x1d\x13"
    der = a_chain()[0].public_bytes(Encoding.DER)
    twice = x509.load_der_x509_certificate(der.replace(key_usage, basic_constraints))
    assert reason([twice]) == "malformed_certificate"


def test_limits_come_before_the_work():
    assert reason(a_chain() * 4) == "too_many_certificates"
    with pytest.raises(CertificateChainError) as raised:
        checked_chain(b" " * 65_537, LEAF.jwk, ISSUER, at=NOW)
    assert raised.value.reason == "too_many_certificates"
