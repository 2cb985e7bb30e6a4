"""Status lists of other installations, kept so that what they issue can be verified.

They are fetched regularly and whole, whether anybody asks or not: no request tells
whose attestation is being looked at.

Source: Token Status List (draft-ietf-oauth-status-list), section 8.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, String, Text, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from recognition_service.attestations.errors import ListRefusedError
from recognition_service.authorities.issuers_elsewhere import IssuerElsewhere
from recognition_service.authorities.models import Peer
from recognition_service.storage.base import Base
from recognition_service.verification.checklist import CheckFailedError
from recognition_service.verification.status import open_list
from recognition_service.verification.trust import StatusInput

LONGEST_ADDRESS = 500


class ListElsewhere(Base):
    """The newest list of an address that was fetched and believed.

    Attributes:
        uri: Where it is published.
        peer: What the installation is called here.
        issuer: Who has signed it.
        issued_at: When it was signed; an older one never takes its place.
    """

    __tablename__ = "status_list_elsewhere"
    __table_args__ = (ForeignKeyConstraint(["peer"], ["peer.name"]),)

    uri: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), primary_key=True)
    peer: Mapped[str] = mapped_column(String(20))
    issuer: Mapped[str] = mapped_column(String(400))
    token: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime]
    fetched_at: Mapped[datetime]


def keep_list(
    session: Session, of: IssuerElsewhere, uri: str, token: str, *, now: datetime
) -> None:
    """Keep a list that was fetched. The caller owns the transaction.

    Raises:
        ListRefusedError: The issuer has not signed it for this address, or it is
            older than the one that is kept.
    """
    given = StatusInput(uri, token, now)
    try:
        opened = open_list(given, of.issuer, uri)
    except CheckFailedError as error:
        raise ListRefusedError(error.code.value) from error
    row = session.get(ListElsewhere, uri, with_for_update=True)
    if row is None:
        row = ListElsewhere(uri=uri, peer=of.peer, issuer=of.issuer.id)
        session.add(row)
    elif opened.issued_at < row.issued_at:
        raise ListRefusedError("rolled_back")
    row.token, row.issued_at, row.fetched_at = token, opened.issued_at, now


def forget_lists(session: Session, issuer: str, kept: Collection[str]) -> None:
    """Forget the lists of an issuer that it does not publish any more.

    The caller owns the transaction.
    """
    session.execute(
        delete(ListElsewhere).where(
            ListElsewhere.issuer == issuer, ListElsewhere.uri.not_in(kept)
        )
    )


def oldest_lists(session: Session) -> dict[str, datetime]:
    """Return when the list was fetched that waits longest, by installation."""
    rows = session.execute(
        select(ListElsewhere.peer, func.min(ListElsewhere.fetched_at)).group_by(
            ListElsewhere.peer
        )
    )
    return {row[0]: row[1] for row in rows}


def lists_elsewhere(session: Session) -> dict[str, StatusInput]:
    """Return the lists of connected installations as a verification takes them."""
    rows = session.scalars(
        select(ListElsewhere)
        .join(Peer, Peer.name == ListElsewhere.peer)
        .where(Peer.ended_at.is_(None))
    )
    return {row.uri: StatusInput(row.uri, row.token, row.fetched_at) for row in rows}
