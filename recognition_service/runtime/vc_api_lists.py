"""Status lists of the throw-away issuer, signed like the credentials that name them.

The installation's own lists are signed tokens. Verifiers that know nothing but Data
Integrity proofs and `did:key` cannot read those, and this issuer is for them.

Source: Bitstring Status List v1.0 sections 2.2 and 3.4.
"""

from datetime import datetime, timedelta
from functools import lru_cache

from recognition_service.credentials import bitstring_status_list as bitstring
from recognition_service.credentials import multikey
from recognition_service.credentials.canonical import canonical_bytes
from recognition_service.credentials.data_integrity import Cryptosuite, add_proof
from recognition_service.credentials.signer import Signer

LIFE = timedelta(hours=24)
TTL_SECONDS = 60
_BYTE_BITS = 8
_CACHED = 16


def signed_list(
    *,
    uri: str,
    purpose: str,
    size: int,
    places: tuple[int, ...],
    signer: Signer,
    now: datetime,
) -> bytes:
    """Return a status list credential with an embedded proof.

    Args:
        uri: Where it is published.
        purpose: What a set place means.
        size: Number of places.
        places: Those that are set.
        signer: Of the `did:key` that issues.
        now: When it is signed.
    """
    credential = bitstring.list_credential(
        uri=uri,
        issuer=multikey.controller_of(signer.kid),
        purpose=purpose,
        valid_from=now,
        valid_until=now + LIFE,
        ttl_seconds=TTL_SECONDS,
        encoded_list=_encoded(size, places),
    )
    return canonical_bytes(
        add_proof(
            credential,
            suite=Cryptosuite.EDDSA_RDFC_2022,
            verification_method=signer.kid,
            created=now,
            signer=signer,
        )
    )


@lru_cache(maxsize=_CACHED)
def _encoded(size: int, places: tuple[int, ...]) -> str:
    content = bytearray(size // _BYTE_BITS)
    for place in places:
        bitstring.put(content, place, is_set=True)
    return bitstring.compress(bytes(content))
