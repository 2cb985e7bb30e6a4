"""How a legal basis names an agreement that two bodies signed: "agr-" and its id."""

import re
from collections.abc import Iterable

_AGREEMENT = re.compile(r"agr-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\Z")
_IN_PUBLIC = "agreement"


def agreements_in(basis: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the agreements on which a decision rests."""
    return tuple(name for name in basis if _AGREEMENT.match(name))


def without_names(basis: Iterable[str]) -> tuple[str, ...]:
    """Return a legal basis that tells only that an agreement is part of it."""
    return tuple(_IN_PUBLIC if _AGREEMENT.match(name) else name for name in basis)


def agreement_address(basis: Iterable[str], issuer_id: str) -> str | None:
    """Return where the agreement is published on which a decision rests.

    Its address stands apart from the legal basis, because it tells between whom it is
    and thus where the person comes from: a holder need not show it.
    """
    found = next(filter(None, map(_AGREEMENT.match, basis)), None)
    if found is None:
        return None
    return f"{issuer_id.partition('/issuers/')[0]}/agreements/{found[1]}"
