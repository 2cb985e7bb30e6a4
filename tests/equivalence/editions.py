"""Small editions for the tests, written down row by row."""

import csv
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import (
    Agreement,
    AgreementParty,
    AgreementTitle,
    AnnexVTitle,
    Binding,
    ComparabilityStatement,
    Decides,
    Effect,
    ObjectKind,
    Outcome,
    Purpose,
)
from recognition_service.frameworks.parse import parse_tables
from recognition_service.frameworks.rows import (
    Basis,
    Direction,
    Endorsement,
    Evidence,
    Framework,
    FrameworkKind,
    Jurisdiction,
    JurisdictionKind,
    Level,
    LevelAlignment,
    LevelStatus,
    Profession,
    Qualification,
    QualificationStatus,
    ReferenceQualification,
    Relation,
    Source,
)
from recognition_service.frameworks.tables import Tables

TODAY = date(2026, 11, 21)
AWARDED = date(2019, 6, 28)
READ = {"evidence": Evidence.SOURCE_READ, "source": "law", "valid_from": None}
SHIPPED = Path(__file__).parents[2] / "equivalence_tables"
TABLE_OF = {get_args(hint)[1]: table for table, hint in get_type_hints(Tables).items()}


def tables_of(*rows):
    tables = {table: {} for table in TABLE_OF.values()}
    for row in flat(rows):
        tables[TABLE_OF[type(row)]][row.id] = row
    tables["sources"].setdefault(
        "law", Source(id="law", title="The law", evidence=Evidence.SOURCE_READ)
    )
    return Tables(**tables)


def flat(rows):
    for row in rows:
        if isinstance(row, list):
            yield from flat(row)
        else:
            yield row


def edition(*rows):
    return Snapshot.build(tables_of(*rows), "sha256-base", date(2026, 11, 20))


@cache
def shipped_tables():
    raw = {}
    for table in fields(Tables):
        with (SHIPPED / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            raw[table.name] = [
                {column: cell for column, cell in row.items() if cell}
                for row in csv.DictReader(file)
            ]
    return parse_tables(raw)


@cache
def shipped_edition():
    return Snapshot.build(shipped_tables(), "sha256-shipped", date(2026, 11, 20))


def a_question(origin="AA", destination="BB", **changes):
    members = {"asked_on": TODAY, "awarded_on": AWARDED, **changes}
    return Question(origin=origin, destination=destination, **members)


def ask(snapshot, origin="AA", destination="BB", **changes):
    return compare(snapshot, a_question(origin, destination, **changes))


def reason(answer, code):
    """The parameters of the one reason with this code."""
    (found,) = [each for each in answer.conclusion.reasons if each.code == code]
    return found.params


def codes(answer):
    return {(level.framework, level.code) for level in answer.levels}


def row_ids(answer):
    return {row.id for row in answer.rows}


def a_place(code, part_of=None):
    return Jurisdiction(
        id=code,
        kind=JurisdictionKind.PART if part_of else JurisdictionKind.STATE,
        name_en=code,
        part_of=part_of,
        **READ,
    )


def a_hub(code="HUB", levels="1 2 3 4 5 6 7 8"):
    return a_framework(code, None, levels, kind=FrameworkKind.HUB, hubs=())


def a_framework(code, place, levels="4 5 6 7", **changes):
    members = {
        **READ,
        "kind": FrameworkKind.NATIONAL,
        "name_en": code,
        "jurisdiction": place,
        "hubs": ("HUB",),
        **changes,
    }
    return [
        Framework(id=code, **members),
        *(
            Level(
                id=f"{code}:{level}",
                framework=code,
                code=level,
                ordinal=ordinal,
                **READ,
            )
            for ordinal, level in enumerate(levels.split())
        ),
    ]


def aligned(path, relation=Relation.EQUAL, **changes):
    """An alignment such as "AA-QF:6:HUB:6"; the level "none" for no counterpart."""
    a, level_a, b, level_b = path.split(":")
    members = {
        **READ,
        "basis": Basis.REFERENCING_REPORT,
        "endorsement": Endorsement.PUBLISHED,
        "direction": Direction.A_TO_B,
        **changes,
    }
    return LevelAlignment(
        id=path,
        framework_a=a,
        level_a=level_a,
        framework_b=b,
        level_b=None if level_b == "none" else level_b,
        relation=Relation.NONE if level_b == "none" else relation,
        **members,
    )


def compared(path, relation=Relation.COMPARABLE, **changes):
    """A row of a published table between two systems."""
    members = {
        "basis": Basis.BILATERAL_REPORT,
        "direction": Direction.MUTUAL,
        **changes,
    }
    return aligned(path, relation, **members)


def a_qualification(code="aa-bachelor", place="AA", **changes):
    members = {
        **READ,
        "jurisdiction": place,
        "framework": f"{place}-QF",
        "level": "6",
        "level_status": LevelStatus.ASSIGNED,
        "title": "Bachelor",
        "status": QualificationStatus.CURRENT,
        **changes,
    }
    return Qualification(id=code, **members)


def a_treaty(code="treaty", **changes):
    members = {
        **READ,
        "name": "Treaty on levels",
        "kind": "treaty",
        "effect": Effect.AUTOMATIC,
        "binding": Binding.LEGAL,
        "decides": Decides.LEVEL_LISTED,
        "in_force_from": date(2024, 5, 1),
        "parties_established": True,
        **changes,
    }
    return Agreement(id=code, **members)


def a_party(place, agreement="treaty", **changes):
    members = {**READ, "in_force_from": date(2024, 5, 1), **changes}
    return AgreementParty(
        id=f"{agreement}:{place}", agreement=agreement, jurisdiction=place, **members
    )


def a_listed_title(place, level, qualification=None, **changes):
    members = {
        **READ,
        "agreement": "treaty",
        "party": place,
        "framework": f"{place}-QF",
        "hub": "HUB",
        "hub_level": level,
        "qualification": qualification,
        "title": f"Title of {place}",
        "applicable": True,
        **changes,
    }
    row_id = f"treaty:{place}:{level}:{qualification or 'x'}"
    return AgreementTitle(id=row_id, **members)


def a_hole(place, level):
    return a_listed_title(place, level, title=None, applicable=False)


def a_directive(**changes):
    members = {
        "name": "Directive",
        "kind": "directive",
        "decides": Decides.FINDING,
        "in_force_from": date(2005, 10, 20),
        **changes,
    }
    return a_treaty("directive", **members)


def a_profession(code="nurse"):
    return Profession(id=code, name_en=code, **READ)


def an_annex_title(place="AA", number=1, **changes):
    members = {
        **READ,
        "profession": "nurse",
        "annex_point": "5.2.2",
        "title": "Diploma of nursing",
        "qualification": f"{place.lower()}-nurse",
        "instrument": "directive",
        "reference_date": date(2007, 1, 1),
        **changes,
    }
    return AnnexVTitle(
        id=f"nurse-{place.lower()}-{number}",
        jurisdiction=place,
        number=number,
        **members,
    )


def a_statement(code="statement-1", **changes):
    members = {
        **READ,
        "issuer": "ministry",
        "origin": "AA",
        "title": "Apprenticeship",
        "destination": "BB",
        "object_kind": ObjectKind.REFERENCE_QUALIFICATION,
        "objects": ("bb-journeyman",),
        "outcome": Outcome.FULL,
        "purpose": Purpose.GENERAL_EMPLOYMENT,
        "binding": Binding.LEGAL,
        "qualification": "aa-apprentice",
        "as_of": "2015-03-26",
        **changes,
    }
    return ComparabilityStatement(id=code, **members)


def a_reference(code="bb-journeyman", place="BB", **changes):
    members = {**READ, "jurisdiction": place, "title": "Gesellenprüfung", **changes}
    return ReferenceQualification(id=code, **members)


def two_countries(*rows):
    """AA and BB, each with a framework that was referenced to one hub."""
    return [
        [a_place("AA"), a_place("BB"), a_hub()],
        [a_framework("AA-QF", "AA"), a_framework("BB-QF", "BB")],
        [aligned(f"AA-QF:{level}:HUB:{level}") for level in "4567"],
        [aligned(f"BB-QF:{level}:HUB:{level}") for level in "4567"],
        *rows,
    ]
