"""What is exported as ELM fits the official shapes, and says no more than the rows."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from pyshacl import validate

from recognition_service.editions.elm import CONTEXT, elm_export
from recognition_service.editions.exported import LeftOut
from recognition_service.frameworks.rows import (
    Basis,
    Endorsement,
    Evidence,
    FrameworkKind,
    IscedField,
    Relation,
)
from tests.equivalence.editions import (
    READ,
    a_framework,
    a_hub,
    a_place,
    a_qualification,
    aligned,
    shipped_tables,
    tables_of,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "elm"
DIGEST = "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
NAME = "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
EQF = "http://data.europa.eu/snb/eqf/"
ELM = "http://data.europa.eu/snb/model/elm/"
COUNTRIES = "http://publications.europa.eu/resource/authority/country"
OFFICIAL_LEVEL = "http://data.europa.eu/snb/qdr/c_95fec238"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")

# What the profile demands and no row says; see the decision on foreign vocabularies.
UNKNOWN = {
    f"{ELM}{term}"
    for term in (
        "EQFLevel",
        "ISCEDFCode",
        "NQFLevel",
        "address",
        "awardingBody",
        "learningOutcome",
    )
}


def tables_with(*rows):
    """AA with its framework, the EQF with official names, and more rows."""
    tables = tables_of(a_place("AA"), a_hub("EQF"), a_framework("AA-QF", "AA"), *rows)
    levels = {
        name: replace(level, uri=f"{EQF}{level.code}")
        if level.framework == "EQF"
        else level
        for name, level in tables.levels.items()
    }
    return replace(tables, levels=levels)


def qualification_of(*rows, **cells):
    export = elm_export(tables_with(a_qualification(**cells), *rows), DIGEST)
    (node,) = [
        node for node in export.document["@graph"] if node["type"] == "Qualification"
    ]
    return node, list(export.left_out)


def graph_of(document):
    triples = jsonld.to_rdf(document, {"format": "application/n-quads"})
    return rdflib.Graph().parse(data=triples, format="nt")


@pytest.fixture(scope="module")
def shapes():
    graph = rdflib.Graph()
    for name in ("LOQ-constraints.ttl", "LOQ-constraints-mdr.ttl"):
        graph.parse(VECTORS / name)
    return graph


def violations(document, shapes):
    """Count what the official shapes find: by constraint and path."""
    _, report, _ = validate(graph_of(document), shacl_graph=shapes, inference="none")
    return Counter(
        (
            str(report.value(result, SH.sourceConstraintComponent)).split("#")[1],
            str(report.value(result, SH.resultPath)),
        )
        for result in report.subjects(rdflib.RDF.type, SH.ValidationResult)
    )


def some_shipped_tables():
    """The shipped tables with each hundredth qualification, and those with fields."""
    tables = shipped_tables()
    rows = enumerate(tables.qualifications.items())
    kept = {
        name: row
        for number, (name, row) in rows
        if number % 100 == 0 or (row.isced_field and row.level)
    }
    return replace(tables, qualifications=kept)


def test_the_shipped_edition_breaks_the_official_shapes_only_by_what_is_unknown(shapes):
    document = elm_export(some_shipped_tables(), DIGEST).document
    found = violations(document, shapes)
    absent = {path for kind, path in found if kind == "MinCountConstraintComponent"}
    assert absent == UNKNOWN
    others = {pair for pair in found if pair[0] != "MinCountConstraintComponent"}
    # The register of European frameworks has no names for those of other countries.
    assert others == {
        ("HasValueConstraintComponent", "http://www.w3.org/2004/02/skos/core#inScheme"),
        ("NodeConstraintComponent", f"{ELM}NQFLevel"),
    }


def test_the_shapes_would_find_what_does_not_fit(shapes):
    document = elm_export(tables_with(a_qualification()), DIGEST).document
    node = document["@graph"][-1]
    for broken in (
        {"elm:level": "6"},
        {"title": {"en": ["Bachelor", "Degree"]}},
        {"eqfLevel": [f"{EQF}5", f"{EQF}6"]},
        {"additionalNote": {"type": "Note"}},
    ):
        bent = {**document, "@graph": [*document["@graph"][:-1], {**node, **broken}]}
        new = violations(bent, shapes) - violations(document, shapes)
        assert new, broken


def test_the_shapes_accept_a_qualification_whose_facts_are_all_known(shapes):
    """What no row says is filled in by hand; then nothing stands in the way."""
    rows = (aligned("AA-QF:6:EQF:6"), a_qualification(isced_field="09"))
    tables = tables_with(*rows, IscedField(id="09", name_en="Health", **READ))
    levels = dict(tables.levels)
    levels["AA-QF:6"] = replace(levels["AA-QF:6"], uri=OFFICIAL_LEVEL)
    document = elm_export(replace(tables, levels=levels), DIGEST).document
    node = document["@graph"][-1]
    awarding = node["awardingOpportunity"]
    node["elm:learningOutcome"] = {
        "type": "elm:LearningOutcome",
        "title": {"en": "Cares for patients"},
    }
    awarding["elm:awardingBody"] = {"type": "elm:Agent"}
    awarding["location"]["elm:address"] = {
        "type": "elm:Address",
        "elm:countryCode": {
            "id": f"{COUNTRIES}/LVA",
            "type": "Concept",
            "inScheme": {"id": COUNTRIES, "type": "ConceptScheme"},
        },
    }
    assert violations(document, shapes) == {}


def test_our_terms_are_those_of_the_published_context():
    published = json.loads((VECTORS / "edc-ap-context.jsonld").read_text("utf-8"))
    theirs = published["@context"]

    def address(term, context):
        meaning = context[term]
        meaning = meaning["@id"] if isinstance(meaning, dict) else meaning
        prefix, _, rest = meaning.partition(":")
        return context[prefix] + rest if rest and prefix in context else meaning

    shared = CONTEXT.keys() & theirs.keys()
    assert {"title", "eqfLevel", "Qualification", "inScheme", "elm"} <= shared
    for term in shared:
        assert address(term, CONTEXT) == address(term, theirs), term
        if isinstance(CONTEXT[term], dict) and isinstance(theirs[term], dict):
            assert CONTEXT[term].get("@container") == theirs[term].get("@container")


def test_every_member_of_the_shipped_export_has_a_meaning():
    known = CONTEXT.keys()

    def members(value):
        if isinstance(value, list):
            for item in value:
                yield from members(item)
        elif isinstance(value, dict):
            for member, inner in value.items():
                yield member
                if "@container" not in (CONTEXT.get(member) or {}):
                    yield from members(inner)

    graph = elm_export(shipped_tables(), DIGEST).document["@graph"]
    assert set(members(graph)) <= known


def test_official_names_are_used_where_there_are_any():
    graph = elm_export(shipped_tables(), DIGEST).document["@graph"]
    nodes = {node["id"]: node for node in graph}
    six = nodes[f"{EQF}6"]
    assert six["notation"] == "6"
    assert six["inScheme"] == f"{EQF}25831c2"
    official = [
        name for name in nodes if name.startswith("http://data.europa.eu/snb/qdr")
    ]
    assert len(official) > 400
    for level in shipped_tables().levels.values():
        assert (level.uri or f"{NAME}#levels/{level.id}") in nodes


def test_how_levels_are_known_goes_with_them():
    tables = shipped_tables()
    graph = elm_export(tables, DIGEST).document["@graph"]
    nodes = {node["id"]: node for node in graph}
    for level in tables.levels.values():
        node = nodes[level.uri or f"{NAME}#levels/{level.id}"]
        assert node["note"] == {"en": f"evidence: {level.evidence.value}"}


def test_a_country_without_a_framework_gets_none():
    kind = FrameworkKind.SYSTEM_WITHOUT_FRAMEWORK
    export = elm_export(tables_with(a_framework("CC-SYS", "AA", "", kind=kind)), DIGEST)
    assert export.left_out == [LeftOut("frameworks", "CC-SYS", "no_framework")]
    assert "CC-SYS" not in {node.get("notation") for node in export.document["@graph"]}


def test_titles_keep_their_language_and_ours_has_no_authority():
    node, _ = qualification_of(
        title="Bakalaura diploms", language="lv", title_en="Bachelor's diploma"
    )
    assert node["title"] == {"lv": "Bakalaura diploms"}
    assert node["altLabel"] == {"en": "Bachelor's diploma"}
    assert qualification_of(language=None)[0]["title"] == {"und": "Bachelor"}


def test_a_referenced_level_is_told_in_both_frameworks():
    node, left_out = qualification_of(aligned("AA-QF:6:EQF:6"))
    assert node["nqfLevel"] == f"{NAME}#levels/AA-QF:6"
    assert node["eqfLevel"] == f"{EQF}6"
    assert left_out == []


def test_two_documents_that_say_the_same_are_one_level():
    again = aligned("AA-QF:6:EQF:6", evidence=Evidence.DOCUMENT_CONFIRMED)
    again = replace(again, id="again", document="Second report")
    node, _ = qualification_of(aligned("AA-QF:6:EQF:6"), again)
    assert node["eqfLevel"] == f"{EQF}6"
    assert node["additionalNote"][1]["noteLiteral"]["en"] == (
        "EQF level: that of the national level; evidence: document_confirmed"
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"relation": Relation.BROAD}, "relation_broad"),
        ({"relation": Relation.BEST_FIT}, "relation_best_fit"),
        ({"relation": Relation.COMPARABLE}, "relation_comparable"),
        ({"relation": Relation.CONTESTED}, "contested"),
        ({"endorsement": Endorsement.NOT_ENDORSED}, "not_endorsed"),
        ({"endorsement": Endorsement.DRAFT}, "draft"),
        ({"endorsement": Endorsement.WITHDRAWN}, "withdrawn"),
        ({"endorsement": Endorsement.HISTORICAL}, "historical"),
        ({"basis": Basis.STATISTICAL_MAPPING}, "statistical_mapping"),
        ({"basis": Basis.PILOT_COMPARISON}, "not_a_referencing"),
        ({"evidence": Evidence.UNCHECKED}, "unchecked"),
        ({"valid_to": date(2020, 12, 31)}, "ended"),
    ],
)
def test_no_eqf_level_is_claimed_from_what_is_less_than_a_referencing(cells, reason):
    row = replace(aligned("AA-QF:6:EQF:6"), **cells)
    node, left_out = qualification_of(row)
    assert node["nqfLevel"] == f"{NAME}#levels/AA-QF:6"
    assert "eqfLevel" not in node
    assert left_out == [LeftOut("level_alignments", row.id, reason)]


def test_no_counterpart_is_no_eqf_level():
    node, left_out = qualification_of(aligned("AA-QF:6:EQF:none"))
    assert "eqfLevel" not in node
    assert [row.reason for row in left_out] == ["relation_none"]


def test_a_level_that_may_be_one_of_two_is_not_told():
    rows = (aligned("AA-QF:6:EQF:6"), aligned("AA-QF:6:EQF:5", Relation.NARROW))
    assert "eqfLevel" not in qualification_of(*rows)[0]


def test_a_contested_document_casts_doubt_on_the_other():
    rows = (aligned("AA-QF:6:EQF:6"), aligned("AA-QF:6:EQF:5", Relation.CONTESTED))
    assert "eqfLevel" not in qualification_of(*rows)[0]


@pytest.mark.parametrize(
    "cells", [{"evidence": Evidence.UNCHECKED}, {"evidence_covers": "title"}]
)
def test_a_level_that_was_never_compared_with_its_source_is_left_out(cells):
    node, left_out = qualification_of(aligned("AA-QF:6:EQF:6"), **cells)
    assert not {"nqfLevel", "eqfLevel"} & node.keys()
    assert left_out == [LeftOut("qualifications", "aa-bachelor", "level_unchecked")]


def test_how_a_row_is_known_goes_with_it():
    node, _ = qualification_of(isced_field="09", evidence_covers="title;level")
    note = node["additionalNote"][0]["noteLiteral"]["en"]
    assert "evidence: source_read; evidence covers: title;level" in note
    assert "source: The law" in note
    assert note.endswith("ISCED-F: unchecked")
    assert node["thematicArea"].endswith("/isced-f/09")


def test_where_and_when_it_was_awarded():
    node, _ = qualification_of(valid_from=date(1998, 9, 1), valid_to=date(2009, 8, 31))
    awarding = node["awardingOpportunity"]
    assert awarding["learningAchievementSpecification"] == node["id"]
    assert awarding["location"]["geographicName"] == {"en": "AA"}
    assert awarding["temporal"] == {
        "type": "PeriodOfTime",
        "startDate": "1998-09-01T00:00:00",
        "endDate": "2009-08-31T00:00:00",
    }


def test_nothing_is_called_equivalent():
    text = json.dumps(elm_export(some_shipped_tables(), DIGEST).document["@context"])
    assert "equivalent" not in text
