"""The one record of an award that several bodies make jointly: pure, and frozen.

Each body has decided about its own award; this record is what all of them attest, so
that one digest stands in every token. Its findings follow from its inputs alone, and
what a single body attests is read out of them by its role.

Inputs are plain JSON values:

- `kind` ("joint_award"), `nonce`, `engine`, `edition` {base, overlay};
- `group`: random UUID that all tokens carry; `subject_nonce`: what makes the digest
  of the person a secret of those who know the record;
- `holder` {family_name, given_name, birth_date, name_on_evidence};
- `decision_kind`, `purpose`, `decided_on`, `legal` {force, does_not_allow};
- `targets`, each {key, issuer, qualification {title, framework, level, eqf},
  jurisdiction, profession, requirements, legal_basis}; bodies are named by their URLs
  as issuers, which are the same in every installation;
- `units` that counted, each {id, …, counts_for [{target, rule}], result};
- `awards`, each {target, awarded_on, how};
- `missing`: what each target lacked, by key; empty where everything was there.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from recognition_service import wording
from recognition_service.attestations.decision_record import (
    ENGINE,
    DecisionRecord,
    new_nonce,
)
from recognition_service.attestations.errors import (
    JointAwardInvalidError,
    JointAwardNotEarnedError,
)
from recognition_service.credentials import base64url
from recognition_service.credentials.canonical import canonical_bytes, digest_of_bytes

KIND = "joint_award"
EARNED = "earned"
_FULL = "full"
_MOST_TARGETS = 10
_FEWEST_TARGETS = 2
_SUBJECT = ("birth_date", "family_name", "given_name")

Missing = Callable[[Mapping[str, Any]], Mapping[str, Sequence[Any]]]
"""Returns from the inputs what each target lacks, by its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointDecision:
    """What several bodies have decided about one person, each about its own award.

    Attributes:
        holder: `family_name`, `given_name`, `birth_date`, `name_on_evidence`.
        edition: Digest of the shared edition that was in force.
        targets: As in the inputs; keys and issuers differ.
        units: As in the inputs, with their results.
        awards: As in the inputs, one for each target.
        missing: What each target lacks, by its key.
        decided_on: The day on which the last body had decided.
    """

    holder: Mapping[str, Any]
    edition: str
    targets: Sequence[Mapping[str, Any]]
    units: Sequence[Mapping[str, Any]]
    awards: Sequence[Mapping[str, Any]]
    decided_on: date
    missing: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    decision_kind: str = "equivalence_finding"
    purpose: str = "general_employment"
    does_not_allow: Sequence[str] = ("regulated_profession", "licence")


def freeze(decision: JointDecision) -> DecisionRecord:
    """Return the record that all bodies will attest.

    Each call draws its own nonces and group: what was frozen twice is two awards.

    Raises:
        JointAwardInvalidError: Not two to ten different targets.
        JointAwardNotEarnedError: A target lacks something, was not awarded by the day
            of the decision, or was awarded by recognising another award.
    """
    for name in ("key", "issuer"):
        named = [target[name] for target in decision.targets]
        if not _FEWEST_TARGETS <= len(set(named)) == len(named) <= _MOST_TARGETS:
            raise JointAwardInvalidError(
                f"A joint award has two to ten targets, each with a {name} of its own."
            )
    inputs = _inputs(decision)
    findings = joint_findings(inputs)
    lacking = [
        key
        for key, found in findings["targets"].items()
        if found["outcome"] != _FULL or found["validity"]["from"] > inputs["decided_on"]
    ]
    if lacking:
        raise JointAwardNotEarnedError(
            tuple(lacking),
            {key: findings["targets"][key]["missing"] for key in lacking},
        )
    return DecisionRecord(inputs, findings)


def is_joint(inputs: Mapping[str, Any]) -> bool:
    """Tell whether these are the inputs of a joint award."""
    return inputs.get("kind") == KIND


def recorded_missing(inputs: Mapping[str, Any]) -> Mapping[str, Sequence[Any]]:
    """Return what the inputs themselves say is missing."""
    missing: Mapping[str, Sequence[Any]] = inputs["missing"]
    return missing


def joint_findings(
    inputs: Mapping[str, Any], *, missing: Missing = recorded_missing
) -> dict[str, Any]:
    """Compute what follows from the inputs, for each target.

    The rules of progress are passed in; what they need stands in the inputs.
    """
    lacks = missing(inputs)
    return {
        "subject": joint_subject(inputs["subject_nonce"], inputs["holder"]),
        "required": [target["issuer"] for target in inputs["targets"]],
        "targets": {
            target["key"]: _target_findings(
                inputs, target, list(lacks.get(target["key"], ()))
            )
            for target in inputs["targets"]
        },
    }


def joint_subject(nonce: str, holder: Mapping[str, Any]) -> str:
    """Return the digest that stands for a person in the tokens of one award.

    Who does not know the nonce learns nothing from it, and it differs from award to
    award.

    Args:
        nonce: 128 random bits, base64url.
        holder: The person; what is not known is null.

    Source: RFC 8785 (the canonical form of the person).
    """
    person = canonical_bytes({name: holder.get(name) for name in _SUBJECT})
    return digest_of_bytes(base64url.decode(nonce) + person)


def role_of(inputs: Mapping[str, Any], issuer: str) -> str:
    """Return the key of a body's own target, by its URL as an issuer.

    Raises:
        KeyError: It has no part in the award.
    """
    for target in inputs["targets"]:
        if issuer == target["issuer"]:
            return str(target["key"])
    raise KeyError(issuer)


def decision_in(
    inputs: Mapping[str, Any], findings: Mapping[str, Any], issuer: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the inputs and findings of what a body attests by a record of any kind.

    Of the record of a joint award they are those of its own award; `issuer` is the
    body's URL as an issuer.
    """
    if is_joint(inputs):
        return decision_of(inputs, findings, role_of(inputs, issuer))
    return inputs, findings


def decision_of(
    inputs: Mapping[str, Any], findings: Mapping[str, Any], role: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return one body's decision, in the members that every decision has.

    The qualification held is the body's own award, so that nothing of the other
    awards is told; what it counts as is the same.
    """
    found = findings["targets"][role]
    target, (jurisdiction,) = found["target"], found["target"]["jurisdiction"]
    held = {
        "title": target["title"],
        "origin": jurisdiction,
        "framework": target["framework"],
        "level": target["level"],
        "awarded_on": found["validity"]["from"],
        "authenticity": {"grade": "issuer_signed"},
    }
    own = {
        name: inputs[name]
        for name in ("engine", "edition", "holder", "decision_kind", "purpose")
    }
    same: dict[str, Any] = {
        "conditions": [],
        "measures": [],
        "limitations": [],
        "rows": [],
    }
    # No officer decided on the award of a track.
    return {**own, "held": held, "decision": None}, {**same, **found}


def _inputs(decision: JointDecision) -> dict[str, Any]:
    return {
        "kind": KIND,
        "nonce": new_nonce(),
        "engine": ENGINE,
        # No overlay: it would be the own rows of one body, and all attest the same.
        "edition": {"base": decision.edition, "overlay": None},
        "group": str(uuid.uuid4()),
        "subject_nonce": new_nonce(),
        "holder": dict(decision.holder),
        "decision_kind": decision.decision_kind,
        "purpose": decision.purpose,
        "decided_on": decision.decided_on.isoformat(),
        "legal": {
            "force": {
                language: wording.text("joint_award.force", language=language)
                for language in wording.LANGUAGES
            },
            "does_not_allow": list(decision.does_not_allow),
        },
        "targets": [dict(target) for target in decision.targets],
        "units": [dict(unit) for unit in decision.units],
        "awards": [dict(award) for award in decision.awards],
        "missing": {key: list(lacks) for key, lacks in decision.missing.items()},
    }


def _target_findings(
    inputs: Mapping[str, Any], target: Mapping[str, Any], lacks: list[Any]
) -> dict[str, Any]:
    key, qualification = target["key"], target["qualification"]
    units = [
        (unit, counted["rule"])
        for unit in inputs["units"]
        for counted in unit["counts_for"]
        if counted["target"] == key
    ]
    lacks += [
        {"requirement": "result", "unit": unit["id"]}
        for unit, _ in units
        if not unit.get("result")
    ]
    awarded_on = _awarded_on(inputs, key)
    rules = list(dict.fromkeys(rule for _, rule in units))
    return {
        "outcome": _FULL if awarded_on is not None and not lacks else None,
        "units": [unit["id"] for unit, _ in units],
        "missing": lacks,
        "target": {
            "title": qualification["title"],
            "framework": qualification.get("framework"),
            "level": qualification.get("level"),
            "eqf": qualification.get("eqf"),
            "jurisdiction": [target["jurisdiction"]],
            "profession": target.get("profession"),
        },
        "legal": {
            "regime": None,
            "basis": list(target.get("legal_basis") or rules or [KIND]),
            "force": dict(inputs["legal"]["force"]),
            "does_not_allow": list(inputs["legal"]["does_not_allow"]),
            "remedy": target.get("remedy"),
        },
        "validity": {"from": awarded_on or inputs["decided_on"], "until": None},
    }


def _awarded_on(inputs: Mapping[str, Any], key: str) -> str | None:
    """Return when a target was awarded for what the person did, else None."""
    for award in inputs["awards"]:
        if award["target"] == key and award["how"] == EARNED:
            return str(award["awarded_on"]) if award["awarded_on"] else None
    return None
