"""Fields that hold texts: normalised, without invisible characters.

Source: Unicode Standard Annex 15 (NFC); Unicode Technical Report 36 section 3.1
(control and format characters in names).
"""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import marshmallow as ma

from recognition_service.authorities.fees import AMOUNT, CURRENCY
from recognition_service.web.schemas import COMMON_FAULTS, Fault, Messages, describe

LONGEST_NAME = 200
LONGEST_TEXT = 10_000
_MOST_LANGUAGES = 30
_MOST_FACTS = 50
_JOINERS = "\u200c\u200d"
# In prose: line breaks, soft hyphens, and the marks (never the overrides) that
# keep numbers in place in right-to-left text.
_IN_PROSE = "\n\r\t\u00ad\u061c\u200e\u200f"
_CODE = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*\Z")
_DIGEST = re.compile(r"sha256-[A-Za-z0-9_-]{43}\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")

_TEXT_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_a_text", "Text is expected."),
    "too_long": Fault("too_long", "At most {longest} characters are read."),
    "blank": Fault("blank", "This may not be empty."),
    "control": Fault(
        "control_character",
        "U+{point:04X} is a control or invisible character.",
    ),
}
_CODE_FAULTS: Messages = {
    "code": Fault("not_a_code", "A code of printable ASCII is expected."),
}
_DIGEST_FAULTS: Messages = {
    "digest": Fault("not_a_digest", "A digest such as sha256-47DEQpj8… is expected."),
}
_MONEY_FAULTS: Messages = {
    "money": Fault(
        "not_an_amount",
        'An amount of money is expected, as text such as "1200.00".',
    ),
    "negative": Fault("negative_amount", "An amount of money is 0 or more."),
}
_TAG_FAULTS: Messages = {
    "tag": Fault("not_a_language", "A language tag such as nl or pt-BR is expected."),
}
_CURRENCY_FAULTS: Messages = {
    "currency": Fault(
        "not_a_currency", "A currency is expected as in ISO 4217, such as EUR."
    ),
}
_CHOICE_FAULTS: Messages = {
    "choice": Fault("not_in_enum", "One of {choices} is expected."),
}
_LANGUAGE_MAP_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_an_object", "Texts by language are expected."),
    "language": Fault("not_a_language", "{tag!r} is not a language tag."),
    "empty": Fault("blank", "At least one language is needed."),
    "too_many": Fault("too_many", f"At most {_MOST_LANGUAGES} languages are read."),
}
_FACTS_FAULTS: Messages = {
    **COMMON_FAULTS,
    "invalid": Fault("not_an_object", "An object is expected."),
    "too_many": Fault("too_many", f"At most {_MOST_FACTS} facts are read."),
    "name": Fault("not_a_code", "The name of a fact is a code."),
    "value": Fault("not_a_fact", "A short text, a number or a boolean is expected."),
}


class Text(ma.fields.String):
    """Text in NFC without control and format characters, line breaks aside.

    Args:
        longest: How many characters it may have.
        lines: Whether it is prose with line breaks; else one line.
        blank: Whether it may be empty or white space only.
    """

    default_error_messages = _TEXT_FAULTS

    def __init__(
        self,
        *,
        longest: int = LONGEST_TEXT,
        lines: bool = True,
        blank: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.longest = longest
        self.allowed = _JOINERS + (_IN_PROSE if lines else "")
        self.blank = blank
        describe(self, maxLength=longest)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        del attr, data, kwargs
        if len(value) > self.longest:
            raise self.make_error("too_long", longest=self.longest)
        text = unicodedata.normalize("NFC", value)
        if len(text) > self.longest:
            raise self.make_error("too_long", longest=self.longest)
        for character in text:
            if (
                unicodedata.category(character) in {"Cc", "Cf", "Cs"}
                and character not in self.allowed
            ):
                raise self.make_error("control", point=ord(character))
        if not self.blank and not text.strip():
            raise self.make_error("blank")
        return text


class Name(Text):
    """The name of a person, body or title: one line, kept as written."""

    def __init__(self, *, longest: int = LONGEST_NAME, **kwargs: Any) -> None:
        super().__init__(longest=longest, lines=False, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        return super()._deserialize(value, attr, data, **kwargs).strip()


class Code(Text):
    """The code or id of something: printable ASCII, such as "BE-FL" or "6+"."""

    default_error_messages = _CODE_FAULTS

    def __init__(self, *, longest: int = 100, **kwargs: Any) -> None:
        super().__init__(longest=longest, lines=False, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _CODE.match(text):
            raise self.make_error("code")
        return text


class Digest(Code):
    """The SHA-256 of a document: "sha256-" and base64url without padding."""

    default_error_messages = _DIGEST_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _DIGEST.match(text):
            raise self.make_error("digest")
        return text


class Money(Code):
    """An amount of money, 0 or more: a decimal as text, such as "1200.00"."""

    default_error_messages = _MONEY_FAULTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=20, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text.startswith("-") and AMOUNT.fullmatch(text[1:]):
            raise self.make_error("negative")
        if not AMOUNT.fullmatch(text):
            raise self.make_error("money")
        return text


class Currency(Code):
    """The code of a currency: three capital letters."""

    default_error_messages = _CURRENCY_FAULTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=20, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not CURRENCY.fullmatch(text):
            raise self.make_error("currency")
        return text


class LanguageTag(Code):
    """The tag of a language, such as "nl" or "pt-BR".

    Source: BCP 47 (RFC 5646 section 2.1).
    """

    default_error_messages = _TAG_FAULTS

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(longest=35, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _LANGUAGE.match(text):
            raise self.make_error("tag")
        return text


class Choice(Code):
    """One value of an enumeration; it is read as that enumeration's member."""

    default_error_messages = _CHOICE_FAULTS

    def __init__(self, enum: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.enum = enum
        describe(self, enum=[member.value for member in enum])

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self.enum(text)
        except ValueError as error:
            choices = ", ".join(self.enum)
            raise self.make_error("choice", choices=choices) from error


class LanguageMap(ma.fields.Field[dict[str, str]]):
    """Texts by language, such as {"en": "…", "fr": "…"}."""

    default_error_messages = _LANGUAGE_MAP_FAULTS

    def __init__(self, *, longest: int = LONGEST_TEXT, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text = Text(longest=longest)

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, str]:
        del attr, data, kwargs
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        if not value:
            raise self.make_error("empty")
        if len(value) > _MOST_LANGUAGES:
            raise self.make_error("too_many")
        texts: dict[str, str] = {}
        faults: dict[str, Any] = {}
        for tag, text in value.items():
            if not _LANGUAGE.match(tag):
                faults[tag] = [self.make_error("language", tag=tag[:40]).messages[0]]
                continue
            try:
                texts[tag] = str(self.text.deserialize(text))
            except ma.ValidationError as error:
                faults[tag] = error.messages
        if faults:
            raise ma.ValidationError(faults)
        return texts


class Facts(ma.fields.Field[dict[str, Any]]):
    """An open object of facts: codes to texts, numbers, booleans or null."""

    default_error_messages = _FACTS_FAULTS

    def _deserialize(
        self, value: Any, attr: str | None, data: Any, **kwargs: Any
    ) -> dict[str, Any]:
        del attr, data, kwargs
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        if len(value) > _MOST_FACTS:
            raise self.make_error("too_many")
        faults: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        for name, fact in value.items():
            if not _CODE.match(name):
                faults[name] = self.make_error("name").messages
            elif isinstance(fact, str):
                try:
                    facts[name] = _FACT_TEXT.deserialize(fact)
                except ma.ValidationError as error:
                    faults[name] = error.messages
            elif fact is None or isinstance(fact, bool | int | float):
                facts[name] = fact
            else:
                faults[name] = self.make_error("value").messages
        if faults:
            raise ma.ValidationError(faults)
        return facts


_FACT_TEXT = Name(longest=LONGEST_NAME, blank=True)
