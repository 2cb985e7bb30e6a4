"""Every sentence that a person reads, by code and language.

Knowledge rooms return codes and parameters; doors ask here for the text. The
sentences stand in `locale/<language>.toml`, one table per family of codes.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "fr")
ORIGINAL_LANGUAGE = "en"


class _Lenient(dict[str, str]):
    """Leaves a placeholder visible when its parameter is missing."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return all sentences of a language, keyed "family.code"."""
    source = files("recognition_service") / "locale" / f"{language}.toml"
    tree = tomllib.loads(source.read_text(encoding="utf-8"))
    return {
        f"{family}.{code}": sentence
        for family, sentences in tree.items()
        for code, sentence in sentences.items()
    }


def text(
    code: str,
    params: Mapping[str, Any] | None = None,
    language: str = ORIGINAL_LANGUAGE,
) -> str:
    """Return the sentence for a code such as "reason.listed_title".

    A language without this sentence falls back to English; a code without any
    sentence is returned as it is, so that nothing is hidden. Parameters that are
    lists are joined by ", ".
    """
    sentence = _written(code, language)
    if sentence is None:
        return code
    return fill(sentence, params or {})


def fill(sentence: str, params: Mapping[str, Any]) -> str:
    """Return a sentence with its places filled, as far as parameters are known."""
    spoken = {name: _spoken(value) for name, value in params.items()}
    return sentence.format_map(_Lenient(spoken))


def has_places(code: str, language: str) -> bool:
    """Tell whether the sentence for a code has places for parameters."""
    return "{" in (_written(code, language) or "")


def _written(code: str, language: str) -> str | None:
    """Return a sentence with its places, in English where a language has none."""
    known = catalogue(language if language in LANGUAGES else ORIGINAL_LANGUAGE)
    return known.get(code) or catalogue(ORIGINAL_LANGUAGE).get(code)


def _spoken(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(_spoken(item) for item in value)
    return str(value)


def best_language(accepted: str | None) -> str:
    """Choose one of our languages by an `Accept-Language` header or a code.

    Source: RFC 9110 section 12.5.4.
    """
    if not accepted:
        return ORIGINAL_LANGUAGE
    ranked: list[tuple[float, int, str]] = []
    for position, part in enumerate(accepted.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        ranked.append((-quality, position, tag.strip().partition("-")[0].lower()))
    for quality, _, language in sorted(ranked):
        if language in LANGUAGES and quality < 0:
            return language
    return ORIGINAL_LANGUAGE
