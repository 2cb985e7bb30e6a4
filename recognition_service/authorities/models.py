"""Rows about authorities."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from recognition_service.storage.base import Base, OwnedByAuthority, TenantRow


class Mode(StrEnum):
    """Whether an authority's attestations are meant to be relied on."""

    TEST = "test"
    LIVE = "live"


class Role(StrEnum):
    """What a principal may do for its authority."""

    CLERK = "clerk"
    OFFICER = "officer"
    SIGNATORY = "signatory"
    AUDITOR = "auditor"
    PROVIDER = "provider"
    OBSERVER = "observer"
    OPERATOR = "operator"


class Function(StrEnum):
    """What an authority is among the others; it may be several at once.

    A provider (an awarding body, a school) answers for what it awarded. A coordinator
    sees to it that requests in its jurisdiction reach somebody and are answered.
    """

    COMPETENT_AUTHORITY = "competent_authority"
    PROVIDER = "provider"
    COORDINATOR = "coordinator"


class PrincipalKind(StrEnum):
    """A person, or a system that prepares but never signs."""

    PERSON = "person"
    SYSTEM = "system"


class Authority(Base):
    """A tenant of this installation that recognises qualifications.

    Authorities of other installations have such a row too, so that requests can name
    them, see `elsewhere`; nobody can act for them here, and they own nothing here but
    their side of conversations.

    Attributes:
        id: Short name, lower case, part of all issuer URLs; never changed.
        jurisdiction: Code of the jurisdiction it acts for, such as "BE-FL".
        country: ISO 3166-1 code, for display.
        time_zone: IANA name; legal dates are dates in this zone.
        functions: What it is among the others, see `Function`.
        trusted_from: Since when the operator lists a live authority as trusted.
        trusted_until: When trust ended, or None.
    """

    __tablename__ = "authority"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    country: Mapped[str] = mapped_column(String(2))
    jurisdiction: Mapped[str] = mapped_column(String(16))
    mode: Mapped[str] = mapped_column(String(4))
    language: Mapped[str] = mapped_column(String(35))
    time_zone: Mapped[str] = mapped_column(String(60))
    functions: Mapped[list[str]]
    created_at: Mapped[datetime]
    trusted_from: Mapped[datetime]
    trusted_until: Mapped[datetime | None]


class Principal(TenantRow, Base):
    """A person or system that acts for an authority."""

    __tablename__ = "principal"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[str]]
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class APIKey(TenantRow, Base):
    """A secret that speaks for one principal; stored as its digest only.

    Attributes:
        prefix: The part before the secret, shown in lists and logs.
        digest: SHA-256 of the whole key, hexadecimal. The secret has 256 random
            bits, so that a slow hash would add nothing.
    """

    __tablename__ = "api_key"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authority_id", "principal_id"], ["principal.authority_id", "principal.id"]
        ),
        Index("ix_api_key_digest", "digest", unique=True),
    )

    principal_id: Mapped[UUID]
    prefix: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Mandate(TenantRow, Base):
    """What an authority may decide, where, and in which period.

    An empty list means "not limited in this respect".

    Attributes:
        content: `decision_kinds`, `jurisdictions`, `levels` (of the European
            framework), `fields` (ISCED-F), `professions` and `basis`.
    """

    __tablename__ = "mandate"
    __table_args__ = (ForeignKeyConstraint(["authority_id"], ["authority.id"]),)

    content: Mapped[dict[str, Any]]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_at: Mapped[datetime]
    granted_by: Mapped[str] = mapped_column(String(120))


class KeyRecord(OwnedByAuthority, Base):
    """The public half of a key and its whole life; the private half is elsewhere.

    Attributes:
        thumbprint: RFC 7638; the fragment of the key's `kid`.
        created_at: Since when the key is published.
        active_from: First instant at which it signs; until then it is only announced,
            so that verifiers know it before they meet it.
        certificates: X.509 chain, the key's own certificate first, base64 of DER,
            without the trust anchor; None without one.
        retired_at: From then on nothing may be signed with it.
        compromised_at: From then on somebody else may have signed with it.
    """

    __tablename__ = "key_record"
    __table_args__ = (
        ForeignKeyConstraint(["authority_id"], ["authority.id"]),
        Index("ix_key_record_purpose", "authority_id", "purpose"),
    )

    thumbprint: Mapped[str] = mapped_column(String(60), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    algorithm: Mapped[str] = mapped_column(String(10))
    public_jwk: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    active_from: Mapped[datetime]
    certificates: Mapped[list[str] | None]
    retired_at: Mapped[datetime | None]
    compromised_at: Mapped[datetime | None]


class TrustKey(Base):
    """The public half of a key of the operator.

    Attributes:
        purpose: "trust" for the trust list, or "tables" for the shared editions.
    """

    __tablename__ = "trust_key"

    thumbprint: Mapped[str] = mapped_column(String(60), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    algorithm: Mapped[str] = mapped_column(String(10))
    public_jwk: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class TrustListPublication(Base):
    """A version of the signed trust list; kept for ever.

    Attributes:
        version: Only ever grows.
        content_digest: Of what it says about issuers, to see whether that changed.
        token: The signed list as served.
    """

    __tablename__ = "trust_list_publication"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    content_digest: Mapped[str] = mapped_column(String(60))
    token: Mapped[str] = mapped_column(Text)


class Peer(Base):
    """Another installation with which this one exchanges messages.

    Attributes:
        name: Short name here, lower case; part of what its authorities are called.
        url: Its public URL, which prefixes all its ids.
        anchors: Public keys of its operator that were pinned, as `read_anchors` takes
            them; they alone vouch for its trust list.
        tokens: The trust list that was accepted last, as it was served; empty before
            the first one.
        version: Of that list.
        fresh_until: Until when that list may be relied on; None before the first one.
        asked_at: When a newer list was asked for last.
        wanted_at: When somebody noticed that a newer one is needed, or None.
        problem: Why the last attempt brought nothing, or None.
        ended_at: From then on nothing is taken from it or sent to it.
    """

    __tablename__ = "peer"
    __table_args__ = (Index("ix_peer_url", "url", unique=True),)

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    url: Mapped[str] = mapped_column(String(300))
    anchors: Mapped[dict[str, Any]]
    tokens: Mapped[list[str]]
    version: Mapped[int] = mapped_column(BigInteger)
    fresh_until: Mapped[datetime | None]
    added_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    wanted_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(200))
    ended_at: Mapped[datetime | None]


class StandingOrder(OwnedByAuthority, Base):
    """Decisions by rule under one instrument, switched on by two people.

    Attributes:
        approved_by: Another principal than `proposed_by`; None: not in force.
    """

    __tablename__ = "standing_order"

    authority_id: Mapped[str] = mapped_column(
        ForeignKey("authority.id"), primary_key=True, sort_order=-2
    )
    instrument: Mapped[str] = mapped_column(String(120), primary_key=True)
    proposed_by: Mapped[str] = mapped_column(String(120))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(120))
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)


class FeeList(OwnedByAuthority, Base):
    """A version of the fees that an authority states; kept for ever.

    Attributes:
        version: Counted from 1; only the newest can be approved.
        fees: As `fees.write_fee` writes them.
        approved_by: Another principal than `proposed_by`; None: never stated.
        ended_at: From then on the list is not stated any more.
    """

    __tablename__ = "fee_list"

    authority_id: Mapped[str] = mapped_column(
        ForeignKey("authority.id"), primary_key=True, sort_order=-2
    )
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fees: Mapped[list[Any]]
    proposed_by: Mapped[str] = mapped_column(String(120))
    proposed_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(120))
    approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
