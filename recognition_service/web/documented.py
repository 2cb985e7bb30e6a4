"""What decorators tell the OpenAPI document about a view."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

NOTES = "_apidoc"


def extend_documentation(view: Callable[..., Any], **members: Any) -> None:
    """Add members to the operation object of a view; lists are joined."""
    notes = deepcopy(getattr(view, NOTES, {}))
    operation = notes.setdefault("manual_doc", {})
    for name, value in members.items():
        operation[name] = _joined(operation.get(name), value)
    setattr(view, NOTES, notes)


def add_problems(view: Callable[..., Any], *statuses: int) -> None:
    """Say that a view may answer with problems of these statuses."""
    extend_documentation(view, **{"x-problems": list(statuses)})


def _joined(known: Any, added: Any) -> Any:
    if isinstance(known, list) and isinstance(added, list):
        return [*known, *(item for item in added if item not in known)]
    if isinstance(known, Mapping) and isinstance(added, Mapping):
        return {**known, **added}
    return added
