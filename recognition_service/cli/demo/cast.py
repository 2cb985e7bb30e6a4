"""Who appears in the demonstration: example authorities and their people.

All of them are made up, bear "(example)" in their names, and are test authorities:
nobody but a demonstration believes what they sign.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from recognition_service.authorities.access import (
    Caller,
    authenticate,
    issue_api_key,
)
from recognition_service.authorities.found import NewAuthority, add_principal
from recognition_service.authorities.keys import active_key
from recognition_service.authorities.mandates import grant_mandate
from recognition_service.authorities.models import Mode, PrincipalKind, Role
from recognition_service.authorities.standing_orders import (
    approve_standing_order,
    propose_standing_order,
)
from recognition_service.credentials.signer import KeyPurpose
from recognition_service.runtime.runtime import Runtime

_OFFICE = {
    "officer": ("Bruno", Role.OFFICER),
    "signatory": ("Chen", Role.SIGNATORY),
    "operator": ("Emil", Role.OPERATOR),
}


@dataclass(frozen=True, slots=True)
class Office:
    """An example authority with the API keys and callers of its three people."""

    authority: NewAuthority
    api_keys: Mapping[str, str]
    callers: Mapping[str, Caller]

    @property
    def id(self) -> str:
        """The authority's id."""
        return self.authority.id


@dataclass(frozen=True, slots=True)
class Plan:
    """What an example authority is founded with.

    Attributes:
        mandate: As in `authorities.mandates.grant_mandate`, without dates.
        orders: Instruments and lists whose rules may decide by themselves.
    """

    authority: NewAuthority
    mandate: Mapping[str, Any]
    orders: tuple[str, ...] = field(default=())


def _example(
    authority_id: str, name: str, jurisdiction: str, zone: str, *, language: str
) -> NewAuthority:
    return NewAuthority(
        id=authority_id,
        name=f"{name} (example)",
        country=jurisdiction.partition("-")[0],
        jurisdiction=jurisdiction,
        mode=Mode.TEST,
        language=language,
        time_zone=zone,
    )


FLANDERS = Plan(
    _example(
        "be-fl-demo",
        "Recognition centre of Flanders",
        "BE-FL",
        "Europe/Brussels",
        language="nl",
    ),
    {
        "jurisdictions": ["BE-FL"],
        "decision_kinds": ["level_comparability", "equivalence_finding"],
    },
    ("benelux-baltic-2024",),
)
FRENCH_COMMUNITY = Plan(
    _example(
        "be-fr-demo",
        "Service des équivalences de la Communauté française",
        "BE-FR",
        "Europe/Brussels",
        language="fr",
    ),
    {"jurisdictions": ["BE-FR"]},
)
FRANCE = Plan(
    _example(
        "fr-nurses-demo",
        "Ordre des infirmiers, service Europe",
        "FR",
        "Europe/Paris",
        language="fr",
    ),
    {
        "jurisdictions": ["FR"],
        "decision_kinds": ["professional_access", "provisional_authorisation"],
        "professions": ["nurse_general"],
    },
)
GERMANY = Plan(
    _example(
        "de-chamber-demo", "Handwerkskammer", "DE", "Europe/Berlin", language="de"
    ),
    {"jurisdictions": ["DE"], "decision_kinds": ["equivalence_finding"]},
    ("stm-de-at-lehre",),
)
MOROCCO = Plan(
    _example(
        "ma-demo",
        "Office de certification professionnelle",
        "MA",
        "Africa/Casablanca",
        language="fr",
    ),
    {"jurisdictions": ["MA"]},
)
CLOSED = Plan(
    _example(
        "lu-closed-demo",
        "Office that stopped publishing",
        "LU",
        "Europe/Luxembourg",
        language="fr",
    ),
    {"jurisdictions": ["LU"]},
    ("benelux-baltic-2024",),
)
PLANS = (FLANDERS, FRENCH_COMMUNITY, FRANCE, GERMANY, MOROCCO, CLOSED)


def open_office(runtime: Runtime, plan: Plan) -> Office:
    """Found an example authority with three people, a mandate and standing orders."""
    runtime.found(plan.authority)
    authority_id, now = plan.authority.id, runtime.now()
    keys: dict[str, str] = {}
    callers: dict[str, Caller] = {}
    with runtime.database.transaction() as session:
        for post, (name, role) in _OFFICE.items():
            principal = add_principal(
                session,
                authority_id,
                kind=PrincipalKind.PERSON,
                name=name,
                roles=frozenset({role}),
                actor="service",
                now=now,
            )
            keys[post] = issue_api_key(
                session, authority_id, principal, actor="service", now=now
            )
            callers[post] = authenticate(session, keys[post], now)
        grant_mandate(
            session,
            authority_id,
            {
                **plan.mandate,
                "basis": "Example mandate for the demonstration",
                "valid_from": now.date().isoformat(),
            },
            actor="service",
            now=now,
        )
        for instrument in plan.orders:
            _order(session, authority_id, instrument, callers, now)
    runtime.refresh()
    return Office(plan.authority, keys, callers)


def certify_office(runtime: Runtime, office: Office) -> None:
    """Give the keys that sign tokens certificates of the demonstration's authority."""
    authority_id, now = office.authority.id, runtime.now()
    with runtime.database.reading() as session:
        keys = [
            active_key(session, authority_id, purpose, now).thumbprint
            for purpose in (KeyPurpose.ATTESTATIONS, KeyPurpose.STATUS)
        ]
    for thumbprint in keys:
        runtime.certify_locally(authority_id, thumbprint)


def _order(
    session: Any,
    authority_id: str,
    instrument: str,
    callers: Mapping[str, Caller],
    now: datetime,
) -> None:
    """Switch decisions by rule on, as two people do."""
    propose_standing_order(
        session,
        authority_id,
        instrument,
        actor=callers["officer"].actor,
        note="Example",
        now=now,
    )
    approve_standing_order(
        session, authority_id, instrument, actor=callers["signatory"].actor, now=now
    )
