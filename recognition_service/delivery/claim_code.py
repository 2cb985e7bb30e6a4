"""The form of claim codes: twelve signs that can be read out, typed and forgiven.

Source: Crockford, "Base 32" (no I, L, O, U; I and L read as 1, O as 0).
"""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_GROUP = 4
_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code() -> str:
    """Return a code of 60 random bits, such as "7KQ2-M0XZ-4TRD"."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[i : i + _GROUP] for i in range(0, LENGTH, _GROUP))


def normalise(typed: str) -> str | None:
    """Return a typed code in its one form, or None if it cannot be a code.

    Case, blanks and hyphens do not matter; O reads as 0, I and L as 1; digits of
    other scripts (٣, ३) and full-width letters read as ours.
    """
    signs = []
    for sign in unicodedata.normalize("NFKC", typed[:100]).upper():
        if sign.isspace() or unicodedata.category(sign) in {"Pd", "Cf"} or sign == "_":
            continue
        digit = unicodedata.decimal(sign, None)
        signs.append(sign if digit is None else str(digit))
    code = "".join(signs).translate(_LOOKALIKES)
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code):
        return None
    return code


def code_digest(code: str) -> str:
    """Return what is stored of a code in its one form."""
    return hashlib.sha256(f"claim-code {code}".encode(errors="replace")).hexdigest()
