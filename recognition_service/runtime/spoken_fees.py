"""Fees that authorities state themselves, with words beside their amounts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recognition_service.authorities.fees import Fee, shown_amount, write_fee
from recognition_service.runtime.spoken_names import day
from recognition_service.statistics.directory_fees import ToldFee
from recognition_service.statistics.possible_regimes import PossibleRegime
from recognition_service.wording import ORIGINAL_LANGUAGE, text


def fee_document(
    found: Sequence[ToldFee], regimes: Iterable[PossibleRegime], language: str
) -> dict[str, Any]:
    """Return what is known of fees; nothing is said of authorities that state none.

    Args:
        found: The fees that hold.
        regimes: The possible rules, for their names.
        language: Of the sentences.
    """
    names = {each.regime.id: _in(each.regime.name, language) for each in regimes}
    code = "directory.fee_stated" if found else "directory.fee_unknown"
    return {
        "known": bool(found),
        "text": text(code, {}, language),
        "stated": [_fee(each, names, language) for each in found],
    }


def _fee(found: ToldFee, names: Mapping[str, str], language: str) -> dict[str, Any]:
    fee = found.fee
    source = {
        "authority": found.name,
        "day": day(found.stated_on, language),
    }
    return {
        "authority": found.authority_id,
        "name": found.name,
        "regimes": [{"id": each, "name": names[each]} for each in found.regimes],
        **write_fee(fee),
        "is_free": fee.is_free,
        "text": _amount(fee, language),
        "texts": dict(fee.texts),
        "for": _in(fee.texts, language) if fee.texts else None,
        "stated_on": found.stated_on.isoformat(),
        "stated_text": text("directory.fee_source", source, language),
    }


def _amount(fee: Fee, language: str) -> str:
    """Return what is paid in words, such as "200.00 EUR"."""
    if fee.is_free:
        return text("directory.fee_none", {}, language)
    stated = {"amount": fee.amount, "from": fee.least, "until": fee.most}
    given = {
        name: shown_amount(value, fee.currency)
        for name, value in stated.items()
        if value is not None
    }
    code = "_".join(("directory.fee", *given))
    return text(code, given, language)


def _in(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in English, else in any."""
    for tag in (language, ORIGINAL_LANGUAGE):
        if tag in texts:
            return texts[tag]
    return next(iter(texts.values()))
