"""The pages with figures: which authorities publish some, and those of one of them."""

from flask import Response, request

from recognition_service.errors import NotFoundError
from recognition_service.statistics.overview import Publisher
from recognition_service.statistics.periods import Period
from recognition_service.web.current import runtime
from recognition_service.web.pages.rendering import page, t
from recognition_service.web.pages.statistics_panels import (
    key_figures,
    panels,
    refusal_rates,
)


def show_list() -> Response:
    """Show the authorities that publish figures, with their periods."""
    return page(
        "statistics.html",
        publishers=runtime().statistics_publishers(),
        period_name=period_name,
    )


def show_one(authority_id: str) -> Response:
    """Show the figures of an authority of one period, the last one if none is named.

    Raises:
        NotFoundError: It publishes no figures, or none of this period.
    """
    publisher = _publisher(authority_id)
    named = {str(period): period for period in publisher.periods}
    period = named.get(request.args.get("period") or str(publisher.periods[0]))
    if period is None:
        raise NotFoundError("There are no figures of this period.")
    found = runtime().statistics_overview(authority_id, period)
    edition = runtime().edition().compiled
    snapshot = edition.snapshot
    return page(
        "statistics_of.html",
        publisher=publisher,
        found=found,
        period=period,
        period_name=period_name,
        key_figures=key_figures(found),
        refusal_rates=refusal_rates(found, snapshot),
        panels=panels(found, snapshot, edition.regimes),
    )


def period_name(period: Period) -> str:
    """Return what a period is called."""
    if period.quarter is None:
        return t("statistics.year", year=period.year)
    return t("statistics.quarter", quarter=period.quarter, year=period.year)


def _publisher(authority_id: str) -> Publisher:
    for publisher in runtime().statistics_publishers():
        if publisher.authority_id == authority_id:
            return publisher
    raise NotFoundError("There are no figures of such an authority.")
