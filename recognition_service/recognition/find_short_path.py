"""Looking up what exists about a held qualification, so that nobody examines it again.

What the tables decide comes without a question to the database; so do a claim and the
place of an award. One look-up is made besides, along an index.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.attestations.bases import base_in
from recognition_service.attestations.joint_record import is_joint
from recognition_service.attestations.models import Attestation, Status
from recognition_service.attestations.read import find_by_decision, get_attestation
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.equivalence.places import Places
from recognition_service.equivalence.precedents import precedent_statements
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Outcome
from recognition_service.recognition.alike import key_of_title, subject_of
from recognition_service.recognition.case_file import CaseFile
from recognition_service.recognition.earlier_decisions import (
    EarlierDecision,
    earlier_decisions,
)
from recognition_service.recognition.models import Applicant, RecognitionRequest
from recognition_service.recognition.proposal import Proposal
from recognition_service.recognition.short_path import WHOLE, Basis, ShortPath

_LISTS = frozenset({"agreement_titles", "annex_v_titles", "comparability_statements"})
_REVOKED_CLAIMS = frozenset({"revoked", "suspended", "superseded"})


def find_short_path(
    session: Session,
    file: CaseFile,
    proposal: Proposal,
    snapshot: Snapshot,
    *,
    now: datetime,
) -> ShortPath | None:
    """Return on what a decision can rest without an examination; None: on nothing.

    The first held qualification is meant, as everywhere in routing. A case that a rule
    decides needs no look into other cases.
    """
    listed = _agreed_list(proposal)
    if proposal.is_decided_by_rule:
        return listed
    earlier = earlier_decisions(
        session, file.request, subject_of(file), file.applicant.birth_date
    )
    return (
        _attested(session, file, snapshot.places, now)
        or _own(session, file, earlier, now)
        or _award(file, snapshot.places)
        or listed
        or _stated(file, snapshot, now)
        or _precedent(session, file, earlier)
        or _elsewhere(file, snapshot.places)
    )


def _agreed_list(proposal: Proposal) -> ShortPath | None:
    """Return the rows that decide about such a title, for this kind of decision."""
    answer = proposal.equivalence
    if answer is None or not proposal.is_listed:
        return None
    rows = [
        f"{row['table']}/{row['id']}"
        for row in answer["rows"]
        if row["table"] in _LISTS
    ] or [f"{row['table']}/{row['id']}" for row in answer["rows"]]
    return ShortPath(
        basis=Basis.AGREED_LIST,
        id=proposal.instrument or rows[0],
        outcome=answer["outcome"],
        rows=tuple(rows),
    )


def _award(file: CaseFile, places: Places) -> ShortPath | None:
    """Return the place of an award of the destination itself, or of a part of it."""
    held, destination = file.held[0], file.request.destination
    if destination not in places.lineage(held.origin):
        return None
    row = (
        f"qualifications/{held.qualification}"
        if held.qualification
        else f"jurisdictions/{held.origin}"
    )
    return ShortPath(
        basis=Basis.DESTINATION_AWARD, id=held.origin, outcome="full", rows=(row,)
    )


def _attested(
    session: Session, file: CaseFile, places: Places, now: datetime
) -> ShortPath | None:
    """Return the attestation that the held qualification names, if it says enough.

    That is one of a body of the destination over an award of its own, alone or with
    others, or over a decision of the kind that is asked for.
    """
    base = base_in(file.held[0].content)
    if base is None:
        return None
    found = get_attestation(session, base.authority_id, base.id)
    issuer = get_authority(session, base.authority_id)
    destination = file.request.destination
    if (
        issuer.mode != file.authority.mode
        or not places.are_related(issuer.jurisdiction, destination)
        or not _is_valid(found, legal_day(issuer, now))
    ):
        return None
    inputs = found.record["inputs"]
    is_award = is_joint(inputs) or destination in places.lineage(
        inputs["held"]["origin"]
    )
    if not is_award and not _is_same_decision(found.record, file.request):
        return None
    is_own = not is_award and base.authority_id == file.request.authority_id
    return ShortPath(
        basis=Basis.OWN_ATTESTATION if is_own else Basis.DESTINATION_ATTESTATION,
        id=str(base.id),
        outcome="full",
        attestation={"authority": base.authority_id, "id": str(base.id)},
    )


def _is_same_decision(record: Mapping[str, Any], request: RecognitionRequest) -> bool:
    """Tell whether an attested decision is whole and of the kind that is asked for."""
    inputs = record["inputs"]
    return (
        record["findings"]["outcome"] in WHOLE
        and inputs["decision_kind"] == request.decision_kind
        and inputs["purpose"] == request.purpose
        and inputs["destination"].get("profession") == request.profession
    )


def _own(
    session: Session, file: CaseFile, earlier: Iterable[EarlierDecision], now: datetime
) -> ShortPath | None:
    """Return the authority's own attestation over the same title of the same person.

    A person is the same by all names and the birth date; without one nobody is.
    """
    owner, awarded_on = file.request.authority_id, file.held[0].content["awarded_on"]
    for each in earlier:
        days = {awarded_on, each.held.get("awarded_on")} - {None}
        if (
            each.outcome not in WHOLE
            or len(days) > 1
            or not _is_same_person(each, file.applicant)
        ):
            continue
        found = find_by_decision(session, owner, each.decision_id)
        if found is not None and _is_valid(found, legal_day(file.authority, now)):
            return ShortPath(
                basis=Basis.OWN_ATTESTATION,
                id=str(found.id),
                outcome=each.outcome,
                attestation={"authority": owner, "id": str(found.id)},
                decision=each.as_value(),
            )
    return None


def _stated(file: CaseFile, snapshot: Snapshot, now: datetime) -> ShortPath | None:
    """Return a published precedent about the same title, for the same purpose."""
    today = legal_day(file.authority, now)
    for row in precedent_statements(snapshot, subject_of(file), on=today):
        if row.outcome is Outcome.FULL and row.purpose == file.request.purpose:
            return ShortPath(
                basis=Basis.PRECEDENT,
                id=row.id,
                outcome=row.outcome.value,
                rows=(f"comparability_statements/{row.id}",),
            )
    return None


def _precedent(
    session: Session, file: CaseFile, earlier: Iterable[EarlierDecision]
) -> ShortPath | None:
    """Return the last decision about the same title, if it recognised it in full.

    The last one counts, and not the most favourable; a revoked one is no precedent.
    """
    last = max(
        _of_same_title(file, earlier),
        key=lambda each: (each.decided_on, each.decision_id),
        default=None,
    )
    if last is None or last.outcome not in WHOLE:
        return None
    found = find_by_decision(session, file.request.authority_id, last.decision_id)
    if found is not None and found.status == Status.REVOKED:
        return None
    return ShortPath(
        basis=Basis.PRECEDENT,
        id=str(last.decision_id),
        outcome=last.outcome,
        decision=last.as_value(),
    )


def _of_same_title(
    file: CaseFile, found: Iterable[EarlierDecision]
) -> Iterator[EarlierDecision]:
    """Yield the decisions about what is the same title with some certainty.

    A type of the tables is one; a title that is only printed is the same from the same
    awarding body.
    """
    held = file.held[0]
    body = _body_key(held.content)
    for each in found:
        if held.qualification is not None:
            is_same = each.held.get("qualification") == held.qualification
        else:
            is_same = body is not None and _body_key(each.held) == body
        if is_same:
            yield each


def _elsewhere(file: CaseFile, places: Places) -> ShortPath | None:
    """Return a decision of another body of the destination, as the applicant states it.

    A prior recognition counts that names a `jurisdiction` of the destination, a whole
    `outcome` and, if any, the kind of decision that is asked for.
    """
    request = file.request
    for claim in file.held[0].content.get("prior_recognitions") or ():
        where, outcome = claim.get("jurisdiction"), claim.get("outcome")
        if (
            isinstance(where, str)
            and places.are_related(where, request.destination)
            and outcome in WHOLE
            and claim.get("decision_kind") in {None, request.decision_kind}
            and claim.get("profession") in {None, request.profession}
            and claim.get("status") not in _REVOKED_CLAIMS
        ):
            names = ("authority", "reference", "decided_on")
            told = {name: _written(claim.get(name)) for name in names}
            return ShortPath(
                basis=Basis.DECIDED_ELSEWHERE,
                id=told["reference"] or where,
                outcome=outcome,
                decision=told,
            )
    return None


def _is_valid(found: Attestation, on: date) -> bool:
    """Tell whether an attestation is issued and holds on a day."""
    return (
        found.issued_at is not None
        and found.status == Status.VALID
        and (found.validity_until is None or found.validity_until >= on)
    )


def _is_same_person(found: EarlierDecision, applicant: Applicant) -> bool:
    one, other = (
        (each.birth_date, _name_key(each.family_name), _name_key(each.given_name))
        for each in (found, applicant)
    )
    return applicant.birth_date is not None and one == other


def _name_key(name: str | None) -> str:
    return key_of_title(name or "")


def _body_key(held: Mapping[str, Any]) -> str | None:
    name = (held.get("awarding_body") or {}).get("name")
    return key_of_title(name) if name else None


def _written(value: Any) -> str | None:
    return None if value is None else str(value)
