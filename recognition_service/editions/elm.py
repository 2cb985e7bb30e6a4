"""Frameworks, levels and types of qualification in the European Learning Model.

The document carries its own context, whose terms have the addresses of the published
one; nothing needs to be fetched to read it. What the tables do not say is not made up:
the application profile asks for learning outcomes, an awarding body and an address,
which no row has.

An EQF level is told of a qualification only where its national level was referenced to
exactly one, in a document that stands.

Source: European Learning Model, ontology 3.1.0; application profile for learning
opportunities and qualifications (LOQ) 1.1.0, shapes Qualification, AwardingOpportunity,
Location, PeriodOfTime, Note, Identifier and Concept, and the controlled vocabularies
that it names. European Commission, DG EMPL.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from recognition_service.editions.exported import (
    NO_LANGUAGE,
    Export,
    LeftOut,
    framework_uri,
    is_framework,
    known_by,
    level_uri,
    row_uri,
    systems_left_out,
    why_withheld,
)
from recognition_service.equivalence.relations import weakest_evidence
from recognition_service.frameworks.rows import (
    Basis,
    Evidence,
    Framework,
    Level,
    LevelAlignment,
    Qualification,
    Relation,
)
from recognition_service.frameworks.tables import Tables

SPECIFICATION = "European Learning Model 3.1.0, LOQ 1.1.0"
EQF_LEVELS = "http://data.europa.eu/snb/eqf/"
EQF_SCHEME = "http://data.europa.eu/snb/eqf/25831c2"
NQF_LEVELS = "http://data.europa.eu/snb/qdr/"
NQF_SCHEME = "http://data.europa.eu/snb/qdr/25831c2"
ISCED_FIELDS = "http://data.europa.eu/snb/isced-f/"
ISCED_SCHEME = "http://data.europa.eu/snb/isced-f/25831c2"

CONTEXT: Mapping[str, Any] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    "AwardingOpportunity": "elm:AwardingOpportunity",
    "Concept": "skos:Concept",
    "ConceptScheme": "skos:ConceptScheme",
    "Identifier": "elm:Identifier",
    "Location": "dc:Location",
    "Note": "elm:Note",
    "PeriodOfTime": "dc:PeriodOfTime",
    "Qualification": "elm:Qualification",
    "eqfLevel": {"@id": "elm:EQFLevel", "@type": "@id"},
    "thematicArea": {"@id": "elm:ISCEDFCode", "@type": "@id"},
    "nqfLevel": {"@id": "elm:NQFLevel", "@type": "@id"},
    "additionalNote": {"@id": "elm:additionalNote", "@type": "@id"},
    "altLabel": {"@id": "skos:altLabel", "@container": "@language"},
    "awardingOpportunity": {"@id": "elm:awardingOpportunity", "@type": "@id"},
    "broader": {"@id": "skos:broader", "@type": "@id"},
    "endDate": {"@id": "elm:endDate", "@type": "xsd:dateTime"},
    "geographicName": {"@id": "elm:geographicName", "@container": "@language"},
    "identifier": {"@id": "adms:identifier", "@type": "@id"},
    "inScheme": {"@id": "skos:inScheme", "@type": "@id"},
    "learningAchievementSpecification": {
        "@id": "elm:learningAchievementSpecification",
        "@type": "@id",
    },
    "location": {"@id": "elm:location", "@type": "@id"},
    "notation": {"@id": "skos:notation"},
    "note": {"@id": "skos:note", "@container": "@language"},
    "noteLiteral": {"@id": "elm:noteLiteral", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "schemeName": {"@id": "elm:schemeName", "@type": "xsd:string"},
    "schemeVersion": {"@id": "elm:schemeVersion", "@type": "xsd:string"},
    "startDate": {"@id": "elm:startDate", "@type": "xsd:dateTime"},
    "temporal": {"@id": "dc:temporal", "@type": "@id"},
    "title": {"@id": "dc:title", "@container": "@language"},
}

# Documents by which a country links its levels to the EQF; a comparison is not one.
_REFERENCING = frozenset({Basis.REFERENCING_REPORT, Basis.STATUTE})
_WHOLE_LEVEL = frozenset({Relation.EQUAL, Relation.NARROW})

Node = dict[str, Any]
Place = tuple[str, str]  # A framework and the code of one of its levels.


@dataclass(frozen=True, slots=True)
class _EQFLevel:
    """The level of the EQF to which a national level was referenced, and how surely.

    Attributes:
        evidence: The weakest grade of the documents that say so.
    """

    uri: str
    evidence: Evidence


def elm_export(tables: Tables, digest: str) -> Export:
    """Return the frameworks, levels and qualifications of an edition as ELM.

    Args:
        tables: The rows of the edition.
        digest: The edition, of which rows without an official name are named.
    """
    levels = {(level.framework, level.code): level for level in tables.levels.values()}
    eqf, left_out = _eqf_levels(tables, levels)
    left_out += systems_left_out(tables)
    own = row_uri(digest, "frameworks", "")
    graph = [
        *({"id": scheme, "type": "ConceptScheme"} for scheme in _schemes(own)),
        *(
            _framework(row, digest, own)
            for row in tables.frameworks.values()
            if is_framework(row)
        ),
        *(_level(row, tables, digest, own) for row in tables.levels.values()),
        *_fields(tables),
    ]
    for row in tables.qualifications.values():
        place = (row.framework or "", row.level or "")
        if row.level and not _covers(row, "level"):
            left_out.append(LeftOut("qualifications", row.id, "level_unchecked"))
        graph.append(
            _qualification(row, tables, digest, levels.get(place), eqf.get(place))
        )
    return Export(SPECIFICATION, {"@context": CONTEXT, "@graph": graph}, left_out)


def _schemes(own: str) -> tuple[str, ...]:
    return EQF_SCHEME, NQF_SCHEME, ISCED_SCHEME, own


def _eqf_levels(
    tables: Tables, levels: Mapping[Place, Level]
) -> tuple[dict[Place, _EQFLevel], list[LeftOut]]:
    """Return the one EQF level of each national level that has exactly one."""
    hubs = {
        level.framework
        for level in levels.values()
        if (level.uri or "").startswith(EQF_LEVELS)
    }
    found: dict[Place, list[_EQFLevel]] = defaultdict(list)
    doubtful: set[Place] = set()
    left_out = []
    for row in tables.level_alignments.values():
        if row.framework_b not in hubs:
            continue
        place = (row.framework_a, row.level_a)
        reason = _why_no_eqf_level(row)
        if reason is None:
            uri = levels[row.framework_b, row.level_b or ""].uri or ""
            found[place].append(_EQFLevel(uri, row.evidence))
            continue
        left_out.append(LeftOut("level_alignments", row.id, reason))
        if row.basis in _REFERENCING and reason != "ended":
            doubtful.add(place)
    single = {
        place: _EQFLevel(said[0].uri, weakest_evidence(each.evidence for each in said))
        for place, said in found.items()
        if len({each.uri for each in said}) == 1 and place not in doubtful
    }
    return single, left_out


def _why_no_eqf_level(row: LevelAlignment) -> str | None:
    """Return why no EQF level of a qualification follows from an alignment."""
    if row.valid_to is not None:
        return "ended"
    if reason := why_withheld(row):
        return reason
    if row.basis not in _REFERENCING:
        return "not_a_referencing"
    if row.relation not in _WHOLE_LEVEL:
        return f"relation_{row.relation.value}"
    return None


def _framework(row: Framework, digest: str, own: str) -> Node:
    node: Node = {
        "id": framework_uri(digest, row),
        "type": "Concept",
        "inScheme": _scheme(row.uri, own),
        "notation": row.id,
        "prefLabel": {"en": row.name_en},
        "note": {"en": known_by(row)},
    }
    if row.name_original and row.name_original != row.name_en:
        node["altLabel"] = {NO_LANGUAGE: row.name_original}
    return node


def _level(row: Level, tables: Tables, digest: str, own: str) -> Node:
    label = {"en": row.label_en} if row.label_en else {}
    framework = tables.frameworks[row.framework]
    node: Node = {
        "id": level_uri(digest, row),
        "type": "Concept",
        "inScheme": _scheme(row.uri, own),
        "notation": row.code,
        "prefLabel": label or {NO_LANGUAGE: row.label_original or row.code},
        "note": {"en": known_by(row)},
        "broader": framework_uri(digest, framework),
    }
    if label and row.label_original and row.label_original != row.label_en:
        node["altLabel"] = {NO_LANGUAGE: row.label_original}
    return node


def _scheme(uri: str | None, own: str) -> str:
    """Return the official scheme of a concept with an official address."""
    if uri and uri.startswith(EQF_LEVELS):
        return EQF_SCHEME
    if uri and uri.startswith(NQF_LEVELS):
        return NQF_SCHEME
    return own


def _fields(tables: Tables) -> Iterator[Node]:
    for row in tables.isced_fields.values():
        names = {"en": row.name_en, "fr": row.name_fr}
        yield {
            "id": f"{ISCED_FIELDS}{row.id}",
            "type": "Concept",
            "inScheme": ISCED_SCHEME,
            "notation": row.id,
            "prefLabel": {key: name for key, name in names.items() if name},
            "note": {"en": f"evidence: {row.evidence.value}"},
        }


def _qualification(
    row: Qualification,
    tables: Tables,
    digest: str,
    level: Level | None,
    eqf: _EQFLevel | None,
) -> Node:
    uri = row_uri(digest, "qualifications", row.id)
    language = row.language or NO_LANGUAGE
    node: Node = {
        "id": uri,
        "type": "Qualification",
        "identifier": {
            "type": "Identifier",
            "notation": row.id,
            "schemeName": "qualifications",
            "schemeVersion": digest,
        },
        "title": {language: row.title},
        "additionalNote": [_note(_known_by(row, tables))],
        "awardingOpportunity": _awarding(row, tables, uri),
    }
    if row.title_en and language != "en":
        node["altLabel"] = {"en": row.title_en}
    if level is not None and _covers(row, "level"):
        node["nqfLevel"] = level_uri(digest, level)
        if eqf is not None:
            node["eqfLevel"] = eqf.uri
            told = f"EQF level: that of the national level; evidence: {eqf.evidence}"
            node["additionalNote"].append(_note(told))
    if row.isced_field:
        node["thematicArea"] = f"{ISCED_FIELDS}{row.isced_field}"
    return node


def _note(text: str) -> Node:
    return {"type": "Note", "noteLiteral": {"en": text}}


def _covers(row: Qualification, column: str) -> bool:
    """Return whether a column of a row was compared with the source at all."""
    if row.evidence is Evidence.UNCHECKED:
        return False
    covered = row.evidence_covers
    return covered is None or column in covered.replace(";", " ").split()


def _known_by(row: Qualification, tables: Tables) -> str:
    """Return the grade of evidence, what it speaks for, and the source."""
    source = tables.sources[row.source]
    parts = [
        f"evidence: {row.evidence.value}",
        f"evidence covers: {row.evidence_covers}" if row.evidence_covers else "",
        f"level status: {row.level_status.value}",
        f"source: {source.title}",
        source.url or "",
    ]
    if row.isced_field and "isced_field" not in (row.evidence_covers or ""):
        parts.append("ISCED-F: unchecked")
    return "; ".join(filter(None, parts))


def _awarding(row: Qualification, tables: Tables, uri: str) -> Node:
    place = tables.jurisdictions[row.jurisdiction]
    names = {"en": place.name_en, "fr": place.name_fr}
    node: Node = {
        "type": "AwardingOpportunity",
        "learningAchievementSpecification": uri,
        "location": {
            "type": "Location",
            "geographicName": {key: name for key, name in names.items() if name},
            "identifier": {
                "type": "Identifier",
                "notation": place.iso_3166 or place.id,
                "schemeName": "ISO 3166" if place.iso_3166 else "jurisdictions",
            },
        },
    }
    dates = {"startDate": row.valid_from, "endDate": row.valid_to}
    period = {key: f"{day}T00:00:00" for key, day in dates.items() if day}
    if period:
        node["temporal"] = {"type": "PeriodOfTime", **period}
    return node
