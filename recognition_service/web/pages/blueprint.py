"""All pages under one blueprint, with what their templates may call."""

from typing import Any, cast

from flask import Blueprint, Flask, Response, request
from flask.blueprints import BlueprintSetupState

from recognition_service.web.pages import (
    claim,
    corridors,
    directory,
    equivalences,
    home,
    programme_report,
    programmes,
    statistics,
    types,
    verify,
)
from recognition_service.web.pages.dates import day, instant
from recognition_service.web.pages.names import visible
from recognition_service.web.pages.places import framework, place, profession
from recognition_service.web.pages.problem_page import render_problem
from recognition_service.web.pages.rendering import ASSETS_PATH, said, t
from recognition_service.web.problems import show_problems_on_pages

pages = Blueprint(
    "pages",
    __name__,
    template_folder="../templates",
    static_folder="../static",
    static_url_path=ASSETS_PATH,
)
_VIEWS: tuple[tuple[str, str, Any, tuple[str, ...]], ...] = (
    ("/", "home", home.show_home, ("GET",)),
    ("/verify", "verify", verify.ask, ("GET",)),
    ("/verify", "verified", verify.answer, ("POST",)),
    ("/claim", "claim", claim.ask, ("GET",)),
    ("/claim", "claimed", claim.answer, ("POST",)),
    (
        "/claim/attestations/<uuid:attestation_id>",
        "collected",
        claim.collect,
        ("POST",),
    ),
    ("/equivalences", "equivalences", equivalences.show, ("GET",)),
    ("/directory", "directory", directory.show, ("GET",)),
    ("/corridors", "corridors", corridors.ask, ("GET",)),
    (
        "/corridors/<origin>/<destination>",
        "corridor",
        corridors.show,
        ("GET",),
    ),
    ("/programmes", "programmes", programmes.show_list, ("GET",)),
    ("/programmes/compare", "programmes_compared", programmes.compare, ("GET",)),
    ("/programmes/<code>", "programme", programmes.show_one, ("GET",)),
    (
        "/programmes/<code>/report",
        "programme_report",
        programme_report.show,
        ("GET",),
    ),
    ("/statistics", "statistics", statistics.show_list, ("GET",)),
    ("/statistics/<authority_id>", "statistics_of", statistics.show_one, ("GET",)),
    *(
        (address, f"explained_{number}", types.show, ("GET",))
        for number, address in enumerate(types.PAGES)
    ),
)
_FOREVER = "public, max-age=31536000, immutable"

for _path, _name, _view, _methods in _VIEWS:
    pages.add_url_rule(_path, _name, _view, methods=_methods)
for _function in (t, place, framework, profession):
    pages.add_app_template_global(_function)
for _filter in (day, instant, said, visible):
    pages.add_app_template_filter(_filter)


@pages.record_once
def _show_problems(state: BlueprintSetupState) -> None:
    show_problems_on_pages(cast("Flask", state.app), render_problem)


@pages.after_request
def _keep_assets(response: Response) -> Response:
    """Let browsers keep files whose address names their content."""
    if request.endpoint == "pages.static" and "v" in request.args:
        response.headers["Cache-Control"] = _FOREVER
    return response
