"""Bodies that are asked: schools and coordinators, founded in the test at hand."""

from recognition_service.authorities.found import NewAuthority
from recognition_service.authorities.models import Function, Mode
from recognition_service.cli.demo.cast import Plan, open_office
from tests.journeys.office import Office

PROVIDER, COORDINATOR = (
    frozenset({Function.PROVIDER}),
    frozenset({Function.COORDINATOR}),
)


def a_body(app, runtime, authority_id, jurisdiction, functions, **more):
    """Found a body with two people, and return its office."""
    known = {
        "id": authority_id,
        "name": f"{authority_id} (example)",
        "country": jurisdiction.partition("-")[0],
        "jurisdiction": jurisdiction,
        "mode": Mode.TEST,
        "time_zone": "Europe/Riga",
        "functions": functions,
    }
    plan = Plan(NewAuthority(**(known | more)), {"jurisdictions": [jurisdiction]})
    return Office(app.test_client(), dict(open_office(runtime, plan).api_keys))


def a_university(app, runtime):
    return a_body(app, runtime, "lv-university", "LV", PROVIDER)
