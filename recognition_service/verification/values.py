"""Values of this room: never changed once made, and cheap to make.

A frozen dataclass sets each field by a call of its own, which takes six times as
long; with the eighty fields of one verification that is a tenth of its whole cost.
Here the type checker alone forbids assignment.
"""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[_Value]) -> type[_Value]:
    """Make a class a dataclass that is frozen to the type checker."""
    return dataclass(slots=True)(cls)
