"""Builders for requests between bodies: Flanders asks, Riga and Rabat answer."""

from datetime import date
from uuid import UUID

from recognition_service.authorities.models import Function
from recognition_service.mutual_recognition.accept import accept
from recognition_service.mutual_recognition.answer import NewAnswer, answer
from recognition_service.mutual_recognition.ask import NewMutualRequest, ask
from recognition_service.mutual_recognition.case_effects import Service
from recognition_service.mutual_recognition.conversation import Kind
from recognition_service.mutual_recognition.models import MutualRequest
from recognition_service.mutual_recognition.read import as_document
from recognition_service.mutual_recognition.sides import get_row
from tests.builders import (
    AUTHORITY,
    PUBLIC_URL,
    a_diploma,
    a_request,
    a_standing_order,
    an_authority,
    bruno,
    submitted,
)

RIGA, RABAT, COORDINATOR = "lv-university", "ma-school", "lv-coordinator"
PROVIDER = frozenset({Function.PROVIDER})
ZONES = {"LV": "Europe/Riga", "MA": "Africa/Casablanca"}
COORDINATES = frozenset({Function.COORDINATOR})
ALL_YES = {
    "awarded": "yes",
    "awarded_on_that_date": "yes",
    "award_date": "2019-06-28",
    "accredited_at_award": "yes",
    "same_person": "yes",
    "revoked_since": "no",
    "programme_delivered": "yes",
}


def bodies(runtime):
    """Found Flanders, whose treaty decides, and two bodies that it may ask."""
    an_authority(runtime)
    a_standing_order(runtime)
    a_body(runtime, RIGA, "LV", PROVIDER)
    a_body(runtime, RABAT, "MA", PROVIDER)
    return runtime


def a_body(runtime, authority_id, jurisdiction, functions, **more):
    return an_authority(
        runtime,
        authority_id,
        name=f"{authority_id} (example)",
        country=jurisdiction[:2],
        jurisdiction=jurisdiction,
        functions=functions,
        **({"time_zone": ZONES[jurisdiction[:2]]} | more),
    )


def an_open_case(runtime, caller=None):
    """A case for which nothing was established yet; return its id."""
    held = a_diploma(authenticity={"grade": "scan"}, institution_status=None)
    request, signed = submitted(runtime, caller or bruno(runtime), a_request(held))
    assert signed is None
    return request.id


def a_verification(**more):
    known = {
        "kind": Kind.AWARD_VERIFICATION,
        "to": RIGA,
        "answer_by": date(2026, 12, 1),
    }
    return NewMutualRequest(**(known | more))


def asked(runtime, caller, **more):
    """Send a request; return the asker's row."""
    edition = runtime.edition(caller.authority_id)
    with runtime.database.transaction() as session:
        return ask(
            session, caller, a_verification(**more), edition=edition, now=runtime.now()
        )


def done(runtime, act, caller, request_id, *subjects, **more):
    """Carry out an act in a transaction of its own."""
    with runtime.database.transaction() as session:
        return act(session, caller, request_id, *subjects, **more, now=runtime.now())


def answered(runtime, caller, request_id, given=None, **more):
    """Answer, and let the service sign what follows for the asker."""
    found = ALL_YES if given is None else given
    questions = [{"id": key, "answer": value} for key, value in found.items()]
    service = Service(runtime.edition(AUTHORITY), PUBLIC_URL)
    result = done(
        runtime,
        answer,
        caller,
        request_id,
        NewAnswer(questions=questions, **more),
        service=service,
    )
    runtime.finish_if_possible(result.intents, actor=f"authority:{result.row.answerer}")
    return result


def accepted_and_answered(runtime, caller, request_id, given=None):
    done(runtime, accept, caller, request_id)
    return answered(runtime, caller, request_id, given)


def row_of(runtime, authority_id, request_id) -> MutualRequest:
    with runtime.database.reading() as session:
        return get_row(session, authority_id, request_id)


def document(runtime, authority_id, request_id):
    with runtime.database.reading() as session:
        row = get_row(session, authority_id, UUID(str(request_id)))
        return as_document(session, row, public_url=PUBLIC_URL, now=runtime.now())
