"""The page that answers what a qualification is worth elsewhere, with its sources."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, request

from recognition_service.equivalence.answer import Answer
from recognition_service.equivalence.compare import compare
from recognition_service.equivalence.errors import (
    QuestionNotClearError,
    UnknownCodeError,
)
from recognition_service.equivalence.ladder import pictures
from recognition_service.equivalence.question import Question
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.instruments import Purpose
from recognition_service.frameworks.packed_rows import rows_with
from recognition_service.frameworks.rows import Level, Qualification
from recognition_service.runtime.ladder_picture import ladder_picture
from recognition_service.runtime.spoken_answer import equivalence_document
from recognition_service.runtime.spoken_ladder import table_rows
from recognition_service.runtime.spoken_names import Names
from recognition_service.web.current import runtime
from recognition_service.web.pages.complaints import Complaint, ComplaintError
from recognition_service.web.pages.dates import read_day
from recognition_service.web.pages.facts import (
    asked_facts,
    read_facts,
    sound_facts,
    wrong_facts,
)
from recognition_service.web.pages.places import (
    all_places,
    framework,
    level_meaning,
)
from recognition_service.web.pages.rendering import (
    page,
    page_direction,
    page_language,
    t,
)

_FIELDS = ("origin", "destination", "purpose", "awarded_on", "title", "held")
_MOST_MATCHES = 25
_LONGEST_TITLE = 200
_LONGEST_CHOICE = 100
_UNPROCESSABLE, _NOT_FOUND = 422, 404


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the form says.

    Attributes:
        fields: As entered, for the form.
        held: Id of a level, "" without one.
        qualification: Id of a qualification, "" without one.
        facts: What is known of the award besides, as entered.
    """

    fields: Mapping[str, str]
    qualification: str
    purpose: Purpose
    awarded_on: date | None
    facts: Mapping[str, str]

    @property
    def has_places(self) -> bool:
        """Whether it is said from where and to where."""
        return bool(self.fields["origin"] and self.fields["destination"])


def show() -> Response:
    """Show the form and, as far as the question is asked, the answer."""
    fields = {name: request.args.get(name, "").strip() for name in _FIELDS}
    system, level = request.args.get("framework"), request.args.get("level")
    if system and level and not fields["held"]:
        fields["held"] = f"{system}:{level}"
    snapshot = runtime().snapshot()
    try:
        asked = _read(fields)
        found = _found(snapshot, asked) if asked.has_places else {}
    except ComplaintError as refusal:
        return _page(snapshot, fields, _UNPROCESSABLE, complaints=[refusal.complaint])
    except (UnknownCodeError, QuestionNotClearError):
        unknown = Complaint("unknown_code")
        return _page(snapshot, fields, _NOT_FOUND, complaints=[unknown])
    return _page(snapshot, fields, **found)


def _read(fields: Mapping[str, str]) -> _Asked:
    """Read the form.

    Raises:
        ComplaintError: A field holds what it cannot hold.
    """
    purpose = fields["purpose"] or Purpose.GENERAL_EMPLOYMENT
    if purpose not in set(Purpose):
        raise ComplaintError(Complaint("wrong_purpose", "purpose"))
    if len(fields["title"]) > _LONGEST_TITLE:
        raise ComplaintError(Complaint("title_too_long", "title"))
    for name, other in (("origin", "destination"), ("destination", "origin")):
        if fields[other] and not fields[name]:
            raise ComplaintError(Complaint(f"missing_{name}", name))
    return _Asked(
        fields,
        request.args.get("qualification", "").strip(),
        Purpose(purpose),
        read_day(fields["awarded_on"], "awarded_on"),
        read_facts(request.args),
    )


def _found(snapshot: Snapshot, asked: _Asked) -> dict[str, Any]:
    """Return the answer, or the qualifications to choose from, or neither."""
    if asked.qualification or (asked.fields["held"] and not asked.fields["title"]):
        wrong = wrong_facts(asked.facts)
        found = {"answer": _answer(snapshot, asked, wrong), "complaints": wrong}
        return {**found, "status": _UNPROCESSABLE} if wrong else found
    if asked.fields["title"]:
        return {"matches": list(_matches(snapshot, asked))}
    return {}


def _answer(
    snapshot: Snapshot, asked: _Asked, wrong: Sequence[Complaint]
) -> dict[str, Any]:
    system, _, level = asked.fields["held"].partition(":")
    by_level = not asked.qualification
    question = Question(
        origin=asked.fields["origin"],
        destination=asked.fields["destination"],
        asked_on=runtime().now().date(),
        purpose=asked.purpose,
        qualification=asked.qualification or None,
        framework=system if by_level else None,
        level=level if by_level else None,
        awarded_on=asked.awarded_on,
        facts=sound_facts(asked.facts, wrong),
    )
    answer = compare(snapshot, question)
    document = equivalence_document(answer, snapshot, page_language())
    held = document["held"]
    return {
        **document,
        **_drawn(snapshot, answer),
        "title": snapshot.tables.qualifications.get(asked.qualification),
        "held_level": _level(snapshot, held["framework"], held["code"]),
        "grades": {use["source"]: use["evidence"] for use in document["rows"]},
        "asked_facts": asked_facts(answer, asked.facts),
        "asked_fields": {**asked.fields, "qualification": asked.qualification},
    }


def _drawn(snapshot: Snapshot, answer: Answer) -> dict[str, Any]:
    """Return the picture of an answer and the table that says the same."""
    drawn, language = pictures(snapshot, answer), page_language()
    if not any(picture.has_marks for picture in drawn):
        return {"picture": None, "ladder_rows": []}
    svg = ladder_picture(drawn, snapshot, language, direction=page_direction())
    return {
        "picture": svg,
        "ladder_rows": [
            {**_level(snapshot, row.framework, row.level), "told": row}
            for row in table_rows(drawn, Names(snapshot, language))
        ],
    }


def _matches(snapshot: Snapshot, asked: _Asked) -> Iterable[Qualification]:
    found = runtime().search_qualifications(
        asked.fields["title"],
        jurisdiction=asked.fields["origin"],
        limit=_MOST_MATCHES,
    )
    known = snapshot.tables.qualifications
    for match in found:
        if match.qualification_id in known:
            yield known[match.qualification_id]


def _level(snapshot: Snapshot, system: str | None, code: str | None) -> dict[str, Any]:
    """Return the names of a level; each member is `None` where there is none."""
    row = snapshot.tables.levels.get(f"{system}:{code}")
    return {
        "framework": framework(system),
        "code": code,
        "name": level_meaning(row) if row else None,
    }


def _page(
    snapshot: Snapshot, fields: Mapping[str, str], status: int = 200, **found: Any
) -> Response:
    context = {"answer": None, "matches": None, "complaints": [], **found}
    return page(
        "equivalences.html",
        status,
        fields=fields,
        purposes=[purpose.value for purpose in Purpose],
        places=all_places(),
        level_groups=_level_groups(snapshot, fields["origin"]),
        **context,
    )


def _level_groups(
    snapshot: Snapshot, origin: str
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the levels of the frameworks that an origin uses, for a choice list."""
    groups = []
    for system in snapshot.places.frameworks.get(origin, ()):
        levels = sorted(
            rows_with(snapshot.tables.levels, "framework", {system.id}),
            key=lambda row: row.ordinal,
        )
        if levels:
            named = [(row.id, _level_choice(row)) for row in levels]
            groups.append((framework(system.id), named))
    return groups


def _level_choice(row: Level) -> str:
    meaning = level_meaning(row)
    named = t("page.level", level=row.code)
    return f"{named}: {meaning}"[:_LONGEST_CHOICE] if meaning else named
