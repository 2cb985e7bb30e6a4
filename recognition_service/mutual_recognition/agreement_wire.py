"""Following an agreement that another installation leads, and reading its text.

What is told is believed only as far as it can be checked: the digest is computed anew,
and every signature of the other side is verified, before anything is published here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from recognition_service.authorities.access import Caller
from recognition_service.authorities.elsewhere import is_elsewhere
from recognition_service.authorities.found import get_authority
from recognition_service.authorities.peers import local_name
from recognition_service.exchange.errors import BodyUnfitError
from recognition_service.exchange.post import settle
from recognition_service.exchange.receive import Envelope
from recognition_service.exchange.wire import Body
from recognition_service.frameworks.instruments import Purpose
from recognition_service.mutual_recognition.agreement import (
    AgreementState,
    digest_of,
    note_act,
    parties_of,
)
from recognition_service.mutual_recognition.agreement_content import (
    MOST_TITLES,
    AgreedBinding,
    AgreedOutcome,
)
from recognition_service.mutual_recognition.agreement_signature import (
    require_sent_signature,
    require_signature,
)
from recognition_service.mutual_recognition.agreement_standing import (
    require_following,
    require_own_acts,
    require_whole,
    standing_of,
)
from recognition_service.mutual_recognition.models import (
    AgreementRevision,
    NegotiatedAgreement,
)
from recognition_service.mutual_recognition.sign_agreement import (
    Publisher,
    publish_ended,
    publish_signed,
)

_STATE = (
    "cause state parties revision revised_by revised_at proposed_at content digest "
    "signatures in_force_from withdrawn_by ended_on"
)
_TEXT = "name binding purpose criteria in_force_from awarded_from titles"
_TITLE = (
    "origin title language title_en qualification framework level destination outcome "
    "profession conditions counterpart"
)
_COUNTERPART = "title language title_en qualification"
_PARTIES = 2
_LONGEST = 500


def read_text(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the text of an agreement that came from elsewhere, as it is kept.

    Raises:
        BodyUnfitError: It is no such text.
    """
    text = Body(dict(content), _TEXT, at="/content")
    text.text("name", longest=_LONGEST)
    text.word("binding", AgreedBinding)
    text.word("purpose", Purpose)
    text.optional("criteria", text.texts)
    text.optional("in_force_from", text.day)
    text.optional("awarded_from", text.day)
    titles = list(text.each("titles", _TITLE))
    if not 0 < len(titles) <= MOST_TITLES:
        raise BodyUnfitError(f"/content/titles has 1 to {MOST_TITLES} titles.")
    for title in titles:
        title.word("outcome", AgreedOutcome)
        counterpart = title.within("counterpart", _COUNTERPART)
        for name in ("origin", "title", "destination"):
            title.text(name, longest=_LONGEST)
        for name in set(_TITLE.split()) - {
            *("origin", "title", "destination", "outcome", "counterpart")
        }:
            title.optional(name, title.text)
        counterpart.text("title", longest=_LONGEST)
        for name in ("language", "title_en", "qualification"):
            counterpart.optional(name, counterpart.text)
    return dict(content)


def follow_agreement(
    session: Session,
    envelope: Envelope,
    publisher: Publisher,
    *,
    now: datetime,
) -> list[str]:
    """Keep how an agreement stands, as who proposed it tells.

    The caller owns the transaction.

    Returns:
        The parties here for which something was published.

    Raises:
        BodyUnfitError: The message does not fit, or is not of who proposed.
        AgreementSignatureError: A signature is not what it is said to be.
        TablesFailedError: Its rows break a rule of the tables here.
    """
    body = Body(dict(envelope.message.body), _STATE)
    parties = _parties(session, body)
    if parties[0]["authority"] != envelope.sender:
        raise BodyUnfitError("/parties: only who proposed tells how it stands.")
    if envelope.recipient not in {party["authority"] for party in parties}:
        raise BodyUnfitError("/parties: nobody here is a party.")
    with session.no_autoflush:  # A new row is whole only once it is kept.
        rows = [_row(session, envelope, party["authority"]) for party in parties]
        rows.sort(key=lambda row: row.authority_id != envelope.recipient)
        befores = [standing_of(row) for row in rows]
        for row, before in zip(rows, befores, strict=True):
            row.parties = parties
            _keep(row, body, session)
            require_following(before, row)
        require_whole(rows[0])
        _require_digest(session, rows[0])
    by = _keep_revision(session, rows, body)
    _require_signatures(session, rows[0], now)
    own, before = rows[0], befores[0]
    cause = body.optional("cause", body.text)
    require_own_acts(
        session, before, own, revised_by=by, cause=cause, told=envelope.message.jti
    )
    _note(session, rows, cause, envelope, now)
    if own.state == before.state:
        return []
    is_ending = before.state is AgreementState.SIGNED
    return _publish(session, rows, is_ending, publisher, now)


def _note(
    session: Session,
    rows: Sequence[NegotiatedAgreement],
    cause: str | None,
    envelope: Envelope,
    now: datetime,
) -> None:
    """Write down what was told, as the act of whose it is here, or of who told it."""
    own, conversation = envelope.recipient, envelope.message.conversation
    actor = settle(session, own, conversation, cause) if cause else ""
    by = own if actor else envelope.sender
    note_act(session, rows, f"told_{rows[0].state}", by=by, actor=actor, now=now)


def _parties(session: Session, body: Body) -> list[dict[str, str]]:
    found = []
    for party in body.each("parties", "authority name jurisdiction"):
        name = local_name(session, party.text("authority"))
        if name is None:
            raise BodyUnfitError("/parties: one of them is not known here.")
        found.append(
            {
                "authority": name,
                "name": party.text("name", longest=_LONGEST),
                "jurisdiction": party.text("jurisdiction", longest=16),
            }
        )
    if len(found) != _PARTIES:
        raise BodyUnfitError(f"/parties: there are {_PARTIES}.")
    return found


def _row(session: Session, envelope: Envelope, authority_id: str) -> Any:
    key = (authority_id, envelope.message.conversation)
    row = session.get(
        NegotiatedAgreement, key, with_for_update=True, populate_existing=True
    )
    if row is None:
        row = NegotiatedAgreement(authority_id=key[0], id=key[1], version=0)
        session.add(row)
    elif row.parties[0]["authority"] != envelope.sender:
        raise BodyUnfitError("Somebody else has proposed this.")
    return row


def _keep(row: NegotiatedAgreement, body: Body, session: Session) -> None:
    row.state = body.word("state", AgreementState)
    row.revision = body.number("revision")
    row.content = read_text(body.object("content"))
    row.digest = body.text("digest", longest=60)
    row.proposed_at = body.instant("proposed_at")
    row.in_force_from = body.optional("in_force_from", body.day)
    row.ended_on = body.optional("ended_on", body.day)
    row.withdrawn_by = body.optional(
        "withdrawn_by", lambda name: local_name(session, body.text(name))
    )
    signatures: dict[str, Any] = {}
    for issuer, signature in body.object("signatures").items():
        given = Body(signature, "token signed_at", at="/signatures")
        given.text("token")
        given.instant("signed_at")
        name = local_name(session, issuer)
        if name is None or name not in {party["authority"] for party in row.parties}:
            raise BodyUnfitError("/signatures: one is of nobody who is a party.")
        signatures[name] = dict(signature)
    row.signatures = signatures


def _require_digest(session: Session, row: NegotiatedAgreement) -> None:
    found = digest_of(session, row.id, row.revision, parties_of(row), row.content)
    if found != row.digest:
        raise BodyUnfitError("/digest is not that of the text.")


def _require_signatures(
    session: Session, row: NegotiatedAgreement, now: datetime
) -> None:
    """Refuse a state that no signatures carry."""
    for name, signature in row.signatures.items():
        if is_elsewhere(name):
            require_signature(session, row, name, signature["token"], now=now)
        else:
            require_sent_signature(session, row, name, signature["token"])
    is_bound = row.state in {AgreementState.SIGNED, AgreementState.WITHDRAWN}
    if is_bound and len(row.signatures) != len(row.parties):
        raise BodyUnfitError("/signatures: not all parties have signed.")


def _keep_revision(
    session: Session, rows: list[NegotiatedAgreement], body: Body
) -> str:
    """Keep the text on the table; return who has laid it down."""
    session.flush()
    by = local_name(session, body.text("revised_by"))
    if by not in {party.authority for party in parties_of(rows[0])}:
        raise BodyUnfitError("/revised_by is no party.")
    for row in rows:
        known = session.get(AgreementRevision, (row.authority_id, row.id, row.revision))
        if known is not None:
            if known.digest != row.digest:
                raise BodyUnfitError("/revision: it was another text before.")
            continue
        session.add(
            AgreementRevision(
                authority_id=row.authority_id,
                agreement_id=row.id,
                revision=row.revision,
                by=by,
                at=body.instant("revised_at"),
                digest=row.digest,
                content=row.content,
            )
        )
    return by


def _publish(
    session: Session,
    rows: list[NegotiatedAgreement],
    is_ending: bool,  # noqa: FBT001  # one call
    publisher: Publisher,
    now: datetime,
) -> list[str]:
    """Publish what was concluded or left, for the party here."""
    own = rows[0]
    proposer = get_authority(session, parties_of(own)[0].authority)
    caller = Caller.elsewhere(proposer, None)
    if own.state == AgreementState.SIGNED:
        publish_signed(session, rows, caller, publisher, now=now)
    elif own.state == AgreementState.WITHDRAWN and is_ending:
        leaving = next(
            party for party in parties_of(own) if party.authority == own.withdrawn_by
        )
        publish_ended(session, rows, leaving, caller, publisher, now=now)
    else:
        return []
    return [own.authority_id]
