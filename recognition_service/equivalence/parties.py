"""Who is bound by an agreement, from when and until when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from recognition_service.equivalence.answer import Reason
from recognition_service.equivalence.epochs import Day
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Agreement, AgreementParty


@dataclass(frozen=True, slots=True)
class Bound:
    """A jurisdiction that an agreement names, alone or by the state it is part of."""

    row: AgreementParty

    @property
    def jurisdiction(self) -> str:
        """The jurisdiction as the agreement names it."""
        return self.row.jurisdiction

    @property
    def is_dated(self) -> bool:
        """Whether it is established since when the agreement binds it."""
        return self.row.in_force_from is not None

    def is_bound(self, day: Day) -> bool:
        """Return whether the agreement binds the party on a day.

        An empty first day is not established; it does not end the question here,
        but nothing decides then.
        """
        row = self.row
        if row.withdrawn_on is not None and day.has_reached(row.withdrawn_on):
            return False
        return row.in_force_from is None or day.has_reached(row.in_force_from)

    def has_left(self, day: Day) -> bool:
        """Return whether the party had withdrawn on a day."""
        withdrawn = self.row.withdrawn_on
        return withdrawn is not None and day.has_reached(withdrawn)


@dataclass(frozen=True, slots=True)
class Pair:
    """The party that awarded and the party that is asked."""

    origin: Bound
    destination: Bound

    @property
    def undated(self) -> tuple[Bound, ...]:
        """The parties of which it is not established since when they are bound."""
        both = (self.origin, self.destination)
        return tuple(bound for bound in both if not bound.is_dated)


def named(agreement: Agreement) -> dict[str, str]:
    """Return the parameters by which a reason names an agreement."""
    return {"instrument": agreement.id, "name": agreement.name}


def bound_party(
    snapshot: Snapshot, agreement: Agreement, lineage: Sequence[str]
) -> Bound | None:
    """Return the nearest of a lineage that is a party, whatever the dates."""
    parties = snapshot.parties.get(agreement.id, {})
    return next((Bound(parties[place]) for place in lineage if place in parties), None)


def both_parties(
    snapshot: Snapshot,
    agreement: Agreement,
    home: Sequence[str],
    destination: Sequence[str],
) -> Pair | tuple[Reason, ...]:
    """Return the two parties of a question, or what is to be said without them.

    Args:
        snapshot: Where the parties stand.
        agreement: The agreement that may bind both.
        home: Lineage of the jurisdiction that awarded.
        destination: Lineage of the jurisdiction that is asked.
    """
    one = bound_party(snapshot, agreement, home)
    other = bound_party(snapshot, agreement, destination)
    if one is not None and other is not None:
        return Pair(one, other) if one.jurisdiction != other.jurisdiction else ()
    params = named(agreement)
    lists_origin = any(
        (agreement.id, place) in snapshot.titles_of_party for place in home
    )
    if not agreement.parties_established and (one or other or lists_origin):
        return (Reason("instrument_parties_not_established", params),)
    parties = snapshot.parties.get(agreement.id, {})
    parts = snapshot.places.parts.get(destination[0], ())
    if one is not None and any(part in parties for part in parts):
        params["destination"] = destination[0]
        return (Reason("destination_part_needed", params),)
    return ()


def why_not_in_force(
    agreement: Agreement, parties: Iterable[Bound], day: Day
) -> Reason | None:
    """Return why the agreement does not bind all of the parties on a day, if so."""
    started = agreement.in_force_from is None or day.has_reached(
        agreement.in_force_from
    )
    ended = agreement.ended_on is not None and day.has_reached(agreement.ended_on)
    if not started or ended:
        return Reason("instrument_not_in_force", named(agreement))
    for party in parties:
        if not party.is_bound(day):
            code = "party_left" if party.has_left(day) else "party_not_yet_bound"
            params = {**named(agreement), "party": party.jurisdiction}
            return Reason(code, params)
    return None
