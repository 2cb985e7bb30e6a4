"""Mobility programmes, as their sources describe them."""

from collections.abc import Mapping, Sequence

from flask import Response, request

from recognition_service.equivalence.errors import UnknownCodeError, nearest
from recognition_service.equivalence.programme_document import summary
from recognition_service.equivalence.programmes import (
    Described,
    Wanted,
    find_programmes,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.programmes import Element, ElementValue
from recognition_service.runtime.spoken_programme import (
    spoken_comparison,
    spoken_programme,
)
from recognition_service.web.api import examples
from recognition_service.web.api.rows import edition_named
from recognition_service.web.api.shapes import (
    LANGUAGE_PARAMETER,
    PAGE_PARAMETERS,
    page_of,
    query,
)
from recognition_service.web.bodies import bad_parameter, read_choice, read_query
from recognition_service.web.current import language, runtime
from recognition_service.web.headers import for_any_origin
from recognition_service.web.json_answers import json_answer
from recognition_service.web.openapi import Blueprint
from recognition_service.web.paging import page, read_cursor, read_limit, write_cursor

blueprint = Blueprint(
    "programmes",
    __name__,
    description="Programmes of skills mobility, as two reports describe them.",
)
LEAST_COMPARED, MOST_COMPARED = 2, 6
LONGEST_QUERY = 200
_FILTERS = ("origin", "destination", "element", "kind", "query")
_LIST = "programmes"
_SIDE_TEXT = (
    "Only those with this jurisdiction, a part of it or its state on this side."
)


@blueprint.route("/programmes")
@for_any_origin
@blueprint.doc(
    parameters=[
        query("origin", _SIDE_TEXT, example="MA"),
        query("destination", _SIDE_TEXT, example="BE"),
        query(
            "element",
            "Only those of which the source says that they have this element, or, "
            f"after a colon, another value: {', '.join(ElementValue)}.",
            pattern=f"^({'|'.join(Element)})(:({'|'.join(ElementValue)}))?$",
            example="skills_recognition:generic",
        ),
        query("kind", "Only those of this kind.", example="smp_programme"),
        query("query", "Beginnings of words of names, sectors, groups and bodies."),
        *PAGE_PARAMETERS,
    ]
)
@blueprint.problems(400, 404, 422, 503)
@blueprint.response(
    200, page_of("The programmes found."), example=examples.load("programmes")
)
def list_programmes() -> Response:
    """List the programmes.

    In the order of their ids, so that components follow their programme. `unknown`
    means that the source does not say, `generic` that it says so of such programmes
    in general. Nothing here recognises a qualification.
    """
    given = read_query((*_FILTERS, "cursor", "limit"))
    limit = read_limit(given.get("limit"))
    filters = {name: given.get(name) for name in _FILTERS}
    position = read_cursor(_LIST, filters, given.get("cursor"), 1)
    snapshot = runtime().snapshot()
    found = find_programmes(
        snapshot.programmes, snapshot.places, read_wanted(snapshot, given)
    )
    after = str(position[0]) if position else ""
    left = [each for each in found if each.row.id > after]
    shown = left[:limit]
    following = (
        write_cursor(_LIST, filters, [shown[-1].row.id]) if len(left) > limit else None
    )
    return json_answer(
        {
            **page([summary(each) for each in shown], following),
            "edition": edition_named(snapshot.edition),
        }
    )


@blueprint.route("/programmes/<code>")
@for_any_origin
@blueprint.doc(parameters=[LANGUAGE_PARAMETER])
@blueprint.problems(404, 422, 503)
@blueprint.response(
    200,
    {"type": "object", "description": "The programme with all its parts."},
    example=examples.load("programme"),
)
def get_programme(code: str) -> Response:
    """Show a programme.

    With its parties on both sides, bodies, figures, limits of admission, costs and
    phases as far as the source states them, and the place in the source. `said`
    has the texts that these were read from, `notes` what the source leaves open.
    """
    read_query(("lang",))
    snapshot = runtime().snapshot()
    return json_answer(
        {
            **spoken_programme(snapshot, find_one(snapshot, code), language()),
            "edition": edition_named(snapshot.edition),
        }
    )


@blueprint.route("/programmes/comparison")
@for_any_origin
@blueprint.doc(
    parameters=[
        {
            **query(
                "programme",
                f"Ids of {LEAST_COMPARED} to {MOST_COMPARED} programmes; repeat the "
                "parameter.",
                required=True,
                example=["thamm-enabel", "lu-cv"],
            ),
            "schema": {
                "type": "array",
                "items": {"type": "string"},
                "minItems": LEAST_COMPARED,
                "maxItems": MOST_COMPARED,
                "uniqueItems": True,
            },
        },
        LANGUAGE_PARAMETER,
    ]
)
@blueprint.problems(404, 422, 503)
@blueprint.response(
    200,
    {
        "type": "object",
        "description": "The programmes, and each element with the value of each.",
    },
    example=examples.load("programme_comparison"),
)
def compare_programmes() -> Response:
    """Compare programmes.

    By the five elements of a skills mobility partnership, each with its source.
    """
    read_query(("lang",), repeatable=("programme",))
    snapshot = runtime().snapshot()
    found = [find_one(snapshot, code) for code in read_compared()]
    return json_answer(
        {
            **spoken_comparison(found, language()),
            "edition": edition_named(snapshot.edition),
        }
    )


def read_wanted(snapshot: Snapshot, given: Mapping[str, str]) -> Wanted:
    """Return what the filters of a list ask for.

    Raises:
        InvalidParametersError: A filter holds what it cannot hold.
        UnknownCodeError: A jurisdiction is in no row.
    """
    for name in _FILTERS:
        text = given.get(name)
        if text == "" and name != "query":
            raise bad_parameter(name, "blank", "Leave it out, or give a value.")
        if text is not None and len(text) > LONGEST_QUERY:
            raise bad_parameter(
                name, "too_long", f"At most {LONGEST_QUERY} characters are read."
            )
    known = snapshot.tables.jurisdictions
    for name in ("origin", "destination"):
        code = given.get(name)
        if code is not None and code not in known:
            raise UnknownCodeError("jurisdiction", code, nearest(code, known))
    kinds = sorted({each.row.kind for each in snapshot.programmes.values()})
    read_choice(given, "kind", kinds)
    element, value = _element(given.get("element"))
    return Wanted(
        origin=given.get("origin"),
        destination=given.get("destination"),
        element=element,
        value=value,
        kind=given.get("kind"),
        query=given.get("query", ""),
    )


def read_compared() -> Sequence[str]:
    """Return the ids of the programmes to compare.

    Raises:
        InvalidParametersError: Too few, too many, or one of them twice.
    """
    codes = request.args.getlist("programme")
    if not LEAST_COMPARED <= len(codes) <= MOST_COMPARED:
        raise bad_parameter(
            "programme",
            "wrong_number",
            f"{LEAST_COMPARED} to {MOST_COMPARED} programmes are compared.",
        )
    if len(set(codes)) < len(codes):
        raise bad_parameter("programme", "repeated_value", "Name each one once.")
    return codes


def find_one(snapshot: Snapshot, code: str) -> Described:
    """Return a programme.

    Raises:
        UnknownCodeError: There is none of this id; the nearest ones are named.
    """
    found = snapshot.programmes.get(code)
    if found is None:
        raise UnknownCodeError("programme", code, nearest(code, snapshot.programmes))
    return found


def _element(text: str | None) -> tuple[Element | None, ElementValue]:
    if text is None:
        return None, ElementValue.YES
    name, _, value = text.partition(":")
    value = value if ":" in text else ElementValue.YES
    if name not in set(Element) or value not in set(ElementValue):
        raise bad_parameter(
            "element",
            "not_in_enum",
            f"One of {', '.join(Element)} is expected, and after a colon one of "
            f"{', '.join(ElementValue)}.",
        )
    return Element(name), ElementValue(value)
