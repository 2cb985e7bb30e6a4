"""Private keys on a PKCS#11 token: a hardware module, or SoftHSM in its place.

A key bears its RFC 7638 thumbprint, the bytes as `CKA_ID` and the text as
`CKA_LABEL`; it can sign and can never leave the token.

Source: PKCS #11 Cryptographic Token Interface Current Mechanisms Specification
v2.40, section 2.3 (ECDSA), and v3.0, section 2.3 (Edwards curves).
"""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, Object, ObjectClass
from pkcs11 import PrivateKey as TokenPrivateKey
from pkcs11 import PublicKey as TokenPublicKey
from pkcs11.exceptions import (
    AttributeTypeInvalid,
    AttributeValueInvalid,
    DomainParamsInvalid,
    FunctionNotSupported,
    MechanismInvalid,
    MechanismParamInvalid,
    RandomNoRNG,
    TemplateInconsistent,
    TokenWriteProtected,
)

from recognition_service.credentials import base64url, jwk, jws
from recognition_service.credentials.errors import MalformedBase64Error
from recognition_service.credentials.jwk import Algorithm
from recognition_service.signing.errors import (
    KeyStoreError,
    KeyStoreUnavailableError,
    KeyUnavailableError,
)
from recognition_service.signing.token_address import TokenAddress
from recognition_service.signing.token_session import (
    KeyOnToken,
    OpenToken,
    TokenSession,
    session_with,
)

if TYPE_CHECKING:
    from pkcs11.types import SignMixin

_TRIAL = b"Is this the private half of the public key beside it?"
_UNNAMED = "recognition: being made"
_RANDOM_BITS = 64
_DER_OCTET_STRING = 4
_DER_HEADER_BYTES = 2
_CANNOT_MAKE = (
    AttributeTypeInvalid,
    AttributeValueInvalid,
    DomainParamsInvalid,
    FunctionNotSupported,
    MechanismInvalid,
    MechanismParamInvalid,
    TemplateInconsistent,
    TokenWriteProtected,
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How PKCS#11 names a kind of keys; `curve` is the DER of an OID."""

    key_type: KeyType
    curve: bytes
    generation: Mechanism
    point_bytes: int


_KINDS = {
    Algorithm.ES256: _Kind(
        KeyType.EC,
        bytes.fromhex("06082a8648ce3d030107"),  # 1.2.840.10045.3.1.7
        Mechanism.EC_KEY_PAIR_GEN,
        65,
    ),
    Algorithm.EDDSA: _Kind(
        KeyType.EC_EDWARDS,
        bytes.fromhex("06032b6570"),  # 1.3.101.112
        Mechanism.EC_EDWARDS_KEY_PAIR_GEN,
        32,
    ),
}


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """Signs with one key on the token."""

    kid: str
    alg: Algorithm
    public_jwk: Mapping[str, str]
    _thumbprint: str
    _session: TokenSession

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes.

        Raises:
            KeyUnavailableError: The key is no longer on the token.
            KeyStoreUnavailableError: The token does not answer now.
        """
        return self._session.use(
            lambda token: _signature(_key(token, self._thumbprint), message)
        )


class PKCS11KeyStore:
    """The keys on one token, through the one session of this process."""

    def __init__(self, address: TokenAddress) -> None:
        """Take note of the token; it is asked when a key is needed first."""
        self._session = session_with(address)

    def create(self, algorithm: Algorithm = Algorithm.ES256) -> Mapping[str, str]:
        """Make a key on the token and return its public JWK.

        Raises:
            KeyStoreError: The token makes no such keys.
            KeyStoreUnavailableError: The token does not answer now.
        """
        return self._session.use(partial(_made, algorithm=algorithm))

    def signer(self, thumbprint: str, kid: str) -> TokenSigner:
        """Return the signer of a key that is on the token and proved to be right.

        Raises:
            KeyUnavailableError: The token has no such key.
            KeyStoreUnavailableError: The token does not answer now, or has another
                key under this name.
        """
        public = self._session.use(lambda token: _key(token, thumbprint)).public
        return TokenSigner(kid, public.algorithm, public.jwk, thumbprint, self._session)

    def check(self) -> None:
        """Make sure that the token answers, and that each key of ours is right.

        Raises:
            KeyStoreUnavailableError: It does not, or one is not.
        """
        self._session.use(_check)


def _check(token: OpenToken) -> None:
    for found in _search(token, {Attribute.CLASS: ObjectClass.PRIVATE_KEY}):
        thumbprint = base64url.encode_text(bytes(found[Attribute.ID]))
        if found[Attribute.LABEL] == thumbprint:  # Others may keep keys there too.
            _key(token, thumbprint)


def _made(token: OpenToken, algorithm: Algorithm) -> Mapping[str, str]:
    kind = _KINDS[algorithm]
    curve = token.session.create_domain_parameters(
        kind.key_type, {Attribute.EC_PARAMS: kind.curve}, local=True
    )
    try:
        pair = curve.generate_keypair(
            store=True,
            label=_UNNAMED,
            mechanism=kind.generation,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
        )
    except _CANNOT_MAKE as error:
        raise KeyStoreError(
            f"The token cannot make a key for {algorithm} ({type(error).__name__})."
        ) from error
    public = jwk.public_key(_public_jwk(pair[0]))
    for half in pair:
        half[Attribute.ID] = base64url.decode(public.thumbprint)
        half[Attribute.LABEL] = public.thumbprint
    return _key(token, public.thumbprint).public.jwk


def _key(token: OpenToken, thumbprint: str) -> KeyOnToken:
    known = token.keys.get(thumbprint)
    if known is None:
        known = token.keys[thumbprint] = _proved(token, thumbprint)
    return known


def _proved(token: OpenToken, thumbprint: str) -> KeyOnToken:
    """Find both halves of a key and see that they belong together and to the name."""
    private, public_half = _halves(token, thumbprint)
    public = jwk.public_key(_public_jwk(public_half))
    key = KeyOnToken(private, public)
    if public.thumbprint != thumbprint or not jws.is_signature(
        _signature(key, _TRIAL), _TRIAL, public
    ):
        raise KeyStoreUnavailableError(
            f"The token has another key under the name {thumbprint}; it is not used."
        )
    return key


def _halves(
    token: OpenToken, thumbprint: str
) -> tuple[TokenPrivateKey, TokenPublicKey]:
    """Find a key by the bytes of its thumbprint, or else by its text."""
    try:
        ident = base64url.decode(thumbprint)
    except MalformedBase64Error as error:
        raise KeyUnavailableError(f"{thumbprint!r} names no key.") from error
    for attribute, name in ((Attribute.ID, ident), (Attribute.LABEL, thumbprint)):
        private, public = (
            _search(token, {Attribute.CLASS: half, attribute: name})
            for half in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY)
        )
        if private:
            return (
                cast("TokenPrivateKey", _only(private, thumbprint)),
                cast("TokenPublicKey", _only(public, thumbprint)),
            )
    raise KeyUnavailableError(f"The token has no key {thumbprint}.")


def _search(token: OpenToken, wanted: dict[Attribute, Any]) -> list[Object]:
    # A search in a lost session reports the loss a second time, to nobody, when it
    # is thrown away; asking for a random number reports it once.
    with suppress(RandomNoRNG, FunctionNotSupported):
        token.session.generate_random(_RANDOM_BITS)
    return list(token.session.get_objects(wanted))


def _only(found: list[Object], thumbprint: str) -> Object:
    if len(found) != 1:
        raise KeyStoreUnavailableError(
            f"The token has {len(found)} objects for one half of the key {thumbprint}; "
            "there must be one private and one public."
        )
    return found[0]


def _signature(key: KeyOnToken, message: bytes) -> bytes:
    """Sign; ES256 is hashed here, because not every token hashes for ECDSA."""
    private = cast("SignMixin", key.private)
    match key.public.algorithm:
        case Algorithm.ES256:
            digest = hashlib.sha256(message).digest()
            return private.sign(digest, mechanism=Mechanism.ECDSA)
        case Algorithm.EDDSA:
            return private.sign(message, mechanism=Mechanism.EDDSA)


def _public_jwk(public: Object) -> Mapping[str, str]:
    """Read a public key; tokens give the point bare or as a DER octet string."""
    key_type, point = public[Attribute.KEY_TYPE], bytes(public[Attribute.EC_POINT])
    try:
        if key_type is KeyType.EC_EDWARDS:
            bare = _bare(point, _KINDS[Algorithm.EDDSA].point_bytes)
            return jwk.public_jwk(Ed25519PublicKey.from_public_bytes(bare))
        bare = _bare(point, _KINDS[Algorithm.ES256].point_bytes)
        return jwk.public_jwk(
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bare)
        )
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyStoreUnavailableError(
            "The token has a key under our name that is neither P-256 nor Ed25519."
        ) from error


def _bare(point: bytes, expected_bytes: int) -> bytes:
    header = bytes((_DER_OCTET_STRING, expected_bytes))
    if len(point) == expected_bytes + _DER_HEADER_BYTES:
        return point.removeprefix(header)
    return point
