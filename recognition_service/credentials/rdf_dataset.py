"""The JSON-LD library, kept from dropping, mistaking and working without end.

Only `json_ld` uses this module, and imports it when it is first needed.

Source: JSON-LD 1.1 Processing Algorithms and API sections 5 and 8; RDF Dataset
Canonicalization 1.0 sections 4.4, 4.8 and 7.1; Verifiable Credential Data Integrity
1.0 section 2.4.3.
"""

import math
import re
from collections import ChainMap, Counter
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, NoReturn, TypeVar

from pyld import jsonld  # type: ignore[import-untyped]  # has no types
from pyld.canon import URDNA2015  # type: ignore[import-untyped]  # has no types
from pyld.context_resolver import ContextResolver  # type: ignore[import-untyped]  # has no types

from recognition_service.credentials.canonical import canonical_bytes
from recognition_service.credentials.errors import (
    MalformedDocumentError,
    NotCanonicalizableError,
)
from recognition_service.credentials.json_ld import Contexts

# A unit is a few microseconds of work. A large credential takes some thousands.
MAX_WORK = 200_000
_TERM_WORK = 5
_CONTEXT_WORK = 50
_COMPARISONS_PER_UNIT = 8
_TOO_MANY_ALIKE = 12
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_BLANK_NODE = re.compile(r"_:[A-Za-z0-9_.-]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
_N_QUADS = "application/n-quads"
_LIBRARY_FAULTS = (
    jsonld.JsonLdError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
# The library keeps what it has worked out where all threads share it.
_LOCK = Lock()
_Result = TypeVar("_Result")


class _Budget:
    """Counts work, so that a hostile document ends in bounded time."""

    def __init__(self) -> None:
        self.left = MAX_WORK

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise MalformedDocumentError("too_complex")


class _Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]  # has no types
    """Expands documents, and refuses what would not come out again."""

    def __init__(self, budget: _Budget) -> None:
        super().__init__(on_property_dropped=_refuse_term)
        self._budget = budget
        self._values: Counter[tuple[object, str]] = Counter()

    def expand(self, input_: Any, options: Any) -> list[Any]:
        expanded = super().expand(input_, options)
        if not expanded:
            raise MalformedDocumentError("empty_document")
        return [self._checked(item) for item in expanded]

    def _expand(
        self, active_ctx: Any, active_property: Any, element: Any, *args: Any, **kw: Any
    ) -> Any:
        self._budget.spend(1)
        expanded = super()._expand(active_ctx, active_property, element, *args, **kw)
        if expanded is None and element is not None:
            raise MalformedDocumentError("value_dropped")
        return expanded

    def _create_term_definition(self, *args: Any, **kw: Any) -> None:
        self._budget.spend(_TERM_WORK)
        super()._create_term_definition(*args, **kw)

    def _clone_active_context(self, active_ctx: Any) -> Any:
        self._budget.spend(_CONTEXT_WORK)
        return super()._clone_active_context(active_ctx)

    def _checked(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return an expanded object with every literal in its one spelling."""
        if "@value" in item:
            return _literal(item)
        subject = item.get("@id", id(item))
        return {
            name: self._member(subject, name, value) for name, value in item.items()
        }

    def _member(self, subject: object, name: str, value: Any) -> Any:
        match name:
            case "@id":
                return _identifier(value)
            case "@type":
                self._compare(subject, name, len(value))
                return [_identifier(type_) for type_ in value]
            case "@graph" | "@included" if not all(
                item.keys() - {"@id"} for item in value
            ):
                raise MalformedDocumentError("value_dropped")
            case "@list" | "@set" | "@graph" | "@included":
                return [self._checked(item) for item in value]
            case "@reverse":
                return {
                    predicate: self._objects(subject, predicate, items)
                    for predicate, items in value.items()
                }
            case _:
                return self._objects(subject, name, value)

    def _objects(self, subject: object, predicate: str, items: list[Any]) -> list[Any]:
        # An index, or another keyword, would not come out again; nor would a
        # property that is a blank node.
        if not _IRI.fullmatch(predicate):
            raise MalformedDocumentError("value_dropped")
        self._compare(subject, predicate, len(items))
        return [self._checked(item) for item in items]

    def _compare(self, subject: object, predicate: str, number: int) -> None:
        """Pay for what the library does: compare all values of a property."""
        self._values[subject, predicate] += number
        comparisons = number * self._values[subject, predicate]
        self._budget.spend(comparisons // _COMPARISONS_PER_UNIT)


class _Canonicalization(URDNA2015):  # type: ignore[misc]  # has no types
    """RDFC-1.0, which the library knows by the name of its predecessor.

    The two differ in escapes of characters that `json_ld` refuses.
    """

    def __init__(self, budget: _Budget) -> None:
        super().__init__()
        self._budget = budget

    def hash_first_degree_quads(self, id_: str) -> str:
        # A statement of a blank node about itself counts once, not twice.
        mentions = self.blank_node_info[id_]
        mentions["quads"] = list(
            {id(quad): quad for quad in mentions["quads"]}.values()
        )
        return str(super().hash_first_degree_quads(id_))

    def create_hash_to_related(self, id_: str, issuer: Any) -> dict[str, list[str]]:
        self._budget.spend(len(self.blank_node_info[id_]["quads"]))
        related: dict[str, list[str]] = super().create_hash_to_related(id_, issuer)
        for alike in related.values():
            # Every order of them is tried, each with a copy of the names given.
            orders = math.factorial(min(len(alike), _TOO_MANY_ALIKE))
            self._budget.spend(orders * (1 + len(alike) + len(issuer.order)))
        return related


def canonical_quads(document: dict[str, Any], contexts: Contexts) -> bytes:
    """Return the canonical N-Quads of a document; see `json_ld.canonicalize`."""

    def quads() -> bytes:
        budget = _Budget()
        dataset = _Processor(budget).to_rdf(document, _options(contexts))
        text = _Canonicalization(budget).main(dataset, {"format": _N_QUADS})
        return str(text).encode()

    return _guarded(quads)


def check_meaning(document: dict[str, Any], contexts: Contexts) -> None:
    """Check that nothing of a document is dropped; see `json_ld.check_terms`."""
    _guarded(lambda: _Processor(_Budget()).expand(document, _options(contexts)))


def _guarded(work: Callable[[], _Result]) -> _Result:
    try:
        with _LOCK:
            return work()
    except RecursionError as error:
        raise MalformedDocumentError("too_complex") from error
    except _LIBRARY_FAULTS as error:
        raise _own_cause(error) or MalformedDocumentError("not_json_ld") from error


def _own_cause(error: BaseException) -> MalformedDocumentError | None:
    """Return the error of ours that the library has wrapped, if there is one."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, MalformedDocumentError):
        cause = cause.__cause__
    return cause


def _options(contexts: Contexts) -> dict[str, Any]:
    def load(url: str, _options: object) -> dict[str, Any]:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": contexts.document(url),
            "tag": "static",
        }

    if not contexts.processed:
        contexts.processed.update(_worked_out(contexts, load))
    # What a document brings along is written before what is kept, and forgotten.
    resolver = ContextResolver(ChainMap({}, contexts.processed), load)
    return _with(resolver, load)


def _worked_out(contexts: Contexts, load: Callable[..., Any]) -> dict[str, Any]:
    """Return all known contexts, and the contexts within them, as resolved."""
    kept: dict[str, Any] = {}
    for url in sorted(contexts.urls()):
        options = _with(ContextResolver(kept, load), load)
        jsonld.JsonLdProcessor().expand({"@context": url}, options)
    return kept


def _with(resolver: ContextResolver, load: Callable[..., Any]) -> dict[str, Any]:
    return {
        # Without a base, a relative URL stays one, and is refused.
        "base": None,
        "contextResolver": resolver,
        "documentLoader": load,
        "rdfDirection": "i18n-datatype",
    }


def _refuse_term(_term: str | None) -> NoReturn:
    raise MalformedDocumentError("term_undefined")


def _identifier(value: Any) -> str:
    if not isinstance(value, str) or ":" not in value:
        raise MalformedDocumentError("relative_identifier")
    if not _IRI.fullmatch(value) and not _BLANK_NODE.fullmatch(value):
        raise MalformedDocumentError("malformed_identifier")
    return value


def _literal(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a literal such that equal ones are equal, and others are not.

    To Python, and so to the library, true is 1 and 1 is 1.0.
    """
    if "@index" in item:
        raise MalformedDocumentError("value_dropped")
    value, datatype = item["@value"], item.get("@type")
    literal: dict[str, Any] = {
        name: _language(text)
        for name, text in item.items()
        if name in ("@language", "@direction")
    }
    match value:
        case _ if datatype == "@json":
            value, datatype = _json_text(value), _RDF_JSON
        case bool():
            value, datatype = str(value).lower(), datatype or f"{_XSD}boolean"
        case int() | float() if (
            datatype == f"{_XSD}double" or not float(value).is_integer()
        ):
            value, datatype = _double(float(value)), datatype or f"{_XSD}double"
        case int() | float():
            value, datatype = str(int(value)), datatype or f"{_XSD}integer"
        case str() if datatype == f"{_XSD}double":
            # What is no number, one implementation keeps and another calls NaN.
            if not _NUMBER.fullmatch(value):
                raise MalformedDocumentError("malformed_number")
            value = _double(float(value))
        case _:
            pass
    literal["@value"] = value
    if datatype is not None and datatype != f"{_XSD}string":
        literal["@type"] = _identifier(datatype)
    return literal


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise MalformedDocumentError("malformed_language")
    return text.lower()


def _double(value: float) -> str:
    positive_zero = value + 0.0  # Other implementations know no other.
    mantissa, _, exponent = f"{positive_zero:.15E}".partition("E")
    whole, _, fraction = mantissa.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}E{int(exponent)}"


def _json_text(value: Any) -> str:
    try:
        return canonical_bytes(value).decode()
    except NotCanonicalizableError as error:
        raise MalformedDocumentError("not_json_ld") from error
