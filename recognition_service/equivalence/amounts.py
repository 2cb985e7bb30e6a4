"""Credits and hours: decimals with at most two places, kept as whole hundredths.

Sums of whole numbers are exact; 0.1 + 0.2 of a credit is 0.3 of a credit.
"""

import re

ONE = 100
_FORM = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,2})?")


def read_amount(written: object) -> int | None:
    """Return the hundredths of an amount such as "7.5" or 120.

    Whole numbers may be written without quotes; a fraction is written as text, so
    that no reader rounds it.

    Returns:
        None for what is no decimal of this form. A negative amount is read, so that
        it can be refused as what it is.
    """
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str) or not _FORM.fullmatch(written):
        return None
    whole, _, part = written.partition(".")
    hundredths = int(whole.lstrip("-")) * ONE + int(part.ljust(2, "0"))
    return -hundredths if written.startswith("-") else hundredths


def write_amount(hundredths: int) -> str:
    """Return an amount as text without needless zeros: "30", "7.5"."""
    sign = "-" if hundredths < 0 else ""
    whole, part = divmod(abs(hundredths), ONE)
    return f"{sign}{whole}" + (f".{part:02d}".rstrip("0") if part else "")
