"""Frameworks, level alignments and agreements in CTDL.

Levels are compared in an `AlignmentMap` of `AlignmentObject`s, which is what CTDL has
for comparing the levels of two frameworks; `exactAlignment`, `majorAlignment`,
`minorAlignment`, `broadAlignment` and `narrowAlignment` are properties of credentials
and say nothing of levels. An agreement is a `TransferAgreement`.

What a relation becomes:

- `equal` a `CloseMatch`: an exact match may be followed from map to map, a close one
  may not, and two tables are never chained;
- `narrow` (one of several levels of A at that level of B) a `BroadMatch`: the level of
  B is the broader one; `broad` a `NarrowMatch`;
- `best_fit` and `comparable` a `RelatedMatch`: neither broader nor narrower, and less
  than close;
- `none` a `NoMatch` without a target;
- `contested` nothing.

What must not be passed on as an alignment (`exported.why_withheld`) stands in words in
a map without parts, so that it is neither lost nor turned into a claim.

Source: Credential Transparency Description Language, terms as published on 6 August
2026: AlignmentMap, AlignmentObject, QualificationsFramework, TransferAgreement, concept
scheme Alignment; CTDL-ASN: ProgressionModel, ProgressionLevel. SKOS Reference section
10 (`exactMatch` is transitive, `closeMatch` is not).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
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
from recognition_service.frameworks.instruments import Agreement
from recognition_service.frameworks.rows import (
    Evidence,
    Framework,
    Jurisdiction,
    Level,
    LevelAlignment,
    Relation,
)
from recognition_service.frameworks.tables import Tables

SPECIFICATION = "CTDL as published on 6 August 2026"
CONTEXT_URL = "https://credreg.net/ctdl/schema/context/json"
ALIGNMENT_TYPES = {
    Relation.EQUAL: "alignment:CloseMatch",
    Relation.NARROW: "alignment:BroadMatch",
    Relation.BROAD: "alignment:NarrowMatch",
    Relation.BEST_FIT: "alignment:RelatedMatch",
    Relation.COMPARABLE: "alignment:RelatedMatch",
    Relation.NONE: "alignment:NoMatch",
}
"""What is said of two levels; a relation that is not here is not stated."""

AGREEMENT_KINDS = frozenset(
    {
        "agreement",
        "arrangement",
        "convention",
        "framework_treaty",
        "interstate_compact",
        "memorandum",
        "mutual_recognition_arrangement",
        "profession_arrangement",
        "professional_body_accord",
        "professional_body_agreement",
        "protocol",
        "trade_agreement",
        "treaty",
    }
)
"""Kinds of instrument that are agreements between parties; a directive is none."""

_IN_FORCE = frozenset({"in_force", "in_force_superseded_in_part"})

Node = dict[str, Any]


def ctdl_export(tables: Tables, digest: str) -> Export:
    """Return the frameworks, alignments and agreements of an edition as CTDL.

    Args:
        tables: The rows of the edition.
        digest: The edition, of which rows without an official name are named.
    """
    writer = _Writer(tables, digest)
    graph = [
        *(
            node
            for row in tables.frameworks.values()
            if is_framework(row)
            for node in writer.framework(row)
        ),
        *(writer.level(row) for row in tables.levels.values()),
        *writer.maps(),
        *writer.agreements(),
    ]
    document = {"@context": CONTEXT_URL, "@graph": graph}
    return Export(SPECIFICATION, document, writer.left_out)


class _Writer:
    """Writes the rows of one edition as nodes."""

    def __init__(self, tables: Tables, digest: str) -> None:
        self.left_out = systems_left_out(tables)
        self._tables = tables
        self._digest = digest
        self._levels = {
            (level.framework, level.code): level for level in tables.levels.values()
        }

    def framework(self, row: Framework) -> Iterator[Node]:
        """Yield a framework and its scale of levels."""
        uri, scale = framework_uri(self._digest, row), self._scale_uri(row.id)
        node: Node = {
            "@id": uri,
            "@type": "ceterms:QualificationsFramework",
            "ceterms:name": {"en": row.name_en},
            "ceterms:codedNotation": row.id,
            "ceterms:description": {"en": known_by(row)},
            "asn:hasProgressionModel": [scale],
        }
        if row.name_original and row.name_original != row.name_en:
            node["ceterms:alternateName"] = {NO_LANGUAGE: row.name_original}
        if row.jurisdiction:
            place = self._tables.jurisdictions[row.jurisdiction]
            node["ceterms:jurisdiction"] = [_jurisdictions([place])]
        yield node
        yield {
            "@id": scale,
            "@type": "asn:ProgressionModel",
            "ceasn:name": {"en": row.name_en},
            "ceterms:inQualificationsFramework": uri,
        }

    def level(self, row: Level) -> Node:
        """Return a level of a framework."""
        label = {"en": row.label_en} if row.label_en else None
        return {
            "@id": level_uri(self._digest, row),
            "@type": "asn:ProgressionLevel",
            "skos:prefLabel": label or {NO_LANGUAGE: row.label_original or row.code},
            "skos:notation": row.code,
            "skos:note": {"en": known_by(row)},
            "ceasn:inProgressionModel": self._scale_uri(row.framework),
        }

    def maps(self) -> Iterator[Node]:
        """Yield the alignments, those of one document and standing in one map."""
        groups: dict[tuple[Any, ...], list[LevelAlignment]] = defaultdict(list)
        for row in self._tables.level_alignments.values():
            groups[_group(row)].append(row)
        for rows in groups.values():
            yield self._map(rows, why_withheld(rows[0]))

    def _map(self, rows: Sequence[LevelAlignment], reason: str | None) -> Node:
        first = rows[0]
        ends = (first.framework_a, first.framework_b)
        node: Node = {
            "@id": row_uri(self._digest, "level_alignments", first.id),
            "@type": "ceterms:AlignmentMap",
            "ceterms:name": {"en": " - ".join(ends)},
            "ceterms:description": {"en": _standing(first, reason, rows)},
            "ceterms:compares": [self._scale_uri(end) for end in ends],
            **_dates(first.valid_from, first.valid_to),
        }
        source = self._tables.sources[first.source]
        if source.url:
            node["ceterms:source"] = source.url
        if reason is None:
            node["ceterms:hasPart"] = [self._alignment(row) for row in rows]
        else:
            self.left_out += (
                LeftOut("level_alignments", row.id, reason) for row in rows
            )
        return node

    def _alignment(self, row: LevelAlignment) -> Node:
        node: Node = {
            "@type": "ceterms:AlignmentObject",
            "ceterms:sourceNode": self._end(row.framework_a, row.level_a),
            "ceterms:alignmentType": ALIGNMENT_TYPES[row.relation],
            "ceterms:description": {"en": f"relation: {row.relation.value}"},
        }
        if row.level_b is not None:
            node["ceterms:targetNode"] = self._end(row.framework_b, row.level_b)
        return node

    def agreements(self) -> Iterator[Node]:
        """Yield the agreements that are in force and were read at least in part."""
        for row in self._tables.agreements.values():
            reason = _why_no_agreement(row)
            if reason:
                self.left_out.append(LeftOut("agreements", row.id, reason))
            else:
                yield self._agreement(row)

    def _agreement(self, row: Agreement) -> Node:
        node: Node = {
            "@id": row_uri(self._digest, "agreements", row.id),
            "@type": "ceterms:TransferAgreement",
            "ceterms:name": {"en": row.name},
            "ceterms:codedNotation": row.id,
            "ceterms:description": {"en": _effect(row)},
            **_dates(row.in_force_from, row.ended_on),
        }
        if row.signed_on:
            node["ceterms:dateSigned"] = row.signed_on.isoformat()
        source = self._tables.sources[row.source]
        if source.url:
            node["ceterms:subjectWebpage"] = source.url
        places = [
            self._tables.jurisdictions[party.jurisdiction]
            for party in self._tables.agreement_parties.values()
            if party.agreement == row.id and party.withdrawn_on is None
        ]
        if row.parties_established and places:
            node["ceterms:jurisdiction"] = [_jurisdictions(places)]
        return node

    def _end(self, framework: str, code: str) -> str:
        return level_uri(self._digest, self._levels[framework, code])

    def _scale_uri(self, framework: str) -> str:
        return row_uri(self._digest, "levels", framework)


def _group(row: LevelAlignment) -> tuple[Any, ...]:
    return (
        row.framework_a,
        row.framework_b,
        row.document,
        row.basis,
        row.endorsement,
        row.direction,
        row.evidence,
        row.source,
        row.valid_from,
        row.valid_to,
        why_withheld(row),
    )


def _standing(
    row: LevelAlignment, reason: str | None, rows: Sequence[LevelAlignment]
) -> str:
    """Return how the rows of a map are known, and the rows it must not align."""
    parts = [
        f"basis: {row.basis.value}",
        f"endorsement: {row.endorsement.value}",
        f"direction: {row.direction.value}",
        f"evidence: {row.evidence.value}",
        f"document: {row.document}" if row.document else "",
    ]
    if reason is not None:
        pairs = (
            f"{each.level_a} - {each.level_b or 'none'} ({each.relation.value})"
            for each in rows
        )
        parts += [f"not stated as alignments: {reason}", f"levels: {', '.join(pairs)}"]
    return "; ".join(filter(None, parts))


def _why_no_agreement(row: Agreement) -> str | None:
    if row.kind not in AGREEMENT_KINDS:
        return "not_an_agreement"
    if row.evidence is Evidence.UNCHECKED:
        return "unchecked"
    return None if row.status in _IN_FORCE else "not_in_force"


def _effect(row: Agreement) -> str:
    """Return what an agreement does, in the words of its row."""
    parties = "established" if row.parties_established else "not established"
    parts = [
        f"effect: {row.effect.value}",
        f"binding: {row.binding.value}",
        f"scope: {row.scope}" if row.scope else "",
        f"rule: {row.key_rule}" if row.key_rule else "",
        f"status: {row.status}",
        f"parties: {parties}",
        f"evidence: {row.evidence.value}",
    ]
    return "; ".join(filter(None, parts))


def _dates(begin: date | None, end: date | None) -> Node:
    dates = {"ceterms:dateEffective": begin, "ceterms:expirationDate": end}
    return {term: day.isoformat() for term, day in dates.items() if day}


def _jurisdictions(places: Sequence[Jurisdiction]) -> Node:
    return {
        "@type": "ceterms:JurisdictionProfile",
        "ceterms:mainJurisdiction": [
            {"@type": "ceterms:Place", "ceterms:name": {"en": place.name_en}}
            for place in places
        ],
    }
