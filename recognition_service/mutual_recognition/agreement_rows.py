"""A signed agreement as rows of the tables, which both parties then apply."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from recognition_service.editions.overlay import RowChange
from recognition_service.editions.own_rows import OF_AGREEMENTS
from recognition_service.mutual_recognition.agreement_content import Party


def instrument_of(agreement_id: UUID) -> str:
    """Return how the tables, and standing orders, name an agreement."""
    return f"{OF_AGREEMENTS}{agreement_id}"


def _organisation(name: str, party: Party) -> str:
    """Return the id of a party's row; one that lives elsewhere is "id.installation"."""
    return f"{name}:{party.authority.replace('@', '.')}"


def signed_rows(
    agreement_id: UUID,
    content: Mapping[str, Any],
    parties: Sequence[Party],
    *,
    url: str,
    signed_on: date,
    in_force_from: date,
) -> list[RowChange]:
    """Return everything that a signed agreement adds to the tables of its parties.

    The text is its own source: it was read by two people of each party, who signed it.
    """
    name = instrument_of(agreement_id)
    known = {"evidence": "source_read", "source": name, "revision": "1"}
    changes = [
        _row(
            "sources",
            name,
            title=content["name"],
            publisher="; ".join(party.name for party in parties),
            year=str(signed_on.year),
            url=url,
            read_on=signed_on.isoformat(),
            evidence="source_read",
        ),
        _agreement_row(
            name, content, signed_on, in_force_from, ended_on=None, revision=1
        ),
    ]
    for party in parties:
        changes.append(
            _row(
                "organisations",
                _organisation(name, party),
                name=party.name,
                jurisdiction=party.jurisdiction,
                kind="competent_authority",
                **known,
            )
        )
        changes.append(_party_row(name, party, in_force_from))
    issuers = {party.jurisdiction: _organisation(name, party) for party in parties}
    common = {
        "awarded_from": content["awarded_from"],
        "object_kind": "reference_qualification",
        "purpose": content["purpose"],
        "binding": content["binding"],
        "legal_basis": content["name"],
        "instrument": name,
        "as_of": signed_on.isoformat(),
        "valid_from": in_force_from.isoformat(),
    }
    for number, title in enumerate(content["titles"], start=1):
        issuer = issuers[title["destination"]]
        changes += _title_rows(name, number, title, {**common, "issuer": issuer})
    return changes


def ended_rows(
    agreement_id: UUID,
    content: Mapping[str, Any],
    withdrawing: Party,
    *,
    signed_on: date,
    in_force_from: date,
    ended_on: date,
) -> list[RowChange]:
    """Return the rows of an agreement that ends because a party has left it."""
    name = instrument_of(agreement_id)
    last = max(ended_on, in_force_from)
    return [
        _agreement_row(
            name, content, signed_on, in_force_from, ended_on=last, revision=2
        ),
        _party_row(name, withdrawing, in_force_from, withdrawn_on=last),
    ]


def _agreement_row(
    name: str,
    content: Mapping[str, Any],
    signed_on: date,
    in_force_from: date,
    *,
    ended_on: date | None,
    revision: int,
) -> RowChange:
    criteria = content["criteria"] or {}
    return _row(
        "agreements",
        name,
        name=content["name"],
        kind="agreement",
        effect="comparability",
        binding=content["binding"],
        signed_on=signed_on.isoformat(),
        in_force_from=in_force_from.isoformat(),
        ended_on=ended_on.isoformat() if ended_on else None,
        status="ended" if ended_on else "in_force",
        key_rule=criteria.get("en") or next(iter(criteria.values()), None),
        parties_established="yes",
        evidence="source_read",
        source=name,
        valid_from=in_force_from.isoformat(),
        revision=str(revision),
    )


def _party_row(
    name: str, party: Party, in_force_from: date, withdrawn_on: date | None = None
) -> RowChange:
    return _row(
        "agreement_parties",
        f"{name}:{party.jurisdiction}",
        agreement=name,
        jurisdiction=party.jurisdiction,
        in_force_from=in_force_from.isoformat(),
        withdrawn_on=withdrawn_on.isoformat() if withdrawn_on else None,
        evidence="source_read",
        source=name,
        revision="2" if withdrawn_on else "1",
    )


def _title_rows(
    name: str,
    number: int,
    title: Mapping[str, Any],
    common: Mapping[str, str | None],
) -> Iterator[RowChange]:
    """Yield what one title adds: the types that no table has yet, and the statement.

    `common` are the cells that the statements of all titles share.
    """
    known = {"evidence": "source_read", "source": name, "revision": "1"}
    held = title["qualification"] or f"{name}:title:{number}"
    if title["qualification"] is None:
        yield _row(
            "qualifications",
            held,
            jurisdiction=title["origin"],
            framework=title["framework"],
            level=title["level"],
            level_status="assigned" if title["level"] else "unverified",
            title=title["title"],
            language=title["language"],
            title_en=title["title_en"],
            status="unknown",
            profession=title["profession"],
            listed_by="treaty",
            **known,
        )
    counterpart = title["counterpart"]
    reference = counterpart["qualification"] or f"{name}:counterpart:{number}"
    if counterpart["qualification"] is None:
        yield _row(
            "reference_qualifications",
            reference,
            jurisdiction=title["destination"],
            title=counterpart["title"],
            language=counterpart["language"],
            title_en=counterpart["title_en"],
            **known,
        )
    yield _row(
        "comparability_statements",
        f"{name}:{number}",
        origin=title["origin"],
        qualification=held,
        title=title["title"],
        title_en=title["title_en"],
        destination=title["destination"],
        conditions=title["conditions"],
        objects=reference,
        outcome="conditional" if title["conditions"] else title["outcome"],
        profession=title["profession"],
        **common,
        **known,
    )


def _row(table: str, row_id: str, **cells: str | None) -> RowChange:
    """Return a row to be added, its empty cells left out."""
    given = {column: cell for column, cell in cells.items() if cell}
    return RowChange(table, row_id, {"id": row_id, **given})
