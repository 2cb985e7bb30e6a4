"""Routing a request: the tables are asked, and the regime is chosen."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.standing_orders import instruments_ordered
from recognition_service.recognition.case_file import (
    CaseFile,
    EditionAtHand,
    inputs_of,
)
from recognition_service.recognition.find_short_path import find_short_path
from recognition_service.recognition.models import ApplicantBackground
from recognition_service.recognition.proposal import Proposal, propose
from recognition_service.recognition.short_path import (
    SHORT_PATH,
    without_short_path,
)
from recognition_service.regimes.lifecycle import CaseState


def route(
    session: Session, file: CaseFile, edition: EditionAtHand, *, now: datetime
) -> Proposal:
    """Ask the tables, choose the regime and write both into the request.

    The caller owns the transaction. A case in which a step was taken stays under the
    regime by which it was begun, unless a rule decides it. Whether it needs no
    examination is looked up each time, until somebody examined it or decided.

    Raises:
        RequestInvalidError: A code is in no row of the edition.
        RegimeNotApplicableError: The regime that is asked for does not apply.
    """
    request = file.request
    inputs = inputs_of(file, edition, decided_by="rule", content=None, now=now)
    background = session.get_one(
        ApplicantBackground, (request.authority_id, file.applicant.id)
    )
    proposal = propose(
        inputs,
        edition.compiled,
        instruments_ordered(session, request.authority_id),
        beneficiary=background.beneficiary_basis,
        wanted=request.wanted_regime,
    )
    request.equivalence = (
        dict(proposal.equivalence) if proposal.equivalence is not None else None
    )
    request.instrument = proposal.instrument
    reasons = without_short_path(request.routing_reasons)
    path = _short_path(session, file, proposal, edition, now)
    if request.status == CaseState.SUBMITTED or proposal.is_decided_by_rule:
        request.regime = proposal.regime.id
        request.procedure = proposal.regime.procedure
        reasons = [
            {"code": code, "params": dict(params)}
            for code, params in proposal.routing_reasons
        ]
        request.edition = edition.as_value()
    request.routing_reasons = [*reasons, *path]
    request.short_path = path[0]["params"]["basis"] if path else None
    return proposal


def _short_path(
    session: Session,
    file: CaseFile,
    proposal: Proposal,
    edition: EditionAtHand,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the reason for which no examination is needed, or none."""
    request = file.request
    if request.re_examined_at is not None or file.signed is not None:
        known = request.routing_reasons
        return [each for each in known if each["code"] == SHORT_PATH]
    found = find_short_path(session, file, proposal, edition.compiled.snapshot, now=now)
    return [] if found is None else [found.reason()]
