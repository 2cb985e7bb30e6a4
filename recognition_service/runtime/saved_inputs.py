"""What a verification relies on, kept in a file for checks without the database.

The file holds public facts only: issuers, their public keys and mandates, and the
signed status lists. It is replaced as a whole, never altered in place.
"""

import json
import os
from pathlib import Path
from threading import get_ident

from recognition_service.credentials import strict_json
from recognition_service.credentials.errors import MalformedJSONError
from recognition_service.verification.inputs_file import (
    InputsFileError,
    from_value,
    to_value,
)
from recognition_service.verification.trust import VerificationInputs

FILE_NAME = "verification-inputs.json"
_LARGEST = 256 << 20


def save(directory: Path, inputs: VerificationInputs) -> None:
    """Replace the file in a directory by these inputs."""
    path = directory / FILE_NAME
    temporary = path.with_name(f".{FILE_NAME}.{os.getpid()}-{get_ident()}")
    text = json.dumps(to_value(inputs), ensure_ascii=False, separators=(",", ":"))
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def load(directory: Path) -> VerificationInputs | None:
    """Return the inputs that were kept in a directory, or None without any.

    Raises:
        InputsFileError: The file is damaged.
    """
    path = directory / FILE_NAME
    try:
        return from_value(strict_json.parse(path.read_bytes(), max_bytes=_LARGEST))
    except FileNotFoundError:
        return None
    except MalformedJSONError as error:
        raise InputsFileError(f"{path} is no JSON: {error.reason}.") from error
    except OSError as error:
        raise InputsFileError(f"{path} cannot be read: {error.strerror}.") from error
