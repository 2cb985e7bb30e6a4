"""Keys as commands name and show them."""

from datetime import datetime
from typing import Any

import click

from recognition_service.authorities.found import get_authority
from recognition_service.authorities.key_life import KeyState, state_of
from recognition_service.authorities.keys import get_key
from recognition_service.authorities.models import KeyRecord
from recognition_service.authorities.trust import issuer_url, key_id
from recognition_service.clock import format_instant
from recognition_service.credentials.did_web import did_of
from recognition_service.credentials.jwk import Algorithm
from recognition_service.errors import NotFoundError
from recognition_service.runtime.runtime import Runtime

kid_option = click.option(
    "--kid", required=True, help="The key's name or its thumbprint."
)
algorithm_option = click.option(
    "--algorithm",
    type=click.Choice([algorithm.value for algorithm in Algorithm]),
    default=Algorithm.ES256.value,
    show_default=True,
    help="EdDSA (Ed25519) is for Data Integrity proofs over attestations.",
)


def thumbprint_of(runtime: Runtime, authority_id: str, kid: str) -> str:
    """Return the thumbprint of a key of an authority.

    Raises:
        AuthorityNotFoundError: There is no such authority.
        NotFoundError: The authority has no such key.
    """
    issuer, _, thumbprint = kid.rpartition("#")
    url = issuer_url(runtime.public_url, authority_id)
    with runtime.database.reading() as session:
        get_authority(session, authority_id)
        if issuer not in {"", url, did_of(url)}:
            raise NotFoundError(f"{authority_id} has no key {kid}.")
        return get_key(session, authority_id, thumbprint).thumbprint


def name_of(runtime: Runtime, authority_id: str, thumbprint: str) -> str:
    """Return the name that a key bears in tokens."""
    return key_id(issuer_url(runtime.public_url, authority_id), thumbprint)


def shown(runtime: Runtime, record: KeyRecord) -> dict[str, Any]:
    """Return a key as commands print it with --json."""
    return {
        "authority": record.authority_id,
        "kid": name_of(runtime, record.authority_id, record.thumbprint),
        "purpose": record.purpose,
        "algorithm": record.algorithm,
        "state": state_of(record, runtime.now()).value,
        "created_at": format_instant(record.created_at),
        "active_from": format_instant(record.active_from),
        "retired_at": _instant(record.retired_at),
        "compromised_at": _instant(record.compromised_at),
        "certificates": len(record.certificates or ()),
    }


def life(key: dict[str, Any]) -> str:
    """Return in words where a key stands, as `shown` returned it."""
    match KeyState(key["state"]):
        case KeyState.ANNOUNCED:
            return f"signs from {key['active_from']}"
        case KeyState.ACTIVE:
            until = f" until {key['retired_at']}" if key["retired_at"] else ""
            return f"in use{until}"
        case KeyState.RETIRED:
            return f"retired {key['retired_at']}"
        case KeyState.COMPROMISED:
            return f"compromised since {key['compromised_at']}"


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
