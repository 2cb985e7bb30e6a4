"""A programme as the JSON value that the interface promises, without sentences.

What the source says in short stands beside the parts that were read out of it; what
it does not say is "unknown", null or an empty list, and never no.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from recognition_service.equivalence.programmes import Described
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.programmes import (
    BodyRole,
    Element,
    ElementValue,
    FigureKind,
    Programme,
    ProgrammeFigure,
    Side,
)

_PRECISION = {4: "year", 7: "month", 10: "day"}
# Where the report says it of such programmes in general, and of none by name.
GENERIC_REF = "§6.1"


def summary(found: Described) -> dict[str, Any]:
    """Return what lists tell of a programme."""
    row = found.row
    return {
        **_named(row),
        "kind": row.kind,
        "status": row.status_in_paper,
        "parent": row.parent_id,
        "parties": {
            side.value: [
                party.jurisdiction for party in found.on(side) if party.jurisdiction
            ]
            for side in Side
        },
        "sectors": row.sectors_paper,
        "elements": {
            element.value: found.element(element).value for element in Element
        },
        "dual_certification": found.dual_certification.value,
        "evidence": row.evidence.value,
        "source": row.source,
    }


def document(snapshot: Snapshot, found: Described) -> dict[str, Any]:
    """Return all that is known of a programme."""
    row, programmes = found.row, snapshot.programmes
    parent = programmes.get(row.parent_id) if row.parent_id else None
    return {
        **_named(row),
        "kind": row.kind,
        "status": row.status_in_paper,
        "legal_form": row.legal_form,
        "parent": _named(parent.row) if parent else None,
        "components": [_named(programmes[code].row) for code in found.components],
        "parties": {
            side.value: [
                {"jurisdiction": party.jurisdiction, "note": party.note}
                for party in found.on(side)
            ]
            for side in Side
        },
        "bodies": {
            role.value: [
                {"name": body.name, "note": body.note}
                for body in found.bodies
                if body.role is role
            ]
            for role in BodyRole
        },
        "target_group": row.target_group,
        "sectors": row.sectors_paper,
        "occupations": {"isco08": list(row.isco08_mapped), "mapped_by": "service"},
        "fields": {"isced_f": list(row.isced_f_mapped), "mapped_by": "service"},
        "dates": {
            "start": _dated(row.start),
            "end": _dated(row.end),
            "note": row.duration_note,
        },
        **_parts(found),
        "elements": elements(found),
        "dual_certification": element_value(row, found.dual_certification),
        "outcomes": row.outcome_indicators_paper,
        "said": _said(row),
        "notes": _notes(row),
        "paper": row.paper,
        "paper_ref": row.paper_ref,
        "evidence": row.evidence.value,
        "source": row.source,
        "revision": row.revision,
        "sources": _sources(snapshot, found),
    }


def comparison(programmes: Sequence[Described]) -> dict[str, Any]:
    """Return programmes side by side, by the five elements."""
    return {
        "programmes": [summary(found) for found in programmes],
        "elements": [
            {
                "element": element.value,
                "values": {
                    found.row.id: element_value(found.row, found.element(element))
                    for found in programmes
                },
            }
            for element in Element
        ],
        "dual_certification": {
            found.row.id: element_value(found.row, found.dual_certification)
            for found in programmes
        },
    }


def elements(found: Described) -> dict[str, dict[str, Any]]:
    """Return the five elements with the place in the source that says so."""
    return {
        element.value: element_value(found.row, found.element(element))
        for element in Element
    }


def element_value(row: Programme, value: ElementValue) -> dict[str, Any]:
    """Return a value with its source; what nothing says has none."""
    match value:
        case ElementValue.YES | ElementValue.NO:
            place = row.paper_ref
        case ElementValue.GENERIC:
            place = GENERIC_REF
        case ElementValue.UNKNOWN:
            place = None
    is_said = value is not ElementValue.UNKNOWN
    return {
        "value": value.value,
        "source": row.source if is_said else None,
        "paper_ref": place,
    }


def _named(row: Programme) -> dict[str, Any]:
    return {"id": row.id, "names": {"en": row.name_en, "fr": row.name_paper_fr}}


def _dated(text: str | None) -> dict[str, str | None] | None:
    """Return a date as precise as it is known."""
    return {"value": text, "precision": _PRECISION.get(len(text))} if text else None


def _parts(found: Described) -> dict[str, Any]:
    return {
        "figures": [
            {
                "kind": figure.kind.value,
                "value_from": figure.value_from,
                "value_to": figure.value_to,
                "unit": figure.unit.value,
                "period": figure.period.value,
                "years": figure.years,
                "note": figure.note,
                "paper_ref": figure.paper_ref,
            }
            for figure in sorted(found.figures, key=_is_reached)
        ],
        "limits": {
            "apply_to": "admission",
            "items": [
                {
                    "kind": limit.kind.value,
                    "age_min": limit.age_min,
                    "age_max": limit.age_max,
                    "months_min": limit.months_min,
                    "months_max": limit.months_max,
                    "renewal_months": limit.renewal_months,
                    "note": limit.note,
                    "paper_ref": limit.paper_ref,
                }
                for limit in found.limits
            ],
        },
        "costs": [
            {
                "what": cost.what,
                "payer": cost.payer,
                "payer_type": cost.payer_type.value,
                "share": cost.share,
                "note": cost.note,
                "paper_ref": cost.paper_ref,
            }
            for cost in found.costs
        ],
        "training_location": found.row.training_location or "unknown",
        "phases": [
            {
                "order": phase.order,
                "place": phase.place.value,
                "kind": phase.kind.value,
                "note": phase.note,
                "paper_ref": phase.paper_ref,
            }
            for phase in found.phases
        ],
    }


def _is_reached(figure: ProgrammeFigure) -> bool:
    """Tell what was reached from what was aimed at, which stands first."""
    return figure.kind is FigureKind.ACHIEVED


def _said(row: Programme) -> dict[str, str | None]:
    """Return the texts from which parties, bodies, figures and the rest were read."""
    return {
        "partners": row.partners_note,
        "implementing_bodies": row.implementing_bodies,
        "funding_bodies": row.funding_bodies,
        "planned": row.planned_note,
        "achieved": row.achieved_note,
        "stay": row.stay_limit,
        "costs": row.cost_sharing,
    }


def _notes(row: Programme) -> list[dict[str, str]]:
    """Return what is to be known besides.

    `remark` tells readers what the source leaves open; `reading` is how the register
    put it; `outside_knowledge` alone is not in the source.
    """
    texts = (
        ("remark", row.note),
        ("reading", row.paper_note),
        ("outside_knowledge", row.outside_knowledge),
    )
    return [{"kind": kind, "text": text} for kind, text in texts if text]


def _sources(snapshot: Snapshot, found: Described) -> Mapping[str, Any]:
    parts = (
        *found.parties,
        *found.bodies,
        *found.figures,
        *found.limits,
        *found.costs,
        *found.phases,
    )
    used = dict.fromkeys((found.row.source, *(part.source for part in parts)))
    known = snapshot.tables.sources
    return {
        code: {
            "title": known[code].title,
            "publisher": known[code].publisher,
            "year": known[code].year,
            "url": known[code].url,
            "note": known[code].note,
        }
        for code in used
        if code in known
    }
