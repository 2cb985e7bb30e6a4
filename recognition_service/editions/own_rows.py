"""What an authority may change in the tables that answer it.

It replaces rows of the shared base, adds rows of its own, and withdraws rows; always
for its own answers only.

Source: Lisbon Recognition Convention, article II.1 (an authority speaks where it is
competent).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from recognition_service.editions.errors import DraftInvalidError
from recognition_service.editions.overlay import RowChange
from recognition_service.frameworks.schema import TableSchema

STATEMENTS = "comparability_statements"
OF_AGREEMENTS = "agr-"
"""How the ids of rows begin that a signed agreement has published."""

_Contents = Mapping[str, Mapping[str, Mapping[str, Any]]]
_Fault = Mapping[str, Any]


def require_own(
    changes: Sequence[RowChange],
    contents: _Contents,
    *,
    authority_id: str,
    places: Collection[str] | None,
    schema: Mapping[str, TableSchema],
) -> None:
    """Refuse changes that are not an authority's to make; every fault is named.

    Args:
        changes: In the order in which they were sent.
        contents: The rows that answer the authority now, by table and id.
        authority_id: Whose changes they are; ids of new rows begin with it.
        places: The jurisdictions for which it has a mandate today; None: all.
        schema: What the columns of the tables may hold.

    Raises:
        DraftInvalidError: A row is of an agreement, is changed twice, does not
            exist, has no higher revision, has an id of somebody else, or speaks for
            a destination without a mandate.
    """
    faults: list[_Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for number, change in enumerate(changes):
        first = seen.setdefault((change.table, change.id), number)
        if first != number:
            detail = f"/changes/{first} changes the same row."
            faults.append(_fault(number, "/id", "changed_twice", detail))
        known = contents.get(change.table, {}).get(change.id)
        table = schema.get(change.table)
        faults += _of_row(number, change, known, authority_id, table)
        faults += _of_mandate(number, change, places)
    if faults:
        raise DraftInvalidError("The rows cannot be changed like this.", tuple(faults))


def _of_row(
    number: int,
    change: RowChange,
    known: Mapping[str, Any] | None,
    authority_id: str,
    table: TableSchema | None,
) -> Iterator[_Fault]:
    if change.id.startswith(OF_AGREEMENTS):
        detail = (
            "A signed agreement has published this row; only its parties change it."
        )
        yield _fault(number, "/id", "row_of_agreement", detail)
    elif known is None and change.content is None:
        yield _fault(number, "/id", "unknown_row", "There is no such row to withdraw.")
    elif known is None:
        is_composed = table is not None and table.id_template is not None
        if not is_composed and not change.id.startswith(f"{authority_id}:"):
            detail = f"Begin the id of a row of your own with “{authority_id}:”."
            yield _fault(number, "/id", "id_not_own", detail)
    elif change.content is not None:
        stands = int(known.get("revision", 1))
        given = str(change.content.get("revision", 1))
        if "revision" in known and (not given.isdigit() or int(given) <= stands):
            detail = f"Revision {stands} stands; a correction has a higher one."
            yield _fault(number, "/content/revision", "revision_not_higher", detail)


def _of_mandate(
    number: int, change: RowChange, places: Collection[str] | None
) -> Iterator[_Fault]:
    """Find a statement for a destination where the authority has no say."""
    if change.table != STATEMENTS or change.content is None or places is None:
        return
    destination = change.content.get("destination")
    if destination and destination not in places:
        detail = f"You have no mandate for {destination} today."
        yield _fault(number, "/content/destination", "no_mandate", detail)


def _fault(number: int, member: str, code: str, detail: str) -> _Fault:
    return {"pointer": f"/changes/{number}{member}", "code": code, "detail": detail}
