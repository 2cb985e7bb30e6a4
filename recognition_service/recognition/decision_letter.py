"""What the letter about a decision says: everything that the law wants it to contain.

Source: Lisbon Recognition Convention, article III.5; BQFG sections 7 and 10;
Directive 2005/36/EC, article 14 (6).
"""

from typing import Any

from recognition_service.attestations.decision_record import DecisionRecord
from recognition_service.attestations.findings import OFFICER
from recognition_service.recognition.models import Decision

_OF_OFFICER = (
    "elements",
    "existing_qualifications",
    "later_possibilities",
    "reference",
)
"""What only an officer writes, and the findings do not repeat."""
_OF_FINDINGS = ("conditions", "differences", "limitations", "measures", "text")


def decision_params(decision: Decision, record: DecisionRecord) -> dict[str, Any]:
    """Return what the letter about a signed decision says.

    Besides the members that `letter_kinds` names: `decision_digest`; `legal_basis`, a
    list of texts or of ids of the edition's agreements and sources; `reasons`, each
    {code, params}; `held_level` {framework, level}; `target` {title, framework, level,
    profession}; `force`, by language; `does_not_allow`, codes; `remedy`;
    `valid_until`; and what an officer wrote. A measure may say in `chosen_by` who
    chooses it, "applicant" or "authority", and in `choose_by` until which day;
    `required_level` is as `held_level`, else the level of `target` counts.
    """
    inputs, findings = record.inputs, record.findings
    held, legal = inputs["held"], findings["legal"]
    return {
        "outcome": findings["outcome"],
        "decision_kind": inputs["decision_kind"],
        "decided_by": decision.decided_by,
        "decided_on": inputs["decided_on"],
        "decision_digest": record.digest,
        "legal_basis": list(legal["basis"]),
        "reasons": _reasons(record) if decision.decided_by != OFFICER else [],
        "held_level": {name: held.get(name) for name in ("framework", "level")},
        "target": dict(findings["target"]),
        "force": dict(legal["force"]),
        "does_not_allow": list(legal["does_not_allow"]),
        "remedy": legal["remedy"],
        "valid_until": findings["validity"]["until"],
        **{name: findings[name] for name in _OF_FINDINGS},
        **{name: (inputs["decision"] or {}).get(name) for name in _OF_OFFICER},
        "required_level": (inputs["decision"] or {}).get("level_required"),
    }


def _reasons(record: DecisionRecord) -> list[dict[str, Any]]:
    """Return the reasons of the rows, with what fills their sentences."""
    answer = record.findings["equivalence"] or {"reasons": []}
    params = {reason["code"]: reason.get("params", {}) for reason in answer["reasons"]}
    return [
        {"code": code, "params": dict(params.get(code, {}))}
        for code in record.findings["reasons"]
    ]
