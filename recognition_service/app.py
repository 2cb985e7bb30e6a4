"""The Flask application: all doors of the web over one runtime."""

from flask import Flask

from recognition_service.config import ConfigurationError
from recognition_service.runtime.logs import configure
from recognition_service.runtime.runtime import Runtime
from recognition_service.web import headers, logs, openapi, problems
from recognition_service.web.api import (
    agreements,
    alerts,
    assessments,
    attestations,
    batches,
    case_experience,
    case_keeping,
    case_steps,
    claim_rights,
    claims,
    competent_authorities,
    corridors,
    directory,
    docs,
    dual_certification_cohorts,
    dual_certification_files,
    dual_certifications,
    earlier_decisions,
    editions,
    eligibility,
    equivalences,
    exchange,
    exchange_log,
    follow_up_files,
    follow_ups,
    frameworks,
    health,
    issuers,
    joint_awards,
    letters,
    list_decisions,
    mutual_request_attachments,
    mutual_request_lists,
    mutual_requests,
    papers,
    principals,
    problems_page,
    programme_reports,
    programmes,
    published,
    qualifications,
    question_sets,
    re_examinations,
    reason_phrases,
    recognition_requests,
    standing_orders,
    stated_fees,
    statistics,
    status,
    table_draft_files,
    table_drafts,
    table_impact,
    track_cases,
    trust,
    verification_batches,
    verifications,
    webhook_deliveries,
    webhooks,
)
from recognition_service.web.application import Application
from recognition_service.web.bodies import LARGEST_BODY
from recognition_service.web.current import CHECK_TARGET, EXTENSION
from recognition_service.web.pages.blueprint import pages
from recognition_service.web.vc_api import issuers as issuers_vc_api
from recognition_service.web.vc_api import root as vc_api
from recognition_service.worker.outgoing import Outgoing

API = "/api/v1"
BLUEPRINTS: tuple[tuple[openapi.Blueprint, str], ...] = (
    (equivalences.blueprint, API),
    (corridors.blueprint, API),
    (directory.blueprint, API),
    (verifications.blueprint, API),
    (verification_batches.blueprint, API),
    (frameworks.blueprint, API),
    (qualifications.blueprint, API),
    (programmes.blueprint, API),
    (programme_reports.blueprint, API),
    (editions.blueprint, API),
    (recognition_requests.blueprint, API),
    (case_steps.blueprint, API),
    (alerts.blueprint, API),
    (case_experience.blueprint, API),
    (case_keeping.blueprint, API),
    (papers.blueprint, API),
    (assessments.blueprint, API),
    (earlier_decisions.blueprint, API),
    (reason_phrases.blueprint, API),
    (competent_authorities.blueprint, API),
    (letters.blueprint, API),
    (dual_certifications.blueprint, API),
    (dual_certification_cohorts.blueprint, API),
    (follow_ups.blueprint, API),
    (follow_up_files.blueprint, API),
    (dual_certification_files.blueprint, API),
    (joint_awards.blueprint, API),
    (track_cases.blueprint, API),
    (attestations.blueprint, API),
    (batches.blueprint, API),
    (claims.blueprint, API),
    (claim_rights.blueprint, API),
    (eligibility.blueprint, API),
    (mutual_request_attachments.blueprint, API),
    (mutual_request_lists.blueprint, API),
    (mutual_requests.blueprint, API),
    (list_decisions.blueprint, API),
    (agreements.blueprint, API),
    (agreements.published, ""),
    (question_sets.blueprint, API),
    (principals.blueprint, API),
    (standing_orders.blueprint, API),
    (stated_fees.blueprint, API),
    (table_drafts.blueprint, API),
    (table_draft_files.blueprint, API),
    (table_impact.blueprint, API),
    (statistics.blueprint, API),
    (re_examinations.blueprint, API),
    (webhooks.blueprint, API),
    (webhook_deliveries.blueprint, API),
    (issuers.blueprint, ""),
    (issuers_vc_api.blueprint, ""),
    (vc_api.blueprint, ""),
    (status.blueprint, ""),
    (trust.blueprint, ""),
    (exchange_log.blueprint, API),
    (exchange.blueprint, ""),
    (published.blueprint, ""),
    (problems_page.blueprint, ""),
    (health.blueprint, ""),
)


def create_app(runtime: Runtime, *, is_on_loopback: bool = False) -> Flask:
    """Return the application over a runtime that stays open as long as it does.

    `is_on_loopback` says that the caller binds the server to this machine and that
    nothing stands in front of it; an application cannot find that out by itself.

    Raises:
        ConfigurationError: `VC_API_OPEN` is set, and others might reach the door.
    """
    configure()
    if runtime.config.vc_api_open:
        if not is_on_loopback:
            raise ConfigurationError(
                "VC_API_OPEN lets anybody sign who reaches this server, and who that "
                "is cannot be known here. Unset it, or start the server with "
                "`recognition serve` or `recognition demo` on 127.0.0.1."
            )
        runtime.open_vc_api()
    app = Application("recognition_service")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = runtime
    outgoing = Outgoing(runtime.config.outgoing_test_ranges)
    app.extensions[CHECK_TARGET] = outgoing.check
    logs.register(app)
    headers.register(app)
    problems.register(app)
    openapi.collect(app, BLUEPRINTS, server=runtime.public_url)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(pages)
    return app
