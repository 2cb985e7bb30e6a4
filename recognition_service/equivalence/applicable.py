"""Which agreements stand between two jurisdictions on a day, and which comes first.

Of several the one of the narrower circle comes first: of two states before that of a
region, and that before one of the whole world. What is not established about parties or
dates is told, and never counted as in force.

Source: Lisbon Recognition Convention, article II.3 (more favourable provisions of other
instruments prevail); UNESCO Global Convention of 2019 (it leaves the regional
conventions to their parties).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from recognition_service.equivalence.answer import Reason
from recognition_service.equivalence.epochs import Day
from recognition_service.equivalence.parties import (
    Pair,
    bound_party,
    named,
    why_not_in_force,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Agreement, Binding, Purpose
from recognition_service.frameworks.rows import Evidence


class Standing(StrEnum):
    """How an agreement stands between two jurisdictions."""

    IN_FORCE = "in_force"
    NOT_ESTABLISHED = "not_established"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Applicable:
    """An agreement that names both sides, or may name them.

    Attributes:
        reason: Why it stands like this.
        party_count: Of how many parties a row is known.
    """

    agreement: Agreement
    standing: Standing
    reason: Reason
    party_count: int


SCOPES: Mapping[Purpose, frozenset[str]] = {
    Purpose.ACADEMIC_ACCESS: frozenset({"academic"}),
    Purpose.GENERAL_EMPLOYMENT: frozenset({"academic", "vocational"}),
    Purpose.REGULATED_PROFESSION: frozenset(
        {"professional", "occupational_licence", "seafarer", "aviation_licence"}
    ),
    Purpose.MIGRATION_POINTS: frozenset(),
}
"""What kinds of agreements serve a purpose."""

_STANDINGS = {standing: rank for rank, standing in enumerate(Standing)}
_BINDINGS = {binding: rank for rank, binding in enumerate(Binding)}


def agreements_between(
    snapshot: Snapshot, origin: str, destination: str, on: date
) -> tuple[Applicable, ...]:
    """Return the agreements between two jurisdictions, the one that comes first first.

    Comparisons of frameworks are none: they inform. An agreement of which no party is
    known at all is left out; `with_unknown_parties` tells these.

    Args:
        snapshot: The tables.
        origin: Jurisdiction that awarded.
        destination: Jurisdiction that is asked.
        on: The day for which it is asked.
    """
    agreements = (
        agreement
        for agreement in snapshot.tables.agreements.values()
        if agreement.scope_type != "framework"
    )
    return _between(snapshot, agreements, origin, destination, on)


def agreement_that_applies(
    snapshot: Snapshot,
    origin: str,
    destination: str,
    *,
    purpose: Purpose,
    on: date,
    profession: str | None = None,
) -> Applicable | None:
    """Return the agreement in force that comes first for a purpose, if there is one.

    Of those that name professions only one that names the profession applies, and it
    comes before those that name none.
    """
    serving = (
        agreement
        for agreement in snapshot.tables.agreements.values()
        if agreement.scope_type in SCOPES[purpose]
        and (not agreement.professions or profession in agreement.professions)
    )
    found = [
        each
        for each in _between(snapshot, serving, origin, destination, on)
        if each.standing is Standing.IN_FORCE
    ]
    return min(found, key=lambda each: not each.agreement.professions, default=None)


def with_unknown_parties(
    snapshot: Snapshot, scopes: frozenset[str]
) -> tuple[Agreement, ...]:
    """Return the agreements of some kinds of which no party is established."""
    return tuple(
        agreement
        for _, agreement in sorted(snapshot.tables.agreements.items())
        if agreement.scope_type in scopes
        and not agreement.parties_established
        and not snapshot.parties.get(agreement.id)
    )


def _between(
    snapshot: Snapshot,
    agreements: Iterable[Agreement],
    origin: str,
    destination: str,
    on: date,
) -> tuple[Applicable, ...]:
    """Return how agreements stand between two jurisdictions, in their order."""
    day = Day(on)
    found = (
        each
        for agreement in agreements
        for each in _standing(snapshot, agreement, origin, destination, day)
    )
    return tuple(sorted(found, key=_order))


def _standing(
    snapshot: Snapshot, agreement: Agreement, origin: str, destination: str, on: Day
) -> Iterator[Applicable]:
    lineage = snapshot.places.lineage
    one = bound_party(snapshot, agreement, lineage(origin))
    other = bound_party(snapshot, agreement, lineage(destination))
    if one is None and other is None:
        return
    count = len(snapshot.parties.get(agreement.id, ()))
    if one is None or other is None:
        if not agreement.parties_established:
            reason = Reason("instrument_parties_not_established", named(agreement))
            yield Applicable(agreement, Standing.NOT_ESTABLISHED, reason, count)
        return
    if one.jurisdiction == other.jurisdiction:
        return
    pair = Pair(one, other)
    untimely = why_not_in_force(agreement, (one, other), on)
    if untimely is not None:
        yield Applicable(agreement, Standing.NOT_IN_FORCE, untimely, count)
        return
    doubt = doubt_about(agreement, pair)
    if doubt is not None:
        yield Applicable(agreement, Standing.NOT_ESTABLISHED, doubt, count)
        return
    reason = Reason(
        "both_parties_in_force",
        {
            **named(agreement),
            "origin": one.jurisdiction,
            "destination": other.jurisdiction,
        },
    )
    yield Applicable(agreement, Standing.IN_FORCE, reason, count)


def doubt_about(agreement: Agreement, pair: Pair) -> Reason | None:
    """Return what of an agreement between its parties is not established."""
    if not agreement.parties_established:
        return Reason("instrument_parties_not_established", named(agreement))
    rows: Sequence[Evidence] = (
        agreement.evidence,
        pair.origin.row.evidence,
        pair.destination.row.evidence,
    )
    unread = [grade for grade in rows if grade is not Evidence.SOURCE_READ]
    if pair.undated or unread:
        places = tuple(bound.jurisdiction for bound in pair.undated) or (
            pair.origin.jurisdiction,
            pair.destination.jurisdiction,
        )
        return Reason(
            "party_date_not_established", {**named(agreement), "parties": places}
        )
    return None


def _order(each: Applicable) -> tuple[object, ...]:
    """Return a key that sorts what applies to the front, the narrower circle first."""
    return (
        _STANDINGS[each.standing],
        each.party_count,
        _BINDINGS[each.agreement.binding],
        each.agreement.id,
    )
