"""What the tables say about a question, in sentences: levels, titles, or nothing."""

from collections.abc import Iterator

from recognition_service.equivalence.answer import (
    ListedLevel,
    ListedTitle,
    PathKind,
    ReferenceObject,
    ReferenceTitle,
    Result,
)
from recognition_service.equivalence.relations import weakest_relation
from recognition_service.frameworks.rows import LevelStatus
from recognition_service.runtime.teller import Teller
from recognition_service.wording import text


def held(teller: Teller) -> Iterator[str]:
    """Yield where the title stands in its own system."""
    held = teller.conclusion.held
    if teller.question.qualification is None or held.code is None:
        return
    if held.framework is not None and held.level_status is LevelStatus.ASSIGNED:
        named = teller.framework(held.framework)
        yield teller.say("held_level", level=held.code, framework=named)


def found(teller: Teller) -> Iterator[str]:
    """Yield what the tables say, and against what."""
    match teller.answer.result:
        case Result.NONE:
            yield teller.say(f"none_{teller.answer.no_answer}")
        case Result.LEVEL_INFORMATION:
            yield from _levels(teller)
        case Result.STATEMENT | Result.TREATY_RULE:
            yield from _object(teller)
    outcome = teller.answer.outcome
    if outcome is not None:
        said = text(f"outcome.{outcome}", {}, teller.language)
        yield teller.say("outcome", outcome=said)


def _levels(teller: Teller) -> Iterator[str]:
    path = teller.conclusion.path
    for framework in dict.fromkeys(each.framework for each in teller.answer.levels):
        found = [each for each in teller.answer.levels if each.framework == framework]
        codes = [each.code for each in found]
        weakest = weakest_relation(each.relation for each in found)
        params = {
            "levels": teller.listed(codes, "or"),
            "framework": teller.framework(framework),
            "relation": text(f"explanation.relation_{weakest}", {}, teller.language),
        }
        if "same_framework" in teller.answer.reason_codes:
            yield teller.say("level_same", **params)
        elif path is not None and path.hub is not None:
            params["hub"] = teller.framework(path.hub)
            params["hub_levels"] = teller.listed(list(path.hub_levels), "or")
            yield teller.say("level_derived", **params)
        elif path is not None and path.kind is PathKind.DERIVED:
            yield teller.say("level_inverse", **params)
        else:
            yield teller.say("level_direct", **params)
        if len(codes) > 1:
            yield teller.say("level_set", count=len(codes))


def _object(teller: Teller) -> Iterator[str]:
    found, names = teller.conclusion.object, teller.names
    match found:
        case ListedLevel():
            yield teller.say(
                "treaty_listed",
                instrument=teller.instrument(),
                level=found.hub_level,
                hub=teller.framework(found.hub),
            )
            if found.titles:
                titles = names.titles(found.titles, "and")
                code = "treaty_counterpart"
                yield teller.count(code, [*found.titles], titles=titles)
            yield from _named_levels(teller, "treaty_level")
        case ListedTitle():
            yield teller.say(
                "annex_listed",
                instrument=teller.instrument(),
                point=found.annex_point,
                profession=names.profession(found.profession),
            )
        case ReferenceObject():
            yield from _reference(teller, found)
        case None:
            pass


def _reference(teller: Teller, reference: ReferenceObject) -> Iterator[str]:
    titles = [_reference_title(teller, each) for each in reference.qualifications]
    if titles:
        code = f"statement_{reference.kind}"
        named = teller.listed(titles, "or")
        yield teller.say(code, titles=named, count=len(titles))
    yield from _named_levels(teller, "statement_level")
    if reference.eqf_levels:
        levels = teller.listed(list(reference.eqf_levels), "or")
        yield teller.say("statement_eqf", levels=levels)


def _reference_title(teller: Teller, found: ReferenceTitle) -> str:
    title = teller.names.quoted(found.title)
    if not found.title_en or found.title_en == found.title:
        return title
    params = {"title": title, "translation": found.title_en}
    return text("list.translated", params, teller.language)


def _named_levels(teller: Teller, code: str) -> Iterator[str]:
    levels = teller.answer.levels
    for framework in dict.fromkeys(level.framework for level in levels):
        codes = [each.code for each in levels if each.framework == framework]
        named = teller.framework(framework)
        yield teller.say(code, levels=teller.listed(codes, "or"), framework=named)
