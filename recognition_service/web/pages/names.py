"""Names as data: nothing in them may move, hide or imitate what stands around."""

import unicodedata
from collections.abc import Iterable

_JOINERS = frozenset("\u200c\u200d")  # Persian and Indic spelling needs them.
_LOOKALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_REPLACEMENT = "\ufffd"


def visible(value: object) -> str:
    """Return text with every invisible or directing character made visible.

    `None` becomes the empty text.

    Source: Unicode Technical Report 36 section 2.5 (bidirectional text spoofing).
    """
    if value is None:
        return ""
    return "".join(
        _REPLACEMENT if _is_hidden(character) else character
        for character in unicodedata.normalize("NFC", str(value))
    )


def warning_about(names: Iterable[str | None]) -> str | None:
    """Return the code of what is suspicious about names, `None` if nothing is.

    Source: Unicode Technical Standard 39 section 5.1 (mixed-script detection).
    """
    given = [name for name in names if name]
    if any(_is_hidden(character) for name in given for character in name):
        return "name_hidden_characters"
    if any(len(_scripts(word)) > 1 for name in given for word in name.split()):
        return "name_mixed_scripts"
    return None


def _is_hidden(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}
        and character not in _JOINERS
        and character not in "\n\t"
    )


def _scripts(word: str) -> set[str]:
    named = {
        unicodedata.name(character, "").partition(" ")[0]
        for character in word
        if character.isalpha()
    }
    return named & _LOOKALIKE_SCRIPTS
