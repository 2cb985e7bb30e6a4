"""One small valid edition, and ways to break it."""

import json
from pathlib import Path

from recognition_service.frameworks.checks import check_tables
from recognition_service.frameworks.files import RawRow, TableFile
from recognition_service.frameworks.findings import Finding
from recognition_service.frameworks.schema import TableSchema, parse_schema

PACKAGE = Path(__file__).parents[2] / "equivalence_tables" / "datapackage.json"

Edition = dict[str, list[dict[str, str]]]

_TAIL = {"evidence": "source_read", "source": "treaty", "revision": "1"}


def the_schema() -> dict[str, TableSchema]:
    return parse_schema(json.loads(PACKAGE.read_text(encoding="utf-8")))


def a_small_edition() -> Edition:
    """Two countries, two hubs, a treaty, two statements, a programme with a part."""
    rows = {
        **_places(),
        **_grids(),
        **_qualifications(),
        **_instruments(),
        **_programmes(),
    }
    edition: Edition = {
        name: [{**_TAIL, **row} for row in rows.get(name, [])] for name in the_schema()
    }
    edition["sources"] = [
        {"id": "treaty", "title": "A treaty", "evidence": "source_read"}
    ]
    return edition


def _places() -> Edition:
    return {
        "jurisdictions": [
            {"id": "BE", "kind": "state", "iso_3166": "BE", "name_en": "Belgium"},
            {"id": "BE-FL", "kind": "part", "part_of": "BE", "name_en": "Flanders"},
            {"id": "LV", "kind": "state", "iso_3166": "LV", "name_en": "Latvia"},
        ],
        "organisations": [{"id": "aic", "name": "AIC", "jurisdiction": "LV"}],
        "professions": [{"id": "dentist", "name_en": "Dentist", "isco08": "2261"}],
        "competent_authorities": [
            {
                "id": "vm",
                "jurisdiction": "LV",
                "name": "Veselības ministrija",
                "professions": "dentist",
                "url": "https://www.vm.gov.lv/",
            }
        ],
    }


def _grids() -> Edition:
    frameworks = [
        {"id": "EQF", "kind": "hub", "name_en": "European framework"},
        {"id": "QF-EHEA", "kind": "hub", "name_en": "Bologna framework"},
        {
            "id": "LV-LKI-2010",
            "kind": "national_legacy",
            "jurisdiction": "LV",
            "name_en": "Latvian framework of 2010",
        },
        {
            "id": "LV-LKI",
            "kind": "national",
            "jurisdiction": "LV",
            "hubs": "EQF;QF-EHEA",
            "predecessor": "LV-LKI-2010",
            "name_en": "Latvian framework",
        },
        {
            "id": "BE-FL-VKS",
            "kind": "national",
            "jurisdiction": "BE-FL",
            "name_en": "Flemish framework",
        },
    ]
    levels = [
        *[_level("EQF", code, ordinal) for ordinal, code in enumerate("5678", 5)],
        _level("QF-EHEA", "1", 1),
        *[_level("LV-LKI", code, ordinal) for ordinal, code in enumerate("567", 5)],
        _level("LV-LKI", "7a", 8) | {"parent": "7"},
        _level("BE-FL-VKS", "6", 6),
        _level("BE-FL-VKS", "7+", 7),
    ]
    alignments = [
        _alignment("LV-LKI", "5", "EQF", "5"),
        _alignment("LV-LKI", "6", "EQF", "6"),
        _alignment("LV-LKI", "7", "EQF", "7"),
        _alignment("LV-LKI", "7a", "EQF", "7"),
        _alignment("BE-FL-VKS", "7+", "EQF", "") | {"relation": "none"},
        _alignment("LV-LKI", "6", "BE-FL-VKS", "6") | {"relation": "comparable"},
    ]
    return {"frameworks": frameworks, "levels": levels, "level_alignments": alignments}


def _level(framework: str, code: str, ordinal: int) -> dict[str, str]:
    return {
        "id": f"{framework}:{code}",
        "framework": framework,
        "code": code,
        "ordinal": str(ordinal),
    }


def _alignment(one: str, level: str, other: str, counterpart: str) -> dict[str, str]:
    return {
        "id": f"{one}:{level}:{other}:{counterpart or 'none'}",
        "framework_a": one,
        "level_a": level,
        "framework_b": other,
        "level_b": counterpart,
        "relation": "equal",
        "basis": "referencing_report",
        "endorsement": "published",
        "direction": "a_to_b",
        "valid_from": "2012-01-01",
    }


def _qualifications() -> Edition:
    return {
        "qualifications": [
            {
                "id": "lv-lki--bakalaura-diploms",
                "jurisdiction": "LV",
                "framework": "LV-LKI",
                "level": "6",
                "level_status": "assigned",
                "title": "Bakalaura diploms",
                "language": "lv",
                "credits": "180-240",
                "status": "current",
            }
        ],
        "reference_qualifications": [
            {
                "id": f"be-fl--{title.lower()}",
                "jurisdiction": "BE-FL",
                "title": title,
                "framework": "BE-FL-VKS",
                "levels": "6",
                "eqf_levels": "6;7",
            }
            for title in ("Bachelor", "Graduaat")
        ],
    }


def _instruments() -> Edition:
    return {
        "agreements": [
            {
                "id": "benelux-baltic-2024",
                "name": "Treaty",
                "kind": "treaty",
                "effect": "automatic",
                "binding": "legal",
                "decides": "level_listed",
                "signed_on": "2021-09-14",
                "in_force_from": "2024-05-01",
                "parties_established": "yes",
            }
        ],
        "agreement_parties": [
            {
                "id": f"benelux-baltic-2024:{party}",
                "agreement": "benelux-baltic-2024",
                "jurisdiction": party,
                "in_force_from": "2024-05-01",
            }
            for party in ("BE-FL", "LV")
        ],
        "agreement_titles": [
            _listed("6") | {"applicable": "yes", "title": "Bakalaura diploms"},
            _listed("5") | {"applicable": "no"},
        ],
        "comparability_statements": [
            _statement("aic-1", "one_of", "be-fl--bachelor;be-fl--graduaat"),
            _statement("aic-2", "case_by_case", "")
            | {"purpose": "academic_access", "outcome": "needs_individual_assessment"},
        ],
    }


def _listed(hub_level: str) -> dict[str, str]:
    return {
        "id": f"benelux-baltic-2024:LV:{hub_level}:1",
        "agreement": "benelux-baltic-2024",
        "party": "LV",
        "framework": "LV-LKI",
        "hub": "EQF",
        "hub_level": hub_level,
    }


def _statement(identifier: str, kind: str, objects: str) -> dict[str, str]:
    return {
        "id": identifier,
        "issuer": "aic",
        "origin": "LV",
        "qualification": "lv-lki--bakalaura-diploms",
        "title": "Bakalaura diploms",
        "destination": "BE-FL",
        "object_kind": kind,
        "objects": objects,
        "outcome": "full",
        "purpose": "general_employment",
        "binding": "legal",
        "legal_basis": "Act on education, section 11",
    }


def _programmes() -> Edition:
    bodies = [("aic", "implementing"), ("fund", "funding")]
    costs = [("training", "state", "60"), ("travel", "employer", "40")]
    return {
        "programmes": [
            {
                "id": "nurses",
                "kind": "scheme",
                "name_en": "Nurses",
                "origin_countries": "LV",
                "destination_countries": "BE",
                "start": "2021-03",
                "end": "2023",
                "age_min": "18",
                "age_max": "35",
            },
            {
                "id": "pilot",
                "kind": "scheme",
                "name_en": "Pilot",
                "parent_id": "nurses",
            },
        ],
        "programme_parties": [
            _part("nurses:origin:LV", side="origin", jurisdiction="LV"),
            _part("nurses:destination:BE", side="destination", jurisdiction="BE"),
            _part("nurses:partner:unnamed", side="partner", note="others"),
        ],
        "programme_bodies": [
            _part(f"nurses:{role}", name=name, role=role) for name, role in bodies
        ],
        "programme_figures": [
            _part("nurses:planned", kind="planned", value_from="30", value_to="40")
            | {"unit": "persons", "period": "per_year"},
        ],
        "programme_limits": [
            _part("nurses:age", kind="age", age_min="18", age_max="35"),
            _part("nurses:stay", kind="stay", months_min="3", months_max="24")
            | {"renewal_months": "12"},
        ],
        "programme_costs": [
            _part(f"nurses:cost:{n}", what=what, payer_type=payer, share=share)
            for n, (what, payer, share) in enumerate(costs, 1)
        ],
        "programme_phases": [
            _part("nurses:1", order="1", place="origin", kind="training"),
        ],
    }


def _part(identifier: str, **cells: str) -> dict[str, str]:
    return {"id": identifier, "programme": "nurses", **cells}


def as_files(edition: Edition) -> dict[str, TableFile]:
    """Return the edition as a reader finds it: header in line 1, rows after it."""
    return {
        name: TableFile(
            name,
            tuple(table.fields),
            tuple(RawRow(line, row) for line, row in enumerate(edition[name], 2)),
        )
        for name, table in the_schema().items()
    }


def row_of(edition: Edition, table: str, identifier: str) -> dict[str, str]:
    return next(row for row in edition[table] if row["id"] == identifier)


def changed(table: str, identifier: str, **cells: str) -> Edition:
    """Return the small edition with some cells of one row written anew."""
    edition = a_small_edition()
    row_of(edition, table, identifier).update(cells)
    return edition


def with_row(table: str, like: str, **cells: str) -> Edition:
    """Return the small edition with one more row, like another but for some cells."""
    edition = a_small_edition()
    edition[table].append({**row_of(edition, table, like), **cells})
    return edition


def findings(edition: Edition) -> list[Finding]:
    return check_tables(the_schema(), as_files(edition))


def places(edition: Edition) -> list[tuple[str, int, str | None, str]]:
    """Return where which rule was broken."""
    return [
        (finding.file, finding.line, finding.column, finding.rule)
        for finding in findings(edition)
    ]
