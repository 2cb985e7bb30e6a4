"""Reading what another installation tells of a request: questions, documents, rows.

It is kept and shown as it came, so it must be what the same members are here.
"""

import re
from collections.abc import Mapping
from typing import Any

from recognition_service.exchange.errors import BodyUnfitError
from recognition_service.exchange.wire import Body
from recognition_service.mutual_recognition.attachments import NewAttachment
from recognition_service.mutual_recognition.errors import (
    MutualRequestInvalidError,
    QuestionSetNotFoundError,
)
from recognition_service.mutual_recognition.question_sets import (
    LONGEST_ANSWER,
    question_set,
    require_asked,
)

ATTACHMENT = "digest media_type bytes name"
_ITEM = "subject_ref applicant held"
_TERMS = "decision_kind purpose profession"
_QUESTION = "id params answer"
_EVENT_CONTENT = frozenset({"answers", "free_text", "questions"})
_EVENT_DETAILS = frozenset(
    ["act", "answer_by", "child", "coordinator", "digest", "reason", "revision", "to"]
)
_HELD = {"title": 1_000, "origin": 16}
_LONGEST_REFERENCE, _LONGEST_ID, _LONGEST_DETAIL = 40, 80, 2_000
_LONGEST_DIGEST, _LONGEST_NAME, _LONGEST_TYPE = 60, 200, 120
# RFC 6838 section 4.2, without parameters.
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*\Z")


def read_questions(set_id: str | None, content: Body) -> list[dict[str, Any]]:
    """Return the questions of a request, all of the set that it names.

    Raises:
        BodyUnfitError: They are no questions of that set, or the set is not known here.
    """
    asked = [
        {
            "id": each.text("id", longest=_LONGEST_ID),
            "params": each.texts("params"),
            "answer": each.optional("answer", each.text),
        }
        for each in content.each("questions", _QUESTION)
    ]
    if any(len(each["answer"] or "") > LONGEST_ANSWER for each in asked):
        raise BodyUnfitError("/content/questions: an answer is too long.")
    if set_id is None:
        if asked:
            raise BodyUnfitError("/content/questions: they are of no set.")
        return []
    try:
        require_asked(question_set(set_id), asked, pointer="/content/questions")
    except (QuestionSetNotFoundError, MutualRequestInvalidError) as error:
        raise BodyUnfitError(f"/content/questions: {error}") from error
    return asked


def read_reference(content: Body) -> str | None:
    """Return the name of the person between who asks and who is asked."""
    return content.optional(
        "subject_ref", lambda name: content.text(name, longest=_LONGEST_REFERENCE)
    )


def read_attachment(sent: Body) -> NewAttachment:
    """Return what is known of a document that is sent along.

    Raises:
        BodyUnfitError: It is not described as documents are.
    """
    media_type = sent.text("media_type", longest=_LONGEST_TYPE)
    if not _MEDIA_TYPE.match(media_type):
        raise BodyUnfitError("/attachments: a type and a subtype are expected.")
    return NewAttachment(
        sent.text("digest", longest=_LONGEST_DIGEST),
        media_type,
        sent.number("bytes"),
        sent.optional("name", lambda name: sent.text(name, longest=_LONGEST_NAME)),
    )


def read_terms(request: Body) -> dict[str, Any] | None:
    """Return what a list is to be recognised for, or None."""
    if request.optional("terms", request.object) is None:
        return None
    given = request.within("terms", _TERMS)
    return {
        "decision_kind": given.text("decision_kind"),
        "purpose": given.text("purpose"),
        "profession": given.optional("profession", given.text),
    }


def read_items(body: Body) -> list[dict[str, Any]] | None:
    """Return the rows of a list, or None where none are told.

    Raises:
        BodyUnfitError: A row does not say who holds what.
    """
    if body.optional("items", lambda name: body.items(name, dict)) is None:
        return None
    return [_item(item) for item in body.each("items", _ITEM)]


def _item(item: Body) -> dict[str, Any]:
    held = item.object("held")
    for name, longest in _HELD.items():
        if not isinstance(held.get(name), str) or len(held[name]) > longest:
            raise BodyUnfitError(f"/items: a row does not say its {name}.")
    return {
        "subject_ref": item.text("subject_ref", longest=_LONGEST_REFERENCE),
        "applicant": item.object("applicant"),
        "held": held,
    }


def read_event_content(event: Body) -> dict[str, Any] | None:
    """Return the texts and answers of an event, which stand beside its other members.

    Raises:
        BodyUnfitError: Some would stand in the place of others.
    """
    content = event.optional("content", event.object)
    if content is not None and not content.keys() <= _EVENT_CONTENT:
        raise BodyUnfitError("/event/content has members that are not known here.")
    return content


def read_event_details(event: Body) -> Mapping[str, Any]:
    """Return the ids, codes, dates and numbers of an event.

    Raises:
        BodyUnfitError: They are something else.
    """
    details = event.object("details")
    are_small = all(
        type(value) is int or (isinstance(value, str) and len(value) <= _LONGEST_DETAIL)
        for value in details.values()
    )
    if not are_small or not details.keys() <= _EVENT_DETAILS:
        raise BodyUnfitError("/event/details has members that are not known here.")
    return details
