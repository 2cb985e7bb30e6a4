"""The phrases that officers reuse in reasons; public."""

from string import Formatter
from typing import Any

from flask import Response

from recognition_service.recognition.phrases import PHRASES, PhraseGroup
from recognition_service.web.api import examples
from recognition_service.web.api.shapes import query
from recognition_service.web.bodies import read_choice, read_query
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page
from recognition_service.wording import LANGUAGES, ORIGINAL_LANGUAGE, text

blueprint = Blueprint(
    "reason-phrases", __name__, description="Phrases for the reasons of decisions."
)


@blueprint.route("/reason-phrases")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("language", "Only in this language; else in all.", enum=list(LANGUAGES)),
        query("group", "Only those for this.", enum=list(PhraseGroup)),
    ]
)
@blueprint.problems(422)
@blueprint.response(
    200,
    {"type": "object", "required": ["items", "next"]},
    example=examples.load("reason_phrases"),
)
def list_reason_phrases() -> Response:
    """List the phrases that can be reused in reasons, all on one page.

    `text` has one sentence for each language, with its `placeholders` in braces. Fill
    them in and send the sentence: assessments and decisions take texts, which stay as
    they are whatever becomes of a phrase.
    """
    given = read_query(("language", "group"))
    spoken = read_choice(given, "language", LANGUAGES)
    group = read_choice(given, "group", PhraseGroup)
    items = [
        _phrase(code, of, LANGUAGES if spoken is None else (spoken,))
        for code, of in PHRASES.items()
        if group is None or of == group
    ]
    return json_answer(page(items, None))


def _phrase(
    code: str, group: PhraseGroup, languages: tuple[str, ...]
) -> dict[str, Any]:
    original = text(f"phrase.{code}", {}, ORIGINAL_LANGUAGE)
    named = [name for _, name, _, _ in Formatter().parse(original) if name]
    return {
        "code": code,
        "group": group.value,
        "placeholders": list(dict.fromkeys(named)),
        "text": {tag: text(f"phrase.{code}", {}, tag) for tag in languages},
    }
