"""Everything that is known of a way from one place to another, gathered for one answer.

Who decides, by which rules, how long it took, what was agreed, which programmes lead
there, and what the levels are worth: each room is asked by its own functions. What
nobody knows stays empty, and the answer says so.

Source: Lisbon Recognition Convention, articles II.1, II.2 and IX.1 (information about
the authorities, the systems and the institutions is given and kept up to date).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from recognition_service.authorities.state_fees import stated_fees
from recognition_service.editions.find import CompiledEdition
from recognition_service.editions.published_rows import (
    PublishedRows,
    own_editions,
    published_rows,
)
from recognition_service.equivalence.applicable import (
    SCOPES,
    Applicable,
    Standing,
    agreement_that_applies,
    agreements_between,
)
from recognition_service.equivalence.corridor import FrameworkCovered, levels_covered
from recognition_service.equivalence.errors import UnknownCodeError, nearest
from recognition_service.equivalence.programmes import (
    Described,
    Wanted,
    find_programmes,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Purpose
from recognition_service.recognition.competence import (
    BodyKind,
    CompetentBody,
    competent_bodies,
)
from recognition_service.statistics.directory_fees import ToldFee, told_fees
from recognition_service.statistics.durations import Duration, told_duration
from recognition_service.statistics.overview import Overview
from recognition_service.statistics.possible_regimes import (
    PossibleRegime,
    possible_regimes,
)
from recognition_service.statistics.published_statements import (
    Published,
    by_issuer,
    statements_between,
)

_WITHOUT_PROFESSION = (Purpose.ACADEMIC_ACCESS, Purpose.GENERAL_EMPLOYMENT)
_WITH_PROFESSION = (Purpose.REGULATED_PROFESSION,)
_MOST_REMEMBERED = 1_024
_remembered: dict[tuple[object, ...], PublishedRows] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """From where to where somebody goes, and what for.

    Attributes:
        profession: None: it is about studies and work that nobody regulates.
        purpose: None: those that go with or without a profession.
        on: The day that the answer is about.
    """

    origin: str
    destination: str
    profession: str | None
    purpose: Purpose | None
    on: date

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What it is for."""
        if self.purpose is not None:
            return (self.purpose,)
        return _WITHOUT_PROFESSION if self.profession is None else _WITH_PROFESSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What is known of a way.

    Attributes:
        snapshot: The edition that answered.
        bodies: Who decides at the destination, those of the narrowest place first.
        regimes: By which rules, see `possible_regimes`.
        agreements: Those between both sides that serve the purpose, see
            `agreements_between`.
        applying: Ids of those that apply where the tables name none for a title.
        statements: Of the shared tables.
        rows: What authorities of this installation have published themselves.
        programmes: Those between both sides.
        levels: What the tables answer about each level of the origin.
        fees: What authorities of this installation at the destination state.
        durations: Of authorities of this installation at the destination.
    """

    snapshot: Snapshot
    way: Way
    bodies: tuple[CompetentBody, ...]
    regimes: tuple[PossibleRegime, ...]
    agreements: tuple[Applicable, ...]
    applying: frozenset[str]
    statements: tuple[Published, ...]
    rows: tuple[PublishedRows, ...]
    programmes: tuple[Described, ...]
    levels: tuple[FrameworkCovered, ...]
    fees: tuple[ToldFee, ...]
    durations: tuple[Duration, ...] = ()


def require_known(snapshot: Snapshot, way: Way) -> None:
    """Refuse codes that are in no row.

    Raises:
        UnknownCodeError: A jurisdiction or the profession; the nearest are named.
    """
    tables = snapshot.tables
    for code in (way.origin, way.destination):
        if code not in tables.jurisdictions:
            near = nearest(code, tables.jurisdictions)
            raise UnknownCodeError("jurisdiction", code, near)
    if way.profession is not None and way.profession not in tables.professions:
        near = nearest(way.profession, tables.professions)
        raise UnknownCodeError("profession", way.profession, near)


def directory(session: Session, edition: CompiledEdition, way: Way) -> Directory:
    """Return what is known of a way, but for durations; see `with_durations`.

    Args:
        session: A reading session.
        edition: The edition in force.
        way: From where to where, and what for.

    Raises:
        UnknownCodeError: A code that no row has.
    """
    snapshot = edition.snapshot
    require_known(snapshot, way)
    bodies = competent_bodies(
        session, snapshot, way.destination, way.profession, on=way.on
    )
    statements = list(
        statements_between(
            snapshot,
            way.origin,
            way.destination,
            purposes=way.purposes,
            profession=way.profession,
            on=way.on,
        )
    )
    between = agreements_between(snapshot, way.origin, way.destination, way.on)
    regimes = possible_regimes(
        snapshot,
        list(edition.regimes.values()),
        way.origin,
        way.destination,
        purposes=way.purposes,
        profession=way.profession,
        on=way.on,
        instruments=[
            each.agreement.id for each in between if each.standing is Standing.IN_FORCE
        ],
        bindings={each.binding.value for each in statements},
    )
    return Directory(
        snapshot=snapshot,
        way=way,
        bodies=tuple(bodies),
        regimes=regimes,
        agreements=_serving(between, way),
        applying=frozenset(_applying(snapshot, way)),
        statements=by_issuer(statements),
        rows=tuple(_own_rows(session, snapshot, way, _here(bodies))),
        programmes=tuple(
            find_programmes(
                snapshot.programmes,
                snapshot.places,
                Wanted(origin=way.origin, destination=way.destination),
            )
        ),
        levels=levels_covered(snapshot, way.origin, way.destination, way.on),
        fees=tuple(_fees(session, way, _here(bodies), regimes)),
    )


def with_durations(
    found: Directory, published: Mapping[str, Sequence[Overview]]
) -> Directory:
    """Return the answer with how long authorities of this installation took.

    Args:
        found: The answer.
        published: What authorities publish, the period that is preferred first.
    """
    regimes = [each.regime.id for each in found.regimes]
    durations = tuple(
        told_duration(name, published[name], found.way.profession, regimes)
        for name in _here(found.bodies)
        if name in published
    )
    return replace(found, durations=durations)


def _here(bodies: Iterable[CompetentBody]) -> list[str]:
    """Return the ids of the authorities of this installation, each once."""
    ids = (each.id for each in bodies if each.kind is BodyKind.AUTHORITY)
    return list(dict.fromkeys(ids))


def _own_rows(
    session: Session, snapshot: Snapshot, way: Way, authorities: Sequence[str]
) -> Iterable[PublishedRows]:
    """Yield what authorities have published themselves, where that is anything.

    Own rows are named by their digest, so that what was found once holds.
    """
    lineage = snapshot.places.lineage
    sides = lineage(way.origin), lineage(way.destination)
    editions = own_editions(session) if authorities else {}
    for name in authorities:
        if name not in editions:
            continue
        key = (name, editions[name], *sides)
        found = _remembered.get(key)
        if found is None:
            found = published_rows(session, name, editions[name], *sides)
            if len(_remembered) >= _MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = found
        if found.statements or found.agreements:
            yield found


def _fees(
    session: Session,
    way: Way,
    authorities: Sequence[str],
    regimes: Iterable[PossibleRegime],
) -> list[ToldFee]:
    """Return what the authorities of this installation state, in their order."""
    if not authorities:
        return []
    stated = {each.authority_id: each for each in stated_fees(session, authorities)}
    return told_fees(
        [stated[name] for name in authorities if name in stated],
        [each.regime.id for each in regimes],
        purposes=way.purposes,
        on=way.on,
    )


def _serving(between: Iterable[Applicable], way: Way) -> tuple[Applicable, ...]:
    """Return the agreements that serve one of the purposes, and the profession.

    One that names the profession comes before those that name none.
    """
    scopes = frozenset().union(*(SCOPES[purpose] for purpose in way.purposes))
    found = [
        each
        for each in between
        if each.agreement.scope_type in scopes
        and (
            way.profession is None
            or not each.agreement.professions
            or way.profession in each.agreement.professions
        )
    ]
    if way.profession is not None:
        found.sort(key=lambda each: not each.agreement.professions)
    return tuple(found)


def _applying(snapshot: Snapshot, way: Way) -> Iterable[str]:
    """Yield the agreement that comes first for each purpose, if there is one."""
    for purpose in way.purposes:
        found = agreement_that_applies(
            snapshot,
            way.origin,
            way.destination,
            purpose=purpose,
            on=way.on,
            profession=way.profession,
        )
        if found is not None:
            yield found.agreement.id
