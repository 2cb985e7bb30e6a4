"""Publishing rules of eligibility, and the people who opted in to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recognition_service.attestations.joint_record import decision_in
from recognition_service.attestations.models import Attestation
from recognition_service.attestations.read import find_by_request, status_on
from recognition_service.authorities.access import Caller
from recognition_service.authorities.found import get_authority, legal_day
from recognition_service.authorities.peers import wire_name
from recognition_service.delivery.claim import opened_claim
from recognition_service.delivery.eligibility import (
    Attested,
    Met,
    Results,
    RulePurpose,
    assess,
    fulfils,
    rule_faults,
)
from recognition_service.delivery.errors import (
    EligibilityRuleInvalidError,
    EligibilityRuleNotFoundError,
    OptInNotFoundError,
)
from recognition_service.delivery.models import EligibilityOptIn, EligibilityRule
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.recognition.case_file import open_file
from recognition_service.recognition.language_proofs import held_languages
from recognition_service.storage import audit
from recognition_service.storage.ids import new_id
from recognition_service.storage.upsert import insert_for

_HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule as it comes in; `criteria` as in `eligibility.rule_faults`."""

    purpose: RulePurpose
    title: Mapping[str, str]
    criteria: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who opted in, named by a reference that means nothing elsewhere.

    Attributes:
        name: What the person wants to be called by; None: the person is not named.
    """

    reference: UUID
    results: Results
    name: Mapping[str, str | None] | None

    @property
    def fulfils(self) -> Met:
        """Whether all criteria are met."""
        return fulfils(self.results)


def publish_rule(
    session: Session, caller: Caller, new: NewRule, *, snapshot: Snapshot, now: datetime
) -> EligibilityRule:
    """Publish a rule. The caller owns the transaction; a rule never changes.

    Raises:
        EligibilityRuleInvalidError: It asks for what the tables do not know.
    """
    faults = rule_faults(new.criteria, snapshot)
    if faults:
        raise EligibilityRuleInvalidError("The rule does not fit.", tuple(faults))
    rule = EligibilityRule(
        authority_id=caller.authority_id,
        id=new_id(now),
        purpose=new.purpose,
        title=dict(new.title),
        criteria=dict(new.criteria),
        published_at=now,
        published_by=caller.actor,
    )
    session.add(rule)
    _note(session, rule, "published", caller.actor, now)
    return rule


def withdraw_rule(
    session: Session, caller: Caller, rule_id: UUID, *, now: datetime
) -> None:
    """Withdraw a rule, and forget who opted in. The caller owns the transaction.

    Raises:
        EligibilityRuleNotFoundError: The authority has no such rule.
    """
    rule = own_rule(session, caller.authority_id, rule_id)
    session.execute(
        delete(EligibilityOptIn).where(
            EligibilityOptIn.authority_id == rule.authority_id,
            EligibilityOptIn.rule_id == rule.id,
        )
    )
    _note(session, rule, "withdrawn", caller.actor, now)
    session.delete(rule)


def own_rule(session: Session, authority_id: str, rule_id: UUID) -> EligibilityRule:
    """Return a rule of an authority.

    Raises:
        EligibilityRuleNotFoundError: It has no such rule.
    """
    rule = session.get(EligibilityRule, (authority_id, rule_id))
    if rule is None:
        raise EligibilityRuleNotFoundError(f"There is no rule {rule_id}.")
    return rule


def published_rule(session: Session, rule_id: UUID) -> EligibilityRule:
    """Return a rule, whoever published it.

    Raises:
        EligibilityRuleNotFoundError: There is none.
    """
    rule = session.scalars(
        select(EligibilityRule).where(EligibilityRule.id == rule_id)
    ).first()
    if rule is None:
        raise EligibilityRuleNotFoundError(f"There is no rule {rule_id}.")
    return rule


def published_rules(
    session: Session, *, after: UUID | None, limit: int
) -> list[EligibilityRule]:
    """Return the rules of all authorities, oldest first."""
    statement = select(EligibilityRule).order_by(EligibilityRule.id).limit(limit)
    if after is not None:
        statement = statement.where(EligibilityRule.id > after)
    return list(session.scalars(statement))


def candidates(
    session: Session,
    rule: EligibilityRule,
    *,
    snapshot: Snapshot,
    after: UUID | None,
    limit: int,
    now: datetime,
) -> tuple[list[Candidate], UUID | None]:
    """Return who opted in and may fulfil a rule now, in the order of the references.

    References are random, so that the order ranks nobody. Who does not meet a
    criterion is not told.

    Returns:
        The candidates of so many opt-ins, and where to go on; None: that was all.
    """
    statement = select(EligibilityOptIn).where(
        EligibilityOptIn.authority_id == rule.authority_id,
        EligibilityOptIn.rule_id == rule.id,
    )
    if after is not None:
        statement = statement.where(EligibilityOptIn.id > after)
    rows = session.scalars(
        statement.order_by(EligibilityOptIn.id).limit(limit + 1)
    ).all()
    found = [_candidate(session, rule, row, snapshot, now) for row in rows[:limit]]
    following = rows[limit - 1].id if len(rows) > limit else None
    return [each for each in found if each.fulfils is not Met.NOT_MET], following


def opt_in(
    session: Session,
    claim_token: str,
    rule_id: UUID,
    *,
    disclose_name: bool,
    snapshot: Snapshot,
    now: datetime,
) -> Candidate:
    """Let the holder of a claim take part in a rule; once more changes the name only.

    The caller owns the transaction. The authority of the case is not told.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
        EligibilityRuleNotFoundError: There is no such rule, or one of the other mode.
    """
    opened = opened_claim(session, claim_token, now=now)
    rule = published_rule(session, rule_id)
    modes = {
        get_authority(session, each).mode
        for each in (rule.authority_id, opened.authority_id)
    }
    if len(modes) > 1:
        raise EligibilityRuleNotFoundError(f"There is no rule {rule_id}.")
    place = {
        "authority_id": rule.authority_id,
        "rule_id": rule.id,
        "holder_id": opened.authority_id,
        "request_id": opened.request_id,
    }
    session.execute(
        insert_for(session, EligibilityOptIn)
        .values(id=uuid4(), disclose_name=disclose_name, **place)
        .on_conflict_do_update(
            index_elements=list(place), set_={"disclose_name": disclose_name}
        )
    )
    row = session.scalars(
        select(EligibilityOptIn)
        .filter_by(**place)
        .execution_options(populate_existing=True)
    ).one()
    _note(session, rule, "opted_in", _HOLDER, now)
    return _candidate(session, rule, row, snapshot, now)


def opt_out(
    session: Session, claim_token: str, rule_id: UUID, *, now: datetime
) -> None:
    """Forget that the holder of a claim took part. The caller owns the transaction.

    Raises:
        ClaimTokenError: The claim is unknown or its half hour is over.
        OptInNotFoundError: The holder does not take part.
    """
    opened = opened_claim(session, claim_token, now=now)
    mine = opt_ins_of(session, opened.authority_id, opened.request_id)
    (row,) = [each for each in mine if each.rule_id == rule_id] or (None,)
    if row is None:
        raise OptInNotFoundError("You do not take part in such a rule.")
    _note(session, published_rule(session, rule_id), "opted_out", _HOLDER, now)
    session.delete(row)


def opt_ins_of(
    session: Session, authority_id: str, request_id: UUID
) -> Sequence[EligibilityOptIn]:
    """Return in which rules the person of a case takes part."""
    return session.scalars(
        select(EligibilityOptIn)
        .where(
            EligibilityOptIn.holder_id == authority_id,
            EligibilityOptIn.request_id == request_id,
        )
        .order_by(EligibilityOptIn.rule_id)
    ).all()


def _candidate(
    session: Session,
    rule: EligibilityRule,
    row: EligibilityOptIn,
    snapshot: Snapshot,
    now: datetime,
) -> Candidate:
    owner = row.holder_id
    file = open_file(session, owner, row.request_id, despite_block=True)
    today = legal_day(file.authority, now)
    issued = find_by_request(session, owner, row.request_id)
    results = assess(
        rule.criteria,
        [_attested(each, wire_name(session, owner), today) for each in issued],
        languages=held_languages(session, owner, row.request_id),
        birth_date=file.applicant.birth_date,
        day=legal_day(get_authority(session, rule.authority_id), now),
        snapshot=snapshot,
    )
    name = {
        "family_name": file.applicant.family_name,
        "given_name": file.applicant.given_name,
    }
    return Candidate(row.id, results, name if row.disclose_name else None)


def _attested(attestation: Attestation, issuer: str, today: date) -> Attested:
    record = attestation.record
    inputs, findings = decision_in(record["inputs"], record["findings"], issuer)
    target = findings["target"]
    return Attested(
        status=status_on(attestation, today),
        decision_kind=inputs["decision_kind"],
        outcome=findings["outcome"],
        places=tuple(target.get("jurisdiction") or ()),
        profession=target.get("profession"),
        framework=target.get("framework"),
        level=target.get("level"),
        eqf=target.get("eqf"),
    )


def _note(
    session: Session, rule: EligibilityRule, act: str, actor: str, now: datetime
) -> None:
    """Write down an act on a rule; of the person who acts nothing is kept."""
    audit.append(
        session,
        rule.authority_id,
        actor=actor,
        action=f"eligibility_rule.{act}",
        subject=f"eligibility_rule/{rule.id}",
        content={},
        now=now,
    )
