"""The pages about programmes: the list, one of them, several side by side.

They show what the sources say and nothing else. What a source does not say is told
in words, and never looks like a no.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from recognition_service.equivalence.errors import nearest
from recognition_service.equivalence.programme_document import summary
from recognition_service.equivalence.programmes import (
    Described,
    Wanted,
    find_programmes,
)
from recognition_service.equivalence.snapshot import Snapshot
from recognition_service.frameworks.programmes import Element, Side
from recognition_service.runtime.spoken_programme import (
    spoken_comparison,
    spoken_programme,
)
from recognition_service.web.current import runtime
from recognition_service.web.pages.complaints import Complaint, ComplaintError
from recognition_service.web.pages.dates import day
from recognition_service.web.pages.names import visible
from recognition_service.web.pages.places import place
from recognition_service.web.pages.rendering import page, page_language, said, t

LEAST_COMPARED, MOST_COMPARED = 2, 6
_FIELDS = ("query", "origin", "destination", "element", "kind")
_SHOWN_AT_ONCE = 25
_LONGEST_QUERY = 200
_LONGEST_POSITION = 4
_NARROW_BLANK = "\u202f"
_UNPROCESSABLE, _NOT_FOUND = 422, 404


def show_list() -> Response:
    """Show the form and the programmes that fit, so many at once."""
    fields = {name: request.args.get(name, "").strip() for name in _FIELDS}
    snapshot = runtime().snapshot()
    try:
        found = find_programmes(
            snapshot.programmes, snapshot.places, _wanted(snapshot, fields)
        )
    except ComplaintError as refusal:
        complaints = [refusal.complaint]
        return _list_page(snapshot, fields, [], _UNPROCESSABLE, complaints=complaints)
    return _list_page(snapshot, fields, found)


def show_one(code: str) -> Response:
    """Show one programme, or the list with those that are called alike."""
    snapshot = runtime().snapshot()
    found = snapshot.programmes.get(code)
    if found is None:
        return show_unknown(snapshot, [code])
    document = spoken_programme(snapshot, found, page_language())
    return page(
        "programme.html",
        programme=document,
        name=shown_name(document),
        edition=snapshot.edition,
        others=_choices(snapshot),
        shown_name=shown_name,
        partial_day=partial_day,
        counted=counted,
        limited=limited,
    )


def compare() -> Response:
    """Show programmes side by side, by the five elements."""
    snapshot = runtime().snapshot()
    codes = list(dict.fromkeys(filter(None, request.args.getlist("programme"))))
    missing = [code for code in codes if code not in snapshot.programmes]
    if missing:
        return show_unknown(snapshot, missing)
    if not LEAST_COMPARED <= len(codes) <= MOST_COMPARED:
        return _list_page(
            snapshot,
            dict.fromkeys(_FIELDS, ""),
            list(snapshot.programmes.values()),
            _UNPROCESSABLE,
            complaints=[Complaint("programmes_how_many")],
            chosen=codes,
        )
    found = [snapshot.programmes[code] for code in codes]
    return page(
        "programmes_compared.html",
        compared=spoken_comparison(found, page_language()),
        others=_choices(snapshot),
        most=MOST_COMPARED,
        shown_name=shown_name,
    )


def shown_name(named: Mapping[str, Any]) -> str:
    """Return the name of a programme in the language of the page, if it has one."""
    names = named["names"]
    return visible(names.get(page_language()) or names["en"])


def partial_day(dated: Mapping[str, str] | None) -> str:
    """Return a date no more precise than it is known: "2021", "March 2021"."""
    if dated is None:
        return ""
    value = dated["value"]
    match dated["precision"]:
        case "day":
            return day(value)
        case "month":
            year, _, month = value.partition("-")
            return t(
                "page.month_and_year", month=t(f"page.month_{int(month)}"), year=year
            )
        case _:
            return visible(value)


def counted(figure: Mapping[str, Any]) -> str:
    """Return a figure in words: "40,000 to 50,000 persons per year"."""
    least, most = figure["value_from"], figure["value_to"]
    if least is None:
        value = t("page.at_most", value=_number(most))
    elif most is None:
        value = t("page.more_than", value=_number(least))
    elif least == most:
        value = _number(least)
    else:
        value = t("page.from_up_to", least=_number(least), most=_number(most))
    words = [value, said(figure["unit"], "programme.unit")]
    if figure["period"] != "unknown" and figure["unit"] != "percent":
        words.append(said(figure["period"], "programme.period"))
    return " ".join(words)


def limited(limit: Mapping[str, Any]) -> str:
    """Return a limit in words, "" where it has no number."""
    kind = "age" if limit["kind"] == "age" else "months"
    least, most = limit[f"{kind}_min"], limit[f"{kind}_max"]
    if least is None and most is None:
        return ""
    if least is None:
        found = t(f"page.{kind}_at_most", most=most)
    elif most is None:
        found = t(f"page.{kind}_at_least", least=least)
    else:
        found = t(f"page.{kind}_from_to", least=least, most=most)
    renewed = limit["renewal_months"]
    return f"{found}, {t('page.renewable', months=renewed)}" if renewed else found


def _number(value: int) -> str:
    """Return a number with its thousands apart, as the language writes them."""
    parted = f"{value:,}"
    return parted.replace(",", _NARROW_BLANK) if page_language() == "fr" else parted


def _wanted(snapshot: Snapshot, fields: Mapping[str, str]) -> Wanted:
    """Read the form.

    Raises:
        ComplaintError: A field holds what it cannot hold.
    """
    if len(fields["query"]) > _LONGEST_QUERY:
        raise ComplaintError(Complaint("query_too_long", "query"))
    known = snapshot.tables.jurisdictions
    for name in ("origin", "destination"):
        if fields[name] and fields[name] not in known:
            raise ComplaintError(Complaint("programmes_unknown_choice", name))
    if fields["kind"] and fields["kind"] not in _kinds(snapshot):
        raise ComplaintError(Complaint("programmes_unknown_choice", "kind"))
    if fields["element"] and fields["element"] not in set(Element):
        raise ComplaintError(Complaint("programmes_unknown_choice", "element"))
    return Wanted(
        origin=fields["origin"] or None,
        destination=fields["destination"] or None,
        element=Element(fields["element"]) if fields["element"] else None,
        kind=fields["kind"] or None,
        query=fields["query"],
    )


def show_unknown(snapshot: Snapshot, codes: list[str]) -> Response:
    """Show the list, and the programmes that are called like what nobody knows."""
    alike = nearest(codes[0], snapshot.programmes)
    return _list_page(
        snapshot,
        dict.fromkeys(_FIELDS, ""),
        [snapshot.programmes[code] for code in alike],
        _NOT_FOUND,
        complaints=[Complaint("programme_unknown")],
        is_suggestion=True,
    )


def _list_page(
    snapshot: Snapshot,
    fields: Mapping[str, str],
    found: list[Described],
    status: int = 200,
    **more: Any,
) -> Response:
    begin = min(_position(request.args.get("from", "")), max(len(found) - 1, 0))
    shown = [summary(each) for each in found[begin : begin + _SHOWN_AT_ONCE]]
    end = begin + len(shown)
    context = {"complaints": [], "chosen": [], "is_suggestion": False, **more}
    return page(
        "programmes.html",
        status,
        fields=fields,
        programmes=shown,
        total=len(found),
        begin=begin + 1,
        end=end,
        before=max(begin - _SHOWN_AT_ONCE, 0) if begin else None,
        after=end if end < len(found) else None,
        origins=_places(snapshot, Side.ORIGIN),
        destinations=_places(snapshot, Side.DESTINATION),
        elements=[element.value for element in Element],
        kinds=_kinds(snapshot),
        shown_name=shown_name,
        **context,
    )


def _position(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= _LONGEST_POSITION
    return int(text) if is_number else 0


def _places(snapshot: Snapshot, side: Side) -> list[tuple[str, str]]:
    """Return the jurisdictions that stand on a side of any programme."""
    codes = {
        party.jurisdiction
        for found in snapshot.programmes.values()
        for party in found.on(side)
        if party.jurisdiction
    }
    named = [(code, place(code)) for code in codes]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _choices(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return all programmes by name, for a choice list."""
    named = (summary(found) for found in snapshot.programmes.values())
    return sorted(named, key=lambda each: shown_name(each).casefold())


def _kinds(snapshot: Snapshot) -> list[str]:
    return sorted({found.row.kind for found in snapshot.programmes.values()})
