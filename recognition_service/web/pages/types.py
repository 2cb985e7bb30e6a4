"""What our credentials consist of, explained to people: one page for each document.

The members are read from the published documents themselves, so that a page cannot
tell of others; their meanings stand with all other sentences.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, request

from recognition_service.errors import NotFoundError
from recognition_service.runtime.spoken import sentence
from recognition_service.web.current import runtime
from recognition_service.web.pages.rendering import page, page_language

_HTML = "text/html"
_JSON = "application/json"
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SAME = {
    "birthdate": "birth_date",
    "eqf_level": "eqf",
    "valid_in_jurisdiction": "jurisdiction",
}
"""Members that mean the same under two names."""

_ADDRESSES = {
    "vct/recognition/1": "type",
    "schemas/recognition/v1.json": "schema",
    "ns/recognition/v1": "context",
    "ns/keys/v1": "keys",
    "ns/trust/v1": "trust",
}
"""Published documents by address; the code of their sentences."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a credential.

    Attributes:
        name: As on the wire, with a dot for each step down.
        meaning: What it says, None if nobody has written that down.
        is_required: None where the document does not say.
        disclosure: "always" or "allowed" if the holder chooses to show it, "never"
            if it cannot be hidden, None where the document does not say.
        leads_to: The address of a vocabulary's term.
    """

    name: str
    meaning: str | None
    is_required: bool | None = None
    disclosure: str | None = None
    leads_to: str | None = None


def html_address(path: str) -> str:
    """Return where the page about a published document stands."""
    return f"/{path.removesuffix('.json')}.html"


PAGES = {html_address(path): path for path in _ADDRESSES}
"""Addresses of the pages, and of the documents that they explain."""


def wants_page(media_type: str) -> bool:
    """Tell whether a page is wanted rather than the document itself."""
    accepted = request.accept_mimetypes
    return accepted[_HTML] > max(accepted[media_type], accepted[_JSON])


def show() -> Response:
    """Explain the document whose page is asked for."""
    return explain(PAGES[request.path])


def explain(path: str) -> Response:
    """Return the page about a published document.

    Raises:
        NotFoundError: Nothing is published at this address.
    """
    found = runtime().published(path)
    if found is None:
        raise NotFoundError("Nothing is published at this address.")
    kind, document = _ADDRESSES[path], json.loads(found[0])
    members = {
        "type": _of_type,
        "schema": _of_schema,
        "context": _of_context,
        "keys": _of_keys,
        "trust": _of_context,
    }[kind]
    return page(
        "type.html",
        kind=kind,
        address=f"{runtime().public_url}/{path}",
        path=f"/{path}",
        members=list(members(document)),
    )


def _of_type(document: Mapping[str, Any]) -> Iterator[Member]:
    for claim in document["claims"]:
        if None in claim["path"]:  # Each item of a list that has its own line.
            continue
        path = tuple(claim["path"])
        yield Member(
            ".".join(path),
            _meaning(path),
            claim.get("mandatory", False),
            claim.get("sd", "allowed"),
        )


def _of_schema(document: Mapping[str, Any]) -> Iterator[Member]:
    yield from _members(document, document.get("$defs", {}), ())


def _members(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[Member]:
    required = schema.get("required", ())
    for name, rule in schema.get("properties", {}).items():
        inner = _resolved(rule, definitions)
        path = (*above, name)
        yield Member(".".join(path), _meaning(path), name in required)
        yield from _members(inner, definitions, path)
        items = inner.get("items")
        if isinstance(items, dict):
            yield from _members(_resolved(items, definitions), definitions, path)


def _resolved(
    rule: Mapping[str, Any], definitions: Mapping[str, Any]
) -> Mapping[str, Any]:
    found: Mapping[str, Any] = rule
    if "$ref" in rule:
        found = definitions[rule["$ref"].removeprefix("#/$defs/")]
    return found


def _of_context(document: Mapping[str, Any]) -> Iterator[Member]:
    terms = document["@context"]
    prefixes = {
        name: value
        for name, value in terms.items()
        if isinstance(value, str) and value.endswith(("#", "/"))
    }
    yield from _terms(terms, prefixes, ())


def _of_keys(document: Mapping[str, Any]) -> Iterator[Member]:
    """Return the words about keys; other documents use some for something else."""
    for member in _of_context(document):
        whose = "issuer" if member.name == "name" else "JsonWebKey"
        yield replace(member, meaning=_meaning((whose, member.name)))


def _terms(
    terms: Mapping[str, Any], prefixes: Mapping[str, str], above: tuple[str, ...]
) -> Iterator[Member]:
    for name, definition in terms.items():
        given = definition if isinstance(definition, dict) else {"@id": definition}
        target = given.get("@id")
        if name.startswith("@") or name in prefixes or not isinstance(target, str):
            continue
        path = (*above, name)
        if not target.startswith("@"):
            prefix, _, rest = target.partition(":")
            leads_to = prefixes[prefix] + rest if prefix in prefixes else target
            yield Member(".".join(path), _meaning(path), leads_to=leads_to)
        yield from _terms(given.get("@context", {}), prefixes, path)


def _meaning(path: tuple[str, ...]) -> str | None:
    """Return what a member says: where it stands, else wherever it stands."""
    names = [_plain(name) for name in path]
    for code in ("_".join(names[-2:]), names[-1]):
        found = sentence(("member.",), code, {}, page_language())
        if found is not None:
            return found
    return None


def _plain(name: str) -> str:
    """Return a name of the wire as codes are written: "awardDate", "@context"."""
    plain = _WORD.sub("_", name).lower().replace("#", "_").strip("@")
    return _SAME.get(plain, plain)
