"""A mandate says what an authority may decide, where and when."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import select

from recognition_service.authorities.errors import (
    AuthorityNotFoundError,
    MandateInvalidError,
    MandateMissingError,
    MandateNotFoundError,
)
from recognition_service.authorities.mandates import (
    Competence,
    competence_document,
    competent_authorities,
    end_mandate,
    grant_mandate,
    mandates_of,
    require_mandate,
)
from recognition_service.authorities.models import Mandate
from recognition_service.storage.models import AuditEntry
from tests.builders import an_authority

ISSUER = "https://recognition.example/issuers/be-fl"


@pytest.fixture
def grant(small):
    return a_grant(small)


@pytest.fixture
def grant_on_sqlite(small_on_sqlite):
    return a_grant(small_on_sqlite)


def a_grant(runtime):
    """Return how mandates are granted to an authority that has none yet."""
    an_authority(runtime)
    with runtime.database.transaction() as session:
        session.delete(session.scalars(select(Mandate)).one())

    def grant(**document):
        with runtime.database.transaction() as session:
            return grant_mandate(
                session, "be-fl", document, actor="person:1", now=runtime.now()
            )

    return grant


def mandates(runtime):
    with runtime.database.reading() as session:
        return mandates_of(session, "be-fl", ISSUER)


def a_recognition(**more):
    return {
        "decisionKind": "level_comparability",
        "validInJurisdiction": ["BE-FL"],
        "target": {"framework": "BE-FL-VKS", "level": "6"},
    } | more


def test_a_mandate_is_kept_audited_and_published(small, grant):
    identifier = grant(
        jurisdictions=["BE-FL"],
        levels=["EQF:6"],
        basis="Decree of 28 June 2013",
        valid_from="2024-01-01",
        valid_to="2026-12-31",
    )
    (mandate,) = mandates(small)
    assert mandate.id == str(identifier)
    assert mandate.jurisdictions == ("BE-FL",)
    assert mandate.decision_kinds == ()
    assert (mandate.valid_from, mandate.valid_to) == (
        date(2024, 1, 1),
        date(2026, 12, 31),
    )
    assert mandate.href == f"{ISSUER}/competence/2024"
    assert small.competence("be-fl", 2026) == {
        "id": f"{ISSUER}/competence/2026",
        "issuer": ISSUER,
        "mandates": [
            {
                "id": str(identifier),
                "basis": "Decree of 28 June 2013",
                "validFrom": "2024-01-01",
                "validUntil": "2026-12-31",
                "limitDecisionKind": [],
                "limitJurisdiction": ["BE-FL"],
                "limitQFLevel": ["EQF:6"],
                "limitField": [],
                "limitProfession": [],
            }
        ],
    }
    with small.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.subject == f"mandate/{identifier}")
        ).one()
    assert (entry.action, entry.actor) == ("mandate.granted", "person:1")


@pytest.mark.parametrize(
    ("year", "is_listed"), [(2023, False), (2024, True), (2025, True), (2026, False)]
)
def test_the_document_of_a_year_lists_what_was_in_force_in_it(
    small_on_sqlite, grant_on_sqlite, year, is_listed
):
    grant_on_sqlite(valid_from="2024-12-31", valid_to="2025-01-01")
    with small_on_sqlite.database.reading() as session:
        document = competence_document(session, "be-fl", ISSUER, year)
    assert bool(document["mandates"]) is is_listed


def test_an_authority_that_does_not_exist_has_no_document(small):
    with pytest.raises(AuthorityNotFoundError):
        small.competence("nowhere", 2026)


def test_a_mandate_without_a_date_holds_from_the_legal_day_on(small, grant, clock):
    clock.at = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # Half past midnight there.
    grant(jurisdictions=["BE-FL"])
    (mandate,) = mandates(small)
    assert mandate.valid_from == date(2026, 11, 2)


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ({"country": "BE", "scope": []}, ["/country", "/scope"]),
        ({"jurisdictions": "BE-FL"}, ["/jurisdictions"]),
        ({"levels": [6]}, ["/levels"]),
        ({"fields": None}, ["/fields"]),
        ({"professions": {"nurse": True}}, ["/professions"]),
        ({"decision_kinds": [["licence"]]}, ["/decision_kinds"]),
        ({"valid_from": "1 January 2024"}, ["/valid_from"]),
        ({"valid_from": "2024-02-30"}, ["/valid_from"]),
        ({"valid_from": 2024}, ["/valid_from"]),
        ({"valid_to": ""}, ["/valid_to"]),
        ({"valid_from": "2026-01-01", "valid_to": "2025-12-31"}, ["/valid_to"]),
    ],
)
def test_refuses_what_is_no_mandate(
    small_on_sqlite, grant_on_sqlite, document, pointers
):
    with pytest.raises(MandateInvalidError) as refused:
        grant_on_sqlite(**document)
    assert [error["pointer"] for error in refused.value.errors] == pointers
    assert mandates(small_on_sqlite) == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"jurisdictions": ["NL", "BE-FL"]},
        {"decision_kinds": ["level_comparability"]},
        {"levels": ["BE-FL-VKS:6"]},
        {"valid_from": "2026-11-02", "valid_to": "2026-11-02"},
    ],
)
def test_a_mandate_covers_what_it_does_not_exclude(
    small_on_sqlite, grant_on_sqlite, document
):
    grant_on_sqlite(**({"valid_from": "2024-01-01"} | document))
    (mandate,) = mandates(small_on_sqlite)
    assert (
        require_mandate(mandates(small_on_sqlite), a_recognition(), date(2026, 11, 2))
        == mandate
    )


@pytest.mark.parametrize(
    "document",
    [
        {"jurisdictions": ["BE"]},
        {"jurisdictions": ["BE-FR"]},
        {"decision_kinds": ["licence"]},
        {"levels": ["EQF:6"]},
        {"professions": ["nurse"]},
        {"fields": ["09"]},
        {"valid_from": "2026-11-03"},
        {"valid_to": "2026-11-01"},
    ],
)
def test_a_mandate_that_does_not_cover_is_none(
    small_on_sqlite, grant_on_sqlite, document
):
    grant_on_sqlite(**({"valid_from": "2024-01-01"} | document))
    with pytest.raises(
        MandateMissingError,
        match="covers level_comparability for BE-FL on 2026-11-02",
    ):
        require_mandate(mandates(small_on_sqlite), a_recognition(), date(2026, 11, 2))


def test_a_decision_for_two_places_needs_a_mandate_for_both(small, grant):
    grant(jurisdictions=["BE-FL"], valid_from="2024-01-01")
    both = a_recognition(validInJurisdiction=["BE-FL", "BE-FR"])
    with pytest.raises(MandateMissingError):
        require_mandate(mandates(small), both, date(2026, 11, 2))


def test_the_first_mandate_in_force_is_named(small, grant):
    grant(jurisdictions=["BE-FL"], valid_from="2020-01-01", valid_to="2023-12-31")
    grant(jurisdictions=["BE-FL"], valid_from="2024-01-01")
    named = require_mandate(mandates(small), a_recognition(), date(2026, 11, 2))
    assert named.href == f"{ISSUER}/competence/2024"


def end(runtime, mandate_id, on, authority_id="be-fl"):
    with runtime.database.transaction() as session:
        end_mandate(
            session,
            authority_id,
            mandate_id,
            on=date.fromisoformat(on),
            actor="person:1",
            now=runtime.now(),
        )


def test_an_ended_mandate_covers_what_was_decided_up_to_its_last_day(small, grant):
    identifier = grant(jurisdictions=["BE-FL"], valid_from="2024-01-01")
    end(small, identifier, "2026-10-31")
    (mandate,) = mandates(small)
    assert mandate.valid_to == date(2026, 10, 31)
    covered = date(2026, 10, 31)
    assert require_mandate(mandates(small), a_recognition(), covered) == mandate
    with pytest.raises(MandateMissingError):
        require_mandate(mandates(small), a_recognition(), date(2026, 11, 1))
    (published,) = small.competence("be-fl", 2025)["mandates"]
    assert published["validUntil"] == "2026-10-31"
    with small.database.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "mandate.ended")
        ).one()
    assert (entry.subject, entry.actor) == (f"mandate/{identifier}", "person:1")
    assert entry.content == {"valid_to": "2026-10-31"}


def test_a_mandate_may_end_on_its_first_day_and_earlier_than_granted(small, grant):
    identifier = grant(valid_from="2024-01-01", valid_to="2026-12-31")
    for on in ("2026-12-31", "2025-12-31", "2024-01-01"):
        end(small, identifier, on)
        (mandate,) = mandates(small)
        assert mandate.valid_to == date.fromisoformat(on)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2023-12-31", "begins on 2024-01-01; it cannot end before"),
        ("2027-01-01", "ends on 2026-12-31; grant another one"),
    ],
)
def test_a_mandate_ends_within_its_period(small_on_sqlite, grant_on_sqlite, on, said):
    identifier = grant_on_sqlite(valid_from="2024-01-01", valid_to="2026-12-31")
    with pytest.raises(MandateInvalidError, match=said):
        end(small_on_sqlite, identifier, on)
    (mandate,) = mandates(small_on_sqlite)
    assert mandate.valid_to == date(2026, 12, 31)


def test_ends_no_mandate_of_another_authority(small, grant):
    identifier = grant(valid_from="2024-01-01")
    an_authority(small, "ma")
    for authority_id, mandate_id, refusal in (
        ("ma", identifier, MandateNotFoundError),
        ("be-fl", UUID(int=1), MandateNotFoundError),
        ("nowhere", identifier, AuthorityNotFoundError),
    ):
        with pytest.raises(refusal):
            end(small, mandate_id, "2026-10-31", authority_id)
    (mandate,) = mandates(small)
    assert mandate.valid_to is None


def competences(runtime, on):
    with runtime.database.reading() as session:
        return competent_authorities(session, on=on)


def test_who_decides_where_is_told_for_a_day(small, grant):
    grant(
        jurisdictions=["BE-FL", "BE-FR"],
        professions=["nurse_general"],
        basis="Decree of 1 June",
        valid_from="2024-01-01",
        valid_to="2024-12-31",
    )
    in_force = competences(small, date(2024, 12, 31))
    assert [found.jurisdiction for found in in_force] == ["BE-FL", "BE-FR"]
    assert in_force[0] == Competence(
        "be-fl",
        "Recognition centre of Flanders (example)",
        "test",
        "BE-FL",
        ("nurse_general",),
        "Decree of 1 June",
    )
    assert competences(small, date(2025, 1, 1)) == []


def test_a_mandate_for_no_jurisdiction_is_one_for_the_authoritys_own(small, grant):
    grant(valid_from="2024-01-01")
    (found,) = competences(small, date(2026, 11, 2))
    assert (found.jurisdiction, found.professions, found.basis) == ("BE-FL", (), None)
