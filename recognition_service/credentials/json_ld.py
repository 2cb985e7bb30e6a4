"""JSON-LD documents in canonical form, from contexts that are kept here.

Contexts are never fetched: a URL that is not known is an error. What JSON-LD would
drop without a word, and a signature would then not cover, is an error too; so is a
document that would take unreasonably long.

Source: JSON-LD 1.1 sections 3.1 and 4; RDF Dataset Canonicalization 1.0 (RDFC-1.0)
sections 4 and 7.1; Verifiable Credential Data Integrity 1.0 sections 2.4, 2.4.1 and
2.4.3.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from recognition_service.credentials.errors import MalformedDocumentError
from recognition_service.credentials.recognition_context import (
    context_url,
    recognition_context,
)

MAX_NODES = 10_000
MAX_CHARACTERS = 1 << 20
MAX_DEPTH = 32
_LARGEST_INTEGER = 2**53 - 1
_INSTALLATIONS = 16
_MANIFEST = "manifest.json"
# N-Quads would need escapes for these that not every implementation makes alike.
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Contexts:
    """The contexts that documents may use: the published ones, and some of ours."""

    __slots__ = ("_own", "processed")

    def __init__(self, own: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Know the published contexts, and `own` context documents by their URL."""
        self._own = MappingProxyType(dict(own or {}))
        # What the JSON-LD library has already worked out of these contexts.
        self.processed: dict[str, Any] = {}

    def __contains__(self, url: object) -> bool:
        """Tell whether a context is known."""
        return url in self._own or url in _manifest()

    def urls(self) -> frozenset[str]:
        """Return the URLs of all known contexts."""
        return frozenset(self._own) | frozenset(_manifest())

    def document(self, url: str) -> Mapping[str, Any]:
        """Return a fresh copy of a context document.

        Raises:
            MalformedDocumentError: The context is not known.
        """
        if url in self._own:
            own: Mapping[str, Any] = json.loads(json.dumps(self._own[url]))
            return own
        content = published_bytes(url)
        if content is None:
            raise MalformedDocumentError(
                "context_unknown", f"The JSON-LD context {url[:200]} is not known here."
            )
        document: Mapping[str, Any] = json.loads(content)
        return document


PUBLISHED = Contexts()


@lru_cache(maxsize=_INSTALLATIONS)
def contexts_of(public_url: str) -> Contexts:
    """Return the published contexts and the recognition context of an installation."""
    return Contexts({context_url(public_url): recognition_context(public_url)})


def published_bytes(url: str) -> bytes | None:
    """Return the octets published at the URL of a context; None: not kept here.

    They can be checked against a digest, as the URL's own answer could.
    """
    entry = _manifest().get(url)
    return None if entry is None else _read(entry["file"])


def canonicalize(
    document: Mapping[str, Any], *, contexts: Contexts = PUBLISHED
) -> bytes:
    """Return the canonical N-Quads of a document, in UTF-8 (RDFC-1.0).

    Raises:
        MalformedDocumentError: With the `reason`: "context_unknown",
            "import_not_supported", "term_undefined", "relative_identifier",
            "malformed_identifier", "malformed_language", "malformed_number",
            "value_dropped", "number_out_of_range", "control_character",
            "too_large", "too_deep", "too_complex", "empty_document" or
            "not_json_ld".
    """
    _check_limits(dict(document), contexts)
    # The library takes a tenth of a second to import, and most commands and
    # workers never need it.
    from recognition_service.credentials import rdf_dataset  # noqa: PLC0415

    return rdf_dataset.canonical_quads(dict(document), contexts)


def check_terms(document: Mapping[str, Any], *, contexts: Contexts = PUBLISHED) -> None:
    """Check that every term and type of a document has a meaning.

    Raises:
        MalformedDocumentError: As in `canonicalize`.
    """
    _check_limits(dict(document), contexts)
    from recognition_service.credentials import rdf_dataset  # noqa: PLC0415 (as above)

    rdf_dataset.check_meaning(dict(document), contexts)


def _check_limits(document: dict[str, Any], contexts: Contexts) -> None:
    nodes = characters = 0
    level: list[Any] = [document]
    for _depth in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for value in level:
            nodes += 1
            characters += _check_value(value, contexts)
            below.extend(_children(value))
            if nodes + len(below) > MAX_NODES or characters > MAX_CHARACTERS:
                raise MalformedDocumentError("too_large")
        if not below:
            return
        level = below
    raise MalformedDocumentError("too_deep")


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _check_value(value: Any, contexts: Contexts) -> int:
    """Check one value without what is in it; return its length in characters."""
    match value:
        case str():
            if _CONTROL_CHARACTER.search(value):
                raise MalformedDocumentError("control_character")
            return len(value)
        case bool() | None | list():
            return 0
        case int() | float():
            if not abs(value) <= _LARGEST_INTEGER:  # NaN is smaller than nothing.
                raise MalformedDocumentError("number_out_of_range")
            return 0
        case dict():
            # The library would write what is imported into what it keeps.
            if "@import" in value:
                raise MalformedDocumentError("import_not_supported")
            if "@context" in value:
                _check_context(value["@context"], contexts)
            return 0
        case _:
            raise MalformedDocumentError("not_json_ld")


def _check_context(context: Any, contexts: Contexts) -> None:
    for entry in context if isinstance(context, list) else [context]:
        if isinstance(entry, str):
            if entry not in contexts:
                raise MalformedDocumentError(
                    "context_unknown",
                    f"The JSON-LD context {entry[:200]} is not known here.",
                )
        elif entry is not None and not isinstance(entry, dict):
            raise MalformedDocumentError("not_json_ld")


@cache
def _manifest() -> Mapping[str, Mapping[str, str]]:
    listed = json.loads(_read(_MANIFEST))["contexts"]
    return MappingProxyType({entry["url"]: entry for entry in listed})


@cache
def _read(name: str) -> bytes:
    folder = files("recognition_service.credentials") / "published" / "contexts"
    return (folder / name).read_bytes()
