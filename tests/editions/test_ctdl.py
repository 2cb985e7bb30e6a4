"""What is exported as CTDL uses published terms, and turns nothing into a claim."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pyld import jsonld

from recognition_service.editions.ctdl import (
    ALIGNMENT_TYPES,
    CONTEXT_URL,
    ctdl_export,
)
from recognition_service.editions.exported import LeftOut
from recognition_service.frameworks.instruments import (
    Agreement,
    AgreementParty,
    Binding,
    Effect,
)
from recognition_service.frameworks.rows import (
    Basis,
    Endorsement,
    Evidence,
    FrameworkKind,
    Relation,
)
from tests.equivalence.editions import (
    READ,
    a_framework,
    a_hub,
    a_place,
    aligned,
    shipped_tables,
    tables_of,
)

VECTORS = Path(__file__).parents[1] / "vectors" / "ctdl"
DIGEST = "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
NAME = "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
PUBLISHED = json.loads((VECTORS / "context.json").read_text("utf-8"))
TERMS = {
    term["@id"]: term
    for term in json.loads((VECTORS / "terms.json").read_text("utf-8"))["@graph"]
}
MAP, PART = "ceterms:AlignmentMap", "ceterms:AlignmentObject"
AGREEMENT = "ceterms:TransferAgreement"


def export_of(*rows):
    return ctdl_export(
        tables_of(
            a_place("AA"),
            a_place("BB"),
            a_hub(),
            a_framework("AA-QF", "AA"),
            a_framework("BB-QF", "BB"),
            *rows,
        ),
        DIGEST,
    )


def nodes(export, kind):
    return [node for node in export.document["@graph"] if node["@type"] == kind]


def the_map(*rows):
    export = export_of(*rows)
    (node,) = nodes(export, MAP)
    return node, list(export.left_out)


def an_agreement(**cells):
    members = {
        **READ,
        "name": "A treaty",
        "kind": "treaty",
        "effect": Effect.AUTOMATIC,
        "binding": Binding.LEGAL,
        "parties_established": True,
        "status": "in_force",
        **cells,
    }
    return Agreement(id="treaty", **members)


def a_party(place, **cells):
    return AgreementParty(
        id=f"treaty:{place}", agreement="treaty", jurisdiction=place, **READ, **cells
    )


def every_node(value):
    if isinstance(value, list):
        for item in value:
            yield from every_node(item)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            yield from every_node(inner)


def load(url, _options=None):
    assert url == CONTEXT_URL
    return {"contextUrl": None, "documentUrl": url, "document": PUBLISHED}


def test_every_term_is_published_and_used_where_it_belongs():
    graph = ctdl_export(shipped_tables(), DIGEST).document["@graph"]
    for node in every_node(graph):
        kind = node["@type"]
        assert "rdfs:Class" in TERMS[kind]["@type"], kind
        for term in node.keys() - {"@id", "@type"}:
            assert TERMS[term]["@type"] == "rdf:Property", term
            assert kind in TERMS[term]["schema:domainIncludes"], (term, kind)


def test_objects_are_of_the_kinds_that_their_property_takes():
    graph = ctdl_export(shipped_tables(), DIGEST).document["@graph"]
    kinds = {node["@id"]: node["@type"] for node in graph}
    for node in every_node(graph):
        for term in node.keys() - {"@id", "@type"}:
            ranges = TERMS[term]["schema:rangeIncludes"]
            values = node[term] if isinstance(node[term], list) else [node[term]]
            for value in values:
                if isinstance(value, dict):
                    assert value.get("@type", "rdf:langString") in ranges, term
                elif value in kinds:
                    assert {kinds[value], "xsd:anyURI"} & set(ranges), term


def test_the_published_context_understands_the_whole_export():
    """Nothing is dropped: what expands and is compacted again is what was written."""
    document = ctdl_export(shipped_tables(), DIGEST).document
    expanded = jsonld.expand(document, {"documentLoader": load})
    assert len(expanded) == len(document["@graph"])
    back = jsonld.compact(
        expanded, CONTEXT_URL, {"documentLoader": load, "compactArrays": True}
    )
    assert _plain(back["@graph"]) == _plain(document["@graph"])
    for node in every_node(expanded):
        assert all(term.startswith(("@", "http")) for term in node)


def _plain(value):
    """Lists of one item and the item alone mean the same."""
    if isinstance(value, list):
        items = [_plain(item) for item in value]
        return items[0] if len(items) == 1 else items
    if isinstance(value, dict):
        return {member: _plain(inner) for member, inner in value.items()}
    return value


def test_levels_are_compared_by_the_scheme_that_ctdl_has_for_it():
    concepts = set(TERMS["ceterms:Alignment"]["skos:hasTopConcept"])
    assert set(ALIGNMENT_TYPES.values()) <= concepts
    assert "alignment:ExactMatch" in concepts - set(ALIGNMENT_TYPES.values())
    for name in ("exact", "major", "minor", "broad", "narrow"):
        domain = TERMS[f"ceterms:{name}Alignment"]["schema:domainIncludes"]
        assert not {"asn:ProgressionLevel", MAP, PART} & set(domain)


@pytest.mark.parametrize(
    ("relation", "kind"),
    [
        (Relation.EQUAL, "CloseMatch"),
        (Relation.NARROW, "BroadMatch"),
        (Relation.BROAD, "NarrowMatch"),
        (Relation.BEST_FIT, "RelatedMatch"),
        (Relation.COMPARABLE, "RelatedMatch"),
    ],
)
def test_a_relation_becomes_the_match_that_claims_no_more(relation, kind):
    node, left_out = the_map(aligned("AA-QF:6:HUB:6", relation))
    assert node["ceterms:hasPart"] == [
        {
            "@type": PART,
            "ceterms:sourceNode": f"{NAME}#levels/AA-QF:6",
            "ceterms:targetNode": f"{NAME}#levels/HUB:6",
            "ceterms:alignmentType": f"alignment:{kind}",
            "ceterms:description": {"en": f"relation: {relation.value}"},
        }
    ]
    assert node["ceterms:compares"] == [f"{NAME}#levels/AA-QF", f"{NAME}#levels/HUB"]
    assert left_out == []


def test_no_counterpart_is_said_as_no_match_without_a_target():
    node, left_out = the_map(aligned("AA-QF:4:HUB:none"))
    (part,) = node["ceterms:hasPart"]
    assert part["ceterms:alignmentType"] == "alignment:NoMatch"
    assert "ceterms:targetNode" not in part
    assert left_out == []


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"relation": Relation.CONTESTED}, "contested"),
        ({"endorsement": Endorsement.NOT_ENDORSED}, "not_endorsed"),
        ({"endorsement": Endorsement.DRAFT}, "draft"),
        ({"endorsement": Endorsement.WITHDRAWN}, "withdrawn"),
        ({"endorsement": Endorsement.HISTORICAL}, "historical"),
        ({"basis": Basis.STATISTICAL_MAPPING}, "statistical_mapping"),
        ({"evidence": Evidence.UNCHECKED}, "unchecked"),
    ],
)
def test_what_may_not_decide_is_neither_lost_nor_a_claim(cells, reason):
    row = replace(aligned("AA-QF:6:HUB:6"), **cells)
    node, left_out = the_map(row)
    assert "ceterms:hasPart" not in node
    told = node["ceterms:description"]["en"]
    assert f"not stated as alignments: {reason}" in told
    assert f"6 - 6 ({row.relation.value})" in told
    assert left_out == [LeftOut("level_alignments", row.id, reason)]


def test_a_claim_never_shares_a_map_with_what_is_withheld():
    refused = aligned("AA-QF:7:HUB:7", endorsement=Endorsement.NOT_ENDORSED)
    export = export_of(aligned("AA-QF:6:HUB:6"), refused)
    assert len(nodes(export, MAP)) == 2
    parts = [
        part for node in nodes(export, MAP) for part in node.get("ceterms:hasPart", [])
    ]
    assert [part["ceterms:sourceNode"] for part in parts] == [f"{NAME}#levels/AA-QF:6"]


def test_no_row_of_the_shipped_alignments_is_lost():
    export = ctdl_export(shipped_tables(), DIGEST)
    parts = sum(len(node.get("ceterms:hasPart", [])) for node in nodes(export, MAP))
    withheld = [row for row in export.left_out if row.table == "level_alignments"]
    assert parts + len(withheld) == len(shipped_tables().level_alignments)
    refused = [row for row in withheld if row.reason in {"not_endorsed", "contested"}]
    assert len(refused) == 20


def test_the_time_for_which_a_document_holds_is_told():
    row = aligned(
        "AA-QF:6:HUB:6", valid_from=date(2012, 1, 1), valid_to=date(2019, 5, 1)
    )
    node, _ = the_map(row)
    assert node["ceterms:dateEffective"] == "2012-01-01"
    assert node["ceterms:expirationDate"] == "2019-05-01"
    undated, _ = the_map(aligned("AA-QF:6:HUB:6"))
    assert "ceterms:dateEffective" not in undated


def test_an_agreement_names_its_effect_and_its_parties():
    export = export_of(
        an_agreement(
            signed_on=date(2021, 9, 27), in_force_from=date(2024, 5, 1), key_rule="Rule"
        ),
        a_party("AA"),
        a_party("BB", withdrawn_on=date(2025, 1, 1)),
    )
    (node,) = nodes(export, AGREEMENT)
    assert node["ceterms:dateSigned"] == "2021-09-27"
    assert node["ceterms:dateEffective"] == "2024-05-01"
    assert node["ceterms:description"]["en"].startswith(
        "effect: automatic; binding: legal; rule: Rule; status: in_force; "
    )
    (where,) = node["ceterms:jurisdiction"]
    assert [place["ceterms:name"] for place in where["ceterms:mainJurisdiction"]] == [
        {"en": "AA"}
    ]


def test_parties_that_were_not_established_are_not_told():
    export = export_of(an_agreement(parties_established=False), a_party("AA"))
    (node,) = nodes(export, AGREEMENT)
    assert "ceterms:jurisdiction" not in node
    assert "parties: not established" in node["ceterms:description"]["en"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"kind": "directive"}, "not_an_agreement"),
        ({"kind": "comparison_report"}, "not_an_agreement"),
        ({"evidence": Evidence.UNCHECKED}, "unchecked"),
        ({"status": "not_endorsed"}, "not_in_force"),
        ({"status": None}, "not_in_force"),
    ],
)
def test_what_is_no_agreement_in_force_is_left_out_by_name(cells, reason):
    export = export_of(an_agreement(**cells))
    assert nodes(export, AGREEMENT) == []
    assert export.left_out == [LeftOut("agreements", "treaty", reason)]


def test_how_levels_and_frameworks_are_known_goes_with_them():
    export = ctdl_export(shipped_tables(), DIGEST)
    for kind, term in (
        ("asn:ProgressionLevel", "skos:note"),
        ("ceterms:QualificationsFramework", "ceterms:description"),
    ):
        told = {node[term]["en"] for node in nodes(export, kind)}
        assert {"evidence: source_read", "evidence: unchecked"} <= told


def test_a_country_without_a_framework_gets_none():
    export = export_of(
        a_framework("CC-SYS", "AA", "", kind=FrameworkKind.SYSTEM_WITHOUT_FRAMEWORK)
    )
    names = {
        node["ceterms:codedNotation"]
        for node in nodes(export, "ceterms:QualificationsFramework")
    }
    assert names == {"HUB", "AA-QF", "BB-QF"}
    assert export.left_out == [LeftOut("frameworks", "CC-SYS", "no_framework")]


def test_a_grid_that_no_act_adopts_is_exported_with_its_caveat():
    export = export_of(a_framework("CC-QF", "AA", caveat="technical_grid_not_adopted"))
    told = [
        node["ceterms:description"]["en"]
        for node in nodes(export, "ceterms:QualificationsFramework")
    ]
    assert "evidence: source_read; caveat: technical_grid_not_adopted" in told


def test_names_of_rows_are_addresses_also_for_odd_codes():
    export = export_of(a_framework("CC-QF", "AA", levels="4+ 5a ½"))
    names = {node["@id"] for node in nodes(export, "asn:ProgressionLevel")}
    assert f"{NAME}#levels/CC-QF:4+" in names
    assert f"{NAME}#levels/CC-QF:%C2%BD" in names
