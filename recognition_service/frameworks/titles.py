"""Keys by which titles are found whatever the accents, case and script.

Decisions, the same for titles and for queries:

- Letters lose their accents: "ü" is "u" (not "ue"), "ā" is "a", "å" is "a", "ø" is
  "o". "ß" is "ss" and "æ" is "ae", as in the spelling without these letters.
- Other scripts are transliterated sign by sign, not by a national standard:
  "Бакалавр" is "bakalavr". The key is for finding and is never shown.
- Marks are not stripped before the transliteration. In Hangul, kana and the scripts
  of India they are letters, and "й" is another letter than "и"; in Latin and Greek
  the transliteration drops them anyway.
- Hyphens, apostrophes and other signs in the title part words ("d'État" has the
  word "etat"); those that the transliteration makes, such as for "ь", do not.

Source: Unicode Standard Annex 15 (NFKC) and chapter 3.13 (case folding).
"""

from functools import lru_cache
from unicodedata import category, normalize

from anyascii import anyascii


def search_key(title: str) -> str:
    """Return the words of a title in plain ASCII, parted by single blanks."""
    folded = normalize("NFKC", normalize("NFKC", title).casefold())
    parted = "".join(sign if _is_of_a_word(sign) else " " for sign in folded)
    return " ".join(filter(None, map(_ascii_word, parted.split())))


def words(query: str) -> tuple[str, ...]:
    """Return the words of a query as they stand in search keys, each once."""
    return tuple(dict.fromkeys(search_key(query).split()))


def _is_of_a_word(sign: str) -> bool:
    """Tell letters, digits and the marks that belong to them from other signs."""
    return sign.isalnum() or category(sign).startswith("M")


@lru_cache(maxsize=16384)
def _ascii_word(word: str) -> str:
    return "".join(filter(str.isalnum, anyascii(word).lower()))
