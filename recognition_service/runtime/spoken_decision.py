"""What the letter about a decision says, part by part.

Source: Lisbon Recognition Convention, article III.5; Directive 2005/36/EC, article
14 (6); BQFG sections 7 and 10.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from recognition_service.attestations.findings import RULE
from recognition_service.documents.paper import Rows, Section, Table
from recognition_service.runtime.letter_teller import LetterTeller, listed, section
from recognition_service.runtime.spoken import REASON, with_texts
from recognition_service.verification.contents import allowed_by

_ELEMENTS = ("level", "workload", "quality", "profile", "learning_outcomes")
_REFUSED = "refused"
_ONE = 1


def decision_sections(teller: LetterTeller) -> tuple[Section, ...]:
    """Return all parts of the letter about a decision that have something to say."""
    return (
        _decision(teller),
        *_reasons(teller),
        _assessed(teller),
        *_compared(teller),
        *_existing(teller),
        *_differences(teller),
        *_measures(teller),
        *_clauses(teller, "conditions"),
        *_clauses(teller, "limitations"),
        *_effects(teller),
        *_later(teller),
        *teller.remedy("remedy", "remedy"),
        *_proof(teller),
    )


def _decision(teller: LetterTeller) -> Section:
    params, case = teller.params, teller.case
    regime = teller.edition.regimes.get(case["regime"])
    until = teller.day(params.get("valid_until"))
    is_refused = params["outcome"] == _REFUSED
    return section(
        None,
        teller.say("decision_text"),
        *teller.rows(
            decision=teller.word("outcome", params["outcome"]),
            decision_kind=teller.word("decision_kind", params["decision_kind"]),
            purpose=teller.word("purpose", case["purpose"]),
            decided_on=teller.day(params["decided_on"]),
            law=teller.told(regime.name) if regime else None,
            legal_basis=_basis(teller),
            force=teller.told(params.get("force")),
            valid_until=None if is_refused else until or teller.say("without_end"),
        ),
    )


def _basis(teller: LetterTeller) -> str | None:
    """Return the legal basis, with names for what stands there by its id."""
    tables = teller.edition.snapshot.tables
    named = []
    for basis in teller.all_told(teller.params.get("legal_basis")):
        agreement, source = tables.agreements.get(basis), tables.sources.get(basis)
        if agreement is not None:
            named.append(agreement.name)
        else:
            named.append(basis if source is None else source.title)
    return "\n".join(named) or None


def _reasons(teller: LetterTeller) -> Iterator[Section]:
    params = teller.params
    spoken = with_texts(REASON, list(params.get("reasons") or ()), teller.language)
    parts = [
        *(reason["text"] for reason in spoken),
        *(teller.told(params.get("text")) or "").splitlines(),
    ]
    if params["decided_by"] == RULE:
        parts.append(teller.say("decision_by_rule"))
    if parts:
        yield section(teller.label("reasons"), *filter(None, parts))


def _assessed(teller: LetterTeller) -> Section:
    held = teller.case["held"]
    return section(
        teller.label("held"),
        *teller.rows(
            qualification=held["title"],
            awarded_by=(held["awarding_body"] or {}).get("name"),
            awarded_in=teller.names.place(held["origin"]),
            awarded_on=teller.day(held["awarded_on"]),
        ),
    )


def _compared(teller: LetterTeller) -> Iterator[Section]:
    params, target = teller.params, teller.params.get("target") or {}
    profession = target.get("profession")
    rows = teller.rows(
        reference_qualification=target.get("title"),
        profession=teller.names.profession(profession) if profession else None,
        level_required=_level(teller, params.get("required_level") or target),
        level_held=_level(teller, params.get("held_level")),
    )
    given = params.get("elements") or {}
    elements = tuple(
        (
            teller.word("page", f"element_{name}"),
            teller.word("page", f"element_is_{given[name]}"),
        )
        for name in _ELEMENTS
        if given.get(name)
    )
    if rows or elements:
        yield section(
            teller.label("compared"),
            teller.say("decision_compared"),
            *rows,
            Rows(elements) if elements else None,
        )


def _level(teller: LetterTeller, level: Mapping[str, Any] | None) -> str | None:
    if not level or not level.get("level"):
        return None
    framework = level.get("framework")
    if not framework:
        return str(level["level"])
    return f"{level['level']}, {teller.names.framework(framework)}"


def _existing(teller: LetterTeller) -> Iterator[Section]:
    given = teller.params.get("existing_qualifications")
    found = teller.all_told([given] if isinstance(given, Mapping) else given)
    if found:
        yield section(
            teller.label("existing"), teller.say("decision_existing"), listed(found)
        )


def _differences(teller: LetterTeller) -> Iterator[Section]:
    differences = teller.params.get("differences")
    if differences:
        members = ("subject", "why_essential", "why_not_covered")
        yield section(
            teller.label("differences"),
            teller.say("decision_differences"),
            Table(
                tuple(teller.label(member) for member in members),
                tuple(
                    tuple(teller.told(each.get(member)) or "" for member in members)
                    for each in differences
                ),
                (3, 4, 4),
            ),
        )


def _measures(teller: LetterTeller) -> Iterator[Section]:
    measures = teller.params.get("measures")
    if measures:
        yield section(
            teller.label("measures"),
            teller.say("decision_measures"),
            *(Rows(tuple(_measure(teller, measure))) for measure in measures),
        )


def _measure(
    teller: LetterTeller, measure: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Return one measure: what, how long, who chooses it, and until when."""
    months, chosen_by = measure.get("max_months"), measure.get("chosen_by")
    one = "_one" if months == _ONE else ""
    for name, value in {
        "measure": _clause(teller, measure),
        "at_most": teller.say(f"at_most_months{one}", count=months) if months else None,
        "who_chooses": teller.say(f"chosen_by_{chosen_by}") if chosen_by else None,
        "choose_by": teller.day(measure.get("choose_by")),
        "until": teller.day(measure.get("until")),
    }.items():
        if value:
            yield teller.label(name), value


def _clauses(teller: LetterTeller, member: str) -> Iterator[Section]:
    """Return conditions or limitations, each with the day on which it ends."""
    spoken = []
    for clause in teller.params.get(member) or ():
        said, until = _clause(teller, clause), teller.day(clause.get("until"))
        spoken.append(
            teller.say("and_until", text=said, until=until) if until else said
        )
    if spoken:
        yield section(
            teller.label(member),
            teller.say(f"decision_{member}"),
            listed(tuple(spoken)),
        )


def _clause(teller: LetterTeller, clause: Mapping[str, Any]) -> str:
    return teller.told(clause.get("text")) or clause["code"].replace("_", " ")


def _effects(teller: LetterTeller) -> Iterator[Section]:
    """Return what a decision allows, and what somebody might wrongly think it does."""
    params = teller.params
    if params["outcome"] == _REFUSED:
        return
    for label, family, codes in (
        ("allows", "allows", allowed_by(params["decision_kind"], params["outcome"])),
        ("does_not_allow", "does_not_allow", params.get("does_not_allow") or ()),
    ):
        words = tuple(teller.word(family, code) for code in codes)
        if words:
            yield section(teller.label(label), listed(words))


def _later(teller: LetterTeller) -> Iterator[Section]:
    later = teller.told(teller.params.get("later_possibilities"))
    if later:
        yield section(teller.label("later"), *later.splitlines())


def _proof(teller: LetterTeller) -> Iterator[Section]:
    digest = teller.params.get("decision_digest")
    if digest:
        yield section(teller.label("proof"), teller.say("decision_digest"), digest)
