"""What the other libraries get to judge: tokens of ours, good ones and changed ones."""

from recognition_service.credentials import sd_jwt_vc, vc_jwt
from recognition_service.credentials.attestation_credential import (
    attestation_credential,
)
from tests.credentials.builders import PUBLIC_URL, a_copy, all_claims
from tests.credentials.sd_jwt_builders import a_disclosure, a_wallet_token

NOW = 1793610100  # A minute and a half after the copies were signed.


def a_vc_jwt(signer):
    credential = attestation_credential(all_claims(), public_url=PUBLIC_URL)
    return vc_jwt.encode(credential, a_copy(), signer)


def an_sd_jwt(signer, **changes):
    return a_wallet_token(signer, all_claims(), **changes)


def swapped(text, position):
    """Return a text with one of its characters changed."""
    other = "A" if text[position] != "A" else "B"
    return text[:position] + other + text[position + 1 :]


def changed(token):
    """Yield the token with its payload, header and signature changed in turn."""
    jwt, tilde, rest = token.partition("~")
    header, payload, signature = jwt.split(".")
    for parts in (
        (header, swapped(payload, len(payload) // 2), signature),
        (swapped(header, 12), payload, signature),
        (header, payload, swapped(signature, 5)),
        (header, payload, ""),
    ):
        yield ".".join(parts) + tilde + rest


def with_other_disclosures(token):
    """Yield the token with a disclosure changed, added and given twice."""
    jwt, first, *rest = token.split("~")
    forged = a_disclosure("family_name", "Forged").decode()
    yield "~".join((jwt, forged, *rest))
    yield "~".join((jwt, first, forged, *rest))
    yield "~".join((jwt, first, first, *rest))


def read(token):
    return sd_jwt_vc.decode(token).payload
