"""Whether a package may be loaded, and where its rows contradict one another."""

from collections.abc import Iterator

from recognition_service.editions.package import REGIMES, Package
from recognition_service.editions.sort_on_disk import sort_on_disk
from recognition_service.equivalence.conflict import Conflict
from recognition_service.equivalence.conflicts import conflicts_of
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.checks import check_tables, find_in_tables
from recognition_service.frameworks.files import rows_of
from recognition_service.frameworks.findings import Finding
from recognition_service.frameworks.parse import parse_tables
from recognition_service.regimes.contents import CONTENT_CODES, OUTCOMES
from recognition_service.regimes.errors import RegimeUnreadableError
from recognition_service.regimes.regime import Regime, read_regime
from recognition_service.regimes.routing import NEUTRAL


def check_package(package: Package) -> list[Finding]:
    """Return everything that must be mended before the package can be loaded."""
    return [*check_tables(package.schema, package.files), *_check_regimes(package)]


def find_in_package(package: Package) -> Iterator[Finding]:
    """Yield the same as it is found, of tables that need not fit in memory.

    Raises:
        TablesUnreadableError: A table that stayed on disk cannot be read.
        OSError: A temporary file cannot be written.
    """
    yield from find_in_tables(package.schema, package.files, sort_on_disk)
    yield from _check_regimes(package)


def package_conflicts(package: Package) -> tuple[Conflict, ...]:
    """Return where the rows contradict one another, and what drifts.

    None of it forbids to load the package. Call it for a package without findings.

    Raises:
        UnreadableRowError: The package has findings, and rows that do not fit.
    """
    tables = parse_tables(
        {name: [row.cells for row in file.rows] for name, file in package.files.items()}
    )
    return conflicts_of(Snapshot.build(tables, "", package.description.dated))


def _check_regimes(package: Package) -> Iterator[Finding]:
    sources = _ids(package, "sources")
    agreements = _ids(package, "agreements")
    seen: set[str] = set()
    for name, tree in package.regimes.items():
        place = f"{REGIMES}/{name}"
        try:
            regime = read_regime(tree)
        except RegimeUnreadableError as error:
            yield Finding(
                place, 0, error.member, "regime_unreadable", {"problem": str(error)}
            )
            continue
        if f"{regime.id}.toml" != name or regime.id in seen:
            yield Finding(place, 0, "id", "regime_id", {"row": regime.id})
        seen.add(regime.id)
        if regime.source not in sources:
            yield Finding(place, 0, "source", "unknown_source", {"row": regime.id})
        if regime.instrument is not None and regime.instrument not in agreements:
            yield Finding(
                place, 0, "instrument", "regime_instrument", {"row": regime.id}
            )
        yield from _unknown_contents(place, regime)
        yield from _unknown_scope(place, regime, package)
    if NEUTRAL not in seen:
        yield Finding(f"{REGIMES}/{NEUTRAL}.toml", 0, None, "regime_missing", {})


def _unknown_contents(place: str, regime: Regime) -> Iterator[Finding]:
    for outcome, codes in regime.mandatory_contents.items():
        unknown = set(codes) - CONTENT_CODES
        if unknown:
            yield Finding(
                place,
                0,
                f"mandatory_contents.{outcome}",
                "regime_content",
                {"row": regime.id, "contents": ", ".join(sorted(unknown))},
            )


def _unknown_scope(place: str, regime: Regime, package: Package) -> Iterator[Finding]:
    """Find what a regime names and no row or list has."""
    applies = regime.provisions.applies
    named = (
        ("applies.origins", "jurisdictions", applies.origins),
        ("applies.origins_except", "jurisdictions", applies.origins_except),
        ("applies.destinations", "jurisdictions", applies.destinations),
        ("applies.professions", "professions", applies.professions),
        ("applies.professions_except", "professions", applies.professions_except),
        ("applies.agreements", "agreements", applies.agreements),
    )
    for member, table, ids in named:
        unknown = ids - _ids(package, table) if ids else ids
        if unknown:
            yield Finding(
                place,
                0,
                member,
                "regime_unknown_id",
                {
                    "row": regime.id,
                    "ids": ", ".join(sorted(unknown)),
                    "table": f"{table}.csv",
                },
            )
    unknown = regime.outcomes - OUTCOMES
    if unknown:
        yield Finding(
            place,
            0,
            "outcomes",
            "regime_outcome",
            {"row": regime.id, "outcomes": ", ".join(sorted(unknown))},
        )


def _ids(package: Package, table: str) -> set[str]:
    return {row.cell("id") for row in rows_of(package.files, table)}
