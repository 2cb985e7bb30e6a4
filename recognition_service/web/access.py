"""Who is calling: API keys in the `Authorization` header.

Source: RFC 6750 section 2.1; RFC 9110 section 11.6.1.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import request

from recognition_service.authorities.access import Caller, authenticate
from recognition_service.authorities.models import Role
from recognition_service.errors import UnauthenticatedError
from recognition_service.web.current import CALLER, runtime
from recognition_service.web.documented import extend_documentation

_Params = ParamSpec("_Params")
_Result = TypeVar("_Result")
REQUIRED_ROLES = "required_roles"


def requires(
    *roles: Role,
) -> Callable[[Callable[_Params, _Result]], Callable[_Params, _Result]]:
    """Let only callers with one of the roles in; without roles, any caller.

    Stands directly under `route`, so that nothing of the request is read before it.
    """

    def decorate(view: Callable[_Params, _Result]) -> Callable[_Params, _Result]:
        @wraps(view)
        def guarded(*args: _Params.args, **kwargs: _Params.kwargs) -> _Result:
            found = identify()
            if found is None:
                raise UnauthenticatedError(
                    "Send an API key as `Authorization: Bearer rk_…`."
                )
            if roles:
                found.require(*roles)
            return view(*args, **kwargs)

        setattr(guarded, REQUIRED_ROLES, roles)
        extend_documentation(
            guarded,
            security=[{"bearer": []}],
            **({"x-roles": [role.value for role in roles]} if roles else {}),
        )
        return guarded

    return decorate


def caller() -> Caller:
    """Return who is calling; only in views under `requires`."""
    return cast("Caller", request.environ[CALLER])


def identify() -> Caller | None:
    """Return whose API key the request carries, or None if it carries none.

    Raises:
        UnauthenticatedError: Another scheme, or a key that is not valid.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, key = header.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise UnauthenticatedError("Use the scheme Bearer with an API key.")
    with runtime().database.glance() as session:
        found = authenticate(session, key.strip(), runtime().now())
    request.environ[CALLER] = found
    return found
