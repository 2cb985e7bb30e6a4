"""Whose tables may be loaded: those of a publisher whose key is known."""

from collections.abc import Sequence
from pathlib import Path

import click

from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import (
    MalformedJSONError,
    UnusableKeyError,
)
from recognition_service.credentials.jwk import PublicKey, public_key
from recognition_service.credentials.key_document import IssuerKey
from recognition_service.editions.errors import EditionSignatureError
from recognition_service.editions.load import package_digest
from recognition_service.editions.package import Package
from recognition_service.editions.signatures import require_signature

SIGNATURE_FILE = "edition.jws"


def require_publisher(
    directory: Path,
    package: Package,
    publisher: Path | None,
    own: Sequence[IssuerKey],
) -> None:
    """Refuse tables whose signature is not good, or missing where one is asked for.

    Args:
        directory: Where the package lies.
        package: The tables.
        publisher: File with the key of who must have signed them; None: anybody who
            gives them in without a signature, or this operator.
        own: The operator's own keys.

    Raises:
        EditionSignatureError: They are not signed by who must have signed them.
        click.BadParameter: The file holds no public key.
    """
    keys = own if publisher is None else [_key(publisher)]
    path = directory / SIGNATURE_FILE
    if not path.exists():
        if publisher is not None:
            raise EditionSignatureError(f"{SIGNATURE_FILE} is missing.")
        return
    token = path.read_text(encoding="ascii", errors="replace")
    require_signature(token, package_digest(package), keys)


def _key(path: Path) -> PublicKey:
    try:
        return public_key(strict_json.parse_object(path.read_bytes()))
    except (MalformedJSONError, UnusableKeyError) as error:
        raise click.BadParameter(
            f"{path.name} holds no public key (JWK).", param_hint="--publisher"
        ) from error
