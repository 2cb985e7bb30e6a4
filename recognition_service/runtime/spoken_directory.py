"""What is known of a way as JSON, with words beside its codes and where nothing is.

Nothing here recognises a qualification: it tells where to ask, and what to expect.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote, urlencode

from recognition_service.authorities.trust import issuer_url
from recognition_service.editions.published_rows import PublishedRows
from recognition_service.equivalence.applicable import Applicable
from recognition_service.equivalence.corridor import FrameworkCovered, LevelCovered
from recognition_service.equivalence.programme_document import summary
from recognition_service.equivalence.relations import weakest_evidence
from recognition_service.frameworks.rows import Source
from recognition_service.recognition.competence import BodyKind, CompetentBody
from recognition_service.runtime.spoken import NOT_ALLOWED, REASON, sentence, with_texts
from recognition_service.runtime.spoken_corridor import covered
from recognition_service.runtime.spoken_fees import fee_document
from recognition_service.runtime.spoken_names import Names
from recognition_service.runtime.spoken_regime import regime_document
from recognition_service.statistics.directory import Directory
from recognition_service.statistics.durations import Duration
from recognition_service.statistics.published_statements import Published
from recognition_service.wording import text

_CONCLUSIONS = ("genuine", "kind", "level")
_NOTHING = ("authorities", "durations", "agreements", "statements", "programmes")


def directory_document(
    found: Directory, public_url: str, language: str
) -> dict[str, Any]:
    """Return all that is known of a way.

    Args:
        found: What the rooms below know.
        public_url: Prefix of the addresses of pages and issuers.
        language: Of the sentences.
    """
    names, way = Names(found.snapshot, language), found.way
    parts: dict[str, list[dict[str, Any]]] = {
        "authorities": [_body(each, public_url, language) for each in found.bodies],
        "regimes": [regime_document(each, names) for each in found.regimes],
        "durations": [_duration(each, names) for each in found.durations],
        "agreements": [
            {**_agreement(each, names), "applies": each.agreement.id in found.applying}
            for each in found.agreements
        ],
        "statements": [_statement(found, each, names) for each in found.statements],
        "published_here": [_rows(each, public_url) for each in found.rows],
        "programmes": [
            {**summary(each), "href": f"{public_url}/programmes/{quote(each.row.id)}"}
            for each in found.programmes
        ],
        "levels": [_framework(each, language) for each in found.levels],
    }
    return {
        "question": {
            "origin": way.origin,
            "destination": way.destination,
            "profession": way.profession,
            "purposes": [each.value for each in way.purposes],
            "on": way.on.isoformat(),
        },
        **parts,
        "fee": fee_document(found.fees, found.regimes, language),
        "employer": _employer(parts["regimes"], public_url, language),
        "unknown": [
            {"part": part, "text": text(f"directory.no_{part}", {}, language)}
            for part in _NOTHING
            if not _is_known(part, parts[part])
        ],
        "links": _links(found, public_url),
        "sources": _sources(found, parts),
        "language": language,
    }


def _is_known(part: str, items: Iterable[dict[str, Any]]) -> bool:
    """Tell whether a part says anything; a duration may have been withheld."""
    if part == "durations":
        return any(each["by"] is not None for each in items)
    return any(True for _ in items)


def _body(found: CompetentBody, public_url: str, language: str) -> dict[str, Any]:
    is_here = found.kind is BodyKind.AUTHORITY
    return {
        **asdict(found),
        "kind": found.kind.value,
        "professions": list(found.professions),
        "url": issuer_url(public_url, found.id) if is_here else found.url,
        "text": text(f"directory.body_{found.kind}", {}, language),
    }


def _duration(found: Duration, names: Names) -> dict[str, Any]:
    language = names.language
    days = {"duration": found.duration, "waiting": found.waiting}
    told = text("directory.too_few", {}, language)
    if found.by is not None and found.waiting.median is not None:
        params = {
            "days": f"{found.waiting.median:g}",
            "period": str(found.period),
            "group": _group(found, names),
        }
        told = text("directory.median", params, language)
    return {
        "authority": found.authority_id,
        "period": str(found.period) if found.period else None,
        "by": found.by,
        "group": found.group,
        **{
            name: {"median_days": each.median, "p90_days": each.p90}
            for name, each in days.items()
        },
        "text": told,
    }


def _group(found: Duration, names: Names) -> str:
    if found.group is None:
        return text("directory.group_all", {}, names.language)
    if found.by == "profession":
        return names.profession(found.group)
    return text("directory.group_regime", {"regime": found.group}, names.language)


def _agreement(found: Applicable, names: Names) -> dict[str, Any]:
    row = found.agreement
    return {
        "instrument": row.id,
        "name": row.name,
        "kind": row.kind,
        "scope_type": row.scope_type,
        "scope": row.scope,
        "professions": list(row.professions),
        "binding": row.binding.value,
        "rule": row.key_rule,
        "standing": found.standing.value,
        "text": sentence(
            REASON, found.reason.code, found.reason.params, names.language
        ),
        "source": row.source,
        "evidence": row.evidence.value,
    }


def _statement(found: Directory, each: Published, names: Names) -> dict[str, Any]:
    issuer = found.snapshot.tables.organisations.get(each.issuer)
    return {
        "issuer": each.issuer,
        "name": issuer.name if issuer else each.issuer,
        "binding": each.binding,
        "purpose": each.purpose,
        "count": each.count,
        "sources": list(each.sources),
        "evidence": each.evidence.value,
        "text": text(f"directory.binding_{each.binding}", {}, names.language),
    }


def _rows(found: PublishedRows, public_url: str) -> dict[str, Any]:
    return {
        "authority": found.authority_id,
        "edition": found.edition,
        "statements": dict(found.statements),
        "agreements": [
            {**asdict(each), "href": f"{public_url}/agreements/{each.id}"}
            for each in found.agreements
        ],
    }


def _framework(found: FrameworkCovered, language: str) -> dict[str, Any]:
    return {
        "framework": found.framework.id,
        "name_en": found.framework.name_en,
        "levels": [
            _level(each, covered(each.answer, each.coverage, language))
            for each in found.levels
        ],
    }


def _level(found: LevelCovered, told: dict[str, Any]) -> dict[str, Any]:
    asked, rows = told.pop("asked"), found.answer.rows
    weakest = weakest_evidence(row.evidence for row in rows) if rows else None
    return {
        "level": found.level.code,
        **told,
        "evidence": weakest.value if weakest else None,
        "href": f"/equivalences?{urlencode(asked)}",
    }


def _employer(
    regimes: Iterable[dict[str, Any]], public_url: str, language: str
) -> dict[str, Any]:
    """Return what an employer may conclude from a decision, how, and what not."""
    codes = dict.fromkeys(
        each["code"] for regime in regimes for each in regime["does_not_allow"]
    )
    return {
        "may_conclude": [
            {"code": code, "text": text(f"directory.conclude_{code}", {}, language)}
            for code in _CONCLUSIONS
        ],
        "does_not_allow": with_texts(
            NOT_ALLOWED, [{"code": code} for code in codes], language
        ),
        "verify": {
            "text": text("directory.how_to_verify", {}, language),
            "page": f"{public_url}/verify",
            "api": f"{public_url}/api/v1/verifications",
        },
    }


def _links(found: Directory, public_url: str) -> dict[str, str]:
    way = found.way
    sides = {"origin": way.origin, "destination": way.destination}
    path = f"{quote(way.origin)}/{quote(way.destination)}"
    links = {
        "equivalences": f"{public_url}/equivalences?{urlencode(sides)}",
        "programmes": f"{public_url}/programmes?{urlencode(sides)}",
    }
    if way.origin != way.destination:
        links["corridor"] = f"{public_url}/corridors/{path}"
    return links


def _sources(
    found: Directory, parts: dict[str, list[dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Return the sources that the parts name, each once."""
    used = [
        *(each["source"] for each in parts["regimes"]),
        *(each["source"] for each in parts["agreements"]),
        *(code for each in parts["statements"] for code in each["sources"]),
        *(each["source"] for each in parts["programmes"]),
    ]
    known = found.snapshot.tables.sources
    rows = (known[code] for code in dict.fromkeys(used) if code in known)
    return {row.id: _source(row) for row in rows}


def _source(row: Source) -> dict[str, Any]:
    return {
        "title": row.title,
        "publisher": row.publisher,
        "url": row.url,
        "year": row.year,
        "read_on": row.read_on.isoformat() if row.read_on else None,
        "evidence": row.evidence.value,
    }
