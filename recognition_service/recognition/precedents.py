"""A decision that is to guide the next ones, as rows of the authority's own tables.

A precedent is a statement with `binding` as precedent: it informs whoever decides about
the same title next, and never decides by itself. It names no person.

Source: Lisbon Recognition Convention, article III.1 (the same criteria for all).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from recognition_service.attestations.errors import AttestationNotFoundError
from recognition_service.attestations.findings import OFFICER
from recognition_service.attestations.joint_record import is_joint
from recognition_service.attestations.models import Attestation, Status
from recognition_service.attestations.read import get_attestation
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.models import Authority
from recognition_service.editions.errors import DraftInvalidError
from recognition_service.editions.overlay import RowChange
from recognition_service.editions.own_rows import STATEMENTS
from recognition_service.frameworks.instruments import Binding, ObjectKind, Outcome
from recognition_service.frameworks.rows import (
    Evidence,
    LevelStatus,
    ListedBy,
    QualificationStatus,
)

_EQF = "EQF"
_DIGITS = slice(7, 19)
_OUTCOMES = {Outcome.FULL, Outcome.PARTIAL, Outcome.CONDITIONAL}
_Contents = Mapping[str, Mapping[str, Mapping[str, Any]]]


def precedent_changes(
    session: Session,
    authority_id: str,
    attestation_ids: Sequence[UUID],
    contents: _Contents,
) -> list[RowChange]:
    """Return the rows by which decisions become precedents.

    Args:
        session: A reading session.
        authority_id: Who decided.
        attestation_ids: Of the decisions.
        contents: The rows that answer the authority now, by table and id.

    Raises:
        DraftInvalidError: One is not attested here, is not in force, was not decided
            by an officer, compares with nothing, or is a precedent already.
    """
    authority = get_authority(session, authority_id)
    faults = []
    changes: dict[tuple[str, str], RowChange] = {}
    for number, attestation_id in enumerate(attestation_ids):
        try:
            found = get_attestation(session, authority_id, attestation_id)
        except AttestationNotFoundError as error:
            faults.append(_fault(number, "unknown_attestation", str(error)))
            continue
        problem = _problem(found, contents, authority_id)
        if problem is not None:
            faults.append(_fault(number, *problem))
            continue
        for change in _rows(found, authority, contents):
            changes[change.table, change.id] = change
    if faults:
        raise DraftInvalidError("A decision is no precedent.", tuple(faults))
    return list(changes.values())


def _problem(
    found: Attestation, contents: _Contents, authority_id: str
) -> tuple[str, str] | None:
    inputs = found.record["inputs"]
    if is_joint(inputs) or inputs["decided_by"] != OFFICER:
        return "not_by_officer", "Only what an officer decided is a precedent."
    if found.status != Status.VALID:
        return "not_in_force", f"The attestation is {found.status}."
    findings = found.record["findings"]
    target = findings["target"]
    if findings["outcome"] not in _OUTCOMES:
        return "no_such_outcome", f"“{findings['outcome']}” is no precedent."
    if not (_reference(found) or target["level"]):
        return "no_counterpart", "The decision names nothing that it compares with."
    if _statement_id(found, authority_id) in contents.get(STATEMENTS, {}):
        return "precedent_already", "It is a precedent already."
    return None


def _rows(
    found: Attestation, authority: Authority, contents: _Contents
) -> Iterable[RowChange]:
    """Yield the statement and the rows that it needs and nobody has."""
    inputs, findings = found.record["inputs"], found.record["findings"]
    held = inputs["held"]
    source, office = f"{authority.id}:decisions", f"{authority.id}:office"
    yield from _registers(authority, contents, source=source, office=office)
    qualification = held.get("qualification")
    title = held.get("title") or ""
    if qualification is None:
        qualification = f"{authority.id}:title-{found.decision_digest[_DIGITS]}"
        yield _held_type(qualification, held, source)
    else:
        title = contents["qualifications"][qualification]["title"]
    objects = list(_objects(found, authority, contents, source))
    yield from (change for change in objects if change.content is not None)
    target = findings["target"]
    is_eqf = target["framework"] == _EQF
    is_open = findings["conditions"] or findings["measures"] or findings["limitations"]
    yield _row(
        STATEMENTS,
        _statement_id(found, authority.id),
        source,
        issuer=office,
        origin=held["origin"],
        qualification=qualification,
        title=title,
        destination=inputs["destination"]["jurisdiction"],
        conditions="As the decision set them in that case" if is_open else None,
        object_kind=ObjectKind.REFERENCE_QUALIFICATION
        if objects
        else ObjectKind.LISTED_LEVEL,
        objects=objects[0].id if objects else None,
        destination_framework=None if is_eqf else target["framework"],
        destination_levels=None if is_eqf else target["level"],
        eqf_levels=target["level"] if is_eqf else None,
        outcome=findings["outcome"],
        purpose=inputs["purpose"],
        binding=Binding.PRECEDENT,
        legal_basis="; ".join(findings["legal"]["basis"]) or None,
        profession=inputs["destination"].get("profession"),
        as_of=inputs["decided_on"],
        note=f"Decision {found.decision_digest}",
    )


def _registers(
    authority: Authority, contents: _Contents, *, source: str, office: str
) -> Iterable[RowChange]:
    if source not in contents.get("sources", {}):
        content = {
            "id": source,
            "title": f"Decisions of {authority.name}",
            "publisher": authority.name,
            "evidence": Evidence.SOURCE_READ.value,
        }
        yield RowChange("sources", source, content)
    if office not in contents.get("organisations", {}):
        yield _row(
            "organisations",
            office,
            source,
            name=authority.name,
            jurisdiction=authority.jurisdiction,
        )


def _held_type(qualification: str, held: Mapping[str, Any], source: str) -> RowChange:
    """Return the type of a title that no table had."""
    return _row(
        "qualifications",
        qualification,
        source,
        jurisdiction=held["origin"],
        title=held["title"],
        language=held.get("title_language"),
        level_status=LevelStatus.UNVERIFIED,
        status=QualificationStatus.UNKNOWN,
        listed_by=ListedBy.STATEMENT,
    )


def _reference(found: Attestation) -> str | None:
    """Return the id of the qualification that the officer compared with."""
    reference = (found.record["inputs"]["decision"] or {}).get("reference") or {}
    named: str | None = reference.get("qualification")
    return named


def _objects(
    found: Attestation, authority: Authority, contents: _Contents, source: str
) -> Iterable[RowChange]:
    """Yield the reference qualification; without content if there is one already."""
    named = _reference(found)
    if named is None:
        return
    if named in contents.get("reference_qualifications", {}):
        yield RowChange("reference_qualifications", named, None)
        return
    target = found.record["findings"]["target"]
    row = contents.get("qualifications", {}).get(named, {})
    yield _row(
        "reference_qualifications",
        f"{authority.id}:reference-{found.decision_digest[_DIGITS]}",
        source,
        jurisdiction=target["jurisdiction"][0],
        title=row.get("title") or target["title"],
        language=row.get("language"),
        framework=row.get("framework"),
        levels=row.get("level"),
    )


def _statement_id(found: Attestation, authority_id: str) -> str:
    return f"{authority_id}:precedent-{found.decision_digest[_DIGITS]}"


def _row(table: str, row_id: str, source: str, **cells: str | None) -> RowChange:
    content = {
        "id": row_id,
        **cells,
        "evidence": Evidence.SOURCE_READ.value,
        "source": source,
        "revision": "1",
    }
    kept = {column: str(cell) for column, cell in content.items() if cell}
    return RowChange(table, row_id, kept)


def _fault(number: int, code: str, detail: str) -> Mapping[str, Any]:
    return {"pointer": f"/precedents/{number}", "code": code, "detail": detail}
