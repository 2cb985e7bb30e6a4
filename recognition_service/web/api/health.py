"""Is the process alive, and can it do its work?"""

from collections.abc import Callable
from time import monotonic

from flask import Response, current_app

from recognition_service.errors import RecognitionError
from recognition_service.storage.migrations import require_current
from recognition_service.storage.settings import read_setting
from recognition_service.web.current import runtime
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint

blueprint = Blueprint("health", __name__, description="For operators and balancers.")
_KEYS_OPENED = "recognition.keys_opened"
_KEYS_TRUSTED_SECONDS = 60
_OK, _UNAVAILABLE = 200, 503
_NO_KEYS = "key_store_unavailable"


@blueprint.route("/healthz")
@blueprint.response(200, {"type": "object"}, example={"status": "ok"})
def get_health() -> Response:
    """Tell that the process is alive.

    Nothing else is asked, so that a slow database does not restart all nodes.
    """
    return json_answer({"status": "ok"})


@blueprint.route("/readyz")
@blueprint.response(
    200,
    {"type": "object", "required": ["status", "checks"]},
    example={
        "status": "ready",
        "checks": {"database": "ok", "schema": "ok", "edition": "ok", "keys": "ok"},
    },
)
@blueprint.alt_response(
    503,
    schema={"type": "object", "required": ["status", "checks"]},
    description="At least one check failed; its code is told.",
    example={"status": "not_ready", "checks": {"database": "database_unavailable"}},
)
def get_readiness() -> Response:
    """Tell whether the service can do its work.

    The database answers, its schema fits, an edition is loaded, keys can be opened.
    `degraded`: the store of the private keys does not answer now, so that nothing can
    be issued, while look-ups and verifications work.
    """
    checks = {name: _outcome(check) for name, check in _CHECKS.items()}
    found = set(checks.values())
    if found == {"ok"}:
        status = "ready"
    else:
        status = "degraded" if found <= {"ok", _NO_KEYS} else "not_ready"
    return json_answer(
        {"status": status, "checks": checks},
        _UNAVAILABLE if status == "not_ready" else _OK,
    )


def _outcome(check: Callable[[], object]) -> str:
    try:
        check()
    except RecognitionError as error:
        return error.code
    return "ok"


def _reach_database() -> None:
    with runtime().database.reading() as session:
        read_setting(session, "public_url")


def _open_keys() -> None:
    """Open all keys, which is made slow on purpose, at most once a minute."""
    opened_at = current_app.extensions.get(_KEYS_OPENED)
    if opened_at is None or monotonic() - opened_at > _KEYS_TRUSTED_SECONDS:
        runtime().check_keys()
        current_app.extensions[_KEYS_OPENED] = monotonic()


_CHECKS: dict[str, Callable[[], object]] = {
    "database": _reach_database,
    "schema": lambda: require_current(runtime().database),
    "edition": lambda: runtime().snapshot(),
    "keys": _open_keys,
}
