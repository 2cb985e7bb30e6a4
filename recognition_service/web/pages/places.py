"""Names of jurisdictions, frameworks and levels, from the tables in force."""

from recognition_service.frameworks.rows import Jurisdiction, Level
from recognition_service.web.current import runtime
from recognition_service.web.pages.names import visible
from recognition_service.web.pages.rendering import page_language


def place(code: str) -> str:
    """Return the name of a jurisdiction; a code that is none stays as it is."""
    row = runtime().snapshot().tables.jurisdictions.get(code)
    return visible(code) if row is None else place_name(row)


def place_name(row: Jurisdiction) -> str:
    """Return the name of a jurisdiction in the language of the page at hand."""
    if page_language() == "fr" and row.name_fr:
        return row.name_fr
    return row.name_en


def all_places() -> list[tuple[str, str]]:
    """Return the codes and names of all jurisdictions, by name."""
    rows = runtime().snapshot().tables.jurisdictions.values()
    named = [(row.id, place_name(row)) for row in rows]
    return sorted(named, key=lambda pair: pair[1].casefold())


def framework(code: str | None) -> str:
    """Return the English name of a framework with its code."""
    row = runtime().snapshot().tables.frameworks.get(code or "")
    return visible(code) if row is None else f"{row.name_en} ({row.id})"


def profession(code: str) -> str:
    """Return the name of a profession; a code that is none stays as it is."""
    row = runtime().snapshot().tables.professions.get(code)
    if row is None:
        return visible(code)
    return row.name_fr if page_language() == "fr" and row.name_fr else row.name_en


def level_meaning(row: Level) -> str:
    """Return what a level typically stands for, with its label if it has one."""
    label = row.label_en or row.label_original or ""
    label = "" if label.rpartition(" ")[2] == row.code else label
    return ": ".join(filter(None, (label, row.typical_en)))
