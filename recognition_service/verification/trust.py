"""What a verification relies on: issuers, their keys and mandates, status lists.

Everything is a value that somebody else fetched and checked before; nothing in a
presented token adds to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from recognition_service.credentials.key_document import IssuerKey


class Mode(StrEnum):
    """Whether an issuer's attestations are meant seriously."""

    LIVE = "live"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Mandate:
    """What an authority may decide. An empty tuple does not limit.

    Attributes:
        href: Where the mandate is published; attestations name it.
        decision_kinds: Such as "level_comparability".
        jurisdictions: Codes, each on its own: "BE" does not include "BE-FL".
        levels: "{framework}:{level}" or "EQF:{level}".
        fields: ISCED-F codes; "09" includes "0913".
        professions: Codes of professions.
        valid_from: First day.
        valid_to: Last day, None without end.
    """

    id: str
    href: str
    valid_from: date
    decision_kinds: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    professions: tuple[str, ...] = ()
    valid_to: date | None = None

    def is_in_force(self, day: date) -> bool:
        """Tell whether the mandate covers a day."""
        return self.valid_from <= day and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """What other bodies must know of an issuer to ask it something.

    Attributes:
        jurisdiction: Code for which it acts, such as "BE-FL".
        language: BCP 47, of its decisions.
        time_zone: IANA name; its legal dates are dates there.
        functions: Such as "competent_authority", "provider", "coordinator".
    """

    jurisdiction: str
    language: str
    time_zone: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """An issuer as the trust list registered it.

    Attributes:
        id: "{PUBLIC_URL}/issuers/{authority}".
        registered_name: The name that may be shown, whatever a token says.
        domain: The registered domain, shown next to the name.
        country: Code of the jurisdiction.
        trusted_from: First instant of trust.
        trusted_until: Last instant of trust, None while it lasts.
        keys: Every key that the issuer ever used.
        mandates: Every mandate, past ones included.
        profile: How other bodies reach it; None: an older list does not say.
    """

    id: str
    registered_name: str
    domain: str
    country: str
    mode: Mode
    trusted_from: datetime
    trusted_until: datetime | None = None
    keys: tuple[IssuerKey, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    profile: IssuerProfile | None = None

    def key(self, kid: str) -> IssuerKey | None:
        """Return the key of that name, None when the issuer never had it."""
        for key in self.keys:
            if key.kid == kid:
                return key
        return None


@dataclass(frozen=True, slots=True)
class TrustSnapshot:
    """One version of the trust list.

    Attributes:
        version: Number of the list; whoever keeps it never goes back.
        as_of: When the list was made.
        fresh_until: Until when it may be relied on.
        issuers: By id.
        accept_test: Whether issuers in test mode count, as in a demonstration.
    """

    version: int
    as_of: datetime
    fresh_until: datetime
    issuers: Mapping[str, TrustedIssuer]
    accept_test: bool = False


@dataclass(frozen=True, slots=True)
class StatusInput:
    """A status list token as it was served.

    Attributes:
        uri: The address it was fetched from.
        token: The signed token.
        fetched_at: When it was fetched; its `ttl` counts from here.
        newest_seen: When the newest list of this address was signed that was ever
            relied on; None where nobody remembers. An older one is a replay.
    """

    uri: str
    token: str
    fetched_at: datetime
    newest_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerificationInputs:
    """All that a verification may rely on.

    Attributes:
        trust: None when there is no trust list at all.
        statuses: The newest list known, by the address that attestations name.
        earlier_statuses: Lists of the past, by the same address. They answer for
            instants between their `iat` and their `exp`; `fetched_at` and `ttl` mean
            nothing there.
    """

    trust: TrustSnapshot | None
    statuses: Mapping[str, StatusInput] = field(default_factory=dict)
    earlier_statuses: Mapping[str, tuple[StatusInput, ...]] = field(
        default_factory=dict
    )
