"""Versions of objects as strong entity tags, and changes that name the version.

Source: RFC 9110 sections 8.8.3 and 13.1.1; RFC 6585 section 3.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import g, request

from recognition_service.web.documented import add_problems, extend_documentation
from recognition_service.web.errors import (
    MalformedETagError,
    PreconditionFailedError,
    PreconditionRequiredError,
)

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")
_TAGS = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|\Z)')
_PARAMETER = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string", "examples": ['"v3"']},
}


def entity_tag(version: int) -> str:
    """Return the entity tag of a version, with its quotes."""
    return f'"v{version}"'


def if_match(
    *, required: bool = True
) -> Callable[[Callable[_Params, _Result]], Callable[_Params, _Result]]:
    """Read `If-Match` before the view; the view then calls `require_version`."""

    def decorate(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
        @wraps(view)
        def conditional(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
            g.expected_versions = _expected(request.headers.get("If-Match"))
            if required and "If-Match" not in request.headers:
                raise PreconditionRequiredError(
                    "Send the ETag of the version that you have read.",
                    ({"parameter": "If-Match", "code": "required"},),
                )
            return view(*args, **kwargs)

        extend_documentation(
            conditional,
            parameters=[
                {
                    **_PARAMETER,
                    "required": required,
                    "description": "The `ETag` of the version that was read.",
                }
            ],
        )
        add_problems(conditional, 412, *([428] if required else []))
        return conditional

    return decorate


def require_version(version: int) -> None:
    """Refuse the change unless `If-Match` names this version, or any.

    Call it inside the transaction that changes the object.

    Raises:
        PreconditionFailedError: The object is at another version.
    """
    expected = cast("frozenset[str] | None", g.get("expected_versions"))
    if expected is not None and entity_tag(version) not in expected:
        raise PreconditionFailedError("Read the object again, then repeat the change.")


def _expected(header: str | None) -> frozenset[str] | None:
    """Return the tags of `If-Match`; None if every version will do.

    Raises:
        MalformedETagError: A weak tag, or no tag.
    """
    if header is None or header.strip() == "*":
        return None
    tags: set[str] = set()
    position = 0
    while position < len(header):
        found = _TAGS.match(header, position)
        if found is None:
            raise _malformed('If-Match is a list of quoted tags, such as "v3".')
        if found[1]:
            raise _malformed("If-Match needs a strong tag, without W/.")
        tags.add(f'"{found[2]}"')
        position = found.end()
    if not tags:
        raise _malformed("If-Match is empty.")
    return frozenset(tags)


def _malformed(detail: str) -> MalformedETagError:
    return MalformedETagError(
        detail,
        ({"parameter": "If-Match", "code": "malformed_etag", "detail": detail},),
    )
