"""The page about what became of a programme.

It shows what any authority publishes of the tracks that it keeps, to anybody, as the
pages with statistics do: what is protected well enough for one reader is for all, and
nobody needs a key to hold a programme to its promises.
"""

from typing import Any

from flask import Response, request

from recognition_service.errors import NotFoundError
from recognition_service.runtime.spoken_programme import spoken_programme
from recognition_service.statistics.errors import PeriodNotPublishedError
from recognition_service.statistics.periods import Period
from recognition_service.statistics.programme_report import (
    ALL,
    ReportKeeper,
    read_year,
)
from recognition_service.web.current import runtime
from recognition_service.web.pages.programme_report_panels import (
    benefit_rows,
    cost_rows,
    panels,
    target_rows,
)
from recognition_service.web.pages.programmes import show_unknown, shown_name
from recognition_service.web.pages.rendering import page, page_language


def show(code: str) -> Response:
    """Show the report of a programme, or that there is none yet.

    Raises:
        NotFoundError: The authority publishes none, or none of this year.
    """
    snapshot = runtime().snapshot()
    described = snapshot.programmes.get(code)
    keepers = runtime().report_keepers(code)
    if described is None and not keepers:
        return show_unknown(snapshot, [code])
    name = (
        shown_name(spoken_programme(snapshot, described, page_language()))
        if described
        else code
    )
    frame: dict[str, Any] = {
        "code": code,
        "name": name,
        "is_described": described is not None,
    }
    if not keepers:
        return page("programme_report.html", found=None, **frame)
    keeper = _keeper(keepers)
    found = runtime().programme_report(keeper.authority_id, code, _year(keeper))
    return page(
        "programme_report.html",
        found=found,
        keeper=keeper,
        keepers=keepers,
        benefits=benefit_rows(found),
        targets=target_rows(found, described.figures) if described else [],
        panels=panels(found, snapshot),
        costs=cost_rows(found),
        **frame,
    )


def _keeper(keepers: list[ReportKeeper]) -> ReportKeeper:
    wanted = request.args.get("authority") or keepers[0].authority_id
    for keeper in keepers:
        if keeper.authority_id == wanted:
            return keeper
    raise NotFoundError("There are no figures of such an authority.")


def _year(keeper: ReportKeeper) -> Period | None:
    try:
        year = read_year(request.args.get("period") or ALL)
    except PeriodNotPublishedError as error:
        raise NotFoundError("There are no figures of this period.") from error
    if year is not None and year not in keeper.years:
        raise NotFoundError("There are no figures of this period.")
    return year
