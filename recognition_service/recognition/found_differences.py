"""What became of each substantial difference that a decision knows: pure.

A decision names the differences that stay, and apart from them those that were made up
for, with what did so.

Source: Directive 2005/36/EC, article 14(5) (what was learnt since is looked at before
a measure is imposed).
"""

from collections.abc import Mapping
from typing import Any

from recognition_service.equivalence.snapshot import title_key

OPEN = "open"
"""A difference that nothing makes up for."""

SEVERAL = "several"
"""A difference for which things of more than one kind make up."""


def found_differences(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return of each difference what makes up for it, in the order of the alphabet.

    That is `OPEN`, a kind of cover as `assess.CoverKind` has them, or `SEVERAL`. A
    difference that the decision names itself is open, whatever an assessment held
    against it; one that is named twice is one.

    Args:
        content: `differences` and `compensated` of a decision, as far as it has them.
    """
    found: dict[str, str] = {}
    for number, each in enumerate(content.get("differences") or ()):
        found[_key(each, number)] = OPEN
    for each in content.get("compensated") or ():
        kinds = {str(cover["kind"]) for cover in each["covered_by"]}
        found.setdefault(_key(each), kinds.pop() if len(kinds) == 1 else SEVERAL)
    return tuple(sorted(found.values()))


def _key(difference: Mapping[str, Any], number: int = 0) -> str:
    """Return by what a difference is known again; one without a subject never is."""
    return title_key(difference.get("subject") or "") or f"\n{number}"
